import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import abhaya.shared.ids
from abhaya.access.migrations._row_security import FUNCTIONS, SECURITY, fill_roles


class Migration(migrations.Migration):
    initial = True

    dependencies = [("sessions", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("username", models.TextField(unique=True)),
                ("name", models.TextField()),
                ("roles", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("language", models.TextField(db_default="en")),
                ("totp_secret", models.TextField(db_default="")),
                ("totp_step", models.BigIntegerField(db_default=0)),
                ("must_change_password", models.BooleanField(db_default=True)),
                ("password_set_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("epoch", models.IntegerField(db_default=0)),
                ("is_ready_made", models.BooleanField(db_default=False)),
                ("is_active", models.BooleanField(db_default=True)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "access_officer",
            },
        ),
        migrations.CreateModel(
            name="Compartment",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("covert", models.BooleanField(db_default=False)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "access_compartment",
            },
        ),
        migrations.CreateModel(
            name="Failure",
            fields=[
                ("key", models.BinaryField(primary_key=True, serialize=False)),
                ("count", models.IntegerField()),
                ("last_at", models.DateTimeField()),
                ("locked_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "access_failure",
                "indexes": [models.Index(fields=["last_at"], name="access_failure_last_at")],
            },
        ),
        migrations.CreateModel(
            name="RolePermission",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "role", "permission", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("role", models.TextField()),
                ("permission", models.TextField()),
            ],
            options={
                "db_table": "access_role_permission",
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "viewer", "compartment", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("viewer", models.UUIDField()),
                ("compartment", models.UUIDField()),
                ("level", models.TextField()),
                ("basis", models.TextField()),
                ("opened_by", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "access_opening",
                "indexes": [models.Index(fields=["compartment"], name="access_opening_compartment")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["work", "watch"])), name="access_opening_level_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("code_hash", models.BinaryField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.officer"
                    ),
                ),
            ],
            options={
                "db_table": "access_recovery_code",
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.TextField(
                        choices=[("hub", "Hub"), ("state", "State"), ("district", "District"), ("station", "Station")]
                    ),
                ),
                ("name", models.TextField()),
                ("name_hi", models.TextField(db_default="")),
                ("code", models.TextField(unique=True)),
                ("place_code", models.TextField(db_default="", db_index=True)),
                (
                    "forward_rule",
                    models.TextField(
                        choices=[("district", "District"), ("state", "State"), ("off", "Off")], db_default="off"
                    ),
                ),
                ("duty_contact", models.TextField(db_default="")),
                ("is_active", models.BooleanField(db_default=True)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.unit",
                    ),
                ),
            ],
            options={
                "db_table": "access_unit",
            },
        ),
        migrations.AddField(
            model_name="officer",
            name="unit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.unit"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["hub", "state", "district", "station"])), name="access_unit_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("forward_rule__in", ["district", "state", "off"])),
                name="access_unit_forward_rule_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("id")), _negated=True), name="access_unit_not_its_own_parent"
            ),
        ),
        migrations.AddConstraint(
            model_name="officer",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["en", "hi"])), name="access_officer_language_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="officer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("roles", ["administrator"]),
                    ("roles", ["auditor"]),
                    ("roles__contained_by", ["analyst", "officer", "supervisor"]),
                    _connector="OR",
                ),
                name="access_officer_roles_apart",
            ),
        ),
        migrations.RunPython(fill_roles, migrations.RunPython.noop),
        *FUNCTIONS,
        *SECURITY,
    ]

import abhaya.shared.ids
import django.db.models.functions.datetime
from django.db import migrations, models

from abhaya.custody.migrations._looks import SECURITY


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_media_roles"),
        ("custody", "0005_grants"),
    ]

    operations = [
        migrations.CreateModel(
            name="Availability",
            fields=[
                ("officer_id", models.UUIDField(primary_key=True, serialize=False)),
                ("unit_id", models.UUIDField()),
                ("prefers_not_now", models.BooleanField(db_default=False)),
            ],
            options={
                "db_table": "custody_availability",
            },
        ),
        migrations.CreateModel(
            name="LawfulTable",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("version", models.TextField()),
                ("made_by_name", models.TextField()),
                ("rules", models.JSONField()),
            ],
            options={
                "db_table": "custody_lawful_table",
            },
        ),
        migrations.CreateModel(
            name="ViewingChoice",
            fields=[
                ("officer_id", models.UUIDField(primary_key=True, serialize=False)),
                ("blur", models.TextField(db_default="strong")),
                ("small_side_pixels", models.IntegerField(db_default=320)),
                ("is_grey", models.BooleanField(db_default=True)),
                ("starts_blurred", models.BooleanField(db_default=True)),
                ("hide_after_seconds", models.IntegerField(db_default=20)),
                ("items_a_day", models.IntegerField(null=True)),
                ("minutes_a_day", models.IntegerField(null=True)),
                ("minutes_without_break", models.IntegerField(null=True)),
                ("break_minutes", models.IntegerField(null=True)),
            ],
            options={
                "db_table": "custody_viewing_choice",
            },
        ),
        migrations.CreateModel(
            name="ViewingUnit",
            fields=[
                ("unit_id", models.UUIDField(primary_key=True, serialize=False)),
                ("items_a_day", models.IntegerField(null=True)),
                ("minutes_a_day", models.IntegerField(null=True)),
                ("minutes_without_break", models.IntegerField(null=True)),
                ("break_minutes", models.IntegerField(null=True)),
            ],
            options={
                "db_table": "custody_viewing_unit",
            },
        ),
        migrations.CreateModel(
            name="ExposureRow",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("officer_id", models.UUIDField()),
                ("look_id", models.UUIDField(unique=True)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("seconds", models.IntegerField(db_default=0)),
                ("shown_at", models.DateTimeField(null=True)),
                ("severity", models.TextField(db_default="")),
                ("is_imminent", models.BooleanField(db_default=False)),
            ],
            options={
                "db_table": "custody_exposure",
                "indexes": [models.Index(fields=["officer_id", "at"], name="custody_exposure_of")],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("compartment", models.UUIDField()),
                ("item_id", models.UUIDField()),
                ("object_id", models.UUIDField()),
                ("file_id", models.UUIDField()),
                ("officer_id", models.UUIDField()),
                ("officer_name", models.TextField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("jurisdiction", models.TextField()),
                ("rules_version", models.TextField()),
                ("viewed", models.TextField()),
                ("needs", models.TextField()),
                ("purpose", models.TextField()),
                ("reference", models.TextField(db_default="")),
                ("warrant", models.TextField(db_default="")),
                ("why_again", models.TextField(db_default="")),
                ("severity", models.TextField(db_default="")),
                ("is_imminent", models.BooleanField(db_default=False)),
                ("passed_pause", models.BooleanField(db_default=False)),
                ("reached", models.TextField(db_default="")),
                ("failed", models.TextField(db_default="")),
                ("result", models.TextField(db_default="")),
                ("note", models.TextField(db_default="")),
                ("ended_at", models.DateTimeField(null=True)),
                ("token", models.BinaryField(null=True)),
                ("token_step", models.TextField(db_default="")),
                ("token_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "custody_look",
                "indexes": [
                    models.Index(fields=["compartment"], name="custody_look_compartment"),
                    models.Index(fields=["object_id", "at"], name="custody_look_of_object"),
                ],
            },
        ),
        *SECURITY,
    ]

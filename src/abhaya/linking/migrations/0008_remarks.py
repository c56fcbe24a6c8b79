"""Remarks of officers on the accounts of a person, in the compartment where they were written."""

from django.db import migrations, models
from django.db.models.functions import Now

import abhaya.shared.ids
from abhaya.linking.migrations._remarks import SECURITY


class Migration(migrations.Migration):
    dependencies = [("linking", "0007_names")]

    operations = [
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("first_id", models.UUIDField()),
                ("version", models.SmallIntegerField()),
                ("compartment", models.UUIDField()),
                ("report_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("text", models.TextField()),
                ("is_whole", models.BooleanField()),
                ("by_officer", models.UUIDField()),
                ("by_name", models.TextField()),
                ("by_unit", models.UUIDField()),
                ("at", models.DateTimeField(db_default=Now())),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by", models.UUIDField(null=True)),
                ("withdrawn_by_name", models.TextField(db_default="", default="")),
                ("withdrawn_why", models.TextField(db_default="", default="")),
            ],
            options={
                "db_table": "linking_remark",
                "indexes": [
                    models.Index(fields=["compartment"], name="linking_remark_compartment"),
                    models.Index(fields=["report_id"], name="linking_remark_report"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("first_id", "version"), name="linking_remark_one_version"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["note", "name"])), name="linking_remark_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RemarkAccount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id", "remark_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account_id", models.UUIDField()),
                ("remark_id", models.UUIDField()),
                ("compartment", models.UUIDField()),
                ("is_about", models.BooleanField()),
            ],
            options={
                "db_table": "linking_remark_account",
                "indexes": [
                    models.Index(fields=["compartment"], name="linking_remark_acc_compartment"),
                    models.Index(fields=["remark_id"], name="linking_remark_acc_remark"),
                ],
            },
        ),
        *SECURITY,
    ]

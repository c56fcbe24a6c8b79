from django.db import migrations, models
from django.db.models.functions import Now

import abhaya.shared.ids
from abhaya.access.migrations._approvals import APPROVALS


class Migration(migrations.Migration):
    dependencies = [("access", "0002_ledger_reading")]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("target", models.UUIDField()),
                ("compartment", models.UUIDField(null=True)),
                ("unit_id", models.UUIDField()),
                ("what", models.JSONField()),
                ("page", models.TextField(db_default="")),
                ("purpose", models.TextField()),
                ("asked_by", models.UUIDField()),
                ("asked_by_name", models.TextField()),
                ("asked_at", models.DateTimeField(db_default=Now())),
                ("decided_by", models.UUIDField(null=True)),
                ("decided_by_name", models.TextField(db_default="")),
                ("decided_at", models.DateTimeField(null=True)),
                ("granted", models.BooleanField(null=True)),
                ("decision_reason", models.TextField(db_default="")),
                ("use_by", models.DateTimeField(null=True)),
                ("spent_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "access_approval",
                "indexes": [
                    models.Index(fields=["asked_by", "target"], name="access_approval_asked"),
                    models.Index(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=["asked_at"],
                        name="access_approval_waiting",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["export", "purge", "unmask"])),
                        name="access_approval_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="access_approval_two_people",
                    ),
                ],
            },
        ),
        *APPROVALS,
    ]

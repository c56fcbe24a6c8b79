from django.db import migrations, models
from django.db.models.functions import Now

import abhaya.shared.ids
from abhaya.access.migrations._emergencies import EMERGENCIES


class Migration(migrations.Migration):
    dependencies = [("access", "0004_media_roles")]

    operations = [
        migrations.CreateModel(
            name="Emergency",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("officer_id", models.UUIDField()),
                ("officer_name", models.TextField()),
                ("unit_id", models.UUIDField()),
                ("at", models.DateTimeField(db_default=Now())),
                ("reference", models.TextField()),
                ("reason", models.TextField()),
                ("compartment", models.UUIDField(null=True)),
                ("target", models.UUIDField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("reviewed_by", models.UUIDField(null=True)),
                ("reviewed_by_name", models.TextField(db_default="")),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("justified", models.BooleanField(null=True)),
                ("review", models.TextField(db_default="")),
            ],
            options={
                "db_table": "access_emergency",
                "indexes": [
                    models.Index(fields=["officer_id", "at"], name="access_emergency_officer"),
                    models.Index(
                        condition=models.Q(("compartment__isnull", False), ("reviewed_at__isnull", True)),
                        fields=["at"],
                        name="access_emergency_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["open", "unmask"])), name="access_emergency_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_by__isnull", True),
                            models.Q(("reviewed_by", models.F("officer_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="access_emergency_two_people",
                    ),
                ],
            },
        ),
        *EMERGENCIES,
    ]

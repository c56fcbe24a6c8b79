"""The road's waiting list: claimed, counted up and removed by the road, seen by nobody else."""

from django.db import migrations, models

from abhaya.shared.schema import grants


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Waypoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("stage", models.TextField()),
                ("report_id", models.UUIDField()),
                ("attempts", models.SmallIntegerField(db_default=0)),
            ],
            options={
                "db_table": "shared_waypoint",
                "constraints": [models.UniqueConstraint(fields=("stage", "report_id"), name="shared_waypoint_once")],
            },
        ),
        grants("shared_waypoint", road="select, insert, delete, update (attempts)"),
        # The identity column's own sequence needs no grant: PostgreSQL checks only the table's insert.
    ]

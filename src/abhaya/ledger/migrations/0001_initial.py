from django.db import migrations, models

import abhaya.shared.ids
from abhaya.ledger import schema
from abhaya.shared.identity import ROAD_ROLE
from abhaya.shared.schema import CreatePartitioned, definer_function, grants


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreatePartitioned(
            name="Entry",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("event", models.TextField()),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_name", models.TextField()),
                ("purpose", models.TextField()),
                ("subject_id", models.UUIDField(null=True)),
                ("compartment", models.UUIDField(null=True)),
                ("body", models.BinaryField()),
                ("salt", models.BinaryField()),
                ("commitment", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_entry",
                "indexes": [
                    models.Index(fields=["compartment", "id"], name="ledger_entry_compartment"),
                    models.Index(fields=["event", "id"], name="ledger_entry_event"),
                    models.Index(
                        condition=models.Q(("actor_id__isnull", False)),
                        fields=["actor_name", "id"],
                        name="ledger_entry_actor",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pending",
            fields=[("entry_id", models.UUIDField(primary_key=True, serialize=False))],
            options={"db_table": "ledger_pending"},
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.UUIDField(unique=True)),
                ("leaf_hash", models.BinaryField()),
            ],
            options={"db_table": "ledger_leaf"},
        ),
        migrations.CreateModel(
            name="Frontier",
            fields=[
                ("id", models.SmallIntegerField(db_default=1, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("roots", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_frontier",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="ledger_frontier_one")],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("note", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "ledger_checkpoint"},
        ),
        migrations.CreateModel(
            name="Departure",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "how",
                    models.TextField(
                        choices=[("printed", "Printed"), ("exported", "Exported"), ("witnessed", "Witnessed")]
                    ),
                ),
                ("recipient", models.TextField()),
                ("actor_name", models.TextField()),
            ],
            options={
                "db_table": "ledger_departure",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["printed", "exported", "witnessed"])),
                        name="ledger_departure_how_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Log",
            fields=[
                ("id", models.SmallIntegerField(db_default=1, primary_key=True, serialize=False)),
                ("origin", models.TextField()),
                ("public_key", models.BinaryField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "ledger_log",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="ledger_log_one")],
            },
        ),
        migrations.CreateModel(
            name="CheckRun",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("seconds", models.IntegerField()),
                ("size", models.BigIntegerField()),
                ("erased", models.BigIntegerField()),
                ("findings", models.JSONField()),
                ("asked_by", models.TextField()),
            ],
            options={"db_table": "ledger_check_run"},
        ),
        schema.COMMITTED,
        schema.PENDING,
        schema.entry_policies(),
        schema.leaf_policies(),
        definer_function("ledger_erase(uuid)", "integer", schema.ERASE, roles=[ROAD_ROLE], volatility="volatile"),
        grants("ledger_pending", road="select", sequencer="select, delete"),
        grants("ledger_frontier", road="select", sequencer="select, insert, update"),
        grants("ledger_log", app="select", road="select", sequencer="select, insert"),
        schema.secured("ledger_checkpoint", app="select", road="select", sequencer="select, insert"),
        schema.secured("ledger_departure", app="select, insert", road="select, insert"),
        schema.secured("ledger_check_run", app="select", road="select, insert"),
    ]

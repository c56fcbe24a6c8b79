from django.db import migrations, models

import abhaya.shared.ids
from abhaya.ledger import schema
from abhaya.shared.schema import grants


class Migration(migrations.Migration):
    # The policies ask a function of `access`, whose tables stand above this room's.
    dependencies = [("ledger", "0001_initial"), ("access", "0002_ledger_reading")]

    operations = [
        migrations.CreateModel(
            name="Block",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
            ],
            options={"db_table": "ledger_block"},
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("witness", models.TextField()),
                ("line", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "ledger_cosignature",
                "constraints": [
                    models.UniqueConstraint(fields=("size", "witness"), name="ledger_cosignature_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Stamp",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("authority", models.TextField()),
                ("response", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "ledger_stamp"},
        ),
        migrations.CreateModel(
            name="Outsider",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("size", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField(null=True)),
                ("problem", models.JSONField(null=True)),
                ("problem_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "ledger_outsider"},
        ),
        grants("ledger_block", road="select", sequencer="select, insert, update"),
        schema.secured("ledger_cosignature", app="select", road="select, insert"),
        schema.secured("ledger_stamp", app="select", road="select, insert"),
        schema.secured("ledger_outsider", app="select", road="select, insert, update"),
        schema.outside_policies(),
    ]

import django.db.models.functions.datetime
from django.db import migrations, models

import abhaya.shared.ids
from abhaya.shared.schema import grants


class Migration(migrations.Migration):
    dependencies = [("custody", "0003_deletion")]

    operations = [
        migrations.CreateModel(
            name="Rehash",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("night", models.DateField()),
                ("number", models.IntegerField(db_column="pass")),
                ("first", models.UUIDField()),
                ("last", models.UUIDField()),
                ("share", models.BigIntegerField()),
                ("originals", models.BigIntegerField(db_default=0)),
                ("size_bytes", models.BigIntegerField(db_default=0)),
                ("found", models.JSONField(db_default={})),
                ("is_pass_end", models.BooleanField(db_default=False)),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("ended_at", models.DateTimeField(null=True)),
                ("note", models.TextField(db_default="")),
            ],
            options={
                "db_table": "custody_rehash",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("night",), name="custody_rehash_night_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Damage",
            fields=[
                ("object_id", models.UUIDField(primary_key=True, serialize=False)),
                ("what", models.TextField()),
                ("sentence", models.TextField()),
                ("found_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("seen_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("whole_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "custody_damage"},
        ),
        # Ids and counts, no content; officers have no business with either, the health page asks as the road.
        grants(
            "custody_rehash",
            road="select, insert, update (last, originals, size_bytes, found, is_pass_end, ended_at, note)",
        ),
        grants("custody_damage", road="select, insert, update (what, sentence, seen_at, whole_at)"),
    ]

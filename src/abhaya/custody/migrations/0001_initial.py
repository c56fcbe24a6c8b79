import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import abhaya.shared.ids
from abhaya.custody.migrations._row_security import FUNCTIONS, SECURITY, STORAGE
from abhaya.shared.schema import CreatePartitioned


class Migration(migrations.Migration):
    initial = True

    dependencies = [("access", "0001_initial")]

    operations = [
        CreatePartitioned(
            name="Bytes",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
            ],
            options={
                "db_table": "custody_bytes",
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("compartment", models.UUIDField()),
                ("object_id", models.UUIDField()),
                ("last", models.BooleanField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "custody_erasure",
                "indexes": [models.Index(fields=["object_id", "compartment"], name="custody_erasure_of")],
            },
        ),
        CreatePartitioned(
            name="Item",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("compartment", models.UUIDField()),
                ("object_id", models.UUIDField()),
                ("name", models.TextField()),
                ("media_type_claimed", models.TextField()),
                ("media_type_seen", models.TextField()),
                ("via", models.TextField()),
                ("received_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "custody_item",
                "indexes": [models.Index(fields=["compartment"], name="custody_item_compartment")],
            },
        ),
        migrations.CreateModel(
            name="Object",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("name", models.BinaryField(null=True, unique=True)),
                ("known_key", models.BinaryField(null=True)),
                ("sha256", models.BinaryField()),
                ("sha1", models.BinaryField()),
                ("md5", models.BinaryField()),
                ("size_bytes", models.BigIntegerField()),
                ("media_type_seen", models.TextField()),
                ("kept", models.TextField()),
                ("sealing", models.SmallIntegerField(db_default=1)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "custody_object",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kept__in", ["row", "file", "gone"])), name="custody_object_kept_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kept", "gone"), ("known_key__isnull", True), ("name__isnull", True)),
                            models.Q(
                                models.Q(("kept", "gone"), _negated=True),
                                ("known_key__isnull", False),
                                ("name__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="custody_object_gone_has_no_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size_bytes__gte", 0)), name="custody_object_size_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "object_id", "compartment", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("compartment", models.UUIDField()),
                ("wrapped_key", models.BinaryField(null=True)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "object",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="custody.object",
                    ),
                ),
            ],
            options={
                "db_table": "custody_holding",
                "indexes": [models.Index(fields=["compartment"], name="custody_holding_compartment")],
            },
        ),
        *STORAGE,
        *FUNCTIONS,
        *SECURITY,
    ]

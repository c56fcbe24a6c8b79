import django.db.models.functions.datetime
from django.db import migrations, models

from abhaya.shared.schema import grants


class Migration(migrations.Migration):
    dependencies = [("custody", "0006_looks")]

    operations = [
        migrations.CreateModel(
            name="Moved",
            fields=[
                ("object_id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.BinaryField()),
                ("size_bytes", models.BigIntegerField()),
                ("sha256", models.BinaryField()),
                ("moved_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={"db_table": "custody_moved"},
        ),
        # Ids and hashes of sealed bytes, no content; officers have no business with it.
        grants("custody_moved", road="select, insert, delete"),
    ]

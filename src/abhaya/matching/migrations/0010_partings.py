"""Officers take a picture out of its stack."""

from django.db import migrations, models
from django.db.models.functions import Now

from abhaya.shared.ids import uuid7
from abhaya.shared.schema import row_security


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0009_stacks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Parting',
            fields=[
                ('id', models.UUIDField(default=uuid7, primary_key=True, serialize=False)),
                ('compartment', models.UUIDField()),
                ('file_id', models.UUIDField()),
                ('officer_id', models.UUIDField()),
                ('officer_name', models.TextField()),
                ('reason', models.TextField()),
                ('at', models.DateTimeField(db_default=Now())),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'matching_parting',
                'indexes': [
                    models.Index(fields=['compartment'], name='matching_parting_compartment'),
                    models.Index(fields=['file_id'], name='matching_parting_file'),
                ],
            },
        ),
        row_security("matching_parting", app="select, insert", road="select, update (done_at)"),
    ]

"""Fingerprints of films: our own, those on lists, and what was met by how many frames."""

import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import Q

from abhaya.matching.migrations._films import SECURITY


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0007_bundles_of_old'),
    ]

    operations = [
        migrations.CreateModel(
            name='FilmHash',
            fields=[
                ('file_id', models.UUIDField(primary_key=True, serialize=False)),
                ('compartment', models.UUIDField()),
                ('report_id', models.UUIDField()),
                ('sha256', models.BinaryField()),
                ('position', models.BigIntegerField(null=True)),
                ('frames', models.BinaryField(null=True)),
                ('mirrored', models.BinaryField(null=True)),
                ('frame_count', models.IntegerField(null=True)),
                ('every_ms', models.IntegerField(null=True)),
                ('width', models.IntegerField(null=True)),
                ('height', models.IntegerField(null=True)),
                ('reader', models.TextField(db_default='')),
                ('mode', models.TextField(db_default='')),
                ('why_not', models.TextField(db_default='')),
                ('hashed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'matching_film_hash',
                'indexes': [
                    models.Index(fields=['compartment'], name='matching_film_hash_compart'),
                    models.Index(fields=['report_id'], name='matching_film_hash_report'),
                    models.Index(fields=['sha256'], name='matching_film_hash_sha256'),
                    models.Index(fields=['position'], condition=~Q(position=None), name='matching_film_hash_position'),
                    models.Index(fields=['file_id'], condition=Q(hashed_at=None), name='matching_film_hash_waiting'),
                ],
            },
        ),
        migrations.AddField(
            model_name='entry',
            name='frames',
            field=models.BinaryField(null=True),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['position'], condition=~Q(frames=None), name='matching_entry_frames'),
        ),
        migrations.AddField(
            model_name='listmatch',
            name='frames',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), null=True, size=None),
        ),
        *SECURITY,
    ]

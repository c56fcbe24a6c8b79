"""Fingerprints of our own pictures."""

from django.db import migrations, models
from django.db.models import Q

from abhaya.matching.migrations._pictures import SECURITY


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0002_lists'),
        ('intake', '0003_added'),
    ]

    operations = [
        migrations.CreateModel(
            name='FileHash',
            fields=[
                ('file_id', models.UUIDField(primary_key=True, serialize=False)),
                ('compartment', models.UUIDField()),
                ('report_id', models.UUIDField()),
                ('sha256', models.BinaryField()),
                ('position', models.BigIntegerField(null=True)),
                ('pdq', models.BinaryField(null=True)),
                ('pdq_512', models.BinaryField(null=True)),
                ('forms', models.BinaryField(null=True)),
                ('quality', models.SmallIntegerField(null=True)),
                ('width', models.IntegerField(null=True)),
                ('height', models.IntegerField(null=True)),
                ('decoder', models.TextField(db_default='')),
                ('mode', models.TextField(db_default='')),
                ('how', models.TextField(db_default='')),
                ('why_not', models.TextField(db_default='')),
                ('hashed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'matching_file_hash',
                'indexes': [
                    models.Index(fields=['compartment'], name='matching_file_hash_compart'),
                    models.Index(fields=['report_id'], name='matching_file_hash_report'),
                    models.Index(fields=['sha256'], name='matching_file_hash_sha256'),
                    models.Index(fields=['position'], condition=~Q(position=None), name='matching_file_hash_position'),
                    models.Index(fields=['file_id'], condition=Q(hashed_at=None), name='matching_file_hash_waiting'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Gone',
            fields=[
                ('pk', models.CompositePrimaryKey('index', 'position', blank=True, editable=False, primary_key=True, serialize=False)),
                ('index', models.TextField()),
                ('position', models.BigIntegerField()),
            ],
            options={
                'db_table': 'matching_gone',
            },
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['position'], condition=~Q(pdq=None), name='matching_entry_pdq'),
        ),
        *SECURITY,
    ]

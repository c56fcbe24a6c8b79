"""Near-identical reports as one line."""

from django.db import migrations, models

from abhaya.shared.schema import row_security


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0003_pictures'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bundled',
            fields=[
                ('report_id', models.UUIDField(primary_key=True, serialize=False)),
                ('compartment', models.UUIDField()),
                ('bundle_id', models.UUIDField()),
                ('apart', models.JSONField()),
            ],
            options={
                'db_table': 'matching_bundle',
                'indexes': [
                    models.Index(fields=['compartment'], name='matching_bundle_compartment'),
                    models.Index(fields=['bundle_id', 'report_id'], name='matching_bundle_members'),
                ],
            },
        ),
        row_security("matching_bundle", app="select", road="select, insert, update (bundle_id, apart)"),
    ]

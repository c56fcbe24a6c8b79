"""A bundle says whether some of it only looks alike: what is near is never called the same file."""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL
from django.db.models import Q

from abhaya.shared.identity import ROAD_ROLE


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0010_partings'),
    ]

    operations = [
        migrations.AddField('Bundled', 'by_likeness', models.BooleanField(db_default=False)),
        migrations.AddIndex('Bundled', models.Index(fields=['bundle_id'], condition=Q(by_likeness=True), name='matching_bundle_likeness')),
        RunSQL(
            [
                f"grant update (by_likeness) on matching_bundle to {ROAD_ROLE}",
                "update matching_bundle b set by_likeness = true where exists ("
                "select 1 from matching_file_hash h where h.report_id = b.report_id and h.stack_form <> '')",
            ],
            reverse_sql=RunSQL.noop,
        ),
    ]

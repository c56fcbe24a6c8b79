"""What a list says of itself can be changed, and reading one from elsewhere paused and ended."""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL
from django.db.models import Q
from django.db.models.functions import Now

from abhaya.shared.identity import ROAD_ROLE
from abhaya.shared.ids import uuid7
from abhaya.shared.schema import row_security


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0012_stack_pages'),
    ]

    operations = [
        migrations.CreateModel(
            name='ListChange',
            fields=[
                ('id', models.UUIDField(default=uuid7, primary_key=True, serialize=False)),
                ('compartment', models.UUIDField()),
                ('field', models.TextField()),
                ('before', models.TextField()),
                ('after', models.TextField()),
                ('reason', models.TextField()),
                ('by_id', models.UUIDField(null=True)),
                ('by_name', models.TextField()),
                ('at', models.DateTimeField(db_default=Now())),
            ],
            options={
                'db_table': 'matching_list_change',
                'indexes': [models.Index(fields=['compartment', 'id'], name='matching_list_change_list')],
                'constraints': [models.CheckConstraint(condition=Q(('field__in', ['source', 'licence', 'scheme'])), name='matching_list_change_field_known')],
            },
        ),
        row_security("matching_list_change", app="select"),
        migrations.AddField('Poll', 'state', models.TextField(db_default='on')),
        migrations.AddConstraint('Poll', models.CheckConstraint(condition=Q(('state__in', ['on', 'paused', 'removed'])), name='matching_poll_state_known')),
        RunSQL(
            [
                f"grant update (source, licence, scheme) on matching_list to {ROAD_ROLE}",
                f"grant update (state) on matching_poll to {ROAD_ROLE}",
            ],
            reverse_sql=RunSQL.noop,
        ),
    ]

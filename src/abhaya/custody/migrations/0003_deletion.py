import abhaya.shared.ids
import django.db.models.functions.datetime
from django.db import migrations, models

from abhaya.custody.migrations._deletion import FUNCTIONS, JOURNALED, SECURITY


class Migration(migrations.Migration):

    dependencies = [
        ('custody', '0002_operator_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='Deletion',
            fields=[
                ('id', models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ('compartment', models.UUIDField()),
                ('unit_id', models.UUIDField(null=True)),
                ('kind', models.TextField()),
                ('rule', models.TextField()),
                ('ground', models.TextField()),
                ('reference', models.TextField(db_default='')),
                ('seen', models.TextField(db_default='')),
                ('state', models.TextField(db_default='asked')),
                ('asked_by', models.UUIDField(null=True)),
                ('asked_name', models.TextField()),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('approved_by', models.UUIDField(null=True)),
                ('approved_name', models.TextField(db_default='')),
                ('decided_at', models.DateTimeField(null=True)),
                ('stopped_at', models.DateTimeField(null=True)),
                ('erased_at', models.DateTimeField(null=True)),
                ('erased_in', models.BigIntegerField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('rows', models.JSONField(db_default={})),
                ('files', models.JSONField(db_default=[])),
                ('sweep', models.JSONField(db_default={})),
                ('salt', models.BinaryField(null=True)),
                ('certificate', models.TextField(db_default='')),
            ],
            options={
                'db_table': 'custody_deletion',
            },
        ),
        migrations.CreateModel(
            name='Due',
            fields=[
                ('compartment', models.UUIDField(primary_key=True, serialize=False)),
                ('unit_id', models.UUIDField()),
                ('kind', models.TextField()),
                ('rule', models.TextField()),
                ('act', models.TextField()),
                ('started_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'custody_due',
            },
        ),
        migrations.CreateModel(
            name='Erasable',
            fields=[
                ('position', models.IntegerField(primary_key=True, serialize=False)),
                ('room', models.TextField()),
                ('table_name', models.TextField()),
                ('verb', models.TextField()),
                ('statement', models.TextField()),
                ('counting', models.TextField()),
                ('subjects', models.TextField()),
                ('decided', models.BooleanField()),
                ('why', models.TextField()),
            ],
            options={
                'db_table': 'custody_erasable',
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ('compartment', models.UUIDField(null=True)),
                ('subject', models.UUIDField(null=True)),
                ('subject_kind', models.TextField(db_default='')),
                ('authority', models.TextField()),
                ('reason', models.TextField()),
                ('unit_id', models.UUIDField()),
                ('placed_by', models.UUIDField()),
                ('placed_name', models.TextField()),
                ('placed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('review_on', models.DateField()),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_by', models.UUIDField(null=True)),
                ('lifted_name', models.TextField(db_default='')),
                ('lift_reason', models.TextField(db_default='')),
            ],
            options={
                'db_table': 'custody_hold',
            },
        ),
        migrations.CreateModel(
            name='Retention',
            fields=[
                ('id', models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ('version', models.IntegerField()),
                ('kind', models.TextField()),
                ('country', models.TextField()),
                ('days', models.IntegerField(null=True)),
                ('act', models.TextField()),
                ('source', models.TextField()),
                ('note', models.TextField(default='')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('made_by', models.TextField()),
            ],
            options={
                'db_table': 'custody_retention',
            },
        ),
        migrations.AddField(
            model_name='erasure',
            name='journaled_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='erasure',
            index=models.Index(condition=models.Q(('journaled_at', None)), fields=['id'], name='custody_erasure_to_write'),
        ),
        migrations.AddIndex(
            model_name='deletion',
            index=models.Index(fields=['compartment'], name='custody_deletion_compartment'),
        ),
        migrations.AddIndex(
            model_name='deletion',
            index=models.Index(fields=['unit_id', 'asked_at'], name='custody_deletion_of_unit'),
        ),
        migrations.AddIndex(
            model_name='deletion',
            index=models.Index(condition=models.Q(('state__in', ['decided', 'erased'])), fields=['id'], name='custody_deletion_to_do'),
        ),
        migrations.AddConstraint(
            model_name='deletion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'decided', 'erased', 'settled', 'withdrawn'])), name='custody_deletion_state_known'),
        ),
        migrations.AddConstraint(
            model_name='deletion',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('asked_by')), _negated=True), _connector='OR'), name='custody_deletion_two_people'),
        ),
        migrations.AddConstraint(
            model_name='deletion',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'decided', 'erased'])), fields=('compartment',), name='custody_deletion_one'),
        ),
        migrations.AddIndex(
            model_name='due',
            index=models.Index(fields=['unit_id', 'due_at'], name='custody_due_of_unit'),
        ),
        migrations.AddIndex(
            model_name='legalhold',
            index=models.Index(condition=models.Q(('lifted_at', None)), fields=['compartment'], name='custody_hold_compartment'),
        ),
        migrations.AddIndex(
            model_name='legalhold',
            index=models.Index(condition=models.Q(('lifted_at', None)), fields=['subject'], name='custody_hold_subject'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('compartment__isnull', False), ('subject__isnull', True)), models.Q(('compartment__isnull', True), ('subject__isnull', False)), _connector='OR'), name='custody_hold_on_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', True), ('lifted_by__isnull', True)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False), models.Q(('lift_reason', ''), _negated=True)), _connector='OR'), name='custody_hold_lifted_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='retention',
            constraint=models.UniqueConstraint(fields=('version', 'kind', 'country'), name='custody_retention_once'),
        ),
        migrations.AddConstraint(
            model_name='retention',
            constraint=models.CheckConstraint(condition=models.Q(('act__in', ['delete', 'confirm', 'review'])), name='custody_retention_act_known'),
        ),
        migrations.AddConstraint(
            model_name='retention',
            constraint=models.CheckConstraint(condition=models.Q(('days__isnull', True), ('days__gte', 0), _connector='OR'), name='custody_retention_days'),
        ),
        *SECURITY,
        JOURNALED,
        *FUNCTIONS,
    ]

"""Persons, evidence, and the links and subjects that follow from them."""

import abhaya.shared.ids
import django.db.models.functions.datetime
from django.db import migrations, models

from abhaya.linking.migrations._subjects import SECURITY
from abhaya.shared.schema import CreatePartitioned


class Migration(migrations.Migration):

    dependencies = [
        ('linking', '0003_network'),
    ]

    operations = [
        migrations.CreateModel(
            name='Subject',
            fields=[
                ('id', models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'linking_subject',
            },
        ),
        migrations.CreateModel(
            name='Touched',
            fields=[
                ('pk', models.CompositePrimaryKey('account_id', 'value_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('account_id', models.UUIDField()),
                ('value_id', models.UUIDField()),
            ],
            options={
                'db_table': 'linking_touched',
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('subject_id', models.UUIDField()),
                ('other_id', models.UUIDField(null=True)),
                ('accounts', models.IntegerField()),
                ('cause', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'linking_change',
                'indexes': [models.Index(fields=['subject_id'], name='linking_change_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['born', 'joined', 'split', 'moved', 'ended'])), name='linking_change_kind_known'), models.CheckConstraint(condition=models.Q(('cause__in', ['report', 'judgement', 'retraction', 'rules'])), name='linking_change_cause_known')],
            },
        ),
        migrations.CreateModel(
            name='Constraint',
            fields=[
                ('pk', models.CompositePrimaryKey('a', 'b', blank=True, editable=False, primary_key=True, serialize=False)),
                ('a', models.UUIDField()),
                ('b', models.UUIDField()),
                ('answer', models.TextField()),
            ],
            options={
                'db_table': 'linking_constraint',
                'indexes': [models.Index(fields=['b'], name='linking_constraint_b')],
                'constraints': [models.CheckConstraint(condition=models.Q(('a__lt', models.F('b'))), name='linking_constraint_in_order'), models.CheckConstraint(condition=models.Q(('answer__in', ['same', 'different'])), name='linking_constraint_known')],
            },
        ),
        CreatePartitioned(
            name='Evidence',
            fields=[
                ('id', models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ('compartment', models.UUIDField()),
                ('report_id', models.UUIDField()),
                ('account_id', models.UUIDField()),
                ('selector_id', models.UUIDField()),
                ('value_id', models.UUIDField()),
                ('kind', models.TextField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('flags', models.SmallIntegerField()),
                ('network', models.SmallIntegerField()),
                ('is_base', models.BooleanField()),
            ],
            options={
                'db_table': 'linking_evidence',
                'indexes': [models.Index(fields=['compartment'], name='linking_evidence_compartment'), models.Index(fields=['value_id', 'account_id'], name='linking_evidence_value'), models.Index(fields=['account_id'], name='linking_evidence_account')],
            },
        ),
        migrations.CreateModel(
            name='Judgement',
            fields=[
                ('id', models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ('compartment', models.UUIDField()),
                ('report_id', models.UUIDField(null=True)),
                ('a', models.UUIDField()),
                ('b', models.UUIDField()),
                ('answer', models.TextField()),
                ('by_officer', models.UUIDField(null=True)),
                ('by_name', models.TextField(default='')),
                ('by_unit', models.UUIDField(null=True)),
                ('by_rule', models.TextField(default='')),
                ('why', models.TextField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('approval_id', models.UUIDField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_by', models.UUIDField(null=True)),
                ('undone_by_name', models.TextField(db_default='', default='')),
                ('undone_why', models.TextField(db_default='', default='')),
            ],
            options={
                'db_table': 'linking_judgement',
                'indexes': [models.Index(fields=['compartment'], name='linking_judgement_compartment'), models.Index(fields=['a', 'b'], name='linking_judgement_pair'), models.Index(fields=['b'], name='linking_judgement_b')],
                'constraints': [models.CheckConstraint(condition=models.Q(('a__lt', models.F('b'))), name='linking_judgement_in_order'), models.CheckConstraint(condition=models.Q(('answer__in', ['same', 'different', 'unsure'])), name='linking_judgement_answer_known'), models.CheckConstraint(condition=models.Q(('by_officer__isnull', False), models.Q(('by_rule', ''), _negated=True), _connector='OR'), name='linking_judgement_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('pk', models.CompositePrimaryKey('a', 'b', blank=True, editable=False, primary_key=True, serialize=False)),
                ('a', models.UUIDField()),
                ('b', models.UUIDField()),
                ('weight_millibits', models.IntegerField()),
                ('outcome', models.TextField()),
                ('rule_version', models.SmallIntegerField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'linking_link',
                'indexes': [models.Index(fields=['b'], name='linking_link_b')],
                'constraints': [models.CheckConstraint(condition=models.Q(('a__lt', models.F('b'))), name='linking_link_in_order'), models.CheckConstraint(condition=models.Q(('outcome__in', ['same', 'review', 'related'])), name='linking_link_outcome_known')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ('account_id', models.UUIDField()),
                ('subject_id', models.UUIDField()),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('change_id', models.UUIDField()),
                ('ended_by', models.UUIDField(null=True)),
            ],
            options={
                'db_table': 'linking_membership',
                'indexes': [models.Index(fields=['account_id'], name='linking_membership_account'), models.Index(fields=['subject_id'], name='linking_membership_subject')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('account_id',), name='linking_membership_one_now')],
            },
        ),
        CreatePartitioned(
            name='Person',
            fields=[
                ('id', models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ('compartment', models.UUIDField()),
                ('report_id', models.UUIDField()),
                ('account_id', models.UUIDField()),
                ('selector_id', models.UUIDField(null=True)),
                ('role', models.TextField()),
                ('person', models.IntegerField()),
                ('protected', models.TextField(default='')),
                ('is_base', models.BooleanField()),
                ('received_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'linking_person',
                'indexes': [models.Index(fields=['compartment'], name='linking_person_compartment'), models.Index(fields=['account_id'], name='linking_person_account')],
                'constraints': [models.CheckConstraint(condition=models.Q(('protected__in', ['', 'victim', 'minor'])), name='linking_person_protected')],
            },
        ),
        *SECURITY,
    ]

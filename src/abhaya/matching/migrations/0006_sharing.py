"""Lists shared with partners, votes on their entries, and lists that are read from others' doors."""

import abhaya.matching.sharing_models
import abhaya.shared.ids
import django.contrib.postgres.fields
import django.db.models.functions.comparison
import django.db.models.functions.datetime
from django.db import migrations, models

from abhaya.shared.schema import grants, row_security


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0005_pages'),
    ]

    operations = [
        migrations.CreateModel(
            name='Member',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('subject', models.UUIDField(unique=True)),
            ],
            options={
                'db_table': 'matching_member',
            },
        ),
        migrations.CreateModel(
            name='Poll',
            fields=[
                ('compartment', models.UUIDField(primary_key=True, serialize=False)),
                ('address', models.TextField()),
                ('credentials_file', models.TextField()),
                ('member', models.TextField(db_default='')),
                ('checkpoint', models.DateTimeField(null=True)),
                ('range_to', models.DateTimeField(null=True)),
                ('range_begun_at', models.DateTimeField(null=True)),
                ('next_page', models.TextField(db_default='')),
                ('pages', models.IntegerField(db_default=0)),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('problem', models.TextField(db_default='')),
                ('tried_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'matching_poll',
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ('compartment', models.UUIDField()),
                ('sender_id', models.UUIDField()),
                ('given_by', models.TextField()),
                ('given_at', models.DateTimeField(db_default=abhaya.matching.sharing_models.ClockTimestamp())),
                ('until', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'matching_share',
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ('compartment', models.UUIDField()),
                ('key', models.BinaryField()),
                ('voter', models.UUIDField()),
                ('voter_name', models.TextField()),
                ('by', models.TextField()),
                ('hash_type', models.TextField()),
                ('affirmative', models.BooleanField()),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('said_at', models.DateTimeField(db_default=abhaya.matching.sharing_models.ClockTimestamp())),
            ],
            options={
                'db_table': 'matching_vote',
            },
        ),
        migrations.AddField(
            model_name='entry',
            name='made_at',
            field=models.DateTimeField(db_default=abhaya.matching.sharing_models.ClockTimestamp()),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(models.F('compartment'), django.db.models.functions.comparison.Coalesce('withdrawn_at', 'made_at'), models.F('position'), name='matching_entry_changed'),
        ),
        migrations.AddConstraint(
            model_name='share',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('sender_id', 'compartment'), name='matching_share_once'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(fields=('compartment', 'key', 'voter', 'hash_type'), name='matching_vote_once'),
        ),
        grants("matching_member", road="select, insert, update (subject)"),
        row_security("matching_share", app="select", road="select, insert, update (until, ended_at)"),
        row_security(
            "matching_vote", app="select", road="select, insert, update (affirmative, reasons, by, said_at)"
        ),
        row_security(
            "matching_poll", app="select",
            road="select, insert, update (address, credentials_file, member, checkpoint, range_to, range_begun_at, next_page, pages, due_at, problem, tried_at)",
        ),
    ]  # fmt: skip

"""Blinded comparisons with partners, each its officer's alone."""

import abhaya.shared.ids
import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from abhaya.ledger.schema import OFFICER
from abhaya.shared.identity import APP_ROLE, ROAD_ROLE

MINE = f"officer_id = {OFFICER} and (select access_may('exchange:comparison:work'))"
ENDED = "state, session, outgoing, question, partner_contact, case_id"
WRITTEN = f"{ENDED}, own, points, sent_at, done_at"


def mine(table: str, verb: str) -> str:
    using = "" if verb == "insert" else f" using ({MINE})"
    check = f" with check ({MINE})" if verb in {"insert", "update"} else ""
    return f"create policy {table}_{APP_ROLE}_{verb} on {table} for {verb} to {APP_ROLE}{using}{check}"


class Migration(migrations.Migration):

    initial = True

    dependencies = [("access", "0012_personas"), ("cases", "0005_subjects"), ("linking", "0011_takedowns"), ("selectors", "0002_personas")]

    operations = [
        migrations.CreateModel(
            name='Comparison',
            fields=[
                ('id', models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ('token', models.BinaryField()),
                ('side', models.TextField()),
                ('state', models.TextField(db_default='waits')),
                ('officer_id', models.UUIDField()),
                ('unit_id', models.UUIDField()),
                ('partner', models.TextField()),
                ('partner_key', models.TextField()),
                ('contact', models.TextField()),
                ('partner_contact', models.TextField(db_default='')),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('scope', models.TextField()),
                ('case_id', models.UUIDField(null=True)),
                ('purpose', models.TextField()),
                ('own', models.IntegerField(null=True)),
                ('points', models.IntegerField(null=True)),
                ('question', models.BinaryField(null=True)),
                ('session', models.BinaryField(null=True)),
                ('outgoing', models.BinaryField(null=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('sent_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'exchange_comparison',
                'indexes': [models.Index(fields=['officer_id', 'id'], name='exchange_comparison_officer'), models.Index(fields=['partner_key', 'made_at'], name='exchange_comparison_partner')],
                'constraints': [models.CheckConstraint(condition=models.Q(('side__in', ['asks', 'answers'])), name='exchange_comparison_side_known'), models.CheckConstraint(condition=models.Q(('state__in', ['waits', 'sent', 'done', 'ended'])), name='exchange_comparison_state_known'), models.CheckConstraint(condition=models.Q(('state__in', ['waits', 'sent']), ('session', None), _connector='OR'), name='exchange_comparison_secrets_gone'), models.UniqueConstraint(fields=('token', 'side'), name='exchange_comparison_once')],
            },
        ),
        migrations.CreateModel(
            name='Met',
            fields=[
                ('pk', models.CompositePrimaryKey('comparison_id', 'selector_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('comparison_id', models.UUIDField()),
                ('selector_id', models.UUIDField()),
                ('officer_id', models.UUIDField()),
            ],
            options={
                'db_table': 'exchange_met',
                'indexes': [models.Index(fields=['selector_id'], name='exchange_met_selector')],
            },
        ),
        RunSQL(
            [
                *(
                    statement
                    for table in ("exchange_comparison", "exchange_met")
                    for statement in (f"alter table {table} enable row level security", f"revoke all on {table} from public")
                ),
                f"grant select, insert, update ({WRITTEN}) on exchange_comparison to {APP_ROLE}",
                f"grant select, insert, delete on exchange_met to {APP_ROLE}",
                *(mine("exchange_comparison", verb) for verb in ("select", "insert", "update")),
                *(mine("exchange_met", verb) for verb in ("select", "insert", "delete")),
                # Limits count what all officers began with a partner; what nobody finished, a duty ends.
                f"grant select (id, officer_id, side, state, partner_key, own, made_at, sent_at), update ({ENDED})"
                f" on exchange_comparison to {ROAD_ROLE}",
                f"create policy exchange_comparison_{ROAD_ROLE}_select on exchange_comparison for select to {ROAD_ROLE} using (true)",
                f"create policy exchange_comparison_{ROAD_ROLE}_update on exchange_comparison for update to {ROAD_ROLE}"
                " using (true) with check (true)",
            ],
            reverse_sql=RunSQL.noop,
        ),
    ]

import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.migrations.operations import RunSQL
from django.db.models import Q

import abhaya.shared.ids
from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import SEEN

ASKED = "id, compartment, item_id, unit_id, unit_name, keeper_id, asked_by, asked_name, purpose"
DECIDED = "state, decided_by, decided_name, decided_at, answer, until"
MINE = "any ((select access_viewers())::uuid[])"
SEES = SEEN.format(table="custody_grant")

# One's own unit asks, of the unit that keeps the originals; that unit decides, and never what it asked for itself.
SECURITY = RunSQL(
    [
        "alter table custody_grant enable row level security",
        "revoke all on custody_grant from public",
        f"grant select, insert ({ASKED}), update ({DECIDED}) on custody_grant to {APP_ROLE}",
        f"grant select, insert on custody_grant to {ROAD_ROLE}",
        f"create policy custody_grant_{APP_ROLE}_select on custody_grant for select to {APP_ROLE} using ({SEES})",
        f"create policy custody_grant_{APP_ROLE}_insert on custody_grant for insert to {APP_ROLE} with check ({SEES}"
        f" and unit_id = {MINE} and keeper_id = (select k.id from access_keeper(compartment) k) and keeper_id <> unit_id)",
        f"create policy custody_grant_{APP_ROLE}_update on custody_grant for update to {APP_ROLE}"
        f" using ({SEES} and keeper_id = {MINE}) with check (keeper_id = {MINE})",
        f"create policy custody_grant_{ROAD_ROLE}_select on custody_grant for select to {ROAD_ROLE} using (true)",
        f"create policy custody_grant_{ROAD_ROLE}_insert on custody_grant for insert to {ROAD_ROLE} with check (true)",
    ],
    reverse_sql=RunSQL.noop,
)


class Migration(migrations.Migration):
    dependencies = [("custody", "0004_rehash"), ("access", "0008_holding_files")]

    operations = [
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("compartment", models.UUIDField()),
                ("item_id", models.UUIDField()),
                ("unit_id", models.UUIDField()),
                ("unit_name", models.TextField()),
                ("keeper_id", models.UUIDField()),
                ("asked_by", models.UUIDField()),
                ("asked_name", models.TextField()),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("purpose", models.TextField()),
                ("state", models.TextField(db_default="asked")),
                ("decided_by", models.UUIDField(null=True)),
                ("decided_name", models.TextField(db_default="")),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(db_default="")),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "custody_grant",
                "indexes": [
                    models.Index(fields=["compartment"], name="custody_grant_compartment"),
                    models.Index(fields=["keeper_id", "state"], name="custody_grant_keeper"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["asked", "granted", "refused"]), name="custody_grant_state_known"
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="granted") | Q(until__isnull=False), name="custody_grant_has_its_end"
                    ),
                ],
            },
        ),
        SECURITY,
    ]

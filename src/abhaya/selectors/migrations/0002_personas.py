"""Protected personas: an officer's account under cover, whose rows are its liaison's alone."""

import abhaya.shared.ids
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from abhaya.ledger.schema import OFFICER
from abhaya.selectors.migrations._own import own
from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import SEEN, definer_function

MINE = f"""
    select coalesce(array_agg(p.id), '{{}}') from selectors_persona p
    where p.liaison_id = {OFFICER} and p.kept_at is not null and p.ended_at is null
"""

# Reports -> their sightings are marked anew. A persona's are: its identifier wherever it stands; everything else of the
# person whose own it is there, unless a machine took it out of a text; and a group's identifier that is made with it. Of
# two personas with one identifier the older counts. Nothing is looked at where there never was a persona: it is on the road.
HIDE = """create function selectors_hide(uuid[]) returns void language plpgsql set search_path = pg_catalog, public, pg_temp
as $body$ begin
  if not exists (select 1 from selectors_persona where kept_at is not null) then return; end if;
  with kept as (
    select distinct on (selector_id) id, selector_id, value from selectors_persona
    where kept_at is not null and ended_at is null order by selector_id, kept_at, id
  ), seen as (
    select k.id as persona, k.value, s.id, s.report_id, s.role, s.person,
      s.mined or s.role in ('mentioned', 'incident', 'file') as is_loose
    from selectors_sighting s join kept k on k.selector_id = s.selector_id
    where s.report_id = any ($1)
  ), meant as (
    select s.id, (
      select min(k.persona::text)::uuid from seen k where k.report_id = s.report_id and (
        k.id = s.id or (not k.is_loose and k.role = s.role and k.person = s.person)
        or (s.kind = 'group' and position(k.value in s.raw) > 0)
      )
    ) as persona
    from selectors_sighting s
    where s.report_id = any ($1) and (s.persona_id is not null or s.report_id in (select report_id from seen))
  )
  update selectors_sighting s set persona_id = m.persona from meant m
  where s.id = m.id and s.persona_id is distinct from m.persona;
end $body$"""

# What a text must leave out for whoever is not the liaison, of a compartment that is open to them; for exports, of any.
WRITTEN = f"""
    select s.report_id, s.role, s.person, not (s.mined or s.role in ('mentioned', 'incident', 'file')),
      s.kind, s.raw, coalesce(d.value, '')
    from selectors_sighting s left join selectors_selector d on d.id = s.selector_id
    where s.compartment = $1 and s.persona_id is not null
    and not s.persona_id = any ((select selectors_personas())::uuid[])
    and (current_setting('role') = '{ROAD_ROLE}' or {SEEN.format(table="s")})
"""


class Migration(migrations.Migration):

    dependencies = [("selectors", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Persona",
            fields=[
                ("id", models.UUIDField(default=abhaya.shared.ids.uuid7, primary_key=True, serialize=False)),
                ("selector_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("value", models.TextField()),
                ("liaison_id", models.UUIDField()),
                ("unit_id", models.UUIDField()),
                ("purpose", models.TextField()),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("kept_at", models.DateTimeField(null=True)),
                ("second_name", models.TextField(default="")),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("review", models.TextField(default="")),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(default="")),
            ],
            options={
                "db_table": "selectors_persona",
                "indexes": [
                    models.Index(fields=["selector_id"], name="selectors_persona_selector"),
                    models.Index(fields=["liaison_id"], name="selectors_persona_liaison"),
                ],
            },
        ),
        migrations.AddField("sighting", "persona_id", models.UUIDField(null=True)),
        definer_function("selectors_personas()", "uuid[]", MINE, roles=[APP_ROLE, ROAD_ROLE]),
        definer_function(
            "selectors_written_of_personas(uuid)",
            "table (report_id uuid, role text, person integer, is_own boolean, kind text, raw text, value text)",
            WRITTEN,
            roles=[APP_ROLE, ROAD_ROLE],
        ),
        RunSQL(
            [
                "alter table selectors_persona enable row level security",
                "revoke all on selectors_persona from public",
                f"grant select on selectors_persona to {APP_ROLE}",
                f"create policy selectors_persona_{APP_ROLE}_select on selectors_persona for select to {APP_ROLE}"
                f" using (liaison_id = {OFFICER})",
                "grant select, insert, update (kept_at, second_name, reviewed_at, review, ended_at, end_reason)"
                f" on selectors_persona to {ROAD_ROLE}",
                *(
                    f"create policy selectors_persona_{ROAD_ROLE}_{verb} on selectors_persona for {verb} to {ROAD_ROLE} {test}"
                    for verb, test in (
                        ("select", "using (true)"),
                        ("insert", "with check (true)"),
                        ("update", "using (true) with check (true)"),
                    )
                ),
                own("selectors_sighting"),
                f"grant update (persona_id) on selectors_sighting to {ROAD_ROLE}",
                f"create policy selectors_sighting_{ROAD_ROLE}_update on selectors_sighting for update to {ROAD_ROLE}"
                " using (true) with check (true)",
                HIDE,
                "revoke all on function selectors_hide(uuid[]) from public",
                f"grant execute on function selectors_hide(uuid[]) to {ROAD_ROLE}",
            ],
            reverse_sql="drop function selectors_hide(uuid[])",
        ),
    ]

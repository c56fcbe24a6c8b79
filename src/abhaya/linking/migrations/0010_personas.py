"""What is of a protected persona is named by the persona, not by its liaison, in persons, evidence and hits too. The table of
personas is of the room `selectors` from now on.
"""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from abhaya.selectors.migrations._own import own
from abhaya.shared.identity import ROAD_ROLE

GROUPS = {"groupmember": "linking_group_member", "groupnumber": "linking_group_number", "groupact": "linking_act"}
PEOPLE = {"person": "linking_person", "evidence": "linking_evidence", "hit": "linking_hit"}

# Whoever was named before is one still; nobody said why, nor was a second person asked then.
MOVED = """insert into selectors_persona (id, selector_id, kind, value, liaison_id, unit_id, purpose, kept_at, second_name,
  review, ended_at, end_reason)
select p.id, p.selector_id, coalesce(d.kind, ''), coalesce(d.value, ''), p.liaison_id, o.unit_id, '', p.made_at, '', '', p.ended_at, ''
from linking_persona p join access_officer o on o.id = p.liaison_id left join selectors_selector d on d.id = p.selector_id"""

HIDDEN = """select selectors_hide(array(
  select distinct s.report_id from selectors_sighting s join selectors_persona p on p.selector_id = s.selector_id))"""


def named_by_persona(table: str) -> str:
    return f"""update {table} t set persona_id = p.id
    from linking_group_member m join linking_persona p on p.liaison_id = m.liaison_id and p.ended_at is null
    where m.liaison_id is not null and m.report_id = t.report_id and m.member = t.member and (
      p.selector_id in (m.person_id, m.account_id)
      or exists (select 1 from linking_group_number n
        where n.report_id = m.report_id and n.member = m.member and n.phone_id = p.selector_id))"""


class Migration(migrations.Migration):

    dependencies = [
        ("linking", "0009_news"),
        ("access", "0011_merges"),
        ("selectors", "0002_personas"),
    ]

    operations = [
        *(migrations.AddField(model, "persona_id", models.UUIDField(null=True)) for model in (*GROUPS, *PEOPLE)),
        RunSQL(
            [MOVED, HIDDEN, *(named_by_persona(table) for table in GROUPS.values()), *map(own, (*GROUPS.values(), *PEOPLE.values()))],
            reverse_sql=RunSQL.noop,
        ),
        *(migrations.RemoveField(model, "liaison_id") for model in GROUPS),
        migrations.DeleteModel("Persona"),
        RunSQL(
            [
                *(f"grant update (persona_id) on {table} to {ROAD_ROLE}" for table in (*GROUPS.values(), "linking_hit")),
                f"create policy linking_hit_{ROAD_ROLE}_update on linking_hit for update to {ROAD_ROLE}"
                " using (true) with check (true)",
            ],
            reverse_sql=RunSQL.noop,
        ),
    ]

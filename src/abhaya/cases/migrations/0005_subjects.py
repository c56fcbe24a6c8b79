"""Whoever has something of the same person is told, and told no more when the accounts are parted: who changed, by triggers."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q
from django.db.migrations.operations import RunSQL

from abhaya.cases.migrations._row_security import ruled
from abhaya.ledger.schema import OFFICER
from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.ids import uuid7

# What was said and withdrawn stands in a covert case's own road, for its liaison alone, as 0003 has it for the rest.
LIAISONS = (
    "event not in ('cases:hit:found', 'cases:hit:decided', 'cases:hit:told', 'cases:hit:withdrawn')"
    " or not access_is_covert(compartment) or exists (select 1 from cases_case c where c.compartment = ledger_entry.compartment"
    f" and c.liaison_id = {OFFICER})"
)
# Whoever moves an account to another subject, or takes a person away with a report: both ids are looked at again.
_MOVED = """create function cases_regroup() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp
as $body$ begin
  insert into cases_regrouped (id, standing)
  select gen_random_uuid(), one.id from (
    select account_id as id from changed union select subject_id from changed
  ) one;
  return null;
end $body$"""
_GONE = """create function cases_regroup_person() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp
as $body$ begin
  insert into cases_regrouped (id, standing)
  select gen_random_uuid(), one.account_id from (select distinct account_id from gone where is_base) one;
  return null;
end $body$"""
_TRIGGERS = [
    *(
        f"create trigger linking_membership_regroup_{verb} after {verb} on linking_membership"
        f" referencing {rows} table as changed for each statement execute function cases_regroup()"
        for verb, rows in (("insert", "new"), ("update", "new"), ("delete", "old"))
    ),
    "create trigger linking_person_regroup after delete on linking_person referencing old table as gone"
    " for each statement execute function cases_regroup_person()",
]
# What stood together before this was here.
_SO_FAR = """insert into cases_regrouped (id, standing)
select gen_random_uuid(), one.id from (
  select subject_id as id from linking_membership where until is null
  union select account_id from linking_person where is_base group by account_id having count(distinct report_id) > 1
) one"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_chart"), ("linking", "0006_group_words")]

    operations = [
        migrations.CreateModel(
            name="Regrouped",
            fields=[
                ("id", models.UUIDField(default=uuid7, primary_key=True, serialize=False)),
                ("standing", models.UUIDField()),
            ],
            options={"db_table": "cases_regrouped"},
        ),
        migrations.AddIndex(
            "hit", models.Index(fields=["watched"], condition=Q(kind="subject"), name="cases_hit_subject")
        ),
        ruled("cases_regrouped", road="select, insert, update, delete"),
        RunSQL(
            [
                f"alter policy ledger_entry_{APP_ROLE}_liaisons on ledger_entry using ({LIAISONS})",
                f"grant update (watched), delete on cases_hit to {ROAD_ROLE}",
                f"create policy cases_hit_{ROAD_ROLE}_delete on cases_hit for delete to {ROAD_ROLE} using (true)",
                _MOVED,
                _GONE,
                *_TRIGGERS,
                _SO_FAR,
            ],
            reverse_sql="drop function cases_regroup() cascade; drop function cases_regroup_person() cascade",
        ),
    ]

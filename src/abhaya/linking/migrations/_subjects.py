"""Policies, grants and triggers of persons, evidence and what follows from them."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import SEEN, definer_function, row_security

# An account is there for an officer who sees it as a person's in a report: row security applies inside.
ACCOUNT = "exists (select 1 from linking_person p where p.account_id = {table}.{column})"
_BOTH = f"{ACCOUNT.format(table='{table}', column='a')} and {ACCOUNT.format(table='{table}', column='b')}"
_OF_SUBJECT = "exists (select 1 from linking_membership m where m.subject_id = {table}.{column})"
_WORKS = "access_works_on(compartment)"
_SAID = "id, compartment, report_id, a, b, answer, by_officer, by_name, by_unit, by_rule, why, at, approval_id"
_UNDONE = "undone_at, undone_by, undone_by_name, undone_why"

# Whoever takes evidence away, a deletion for one: the account is looked at again, and everybody who stood with it.
_FORGET = """create function linking_forget() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp
as $body$ begin
  if tg_argv[0] = 'evidence' then
    insert into linking_touched (account_id, value_id) select distinct account_id, value_id from gone where is_base
    on conflict do nothing;
  end if;
  insert into linking_touched (account_id, value_id)
  select distinct other.account_id, other.account_id from gone
  join linking_membership m on m.account_id = gone.account_id and m.until is null
  join linking_membership other on other.subject_id = m.subject_id and other.until is null
  where gone.is_base
  union select account_id, account_id from gone where is_base
  on conflict do nothing;
  return null;
end $body$"""
_FORGET_WORD = """create function linking_forget_judgement() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp
as $body$ begin
  insert into linking_touched (account_id, value_id)
  select a, a from gone where undone_at is null union select b, b from gone where undone_at is null
  on conflict do nothing;
  return null;
end $body$"""

# By how many accounts of reports that are neither covert nor tests a value is held: the number that a weight is made of,
# for a value that stands in a report open to the acting officer, and up to a number beyond which it says nothing.
HOLDERS = f"""
    select k.value_id, least(h.holders, $2)::int from unnest($1) as k (value_id)
    cross join lateral (
        select count(*) as holders from (
            select distinct o.account_id from linking_evidence o where o.value_id = k.value_id and o.is_base limit $2
        ) one
    ) h
    where exists (
        select 1 from linking_evidence mine where mine.value_id = k.value_id and {SEEN.format(table="mine")}
    )
"""

# Of accounts that the officer sees, those that any report calls a victim's or a possible minor's, open to the officer or
# not: nobody is shown a child and somebody else as one person for want of the report that says so.
PROTECTED = f"""
    select k.id from unnest($1) as k (id)
    where exists (select 1 from linking_person p where p.account_id = k.id and p.is_base and p.protected <> '')
    and exists (select 1 from linking_person mine where mine.account_id = k.id and {SEEN.format(table="mine")})
"""


def _triggers() -> list[str]:
    made = [
        f"create trigger {table}_forget after delete on {table} referencing old table as gone"
        f" for each statement execute function linking_forget('{what}')"
        for table, what in (("linking_evidence", "evidence"), ("linking_person", "person"))
    ]
    return [
        *made,
        "create trigger linking_judgement_forget after delete on linking_judgement referencing old table as gone"
        " for each statement execute function linking_forget_judgement()",
    ]


SECURITY = [
    row_security("linking_person", app="select", road="select, insert, delete"),
    row_security("linking_evidence", app="select", road="select, insert, delete"),
    row_security("linking_link", app="select", road="select, insert, update, delete", seen=_BOTH),
    row_security("linking_constraint", app="select", road="select, insert, update, delete", seen=_BOTH),
    row_security(
        "linking_membership", app="select", road="select, insert, update (until, ended_by)",
        seen=ACCOUNT.replace("{column}", "account_id"),
    ),
    row_security(
        "linking_subject", app="select", road="select, insert, update (ended_at)",
        seen=_OF_SUBJECT.replace("{column}", "id"),
    ),
    row_security("linking_change", app="select", road="select, insert", seen=_OF_SUBJECT.replace("{column}", "subject_id")),
    row_security("linking_touched", app="", road="select, insert, delete"),
    row_security("linking_judgement", app="select", road="select"),
    RunSQL(
        [
            f"grant insert ({_SAID}), update ({_UNDONE}) on linking_judgement to {APP_ROLE}",
            f"create policy linking_judgement_{APP_ROLE}_insert on linking_judgement for insert to {APP_ROLE}"
            f" with check ({_WORKS})",
            f"create policy linking_judgement_{APP_ROLE}_update on linking_judgement for update to {APP_ROLE}"
            f" using ({_WORKS}) with check ({_WORKS})",
            _FORGET,
            _FORGET_WORD,
            *_triggers(),
        ],
        reverse_sql="drop function linking_forget() cascade; drop function linking_forget_judgement() cascade",
    ),
    definer_function(
        "linking_holders(uuid[], integer)", "table (value_id uuid, holders integer)", HOLDERS, roles=[APP_ROLE, ROAD_ROLE]
    ),
]  # fmt: skip

"""Policies and grants of this room's first migration. What changes them later is a migration of its own."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from abhaya.ledger.schema import OFFICER
from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import SEEN, row_security

WORKS = "access_works_on(compartment)"
# One side of a hit; `other` is granted to nobody who reads pages.
HIT_COLUMNS = "id, compartment, watched, kind, report_id, liaison_id, talk_officer, talk_contact, talk_unit, state, found_at, decided_at, reason"
# A covert side is its liaison's alone, whoever else is a member.
HIT_SEEN = SEEN.replace("{table}", "cases_hit") + f" and (cases_hit.liaison_id is null or cases_hit.liaison_id = {OFFICER})"


def written_by_members(table: str, update: str = "") -> RunSQL:
    """Working members of the case add rows and change these columns; nobody deletes."""
    statements = [
        f"grant insert on {table} to {APP_ROLE}",
        f"create policy {table}_{APP_ROLE}_insert on {table} for insert to {APP_ROLE} with check ({WORKS})",
    ]
    if update:
        statements += [
            f"grant update ({update}) on {table} to {APP_ROLE}",
            f"create policy {table}_{APP_ROLE}_update on {table} for update to {APP_ROLE} using ({WORKS}) with check ({WORKS})",
        ]
    return RunSQL([*statements], reverse_sql=RunSQL.noop)


def ruled(table: str, *, app: str = "", test: str = "", road: str = "") -> RunSQL:
    """A table without a compartment: officers by this test, the road as granted."""
    statements = [f"alter table {table} enable row level security", f"revoke all on {table} from public"]
    for role, granted, rule in ((APP_ROLE, app, test), (ROAD_ROLE, road, "true")):
        if not granted:
            continue
        statements.append(f"grant {granted} on {table} to {role}")
        for verb in granted.split(", "):
            using = "" if verb == "insert" else f" using ({rule})"
            check = f" with check ({rule})" if verb in {"insert", "update"} else ""
            statements.append(f"create policy {table}_{role}_{verb} on {table} for {verb} to {role}{using}{check}")
    return RunSQL([*statements], reverse_sql=RunSQL.noop)


SECURITY = [
    row_security("cases_case", app="select", road="select, insert"),
    RunSQL(
        [
            f"grant update (title, liaison_id, contact, state) on cases_case to {APP_ROLE}",
            f"create policy cases_case_{APP_ROLE}_update on cases_case for update to {APP_ROLE}"
            f" using ({WORKS}) with check ({WORKS})",
        ],
        reverse_sql=RunSQL.noop,
    ),
    row_security("cases_note", app="select", road=""),
    written_by_members("cases_note"),
    row_security("cases_attachment", app="select", road="select"),
    written_by_members("cases_attachment", "detached_by, detached_at, detach_reason"),
    row_security("cases_watch", app="select", road="select, update (compared_at)"),
    written_by_members("cases_watch", "ended_by, ended_at, end_reason"),
    row_security(
        "cases_hit", app=f"select ({HIT_COLUMNS})",
        road="select, insert, update (state, decided_at, reason, talk_officer, talk_contact, talk_unit, liaison_id)", seen=HIT_SEEN,
    ),
    ruled("cases_asked", app="insert", test=f"officer_id = {OFFICER}", road="select, insert, delete"),
    ruled("cases_touch", road="select, insert, update, delete"),
    ruled(
        "cases_probing", app="select", test="(select access_may('cases:probing:read'))", road="select, insert, update"
    ),
]  # fmt: skip

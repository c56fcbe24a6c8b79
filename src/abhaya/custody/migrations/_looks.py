"""Policies and grants of looks, of the meter that is its officer's alone, and of the rules about opening files."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import SEEN

ME = "nullif((select current_setting('abhaya.officer', true)), '')::uuid"
SIGNED_IN = "cardinality((select access_viewers())::uuid[]) > 0"
MY_UNIT = f"(select o.unit_id from access_officer o where o.id = {ME})"
SEEN_LOOK = SEEN.format(table="custody_look")
CHANGED_LOOK_COLUMNS = "reached, failed, result, note, ended_at, token, token_step, token_until"


def secured(table: str, grants: str, *policies: tuple[str, str, str]) -> RunSQL:
    """Row security for the application alone: (verb, using, check)."""
    statements = [
        f"alter table {table} enable row level security",
        f"revoke all on {table} from public",
        f"grant {grants} on {table} to {APP_ROLE}",
    ]
    for verb, using, check in policies:
        clause = (f" using ({using})" if using else "") + (f" with check ({check})" if check else "")
        statements.append(f"create policy {table}_{APP_ROLE}_{verb} on {table} for {verb} to {APP_ROLE}{clause}")
    return RunSQL([*statements], reverse_sql=RunSQL.noop)


def own(table: str, *verbs: str) -> RunSQL:
    """Rows that nobody but their officer reads or writes: no colleague, no supervisor, no administrator."""
    rule = f"officer_id = {ME}"
    policies = [(verb, rule if verb != "insert" else "", rule if verb in {"insert", "update"} else "") for verb in verbs]
    return secured(table, ", ".join(verbs), *policies)


SECURITY = [
    # Whoever sees the report sees who looked at its file and what came of it, so that nobody need look again. Only an
    # officer who may look at media writes one, and only their own.
    secured(
        "custody_look",
        f"select, insert, update ({CHANGED_LOOK_COLUMNS})",
        ("select", SEEN_LOOK, ""),
        ("insert", "", f"{SEEN_LOOK} and officer_id = {ME} and (select access_may('custody:media:view'))"),
        ("update", f"{SEEN_LOOK} and officer_id = {ME}", f"{SEEN_LOOK} and officer_id = {ME}"),
    ),
    RunSQL(
        [
            f"grant select on custody_look to {ROAD_ROLE}",
            f"create policy custody_look_{ROAD_ROLE}_select on custody_look for select to {ROAD_ROLE} using (true)",
        ],
        reverse_sql=RunSQL.noop,
    ),
    own("custody_exposure", "select", "insert", "update", "delete"),
    own("custody_viewing_choice", "select", "insert", "update"),
    secured(
        "custody_viewing_unit",
        "select, insert, update",
        ("select", f"unit_id = {MY_UNIT}", ""),
        ("insert", "", f"unit_id = {MY_UNIT} and (select access_may('custody:viewing:set'))"),
        ("update", f"unit_id = {MY_UNIT} and (select access_may('custody:viewing:set'))", f"unit_id = {MY_UNIT}"),
    ),
    secured(
        "custody_availability",
        "select, insert, update",
        ("select", f"unit_id = {MY_UNIT} and cardinality((select access_viewers())::uuid[]) > 1", ""),
        ("insert", "", f"officer_id = {ME} and unit_id = {MY_UNIT}"),
        ("update", f"officer_id = {ME}", f"officer_id = {ME} and unit_id = {MY_UNIT}"),
    ),
    secured(
        "custody_lawful_table",
        "select, insert",
        ("select", SIGNED_IN, ""),
        ("insert", "", "(select access_may('custody:lawful-basis:set'))"),
    ),
]

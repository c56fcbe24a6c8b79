"""What Django's migrations cannot say: partitions, row security, grants. Every room's migration uses these words.

Roles (made by `shared.roles` before the first migration): `abhaya_owner` migrates and owns tables and definer
functions, `abhaya_app` is what officers connect as, `abhaya_service` connects for `abhaya_road` and everything else, and
`abhaya_sequencer` appends to the ledger. No role but the owner passes row security by.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.migrations.operations import CreateModel, RunSQL

from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.ids import month_edge

SEQUENCER_ROLE = "abhaya_sequencer"
FIRST_MONTH = (2024, 1)  # ids are made at receipt, so only restored data is older than its installation
MONTHS_AHEAD = 14  # a year ahead, with two months to notice

# The one visibility rule. `exists` on the opening's primary key: measured in docs/decisions/0004. The comparison by >=
# says nothing new; it keeps the planner from reading all of a viewer's openings into a hash table before the first row.
SEEN = (
    "exists (select 1 from access_opening o where o.viewer = any ((select access_viewers())::uuid[])"
    " and o.compartment = {table}.compartment and o.compartment >= {table}.compartment"
    " and (o.until is null or o.until > now()))"
)


class CreatePartitioned(CreateModel):
    """`CreateModel` for a table partitioned by month over its UUIDv7 primary key."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = plain + " PARTITION BY RANGE (id)"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain
        table = to_state.apps.get_model(app_label, self.name)._meta.db_table  # noqa: SLF001 — Django's public API, despite the name
        for statement in [earlier_sql(table, now_month()), *partitions_sql(table, now_month(), MONTHS_AHEAD + 1)]:
            schema_editor.execute(statement)


def now_month() -> tuple[int, int]:
    now = datetime.now(UTC)
    return now.year, now.month


def earlier_sql(table: str, until: tuple[int, int]) -> str:
    """One partition for everything before the month of installation: an empty one each month would cost every query."""
    return (
        f"create table if not exists {table}_earlier partition of {table}"
        f" for values from ('{month_edge(*FIRST_MONTH)}') to ('{month_edge(*until)}')"
    )


def partitions_sql(table: str, first: tuple[int, int], months: int) -> list[str]:
    """Statements that make the missing month partitions. No grants and no policies: a partition is never read directly."""
    statements = []
    for offset in range(months):
        year, month = first[0] + (first[1] - 1 + offset) // 12, (first[1] - 1 + offset) % 12 + 1
        next_year, next_month = (year + month // 12, month % 12 + 1)
        statements.append(
            f"create table if not exists {table}_{year}_{month:02} partition of {table}"
            f" for values from ('{month_edge(year, month)}') to ('{month_edge(next_year, next_month)}')"
        )
    return statements


def row_security(table: str, *, app: str = "select, insert", road: str = "select, insert", seen: str = SEEN) -> RunSQL:
    """Row security on a content table that carries `compartment`.

    Officers (`abhaya_app`) read and write only where an opening exists; the road inserts and reads under its own
    policies. `app` and `road` are the grants, column lists allowed: "select, insert, update (state, decided_at)".
    """
    rule = seen.format(table=table)
    statements = [f"alter table {table} enable row level security", f"revoke all on {table} from public"]
    for role, grants, test in ((APP_ROLE, app, rule), (ROAD_ROLE, road, "true")):
        if not grants:
            continue
        statements.append(f"grant {grants} on {table} to {role}")
        verbs = {word.strip().split("(")[0].strip() for word in _outside_parentheses(grants)}
        for verb in sorted(verbs):
            using = f" using ({test})" if verb != "insert" else ""
            check = f" with check ({test})" if verb in {"insert", "update"} else ""
            statements.append(f"create policy {table}_{role}_{verb} on {table} for {verb} to {role}{using}{check}")
    return RunSQL([*statements], reverse_sql=RunSQL.noop)


def grants(table: str, *, app: str = "", road: str = "", sequencer: str = "") -> RunSQL:
    """Grants on a table without content (dictionaries, reference data, units)."""
    statements = [f"revoke all on {table} from public"]
    for role, granted in ((APP_ROLE, app), (ROAD_ROLE, road), (SEQUENCER_ROLE, sequencer)):
        if granted:
            statements.append(f"grant {granted} on {table} to {role}")
    return RunSQL([*statements], reverse_sql=RunSQL.noop)


def definer_function(
    signature: str, returns: str, body: str, *, roles: Sequence[str], volatility: str = "stable"
) -> RunSQL:
    """A `SECURITY DEFINER` function with a fixed search path, callable by the named roles only."""
    return RunSQL(
        [
            (
                f"create or replace function {signature} returns {returns} language sql {volatility} security definer"
                f" set search_path = pg_catalog, public, pg_temp as $body${body}$body$"
            ),
            f"revoke all on function {signature} from public",
            *[f"grant execute on function {signature} to {role}" for role in roles],
        ],
        reverse_sql=RunSQL.noop,
    )


def _outside_parentheses(text: str) -> list[str]:
    parts, depth, word = [], 0, ""
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(word)
            word = ""
        else:
            word += letter
    return [*parts, word]

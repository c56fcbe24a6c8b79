"""Who audits the auditor: a supervisor reads what auditors and administrators of the unit, and of those below, did."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from abhaya.shared.identity import APP_ROLE
from abhaya.shared.schema import definer_function

OVERSEES_OFFICER = "select exists (select 1 from access_officer o where o.id = $1 and access_oversees(o.unit_id))"
EVENTS = (
    "access:officer:added", "access:officer:changed", "access:sign-in:reset", "access:unit:added", "access:unit:changed",
    "ledger:checkpoint:left", "ledger:export:made", "ledger:ledger:checked", "ledger:ledger:read",
)  # fmt: skip
_LISTED = ", ".join(f"'{event}'" for event in EVENTS)

AUDIT: list[RunSQL] = [
    definer_function("access_oversees_officer(uuid)", "boolean", OVERSEES_OFFICER, roles=[APP_ROLE]),
    RunSQL(
        [
            f"create policy ledger_entry_{APP_ROLE}_audit on ledger_entry for select to {APP_ROLE} using (event in ({_LISTED})"
            " and (select access_may('access:audit:read')) and access_oversees_officer(actor_id))"
        ],
        reverse_sql=RunSQL.noop,
    ),
]

"""The ledger's row security, grants and functions, as the migrations of this room and of `access` use them.

Writing: an officer can add an entry in their own name only, the road in a service's name only; the columns that say
so are compared with the transaction's own settings, not with what the program claims. Nobody but the owner can change
or delete an entry, save by `ledger_erase`, which takes away exactly what an erasure entry names.
"""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from abhaya.ledger.canonical import COMMITMENT_DOMAIN, SALT_BYTES
from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.schema import SEEN, SEQUENCER_ROLE

OFFICER = "nullif((select current_setting('abhaya.officer', true)), '')::uuid"
PURPOSE = "purpose = coalesce((select current_setting('abhaya.purpose', true)), '')"

# The database refuses an entry whose commitment is not the one of its bytes; who switches this off is found by `check`.
COMMITTED = RunSQL(
    "alter table ledger_entry add constraint ledger_entry_committed check ("
    f" octet_length(salt) = {SALT_BYTES} and"
    f" commitment = sha256('\\x{COMMITMENT_DOMAIN.hex()}'::bytea || salt || body))",
    reverse_sql=RunSQL.noop,
)

# Every entry that is written waits for its leaf: no program can forget to say so, none can say so without an entry.
NOTE_PENDING = """
    create function ledger_note_pending() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $body$
    begin insert into ledger_pending (entry_id) select id from added; return null; end $body$
"""
NOTE_PENDING_TRIGGER = """
    create trigger ledger_entry_pending after insert on ledger_entry referencing new table as added
    for each statement execute function ledger_note_pending()
"""
PENDING = RunSQL(
    [
        NOTE_PENDING,
        "revoke all on function ledger_note_pending() from public",
        NOTE_PENDING_TRIGGER,
        # A queue's dead rows must go before they slow the next look at it.
        "alter table ledger_pending set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)",
    ],
    reverse_sql=RunSQL.noop,
)

# Takes away the plaintext that an erasure entry names, if it has a leaf, and never an erasure entry itself.
ERASE = """
    with named as (
        select (jsonb_array_elements_text(convert_from(s.body, 'UTF8')::jsonb -> 'facts' -> 'entries'))::uuid as id
        from ledger_entry s where s.id = $1 and s.event = 'ledger:entry:erased'
    ), gone as (
        delete from ledger_entry e using named n, ledger_leaf l
        where e.id = n.id and l.entry_id = n.id and e.event <> 'ledger:entry:erased'
        returning 1
    )
    select count(*)::int from gone
"""


LEAF_OF_A_READABLE_ENTRY = "exists (select 1 from ledger_entry e where e.id = ledger_leaf.entry_id)"
MAY_LOOK = "(select access_may('ledger:ledger:read')) or (select access_may('ledger:ledger:check'))"
MAY_READ = f"(select access_may('ledger:ledger:read')) or actor_id = {OFFICER} or {SEEN.format(table='ledger_entry')}"


def entry_policies() -> RunSQL:
    """Who may write entries; the road reads all of them, the sequencer their commitments. Officers read nothing yet."""
    return _run(
        *_closed("ledger_entry"),
        f"grant select, insert on ledger_entry to {APP_ROLE}, {ROAD_ROLE}",
        f"grant select (id, commitment) on ledger_entry to {SEQUENCER_ROLE}",
        _policy("ledger_entry", APP_ROLE, "insert", f"actor_id = {OFFICER} and {PURPOSE}"),
        _policy("ledger_entry", ROAD_ROLE, "insert", f"actor_id is not distinct from {OFFICER} and {PURPOSE}"),
        _policy("ledger_entry", ROAD_ROLE, "select", "true"),
        _policy("ledger_entry", SEQUENCER_ROLE, "select", "true"),
    )


def leaf_policies() -> RunSQL:
    """An officer sees the leaf of an entry they may read: a position alone would count what others do."""
    return _run(
        *_closed("ledger_leaf"),
        f"grant select on ledger_leaf to {APP_ROLE}, {ROAD_ROLE}",
        f"grant insert on ledger_leaf to {SEQUENCER_ROLE}",
        _policy("ledger_leaf", APP_ROLE, "select", LEAF_OF_A_READABLE_ENTRY),
        _policy("ledger_leaf", ROAD_ROLE, "select", "true"),
        _policy("ledger_leaf", SEQUENCER_ROLE, "insert", "true"),
    )


def reading_policies() -> RunSQL:
    """For `access`, whose functions they call.

    An officer reads an entry when its compartment is open to them, when they are its actor, or when they may read the
    ledger. Checkpoints and checks count what others do: they are read by permission.
    """
    return _run(
        _policy("ledger_entry", APP_ROLE, "select", MAY_READ),
        _policy("ledger_departure", APP_ROLE, "insert", MAY_LOOK),
        *(
            _policy(table, APP_ROLE, "select", MAY_LOOK)
            for table in ("ledger_checkpoint", "ledger_departure", "ledger_check_run")
        ),
    )


def outside_policies() -> RunSQL:
    """What others vouched for is read by whoever may look at the ledger, and written by the road."""
    return _run(
        *(
            _policy(table, APP_ROLE, "select", MAY_LOOK)
            for table in ("ledger_cosignature", "ledger_stamp", "ledger_outsider")
        ),
    )


def secured(table: str, *, app: str = "", road: str = "", sequencer: str = "") -> RunSQL:
    """Row security on a table of counts: the road and the sequencer as granted, officers by `reading_policies`."""
    statements = _closed(table)
    for role, granted in ((APP_ROLE, app), (ROAD_ROLE, road), (SEQUENCER_ROLE, sequencer)):
        if granted:
            statements.append(f"grant {granted} on {table} to {role}")
        if role != APP_ROLE:
            statements += [_policy(table, role, verb, "true") for verb in granted.split(", ") if verb]
    return _run(*statements)


def _closed(table: str) -> list[str]:
    return [f"alter table {table} enable row level security", f"revoke all on {table} from public"]


def _policy(table: str, role: str, verb: str, test: str) -> str:
    clause = "with check" if verb == "insert" else "using"
    return f"create policy {table}_{role}_{verb} on {table} for {verb} to {role} {clause} ({test})"


def _run(*statements: str) -> RunSQL:
    return RunSQL(list(statements), reverse_sql=RunSQL.noop)

"""Invented sightings in bulk, by SQL: reports, their identifiers and the evidence that follows, as the road would have left them.

Two accounts a person, one report an account: a telephone and a mailbox of their person's, a device of their own, three
addresses. Indexes come after the rows, and foreign keys are not asked, or ten million rows would take hours.
"""

from __future__ import annotations

import re
import time
from typing import Any

ROWS_PER_ACCOUNT = 6
BUILD = {"maintenance_work_mem": "1GB", "work_mem": "256MB", "synchronous_commit": "off"}
TABLES = [
    "access_compartment", "intake_report", "selectors_selector", "selectors_sighting", "linking_person", "linking_evidence",
]  # fmt: skip
SELECTOR = r"""create function pg_temp.sid(kind text, v text) returns uuid language sql immutable as $$
  select encode(set_byte(set_byte(h, 6, get_byte(h, 6) & 15 | 128), 8, get_byte(h, 8) & 63 | 128), 'hex')::uuid
  from (select substring(sha256(convert_to(kind, 'UTF8') || '\x00'::bytea || convert_to(v, 'UTF8')) for 16) as h) x $$"""
# Version 7, in the order of their numbers, all within the last hours: one partition holds them.
NEW_ID = """create function pg_temp.v7(n bigint, room int) returns uuid language sql immutable as $$
  select (lpad(to_hex({now_ms} - 20000000 + n), 12, '0') || '7' || lpad(to_hex(room), 3, '0') || '8'
    || substr(md5(n || ' ' || room), 1, 15))::uuid $$"""
KINDS = "(values (1, 'phone'), (2, 'email'), (3, 'device'), (4, 'ip'), (5, 'ip'), (6, 'ip')) k (place, kind)"
VALUE = """case k.place when 1 then '+9198' || lpad((n / 2)::text, 8, '0') when 2 then 'p' || (n / 2) || '@example.org'
  when 3 then n::text else (n / 2 * 7 + k.place) || ' ' || mod(n, 3) end"""
INVENTED = f"""create unlogged table invented as
  select n, pg_temp.v7(n, 0) as report, gen_random_uuid() as compartment, pg_temp.sid('account', 'chatline:u' || n) as account,
    (select array_agg(pg_temp.sid(case when k.place > 3 then 'ip hour' else k.kind end, {VALUE}) order by k.place)
      from {KINDS}) as of,
    now() - make_interval(mins => 10000 + mod(n, 300000)) as at
  from generate_series(1, %s) n"""
ROWS = [
    "insert into access_compartment (id, kind) select compartment, 'report' from invented",
    (
        "insert into selectors_selector (id, kind, value)"
        " select distinct on (id) * from (select account as id, 'account', 'chatline:u' || n from invented"
        f" union all select of[k.place], k.kind, {VALUE} from invented, {KINDS}) every on conflict do nothing"
    ),
    (
        "insert into linking_person (id, compartment, report_id, account_id, selector_id, role, person, protected, is_base,"
        " received_at) select report, compartment, report, account, account, 'reported', 1, '', true, at from invented"
    ),
    (
        "insert into linking_evidence (id, compartment, report_id, account_id, selector_id, value_id, kind, first_at, last_at,"
        " flags, network, is_base) select pg_temp.v7(i.n, k.place), i.compartment, i.report, i.account, i.of[k.place],"
        " i.of[k.place], k.kind, i.at, i.at + make_interval(days => case when k.place <= 2 then 5 else 0 end), 1, 0, true"
        f" from invented i, {KINDS}"
    ),
]
# Tables of many columns: what differs from the report that is there; the rest is as in it.
LIKE = {
    "intake_report": (
        {"id": "i.report", "compartment": "i.compartment", "number": "i.n", "external_ref": "i.n", "received_at": "i.at"},
        "invented i, (select * from intake_report limit 1) r",
    ),
    "selectors_sighting": (
        {"id": "pg_temp.v7(i.n, k.place)", "compartment": "i.compartment", "report_id": "i.report", "account_id": "i.account",
         "selector_id": "i.of[k.place]", "kind": "k.kind", "raw": "''", "at": "i.at"},
        f"invented i, {KINDS}, (select * from selectors_sighting where role = 'reported' and kind = 'phone' limit 1) r",
    ),
}  # fmt: skip


def fill(owner: Any, accounts: int) -> None:
    """`owner`: a connection of the owner's, with one received report in the database to copy the shape of."""
    start = time.perf_counter()
    owner.execute("set session_replication_role = replica")
    for name, word in BUILD.items():
        owner.execute(f"set {name} = '{word}'")
    owner.execute(SELECTOR)
    owner.execute(NEW_ID.format(now_ms=time.time_ns() // 1_000_000))
    owner.execute(INVENTED, [accounts])
    waiting = [one for table in TABLES for one in _dropped(owner, table)]
    for statement in [*(_alike(owner, table, *how) for table, how in LIKE.items()), *ROWS]:
        begun = time.perf_counter()
        owner.execute(statement)
        print(f"  {' '.join(statement.split()[:3])}: {time.perf_counter() - begun:.0f} s", flush=True)
    begun = time.perf_counter()
    for statement in waiting:
        owner.execute(statement)
    owner.execute("drop table invented")
    print(f"  indexes: {time.perf_counter() - begun:.0f} s", flush=True)
    owner.commit()
    owner.autocommit = True
    owner.execute(f"vacuum analyze {', '.join(TABLES)}")
    print(
        f"{accounts * ROWS_PER_ACCOUNT:,} sightings and pieces of evidence of {accounts:,} accounts in"
        f" {time.perf_counter() - start:.0f} s",
        flush=True,
    )


def _alike(owner: Any, table: str, other: dict[str, str], of: str) -> str:
    names = [name for (name,) in owner.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped", [table])]  # fmt: skip
    written = ", ".join(other.get(name, f"r.{name}") for name in names)
    return f"insert into {table} ({', '.join(names)}) select {written} from {of}"


def _dropped(owner: Any, table: str) -> list[str]:
    """Takes a table's indexes away that no constraint needs. Returns the statements that bring them back."""
    found = owner.execute(
        "select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i where i.indrelid = %s::regclass"
        " and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)",
        [table],
    ).fetchall()
    for name, _ in found:
        owner.execute(f"drop index {name}")
    return [re.sub(r" ON ONLY ", " ON ", definition) for _, definition in found]

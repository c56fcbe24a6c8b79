"""What the list pages cost with many reports in the database: p50, p95 and statements, under row security.

    .venv/bin/python benchmarks/pages.py --reports 100000
    .venv/bin/python benchmarks/pages.py --reports 1000000 --rounds 50

Some reports of an invented world walk the whole road; the rest are copies of their rows, made by SQL in bulk, with ids,
numbers and instants of their own over the last weeks. A hub, a state, a district and an auditor then ask for every page of
their rail. The budget: p95 at most 200 ms, at most 25 statements. A data folder of its own.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))  # its siblings
import psycopg
from benchmarks.ground import FOLDER, installation  # first: it sets Django up, in a data folder of its own
from benchmarks.intake import abhaya
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from abhaya.access import session
from abhaya.access.actions import NewOfficer, add_officer, open_to
from abhaya.access.sessions import SessionStore
from abhaya.shared.bulk import insert
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.postgres import DATABASE, Cluster
from abhaya.shared.sql import value, values
from abhaya.training.emit import write_world
from abhaya.training.parameters import Parameters
from abhaya.training.world import World
from abhaya.web.rooms import ROOMS

WALKED = 200  # reports that really walk the road; all others are copies of theirs
WEEKS = 6
P95_MS_MAX, STATEMENTS_MAX = 200, 25
ROLES = {"hub": "analyst", "state": "analyst", "district": "officer", "auditor": "auditor"}
# A copy's id keeps its kind (version 7) and its own tail, and lies so far back as its number says.
COPY = """create function pg_temp.copied(u uuid, n bigint, back_ms bigint) returns uuid language sql immutable as $$
  select (lpad(to_hex(('x' || substr(replace(u::text, '-', ''), 1, 12))::bit(48)::bigint - back_ms), 12, '0') || '7'
    || substr(md5(u::text || n), 1, 3) || '8' || substr(md5(n || u::text), 1, 15))::uuid $$"""
COPIED_TABLES = (
    "access_compartment", "access_opening", "intake_report", "intake_original", "intake_file", "selectors_sighting",
    "matching_match", "linking_hit", "triage_assessment", "triage_queue", "routing_proposal", "routing_placement",
    "routing_referral", "ledger_entry",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20, help="how often each page is asked for")
    given = parser.parse_args()
    with installation() as data:
        officers = units_and_officers()
        walk(data)
        fill(data, given.reports)
        print("| viewer | page | p50 ms | p95 ms | Python's own ms | statements | |\n|---|---|---|---|---|---|---|")
        for called, officer in officers.items():
            ask_all(called, officer, given.rounds)


def units_and_officers() -> dict[str, UUID]:
    """A state and a district under the hub, and an officer of each; the auditor is the hub's."""
    with on_the_road("benchmark"):
        hub = value("select id from access_unit where code = 'HUB'")
        units = {"hub": hub, "auditor": hub, "state": uuid7(), "district": uuid7()}
        for kind, parent in (("state", hub), ("district", units["state"])):
            row = (units[kind], kind, parent, f"A {kind}", kind.upper(), "")
            insert("access_unit", ["id", "kind", "parent_id", "name", "code", "place_code"], [row])
        return {
            called: add_officer(NewOfficer(called, called.title(), units[called], [role]))
            for called, role in ROLES.items()
        }


def walk(data: Path) -> None:
    """Real reports, walked; each third is the state's to watch, each ninth the district's to work on."""
    for _ in write_world(FOLDER / "drop", World(7, Parameters()), WALKED):
        pass
    abhaya(data, "load", str(FOLDER / "drop" / "reports"))
    with on_the_road("benchmark"):
        unit = dict(
            zip(
                ("state", "district"), values("select id from access_unit where code <> 'HUB' order by id"), strict=True
            )
        )
        compartments = values("select compartment from intake_report order by id")
        open_to([(unit["state"], one, "watch", "benchmark") for one in compartments[::3]])
        open_to([(unit["district"], one, "work", "benchmark") for one in compartments[::9]])
        value("update triage_queue set holder_unit_id = %s where compartment = any (%s) returning 1", [unit["district"], compartments[::9]])  # fmt: skip


def fill(data: Path, reports: int) -> None:
    """Copies of the walked reports' rows until there are so many; identifiers of things they share stay the same."""
    start = time.perf_counter()
    with Cluster(data).connect("postgres", DATABASE) as owner:
        owner.execute("set session_replication_role = replica")  # what is copied holds already
        owner.execute(COPY)
        owner.execute("create temporary table mine (compartment uuid primary key)")
        owner.execute("insert into mine select distinct compartment from intake_report")
        (walked,) = owner.execute("select count(*) from mine").fetchone() or (1,)
        owner.execute("create temporary table own (id uuid primary key)")
        for table in COPIED_TABLES:
            if table != "access_opening":
                key = "report_id" if table in {"triage_queue", "routing_placement"} else "id"
                where = "id" if table == "access_compartment" else "compartment"
                owner.execute(f"insert into own select {key} from {table} where {where} in (select compartment from mine) on conflict do nothing")  # fmt: skip
        owner.execute("analyze own")
        copies = max(0, reports // walked - 1)
        for table in COPIED_TABLES:
            _copy(owner, table, copies)
        owner.commit()
        owner.autocommit = True
        owner.execute("vacuum analyze")
        (there,) = owner.execute("select count(*) from intake_report").fetchone() or (0,)
    print(f"{there:,} reports ({walked} walked) filled in {time.perf_counter() - start:.0f} s", flush=True)


def _copy(owner: psycopg.Connection, table: str, copies: int) -> None:
    columns = owner.execute("select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''", [table]).fetchall()  # fmt: skip
    back = f"(n * {WEEKS * 7 * 86_400_000} / {copies + 1})"
    told = {
        "uuid": "case when t.{0} in (select id from own) then pg_temp.copied(t.{0}, n, " + back + ") else t.{0} end",
        "timestamp with time zone": "t.{0} - " + back + " * interval '1 millisecond'",
    }
    exact = {("intake_report", "number"): "(random() * 4503599627370496)::bigint + 4503599627370496"}
    written = [exact.get((table, name), told.get(kind, "t.{0}").format(f'"{name}"')) for name, kind in columns]
    names = ", ".join(f'"{name}"' for name, _ in columns)
    where = "id" if table == "access_compartment" else "compartment"
    owner.execute(
        f"insert into {table} ({names}) select {', '.join(written)} from {table} t, generate_series(1, {copies}) n"
        f" where t.{where} in (select compartment from mine)"
    )


def ask_all(called: str, officer: UUID, rounds: int) -> None:
    client = signed_in(officer, called)
    for room in ROOMS:
        address = reverse(room.url_name)
        if client.get(address).status_code != 200:  # not for this role
            continue
        times, counted, own = [], 0, time.process_time()
        for _ in range(rounds):
            statements: list[str] = []

            def told(execute, sql, params, many, context, statements=statements):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 — Django's own signature
                statements.append(sql)
                return execute(sql, params, many, context)

            start = time.perf_counter()
            with connection.execute_wrapper(told):
                client.get(address)
            times.append(1000 * (time.perf_counter() - start))
            counted = max(counted, len(statements))
        own_ms = 1000 * (time.process_time() - own) / rounds  # beside other work, p95 says less than this and the count
        _print(called, address, times, own_ms, counted)


def signed_in(officer: UUID, called: str, agent: str = "benchmark") -> Client:
    client, request = Client(HTTP_USER_AGENT=agent), HttpRequest()
    request.META |= {"REMOTE_ADDR": "127.0.0.1", "HTTP_USER_AGENT": agent}
    request.session = SessionStore()
    with on_the_road("benchmark"):
        epoch = int(value("select epoch from access_officer where id = %s", [officer]))
    session.start(request, officer, called, epoch)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key or ""
    return client


def _print(called: str, address: str, times: Sequence[float], own_ms: float, counted: int) -> None:
    p95 = sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]
    over = "over budget" if p95 > P95_MS_MAX or counted > STATEMENTS_MAX else ""
    print(
        f"| {called} | {address} | {statistics.median(times):.0f} | {p95:.0f} | {own_ms:.0f} | {counted} | {over} |",
        flush=True,
    )


if __name__ == "__main__":
    main()

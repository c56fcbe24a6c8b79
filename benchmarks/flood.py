"""What the queue costs while one clip floods it: milliseconds and statements of its pages, under row security.

    .venv/bin/python benchmarks/flood.py --reports 40000

Some reports walk the whole road: of one clip, of files of their own, and three that have more. The reports of the clip are
then copied by SQL, with ids and instants of their own, until there are so many. The budget: p95 at most 200 ms, at most 25
statements. A data folder of its own.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))  # its siblings
from benchmarks import pages
from benchmarks.ground import installation
from django.db import connection
from django.test import Client

from abhaya.intake.actions import Arrival, Original, number_key, receive
from abhaya.intake.formats.record import Fact, FilePart, Record
from abhaya.intake.senders import sender_named
from abhaya.shared.identity import on_the_road
from abhaya.shared.postgres import DATABASE, Cluster
from abhaya.shared.road import drain
from abhaya.shared.sql import value

FLOOD, OTHERS = 25, 40  # with those that have more, one page
COPIED = ("access_compartment", "access_opening", "intake_report", "intake_file", "triage_assessment", "triage_queue", "matching_bundle")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=20, help="how often each page is asked for")
    given = parser.parse_args()
    with installation() as data:
        officer = pages.units_and_officers()["hub"]
        first = walk()
        fill(data, given.reports)
        ask_all(officer, first, given.rounds)


def walk() -> UUID:
    """Reports of one clip, of others, and three that have more; returns one of the clip."""
    with on_the_road("benchmark"):
        sender = sender_named("benchmark")
    assert sender is not None
    child = (Fact("email", "c@example.com", "/report/victim/email", "victim", 1),)
    several = [[b"the clip"]] * FLOOD + [[f"another {n}".encode()] for n in range(OTHERS)]
    told: list[tuple[list[bytes], tuple[Fact, ...], int]] = [(held, (), len(held)) for held in several]
    told += [([b"the clip"], child, 1), ([b"the clip"], (), 2), ([b"the clip", b"and more"], (), 2)]
    received = []
    for number, (held, more, files) in enumerate(told):
        facts = (Fact("account", f"id{number}", "/report/id", "reported", 1, platform="ChatLine"), *more)
        record = Record(
            "ncmec_json", 1, external_ref=str(number), platform="ChatLine", facts=facts,
            files=tuple(FilePart(f"/file[{place}]") for place in range(1, files + 1)),
        )  # fmt: skip
        arrival = Arrival(
            record, sender, "json", number_key("benchmark", str(number)), (Original("report.json", str(number).encode()),),
            tuple(Original("file.bin", content) for content in held),
        )  # fmt: skip
        with on_the_road("benchmark"):
            received += receive([arrival])
    drain()
    return received[0].report_id


def fill(data: Path, reports: int) -> None:
    """Copies of the clip's reports, each with a compartment of its own that the hub may see."""
    start = time.perf_counter()
    with Cluster(data).connect("postgres", DATABASE) as owner:
        owner.execute("set session_replication_role = replica")  # what is copied holds already
        owner.execute(pages.COPY)
        owner.execute("create temporary table mine as select compartment from triage_queue where fold_id = (select fold_id from triage_queue group by fold_id order by count(fold_id) desc limit 1)")  # fmt: skip
        owner.execute("create temporary table own (id uuid primary key)")
        owner.execute("insert into own select compartment from mine")
        for table, key in (("intake_report", "id"), ("intake_file", "id"), ("triage_assessment", "id")):
            owner.execute(f"insert into own select {key} from {table} where compartment in (select compartment from mine) on conflict do nothing")  # fmt: skip
        owner.execute("analyze own")
        for table in COPIED:
            pages._copy(owner, table, max(0, reports // FLOOD - 1))  # noqa: SLF001 — its sibling's
        # As triage leaves it: all of them stand beside the oldest.
        owner.execute("update triage_queue set stands_with = (select report_id from triage_queue q where q.compartment in (select compartment from access_compartment) order by report_id limit 1) where compartment not in (select compartment from mine) and fold_id in (select fold_id from triage_queue where compartment in (select compartment from mine)) or compartment in (select compartment from mine)")  # fmt: skip
        owner.commit()
        owner.autocommit = True
        owner.execute("vacuum analyze")
    with on_the_road("benchmark"):
        there = value("select count(*) from triage_queue")
        lines = value("select count(distinct (urgency, fold)) from triage_queue")
    print(f"{there:,} reports in the queue, {lines} lines, filled in {time.perf_counter() - start:.0f} s", flush=True)


def ask_all(officer: UUID, report: UUID, rounds: int) -> None:
    client = pages.signed_in(officer, "hub")
    page = client.get("/queue").content.decode()
    for part in ("reports with the same file", "Others with the same file"):
        if part not in page:
            raise SystemExit(f"the queue does not say {part!r}")
    print("| page | least ms | p50 ms | p95 ms | statements |\n|---|---|---|---|---|")
    for address in ("/queue", "/queue?lane=viral", "/queue?order=oldest", "/queue?unseen=on", "/desk", f"/queue/together/{report}"):  # fmt: skip
        ask(client, address, rounds)


def ask(client: Client, address: str, rounds: int) -> None:
    times, counted = [], 0
    for _ in range(rounds):
        sent: list[str] = []

        def told(execute, sql, params, many, context, sent=sent):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 — Django's own signature
            sent.append(sql)
            return execute(sql, params, many, context)

        start = time.perf_counter()
        with connection.execute_wrapper(told):
            answer = client.get(address)
        times.append(1000 * (time.perf_counter() - start))
        counted = max(counted, len(sent))
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
    p95 = sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]
    print(f"| {address} | {min(times):.0f} | {statistics.median(times):.0f} | {p95:.0f} | {counted} |", flush=True)


if __name__ == "__main__":
    main()

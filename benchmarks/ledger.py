"""What the ledger costs, beside what it cannot do without: hashing, and PostgreSQL's own COPY of the same rows.

    .venv/bin/python benchmarks/ledger.py [--entries 100000] [--seconds 15]

Runs its own private PostgreSQL with every fsync on, in a folder beside the working directory, and removes it again.
The aim: sequencing keeps up with 2,000 entries/s on two cores; checking 10 million entries is minutes, flat in memory.
"""

from __future__ import annotations

import argparse
import os
import resource
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import django

FOLDER = Path(tempfile.mkdtemp(prefix=".benchmark-", dir=Path.cwd()))
os.environ.update({"ABHAYA_DATA": str(FOLDER), "DJANGO_SETTINGS_MODULE": "abhaya.settings"})
os.environ.pop("ABHAYA_DATABASE_URL", None)
django.setup()

from django.db import connections  # noqa: E402 — after Django knows where its data is

from abhaya.ledger import sequencer  # noqa: E402 — as above
from abhaya.ledger.actions import COLUMNS, Act, record  # noqa: E402 — as above
from abhaya.ledger.canonical import commitment  # noqa: E402 — as above
from abhaya.ledger.check import check  # noqa: E402 — as above
from abhaya.ledger.events import Event  # noqa: E402 — as above
from abhaya.ledger.export import export  # noqa: E402 — as above
from abhaya.ledger.merkle import Frontier, leaf_hash  # noqa: E402 — as above
from abhaya.shared.identity import on_the_road  # noqa: E402 — as above
from abhaya.shared.migrate import migrate  # noqa: E402 — as above
from abhaya.shared.postgres import DATABASE, Cluster, running  # noqa: E402 — as above

AIM_PER_SECOND = 2000
TEN_MILLION = 10_000_000
SET_ENTRIES = 1000
PEAK_MEMORY = Path(__file__).with_name("peak_memory.py")
VERIFIER = Path(__file__).resolve().parent.parent / "verify"


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def line(what: str, count: int, seconds: float, note: str = "") -> None:
    print(f"  {what:<58} {count / seconds:>10,.0f} /s   {note}", flush=True)


def acts(count: int, compartment: UUID | None = None) -> list[Act]:
    """Entries as the road writes them: a few facts, one compartment each."""
    facts = {"channel": "ispws", "number": "4503599627370497", "sender": "Example Platform", "files": 2}
    return [
        Act(Event.INTAKE_REPORT_RECEIVED, uuid4(), compartment or uuid4(), {**facts, "row": number})
        for number in range(count)
    ]


def bare_hashing(count: int) -> float:
    """Commitment, leaf and tree over bodies of the usual size: no database, one thread."""
    bodies = [secrets.token_bytes(400) for _ in range(1000)]
    salt, frontier = secrets.token_bytes(32), Frontier()

    def work() -> None:
        for number in range(count):
            frontier.append(leaf_hash(commitment(salt, bodies[number % 1000])))

    seconds = timed(work)
    frontier.root()
    line("bare hashing (commitment, leaf, tree), one thread", count, seconds, "the floor")
    return count / seconds


def bare_copy(count: int) -> None:
    """COPY of the rows just written into the same table without ours: no policy, trigger or check."""
    with Cluster(FOLDER).connect("abhaya_owner", DATABASE) as owner:
        owner.execute("create temporary table rows as select * from ledger_entry limit %s", [count])
        path = FOLDER / "rows.copy"
        with path.open("wb") as file, owner.cursor().copy("copy rows to stdout") as out:
            for block in out:
                file.write(block)
        owner.execute("create table bare (like ledger_entry including indexes)")
        owner.commit()

        def work() -> None:
            with path.open("rb") as file, owner.cursor().copy("copy bare from stdin") as into:
                while block := file.read(1 << 20):
                    into.write(block)
            owner.commit()

        line("bare COPY of the same rows into the same indexes", count, timed(work), "the rival of recording")
        owner.execute("drop table bare")
        owner.commit()


def recording(count: int) -> None:
    sets = [acts(SET_ENTRIES) for _ in range(count // SET_ENTRIES)]

    def in_sets() -> None:
        for each in sets:
            with on_the_road("road:intake"):
                record(each)

    line(f"recorded in sets of {SET_ENTRIES}, a commit each", count, timed(in_sets), f"{len(COLUMNS)} columns, trigger")

    singles = 300

    def one_by_one() -> None:
        for _ in range(singles):
            with on_the_road("road:intake"):
                record(acts(1))

    line("recorded one by one, a commit each, one connection", singles, timed(one_by_one), "the disk's fsync decides")


def sequencing() -> None:
    """Everything that waits gets its leaf: the rate at which the sequencer can catch up."""
    done = 0

    def work() -> None:
        nonlocal done
        done = sequencer.sequence_all(seconds_max=3600)

    seconds = timed(work)
    line("sequenced: leaves, edge, signed checkpoints", done, seconds, f"aim {AIM_PER_SECOND:,}")


def side_by_side(seconds: int) -> None:
    """Four writers of small sets at 2,000 entries/s together, the sequencer running: how long an entry waits."""
    stop, waits, made = threading.Event(), [], [0]
    runner = threading.Thread(target=lambda: _closing(lambda: sequencer.run(stop)))
    runner.start()
    until = time.perf_counter() + seconds

    def write() -> None:
        due = time.perf_counter()
        while due < until:
            with on_the_road("road:intake"):
                record(acts(25))
            made[0] += 25
            due += 25 * 4 / AIM_PER_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))

    def watch() -> None:
        while time.perf_counter() < until:
            with on_the_road("road:intake"):
                (entry,) = record(acts(1))
            began = time.perf_counter()
            while not _has_leaf(entry):
                time.sleep(0.02)
            waits.append(time.perf_counter() - began)

    start = time.perf_counter()
    with ThreadPoolExecutor(5) as pool:
        for done in [pool.submit(_closing, work) for work in (write, write, write, write, watch)]:
            done.result()
    took = time.perf_counter() - start
    stop.set()
    runner.join()
    p50, worst = statistics.median(waits), max(waits)
    line(
        "recorded and sequenced at the same time",
        made[0],
        took,
        f"wait for a leaf p50 {p50:.2f} s, worst {worst:.2f} s",
    )


def _has_leaf(entry: UUID) -> bool:
    with on_the_road("road:intake"), connections["default"].cursor() as cursor:
        cursor.execute("select 1 from ledger_leaf where entry_id = %s", [entry])
        return cursor.fetchone() is not None


def _closing(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connections.close_all()


def checking(size: int) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    holds = []

    def work() -> None:
        with on_the_road("operator:check"):
            holds.append(check().holds)

    seconds = timed(work)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    minutes = TEN_MILLION * seconds / size / 60
    line("checked from the database", size, seconds, f"10 million: {minutes:.0f} min; memory +{grown / 1024:.0f} MiB")
    assert holds == [True]


def exporting(size: int) -> None:
    def work() -> None:
        with on_the_road("operator:export"):
            export(FOLDER / "export", recipient="benchmark")

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = timed(work)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    line("exported", size, seconds, f"memory +{grown / 1024:.0f} MiB")
    peak_file = FOLDER / "peak"
    command: list[str | Path] = [sys.executable, PEAK_MEMORY, peak_file, sys.executable, VERIFIER, FOLDER / "export"]
    seconds = timed(lambda: subprocess.run(command, check=True, capture_output=True))
    peak = int(peak_file.read_text(encoding="utf-8")) / 1024
    minutes = TEN_MILLION * seconds / size / 60
    line("verified from the export", size, seconds, f"10 million: {minutes:.0f} min; {peak:.0f} MiB at its largest")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--entries", type=int, default=100_000)
    asked.add_argument("--seconds", type=int, default=15)
    given = asked.parse_args()
    entries = max(SET_ENTRIES, given.entries // SET_ENTRIES * SET_ENTRIES)
    try:
        with running(FOLDER):
            migrate(verbosity=0)
            print(f"ledger, {entries:,} entries, {os.cpu_count()} cores, fsync on")
            bare_hashing(entries)
            recording(entries)
            bare_copy(entries)
            sequencing()
            side_by_side(given.seconds)
            sequencer.sequence_all()
            with on_the_road("operator:check"), connections["default"].cursor() as cursor:
                cursor.execute("select max(size) from ledger_checkpoint")
                size = int(cursor.fetchone()[0])
            checking(size)
            exporting(size)
            connections.close_all()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    main()

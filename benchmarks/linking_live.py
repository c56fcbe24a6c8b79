"""What one new report costs linking with many sightings in the database, and what computing everything anew costs.

    .venv/bin/python benchmarks/linking_live.py --sightings 10000000
    .venv/bin/python benchmarks/linking_live.py --sightings 200000 --reports 100

Reports, sightings and evidence of invented accounts, two a person, are put in by SQL in bulk (`linking_fill.py`); links and
subjects follow by `derive`, which is timed beside its limit: a COPY of the same rows out, a bare union-find, a COPY of the
changed rows back. Then reports come in one by one, of people who are there already and of new ones: milliseconds of the
whole stage, and of evidence, links and subjects in it. Budget: 10 ms. A data folder of its own, removed at the end; with
`--folder` it stays, and the next run begins with what is there.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).parents[1]))  # its sibling, as `benchmarks.intake`
KEPT = sys.argv[sys.argv.index("--folder") + 1] if "--folder" in sys.argv else None
FOLDER = Path(KEPT or tempfile.mkdtemp(prefix="abhaya-benchmark-"))
os.environ |= {"ABHAYA_DATA": str(FOLDER / "data"), "DJANGO_SETTINGS_MODULE": "abhaya.settings"}
os.environ.pop("ABHAYA_DATABASE_URL", None)

import django  # noqa: E402 — the settings read the environment above

django.setup()
import numpy as np  # noqa: E402 — as above
from benchmarks.intake import set_up  # noqa: E402 — as above
from benchmarks.linking_fill import ROWS_PER_ACCOUNT, fill  # noqa: E402 — as above
from benchmarks.linking_rivals import union_find  # noqa: E402 — as above
from django.conf import settings  # noqa: E402 — as above
from django.db import connection  # noqa: E402 — as above

from abhaya import journey  # noqa: E402 — as above
from abhaya.intake.actions import Arrival, From, Original, number_key, receive  # noqa: E402 — as above
from abhaya.intake.formats.record import Fact, Record  # noqa: E402 — as above
from abhaya.intake.formats.record import Person as Described  # noqa: E402 — as above
from abhaya.intake.senders import add_sender, sender_named  # noqa: E402 — as above
from abhaya.linking.actions import compare_reports, subjects  # noqa: E402 — as above
from abhaya.linking.actions.evidence import write_evidence  # noqa: E402 — as above
from abhaya.linking.actions.rebuild import derive  # noqa: E402 — as above
from abhaya.shared import road  # noqa: E402 — as above
from abhaya.shared.identity import on_the_road  # noqa: E402 — as above
from abhaya.shared.postgres import DATABASE, Cluster, running  # noqa: E402 — as above
from abhaya.shared.sql import later, together, value  # noqa: E402 — as above

BATCH = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sightings", type=int, default=200_000)
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--folder", help="where the data stay, and are taken from if they are there")
    given = parser.parse_args()
    data = Path(settings.DATA_DIR)
    filled = FOLDER / "filled"
    try:
        if not filled.exists():
            set_up(data)
        with running(data):
            journey.open_road()
            road.set_road(journey.RECEIVED, ())  # the stage is run by hand
            accounts = given.sightings // ROWS_PER_ACCOUNT
            if not filled.exists():
                sender = a_sender("filled")
                whole([received(sender, accounts)])  # the shape of the others; the kernels are loaded
                with on_the_road("operator:link"):
                    derive()
                with Cluster(data).connect("postgres", DATABASE) as owner:
                    fill(owner, accounts)
                rebuild(data)
                filled.touch()
            live(accounts, given.reports)
            connection.close()
    finally:
        if KEPT is None:
            shutil.rmtree(FOLDER, ignore_errors=True)


def a_sender(name: str) -> From:
    with on_the_road("benchmark"):
        add_sender(
            name, value("select id from access_unit where code = 'HUB'"), username=None, password="", is_test=False
        )
        sender = sender_named(name)
    assert sender is not None
    return sender


def rebuild(data: Path) -> None:
    """Beside what no way of computing it can do without: the rows out, groups of accounts, the changed rows back."""
    joined = bare_groups(*who_holds_what(copied_out(data)["evidence"]))
    seconds = []
    for what in ("everything computed and written", "again, nothing to write"):
        start = time.perf_counter()
        with on_the_road("operator:link"):
            subjects.lock()
            links, changed = derive()
        seconds.append(time.perf_counter() - start)
        print(f"{what}: {seconds[-1]:.1f} s; {links:,} links, {changed:,} subjects changed")
    with Cluster(data).connect("postgres", DATABASE) as owner:
        owner.autocommit = True
        owner.execute("vacuum analyze linking_link, linking_membership, linking_subject")
    back, entries = copied_back(data)
    start = time.perf_counter()
    out = copied_out(data)
    again = time.perf_counter() - start
    told = [f"{what} {len(content) / 2**20:.0f} MiB" for what, content in out.items()]
    print(f"limit: COPY out {again:.1f} s ({', '.join(told)}), bare groups {joined:.1f} s, COPY back {back:.1f} s,")
    print(f"of the ledger's entries {entries:.1f} s")
    limit = again + joined + back
    print(
        f"everything: {seconds[0] / limit:.1f} x its limit ({seconds[0] / (limit + entries):.1f} x with the ledger's entries)"
    )
    print(f"nothing to write: {seconds[1] / (again + joined):.1f} x its limit")


def copied_out(data: Path) -> dict[str, bytes]:
    """Every table that is read, as COPY has it."""
    read = {
        "evidence": "select account_id, value_id, 1, first_at, last_at, flags, network from linking_evidence",
        "persons": "select account_id, 0::smallint from linking_person",
        "links": "select a, b, weight_millibits, 1::smallint, rule_version from linking_link",
        "members": "select id, account_id, subject_id from linking_membership where until is null",
    }
    with Cluster(data).connect("postgres", DATABASE) as owner:
        return {what: taken(owner, statement) for what, statement in read.items()}


def who_holds_what(evidence: bytes) -> tuple[Any, Any]:
    """Accounts and values of the rows, as numbers."""
    row = np.dtype(
        [("fields", ">i2"), ("n1", ">i4"), ("account", "V16"), ("n2", ">i4"), ("value", "V16"), ("rest", "V44")]
    )
    rows = np.frombuffer(evidence[19:-2], dtype=row)
    _, account = np.unique(rows["account"].copy().view("S16"), return_inverse=True)
    _, held = np.unique(rows["value"].copy().view("S16"), return_inverse=True)
    return account.astype(np.int64), held.astype(np.int64)


def taken(owner: Any, statement: str) -> bytes:
    with owner.cursor() as cursor, cursor.copy(f"copy ({statement}) to stdout (format binary)") as copy:
        content = bytearray()
        for block in copy:
            content += block
        return bytes(content)


def bare_groups(account: Any, held: Any) -> float:
    """Seconds of a union-find over the same rows that asks nothing of anybody."""
    accounts = int(account.max()) + 1
    union_find(account[:1], account[:1], accounts)  # compiled
    start = time.perf_counter()
    union_find(account, held + accounts, accounts + int(held.max()) + 1)
    return time.perf_counter() - start


def copied_back(data: Path) -> tuple[float, float]:
    """Seconds of COPY for the rows that the rebuild wrote, into tables with the same indexes; and for its ledger entries."""
    seconds = []
    with Cluster(data).connect("postgres", DATABASE) as owner:
        for tables in (("linking_link", "linking_subject", "linking_membership", "linking_change"), ("ledger_entry",)):
            rows = {table: taken(owner, f"select * from {table}") for table in tables}
            for table in tables:
                owner.execute(f"create table bare_{table} (like {table} including all)")
            start = time.perf_counter()
            for table, content in rows.items():
                with owner.cursor() as cursor, cursor.copy(f"copy bare_{table} from stdin (format binary)") as copy:
                    copy.write(content)
            owner.commit()
            seconds.append(time.perf_counter() - start)
    return seconds[0], seconds[1]


def live(accounts: int, reports: int) -> None:
    """Half the reports are of persons that are there, with a new account; the others are of new ones."""
    sender = a_sender(f"live {secrets.token_hex(4)}")
    drawn = random.Random()
    read = sum(len(file.read_bytes()) for file in (FOLDER / "data" / "postgres").rglob("*") if file.is_file())
    print(f"read into memory first, as a server that has run for a day has it: {read / 2**30:.1f} GiB")
    for _ in range(5):
        whole([received(sender, drawn.randrange(1, accounts) // 2)])  # the kernels and plans are loaded
    print("| report of | what | p50 ms | p95 ms |\n|---|---|---|---|")
    for who in ("a known person", "a new person"):
        for what, measured in (("the whole stage", whole), ("evidence, links, subjects", ours)):
            times = []
            for _place in range(reports):
                person = (
                    drawn.randrange(1, accounts) // 2
                    if who == "a known person"
                    else drawn.randrange(50_000_000, 99_000_000)
                )
                times.append(measured([received(sender, person)]))
            print(f"| {who} | {what} | {statistics.median(times):.1f} | {sorted(times)[int(len(times) * 0.95)]:.1f} |")
    batch = [[received(sender, drawn.randrange(1, accounts) // 2) for _ in range(BATCH)] for _ in range(2)]
    print(
        f"a set of {BATCH}: {whole(batch[0]) / BATCH:.2f} ms a report; evidence, links, subjects alone {ours(batch[1]) / BATCH:.2f} ms"
    )


def whole(reports: list[UUID]) -> float:
    """Milliseconds of the whole stage, its commit among them."""
    start = time.perf_counter()
    with on_the_road("road:linking"), together():  # as the road does
        later(road.SQL["may_be_repeated"])
        compare_reports(reports)
    return (time.perf_counter() - start) * 1000


def ours(reports: list[UUID]) -> float:
    """Milliseconds of evidence, links and subjects alone."""
    start = time.perf_counter()
    with on_the_road("road:linking"):
        later(road.SQL["may_be_repeated"])
        subjects.lock()
        moved = write_evidence(reports)
        subjects.settle(moved.accounts, moved.lost, subjects.REPORT)
    return (time.perf_counter() - start) * 1000


def received(sender: From, person: int) -> UUID:
    number = uuid4().hex
    facts = (
        Fact("account", f"new{number}", "/account", "reported", 1, platform="ChatLine"),
        Fact("phone", f"+9198{person:08}", "/phone", "reported", 1),
        Fact("email", f"p{person}@example.org", "/email", "reported", 1),
    )
    told = Record("ncmec_json", 1, external_ref=number, persons=(Described("reported", 1, "/report"),), facts=facts)
    one = Arrival(told, sender, "json", number_key("live", number), (Original("report.json", number.encode()),), ())
    with on_the_road("benchmark"):
        return receive([one])[0].report_id


if __name__ == "__main__":
    main()

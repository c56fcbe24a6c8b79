"""Promise 1's other half: when law says delete, deletion wins. Everything goes, everywhere, and only the proof stays."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.factory import Person, browser_of, make_officer, name, older_transactions_ended
from tests.intake import documents
from tests.intake.http import Platform, details
from tests.promises.world import content_tables

from abhaya.custody import erasure, journal
from abhaya.custody.certificate import commitment
from abhaya.custody.plan import Step
from abhaya.intake.drops import open_load, run_load
from abhaya.intake.finding import on_disk
from abhaya.journey import ERASURE
from abhaya.ledger.check import check as check_ledger
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared.cluster import SUPERUSER
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.programs import binaries
from abhaya.shared.road import drain
from abhaya.shared.sql import value, values

NAMED = {part.table for _, parts in ERASURE for part in parts}
# Columns that point at something of a report: a table that has one and no compartment hangs from one that has.
POINTERS = {"report_id", "item_id", "object_id", "selector_id", "file_id", "assessment_id", "referral_id"}
# They point at what is everybody's, or hold no more than a number for the machinery.
HANG_FROM_NOTHING: dict[str, str] = {
    "selectors_persona": "an officer's own account under cover, by its opaque id: made without any report",
}


def test_every_table_with_a_compartment_is_in_the_deletion_plan(owner):
    missing = [table for table in content_tables(owner) if table not in NAMED]
    assert missing == [], "name them in the room's erasure.py: what goes with a report, or why it stays"


def test_every_table_that_hangs_from_one_is_in_the_deletion_plan(owner):
    pointing = {
        table
        for (table,) in owner.execute(
            "select distinct c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped"
            " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition"
            " and a.attname = any (%s)"
            " union select c.conrelid::regclass::text from pg_constraint c where c.contype = 'f'"
            " and c.confrelid::regclass::text = any (%s)",
            [sorted(POINTERS), content_tables(owner)],
        )
    }
    assert sorted(pointing - NAMED - HANG_FROM_NOTHING.keys()) == []


def test_the_plan_names_only_tables_that_are_there_and_says_why_something_stays(owner):
    there = {table for (table,) in owner.execute("select relname from pg_class where relkind in ('r', 'p')")}
    assert there >= NAMED
    for _, parts in ERASURE:
        for part in parts:
            assert not isinstance(part, Step) or not part.keeps or len(part.keeps) > 20, part.table


def test_the_database_holds_the_plan_of_the_code_and_no_program_can_change_it(owner, ask_as):
    rows = owner.execute("select room, table_name from custody_erasable order by position").fetchall()
    assert rows == [(room, part.table) for room, parts in ERASURE for part in parts]
    for role in ("abhaya_app", "abhaya_road"):
        for verb in ("insert", "update", "delete"):
            assert not owner.execute("select has_table_privilege(%s, 'custody_erasable', %s)", [role, verb]).fetchone()[
                0
            ]


# --- the marker ---


def needles(mark: str) -> list[bytes]:
    """The marker as it may stand in files: as text, in hexadecimal digits, in UTF-16."""
    return [mark.encode(), mark.encode().hex().encode(), mark.encode("utf-16-le")]


def found_in(folder: Path, sought: list[bytes], *, but: tuple[str, ...] = ()) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part in but for part in path.relative_to(folder).parts)
        if any(needle in (content := path.read_bytes()) or needle.upper() in content for needle in sought)
    ]


def dump(bench, *words: str) -> bytes:
    """`pg_dump` of this worker's database as plain SQL, with every row."""
    host, port = bench.environment(bench.data, bench.database)["ABHAYA_DATABASE_URL"].split("host=")[1].split("&port=")
    return subprocess.run(
        [str(binaries() / "pg_dump"), "-h", host, "-p", port, "-U", SUPERUSER, *words, bench.database],
        env={**os.environ, "PGPASSFILE": str(bench.folder / "secrets" / f"database-{SUPERUSER}")},
        check=True, capture_output=True,
    ).stdout  # fmt: skip


def rows_with(content: bytes, sought: list[bytes]) -> list[str]:
    """Tables of a dump that hold one of these."""
    table, found = "", []
    for line in content.split(b"\n"):
        if line.startswith(b"COPY "):
            table = line.split()[1].decode()
        if any(needle in line for needle in sought):
            found.append(table)
    return sorted(set(found))


@pytest.fixture
def report_full_of(live, tmp_path) -> tuple[str, Platform, list[UUID]]:
    """A marker in every place where somebody outside, or an officer, can put one: the door and a drop."""
    mark = f"zk{uuid4().hex}"
    platform = Platform(live.url)
    number = platform.opened(marked(mark))
    large = f"{mark} large ".encode() * 4000
    for content in (f"{mark} small".encode(), large):
        file_id = platform.upload(number, content, filename=f"{mark}.txt").text("fileId")
        platform.fileinfo(details(number, file_id, f"<originalFileName>{mark}-own.txt</originalFileName>"))
    assert platform.finish(number).code == 0
    folder = tmp_path / f"{mark}-drop"
    (folder / f"{mark}-one").mkdir(parents=True)
    (folder / f"{mark}-one" / "report.xml").write_text(marked(mark).replace("Person", "Other"))
    (folder / f"{mark}.xml").write_text(f"<report>{mark}")
    with on_the_road("operator:load", purpose=f"load {folder}"):
        drop = open_load(platform.unit, folder.name, officer=None, service="operator:load", sender_name=platform.name)
    run_load(drop, lambda mappings: on_disk([folder], mappings), [].append)
    drain()
    with on_the_road("test"):
        compartments = values("select compartment from intake_report where unit_id = %s", [platform.unit])
    return mark, platform, [*compartments, drop.compartment]


def marked(mark: str) -> str:
    person = (
        f"<personOrUserReported><personOrUserReportedPerson><firstName>Person {mark}</firstName><email>{mark}@example.com"
        f"</email></personOrUserReportedPerson><espIdentifier>id-{mark}</espIdentifier><screenName>{mark}</screenName>"
        f"<additionalInfo>asks for a picture {mark}</additionalInfo></personOrUserReported>"
    )
    return documents.MINIMAL_REPORT.replace("</report>", f"{person}</report>")


def work_on(mark: str, platform: Platform, compartments: list[UUID]) -> tuple[Person, Person]:
    """What officers leave behind: a search, its purpose, a decision's reason."""
    alice, bob = (make_officer(platform.unit, "analyst", "supervisor", called=who) for who in ("Alice", "Bob"))
    browser = browser_of(alice)
    with on_the_road("test"):
        report = value("select id from intake_report where compartment = %s", [compartments[0]])
    assert browser.get(f"/reports/{report}").status_code == 200
    browser.post(f"/reports/{report}/identity", {"purpose": f"to call the school of {mark}"})
    browser.post(
        f"/reports/{report}/decide", {"decision": "not-actionable", "reason": f"nothing about {mark} to go on"}
    )
    return alice, bob


def delete(compartments: list[UUID], unit: UUID, alice: Person, bob: Person) -> list[UUID]:
    deletions = []
    for compartment in compartments:
        with acting(alice.id, name=alice.name, with_road=True):
            asked = erasure.Asked(compartment, unit, "decision", "decision", "court", "Order 12 of 2026", "")
            deletions.append(erasure.ask(asked))
            erasure.decide(deletions[-1], bob.id, bob.name)
    sequence_all()
    erasure.carry_on_to_the_end()
    sequence_all()
    older_transactions_ended()
    erasure.carry_on_to_the_end()
    return deletions


@pytest.mark.slow
def test_a_marker_planted_everywhere_is_nowhere_after_its_deletion(bench, report_full_of):
    mark, platform, compartments = report_full_of
    alice, bob = work_on(mark, platform, compartments)
    sequence_all()
    sought = needles(mark) + [hashlib.sha256(f"{mark} {size}".encode()).hexdigest().encode() for size in ("small",)]
    before = rows_with(dump(bench), sought)
    assert len(before) >= 10, before
    with on_the_road("test"):
        objects = values("select object_id from custody_holding where compartment = any (%s)", [compartments])
    files = [path for path in bench.data.rglob("*") if any(str(held.hex) in path.name for held in objects)]
    assert files, "the large original lies in a file"

    deletions = delete(compartments, platform.unit, alice, bob)

    assert [d for d in deletions if state(d) != "settled"] == []
    assert rows_with(dump(bench), sought) == []
    assert not any(path.exists() for path in files)
    assert found_in(bench.data, sought, but=("serve.log",)) == []
    with bench.connect(SUPERUSER) as admin:
        admin.autocommit = True
        tables = [t for (t,) in admin.execute("select distinct table_name from custody_erasable")]
        admin.execute(f"vacuum (full, analyze) {', '.join(tables)}")
        admin.execute("checkpoint")
    assert found_in(bench.folder / "postgres", needles(mark), but=("pg_wal",)) == []
    with on_the_road("test"):
        assert check_ledger().holds


def state(deletion: UUID) -> str:
    with on_the_road("test"):
        return str(value("select state from custody_deletion where id = %s", [deletion]))


def test_the_certificate_proves_the_very_file_and_tells_nothing(report_full_of):
    mark, platform, compartments = report_full_of
    alice, bob = (make_officer(platform.unit, "analyst", "supervisor", called=who) for who in ("Alice", "Bob"))
    deletions = delete(compartments, platform.unit, alice, bob)
    with on_the_road("test"):
        notes = values("select certificate from custody_deletion where id = any (%s)", [deletions])
        salts = [bytes(salt) for salt in values("select salt from custody_deletion where id = any (%s)", [deletions])]
    small = hashlib.sha256(f"{mark} small".encode()).digest()
    assert any(commitment(salt, small) in note for salt in salts for note in notes)
    assert not any(small.hex() in note or mark in note for note in notes)


@pytest.mark.slow
def test_what_a_restored_backup_brings_back_goes_again_by_the_journal(bench, report_full_of, tmp_path):
    mark, platform, compartments = report_full_of
    alice, bob = work_on(mark, platform, compartments)
    sequence_all()
    old = tmp_path / "old.dump"
    old.write_bytes(dump(bench, "-Fc"))
    delete(compartments, platform.unit, alice, bob)
    restored = f"{bench.database}_{name('r')[-6:]}"
    with bench.connect(SUPERUSER, SUPERUSER) as admin:
        admin.autocommit = True
        admin.execute(f"create database {restored} owner abhaya_owner")
        admin.execute(f"grant connect, temporary on database {restored} to abhaya_app, abhaya_road, abhaya_service")
    host, port = bench.environment(bench.data, restored)["ABHAYA_DATABASE_URL"].split("host=")[1].split("&port=")
    secrets = bench.folder / "secrets" / f"database-{SUPERUSER}"
    subprocess.run(
        [str(binaries() / "pg_restore"), "-h", host, "-p", port, "-U", SUPERUSER, "-d", restored, str(old)],
        env={**os.environ, "PGPASSFILE": str(secrets)}, check=True, capture_output=True,
    )  # fmt: skip

    def count() -> int:
        with bench.connect(SUPERUSER, restored) as admin:
            return int(
                admin.execute(
                    "select count(*) from intake_report where compartment = any (%s)", [compartments]
                ).fetchone()[0]
            )

    assert count() == 2
    for said in (f"{len(compartments)} deleted again", "0 deleted again"):
        done = subprocess.run(
            [os.sys.executable, "-m", "abhaya.cli", "erasures", "replay", str(journal.path())],
            env={**os.environ, **bench.environment(bench.data, restored)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr + done.stdout
        assert said in done.stdout
    assert count() == 0


def test_a_journal_that_was_bent_is_refused(tmp_path, report_full_of):
    _, platform, compartments = report_full_of
    alice, bob = (make_officer(platform.unit, "analyst", "supervisor", called=who) for who in ("Alice", "Bob"))
    delete(compartments, platform.unit, alice, bob)
    bent = tmp_path / "erasures.jsonl"
    lines = journal.path().read_bytes().splitlines(keepends=True)
    for broken in (lines[:-2] + lines[-1:], [*lines[:-1], lines[-1].replace(b'"rule":"d', b'"rule":"e')]):
        bent.write_bytes(b"".join(broken))
        with pytest.raises(erasure.OperatorError, match="does not hold"):
            erasure.replay(bent)
    bent.write_bytes(b"".join(lines) + lines[-1][:40])
    assert erasure.replay(bent).lines == len(lines)  # half a line of a crash is no line

"""The door and the drop are one road: the same thousand reports through HTTP and through `load` leave the same rows."""

from __future__ import annotations

import os
import secrets
from collections import Counter

import pytest
from tests.server import Bench, Served

from abhaya.training.client import Client
from abhaya.training.emit import write_submission
from abhaya.training.parameters import Parameters
from abhaya.training.world import World

REPORTS = 1000
SEED = int(os.environ.get("WORLD_SEED") or secrets.randbelow(10**6))  # told with a failure: the same world again

# table -> what of its rows must be equal. Ids, numbers, instants of receipt and the way of coming differ by nature; the
# number that the door gives stands in the details of its files, and only there.
TABLES = {
    "intake_report": (
        "sender_name, incident_type, incident_at, incident_original, platform, escalation, annotations, is_test, is_batched,"
        " file_count, missing, losses, reading_version, record->'persons', record->'facts', record->'places', record->'texts',"
        " record->'incident_kinds'"
    ),
    "intake_file": (
        "position, name, viewed_by_sender, exif_viewed, publicly_available, relevance, classification, annotations, md5, sha1,"
        " sha256, size_bytes, media_type, is_held"
    ),
    "selectors_sighting": (
        "kind, selector_id, raw, role, person, locator, event, at, at_precision, at_original, zone_known, port, platform,"
        " possible_proxy, verified, mined, why_not"
    ),
    "matching_match": "hash_kind, earlier_reports",
    "linking_hit": "selector_id, kind, role, earlier_reports, strength",
    "triage_assessment": "lane, score, (select array_agg(r->>'code' order by r->>'code') from jsonb_array_elements(reasons) r)",
    "triage_queue": "lane, score, state",
    "routing_proposal": "rank, country, state, district, strength",
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reports():
    drawn = World(SEED, Parameters(duplicate_share=0)).reports(REPORTS)
    return [report for report in drawn if not report.duplicate_of]


def set_up(bench: Bench, folder) -> tuple[Served, str]:
    folder.mkdir()
    served = bench.fresh(folder)
    password = secrets.token_urlsafe(24)
    (folder / "units.csv").write_text("code,name,kind,forward_rule\nHUB,Hub,hub,off\n", encoding="utf-8")
    (folder / "password").write_text(password, encoding="utf-8")
    served.run("unit", "import", str(folder / "units.csv"))
    served.run("sender", "add", "platform", "--password-file", str(folder / "password"))
    return served, password


def test_the_same_reports_by_door_and_by_drop_leave_the_same_rows(bench, tmp_path, reports):
    by_door, password = set_up(bench, tmp_path / "door")
    by_drop, _ = set_up(bench, tmp_path / "drop")
    try:
        with Client(by_door.serve() + "/ispws", "platform", password) as client:
            for report in reports:
                client.send(report)
        (tmp_path / "nothing").mkdir()
        by_door.run("load", str(tmp_path / "nothing"))  # walks what waits along the road
        for report in reports:
            write_submission(_folder(tmp_path / "submissions", report.ref), report)
        by_drop.run("load", str(tmp_path / "submissions"), "--sender", "platform")
        assert (
            rows(by_door, "intake_report", "count(*)")
            == rows(by_drop, "intake_report", "count(*)")
            == [(str(len(reports)),)]
        )
        for table, columns in TABLES.items():
            door, drop = Counter(rows(by_door, table, columns)), Counter(rows(by_drop, table, columns))
            assert list(door - drop)[:3] == list(drop - door)[:3], f"{table}, WORLD_SEED={SEED}"
        assert kept(by_door) == kept(by_drop)
    finally:
        by_door.stop()
        by_drop.stop()


def rows(served: Served, table: str, columns: str) -> list[tuple[str, ...]]:
    with served.connect("abhaya_owner") as connection:
        listed = connection.execute(f"select {columns} from {table}").fetchall()
    return sorted(tuple(map(str, row)) for row in listed)


def kept(served: Served) -> set[bytes]:
    """The digests of every original and file, less the details, in which the door's numbers stand."""
    with served.connect("abhaya_owner") as connection:
        found = connection.execute(
            "select o.sha256 from custody_item i join custody_object o on o.id = i.object_id where i.name not like 'fileDetails%%'",
            [],
        )
        return {bytes(row[0]) for row in found.fetchall()}


def _folder(parent, name):
    parent.mkdir(exist_ok=True)
    return parent / name

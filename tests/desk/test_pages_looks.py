"""Who looked at a report, and when: one click, row security, and a file that the stand-alone verifier believes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.factory import browser_of, make_officer, make_report, make_sender, make_unit

from abhaya.ledger.sequencer import sequence_all

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def world():
    """A report of one unit, read by Alice twice; the people who may or may not ask."""
    unit = make_unit("hub")
    report = make_report(make_sender(unit))
    alice = make_officer(unit, "officer", called="Alice")
    supervisor = make_officer(unit, "officer", "supervisor", called="Sunita")
    for _ in range(2):
        assert browser_of(alice).get(f"/reports/{report.report_id}").status_code == 200
    sequence_all()
    return unit, report, alice, supervisor


def test_who_looked_is_one_click_from_the_report(world):
    _, report, _, supervisor = world
    page = browser_of(supervisor).get(f"/reports/{report.report_id}?along=1").content.decode()
    address = f"/ledger/looks/{report.compartment}"
    assert address in page
    sequence_all()
    shown = browser_of(supervisor).get(address).content.decode()
    assert shown.count("Alice") >= 2
    assert "Sunita" in shown  # their own look, a moment ago


def test_the_auditor_asks_of_anything_and_an_officer_of_nothing(world):
    unit, report, alice, _ = world
    auditor = make_officer(unit, "auditor")
    address = f"/ledger/looks/{report.compartment}"
    assert "Alice" in browser_of(auditor).get(address).content.decode()
    assert browser_of(alice).get(address).status_code == 403
    assert address not in browser_of(alice).get(f"/reports/{report.report_id}").content.decode()


def test_a_supervisor_of_another_unit_finds_nothing_there(world):
    _, report, *_ = world
    stranger = make_officer(make_unit(), "supervisor")
    assert browser_of(stranger).get(f"/ledger/looks/{report.compartment}").status_code == 404


def test_a_day_without_looks_says_so_and_asking_is_recorded(world, owner):
    _, report, _, supervisor = world
    page = browser_of(supervisor).get(f"/ledger/looks/{report.compartment}", {"day": "2020-03-03"})
    assert "Nobody looked" in page.content.decode()
    (facts,) = owner.execute(
        "select body from ledger_entry where event = 'ledger:looks:read' and actor_id = %s order by id desc",
        [supervisor.id],
    ).fetchone()
    assert json.loads(facts)["facts"] == {"day": "2020-03-03", "found": 0}


def test_the_file_is_believed_by_the_verifier_and_a_changed_byte_is_not(world, tmp_path, owner):
    unit, report, *_ = world
    auditor = browser_of(make_officer(unit, "auditor"))
    sequence_all()
    given = {"recipient": "Sessions Court, Pune", "purpose": "question of the defence"}
    answer = auditor.post(f"/ledger/looks/{report.compartment}/proof", given)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    path = tmp_path / "who-looked.json"
    path.write_bytes(answer.content)
    told = verify(path)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Alice" in told.stdout
    assert "desk:report:viewed" in told.stdout
    path.write_text(path.read_text().replace("Alice", "Alicf", 1))
    told = verify(path)
    assert told.returncode == 1
    assert "its way up leads to another root" in told.stdout
    left = owner.execute(
        "select body from ledger_entry where event = 'ledger:proof:exported' order by id desc"
    ).fetchone()
    said = json.loads(left[0])
    assert (said["facts"]["recipient"], said["purpose"]) == ("Sessions Court, Pune", "question of the defence")


def test_a_file_without_holder_or_purpose_is_not_given(world):
    _, report, _, supervisor = world
    answer = browser_of(supervisor).post(f"/ledger/looks/{report.compartment}/proof", {"recipient": ""})
    assert answer.status_code == 422


def verify(path):
    return subprocess.run(
        [sys.executable, "-I", str(ROOT / "verify"), str(path)], capture_output=True, text=True, check=False
    )

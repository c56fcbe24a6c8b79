"""The court: the defence runs the verifier on its own laptop; the prosecutor is asked who looked at exhibit 7 on 3 March.

Holds when the verifier says yes, says no after one changed byte, and the answer about the day is one click. The exhibit
is an original of a report; the day is today, because nobody can be made to look in the past.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser import DESK, TELEPHONE, followed, is_accessible, is_as_wide_as_its_window, signed_in
from tests.factory import Person, browser_of, make_officer, make_report, make_sender, make_unit

from abhaya.intake.actions import Receipt
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import value

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
INDIA = timezone(timedelta(hours=5, minutes=30))
VERIFIER = ["-I", "verify"]


@dataclass(frozen=True)
class Court:
    """A report with one exhibit, which Alice read and Bob did not; Sunita answers for their unit."""

    report: Receipt
    exhibit: str
    content: bytes
    alice: Person
    sunita: Person


@pytest.fixture(scope="module")
def court(live) -> Court:
    unit = make_unit("hub")
    report = make_report(make_sender(unit))
    alice, bob = make_officer(unit, called="Alice"), make_officer(unit, called="Bob")
    with on_the_road("road:test"):
        exhibit = str(value("select item_id from intake_original where compartment = %s", [report.compartment]))
        content = value("select external_ref from intake_report where id = %s", [report.report_id]).encode()
    assert browser_of(alice).get(f"/reports/{report.report_id}").status_code == 200
    assert browser_of(alice).get(f"/items/{exhibit}/text").status_code == 200
    assert browser_of(bob).get("/desk").status_code == 200
    return Court(report, exhibit, content, alice, make_officer(unit, "officer", "supervisor", called="Sunita"))


@pytest.fixture
def laptop(tmp_path):
    """The defence's own: the verifier, Python and `cryptography`; nothing of ours."""
    shutil.copytree(ROOT / "verify", tmp_path / "verify", ignore=shutil.ignore_patterns("__pycache__"))

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, *VERIFIER, *map(str, arguments)]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    run.folder = tmp_path
    return run


def today() -> str:
    return f"{datetime.now(UTC).astimezone(INDIA):%Y-%m-%d}"


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
@pytest.mark.parametrize("language", ["en", "hi"])
def test_who_looked_at_the_exhibit_that_day_is_one_click(court, live, chromium, size, language):
    with signed_in(chromium, live.url, court.sunita, size=size) as page:
        page.goto(f"{live.url}/reports/{court.report.report_id}?along=1")
        if page.locator("html").get_attribute("lang") != language:
            followed(page, f"button[name=language][value={language}]")
        page.locator(f'a[href$="?item={court.exhibit}"]').first.click()  # beside the exhibit: the one click
        day = page.locator(f"#day-{today().replace('-', '')}")
        expect(day).to_be_visible()
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody tr")).to_contain_text("Alice")
        is_as_wide_as_its_window(page)
        is_accessible(page)
        page.goto(f"{live.url}/ledger/looks/{court.report.compartment}?day=2020-03-03")
        expect(page.locator(".empty h2")).to_be_visible()
        is_as_wide_as_its_window(page)
        is_accessible(page)


def test_the_answer_as_a_file_is_believed_on_the_defences_laptop_until_one_byte_changes(court, live, chromium, laptop):
    sequence_all()
    with signed_in(chromium, live.url, court.sunita) as page:
        page.goto(f"{live.url}/ledger/looks/{court.report.compartment}?item={court.exhibit}&day={today()}")
        page.fill("input[name=recipient]", "Defence of the accused")
        page.fill("input[name=purpose]", "question about exhibit 7")
        with page.expect_download() as coming:
            page.locator("form[action*=proof] button.main").click()
        path = laptop.folder / "who-looked.json"
        coming.value.save_as(path)
    told = laptop(path)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "HOLDS  1 entries stand in the ledger as they are here." in told.stdout
    assert "Alice, custody:item:viewed" in told.stdout
    assert_no_after_one_byte(laptop, path, b"Alice", path)


def test_the_whole_ledger_says_who_looked_that_these_are_all_and_no_after_one_byte(court, live, laptop):
    folder = laptop.folder / "ledger"
    live.run("export", "ledger", "--out", str(folder), "--for", "Defence of the accused", "--purpose", "disclosure")
    asked = (folder, "--about", court.exhibit, "--day", today())
    told = laptop(*asked)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "RESULT The ledger holds" in told.stdout
    assert f"LOOKED 1 times at {court.exhibit} on {today()}." in told.stdout
    assert "Alice" in told.stdout
    exhibit = laptop.folder / "exhibit-7"
    exhibit.write_bytes(court.content)
    assert laptop(folder, "--file", exhibit).returncode == 0
    exhibit.write_bytes(court.content[:-1] + b"!")
    assert "they are not what was received" in laptop(folder, "--file", exhibit).stdout
    assert_no_after_one_byte(laptop, folder / "entries.jsonl", b"Alice", folder)


def assert_no_after_one_byte(laptop, path: Path, where: bytes, asked: Path) -> None:
    content = path.read_bytes()
    at = content.index(where)
    path.write_bytes(content[:at] + b"E" + content[at + 1 :])
    told = laptop(asked)
    assert told.returncode == 1
    assert "FAILS" in told.stdout
    assert "does not hold" in told.stdout

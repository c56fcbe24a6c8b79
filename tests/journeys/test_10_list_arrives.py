"""Journey 10, the list arrives: two years of files are in, a partner's list comes, and eleven old reports wake up.

Holds when each hit names list, version, date and distance, and nothing was shown to anyone. The list is brought in a real
browser; its rounds are gone one by one, so that each is seen.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect
from tests.browser import TELEPHONE, followed, is_accessible, is_as_wide_as_its_window, signed_in
from tests.factory import Person, Receipt, make_officer, make_report, make_sender, make_unit, name
from tests.matching.test_against_lists import md5, picture, recheck
from tests.matching.test_near import hash_all, pdq, saved, scene
from tests.matching.test_pages_keeping import newest, worked_off

from abhaya import journey
from abhaya.intake.formats.record import FilePart
from abhaya.ledger.events import LOOKS
from abhaya.matching.actions import carry_on_rechecks, pictures
from abhaya.matching.lists import list_named
from abhaya.matching.nearness import RADIUS_BUILT_FOR
from abhaya.shared import road
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import fetch, value, values

pytestmark = pytest.mark.browser

ROWS = 50_000
BY_BYTES, BY_CLAIM, NEAR, ASLEEP = 6, 3, 2, 6
VERSION, DAY, SHOWN_DAY = "2026-11 second half", "2026-11-20", "20 Nov 2026"


@dataclass(slots=True)
class Before:
    """What was in before the list came; `sought`: rows of the list that name some of it."""

    alice: Person
    wakes: list[Receipt] = field(default_factory=list)
    sleeps: list[Receipt] = field(default_factory=list)
    sought: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def before() -> Iterator[Before]:
    journey.open_road()
    recheck()  # what other tests left
    unit = make_unit("hub")
    sender, made = make_sender(unit), Before(make_officer(unit, "analyst", "supervisor"))
    for _ in range(BY_BYTES):
        held = picture()
        made.wakes.append(make_report(sender, held=[held]))
        made.sought.append({"md5": md5(held)})
    for _ in range(BY_CLAIM):
        claimed = md5(picture())
        made.wakes.append(make_report(sender, files=(FilePart("/file[1]", hashes=(("MD5", claimed),)),)))
        made.sought.append({"md5": claimed})
    for _ in range(NEAR):
        image = scene()
        made.wakes.append(make_report(sender, held=[saved(image.resize((300, 225)), "JPEG", quality=70)]))
        made.sought.append({"pdq": pdq(saved(image))})
    made.sleeps = [make_report(sender, held=[picture()]) for _ in range(ASLEEP)]
    road.drain()
    hash_all()
    yield made
    pictures.DECODER.close()


def the_list(folder: Path, sought: list[dict[str, str]]) -> Path:
    """A partner's table of so many rows, what is sought spread among them."""
    drawn, out = random.Random(10), io.StringIO(newline="")
    table = csv.DictWriter(out, ("id", "md5", "pdq", "category"), restval="")
    table.writeheader()
    at = dict(zip(drawn.sample(range(ROWS), len(sought)), sought, strict=True))
    for number in range(ROWS):
        hashes = at.get(number) or {"md5": drawn.randbytes(16).hex()}
        table.writerow({"id": f"P-{number}", "category": "2", **hashes})
    file = folder / "partner.csv"
    file.write_text(out.getvalue(), encoding="utf-8")
    return file


def brought(page: Page, url: str, file: Path, called: str) -> None:
    page.goto(f"{url}/lists")
    followed(page, "text=Take in a list …")
    page.set_input_files("[name=upload]", file)
    for box, said in {
        "name": called, "source": "A partner", "licence": "for investigations, not handed on", "version": VERSION,
        "vouched": "2", "vouched_basis": "the partner's letter of March",
    }.items():  # fmt: skip
        page.fill(f"[name={box}]", said)
    page.fill("[name=dated]", DAY)
    page.select_option("[name=scheme]", "vics-us")
    is_accessible(page)
    followed(page, "main button.main")


def found_in(report: Receipt) -> list[tuple[object, ...]]:
    with on_the_road("test"):
        return fetch(
            lambda *row: row,
            "select list_name, list_version, list_dated::text, hash_kind, answer, distance, found_by"
            " from matching_list_match where report_id = %s",
            [report.report_id],
        )


def shown(reports: list[Receipt]) -> tuple[int, list[str]]:
    """Looks at files of these reports, and views of anything in them."""
    compartments = [one.compartment for one in reports]
    with on_the_road("test"):
        looks = value("select count(*) from custody_look where compartment = any (%s)", [compartments])
        views = values(
            "select event from ledger_entry where compartment = any (%s) and event = any (%s)",
            [compartments, list(LOOKS)],
        )
    return looks, views


def test_eleven_old_reports_wake_and_nothing_is_shown(before, live, chromium, tmp_path):
    called, asked = name("Partner list"), list[Request]()
    everything = before.wakes + before.sleeps

    def note(request: Request) -> None:
        asked.append(request)

    with signed_in(chromium, live.url, before.alice) as page:
        page.on("request", note)
        brought(page, live.url, the_list(tmp_path, before.sought), called)
        expect(page.locator("#progress")).to_contain_text("being read")
        with on_the_road("test"):
            of = list_named(called)
        assert of
        address = f"{live.url}/lists/{of.compartment}"
        worked_off(newest(of)[0])
        for done in range(0, ROWS, 10_000):
            page.reload()
            expect(page.locator("#progress")).to_contain_text(f"{done:,} of {ROWS:,} entries")
            with on_the_road("road:matching"):
                carry_on_rechecks()
        recheck()
        page.reload()
        expect(page.locator("section[aria-labelledby=about]")).not_to_contain_text(f"of {ROWS:,} entries")
        assert shown(everything) == (0, [])
        road.drain()
        expect(page.locator("section[aria-labelledby=found] [data-row]")).to_have_count(len(before.wakes))
        linked = {link.get_attribute("href") for link in page.locator("section[aria-labelledby=found] a.whole").all()}
        assert linked == {f"/reports/{report.report_id}" for report in before.wakes}
        is_as_wide_as_its_window(page)
        is_accessible(page)

        assert len(before.wakes) == 11
        for report in before.wakes:
            each_hit_says_all(page, live.url, report, called)
        page.goto(f"{live.url}/queue")
        expect(page.locator("main")).to_contain_text("that came later")
        page.goto(address)
    with signed_in(chromium, live.url, before.alice, size=TELEPHONE) as telephone:
        telephone.on("request", note)
        telephone.goto(address)
        is_as_wide_as_its_window(telephone)
    assert [found_in(report) for report in before.sleeps] == [[]] * ASLEEP
    nothing_was_shown(asked, everything)


def each_hit_says_all(page: Page, url: str, report: Receipt, called: str) -> None:
    """As it is kept for the court, and in words on the report's page."""
    ((list_name, version, day, kind, answer, distance, found_by),) = found_in(report)
    assert (list_name, version, day, found_by) == (called, VERSION, DAY, "re-check")
    assert answer == ("known" if kind == "bytes" else "looks-known")
    assert (0 < distance <= RADIUS_BUILT_FOR) if kind == "near" else distance == 0
    page.goto(f"{url}/reports/{report.report_id}")
    said = re.sub(r"\s+", " ", page.locator("main").evaluate("main => main.textContent"))
    assert f"“{called}”" in said
    assert f"Version {VERSION}, as of {SHOWN_DAY}" in said
    assert "Found on a list that came later" in said
    if kind == "near":
        assert f"{distance} of 256 bits differ" in said


def nothing_was_shown(asked: list[Request], everything: list[Receipt]) -> None:
    """No picture, film or sound was asked for but the house's own signs, and no look is recorded. Alice opened the reports'
    pages herself, after they had woken: their words.
    """
    media = {request.url for request in asked if request.resource_type in {"image", "media"}}
    assert [url for url in media if "/static/" not in url and not url.startswith("data:")] == []
    assert [request.url for request in asked if re.search(r"/(files|looks|items)/", request.url)] == []
    looks, views = shown(everything)
    assert looks == 0
    assert set(views) <= {"desk:report:viewed"}

"""The flood: one clip, passed on by people outraged by it; three of those who sent it have more.

Holds when the queue shows one line with a count, and the three stand out with their reasons. The submissions are files on a
disk, as a clearing house hands them over, and come in by `abhaya load`; the officer works in a real browser.
"""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from tests.browser import DESK, TELEPHONE, followed, is_accessible, is_as_wide_as_its_window, signed_in
from tests.factory import Person, make_officer, make_sender, make_unit, name

from abhaya.training.pictures import png

pytestmark = pytest.mark.browser

OUTRAGED = 240  # more than four pages of the queue
OTHERS = 4
REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<report><incidentSummary><incidentType>Child Pornography (possession, manufacture, and distribution)</incidentType>
<incidentDateTime>2026-02-03T04:05:06Z</incidentDateTime></incidentSummary>
<reporter><reportingPerson><email>trust@chat.example</email></reportingPerson></reporter>
<personOrUserReported><personOrUserReportedPerson><email>{email}</email></personOrUserReportedPerson></personOrUserReported>
{more}</report>"""
VICTIM = "<victim><victimPerson><email>{email}</email></victimPerson></victim>"
WORDS = "<additionalInfo>threatens to post</additionalInfo>"


def submitted(folder: Path, ref: str, *files: bytes, more: str = "") -> None:
    """One submission kept as files."""
    place = folder / ref
    place.mkdir()
    text = REPORT.format(email=f"{name('a')}@example.com", more=more.format(email=f"{name('v')}@example.com"))
    (place / "report.xml").write_text(text, encoding="utf-8")
    for number, content in enumerate(files, start=1):
        (place / f"{number}.png").write_bytes(content)


@pytest.fixture(scope="module")
def hub() -> UUID:
    return make_unit("hub")


@pytest.fixture(scope="module")
def asha(hub: UUID) -> Person:
    return make_officer(hub, "analyst", called="Asha")


@pytest.fixture(scope="module")
def flood(bench, hub, tmp_path_factory) -> str:
    """The name of the drop: its reports have come in and walked the road."""
    folder, mark = tmp_path_factory.mktemp("flood"), name("f")
    sender = make_sender(hub)
    clip, another = png(501, 200), png(502, 200)
    for number in range(OUTRAGED):
        submitted(folder, f"{mark}-{number}", clip)
    submitted(folder, f"{mark}-file", clip, another)
    submitted(folder, f"{mark}-child", clip, more=VICTIM)
    submitted(folder, f"{mark}-words", clip, more=WORDS)
    for number in range(OTHERS):
        submitted(folder, f"{mark}-other-{number}", png(510 + number, 200))
    done = bench.own().run("load", str(folder), "--sender", sender.name)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return mark


def lines(page: Page) -> list[str]:
    """What each line of the queue says."""
    return page.locator("[data-row]").all_inner_texts()


def test_one_line_with_a_count_and_three_that_stand_out_with_their_reasons(flood, asha, live, chromium):
    with signed_in(chromium, live.url, asha) as page:
        page.goto(f"{live.url}/queue")
        shown = lines(page)
        assert len(shown) == 1 + 3 + OTHERS, shown
        assert sum(f"{OUTRAGED} reports with the same file" in line for line in shown) == 1
        expect(page.get_by_role("link", name="Next rows")).to_have_count(0)
        for reason in ("1 of 2 files are new here", "this report tells of a child; identifiers given: 1", "threat"):
            assert sum(reason in line for line in shown) == 1, (reason, shown)
        is_as_wide_as_its_window(page)
        is_accessible(page)


def test_every_report_of_the_line_is_reached_one_by_one_with_the_keyboard_alone(flood, asha, live, chromium):
    with signed_in(chromium, live.url, asha) as page:
        page.goto(f"{live.url}/queue")
        page.get_by_role("link", name=f"{OUTRAGED} reports with the same file").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Reports with the same file")
        expect(page.locator("section[aria-labelledby=alone] [data-row]")).to_have_count(1)
        is_accessible(page)
        found: list[str] = []
        while True:
            links = page.locator("section[aria-labelledby=folded] a.whole")
            found += [links.nth(at).get_attribute("href") or "" for at in range(links.count())]
            if not page.locator("a[rel=next]").count():
                break
            followed(page, "a[rel=next]")
        assert len(found) == len(set(found)) == OUTRAGED + 1, "the one with words of its own is among them"
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/reports/"))
        expect(page.locator("header a.tag, main a.tag").filter(has_text="or one that looks alike")).to_have_attribute(
            "href", re.compile("/queue/together/")
        )
        is_as_wide_as_its_window(page)
        is_accessible(page)
        followed(page, "form[action$=release] button")


def test_on_a_telephone_in_hindi_it_is_one_line_too(flood, asha, live, chromium):
    with signed_in(chromium, live.url, asha, size=TELEPHONE) as page:
        page.goto(f"{live.url}/queue")
        followed(page, "button[name=language][value=hi]")
        expect(page.get_by_role("link", name=f"इसी फ़ाइल वाली {OUTRAGED} रिपोर्टें")).to_be_visible()
        assert len(lines(page)) == 1 + 3 + OTHERS
        is_as_wide_as_its_window(page)
        is_accessible(page)
        page.get_by_role("link", name=f"इसी फ़ाइल वाली {OUTRAGED} रिपोर्टें").click()
        page.wait_for_url(re.compile("/together/"))
        is_as_wide_as_its_window(page)
        is_accessible(page)
        followed(page, "button[name=language][value=en]")
        page.set_viewport_size(DESK)
        is_as_wide_as_its_window(page)


def test_another_unit_sees_nothing_of_it(flood, live, chromium, asha):
    with signed_in(chromium, live.url, asha) as page:
        page.goto(f"{live.url}/queue")
        address = page.locator("div.together a").first.get_attribute("href")
    charlie = make_officer(make_unit("hub"), "analyst", called="Charlie")
    with signed_in(chromium, live.url, charlie) as page:
        page.goto(f"{live.url}/queue")
        assert lines(page) == []
        page.goto(f"{live.url}{address}")
        expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here for you.")

"""Second person, emergency access and their reviews in a real browser: both languages, desk and telephone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser import DESK, TELEPHONE, followed, is_accessible, is_as_wide_as_its_window, signed_in
from tests.desk.world import Desk, a_threat
from tests.factory import make_officer

from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import value

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk() -> Desk:
    made = Desk()
    made.eve = make_officer(made.unit, "auditor", called="Eve")
    made.threat = made.report(**a_threat())
    return made


def test_a_childs_name_is_seen_by_two_people_both_recorded(desk, live, chromium):
    """Journey 4's end, by hand: Alice asks, Bob grants, Alice sees it once."""
    with signed_in(chromium, live.url, desk.alice) as page:
        page.goto(f"{live.url}/reports/{desk.threat}")
        page.locator("a[href$='/identity']").first.click()
        page.fill("textarea[name=purpose]", "The mother must be called before anybody else calls her")
        page.click("button[value=ask]")
        expect(page.locator(".tag.warn").first).to_be_visible()
        is_accessible(page)
    with signed_in(chromium, live.url, desk.bob, size=TELEPHONE) as page:
        page.goto(f"{live.url}/second-person")
        page.locator("[data-row] a.whole").first.click()
        page.check("input[value=granted]")
        page.fill("textarea[name=reason]", "I know the case and agree with it")
        page.click("main button.main")
        expect(page.locator(".message.success")).to_be_visible()
    with signed_in(chromium, live.url, desk.alice) as page:
        page.goto(f"{live.url}/second-person")
        page.click("main a.button.main")
        page.click("button[value=show]")
        expect(page.locator("main")).to_contain_text("Hidden t-")
        page.goto(f"{live.url}/reports/{desk.threat}")
        expect(page.locator("main")).not_to_contain_text("Hidden t-")
    with on_the_road("test"):
        both = value(
            "select array_agg(distinct actor_name order by actor_name) from ledger_entry where subject_id = %s"
            " and event in ('access:approval:decided', 'desk:identity:shown')", [desk.threat],
        )  # fmt: skip
    assert both == ["Alice", "Bob"]


def test_in_the_night_charlie_opens_it_alone_and_alice_reviews_it(desk, live, chromium):
    with on_the_road("test"):
        number = str(value("select number from intake_report where id = %s", [desk.threat]))
    with signed_in(chromium, live.url, desk.charlie, size=TELEPHONE) as page:
        page.goto(f"{live.url}/emergency")
        page.fill("input[name=reference]", number)
        page.fill("textarea[name=reason]", "Their line is dead and the child is at our station")
        page.check("input[name=understood]")
        page.click("main button.main")
        page.wait_for_url(re.compile("/reports/"))
        expect(page.locator(".message.warning").first).to_be_visible()
        is_as_wide_as_its_window(page)
    with signed_in(chromium, live.url, desk.alice) as page:
        page.goto(f"{live.url}/desk")
        page.locator("a[href^='/emergencies/']").first.click()
        page.check("input[value=justified]")
        page.fill("textarea[name=words]", "I telephoned the station: it was as they wrote")
        page.click("main button.main")
        expect(page.locator(".tag.good").first).to_be_visible()


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_every_page_fits_reads_and_is_named(desk, live, chromium, size, language):
    with on_the_road("test"):
        item = value("select item_id from intake_original where report_id = %s", [desk.threat])
    pages = {
        desk.alice: (
            "/second-person", "/emergencies", "/emergency", "/search?q=a%40example.com", "/actions-taken",
            f"/reports/{desk.threat}/identity", f"/items/{item}/text", f"/items/{item}/whole",
        ),
        desk.sita: ("/ledger/audited", "/ledger/audited?show=administration"),
        desk.eve: ("/emergencies",),
    }  # fmt: skip
    for person, addresses in pages.items():
        with signed_in(chromium, live.url, person, size=size) as page:
            page.goto(live.url + addresses[0])
            if page.locator("html").get_attribute("lang") != language:
                followed(page, f"button[name=language][value={language}]")
            for address in addresses:
                page.goto(live.url + address)
                assert page.locator("html").get_attribute("lang") == language
                assert page.locator("h1").count() == 1
                is_as_wide_as_its_window(page)
                is_accessible(page)

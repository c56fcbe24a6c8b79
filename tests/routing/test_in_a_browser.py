"""Referrals in a real browser: at a desk and on a telephone, light and dark, in both languages; accepted by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser import DESK, TELEPHONE, followed, is_accessible, is_as_wide_as_its_window, signed_in
from tests.factory import make_officer
from tests.routing.conftest import Country, make_country

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world() -> Country:
    country = make_country()
    for number, lane in ((1, "normal"), (2, "imminent")):
        country.place(country.receive(country.upload(f"{country.jalgaon_range}{number}"), lane=lane))
    country.place(country.receive())
    return country


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_every_page_fits_and_is_accessible(world, live, chromium, size, scheme, language):
    hub = make_officer(world.hub, "analyst")
    district = make_officer(world.jalgaon, "officer")
    administrator = make_officer(world.hub, "administrator", called="Diya")
    walks = (
        (hub, ("/referrals/sent", "/referrals/sent?show=decided", "/referrals/nobodys", "/referrals/where", "/places?q=Aurangabad")),
        (district, ("/referrals", "/referrals?show=decided")),
        (administrator, ("/referrals/clocks",)),
    )  # fmt: skip
    for person, addresses in walks:
        with signed_in(chromium, live.url, person, size=size, scheme=scheme) as page:
            page.goto(live.url + addresses[0])
            if page.locator("html").get_attribute("lang") != language:
                followed(page, f"button[name=language][value={language}]")
            for address in addresses:
                page.goto(live.url + address)
                assert page.locator("html").get_attribute("lang") == language
                assert page.locator("h1").count() == 1
                is_as_wide_as_its_window(page)
                is_accessible(page)


def test_a_report_is_accepted_by_keyboard_from_the_inbox(world, live, chromium):
    country = make_country()
    country.place(country.receive(country.upload(country.jalgaon_range + "9")))
    with signed_in(chromium, live.url, make_officer(country.jalgaon, "officer")) as page:
        page.goto(f"{live.url}/referrals")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/reports/*")
        page.keyboard.press("a")
        expect(page.locator(".message.success")).to_contain_text("Accepted for Jalgaon Cyber")
        page.goto(f"{live.url}/queue")
        expect(page.locator("[data-row]")).to_have_count(1)


def test_the_forms_of_forwarding_and_returning_fit_and_work_without_scripts(world, live, chromium):
    country = make_country()
    receipt = country.receive(country.upload(country.jalgaon_range + "9"))
    country.place(receipt)
    with signed_in(chromium, live.url, make_officer(country.jalgaon, "officer"), size=TELEPHONE, scripts=False) as page:
        page.goto(f"{live.url}/referrals")
        page.click("text=Return …")
        page.fill("textarea[name=reason]", "The subscriber lives in another district.")
        page.click("button.main")
        expect(page.locator(".message.success")).to_contain_text("Returned to")
    with signed_in(chromium, live.url, make_officer(country.hub, "analyst"), size=TELEPHONE, scripts=False) as page:
        page.goto(f"{live.url}/reports/{receipt.report_id}/forward")
        page.select_option("select[name=unit]", str(country.patna))
        page.fill("textarea[name=note]", "Said on the telephone.")
        page.click("button.main")
        expect(page.locator(".message.success")).to_contain_text("Forwarded.")
        expect(page.locator("[data-row]")).to_have_count(1)

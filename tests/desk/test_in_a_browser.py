"""The desk in a real browser: on a desk and on a telephone, light and dark, in both languages, with the keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser import DESK, TELEPHONE, followed, is_accessible, is_as_wide_as_its_window, signed_in
from tests.desk.world import Desk, a_threat

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk() -> Desk:
    made = Desk()
    made.report(files=(), texts=())
    made.threat = made.report(**a_threat(), held=[b"arithmetic"])
    return made


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_every_page_fits_reads_and_is_named(desk, live, chromium, size, scheme, language):
    with signed_in(chromium, live.url, desk.alice, size=size, scheme=scheme) as page:
        page.goto(f"{live.url}/desk")
        if page.locator("html").get_attribute("lang") != language:
            followed(page, f"button[name=language][value={language}]")
        for address in (
            "/desk",
            "/queue",
            "/queue?lane=thin",
            f"/reports/{desk.threat}",
            f"/reports/{desk.threat}/decide",
            "/search?q=x%40example.com",
            "/nothing-here",
        ):
            page.goto(live.url + address)
            assert page.locator("html").get_attribute("lang") == language
            assert page.locator("h1").count() == 1
            is_as_wide_as_its_window(page)
            is_accessible(page)


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_an_empty_desk_says_so(desk, live, chromium, size):
    with signed_in(chromium, live.url, desk.charlie, size=size) as page:
        for address in ("/desk", "/queue"):
            page.goto(live.url + address)
            expect(page.locator(".empty h2").first).to_be_visible()
            is_as_wide_as_its_window(page)
            is_accessible(page)


def test_the_keyboard_alone_is_enough(desk, live, chromium):
    with signed_in(chromium, live.url, desk.alice) as page:
        page.goto(f"{live.url}/queue")
        page.keyboard.press("Tab")
        expect(page.locator(".skip-link")).to_be_focused()
        page.keyboard.press("j")
        expect(page.locator("[data-row] a.whole").nth(0)).to_be_focused()
        page.keyboard.press("j")
        expect(page.locator("[data-row] a.whole").nth(1)).to_be_focused()
        page.keyboard.press("k")
        expect(page.locator("[data-row] a.whole").nth(0)).to_be_focused()
        page.keyboard.press("Shift+?")
        expect(page.locator("dialog#keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("dialog#keys")).to_be_hidden()
        page.keyboard.press("/")
        expect(page.locator("#find")).to_be_focused()
        page.locator("[data-row] a.whole").nth(0).focus()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/reports/"))
        page.keyboard.press("a" if page.locator("a[data-key=a]").count() else "r")
        expect(page.locator("dialog#decide")).to_be_visible()
        is_accessible(page)
        page.keyboard.press("Escape")
        expect(page.locator("dialog#decide")).to_be_hidden()


def test_keys_stay_out_of_what_one_types(desk, live, chromium):
    with signed_in(chromium, live.url, desk.alice) as page:
        page.goto(f"{live.url}/queue")
        page.fill("#find", "")
        page.locator("#find").press_sequentially("jack/?")
        assert page.input_value("#find") == "jack/?"
        expect(page.locator("dialog#keys")).to_be_hidden()


def test_it_works_without_scripts(desk, live, chromium):
    report = desk.report(**a_threat())
    with signed_in(chromium, live.url, desk.bob, scripts=False) as page:
        page.goto(f"{live.url}/reports/{report}")
        page.click("a[href$='/decide']")
        page.wait_for_url(re.compile("/decide$"))
        page.check("input[value=work]")
        page.fill("textarea[name=reason]", "Nothing in scripts is needed for this.")
        page.click("main button.main")
        page.wait_for_url(re.compile("/queue$"))
        expect(page.locator(".message")).to_be_visible()


def test_the_menu_closes_when_one_goes_elsewhere(desk, live, chromium):
    with signed_in(chromium, live.url, desk.alice, size=TELEPHONE) as page:
        page.goto(f"{live.url}/desk")
        page.click(".phone-bar summary")
        expect(page.locator(".sheet-up")).to_be_visible()
        is_accessible(page)
        page.keyboard.press("Escape")
        expect(page.locator(".sheet-up")).to_be_hidden()
        page.click("summary.me")
        expect(page.locator("form[action$=sign-out] button")).to_be_visible()
        page.click("h2#next")
        expect(page.locator("form[action$=sign-out] button")).to_be_hidden()


def test_printed_it_is_the_report_and_nothing_else(desk, live, chromium):
    with signed_in(chromium, live.url, desk.alice) as page:
        page.goto(f"{live.url}/reports/{desk.threat}")
        page.emulate_media(media="print")
        for gone in (".bar", ".rail", ".actions"):
            expect(page.locator(gone).first).to_be_hidden()
        expect(page.locator("h1")).to_be_visible()

"""The first morning in a real browser, on a desk and on a telephone, in both languages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

pytestmark = pytest.mark.browser

DESK, TELEPHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def looked_at(page: Page, complaints: list[str]) -> None:
    """At both widths: nothing sticks out sideways, nothing the page's own policy refused."""
    for size in (TELEPHONE, DESK):
        page.set_viewport_size(size)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider} px too wide at {size['width']}"
    refused = [line for line in complaints if "Content Security Policy" in line or "Refused" in line]
    assert refused == []


def send(page: Page, **fields: str) -> None:
    for field, text in fields.items():
        page.fill(f"[name={field}]", text)
    page.click("main button.main")
    page.wait_for_load_state()


def secret_on(page: Page) -> str:
    page.click("main summary")
    return page.inner_text(".secret").replace(" ", "")


def test_the_first_administrator_and_the_first_officer(fresh_database, chromium, tmp_path):
    url = fresh_database.serve()
    complaints: list[str] = []
    page = chromium.new_page(viewport=DESK)
    page.on("console", lambda line: complaints.append(line.text))
    page.on("pageerror", lambda error: complaints.append(f"Refused: {error}"))

    page.goto(url)
    assert page.url.endswith("/setup")
    looked_at(page, complaints)
    mine = "four words of mine"
    send(page, unit_name="Jalgaon Cyber", unit_name_hi="जलगाँव साइबर", unit_code="JAL", name="Asha Udaharan",
         username="asha", password=mine, again=mine)  # fmt: skip
    assert page.url.endswith("/sign-in/telephone")
    looked_at(page, complaints)
    send(page, code=pyotp.TOTP(secret_on(page)).now())
    assert page.locator(".codes li").count() == 10
    looked_at(page, complaints)
    page.click("main a.main")

    page.goto(url + "/officers/add")
    send(page, name="Insp. A. Kale", username="a.kale")
    lent = page.inner_text(".secret")
    page.click("header form button[name=language]")
    page.wait_for_load_state()
    for address in ("/units", "/units/add", "/units/import", "/officers", "/account", "/account/password"):
        page.goto(url + address)
        assert page.evaluate("document.documentElement.lang") == "hi"
        looked_at(page, complaints)

    officer = chromium.new_page(viewport=TELEPHONE)
    officer.goto(url + "/account")
    send(officer, username="a.kale", password="not the one")
    assert officer.locator("[role=alert]").is_visible()
    send(officer, username="a.kale", password=lent)
    send(officer, code=pyotp.TOTP(secret_on(officer)).now())
    officer.click("main a.main")
    officer.wait_for_load_state()
    assert officer.url.endswith("/account/password")
    send(officer, old=lent, password="words of my very own", again="words of my very own")
    officer.goto(url + "/account")
    assert "a.kale" in officer.inner_text("main")
    officer.goto(url + "/officers")
    assert "403" in officer.inner_text("main")
    page.close()
    officer.close()

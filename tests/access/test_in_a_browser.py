"""The first morning in a real browser, on a desk and on a telephone, in both languages."""

from __future__ import annotations

import pyotp
import pytest
from playwright.sync_api import Page, expect
from tests.browser import DESK, TELEPHONE, followed

pytestmark = pytest.mark.browser


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
    followed(page, "main button.main")


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
    followed(page, "main a.main")

    page.goto(url + "/officers/add")
    send(page, name="Insp. A. Kale", username="a.kale")
    lent = page.inner_text(".secret")
    followed(page, "header form button[name=language]")
    for address in ("/units", "/units/add", "/units/import", "/officers", "/account", "/account/password"):
        page.goto(url + address)
        assert page.evaluate("document.documentElement.lang") == "hi"
        looked_at(page, complaints)

    officer = chromium.new_page(viewport=TELEPHONE)
    officer.goto(url + "/account")
    send(officer, username="a.kale", password="not the one")
    expect(officer.locator("[role=alert]")).to_be_visible()
    send(officer, username="a.kale", password=lent)
    send(officer, code=pyotp.TOTP(secret_on(officer)).now())
    followed(officer, "main a.main")
    assert officer.url.endswith("/account/password")
    send(officer, old=lent, password="words of my very own", again="words of my very own")
    officer.goto(url + "/account")
    assert "a.kale" in officer.inner_text("main")
    officer.goto(url + "/officers")
    assert "403" in officer.inner_text("main")
    page.close()
    officer.close()

"""Journey 2, first morning: a small unit with no internet unpacks, runs one command, makes the first administrator on a page
with a passkey, imports units and officers from CSV, runs `abhaya check`. No secret is printed.
"""

from __future__ import annotations

import os
import re
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.browser import DESK, TELEPHONE, is_as_wide_as_its_window
from tests.server import free_port
from tests.tls import HOST, browser_that_finds, certificate_in, with_authenticator

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECONDS_MAX = 90
UNITS = "code,name,name_hi,kind,parent_code\nMH,Maharashtra Cyber,महाराष्ट्र साइबर,state,HUB\nMH-JAL,Jalgaon Cyber,जलगाँव साइबर,district,MH\n"
OFFICERS = (
    "username,name,unit,roles,language\na.kale,Insp. A. Kale,MH-JAL,officer supervisor,hi\n"
    "r.shah,SI R. Shah,MH-JAL,officer,en\nx.y,Nobody,MH-NOWHERE,officer,en\n"
)
MINE, OWN = "four words of mine", "words of my very own"


class Morning:
    """`abhaya up` on a fresh data folder, and the browser in front of it."""

    def __init__(self, folder: Path, browser: Browser, environment: dict[str, str]) -> None:
        self.data, self.browser, self.port = folder / "data", browser, free_port()
        self.url = f"https://{HOST}:{self.port}"
        plain = {name: text for name, text in os.environ.items() if not name.startswith("ABHAYA_")}
        self.environment = {**plain, "ABHAYA_DATA": str(self.data), "ABHAYA_LOG": "DEBUG", **environment}
        self.log = folder / "up.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "abhaya.cli", "up", "--port", str(self.port)],
                env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        self.secrets: list[str] = []

    def wait(self) -> None:
        until, unverified = time.monotonic() + SECONDS_MAX, ssl._create_unverified_context()
        while True:
            try:
                urllib.request.urlopen(f"https://127.0.0.1:{self.port}/", timeout=10, context=unverified).close()
            except urllib.error.HTTPError as answer:
                answer.close()
                return
            except OSError:
                assert time.monotonic() < until, self.log.read_text(errors="replace")[-3000:]
                assert self.process.poll() is None, self.log.read_text(errors="replace")[-3000:]
                time.sleep(0.1)
                continue
            return

    def page(self, size: dict[str, int]) -> Page:
        page = with_authenticator(self.browser.new_context(viewport=size, locale="en-IN").new_page())
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    complaints: list[str] = []

    def check(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "abhaya.cli", "check"],
            env=self.environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip


@pytest.fixture
def morning(chromium, tmp_path) -> Iterator[Morning]:
    certificate = certificate_in(tmp_path)
    with browser_that_finds(chromium, certificate) as browser:
        morning = Morning(tmp_path, browser, certificate.environment)
        try:
            yield morning
        finally:
            morning.process.terminate()
            morning.process.wait(SECONDS_MAX)


def send(page: Page, **fields: str) -> None:
    is_as_wide_as_its_window(page)
    for field, text in fields.items():
        page.fill(f"main [name={field}]", text)
    page.click("main button.main")
    page.wait_for_load_state()


def take_codes(page: Page) -> list[str]:
    page.wait_for_selector(".codes li")
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    page.click("main a.main")
    page.wait_for_load_state()
    return codes


def take_in(page: Page, address: str, file: Path, content: str) -> str:
    file.write_text(content, encoding="utf-8")
    page.goto(address)
    page.set_input_files("[name=file]", file)
    page.click("main button.main")
    page.wait_for_selector("[role=status]")
    is_as_wide_as_its_window(page)
    return page.inner_text("main")


def test_the_first_morning_of_a_small_unit(morning, tmp_path):
    morning.wait()
    page = morning.page(DESK)
    page.goto(morning.url)
    assert page.url.endswith("/setup")
    code = (morning.data / "secrets/setup-code").read_text().strip()  # the page says where it lies
    assert "secrets/setup-code" in page.inner_text("main")
    send(page, code=code)
    send(
        page,
        unit_name="National Desk",
        unit_code="HUB",
        name="Asha Udaharan",
        username="asha",
        password=MINE,
        again=MINE,
    )
    send(page, called="desk computer")  # the passkey: nothing was scanned, nothing typed
    morning.secrets += [code, MINE, *take_codes(page)]

    said = take_in(page, f"{morning.url}/units/import", tmp_path / "units.csv", UNITS)
    assert re.search(r"Added\s*2", said)
    said = take_in(page, f"{morning.url}/officers/import", tmp_path / "officers.csv", OFFICERS)
    assert re.search(r"Added\s*2", said)
    assert "no unit with the code “MH-NOWHERE”" in said
    lent = dict(zip(("a.kale", "r.shah"), page.locator(".slips .secret").all_inner_texts(), strict=True))
    morning.secrets += lent.values()

    officer = morning.page(TELEPHONE)
    officer.goto(f"{morning.url}/account")
    send(officer, username="a.kale", password=lent["a.kale"])
    send(officer, called="मेरा फ़ोन")
    morning.secrets += take_codes(officer)
    assert officer.url.endswith("/account/password")
    assert officer.evaluate("document.documentElement.lang") == "hi"
    send(officer, old=lent["a.kale"], password=OWN, again=OWN)
    morning.secrets.append(OWN)

    page.goto(f"{morning.url}/account")
    morning.secrets += [cookie["value"] for cookie in page.context.cookies()]
    page.click("header summary")
    page.click("text=Sign out")
    page.wait_for_url("**/sign-in")
    send(page, username="asha", password=MINE)
    send(page)  # the passkey again
    page.wait_for_url(re.compile(r":\d+/(?!sign-in)"))
    page.goto(f"{morning.url}/account/sessions")
    assert page.locator("[data-row]").count() == 1

    checked = morning.check()
    assert checked.returncode == 0, checked.stdout + checked.stderr
    printed = checked.stdout + checked.stderr + morning.log.read_text(errors="replace")
    printed += "".join(path.read_text(errors="replace") for path in morning.data.rglob("*.log"))
    assert len(morning.secrets) > 25
    assert [secret for secret in morning.secrets if secret in printed] == []
    assert [line for line in morning.complaints if "Failed to load resource" not in line] == []

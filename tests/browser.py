"""A real browser for tests: signed in as somebody, at a desk or on a telephone, and looked at with axe."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.factory import Person, browser_of

DESK, TELEPHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
AXE = Path(__file__).parents[1] / "node_modules/axe-core/axe.min.js"
EXPECTED_WITHIN_MS = 30_000  # a busy machine answers late; what is expected comes all the same, or never
expect.set_options(timeout=EXPECTED_WITHIN_MS)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def chromium_started() -> Iterator[Browser]:
    # Playwright's own loop runs in this thread, between its calls only: Django's guard against loops does not apply.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def signed_in(
    browser: Browser,
    url: str,
    person: Person | None,
    *,
    size: dict[str, int] = DESK,
    scheme: str = "light",
    scripts: bool = True,
) -> Iterator[Page]:
    """A page of a browser of their own, which complains at the end of whatever its own policy refused."""
    context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=scripts, locale="en-IN")
    page = context.new_page()
    if person is not None:
        agent = page.evaluate("navigator.userAgent")
        session = browser_of(person, HTTP_USER_AGENT=agent).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    ours = [line for line in complaints if "Failed to load resource" not in line]
    assert ours == []


def followed(page: Page, selector: str) -> None:
    """Clicks what leads to another page, or to this one again, and waits until that is there. A page's load state alone
    says nothing: the old one has loaded already.
    """
    with page.expect_navigation():
        page.click(selector)


def is_as_wide_as_its_window(page: Page) -> None:
    page.wait_for_load_state()
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} px too wide at {page.viewport_size}"


def is_accessible(page: Page) -> None:
    """No complaint of axe-core, at WCAG 2.2 AA and its own best practice. The whole page at once: what a bar that stands
    at the window's edge covers for the moment is not out of reach.
    """
    page.wait_for_load_state()
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size(
        {"width": size["width"], "height": page.evaluate("document.documentElement.scrollHeight + 200")}
    )
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})", RULES
    )
    page.set_viewport_size(size)
    said = [
        f"{violation['id']}: {violation['help']} — {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]
    assert said == [], f"{page.url}\n" + "\n".join(said)

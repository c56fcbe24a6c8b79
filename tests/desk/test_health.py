"""The health page: what `abhaya check --quick` says, for who keeps the installation running; and one word for a load balancer."""

from __future__ import annotations

import os

import pytest
from django.test import Client
from tests.browser import DESK, TELEPHONE, followed, is_accessible, is_as_wide_as_its_window, signed_in
from tests.factory import browser_of, make_officer, make_unit

from abhaya.journey import CHECKS
from abhaya.shared.checks import Check, bad, ok, set_checks, warn


def test_an_administrator_sees_every_quick_check_in_words_in_both_languages():
    administrator = browser_of(make_officer(make_unit("hub"), "administrator"))
    page = administrator.get("/health").content.decode()
    for check in CHECKS:
        assert (check.label[0].replace("’", "’") in page) == check.quick, check.name
    assert "PostgreSQL" in page and "{" not in page.split("<tbody>")[1].split("</tbody>")[0]
    administrator.post("/language", {"language": "hi", "next": "/health"})
    page = administrator.get("/health").content.decode()
    assert "डेटाबेस का संस्करण" in page and "PostgreSQL" in page


def test_what_is_bad_stands_first_and_a_check_that_breaks_is_a_finding():
    def broken():
        raise OSError("a path that nobody should read")

    administrator = browser_of(make_officer(make_unit("hub"), "administrator"))
    set_checks(
        [
            Check("a", ("Well", "ठीक"), lambda: ok("queue-empty")),
            Check("b", ("Look", "देखें"), lambda: warn("backup-never")),
            Check("c", ("Broken", "टूटा"), broken),
            Check("d", ("Bad", "बुरा"), lambda: bad("certificate-ended")),
        ]
    )
    try:
        page = administrator.get("/health").content.decode()
    finally:
        set_checks(CHECKS)
    assert page.index("Broken") < page.index("Bad") < page.index("Look") < page.rindex("Well")
    assert "Something must be put right now" in page
    assert "could not be checked (OSError)" in page and "a path that nobody should read" not in page


def test_officers_who_do_not_keep_it_running_do_not_see_it():
    officer = browser_of(make_officer(make_unit("district"), "officer", "supervisor"))
    assert officer.get("/health").status_code == 403


def test_a_load_balancer_learns_up_and_nothing_else():
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"up\n")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_page_fits_and_reads_at_a_desk_and_on_a_telephone(live, chromium, size, language):
    administrator = make_officer(make_unit("hub"), "administrator")
    with signed_in(chromium, live.url, administrator, size=size) as page:
        page.goto(f"{live.url}/health")
        if page.locator("html").get_attribute("lang") != language:
            followed(page, f"button[name=language][value={language}]")
        page.goto(f"{live.url}/health")
        assert page.locator("html").get_attribute("lang") == language
        is_as_wide_as_its_window(page)
        is_accessible(page)
        if os.environ.get("SHOTS"):
            page.screenshot(path=f"{os.environ['SHOTS']}/health-{size['width']}-{language}.png", full_page=True)

"""The gazetteer's page answers one question, says on what it stands, and keeps nothing of what was asked."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from tests.factory import browser_of, make_officer, make_unit

from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import value


@pytest.fixture
def browser():
    return browser_of(make_officer(make_unit("district"), "officer"))


def entries() -> int:
    with on_the_road("test:places"):
        return int(value("select count(*) from ledger_entry"))


def asked(browser, **query) -> str:
    page = browser.get(reverse("places-gazetteer"), query)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Pune", "Pune, Maharashtra IN-27-490"),
        ("पुणे", "IN-27-490"),
        ("Aurangabad", "several places are called “Aurangabad”"),
        ("411001", "PIN 411001 belongs to Maharashtra"),
        ("+919000000077", "India IN"),
        ("10.1.2.3", "an address of a private network (RFC 1918)"),
        ("Germany", "Germany DE"),
        ("<script>alert(1)</script>", "No place can be said."),
    ],
)
def test_it_answers_and_says_why(browser, question, expected):
    assert expected in asked(browser, q=question)


def test_it_says_what_it_stands_on(browser):
    page = asked(browser)
    assert "Local Government Directory" in page
    assert "Government Open Data License" in page
    assert "What units have taken in" in page


def test_a_time_that_is_none_is_refused_and_nothing_asked_is_kept(browser):
    assert browser.get(reverse("places-gazetteer"), {"q": "Pune", "at": "yesterday"}).status_code == 422
    before = entries()
    asked(browser, q="Pune")
    assert entries() == before


def test_who_has_no_business_here_is_kept_out():
    auditor = browser_of(make_officer(make_unit("hub"), "auditor"))
    assert auditor.get(reverse("places-gazetteer")).status_code == 403
    assert browser_of(None).get(reverse("places-gazetteer")).status_code == 302

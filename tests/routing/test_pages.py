"""The pages of referrals, as an officer uses them: in both languages, and closed to who has no need to know."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.factory import browser_of, make_officer
from tests.routing.conftest import events

from abhaya.routing import queries
from abhaya.shared.identity import acting, on_the_road

WHY = "The subscriber lives in another district."


@pytest.fixture
def forwarded(country):
    receipt = country.receive(country.upload(country.jalgaon_range + "7"))
    country.place(receipt)
    with on_the_road("test:routing"):
        [referral] = queries.history(receipt.report_id)
    return country, receipt, referral


def officer(unit, *roles, called="Alice"):
    return make_officer(unit, *roles, called=called)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def in_hindi(browser):
    assert browser.post(reverse("web-language"), {"language": "hi", "next": "/"}).status_code == 302
    return browser


def test_the_inbox_shows_title_place_why_and_clock_and_accepts(forwarded):
    country, receipt, referral = forwarded
    browser = browser_of(officer(country.jalgaon, "officer"))
    page = browser.get(reverse("routing-inbox"))
    shown = text(page)
    assert page.status_code == 200
    assert "1 waiting" in shown
    assert "upload address, fixed line" in shown
    assert "due in 2 days 23 h" in shown
    answer = browser.post(reverse("routing-accept", args=[referral.id]))
    assert answer.headers["Location"] == reverse("desk-report", args=[receipt.report_id])
    assert events(receipt)[-1] == "routing:referral:accepted"
    decided = text(browser.get(reverse("routing-inbox"), {"show": "decided"}))
    assert "accepted" in decided
    again = browser.post(reverse("routing-accept", args=[referral.id]))
    assert again.status_code == 409
    assert "Alice has accepted this report already" in text(again)


def test_the_inbox_speaks_hindi(forwarded):
    country, _receipt, _referral = forwarded
    shown = text(in_hindi(browser_of(officer(country.jalgaon, "officer"))).get(reverse("routing-inbox")))
    assert "आपकी इकाई को भेजी गईं" in shown
    assert "सूचित व्यक्ति का स्थान: अपलोड पता, स्थिर लाइन" in shown


def test_a_return_asks_for_a_reason_and_says_what_follows(forwarded):
    country, receipt, referral = forwarded
    browser = browser_of(officer(country.jalgaon, "officer"))
    address = reverse("routing-return", args=[referral.id])
    assert "will no longer see the report" in text(browser.get(address))
    assert browser.post(address, {"reason": "no"}).status_code == 422
    assert browser.post(address, {"reason": WHY}).status_code == 302
    hub = browser_of(officer(country.hub, "analyst"))
    assert WHY in text(hub.get(reverse("routing-outbox"), {"show": "decided"}))
    gone = text(browser.get(reverse("routing-inbox"), {"show": "decided"}))
    assert "no longer open to your unit" in gone
    assert browser.get(reverse("desk-report", args=[receipt.report_id])).status_code == 404


def test_nobodys_reports_are_forwarded_by_hand_with_the_proposed_unit_first(country):
    receipt = country.receive()
    country.place(receipt)
    browser = browser_of(officer(country.hub, "analyst"))
    shown = text(browser.get(reverse("routing-nobodys")))
    assert "nothing in the report points to a place" in shown
    address = reverse("routing-forward", args=[receipt.report_id])
    assert "Patna Cyber" in text(browser.get(address))
    assert browser.post(address, {"unit": str(uuid4()), "note": ""}).status_code == 422
    assert browser.post(address, {"unit": str(country.patna), "note": "Said on the telephone."}).status_code == 302
    sent = text(browser.get(reverse("routing-outbox")))
    assert "Patna Cyber" in sent
    assert "Said on the telephone." in sent
    refused = browser.post(address, {"unit": str(country.patna), "note": ""})
    assert refused.status_code == 422
    assert "is with Patna Cyber now" in text(refused)
    assert "Every report has an owner" in text(browser.get(reverse("routing-nobodys")))


def test_the_hub_reads_where_everything_is(forwarded):
    country, _receipt, _referral = forwarded
    shown = text(browser_of(officer(country.hub, "analyst")).get(reverse("routing-where")))
    assert "Maharashtra Cyber" in shown
    assert "Nothing stands with: Bihar Cyber" in shown


def test_a_long_list_goes_on_where_the_page_ended(country, monkeypatch):
    from abhaya.routing import pages

    monkeypatch.setattr(pages, "PAGE_ROWS", 2)
    monkeypatch.setattr(pages.page_of, "__kwdefaults__", {**pages.page_of.__kwdefaults__, "most": 2})
    country.place(*[country.receive(country.upload(f"{country.jalgaon_range}{number}")) for number in (1, 2, 3)])
    browser = browser_of(officer(country.jalgaon, "officer"))
    first = browser.get(reverse("routing-inbox")).content.decode()
    rows = re.findall(r'class="whole" href="([^"]+)"', first)
    following = re.search(r'href="(\?after=[^"]+)"', first)[1]
    then = re.findall(
        r'class="whole" href="([^"]+)"', browser.get(reverse("routing-inbox") + following).content.decode()
    )
    assert (len(rows), len(then)) == (2, 1)
    assert not set(rows) & set(then)


def test_strangers_and_watchers_get_nothing(forwarded):
    country, receipt, referral = forwarded
    charlie = browser_of(officer(country.patna, "officer", called="Charlie"))
    assert "Nothing waits for your unit" in text(charlie.get(reverse("routing-inbox")))
    for address in (
        reverse("routing-return", args=[referral.id]),
        reverse("routing-return", args=[uuid4()]),
        reverse("routing-forward", args=[receipt.report_id]),
        reverse("routing-forward", args=[uuid4()]),
    ):
        assert charlie.get(address).status_code == 404
    for address in (reverse("routing-accept", args=[referral.id]), reverse("routing-accept", args=[uuid4()])):
        assert charlie.post(address).status_code == 404
    administrator = browser_of(officer(country.jalgaon, "administrator", called="Diya"))
    for name in ("routing-inbox", "routing-outbox", "routing-nobodys", "routing-where"):
        assert administrator.get(reverse(name)).status_code == 403
    assert browser_of(None).get(reverse("routing-inbox")).status_code == 302


def test_the_rail_counts_what_waits_for_the_unit(forwarded):
    country, _receipt, _referral = forwarded
    page = browser_of(officer(country.jalgaon, "officer")).get(reverse("routing-inbox")).content.decode()
    entry = re.search(f'href="{reverse("routing-inbox")}"[^>]*>.*?</a>', page, re.DOTALL)[0]
    assert re.search(r">\s*1\s*<", entry)


def test_an_administrator_sets_the_clocks(country):
    browser = browser_of(officer(country.hub, "administrator", called="Diya"))
    page = browser.get(reverse("routing-clocks"), {"unit": str(country.maharashtra)})
    assert page.status_code == 200
    assert browser.get(reverse("routing-clocks"), {"unit": "nonsense"}).status_code == 200
    given = {"unit": str(country.maharashtra), "imminent": "15", "normal": ""}
    assert browser.post(reverse("routing-clocks"), given).status_code == 302
    with acting(officer(country.hub, "analyst").id):
        assert queries.clocks()[country.maharashtra, "imminent"] == 15
    assert browser.post(reverse("routing-clocks"), given | {"imminent": "0"}).status_code == 422
    assert browser_of(officer(country.hub, "analyst")).get(reverse("routing-clocks")).status_code == 403


@pytest.mark.parametrize("name", ["routing-inbox", "routing-outbox", "routing-nobodys", "routing-where", "desk-home"])
def test_a_page_costs_a_bounded_number_of_queries(country, name, django_assert_max_num_queries):
    country.place(*[country.receive(country.upload(f"{country.jalgaon_range}{number:x}")) for number in range(1, 9)])
    for unit, role in ((country.hub, "analyst"), (country.jalgaon, "officer")):
        browser = browser_of(officer(unit, role))
        browser.get(reverse(name))
        with django_assert_max_num_queries(30):  # sign-in, the rail's counts and the page
            assert browser.get(reverse(name)).status_code == 200

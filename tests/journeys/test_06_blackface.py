"""Operation Blackface, first floor: old tips sent through many units, each accepted or returned with its reason, each
unit saying what it did.

Holds when the table of units opens to its records, and the hub and both units see the same history, each no more than
they may.
"""

from __future__ import annotations

import pytest
from tests.factory import browser_of, make_officer
from tests.routing.conftest import make_country

from abhaya.access.queries import signed_in
from abhaya.routing import actions, queries, taken
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value

TIPS = 8
NOT_HERE = "The subscriber moved to Patna in May; the operator's answer is with the diary."


@pytest.fixture
def country():
    return make_country()


@pytest.fixture
def old_tips(country):
    """Tips whose upload addresses all lie in Jalgaon's range, forwarded there by the hub's rule."""
    receipts = [country.receive(country.upload(f"{country.jalgaon_range}{number + 1}")) for number in range(TIPS)]
    country.place(*receipts)
    return receipts


def officer_of(unit, role="officer", called="Alice"):
    person = make_officer(unit, role, called=called)
    with acting(person.id, with_road=True):
        return person, signed_in(person.id)


def last(receipt, viewer):
    with acting(viewer.id, with_road=True):
        return queries.history(receipt.report_id)[-1]


def test_every_tip_has_an_owner_a_state_and_a_reason(country, old_tips):
    alice, jalgaon = officer_of(country.jalgaon)
    bob, patna = officer_of(country.patna, called="Bob")
    hub, analyst = officer_of(country.hub, "analyst", "Asha")
    *kept, moved = old_tips
    with acting(alice.id, with_road=True):
        for receipt in kept:
            actions.accept(queries.history(receipt.report_id)[-1].id, jalgaon)
        actions.return_(queries.history(moved.report_id)[-1].id, jalgaon, NOT_HERE)
    with acting(hub.id, with_road=True):
        actions.offer(moved.report_id, country.patna, analyst, "Returned by Jalgaon; see its reason.")
    with acting(bob.id, with_road=True):
        actions.accept(queries.history(moved.report_id)[-1].id, patna)

    done = [
        {"action": "registered", "fir_number": "0114/2026"},
        {"action": "registered", "fir_number": "0114/2026"},  # several tips, one FIR
        {"action": "not registered", "reason": "The account was opened with a stolen telephone."},
        {"action": "arrested", "fir_number": "0117/2026"},
        {"action": "pending"},
    ]
    browser = browser_of(alice)
    for receipt, values in zip(kept, done, strict=False):
        assert browser.post("/actions-taken", {"number": receipt.number, **values}).status_code == 302
    with acting(alice.id, with_road=True):
        counts = dict(taken.counts(taken.rows(country.jalgaon, *taken.month_of(""))))
    said = {english: number for (english, _), number in counts.items() if number}
    assert said == {
        "FIR registered": 2,
        "Not registered": 1,
        "Arrested": 1,
        "Pending": 1,
        "No answer yet": len(kept) - len(done),
    }

    assert [last(moved, viewer).state for viewer in (hub, bob)] == ["accepted", "accepted"]
    with acting(hub.id, with_road=True):
        history = [(one.state, one.reason) for one in queries.history(moved.report_id)]
    assert history == [("returned", NOT_HERE), ("accepted", "")]
    with acting(alice.id, with_road=True):  # Jalgaon keeps its own hand-over in view, and no more
        assert [one.state for one in queries.history(moved.report_id)] == ["returned"]
        assert value("select count(*) from intake_report where id = %s", [moved.report_id]) == 0
    with acting(bob.id, with_road=True):
        assert (
            value("select count(*) from intake_report where id = any(%s)", [[receipt.report_id for receipt in kept]])
            == 0
        )


def test_the_hubs_table_opens_to_its_records(country, old_tips):
    alice, jalgaon = officer_of(country.jalgaon)
    with acting(alice.id, with_road=True):
        for receipt in old_tips[:3]:
            actions.accept(queries.history(receipt.report_id)[-1].id, jalgaon)
    page = browser_of(make_officer(country.hub, "analyst")).get("/referrals/where")
    assert page.status_code == 200
    assert "Maharashtra Cyber" in page.content.decode()
    with on_the_road("test"):
        states = value(
            "select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) n from routing_referral"
            " where from_unit_id = %s group by state) s",
            [country.hub],
        )
    assert states == f"accepted 3, offered {TIPS - 3}"

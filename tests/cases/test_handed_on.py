"""Whenever whose a report is changes, it is held against the cases again: once for each unit, however often it comes by."""

from __future__ import annotations

import pytest
from tests.cases.world import as_, attach, hits, make_case, report_with, told, watch
from tests.factory import make_officer, make_unit, name

from abhaya.access.queries import signed_in
from abhaya.cases import queries
from abhaya.cases.actions import detach
from abhaya.intake import queries as intake
from abhaya.routing.actions import accept, offer, place_reports, return_
from abhaya.shared.identity import on_the_road
from abhaya.shared.road import drain, passed

WHY = "The subscriber lives in another district."


@pytest.fixture
def alice():
    """Of a hub that has a case of its own, and receives the report."""
    return make_officer(make_unit("hub", duty_contact="the hub"), "analyst", "officer")


@pytest.fixture
def bob():
    return make_officer(make_unit(duty_contact="desk two"), "analyst", "officer", called="Bob")


@pytest.fixture
def email():
    return f"{name('held')}@example.com"


@pytest.fixture
def case(alice, email):
    case = make_case(alice)
    watch(alice, case, email)
    return case


@pytest.fixture
def report(alice, email, case):
    """Received by the hub and walked to the end of the road: the hub's own, so that there is nobody to talk to."""
    receipt = report_with(email, alice.unit)
    drain()
    assert hits(alice, case) == []
    return receipt.report_id


def forwarded(report, officer, unit):
    with as_(officer):
        referral = offer(report, unit, signed_in(officer.id))
    drain()
    return referral


def reads(officer, report) -> bool:
    with as_(officer):
        return intake.report(report) is not None


def units(officer, case) -> list[str]:
    return [hit.contact for hit in hits(officer, case)]


def test_a_report_forwarded_by_hand_is_held_against_the_cases_of_the_hub_that_forwards_it(alice, bob, case, report):
    forwarded(report, alice, bob.unit)
    assert units(alice, case) == ["desk two"]
    assert [one.officer for one in told(bob, report)] == ["Alice"]


def test_accepting_it_tells_nobody_a_second_time(alice, bob, case, report):
    referral = forwarded(report, alice, bob.unit)
    with as_(bob):
        accept(referral, signed_in(bob.id))
    drain()
    assert units(alice, case) == ["desk two"]
    assert len(told(bob, report)) == 1


def test_returned_and_forwarded_to_another_unit_the_case_hears_of_that_one_too(alice, bob, case, report):
    referral = forwarded(report, alice, bob.unit)
    with as_(bob):
        return_(referral, signed_in(bob.id), WHY)
    drain()
    assert units(alice, case) == ["desk two"]
    frank = make_officer(make_unit(duty_contact="desk three"), "analyst", "officer", called="Frank")
    forwarded(report, alice, frank.unit)
    assert sorted(units(alice, case)) == ["desk three", "desk two"]
    assert [one.officer for one in told(frank, report)] == ["Alice"]
    assert told(bob, report) == []


def test_a_report_returned_is_held_against_the_cases_of_the_unit_that_returned_it(alice, bob, email, report):
    referral = forwarded(report, alice, bob.unit)
    theirs = make_case(bob)
    watch(bob, theirs, email)
    drain()
    assert hits(bob, theirs) == []
    with as_(bob):
        return_(referral, signed_in(bob.id), WHY)
    drain()
    assert units(bob, theirs) == ["the hub"]
    assert "Bob" in [one.officer for one in told(alice, report)]


def test_a_report_returned_stays_with_the_members_of_a_case_that_it_was_attached_to_until_it_is_detached(
    alice, bob, report
):
    colleague = make_officer(bob.unit, "analyst", "officer")
    referral = forwarded(report, alice, bob.unit)
    theirs = make_case(bob, covert=True)
    attach(bob, theirs, report)
    assert reads(colleague, report)
    with as_(bob):
        return_(referral, signed_in(bob.id), WHY)
    drain()
    assert (reads(bob, report), reads(colleague, report)) == (True, False)
    with as_(bob):
        [attached] = queries.attached(theirs)
        detach(attached, bob.id, WHY)
    assert not reads(bob, report)


def test_a_report_that_walks_the_road_again_is_compared_again_and_changes_nothing(alice, bob, case, report):
    """As after a correction: read again, placed again, however often."""
    forwarded(report, alice, bob.unit)
    before = hits(alice, case), told(bob, report)
    for _again in range(2):
        with on_the_road("road:routing"):
            place_reports([report])
        with on_the_road("road:triage"):
            passed("routing", [report, report])
        drain()
    assert (hits(alice, case), told(bob, report)) == before


def test_who_forwards_a_report_reads_no_answer_in_the_act_itself_a_worker_finds_it(alice, bob, case, report):
    with as_(alice):
        offer(report, bob.unit, signed_in(alice.id))
        assert hits(alice, case) == []
    drain()
    assert len(hits(alice, case)) == 1

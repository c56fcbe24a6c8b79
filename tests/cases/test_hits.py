"""Two sides that have the same identifier are told to talk, and nothing else; a covert side is asked first."""

from __future__ import annotations

import pytest
from tests.cases.world import REASON, as_, compared, hits, make_case, on_road, report_with, told, watch
from tests.factory import make_officer, make_unit, name

from abhaya.access.actions import admit
from abhaya.cases import actions, queries
from abhaya.errors import OfficerError


@pytest.fixture
def alice():
    return make_officer(make_unit(duty_contact="desk one"))


@pytest.fixture
def bob():
    return make_officer(make_unit(duty_contact="desk two"), called="Bob")


@pytest.fixture
def email():
    return f"{name('held')}@example.com"


def test_an_open_case_and_a_report_of_another_unit_are_told_of_each_other(alice, bob, email):
    case = make_case(alice)
    watch(alice, case, email)
    receipt = report_with(email, bob.unit)
    on_road(receipt)
    (mine,) = hits(alice, case)
    assert (mine.state, mine.officer, mine.contact) == ("told", None, "desk two")
    (theirs,) = told(bob, receipt.report_id)
    assert theirs.officer == "Alice"
    assert told(alice, receipt.report_id) == []


def test_what_was_held_before_is_found_when_the_identifier_is_noted(alice, bob, email):
    receipt = report_with(email, bob.unit)
    case = make_case(alice)
    watch(alice, case, email)
    assert hits(alice, case) == []
    compared()
    assert len(hits(alice, case)) == 1
    assert len(told(bob, receipt.report_id)) == 1


def test_many_reports_of_one_unit_are_one_word_to_the_case_so_that_it_counts_nothing(alice, bob, email):
    receipts = [report_with(email, bob.unit) for _ in range(3)]
    case = make_case(alice)
    watch(alice, case, email)
    compared()
    on_road(*receipts)
    assert len(hits(alice, case)) == 1


def test_the_report_of_ones_own_unit_is_no_hit(alice, email):
    case = make_case(alice)
    watch(alice, case, email)
    on_road(report_with(email, alice.unit))
    assert hits(alice, case) == []


def test_a_covert_side_is_asked_first_and_the_other_learns_nothing_until_it_speaks(alice, bob, email):
    case = make_case(alice, covert=True)
    colleague = make_officer(alice.unit, called="Frank")
    with as_(alice):
        admit(case, colleague.id, level="work", basis="works on it", until=None)
    watch(alice, case, email)
    receipt = report_with(email, bob.unit)
    on_road(receipt)
    (mine,) = hits(alice, case)
    assert (mine.state, mine.contact) == ("pending", "desk two")
    assert hits(colleague, case) == []
    assert told(bob, receipt.report_id) == []
    with as_(alice):
        actions.decide_hit(mine, alice.id, "silent", "an officer is in danger")
    assert told(bob, receipt.report_id) == []
    with as_(alice):
        actions.decide_hit(mine, alice.id, "spoken", "it is safe to talk now")
    (theirs,) = told(bob, receipt.report_id)
    assert theirs.officer == "Alice"
    later = report_with(email, bob.unit)
    on_road(later)
    assert [one.officer for one in told(bob, later.report_id)] == ["Alice"]


def test_what_a_covert_case_has_met_stands_in_its_road_for_its_liaison_alone(alice, bob, email, ask_as):
    """Asked as the application's role, past every page: a rule on the page would keep it from its readers only."""
    covert, plain = make_case(alice, covert=True), make_case(alice)
    frank = make_officer(alice.unit, called="Frank")
    for case in (covert, plain):
        watch(alice, case, email)
        with as_(alice):
            admit(case, frank.id, level="work", basis="works on it", until=None)
    on_road(report_with(email, bob.unit))
    with as_(alice):
        actions.decide_hit(hits(alice, covert)[0], alice.id, "silent", "an officer is in danger")

    def met(person, case) -> list[str]:
        asking = ask_as("abhaya_app")
        asking.execute("select set_config('abhaya.officer', %s, true)", [str(person.id)])
        rows = asking.execute(
            "select event from ledger_entry where compartment = %s and event like 'cases:hit:%%' order by id", [case]
        )
        return [event for (event,) in rows]

    both = ["cases:hit:found", "cases:hit:decided"]
    assert (met(alice, covert), met(frank, covert), met(bob, covert)) == (both, [], [])
    assert met(alice, plain) == met(frank, plain) == ["cases:hit:found"]
    with as_(alice):
        actions.change_case(covert, title="as before", contact="as before", liaison=frank.id)
    assert (met(alice, covert), met(frank, covert)) == ([], both)


def test_what_was_spoken_cannot_be_unsaid(alice, bob, email):
    case = make_case(alice, covert=True)
    watch(alice, case, email)
    on_road(report_with(email, bob.unit))
    (mine,) = hits(alice, case)
    with as_(alice):
        actions.decide_hit(mine, alice.id, "spoken", "it is safe to talk now")
    with as_(alice), pytest.raises(OfficerError):
        actions.decide_hit(mine, alice.id, "silent", "it was a mistake")


def test_two_open_cases_are_told_of_each_others_liaison(alice, bob, email):
    one, other = make_case(alice), make_case(bob)
    watch(alice, one, email)
    watch(bob, other, email)
    compared()
    assert [hit.officer for hit in hits(alice, one)] == ["Bob"]
    assert [hit.officer for hit in hits(bob, other)] == ["Alice"]


def test_of_a_covert_and_an_open_case_only_the_covert_liaison_is_told(alice, bob, email):
    covert, plain = make_case(alice, covert=True), make_case(bob)
    watch(alice, covert, email)
    watch(bob, plain, email)
    compared()
    (mine,) = hits(alice, covert)
    assert (mine.state, mine.officer) == ("pending", "Bob")
    assert hits(bob, plain) == []
    with as_(alice):
        actions.decide_hit(mine, alice.id, "spoken", "it is safe to talk now")
    assert [(hit.state, hit.officer) for hit in hits(bob, plain)] == [("told", "Alice")]


def test_two_covert_sides_are_both_asked_and_neither_is_named_before_it_speaks(alice, bob, email):
    one, other = make_case(alice, covert=True), make_case(bob, covert=True)
    watch(alice, one, email)
    watch(bob, other, email)
    compared()
    (mine,), (theirs,) = hits(alice, one), hits(bob, other)
    assert (mine.unit_name, theirs.unit_name) == (None, None)
    with as_(alice):
        actions.decide_hit(mine, alice.id, "spoken", "it is safe to talk now")
    (theirs,) = hits(bob, other)
    assert (theirs.officer, theirs.state) == ("Alice", "pending")
    assert hits(alice, one)[0].officer is None


def test_a_new_liaison_takes_over_what_waits_and_what_others_were_told(alice, bob, email):
    covert, plain = make_case(alice, covert=True), make_case(alice)
    frank = make_officer(alice.unit, called="Frank")
    receipt = report_with(email, bob.unit)
    for case in (covert, plain):
        watch(alice, case, email)
        with as_(alice):
            admit(case, frank.id, level="work", basis="takes over", until=None)
    compared()
    for case in (covert, plain):
        with as_(alice):
            actions.change_case(case, title="as before", contact="new number", liaison=frank.id)
    assert hits(alice, covert) == []
    assert [hit.state for hit in hits(frank, covert)] == ["pending"]
    assert [(one.officer, one.contact) for one in told(bob, receipt.report_id)] == [("Frank", "new number")]


def test_a_closed_case_and_a_struck_identifier_watch_nothing(alice, bob, email):
    closed, struck = make_case(alice), make_case(alice)
    for case in (closed, struck):
        watch(alice, case, email)
    with as_(alice):
        actions.close_case(closed, "the inquiry has ended")
        actions.end_watch(queries.watched(struck)[0], alice.id, "typed by mistake")
    on_road(report_with(email, bob.unit))
    assert hits(alice, closed) == hits(alice, struck) == []


def test_one_cases_identifier_is_neither_read_nor_changed_through_another_that_has_it_too(alice, bob, email):
    """IRIS #462: rows of identifiers were shared between cases, so outsiders read and changed them."""
    one, other = make_case(alice), make_case(bob)
    watch(alice, one, email)
    watch(bob, other, email)
    with as_(bob):
        (theirs,) = queries.watched(other)
        actions.end_watch(theirs, bob.id, "not needed any more")
    with as_(alice):
        (mine,) = queries.watched(one)
        assert mine.ended_at is None
    with as_(bob):
        assert queries.watched(one) == []
        assert queries.watched_one(other, mine.id) is None
    with as_(alice), pytest.raises(OfficerError, match="liaison"):
        actions.decide_hit(_another_liaisons(bob, email), alice.id, "spoken", REASON)


def _another_liaisons(bob, email):
    case = make_case(bob, covert=True)
    watch(bob, case, email)
    compared()
    return next(hit for hit in hits(bob, case) if hit.liaison_id == bob.id)

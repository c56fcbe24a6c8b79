"""A file of a case's report that another unit holds too, the very bytes: both are told to talk, and nothing else."""

from __future__ import annotations

from uuid import uuid4

import pytest
from tests.cases.world import REASON, as_, attach, compared, hits, make_case, on_road, report_with, told
from tests.factory import make_officer, make_unit, name

from abhaya.access.queries import signed_in
from abhaya.cases import actions, queries
from abhaya.cases.actions.hits import FILE_REPORTS_MAX
from abhaya.ledger import queries as ledger
from abhaya.routing.actions import offer
from abhaya.shared.identity import on_the_road
from abhaya.shared.road import drain
from abhaya.shared.sql import execute, value


@pytest.fixture
def alice():
    return make_officer(make_unit(duty_contact="desk one"))


@pytest.fixture
def bob():
    return make_officer(make_unit("hub", duty_contact="desk two"), "officer", "analyst", called="Bob")


@pytest.fixture
def file():
    return f"an invented file {uuid4()}".encode()


def a_report(person, *held):
    return report_with(f"{name('a')}@example.com", person.unit, held=held)


def a_case(person, *held, covert=False):
    """A case with one report of the person's unit."""
    case = make_case(person, covert=covert)
    attach(person, case, a_report(person, *held).report_id)
    return case


def decide(person, case, decision):
    with as_(person):
        actions.decide_hit(queries.hits(case)[0], person.id, decision, "it is safe to talk now")


def test_what_another_unit_held_before_is_found_when_the_report_is_attached(alice, bob, file):
    theirs = a_report(bob, b"another file", file)
    case = a_case(alice, file)
    assert hits(alice, case) == []
    compared()
    (mine,) = hits(alice, case)
    assert (mine.kind, mine.state, mine.contact) == ("file_hash", "told", "desk two")
    with as_(alice):
        assert mine.value == str(queries.attached(case)[0].number)
    assert [(one.officer, one.kind) for one in told(bob, theirs.report_id)] == [("Alice", "file_hash")]


def test_what_comes_later_is_found_on_the_road_and_told_once(alice, bob, file):
    case = a_case(alice, file)
    compared()
    theirs = a_report(bob, file)
    for _again in range(2):
        on_road(theirs)
        compared()
    assert len(hits(alice, case)) == len(told(bob, theirs.report_id)) == 1


@pytest.mark.parametrize("same", [b"", b"bytes of another file"])
def test_other_bytes_and_no_bytes_at_all_are_not_the_same_file(alice, bob, file, same):
    a_report(bob, same)
    case = a_case(alice, b"" if not same else file)
    compared()
    assert hits(alice, case) == []


def test_the_same_file_twice_in_ones_own_unit_is_no_hit(alice, file):
    a_report(alice, file)
    case = a_case(alice, file)
    compared()
    assert hits(alice, case) == []


def test_a_file_that_everybody_passes_on_is_no_reason_to_talk(alice, bob, file):
    case = a_case(alice, file)
    for _report in range(FILE_REPORTS_MAX):
        a_report(bob, file)
    compared()
    on_road(a_report(bob, file))
    assert hits(alice, case) == []


def test_a_detached_report_and_a_closed_case_hold_nothing(alice, bob, file):
    detached, closed = a_case(alice, file), a_case(alice, file)
    with as_(alice):
        actions.detach(queries.attached(detached)[0], alice.id, REASON)
        actions.close_case(closed, REASON)
    compared()
    on_road(a_report(bob, file))
    assert hits(alice, detached) == hits(alice, closed) == []


def test_a_case_taken_up_again_is_told_what_came_while_it_was_closed(alice, bob, file):
    case = a_case(alice, file)
    compared()
    with as_(alice):
        actions.close_case(case, REASON)
    on_road(a_report(bob, file))
    assert hits(alice, case) == []
    with as_(alice):
        actions.reopen_case(case, REASON)
    compared()
    assert [hit.contact for hit in hits(alice, case)] == ["desk two"]


def test_two_cases_with_the_same_file_are_told_of_each_others_liaison(alice, bob, file):
    one, other = a_case(alice, file), a_case(bob, file)
    compared()
    assert "Bob" in [hit.officer for hit in hits(alice, one)]
    assert "Alice" in [hit.officer for hit in hits(bob, other)]
    with as_(bob):
        assert {(met.case_id, met.officer) for met in queries.met()} >= {(other, "Alice")}


def test_of_a_covert_case_with_the_file_only_the_liaison_is_told_until_it_speaks(alice, bob, file):
    theirs = a_report(bob, file)
    case = a_case(alice, file, covert=True)
    compared()
    assert [hit.state for hit in hits(alice, case)] == ["pending"]
    assert told(bob, theirs.report_id) == []
    decide(alice, case, "silent")
    assert told(bob, theirs.report_id) == []
    decide(alice, case, "spoken")
    assert [one.officer for one in told(bob, theirs.report_id)] == ["Alice"]


def test_two_covert_cases_with_the_file_are_both_asked_and_neither_is_named(alice, bob, file):
    one, other = a_case(alice, file, covert=True), a_case(bob, file, covert=True)
    compared()
    for person, case in ((alice, one), (bob, other)):
        assert {hit.state for hit in hits(person, case)} == {"pending"}
        assert None in {hit.unit_name for hit in hits(person, case)}
        assert not {hit.officer for hit in hits(person, case)} - {None}


def test_what_a_covert_case_said_to_one_unit_is_not_handed_on_with_the_report(alice, bob, file):
    theirs = a_report(bob, file)
    drain()
    case = a_case(alice, file, covert=True)
    compared()
    decide(alice, case, "spoken")
    frank = make_officer(make_unit(duty_contact="desk three"), called="Frank")
    with as_(bob):
        offer(theirs.report_id, frank.unit, signed_in(bob.id))
    drain()
    assert told(frank, theirs.report_id) == []
    assert [one.officer for one in told(bob, theirs.report_id)] == ["Alice"]
    with as_(frank):
        assert "cases:hit:told" not in [line.event for line in ledger.lines_of(theirs.compartment)]
    assert {(hit.state, hit.contact) for hit in hits(alice, case)} == {
        ("spoken", "desk two"),
        ("pending", "desk three"),
    }
    decide(alice, case, "spoken")
    assert [one.officer for one in told(frank, theirs.report_id)] == ["Alice"]


def test_a_report_that_walks_again_is_compared_by_the_files_it_holds_now(alice, file):
    case = a_case(alice, file)
    compared()
    with as_(alice):
        (attached,) = queries.attached(case)
    with on_the_road("road:cases"):
        execute("update cases_attachment set files = array[]::bytea[] where id = %s", [attached.id])
        actions.compare_with_cases([attached.report_id])
        actions.compare_new_watches()
        assert value("select files = array[sha256(%s)] from cases_attachment where id = %s", [file, attached.id])

"""Members for a time: who lets whom in, who cannot be put out, and what is lost at the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.cases.world import REASON, as_, make_case, report_with
from tests.factory import make_officer, make_unit, name

from abhaya.access.actions import admit, end_membership, open_to
from abhaya.access.queries import members
from abhaya.cases import actions, queries
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.intake import queries as intake
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import execute

DAY = timedelta(days=1)


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def alice(unit):
    return make_officer(unit)


@pytest.fixture
def bob(unit):
    return make_officer(unit, called="Bob")


@pytest.fixture
def charlie():
    return make_officer(make_unit(), "officer", "analyst", "supervisor", called="Charlie")


def sees(person, case) -> bool:
    with as_(person):
        return queries.case(case) is not None


@pytest.mark.parametrize("covert", [False, True])
def test_nobody_sees_a_case_but_its_members_not_even_the_same_unit(alice, bob, charlie, covert):
    case = make_case(alice, covert=covert)
    assert sees(alice, case)
    assert not sees(bob, case)
    assert not sees(charlie, case)
    with as_(bob):
        assert queries.my_cases(most=10) == []


def test_a_member_sees_it_until_the_last_day_and_nothing_has_to_run_for_the_end(alice, charlie):
    case = make_case(alice)
    with as_(alice):
        admit(case, charlie.id, level="work", basis="knows the language", until=datetime.now(UTC) + DAY)
    assert sees(charlie, case)
    with on_the_road("test:time"):
        execute("update access_opening set until = now() - interval '1 second' where viewer = %s", [charlie.id])
    assert not sees(charlie, case)
    with as_(alice):
        assert [one.name for one in members(case) if one.is_over] == ["Charlie"]


def test_the_members_page_says_who_let_whom_in_and_why(alice, charlie):
    case = make_case(alice)
    with as_(alice):
        admit(case, charlie.id, level="watch", basis="knows the language", until=None)
        (one,) = [one for one in members(case) if one.id == charlie.id]
    assert (one.given_by, one.basis, one.level, one.until) == ("Alice", "knows the language", "watch", None)


def test_who_reads_along_lets_nobody_in_and_changes_nothing(alice, bob, charlie):
    case = make_case(alice)
    with as_(alice):
        admit(case, charlie.id, level="watch", basis="reads along", until=None)
    with as_(charlie), pytest.raises(OfficerError):
        actions.add_note(case, charlie.id, "a supervisor of another unit is no more than a reader here")
    with as_(charlie), pytest.raises(NotThere):
        admit(case, bob.id, level="work", basis="a friend", until=None)
    with as_(charlie), pytest.raises(NotThere):
        end_membership(case, alice.id, REASON)


def test_the_last_working_member_who_stays_cannot_go_be_put_out_or_be_given_an_end(alice, bob):
    case = make_case(alice)
    with as_(alice):
        admit(case, bob.id, level="work", basis="for a week", until=datetime.now(UTC) + DAY)
    with as_(bob), pytest.raises(OfficerError, match="nobody"):
        end_membership(case, alice.id, REASON)
    for change in ({"level": "watch", "until": None}, {"level": "work", "until": datetime.now(UTC) + DAY}):
        with as_(alice), pytest.raises(OfficerError, match="nobody"):
            admit(case, alice.id, basis="less", **change)
    assert sees(alice, case)
    with as_(alice):
        admit(case, bob.id, level="work", basis="for good", until=None)
        end_membership(case, alice.id, REASON)
    assert not sees(alice, case)


def test_administrators_auditors_and_units_are_never_members(alice, unit):
    case = make_case(alice)
    for role in ("administrator", "auditor"):
        with as_(alice), pytest.raises(OfficerError):
            admit(case, make_officer(unit, role).id, level="watch", basis="wants to see", until=None)
    with as_(alice), pytest.raises(OfficerError):
        admit(case, unit, level="watch", basis="all of us", until=None)
    with as_(alice), pytest.raises(NotPermitted):
        open_to([(unit, case, "watch", "around the members page")])


def test_an_attached_report_is_open_to_members_and_closed_again_when_it_is_detached(alice, charlie):
    case = make_case(alice, covert=True)
    receipt = report_with(f"{name('a')}@example.com", alice.unit)
    with as_(alice):
        admit(case, charlie.id, level="work", basis="knows the language", until=None)
        number = intake.report(receipt.report_id).number
    with as_(charlie):
        assert intake.report(receipt.report_id) is None
    with as_(alice):
        actions.attach(case, alice.id, number, REASON)
        (attached,) = queries.attached(case)
    with as_(charlie):
        assert intake.report(receipt.report_id) is not None
    with as_(alice):
        actions.detach(attached, alice.id, REASON)
    with as_(charlie):
        assert intake.report(receipt.report_id) is None


def test_who_leaves_loses_every_attached_report_at_that_instant(alice, charlie):
    case = make_case(alice)
    receipt = report_with(f"{name('a')}@example.com", alice.unit)
    with as_(alice):
        admit(case, charlie.id, level="watch", basis="knows the language", until=None)
        actions.attach(case, alice.id, intake.report(receipt.report_id).number, REASON)
    with as_(charlie):
        assert intake.report(receipt.report_id) is not None
    with as_(alice):
        end_membership(case, charlie.id, REASON)
    with as_(charlie):
        assert intake.report(receipt.report_id) is None


def test_only_who_works_on_a_report_gives_it_to_a_case(alice, charlie):
    """A member of another unit sees the report through one case; they cannot pass it on to a case of their own."""
    case, own = make_case(alice), make_case(charlie)
    receipt = report_with(f"{name('a')}@example.com", alice.unit)
    with as_(alice):
        admit(case, charlie.id, level="work", basis="knows the language", until=None)
        number = intake.report(receipt.report_id).number
        actions.attach(case, alice.id, number, REASON)
    with as_(charlie), pytest.raises(OfficerError, match="works on"):
        actions.attach(own, charlie.id, number, REASON)


def test_a_case_has_walls_from_its_first_row_and_cannot_become_covert_or_open_later(owner):
    """OpenCTI #9160: an object went out before anybody could restrict it."""
    for role in ("abhaya_app", "abhaya_road"):
        for table in ("access_compartment", "cases_case"):
            may = owner.execute("select has_column_privilege(%s, %s, 'covert', 'update')", [role, table]).fetchone()[0]
            assert not may, (role, table)

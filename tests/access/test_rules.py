"""Pure decisions of this room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.access import passwords, rules
from abhaya.access.permissions import PERMISSIONS, Permission, Role, permissions_of
from abhaya.access.reasons import SENTENCES
from abhaya.access.rules import UnitFacts

ALICE = {"username": "alice.kale", "name": "Insp. Alice Kale"}


def codes(faults):
    return {fault.code for fault in faults}


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("short", {"password-short"}),
        ("x" * 300, {"password-long", "password-monotonous"}),
        ("aaaaaaaaaaaaaaaa", {"password-monotonous"}),
        ("alice.kale2026", {"password-name"}),
        ("correct horse battery", set()),
        ("नदी पहाड़ बादल सूरज", set()),
        ("alice walks the long road home", set()),
    ],
)
def test_a_password_is_long_and_not_ones_name(password, expected):
    assert codes(rules.password_faults(password, is_common=False, **ALICE)) == expected


def test_a_common_password_is_refused():
    assert passwords.is_common("password123")
    assert codes(rules.password_faults("qwertyuiop12", is_common=True, **ALICE)) == {"password-common"}
    assert not passwords.is_common("correct horse battery")


def test_every_fault_has_its_sentence_in_both_languages():
    faults = rules.password_faults("aaa", is_common=True, username="aaa", name="A")
    faults += rules.username_faults("Ä") + rules.role_faults(["king"]) + rules.role_faults([])
    faults += rules.role_faults(["auditor", "officer"])
    faults += rules.unit_faults(UnitFacts("", "", "castle", parent_code="x", forward_rule="maybe"), {})
    for fault in faults:
        english, hindi = SENTENCES[fault.code]
        assert english.format_map(fault.values)
        assert hindi.format_map(fault.values)


@given(st.integers(min_value=0, max_value=10_000))
def test_the_wait_never_shrinks_and_never_passes_its_limit(failures):
    assert rules.lock_seconds(failures) <= rules.lock_seconds(failures + 1) <= rules.LOCK_SECONDS_MAX
    assert (rules.lock_seconds(failures) == 0) is (failures < rules.FREE_FAILURES_MAX)


def test_the_table_the_database_uses_says_the_same():
    assert [rules.lock_seconds(n + 1) for n in range(16)] == list(rules.LOCK_TABLE_SECONDS)
    assert rules.LOCK_TABLE_SECONDS[-1] == rules.LOCK_SECONDS_MAX


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_administrator_and_auditor_stand_alone_and_read_no_report(role):
    assert Permission.DESK_REPORT_READ not in PERMISSIONS[role]
    for other in set(Role) - {role}:
        assert codes(rules.role_faults([role, other])) == {"role-alone"}


def test_a_text_reviewer_does_a_desks_work_never_sees_media_and_stands_alone():
    never = {Permission.CUSTODY_MEDIA_VIEW, Permission.CUSTODY_DOCUMENT_OPEN, Permission.CUSTODY_GRANT_DECIDE}
    assert PERMISSIONS[Role.ANALYST] - PERMISSIONS[Role.TEXT_REVIEWER] <= never
    assert not never & PERMISSIONS[Role.TEXT_REVIEWER]
    for other in set(Role) - set(rules.ALONE):
        assert codes(rules.role_faults([Role.TEXT_REVIEWER, other])) == {"role-text-alone"}


def test_only_a_media_viewer_may_look_at_media_and_that_alone():
    assert [role for role in Role if Permission.CUSTODY_MEDIA_VIEW in PERMISSIONS[role]] == [Role.MEDIA_VIEWER]
    assert PERMISSIONS[Role.MEDIA_VIEWER] == {Permission.CUSTODY_MEDIA_VIEW}


def test_an_unknown_role_gives_nothing():
    assert permissions_of(["emperor"]) == frozenset()


def test_a_unit_stands_under_one_of_a_wider_kind():
    known = {"HUB": "hub", "MH": "state", "JAL": "district"}
    assert not rules.unit_faults(UnitFacts("PS1", "Station", "station", parent_code="MH"), known)
    assert codes(rules.unit_faults(UnitFacts("X", "X", "state", parent_code="JAL"), known)) == {"unit-parent-kind"}
    assert codes(rules.unit_faults(UnitFacts("X", "X", "state", parent_code="MH"), known)) == {"unit-parent-kind"}
    assert codes(rules.unit_faults(UnitFacts("X", "X", "state", parent_code="NO"), known)) == {"unit-parent-unknown"}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_failures_are_counted_by_what_one_customer_holds(address, network):
    assert rules.network_of(address) == network

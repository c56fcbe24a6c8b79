"""What may link two reports, how strongly, and what never does."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.linking import rules
from abhaya.linking.reasons import LEAD, SENTENCES
from abhaya.linking.rules import COMMON, STRONG, WEAK, Before, Hit, Seen
from abhaya.selectors.kinds import KINDS, LINKING
from abhaya.shared.reason import sentence

EMAIL = UUID(int=77)
COMPARTMENT = UUID(int=99)
ACCOUNTS = [UUID(int=1000 + number) for number in range(200)]


def report(number: int) -> UUID:
    return UUID(int=number)


def time(number: int) -> datetime:
    return datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=number)


def seen(
    kind="email", value="alice@example.org", role="reported", *, at=10, mined=False, assumed=False, selector=EMAIL
) -> Seen:
    return Seen(report(at), time(at), COMPARTMENT, selector, kind, value, role, mined, assumed)


def before(number=1, role="reported", account=None, *, mined=False, assumed=False) -> Before:
    return Before(report(number), time(number), role, account, mined, assumed)


def hits(*sightings: Seen, earlier=(), window=1000) -> list[Hit]:
    return rules.hits(sightings, {EMAIL: list(earlier)}, window)


def test_a_strong_identifier_of_two_persons_is_a_strong_hit():
    [hit] = hits(seen(), earlier=[before(1), before(2, "victim"), before(2)])
    assert (hit.strength, hit.reports, hit.more, hit.first, hit.earlier_roles) == (
        STRONG,
        2,
        False,
        report(1),
        ("reported", "victim"),
    )
    assert hit.reason.code == "email_seen"
    assert hit.reason.values == {"reports": 2}


@pytest.mark.parametrize(
    ("mine", "other", "code"),
    [
        ({"mined": True}, {}, "email_seen_in_text"),
        ({}, {"mined": True}, "email_seen_in_text"),
        ({"assumed": True}, {}, "email_seen_assumed"),
        ({}, {"assumed": True}, "email_seen_assumed"),
        ({"role": "mentioned"}, {}, "email_seen_beside"),
        ({}, {"role": "incident"}, "email_seen_beside"),
    ],
)
def test_what_was_mined_assumed_or_nobodys_is_weak_and_says_why(mine, other, code):
    [hit] = hits(seen(**mine), earlier=[before(1, **other)])
    assert (hit.strength, hit.reason.code) == (WEAK, code)


def test_a_strong_hit_counts_the_strong_reports_only():
    [hit] = hits(seen(), earlier=[before(1, mined=True), before(2), before(3, "mentioned")])
    assert (hit.strength, hit.reports, hit.first) == (STRONG, 1, report(2))


def test_later_reports_and_the_report_itself_are_not_earlier():
    assert hits(seen(at=5), earlier=[before(5), before(6)]) == []


def test_what_came_first_counts_and_not_which_number_was_given_out_first():
    opened_early_finished_late = before(2)._replace(received_at=time(50))
    assert hits(seen(at=10), earlier=[opened_early_finished_late]) == []
    late = seen(at=2)._replace(received_at=time(50))
    assert hits(late, earlier=[before(10)])[0].first == report(10)


@pytest.mark.parametrize("role", ["reporter", "file"])
def test_the_platforms_own_contact_links_nobody(role):
    assert hits(seen(role=role), earlier=[before(1)]) == []
    assert hits(seen(), earlier=[before(1, role)]) == []


@pytest.mark.parametrize("kind", sorted(set(KINDS) - LINKING))
def test_an_address_a_name_or_a_file_links_nobody(kind):
    assert hits(seen(kind, "203.0.113.7"), earlier=[before(1)]) == []


def test_a_front_page_links_nobody_and_a_profile_does():
    assert hits(seen("url", "https://example.org/"), earlier=[before(1)]) == []
    assert hits(seen("url", "https://example.org/alice"), earlier=[before(1)])[0].strength == STRONG


def test_a_value_of_more_than_ten_accounts_is_common_and_says_so():
    ten = [before(number + 1, account=ACCOUNTS[number]) for number in range(10)]
    assert hits(seen(at=900), earlier=ten)[0].strength == STRONG
    [hit] = hits(seen(at=900), earlier=[*ten, before(20, account=ACCOUNTS[10])])
    assert (hit.strength, hit.reason.code, hit.reason.values) == (COMMON, "email_common_accounts", {"accounts": 11})


def test_one_busy_account_does_not_make_its_own_telephone_common():
    many = [before(number + 1, account=ACCOUNTS[0]) for number in range(500)]
    [hit] = hits(seen(at=900), earlier=many)
    assert (hit.strength, hit.reports) == (STRONG, 500)


def test_where_no_account_is_known_a_hundred_reports_are_common():
    many = [before(number + 1) for number in range(100)]
    [hit] = hits(seen(at=900), earlier=many)
    assert (hit.strength, hit.reason.code) == (COMMON, "email_common_reports")
    assert hits(seen(at=900), earlier=many[:99])[0].strength == STRONG


def test_a_victim_who_was_reported_before_is_a_hit_with_both_roles_and_no_merge():
    [hit] = hits(seen(role="victim"), earlier=[before(1, "reported")])
    assert (hit.role, hit.earlier_roles) == ("victim", ("reported",))


def test_one_identifier_in_one_role_is_one_hit_and_the_better_sighting_speaks():
    assert [hit.strength for hit in hits(seen(mined=True), seen(), seen(mined=True), earlier=[before(1)])] == [STRONG]
    assert {hit.role for hit in hits(seen(), seen(role="victim"), earlier=[before(1)])} == {"reported", "victim"}


def test_a_full_window_says_that_there_may_be_more():
    assert hits(seen(), earlier=[before(1), before(2)], window=2)[0].more
    assert not hits(seen(), earlier=[before(1)], window=2)[0].more


@given(
    st.lists(st.builds(before, st.integers(1, 20), st.sampled_from(["reported", "victim", "mentioned", "reporter", "file"]),
                       st.sampled_from([None, *ACCOUNTS[:14]]), mined=st.booleans(), assumed=st.booleans()), max_size=30),
    st.builds(seen, role=st.sampled_from(["reported", "victim", "mentioned", "reporter"]), at=st.integers(1, 20), mined=st.booleans(), assumed=st.booleans()),
)  # fmt: skip
def test_a_strong_hit_always_has_a_solid_sighting_on_both_sides(earlier, sighting):
    for hit in hits(sighting, earlier=sorted(earlier, key=lambda one: one.report_id)):
        assert 1 <= hit.reports <= len({one.report_id for one in earlier if one.report_id < sighting.report_id})
        assert hit.first < sighting.report_id
        assert hit.reason.code in SENTENCES
        if hit.strength == STRONG:
            assert not (sighting.mined or sighting.assumed)
            assert sighting.role in rules.PERSON_ROLES
            assert any(not one.mined and not one.assumed and one.role in rules.PERSON_ROLES for one in earlier)


def test_every_reason_has_its_sentence_in_both_languages():
    assert {code.split("_")[0] for code in SENTENCES} == LINKING
    for english, hindi in [*SENTENCES.values(), LEAD]:
        assert english[0].isupper()
        assert re.search(r"[\u0900-\u097f]", hindi)
    [hit] = hits(seen("bank", "SBIN0001234:12345098761"), earlier=[before(1)])
    assert sentence(hit.reason, SENTENCES, "en") == "Earlier reports in which the same bank account stands: 1."
    assert sentence(hit.reason, SENTENCES, "hi") == "पहले की रिपोर्टें जिनमें यही बैंक खाता है: 1।"

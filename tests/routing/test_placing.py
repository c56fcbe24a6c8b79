"""The stage of the road: received reports are placed, forwarded by the hub's standing rule, or left to nobody, with why."""

from __future__ import annotations

import pytest
from tests.factory import make_sender
from tests.routing.conftest import events, make_country, outcome

from abhaya.intake.formats.record import Fact, Place, Text
from abhaya.routing import queries
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value, values


def referrals(receipt):
    with on_the_road("test:routing"):
        return queries.history(receipt.report_id)


def test_an_upload_address_goes_to_its_district_with_its_state_watching(country):
    receipt = country.receive(
        country.upload(country.jalgaon_range + "7"), Fact("phone", "+919000000077", "/phone", "reported", 1)
    )
    country.place(receipt)
    [one] = referrals(receipt)
    assert (one.from_unit_id, one.to_unit_id, one.state, one.offered_by) == (
        country.hub,
        country.jalgaon,
        "offered",
        "",
    )
    assert one.why.code == "to_district"
    with on_the_road("test:routing"):
        levels = dict(values_of("select viewer, level from access_opening where compartment = %s", receipt.compartment))
        assert levels == {country.hub: "work", country.jalgaon: "work", country.maharashtra: "watch"}
        [first] = queries.proposals(receipt.report_id)
        standing = values_of(
            "select holder_unit_id, state, place_code from triage_queue where report_id = %s", receipt.report_id
        )
    assert standing == [(country.jalgaon, "forwarded", country.districts["a"])]
    assert (first.rank, first.whose, first.district, first.unit_id, first.strength) == (1, "reported", country.districts["a"], country.jalgaon, "strong")  # fmt: skip
    assert first.reasons[0].code == "ip_own"
    assert [reason.code for reason in first.reasons[1:]] == ["agrees"]
    assert events(receipt) == ["routing:report:placed", "routing:referral:offered"]
    assert outcome(receipt).outcome == "forwarded"


def values_of(statement, *parameters):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return cursor.fetchall()


def test_a_mobile_address_goes_to_the_state(country):
    receipt = country.receive(country.upload(country.mobile_range + "7"))
    country.place(receipt)
    [one] = referrals(receipt)
    assert (one.to_unit_id, one.why.code) == (country.maharashtra, "to_state")


def test_nothing_usable_is_nobodys_and_stands_in_that_list_until_it_is_forwarded_by_hand(country):
    receipt = country.receive(Fact("email", "a@example.com", "/email", "reported", 1))
    country.place(receipt)
    assert referrals(receipt) == []
    assert (outcome(receipt).outcome, outcome(receipt).why.code) == ("nobody", "nothing_usable")
    alice = country.officer(country.hub)
    with acting(alice.id):
        [row] = queries.nobodys(country.hub, after=None, limit=10)
        counts = queries.nobodys_counts(country.hub)
    assert (row.report_id, row.why.code, counts.number, counts.marked) == (receipt.report_id, "nothing_usable", 1, 1)


def test_a_test_report_is_placed_nowhere(country):
    receipt = country.receive(
        country.upload(country.jalgaon_range + "7"), sender=make_sender(country.hub, is_test=True)
    )
    country.place(receipt)
    assert referrals(receipt) == []
    assert events(receipt) == []
    with on_the_road("test:routing"):
        assert queries.placement(receipt.report_id) is None
        assert queries.proposals(receipt.report_id) == []


def test_a_report_that_an_officer_has_in_hand_is_not_taken_away_by_the_rule(country):
    receipt = country.receive(country.upload(country.jalgaon_range + "7"))
    with on_the_road("test:routing"):
        value_of = "update triage_queue set state = 'claimed', claimed_by = %s, claimed_until = now() + interval '30 minutes' where report_id = %s returning 1"
        value(value_of, [country.officer(country.hub).id, receipt.report_id])
    country.place(receipt)
    assert referrals(receipt) == []
    assert (outcome(receipt).outcome, outcome(receipt).why.code) == ("proposed", "in_hand")


def test_placing_again_offers_nothing_twice_and_shows_the_later_placing(country):
    receipt = country.receive(country.upload(country.jalgaon_range + "7"))
    country.place(receipt)
    country.place(receipt)
    assert len(referrals(receipt)) == 1
    with on_the_road("test:routing"):
        assert len(queries.proposals(receipt.report_id)) == 1
        assert value("select count(*) from routing_proposal where report_id = %s", [receipt.report_id]) == 2


def test_an_address_and_an_estimate_are_read_and_a_platforms_own_office_is_not(country):
    a, b = country.words
    office = Place("address", "/reporter/address", "reporter", city=f"District{b}", country="IN")
    home = Place(
        "address",
        "/person/address",
        "reported",
        1,
        city=f"District{a}",
        region=f"State{a}",
        country="India",
    )
    guess = Place("estimated", "/estimated", "victim", 1, city=f"District{b}", region=f"State{b}", country="IN")
    receipt = country.receive(places=[office, home, guess])
    country.place(receipt)
    with on_the_road("test:routing"):
        shown = queries.proposals(receipt.report_id)
    assert [(one.whose, one.district) for one in shown] == [
        ("reported", country.districts["a"]),
        ("victim", country.districts["b"]),
    ]
    assert referrals(receipt)[0].to_unit_id == country.jalgaon


def test_a_complainant_at_a_desk_has_a_place(country):
    a, _ = country.words
    at_home = Place("address", "/reporter/address", "reporter", city=f"District{a}", region=f"State{a}")
    receipt = country.receive(places=[at_home], channel="form")
    country.place(receipt)
    with on_the_road("test:routing"):
        assert [one.whose for one in queries.proposals(receipt.report_id)] == ["complainant"]


def test_coordinates_and_names_in_a_text_are_said(country):
    a, _ = country.words
    coordinates = Place("coordinates", "/where", "reported", 1, latitude=21.0, longitude=75.5)
    text = Text("chat", f"says he lives in District{a}", "/chat", "reported", 1)
    receipt = country.receive(places=[coordinates], texts=[text])
    country.place(receipt)
    with on_the_road("test:routing"):
        [one] = queries.proposals(receipt.report_id)
    assert (one.district, one.strength) == (country.districts["a"], "weak")
    assert {"text_weak", "coordinates_given"} <= {reason.code for reason in one.against}
    assert outcome(receipt).why.code == "too_weak"


def test_the_standing_rules_off_and_state():
    for rule, expected in (("off", None), ("state", "maharashtra")):
        country = make_country(rule)
        receipt = country.receive(country.upload(country.jalgaon_range + "7"))
        country.place(receipt)
        found = referrals(receipt)
        assert [one.to_unit_id for one in found] == ([getattr(country, expected)] if expected else [])
        assert outcome(receipt).outcome == ("forwarded" if expected else "proposed")


def test_a_set_is_placed_as_one_by_one_and_many_cost_no_more_statements_than_few(
    country, django_assert_max_num_queries
):
    receipts = [country.receive(country.upload(f"{country.jalgaon_range}{number:x}")) for number in range(1, 21)]
    with on_the_road("road:routing"), django_assert_max_num_queries(45):
        from abhaya.routing import actions

        actions.place_reports([receipt.report_id for receipt in receipts])
    for receipt in receipts:
        assert referrals(receipt)[0].to_unit_id == country.jalgaon


def test_a_stranger_sees_no_proposal_no_placement_and_no_referral(country):
    receipt = country.receive(country.upload(country.jalgaon_range + "7"))
    country.place(receipt)
    charlie = country.officer(country.patna, "Charlie", "officer")
    with acting(charlie.id):
        assert queries.proposals(receipt.report_id) == []
        assert queries.placement(receipt.report_id) is None
        assert queries.history(receipt.report_id) == []
        assert queries.inbox(country.jalgaon, after=None, limit=5) == []
        assert queries.inbox_counts(country.jalgaon).number == 0
        assert values("select 1 from triage_queue where report_id = %s", [receipt.report_id]) == []


@pytest.mark.parametrize("nothing", [[]])
def test_an_empty_set_is_no_work(nothing):
    with on_the_road("road:routing"):
        from abhaya.routing import actions

        actions.place_reports(nothing)

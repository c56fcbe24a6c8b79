"""Whose is it? The rules, read as sentences. Places are real, everything else is invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.places.test_names import INDIA, WORLD

from abhaya.places.addresses import place_of_address, places_in_text
from abhaya.places.location import Location
from abhaya.places.telephones import place_of_phone
from abhaya.routing import evidence, rules
from abhaya.routing.evidence import Evidence, Sighting
from abhaya.routing.reasons import SENTENCES
from abhaya.routing.rules import FORWARDED, NOBODY, OURS, PROPOSED, Decision, Proposal, Tree, Unit
from abhaya.shared.reason import sentence

IST = ZoneInfo("Asia/Kolkata")
NIGHT = datetime(2026, 11, 20, 20, 44, 9, tzinfo=UTC)
JALGAON, PUNE, NASHIK, PATNA = "IN-27-478", "IN-27-490", "IN-27-487", "IN-10-212"

HUB, MH, BR, JALGAON_CYBER, PUNE_CITY, PUNE_RURAL, PATNA_CYBER = (uuid4() for _ in range(7))
UNITS = {
    HUB: Unit(HUB, None, "hub", "National Hub", "राष्ट्रीय इकाई", "district"),
    MH: Unit(MH, HUB, "state", "Maharashtra Cyber", "महाराष्ट्र साइबर"),
    BR: Unit(BR, HUB, "state", "Bihar Cyber", "बिहार साइबर"),
    JALGAON_CYBER: Unit(JALGAON_CYBER, MH, "district", "Jalgaon Cyber", ""),
    PUNE_CITY: Unit(PUNE_CITY, MH, "district", "Pune City Cyber", ""),
    PUNE_RURAL: Unit(PUNE_RURAL, MH, "district", "Pune Rural Cyber", ""),
    PATNA_CYBER: Unit(PATNA_CYBER, BR, "district", "Patna Cyber", ""),
}
COVERING = {
    "IN": [HUB],
    "IN-27": [MH],
    "IN-10": [BR],
    JALGAON: [JALGAON_CYBER],
    PUNE: [PUNE_CITY, PUNE_RURAL],
    PATNA: [PATNA_CYBER],
}


def tree(rule: str = "district") -> Tree:
    return Tree({**UNITS, HUB: Unit(HUB, None, "hub", "National Hub", "", rule)}, COVERING)


def names(code: str) -> tuple[str, str]:
    place = INDIA.gazetteer.places.get(code) or WORLD.places.get(code)
    return (place.name, place.name_hi or place.name) if place else (code, code)


def own(state: str = "", district: str = "", kind: str = "fixed", country: str = "IN") -> Location:
    return Location(
        "203.0.113.77", country, state, district, "Example Net", kind, "ours.csv", date(2026, 11, 12), own=True
    )


def address(where: Location, event: str = "Upload", *, role: str = "reported", at: datetime | None = NIGHT, port: int | None = 41822, **more) -> Evidence:  # fmt: skip
    seen = Sighting("ip", "203.0.113.77", role, event, at, port=port, **more)
    found = evidence.of_address(seen, where, NIGHT, names, IST)
    assert found is not None
    return found


def stated(role: str = "reported", kind: str = "address", **parts: str) -> Evidence:
    found = evidence.of_stated_place(kind, role, parts.get("city", ""), place_of_address(INDIA, **parts), names)
    assert found is not None
    return found


def phone(number: str = "+919000000077", role: str = "reported") -> Evidence:
    found = evidence.of_phone(Sighting("phone", number, role), place_of_phone(number, WORLD, INDIA), names)
    assert found is not None
    return found


def decided(*facts: Evidence, rule: str = "district", holder=HUB, returned=()) -> tuple[list[Proposal], Decision]:
    proposals = rules.propose(facts, names)
    decision = rules.decide(proposals, holder, tree(rule), names, home="IN", returned=returned)
    for proposal in proposals:
        for reason in (*proposal.reasons, *proposal.against):
            spoken(reason)
    spoken(decision.why)
    return proposals, decision


def spoken(reason) -> str:
    """Every reason has both sentences, complete and different."""
    english, hindi = (sentence(reason, SENTENCES, language) for language in ("en", "hi"))
    assert reason.code in SENTENCES, reason
    assert "{" not in english + hindi
    assert english != hindi
    return english


def codes(reasons) -> list[str]:
    return [reason.code for reason in reasons]


def test_an_upload_address_of_a_fixed_line_goes_to_its_district():
    (first,), decision = decided(address(own("IN-27", JALGAON)), phone())
    assert (first.place, first.strength) == (JALGAON, "strong")
    assert (decision.unit, decision.outcome, decision.place) == (JALGAON_CYBER, FORWARDED, JALGAON)
    assert sentence(first.reasons[0], SENTENCES, "en") == (
        "the upload address 203.0.113.77 port 41822 of the reported person, 2026-11-21 02:14:09 IST (20:44:09 UTC),"
        " lies in Jalgaon, by the unit’s own table “ours.csv” of 2026-11-12 (Example Net, fixed line)"
    )
    assert "जलगांव" in sentence(first.reasons[0], SENTENCES, "hi")


def test_upload_outweighs_login_and_login_outweighs_registration():
    points = [address(own("IN-27", PUNE), event).points for event in ("Upload", "Login", "Registration")]
    assert points == sorted(points, reverse=True)
    assert len(set(points)) == 3
    proposals, _ = decided(address(own("IN-27", PUNE), "Login"), address(own("IN-27", JALGAON), "Upload"))
    assert proposals[0].place == JALGAON
    assert "points_elsewhere" in codes(proposals[0].against)


def test_the_address_in_a_files_details_is_an_upload():
    assert address(own("IN-27"), "", role="file").points == address(own("IN-27"), "Upload").points


def test_recent_outweighs_old_and_port_and_second_outweigh_neither():
    fresh, old, very_old = (address(own("IN-27", PUNE), at=NIGHT - timedelta(days=days)) for days in (1, 60, 400))
    assert fresh.points > old.points > very_old.points
    assert "ip_old" in codes(very_old.against)
    with_port, without = address(own("IN-27", PUNE)), address(own("IN-27", PUNE), port=None)
    by_the_day = address(own("IN-27", PUNE), at_precision="day")
    assert with_port.points > without.points
    assert with_port.points > by_the_day.points
    assert "ip_no_second" in codes(by_the_day.against)
    assert "ip_no_time" in codes(address(own("IN-27", PUNE), at=None).against)
    assert "ip_zone_unknown" in codes(address(own("IN-27", PUNE), zone_known=False).against)


def test_a_mobile_network_narrows_to_the_state_and_says_that_it_is_shared():
    (first,), decision = decided(address(own("IN-27", kind="mobile")))
    assert (first.place, decision.unit, decision.outcome) == ("IN-27", MH, FORWARDED)
    assert "ip_mobile" in codes(first.against)
    without_port = address(own("IN-27", kind="mobile"), port=None)
    assert "ip_no_port" in codes(without_port.against)


def test_a_mobile_range_goes_to_a_district_only_where_the_units_own_table_says_so():
    (first,), decision = decided(address(own("IN-27", JALGAON, kind="mobile")))
    assert (first.place, first.strength, decision.unit) == (JALGAON, "medium", JALGAON_CYBER)
    public = Location("49.0.0.1", "IN", operator="Example", source="public", as_of=date(2026, 6, 17))
    (country_only,), nobody = decided(address(public))
    assert (country_only.place, nobody.unit, nobody.why.code) == ("IN", None, "state_not_known")
    assert "ip_country_only" in codes(country_only.against)


@pytest.mark.parametrize("kind", ["vpn", "proxy", "tor", "hosting"])
def test_a_vpn_is_not_followed_and_speaks_against(kind):
    nothing, decision = decided(address(own("IN-27", JALGAON, kind=kind)))
    assert (nothing, decision.outcome, decision.why.code) == ([], NOBODY, "nothing_usable")
    (first,), _ = decided(address(own("IN-27", JALGAON, kind=kind)), stated(city="Pune", region="Maharashtra"))
    assert first.place == PUNE
    assert "ip_not_followed" in codes(first.against)


def test_what_the_sender_calls_a_possible_proxy_weighs_less():
    flagged = address(own("IN-27", JALGAON), possible_proxy=True)
    assert flagged.points < address(own("IN-27", JALGAON), possible_proxy=False).points
    assert "ip_proxy_flag" in codes(flagged.against)


def test_telephones_say_a_country_and_never_a_district():
    (first,), decision = decided(phone())
    assert (first.place, first.state, first.district) == ("IN", "", "")
    assert decision.why.code == "state_not_known"
    assert "phone_ported" in codes(first.against)


def test_two_kinds_that_agree_weigh_more_than_one():
    alone = decided(stated(city="Jalgaon", region="Maharashtra"))[0][0]
    together = decided(stated(city="Jalgaon", region="Maharashtra"), address(own("IN-27", kind="mobile"), "Login"))[0][
        0
    ]
    assert (alone.place, together.place) == (JALGAON, JALGAON)
    assert together.points > alone.points
    assert "agrees" in codes(together.reasons)


def test_many_addresses_of_one_state_weigh_more_than_one_but_not_without_end():
    logins = [address(own("IN-27", kind="mobile"), "Login", at=NIGHT - timedelta(hours=hour)) for hour in range(12)]
    one = decided(logins[0])[0][0].points
    many = decided(*logins)[0][0].points
    assert one < many <= one + rules.AGREE_AGAIN_POINTS_MAX


def test_two_districts_of_like_weight_go_to_their_state():
    proposals, decision = decided(
        address(own("IN-27", JALGAON)), address(own("IN-27", NASHIK), at=NIGHT - timedelta(hours=1))
    )
    assert {one.place for one in proposals} == {JALGAON, NASHIK}
    assert (decision.unit, decision.why.code) == (MH, "districts_disagree")
    assert all("points_elsewhere" in codes(one.against) for one in proposals)


def test_two_states_of_like_weight_go_to_nobody():
    _, decision = decided(address(own("IN-27", JALGAON)), address(own("IN-10", PATNA), at=NIGHT - timedelta(hours=1)))
    assert (decision.unit, decision.outcome, decision.why.code) == (None, NOBODY, "states_disagree")


def test_the_childs_place_and_the_reported_persons_place_are_kept_apart():
    proposals, decision = decided(
        address(own("IN-27", JALGAON)),
        address(own("IN-10", PATNA), role="victim"),
        stated("victim", city="Patna", region="Bihar"),
    )
    assert [(one.whose, one.place) for one in proposals] == [("reported", JALGAON), ("victim", PATNA)]
    assert "points_elsewhere" not in codes([*proposals[0].against, *proposals[1].against])
    assert decision.unit == JALGAON_CYBER
    assert "the child" in sentence(proposals[1].reasons[0], SENTENCES, "en")


def test_where_only_the_childs_state_is_known_the_childs_place_comes_first():
    abroad = address(own(country="US"))
    proposals, decision = decided(abroad, stated("victim", city="Patna", region="Bihar", postal_code="800001"))
    assert [one.whose for one in proposals] == ["victim", "reported"]
    assert decision.unit == PATNA_CYBER


def test_another_country_is_nobodys_here():
    _, decision = decided(address(own(country="US")))
    assert (decision.outcome, decision.why.code) == (NOBODY, "abroad")


def test_what_is_too_weak_is_not_sent():
    weak = address(own("IN-27", JALGAON), "Registration", at=NIGHT - timedelta(days=400), port=None)
    (first,), decision = decided(weak)
    assert (first.strength, decision.why.code) == ("weak", "too_weak")


def test_a_platforms_own_contact_is_nobodys_place():
    seen = Sighting("ip", "203.0.113.77", "witness", "Login", NIGHT)
    assert evidence.of_address(seen, own("IN-27"), NIGHT, names, IST) is None


def test_a_district_of_several_units_goes_to_the_unit_above_them():
    _, decision = decided(address(own("IN-27", PUNE)))
    assert (decision.unit, decision.why.code) == (MH, "unit_of_shared")
    assert "Pune City Cyber, Pune Rural Cyber" in sentence(decision.why, SENTENCES, "en")


def test_of_two_hubs_that_know_a_place_the_holders_own_units_answer_for_it():
    other_hub, other = uuid4(), uuid4()
    units = {
        **tree().units,
        other_hub: Unit(other_hub, None, "hub", "Another Hub", ""),
        other: Unit(other, other_hub, "district", "Another Jalgaon Unit", ""),
    }
    both = Tree(units, {**COVERING, JALGAON: [other, JALGAON_CYBER]})
    proposals = rules.propose([address(own("IN-27", JALGAON))], names)
    assert rules.decide(proposals, HUB, both, names, home="IN").unit == MH  # shared, as far as the whole tree knows
    assert rules.decide(proposals, HUB, both.seen_from(HUB), names, home="IN").unit == JALGAON_CYBER
    assert both.seen_from(other_hub).covering[JALGAON] == [other]
    assert both.seen_from(other_hub).covering[PATNA] == [PATNA_CYBER]


def test_a_district_without_a_unit_goes_to_its_state():
    _, decision = decided(address(own("IN-27", NASHIK)))
    assert (decision.unit, decision.why.code) == (MH, "unit_around")


def test_a_name_of_two_districts_goes_to_the_one_unit_that_answers_for_both():
    mumbai = stated(city="Mumbai", region="Maharashtra", postal_code="400001")
    police = uuid4()
    units = {**UNITS, police: Unit(police, MH, "district", "Mumbai Police Cyber", "")}
    covered = Tree(units, {**COVERING, "IN-27-482": [police], "IN-27-483": [police]})
    proposals = rules.propose([mumbai], names)
    assert proposals[0].possible == ("IN-27-482", "IN-27-483")
    assert rules.decide(proposals, HUB, covered, names, home="IN").unit == police
    assert rules.decide(proposals, HUB, tree(), names, home="IN").unit == MH


def test_a_name_of_two_states_goes_to_nobody_and_says_which_they_are():
    _, decision = decided(stated(city="Aurangabad"))
    assert (decision.unit, decision.why.code) == (None, "states_disagree")
    assert "Aurangabad" in sentence(decision.why, SENTENCES, "en")


def test_the_standing_rule_decides_how_far_a_report_goes_by_itself():
    evidence_of_jalgaon = address(own("IN-27", JALGAON))
    assert decided(evidence_of_jalgaon, rule="district")[1].unit == JALGAON_CYBER
    assert decided(evidence_of_jalgaon, rule="state")[1].unit == MH
    by_hand = decided(evidence_of_jalgaon, rule="off")[1]
    assert (by_hand.unit, by_hand.outcome) == (JALGAON_CYBER, PROPOSED)


def test_a_unit_that_sent_it_back_does_not_get_it_again_by_rule():
    _, decision = decided(address(own("IN-27", JALGAON)), returned={JALGAON_CYBER})
    assert (decision.unit, decision.why.code) == (None, "was_returned")


def test_a_report_entered_at_a_district_stays_there_or_is_proposed_to_another():
    at_home = decided(address(own("IN-27", JALGAON)), holder=JALGAON_CYBER)[1]
    assert (at_home.outcome, at_home.why.code) == (OURS, "ours")
    at_least = decided(address(own("IN-27", kind="mobile")), holder=JALGAON_CYBER)[1]
    assert (at_least.outcome, at_least.why.code) == (OURS, "ours_at_least")
    elsewhere = decided(address(own("IN-10", PATNA)), holder=JALGAON_CYBER)[1]
    assert (elsewhere.unit, elsewhere.outcome, elsewhere.why.code) == (PATNA_CYBER, PROPOSED, "not_below")


def test_a_place_named_in_a_text_is_the_weakest_of_leads():
    (mention,) = places_in_text(INDIA, "says he lives in Jalgaon")
    found = evidence.of_mention("mentioned", mention, "IN", names)
    (first,), decision = decided(found)
    assert (first.place, first.strength, decision.why.code) == (JALGAON, "weak", "too_weak")


def test_the_clock_of_the_unit_comes_before_that_of_the_units_above_it():
    line = [JALGAON_CYBER, MH, HUB]
    assert rules.accept_minutes("imminent", {}, line) == 30
    assert rules.accept_minutes("imminent", {(None, "imminent"): 20}, line) == 20
    assert rules.accept_minutes("imminent", {(None, "imminent"): 20, (MH, "imminent"): 15}, line) == 15
    assert rules.accept_minutes("imminent", {(JALGAON_CYBER, "imminent"): 10, (MH, "imminent"): 15}, line) == 10
    assert rules.accept_minutes("a lane of tomorrow", {}, line) == rules.ACCEPT_MINUTES_OTHERWISE


PLACES = ["", "IN", "IN-27", "IN-10", JALGAON, PUNE, NASHIK, PATNA]
ANY = st.builds(
    Evidence,
    kind=st.sampled_from(["ip", "phone", "address", "estimated", "text"]),
    whose=st.sampled_from(rules.ORDER),
    points=st.integers(1, 100),
).flatmap(
    lambda one: st.sampled_from(PLACES).map(
        lambda code: Evidence(
            one.kind,
            one.whose,
            country="IN" if code else "",
            state="-".join(code.split("-")[:2]) if "-" in code else "",
            district=code if code.count("-") == 2 else "",
            points=one.points,
        )
    )
)


@given(st.lists(ANY, max_size=12), st.sampled_from(["district", "state", "off"]))
def test_whatever_the_evidence_the_decision_is_one_that_an_officer_can_follow(facts, rule):
    proposals = rules.propose(facts, names)
    decision = rules.decide(proposals, HUB, tree(rule), names, home="IN")
    assert spoken(decision.why)
    assert len(proposals) <= rules.PROPOSALS_MAX
    assert bool(proposals) == any(one.country for one in facts)
    if decision.outcome == FORWARDED:
        assert rule != "off"
        assert decision.unit in UNITS
        assert decision.unit != HUB
        assert proposals[0].state == "-".join(decision.place.split("-")[:2])
        assert proposals[0].strength != "weak"
    for proposal in proposals:
        assert 1 <= proposal.points <= 100
        assert any(fact.place == proposal.place and fact.whose == proposal.whose for fact in facts)


@given(st.lists(ANY, max_size=8), st.randoms())
def test_the_order_in_which_facts_come_changes_nothing(facts, random):
    shuffled = list(facts)
    random.shuffle(shuffled)
    places = [
        [(one.whose, one.place, one.points) for one in rules.propose(given, names)] for given in (facts, shuffled)
    ]
    assert places[0] == places[1]

"""The invented world holds the traps of linking at their shares, and its truth agrees with what it sends."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from lxml import etree

from abhaya.intake.formats import ispws_schema, ncmec_json, ncmec_xml
from abhaya.selectors import device, email, phone
from abhaya.training import wire
from abhaya.training.names import LINES
from abhaya.training.parameters import Parameters
from abhaya.training.senders import JUNK_DEVICES, JUNK_EMAILS, JUNK_PHONES
from abhaya.training.world import World

LONG = Parameters(days=365, judgement_share=0.5)
TRAPS = replace(
    LONG, household_share=0.2, family_mailbox_share=0.3, hand_me_down_share=0.03, borrowed_share=0.005, gift_share=0.1, phone_recycled_share=0.06,
    text_only_share=0.3, device_share=0.4, phone_share=0.7, account_closed_share=0.4,
)  # fmt: skip
PAID = ("gives a UPI address ", "gives a bank account ", "gives a wallet address ", "says recharge sent to +91 100")


@pytest.fixture(scope="module")
def long():
    world = World(11, LONG)
    return world, list(world.reports(5000))


@pytest.fixture(scope="module")
def traps():
    world = World(12, TRAPS)
    return world, list(world.reports(8000))


def whose(reports):
    """(kind, value) -> persons whose accounts reports show with it."""
    seen = defaultdict(set)
    for report in reports:
        for party in report.parties:
            for kind, value in party.identifiers():
                seen[kind, value].add(party.person.id)
    return seen


def how_held(world):
    """(kind, value) as a report shows it -> in which ways its holders came to it."""
    held = defaultdict(set)
    for one in world.holdings:
        value = {"phone": one.value.replace(" ", ""), "device": f"imei:{one.value}"}.get(one.kind, one.value)
        held[one.kind, value].add(one.how)
    return held


def test_shares_come_out_near_what_was_asked(long):
    _, reports = long
    told = [
        report for report in reports if report.kind != "thin" and report.channel == "platform" and not report.updates
    ]
    first = [report for report in told if not report.duplicate_of]
    sessions = [login for report in first for login in report.logins]
    found = {
        "mobile_share": sum("mobile" in login.network for login in sessions) / len(sessions),
        "vpn_share": sum(login.network == "vpn" for login in sessions) / len(sessions),
        "port_missing_share": sum(login.port is None for login in sessions) / len(sessions),
        "email_share": sum(bool(report.email) for report in first) / len(first),
        "phone_share": sum(bool(report.phone) for report in first) / len(first),
        "device_share": sum(bool(report.device) for report in first) / len(first),
        "late_share": sum(bool(report.updates) for report in reports) / len(reports),
        "channel_duplicate_share": sum(report.channel == "hotline" for report in reports) / len(reports),
        "zone_error_share": sum(report.clock == "zone" for report in first) / len(first),
    }
    for name, share in found.items():
        assert share == pytest.approx(getattr(LONG, name), abs=0.07), name


def test_every_sender_has_habits_of_its_own(long):
    _, reports = long
    by_platform = defaultdict(list)
    for report in reports:
        if report.kind not in {"thin", "batched"} and report.channel == "platform":
            by_platform[report.account.platform].append(bool(report.phone))
    shares = [sum(shown) / len(shown) for shown in by_platform.values()]
    assert max(shares) - min(shares) > 0.2


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("phone", "recycled"), ("phone", "gift"), ("device", "gift"), ("device", "household"), ("phone", "household"), ("email", "household"),
        ("device", "cafe"), ("device", "hand-me-down"), ("phone", "hand-me-down"), ("phone", "borrowed"), ("upi", "mule"), ("crypto", "counterparty"),
    ],
)  # fmt: skip
def test_every_trap_is_there_where_two_persons_show_one_value(traps, kind, how):
    world, reports = traps
    held = how_held(world)
    shared = [key for key, persons in whose(reports).items() if len(persons) > 1 and key[0] == kind]
    assert any(how in held[key] for key in shared)


def test_no_value_but_junk_is_two_persons_without_truth_saying_so(traps):
    world, reports = traps
    junk = {*JUNK_PHONES, *JUNK_EMAILS, *(f"imei:{value}" for value in JUNK_DEVICES)}
    held = how_held(world)
    for key, persons in whose(reports).items():
        if len(persons) > 1 and key[1] not in junk:
            assert held[key] - {"own"}, key


def test_a_number_is_given_out_again_only_after_its_quarantine(traps):
    world, _ = traps
    by_number = defaultdict(list)
    for one in world.holdings:
        if one.kind == "phone" and one.how in {"own", "recycled"}:
            by_number[one.value].append(one)
    again = 0
    for holders in by_number.values():
        holders.sort(key=lambda one: one.since)
        for before, after in itertools.pairwise(holders):
            assert after.how == "recycled" and after.person != before.person
            assert after.since - before.until >= timedelta(days=TRAPS.quarantine_days_min)
            again += 1
    assert again > 20


def test_a_childs_account_is_verified_with_what_the_one_reported_had_before(traps):
    world, reports = traps
    ages = {person.id: person.true_age for person in world.persons}
    held = how_held(world)
    gifts = [persons for key, persons in whose(reports).items() if "gift" in held[key] and len(persons) > 1]
    assert any({ages[person] < 18 for person in persons} == {True, False} for persons in gifts)


def test_some_strangers_have_the_same_rare_file(traps):
    _, reports = traps
    had = defaultdict(set)
    for report in reports:
        if report.kind == "file":
            for file in report.files:
                had[file].add(report.person.id)
    assert sum(len(persons) > 1 for persons in had.values()) > 10


def test_some_change_their_numbers_and_accounts_and_stay_one_person(traps):
    world, _ = traps
    burners = [person for person in world.persons if person.is_burner and len(person.accounts) > 3]
    assert any(len(set(person.phones)) > 1 and len(set(person.emails)) > 2 for person in burners)


def test_what_is_sent_says_what_truth_says(long):
    _, reports = long
    for report in reports[:400]:
        if report.kind == "batched":
            continue
        record = ncmec_xml.read(wire.report_xml(report))
        other = ncmec_json.read(wire.police_json(report))[0]
        numbers = defaultdict(int)
        for party in report.parties:
            numbers[party.role] += 1
            for read in (record, other):
                facts = [
                    f for f in read.facts if f.role == party.role and f.person == numbers[party.role] and not f.mined
                ]
                accounts = {fact.raw for fact in facts if fact.kind == "account"}
                assert accounts == ({party.account.identifier} if party.account else set()), report.ref
                assert {f.raw for f in facts if f.kind == "phone"} == ({party.phone} if party.phone else set())
                assert {f.raw for f in facts if f.kind == "email"} >= ({party.email} if party.email else set())
                assert {f.raw for f in facts if f.kind == "device"} == ({party.device} if party.device else set())


def test_the_door_takes_every_document(traps):
    _, reports = traps
    for report in reports[:1500]:
        root = etree.fromstring(wire.report_xml(report))
        assert not ispws_schema.check(root, "report", strict=True), report.ref
        assert report.kind != "batched" or root.find("additionalInfo") is None, "a batched report takes none"


def test_identifiers_are_written_as_the_road_normalises_them(long):
    _, reports = long
    normal = {"phone": phone.normalise, "email": email.normalise}
    for report in reports[:300]:
        for party in report.parties:
            raw = {"phone": party.phone, "email": party.email}
            for kind, value in party.identifiers():
                if kind in normal and normal[kind](raw[kind]).value:
                    assert normal[kind](raw[kind]).value == value
                if kind == "device" and party.device not in JUNK_DEVICES:
                    assert device.normalise(party.device, device_type="IMEI").value == value


def test_words_are_neutral_and_domains_are_nobodys(traps):
    world, reports = traps
    for report in reports:
        for line in report.lines:
            assert line in LINES or line.startswith(PAID)
    assert {address.rpartition("@")[2] for person in world.persons for address in person.emails} <= {
        "example.com", "example.org", "example.net"
    }  # fmt: skip


def test_accounts_emails_and_numbers_of_strangers_never_meet_by_chance(traps):
    world, _ = traps
    assert len(world.owners()) == sum(len(person.accounts) for person in world.persons)
    emails = [address for person in world.persons for address in person.emails]
    assert len(set(emails)) == len(emails)


def test_judgements_are_wrong_at_their_share_and_truth_knows_which(long):
    world, reports = long
    judged, owners = world.judgements(), world.owners()
    shown = {party.account.key for report in reports for party in report.parties if party.account}
    assert judged == world.judgements()
    for one in judged:
        assert one.a in shown and one.b in shown
        is_same = owners[one.a] is owners[one.b]
        assert one.answer == "unsure" or one.is_right == ((one.answer == "same") == is_same)
    wrong = sum(not one.is_right for one in judged) / len(judged)
    assert wrong == pytest.approx(LONG.judgement_wrong_share, abs=0.04)


def test_drawn_parameters_stay_in_their_ranges_and_follow_the_seed():
    assert Parameters.drawn(3) == Parameters.drawn(3) != Parameters.drawn(4)
    for seed in range(40):
        drawn = Parameters.drawn(seed)
        for one in fields(Parameters):
            if one.metadata:
                low, high = one.metadata["range"]
                assert low <= getattr(drawn, one.name) <= high and low <= one.default <= high, one.name
    assert list(World(5, Parameters.drawn(5)).reports(50)) == list(World(5, Parameters.drawn(5)).reports(50))

"""What shared identifiers are worth, trap by trap: each test is a sentence of what must, or must never, happen."""

from __future__ import annotations

import numpy as np
import pytest
from tests.linking.drawn import evidence, nobody

from abhaya.linking import weights as w
from abhaya.linking.kernels import pair_weights
from abhaya.linking.values import is_junk, key_of

MAIL, NUMBER, SET = (w.EMAIL, "alice@example.com"), (w.PHONE, "+919000000001"), (w.DEVICE, "imei:1")


def outcome(*facts, accounts=2, protected=None):
    """What becomes of accounts 0 and 1: outcome and what caps it."""
    shield = nobody(accounts) if protected is None else np.array(protected)
    found = pair_weights(evidence(*facts), shield)
    for a, b, decided, why in zip(found.a, found.b, found.outcome, found.why, strict=True):
        if (a, b) == (0, 1):
            return int(decided), int(why)
    return w.NONE, 0


def both(*values, day=0, until=1, flags=w.SOLID, network=w.UNKNOWN_NETWORK):
    """Both accounts have these, each from one day to another (None: seen once)."""
    return [(account, *value, day, until, flags, network) for account in (0, 1) for value in values]


def after_each_other(*values):
    return [(account, *value, 3 * account, 3 * account + 1) for account in (0, 1) for value in values]


def test_an_e_mail_address_and_a_telephone_number_make_one_person():
    assert outcome(*both(MAIL, NUMBER)) == (w.SAME, 0)


def test_an_e_mail_address_alone_may_be_a_parents_lent_to_a_child_and_only_proposes():
    assert outcome(*both(MAIL)) == (w.REVIEW, w.WHY_ALONE)


def test_an_e_mail_address_decides_alone_where_all_who_have_it_hang_together():
    known = [(account, w.PHONE, "own") for account in (1, 2)]
    mailbox = [(account, *MAIL, 0, 1) for account in (0, 1, 2)]
    assert outcome(*mailbox, *known, accounts=3)[0] == w.SAME


def test_a_telephone_number_alone_only_proposes():
    assert outcome(*both(NUMBER)) == (w.REVIEW, w.WHY_ALONE)


def test_a_telephone_that_was_handed_down_or_given_with_its_number_only_proposes():
    assert outcome(*after_each_other(NUMBER, SET)) == (w.REVIEW, w.WHY_PASSED_ON)


def test_a_telephone_and_its_number_that_two_accounts_use_in_turns_were_not_handed_down():
    assert outcome(*both(NUMBER, SET))[0] == w.SAME


def test_a_couple_who_use_one_telephone_in_turns_with_a_mailbox_each_are_not_one_person():
    assert outcome(*both(NUMBER, SET), (0, w.EMAIL, "a"), (1, w.EMAIL, "b"))[0] == w.REVIEW


def test_a_mailbox_lent_in_a_household_beside_its_tablet_only_proposes():
    assert outcome(*after_each_other(MAIL, SET)) == (w.REVIEW, w.WHY_LENT)
    assert outcome(*both(MAIL, SET), (0, w.PHONE, "1"), (1, w.PHONE, "2")) == (w.REVIEW, w.WHY_LENT)
    assert outcome(*both(MAIL, SET))[0] == w.SAME


def test_what_was_seen_at_one_moment_only_on_either_side_only_proposes():
    assert outcome(*both(MAIL, NUMBER, until=None)) == (w.REVIEW, w.WHY_ONCE)
    assert outcome(*both(MAIL, until=None), *both(NUMBER))[0] == w.SAME


def test_three_kinds_decide_whatever_differs_and_two_do_not():
    payee = (w.UPI, "a@upi")
    apart = (0, w.EMAIL, "a"), (1, w.EMAIL, "b")
    assert outcome(*after_each_other(NUMBER, SET, payee), *apart)[0] == w.SAME
    assert outcome(*after_each_other(NUMBER, payee), *apart)[0] < w.SAME


def test_what_money_goes_to_beside_a_telephone_number_makes_one_person():
    assert outcome(*both(NUMBER, (w.UPI, "alice@upi")))[0] == w.SAME


def test_a_telephone_number_given_out_again_only_proposes_even_beside_its_device():
    handed_down = [(0, *NUMBER, 0), (0, *SET, 0), (1, *NUMBER, 60), (1, *SET, 60)]
    decided, why = outcome(*handed_down)
    assert decided <= w.REVIEW
    assert why & w.WHY_RECYCLED


def test_a_gap_that_is_shorter_than_the_quarantine_of_numbers_is_no_gap():
    assert not outcome((0, *NUMBER, 0), (1, *NUMBER, 45))[1] & w.WHY_RECYCLED
    assert outcome((0, *NUMBER, 0), (1, *NUMBER, 46))[1] & w.WHY_RECYCLED


def test_periods_that_meet_are_no_recycling_however_far_apart_single_reports_lie():
    assert not outcome((0, *NUMBER, 0, 100), (1, *NUMBER, 90, 200))[1] & w.WHY_RECYCLED


def test_a_family_that_shares_a_device_is_not_one_person():
    own = [(0, w.PHONE, "1"), (1, w.PHONE, "2"), (0, w.EMAIL, "a"), (1, w.EMAIL, "b")]
    decided, why = outcome(*both(SET), *own)
    assert decided < w.SAME
    assert why & w.WHY_HOUSEHOLD


def test_a_verified_number_proves_one_code_received_once_and_no_more():
    assert outcome(*both(NUMBER, flags=w.SOLID | w.VERIFIED))[0] == w.REVIEW


def test_what_was_found_in_free_text_never_decides_even_when_there_is_much_of_it():
    decided, why = outcome(*both(MAIL, NUMBER, SET, flags=w.MINED))
    assert decided == w.REVIEW
    assert why & w.WHY_SOFT


def test_what_was_partly_assumed_weighs_less_than_what_was_written():
    written = pair_weights(evidence(*both(MAIL)), nobody(2)).millibits[0]
    assumed = pair_weights(evidence(*both(MAIL, flags=w.SOLID), *both(NUMBER, flags=w.ASSUMED)), nobody(2)).millibits[0]
    solid = pair_weights(evidence(*both(MAIL, NUMBER)), nobody(2)).millibits[0]
    assert written < assumed < solid


@pytest.mark.parametrize("kind", [w.UPI, w.BANK, w.CRYPTO])
def test_an_account_that_money_went_to_may_be_a_mules_and_only_proposes(kind):
    assert outcome(*both((kind, "x")))[0] <= w.REVIEW


def test_a_shared_page_or_folder_is_a_connection_and_never_a_person():
    assert outcome(*both((w.URL, "https://example.com/folder/1"))) == (w.RELATED, w.WHY_PLACE_ONLY)


@pytest.mark.parametrize("network", [w.UNKNOWN_NETWORK, w.MOBILE, w.VPN, w.WIFI, w.FIXED])
@pytest.mark.parametrize("kind", [w.IP, w.IP6])
def test_an_internet_address_alone_never_merges_two_people(kind, network):
    many = [(kind, f"{number}") for number in range(50)]
    assert outcome(*both(*many, network=network))[0] <= w.RELATED


@pytest.mark.parametrize("network", [w.MOBILE, w.VPN, w.WIFI])
def test_behind_a_carriers_nat_a_vpn_or_a_schools_network_an_address_says_nothing(network):
    assert outcome(*both((w.IP, "x"), network=network)) == (w.NONE, 0)


def test_an_internet_address_never_lifts_a_pair_over_a_line():
    before = outcome(*both((w.DEVICE, "1")), (0, w.PHONE, "1"), (1, w.PHONE, "2"))
    assert outcome(*both((w.DEVICE, "1"), (w.IP6, "n"), (w.IP, "i"), network=w.FIXED),
                   (0, w.PHONE, "1"), (1, w.PHONE, "2")) == before  # fmt: skip


def test_the_same_address_counts_in_the_same_hour_only():
    assert outcome((0, w.IP, "x", 0, None, 1, w.FIXED), (1, w.IP, "x", 0, None, 1, w.FIXED))[0] == w.RELATED
    assert outcome((0, w.IP, "x", 0, None, 1, w.FIXED), (1, w.IP, "x", 1, None, 1, w.FIXED))[0] == w.NONE


def test_an_address_that_many_accounts_had_in_one_hour_says_nothing():
    crowd = [(account, w.IP, "x", 0, None, w.SOLID, w.FIXED) for account in range(w.PARAMETERS.address_holders_max + 1)]
    assert len(pair_weights(evidence(*crowd), nobody(len(crowd))).a) == 0


def test_a_value_of_many_accounts_is_generic_and_links_nobody():
    crowd = [(account, *MAIL) for account in range(w.HOLDERS_MAX + 1)]
    assert len(pair_weights(evidence(*crowd), nobody(len(crowd))).a) == 0


def test_accounts_are_counted_and_not_mentions():
    often = [(account, *MAIL, day) for account in (0, 1) for day in range(100)]
    assert outcome(*often) == outcome(*both(MAIL))


def test_a_value_counts_the_less_the_more_accounts_have_it():
    found = [
        pair_weights(evidence(*[(account, *NUMBER) for account in range(count)]), nobody(count)).millibits[0]
        for count in range(2, 11)
    ]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found)


def test_many_accounts_of_one_busy_person_are_no_crowd():
    own = [(account, w.PHONE, "own") for account in range(6)]
    strangers = [(account, w.PHONE, f"own {account}") for account in range(8)]
    mailbox = [(account, *MAIL, 0, 1) for account in range(8)]
    together, apart = (pair_weights(evidence(*mailbox, *rows), nobody(8)) for rows in (own, strangers))
    same = [(a, b) for a, b, found in zip(together.a, together.b, together.outcome, strict=True) if found == w.SAME]
    assert len(same) == 8 * 7 / 2
    assert not (apart.outcome == w.SAME).any()


def test_what_is_shared_and_weighs_nothing_is_no_link():
    crowd = [(account, *SET) for account in range(10)]
    assert len(pair_weights(evidence(*crowd), nobody(10)).a) == 0


def test_how_many_accounts_have_a_value_may_be_said_by_who_knows_more():
    rows = evidence(*both(MAIL))
    assert pair_weights(rows, nobody(2), holders=np.array([7])).millibits[0] == w.PARAMETERS.agreement(w.EMAIL, 7)
    assert len(pair_weights(rows, nobody(2), holders=np.array([w.HOLDERS_MAX + 1])).a) == 0


def test_different_telephones_and_addresses_count_against():
    alone = pair_weights(evidence(*both(SET)), nobody(2)).millibits[0]
    against = pair_weights(evidence(*both(SET), (0, w.PHONE, "1"), (1, w.PHONE, "2")), nobody(2)).millibits[0]
    assert against < alone


@pytest.mark.parametrize("protected", [(True, False), (False, True)])
def test_a_victim_or_possible_minor_and_a_suspect_are_only_ever_related(protected):
    assert outcome(*both(MAIL, NUMBER, SET), protected=protected) == (w.RELATED, w.WHY_PROTECTED)


def test_two_accounts_of_one_child_may_be_the_same():
    assert outcome(*both(MAIL, NUMBER), protected=(True, True))[0] == w.SAME


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "admin@example.com"), ("email", "noreply@example.org"), ("email", "none@example.net"),
        ("phone", "+910000000000"), ("phone", "+919999999999"), ("phone", "+919012121212"),
        ("device", "imei:000000000000000"), ("device", "00000000-0000-0000-0000-000000000000"),
    ],
)  # fmt: skip
def test_what_was_typed_to_fill_a_field_is_no_evidence(kind, value):
    assert is_junk(kind, value)
    assert key_of(kind, value) is None


@pytest.mark.parametrize("value", ["192.168.1.7", "10.0.0.1", "100.64.3.4", "127.0.0.1", "fe80::1", "fd00::1"])
def test_an_address_inside_a_house_or_a_carriers_network_is_no_evidence(value):
    assert key_of("ip", value) is None


def test_an_ipv6_address_is_held_by_its_network_and_a_mailbox_by_its_providers_rule():
    assert key_of("ip", "2001:db8:0:7::1") == key_of("ip", "2001:db8:0:7:1:2:3:4") == (w.IP6, "2001:db8:0:7::/64")
    assert key_of("ip", "198.51.100.7") == (w.IP, "198.51.100.7")
    assert key_of("email", "a.lice+x@gmail.com") == key_of("email", "alice@gmail.com")
    assert key_of("name", "Alice") is None

"""Names across scripts: what is known again, what is kept apart, and that a name never does more than propose."""

import csv
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.linking.names import reasons
from abhaya.linking.names.addresses import KEYS_MAX as ADDRESS_KEYS_MAX
from abhaya.linking.names.addresses import address_keys, compare_addresses
from abhaya.linking.names.compare import Band, Bearers, compare
from abhaya.linking.names.parts import KEYS_MAX, keys, part_keys, read, sought
from abhaya.linking.names.screen_names import compare_screen_names, screen_name_keys
from abhaya.shared.reason import sentence

FORMS = Path(__file__).parents[2] / "benchmarks" / "names.csv"
PROPOSED = {Band.SAME, Band.ALIKE}


def codes(one, other, bearers=Bearers({})):
    return {reason.code for reason in compare(one, other, bearers).reasons}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed Irfan Khan", "मोहम्मद इरफ़ान ख़ान"),
        ("Md. Irfan Khan", "محمد عرفان خان"),
        ("Muhammad Irfan Khan", "মোঃ ইরফান খান"),
        ("Irfan Khan", "முகமது இர்பான் கான்"),
        ("Rahul Sharma", "Рахул Шарма"),
        ("Gurpreet Singh Sandhu", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ ਸੰਧੂ"),
        ("Abdurrahman Siddiqi", "عبد الرحمٰن صدیقی"),
        ("Salah ud-Din Ansari", "सलाहुद्दीन अंसारी"),
        ("Sourav Mukherjee", "সৌরভ মুখোপাধ্যায়"),
        ("Venkatesan Krishnamurthy", "வெங்கடேசன் கிருஷ்ணமூர்த்தி"),
        ("Priya Nair", "പ്രിയ നായർ"),
        ("Yevgeny Zhukov", "Евгений Жуков"),
    ],
)
def test_one_name_in_two_scripts_is_proposed(one, other):
    verdict = compare(one, other)
    assert verdict.band in PROPOSED, verdict
    assert {"name_script", "name_script_near", "name_forms"} & {reason.code for reason in verdict.reasons}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hasan Ali Mirza", "حسین علی مرزا"),
        ("Sunil Yadav", "सुनीता यादव"),
        ("Rajesh Gupta", "राकेश गुप्ता"),
        ("Usha Mehta", "Asha Mehta"),
        ("Gurpreet Sandhu", "Harpreet Sandhu"),
        ("Rahul Sharma", "Rahul Verma"),
        ("Shri Kiran Das", "Smt. Kiran Das"),
        ("K. Rajendran", "Murugan Rajendran"),
    ],
)
def test_names_that_differ_stay_apart(one, other):
    assert compare(one, other).band is Band.DIFFERENT


def test_the_reasons_say_what_differs():
    assert codes("Irfan Qureshi", "Qureshi Irfan") == {"name_letters", "name_order"}
    assert "name_titles" in codes("Dr. Ashutosh Bedekar", "Ashutosh Bedekar")
    assert "name_companion" in codes("Vikram Singh Kothiyal", "Vikram Kothiyal")
    assert "name_joined" in codes("Ramkumar Natarajan", "Ram Kumar Natarajan")
    assert "name_part_missing" in codes("Ananya Kothiyal", "Ananya Kothiyal Bedekar")
    assert "name_also_called" in codes("Guddu alias Ramesh Kothiyal", "Ramesh Kothiyal")
    assert "name_forms" in codes("Ananya Banerjee", "Ananya Bandyopadhyay")


def test_an_initial_and_a_final_a_are_possible_and_no_more():
    assert compare("S. Murugan", "Selvaraj Murugan").band is Band.POSSIBLE
    assert compare("Arun Das", "Aruna Das").band is Band.POSSIBLE
    assert compare("Rahul", "राहुल").band is Band.POSSIBLE


def test_a_common_name_is_never_proposed_without_saying_so():
    everywhere = compare("Rahul Sharma", "राहुल शर्मा")
    assert everywhere.band is Band.SAME
    assert everywhere.is_common
    assert not everywhere.proposes
    assert "name_common" in codes("Rahul Sharma", "राहुल शर्मा")
    assert compare("Tanishq Kothiyal", "तनिष्क कोठियाल").proposes


def test_what_a_unit_has_often_is_common_there():
    often = {key: 40 for name in read("Tanishq Kothiyal") for part in name.parts for key in part_keys(part)}
    assert compare("Tanishq Kothiyal", "तनिष्क कोठियाल").proposes
    counted = compare("Tanishq Kothiyal", "तनिष्क कोठियाल", Bearers(often))
    assert not counted.proposes
    assert [reason.values for reason in counted.reasons if reason.code == "name_common_counted"] == [{"accounts": 40}]


def test_letters_of_another_script_in_a_word_do_not_hide_a_name():
    assert compare("Tаnishq Kоthiyal", "Tanishq Kothiyal").band is Band.SAME  # Cyrillic а and о


def test_a_script_that_is_not_compared_by_sound_meets_only_itself():
    assert compare("山田 太郎", "山田 太郎").band is Band.SAME
    assert compare("山田 太郎", "Yamada Taro").band is Band.DIFFERENT


def test_the_invented_persons_are_told_apart_as_measured():
    """The figures of `benchmarks/names.py`, as a floor."""
    with FORMS.open(encoding="utf-8", newline="") as file:
        held = [row for row in csv.DictReader(file) if row["part"] == "held"]
    pairs = [
        (compare(one["name"], other["name"]).band, one["person"] == other["person"], one["name"], other["name"])
        for one, other in combinations(held, 2)
    ]
    same = [pair for pair in pairs if pair[1]]
    assert not [pair for pair in pairs if pair[0] in PROPOSED and not pair[1]]
    assert sum(pair[0] in PROPOSED for pair in same) / len(same) >= 0.85
    assert sum(bool(sought(one).keys() & keys(other)) for _, _, one, other in same) / len(same) >= 0.96


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_answered_the_same_from_both_sides(one, other):
    there, back = compare(one, other), compare(other, one)
    assert there.band is back.band
    assert there.is_common is back.is_common
    for verdict in (there, back):
        for reason in verdict.reasons:
            assert all(sentence(reason, reasons.SENTENCES, language) for language in ("en", "hi"))
            assert reason.code in reasons.SENTENCES


@given(st.text(max_size=200))
def test_keys_are_few_and_short(text):
    found = keys(text)
    assert len(found) <= KEYS_MAX
    assert all(len(key) <= 40 for key in found)


def test_an_address_proposes_by_pin_code_number_and_words():
    one = "H. No. 12/4, Shivaji Nagar, Near Bus Stand, Pune 411005"
    assert compare_addresses(one, "12/4 शिवाजी नगर, बस स्टैंड, पुणे - 411 005").band in PROPOSED
    assert compare_addresses(one, "12/4 Shivaji Nagar, Near Bus Stand, Pune 411004").band is Band.DIFFERENT
    assert compare_addresses(one, "98 Shivaji Nagar, Near Bus Stand, Pune 411005").band is Band.DIFFERENT
    assert compare_addresses(one, "Shivaji Nagar").band is Band.DIFFERENT


@pytest.mark.parametrize(
    ("one", "other", "shares"),
    [
        ("H. No. 12/4, Shivaji Nagar, Pune 411005", "पुणे 411 005, 12/4 शिवाजी नगर", True),
        ("H. No. 12/4, Shivaji Nagar, Pune 411005", "12/4 Shivaji Nagar, Pune 411-004", False),
        ("H. No. 12/4, Shivaji Nagar, Pune 411005", "98 Shivaji Nagar, Pune 411005", False),
        ("H. No. 12/4, Shivaji Nagar, Pune 411005", "Shivaji Nagar, Pune 411005", False),
        ("Vill. Rampur, Post Mohanganj 225001", "ग्राम रामपुर, पोस्ट मोहनगंज 225001", True),
        ("Vill. Rampur, Post Mohanganj 225001", "Vill. Sultanpur, Post Bahadurganj 225001", False),
    ],
)
def test_addresses_share_a_key_where_they_may_be_one_house(one, other, shares):
    assert bool(address_keys(one) & address_keys(other)) is shares
    assert not shares or compare_addresses(one, other).band is not Band.DIFFERENT


@pytest.mark.parametrize(
    ("one", "other", "band"),
    [
        ("chatline:Dark_Falcon", "chatline:dark.fálcon", Band.SAME),
        ("chatline:dark falcon99", "other:DarkFalcon_7", Band.ALIKE),
        ("chatline:रेत_का_बाज़७", "other:रेतकाबाज़", Band.ALIKE),
        ("chatline:rahul123", "other:rahul_123", Band.SAME),
        ("chatline:rahul123", "other:rahul77", Band.DIFFERENT),  # what half a country is called
        ("chatline:user48213", "other:user55555", Band.DIFFERENT),  # what a platform calls anybody
        ("chatline:raj7", "other:raj7", Band.DIFFERENT),
        ("chatline:darkfalcon", "other:darkfalcons", Band.DIFFERENT),
    ],
)
def test_screen_names_meet_without_case_accents_separators_and_the_digits_at_the_end(one, other, band):
    assert compare_screen_names(one, other).band is compare_screen_names(other, one).band is band
    assert bool(screen_name_keys(one) & screen_name_keys(other)) is (band is not Band.DIFFERENT)


@given(st.text(max_size=100), st.text(max_size=100))
def test_any_address_and_any_screen_name_is_answered_with_few_and_short_keys(one, other):
    for verdict in (compare_addresses(one, other), compare_screen_names(one, other)):
        assert all(sentence(reason, reasons.SENTENCES, "hi") for reason in verdict.reasons)
    assert len(address_keys(f"{one} 411005")) <= ADDRESS_KEYS_MAX
    assert all(len(key) <= 40 for key in address_keys(f"{one} 411005") | screen_name_keys(other))

"""Telephone numbers: the same telephone under every spelling, and never a country out of thin air."""

from __future__ import annotations

import pytest

from abhaya.selectors import phone
from abhaya.selectors.normal import WHY_PLACEHOLDER

ONE_TELEPHONE = "+919876501234"


@pytest.mark.parametrize(
    ("raw", "hints"),
    [
        ("+91 98765 01234", {}),
        ("+91-98765-01234", {}),
        ("+91 (0) 98765 01234", {}),
        ("0091 9876501234", {}),
        ("00919876501234", {}),
        ("919876501234", {}),
        ("tel:+91-9876501234", {}),
        ("+९१ ९८७६५ ०१२३४", {}),
        ("９８７６５ ０１２３４", {"region": "IN"}),
        ("9876501234", {"calling_code": "+91"}),
        ("9876501234", {"calling_code": "91"}),
        ("9876501234", {"calling_code": "0091"}),
        ("09876501234", {"calling_code": "+91"}),
        ("919876501234", {"calling_code": "+91"}),
        ("098765-01234", {"region": "in"}),
        ("+91 98765 01234", {"region": "US"}),
    ],
)
def test_one_telephone_written_in_many_ways(raw: str, hints: dict[str, str]) -> None:
    normal = phone.normalise(raw, **hints)
    assert normal.value == ONE_TELEPHONE
    assert not normal.assumed
    assert phone.NOTE_INDIA in normal.notes


@pytest.mark.parametrize("raw", ["9876501234", "098765-01234", "98765 01234"])
def test_an_indian_mobile_without_country_is_read_and_said_to_be_assumed(raw: str) -> None:
    normal = phone.normalise(raw)
    assert (normal.value, normal.assumed) == (ONE_TELEPHONE, True)
    assert phone.NOTE_ASSUMED in normal.notes


def test_a_country_known_from_elsewhere_wins_over_the_indian_form() -> None:
    assert phone.normalise("6505550123", region="US").value == "+16505550123"
    assert phone.normalise("6505550123", calling_code="+1").value == "+16505550123"


def test_a_plan_without_a_country_of_its_own_keeps_its_calling_code() -> None:
    normal = phone.normalise("2165 4321", calling_code="+800")
    assert normal.value == "+80021654321"
    assert phone.country("+80021654321") == ""


@pytest.mark.parametrize(
    ("raw", "hints", "why_not"),
    [
        ("2025550143", {}, phone.WHY_NO_COUNTRY),
        ("12", {}, phone.WHY_NOT_A_NUMBER),
        ("call me", {}, phone.WHY_NOT_A_NUMBER),
        ("+999 12345678", {}, phone.WHY_CALLING_CODE),
        ("+91 98765", {}, phone.WHY_TOO_SHORT),
        ("+91 98765 01234 56789", {}, phone.WHY_TOO_MANY),
        ("12345678901234567890", {"region": "IN"}, phone.WHY_TOO_MANY),
        ("9876501234", {"region": "XX"}, phone.WHY_NO_COUNTRY),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(raw: str, hints: dict[str, str], why_not: str) -> None:
    assert phone.normalise(raw, **hints) == (None, why_not, (), False)


@pytest.mark.parametrize(
    "raw",
    ["0000000000", "9999999999", "1234567890", "9876543210", "+919999999999", "+91 1111111111", "00000", "unknown"],
)
def test_digits_typed_to_fill_the_field_are_placeholders(raw: str) -> None:
    assert phone.normalise(raw).why_not == WHY_PLACEHOLDER


def test_notes_say_what_an_officer_needs_to_know() -> None:
    assert phone.NOTE_COUNTRY + "GB" in phone.normalise("+44 20 7946 0958").notes
    assert phone.NOTE_SHARED in phone.normalise("+1 800 555 0100").notes
    assert phone.NOTE_EXTENSION + "5" in phone.normalise("+44 20 7946 0958 ext. 5").notes
    assert phone.NOTE_TWO_CODES + "+91" in phone.normalise("+442079460958", calling_code="+91").notes


@pytest.mark.parametrize(("value", "country"), [(ONE_TELEPHONE, "IN"), ("+442079460958", "GB"), ("+12025550143", "US")])
def test_the_country_of_a_normalised_number(value: str, country: str) -> None:
    assert phone.country(value) == country

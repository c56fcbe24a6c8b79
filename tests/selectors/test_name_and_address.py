"""Names of persons and postal addresses: weak, in every script, never transliterated by machine."""

from __future__ import annotations

import pytest

from abhaya.selectors import address, name
from abhaya.selectors.normal import WHY_PLACEHOLDER


@pytest.mark.parametrize("raw", ["Alice Example", "  ALICE\u00a0 example\n", "alice\u200b example", "Ａlice Example"])
def test_one_name_written_in_many_ways(raw: str) -> None:
    assert name.normalise(raw).value == "alice example"


@pytest.mark.parametrize(
    ("raw", "scripts"),
    [
        ("Alice", "Latin"),
        ("अलाइस उदाहरण", "Devanagari"),
        ("اَلِس", "Arabic"),
        ("Алиса", "Cyrillic"),
        ("Alice अलाइस", "Devanagari, Latin"),
    ],
)
def test_scripts_are_noted(raw: str, scripts: str) -> None:
    assert name.normalise(raw).notes == (name.NOTE_SCRIPTS + scripts,)


def test_a_word_of_two_scripts_looks_like_a_disguise() -> None:
    assert name.NOTE_MIXED + "аlice" in name.normalise("Аlice").notes


def test_two_scripts_are_never_taken_for_one_name() -> None:
    assert name.normalise("अलाइस").value != name.normalise("Alice").value


@pytest.mark.parametrize("raw", ["Facebook User", "John Doe", "not provided", "Unknown", "test test"])
def test_filler_names_are_placeholders(raw: str) -> None:
    assert name.normalise(raw).why_not == WHY_PLACEHOLDER


def test_digits_are_no_name() -> None:
    assert name.normalise("4711").why_not == name.WHY_NO_LETTERS


@pytest.mark.parametrize("raw", ["12, MG Road, Pune 411001", "12 , mg road,,Pune  411001,", "१२, MG Road, Pune ४११००१"])
def test_one_postal_address_written_in_many_ways(raw: str) -> None:
    normal = address.normalise(raw)
    assert normal.value == "12, mg road, pune 411001"
    assert normal.notes == (address.NOTE_PIN_CODE + "411001",)


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("MG Road, PIN - 411 001, Pune, phone 020123", "411001"), ("Pune-411001", "411001"), ("पिन कोड: ४११००१", "411001"),
        ("flat 100001, Pune 411001", "411001"), ("Pin 411001, plot 999999", "411001"), ("1 High Street, 90210", ""), ("9876501234", ""),
        ("011001", ""),
    ],
)  # fmt: skip
def test_the_pin_code_in_an_address(text: str, pin: str) -> None:
    assert address.pin_code(text) == pin


def test_an_address_without_letters_or_digits_is_refused() -> None:
    assert address.normalise("?? !!").why_not == address.WHY_NO_LETTERS

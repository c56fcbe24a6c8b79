"""What holds for every kind, whatever somebody writes into the field."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abhaya.selectors import kinds
from abhaya.selectors.normal import VALUE_CHARACTERS_MAX, WHY_EMPTY, WHY_PLACEHOLDER, storable, tidy
from abhaya.selectors.sighting import selector_id

EXAMPLES = {
    "phone": "+91 98765 01234",
    "email": "Alice.Ex@Example.ORG",
    "account": "facebook:100000000000001",
    "screen_name": "@Alice_Ex",
    "url": "https://example.org/alice",
    "ip": "203.0.113.7",
    "device": "IMEI: 490154203237518",
    "name": "Alice Example",
    "address": "12 MG Road, Pune 411001",
    "file_hash": "MD5: abcdef0123456789abcdef0123456789",
    "upi": "alice.ex@okaxis",
    "bank": "SBIN0001234 12345098761",
    "crypto": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "group": "telegram:-1001700000017",
}
# Text near what people write: digits, marks, examples with something put in, and anything Unicode has.
NEARBY = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789+-.:@#%/[]() abcdefxyz९०٣\u200d\u200b\u00a0\n\t\ud800'\"", max_size=60),
    st.builds(
        lambda example, mark, place: (
            example[: place % (len(example) + 1)] + mark + example[place % (len(example) + 1) :]
        ),
        st.sampled_from(sorted(EXAMPLES.values())),
        st.text(max_size=4),
        st.integers(0, 60),
    ),
)


def test_the_registry_knows_every_kind_and_says_why_it_is_strong_or_weak() -> None:
    assert set(kinds.KINDS) == set(EXAMPLES)
    for kind in kinds.KINDS.values():
        assert kind.strength in {kinds.STRONG, kinds.WEAK}
        assert kind.reason.endswith(".")


def test_an_ip_address_a_name_and_a_screen_name_never_link_by_themselves() -> None:
    for kind in ("ip", "name", "screen_name", "address", "group"):
        assert not kinds.identifies(kind, "anything")


def test_a_profile_address_identifies_and_a_front_page_does_not() -> None:
    assert kinds.identifies("url", "https://example.org/alice")
    assert not kinds.identifies("url", "https://example.org/")


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_the_example_of_each_kind_normalises(kind: str) -> None:
    normal = kinds.normalise(kind, EXAMPLES[kind])
    assert normal.value, normal
    assert not normal.why_not


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
@pytest.mark.parametrize("raw", ["", " ", "\u200b", "\n\t", "\x00"])
def test_nothing_written_is_said_so(kind: str, raw: str) -> None:
    assert kinds.normalise(kind, raw).why_not == WHY_EMPTY


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
@pytest.mark.parametrize("raw", ["unknown", "N/A", " n/a ", "Unknown", "NULL", "not available", "xxx", "-"])
def test_fillers_are_placeholders_in_every_kind(kind: str, raw: str) -> None:
    assert kinds.normalise(kind, raw, platform="Facebook") == (None, WHY_PLACEHOLDER, (), False)


def test_a_kind_of_a_later_version_is_kept_and_not_normalised() -> None:
    normal = kinds.normalise("walkie_talkie", "channel 7")
    assert normal.value is None
    assert normal.why_not == kinds.WHY_UNKNOWN_KIND


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
@settings(max_examples=150)
@given(raw=NEARBY)
def test_a_normaliser_never_raises_and_always_answers_value_or_reason(kind: str, raw: str) -> None:
    normal = kinds.normalise(kind, raw)
    assert (normal.value is None) == bool(normal.why_not)
    if normal.value is not None:
        assert normal.value == storable(normal.value)
        assert 0 < len(normal.value) <= VALUE_CHARACTERS_MAX + 64
        assert selector_id(kind, normal.value).version == 8


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
@settings(max_examples=150)
@given(raw=NEARBY)
def test_what_is_normal_stays_as_it_is(kind: str, raw: str) -> None:
    value = kinds.normalise(kind, raw).value
    if value is not None:
        assert kinds.normalise(kind, value).value == value


@settings(max_examples=150)
@given(raw=NEARBY, platform=st.sampled_from(["", "Facebook", "FB", "some chat, Inc.", "a:b", " ", "\u0130x"]))
def test_what_is_normal_on_a_platform_stays_as_it_is(raw: str, platform: str) -> None:
    for kind in ("account", "screen_name"):
        value = kinds.normalise(kind, raw, platform=platform).value
        if value is not None:
            assert kinds.normalise(kind, value, platform=platform).value == value


@pytest.mark.parametrize("kind", sorted(set(EXAMPLES) - {"ip", "phone"}))
def test_full_width_letters_and_white_space_change_nothing(kind: str) -> None:
    plain = EXAMPLES[kind]
    if kind != "url":  # a full-width letter in a path is another path
        wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in plain)
        assert unicodedata.normalize("NFKC", wide) == plain
        assert kinds.normalise(kind, wide).value == kinds.normalise(kind, plain).value
    assert kinds.normalise(kind, f"\u200b  {plain}\u00a0\n").value == kinds.normalise(kind, plain).value


@given(st.text(max_size=200))
def test_tidied_text_stays_tidy(text: str) -> None:
    tidied = tidy(text)
    assert tidy(tidied) == tidied
    assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs"} for letter in tidied)


@given(st.text(alphabet=st.characters(), max_size=200), st.integers(2, 50))
def test_storable_text_can_be_stored(text: str, most: int) -> None:
    kept = storable(text, most)
    assert "\x00" not in kept
    assert len(kept) <= most
    assert kept.encode().decode() == kept
    if text == storable(text, 1000):
        assert len(text) > most or kept == text


def test_the_same_value_of_two_kinds_has_two_ids() -> None:
    assert selector_id("upi", "x") != selector_id("name", "x")
    assert selector_id("upi", "x") == selector_id("upi", "x")

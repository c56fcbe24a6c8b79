"""An entry's bytes are the same for the same facts, and cannot be ambiguous."""

import json
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.ledger import canonical

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
whole = st.integers(min_value=-canonical.INTEGER_MAX, max_value=canonical.INTEGER_MAX)
facts = st.recursive(
    st.none() | st.booleans() | whole | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=20,
)


class Colour(StrEnum):
    RED = "colour:red"


@given(facts)
def test_what_is_written_reads_back_the_same(value):
    assert json.loads(canonical.encode(value)) == value


@given(st.dictionaries(text, facts, max_size=8), st.randoms())
def test_the_order_of_making_does_not_matter(value, random):
    keys = list(value)
    random.shuffle(keys)
    assert canonical.encode({key: value[key] for key in keys}) == canonical.encode(value)


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=12) | whole | st.booleans() | st.none() | st.lists(text)))
def test_the_quick_way_writes_the_same_bytes_as_the_slow_one(value):
    slow = canonical.encode([value])[1:-1]  # inside a list nothing is quick
    assert canonical.encode(value) == slow


def test_every_letter_is_written_the_same_in_both_ways():
    for first in range(0, 0x11000, 0x100):
        value = {"letters": "".join(map(chr, range(first, first + 0x100)))}
        assert canonical.encode(value) == canonical.encode([value])[1:-1]


def test_keys_sort_by_utf16_units_as_rfc_8785_says():
    # The example of RFC 8785 §3.2.3: U+1F600 sorts before U+FB33, because its first unit is D83D.
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = list(json.loads(canonical.encode(dict.fromkeys(keys, 0))))
    assert written == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_strings_escape_only_what_rfc_8785_escapes():
    assert canonical.encode('€$\u000f\u000aA\'B"\\\\"/') == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


def test_ids_instants_and_event_names_are_text():
    at = datetime(2026, 11, 21, 2, 14, 9, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert canonical.encode([UUID(int=7), at, Colour.RED]) == (
        b'["00000000-0000-0000-0000-000000000007","2026-11-20T20:44:09.000000Z","colour:red"]'
    )


@pytest.mark.parametrize("value", [1.5, float("nan"), b"bytes", {1: "number as a name"}, {"a": {1, 2}}, object()])
def test_what_could_be_written_two_ways_is_refused(value):
    with pytest.raises(TypeError):
        canonical.encode(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), datetime(2026, 1, 1)])  # noqa: DTZ001 — the missing zone is the point
def test_numbers_and_instants_that_others_would_misread_are_refused(value):
    with pytest.raises(ValueError, match=r"53 bits|time zone"):
        canonical.encode(value)


def test_endless_nesting_is_refused():
    value = []
    for _ in range(canonical.DEPTH_MAX + 1):
        value = [value]
    with pytest.raises(ValueError, match="nest deeper"):
        canonical.encode(value)


def test_a_broken_surrogate_from_outside_does_not_stop_the_entry():
    assert canonical.encode({"name": "a\ud83d"}).decode() == '{"name":"a\ufffd"}'


def test_a_commitment_hides_behind_its_salt():
    body = canonical.encode({"event": "intake:report:received"})
    assert canonical.commitment(b"a" * 32, body) != canonical.commitment(b"b" * 32, body)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert canonical.instant(at) == "2026-01-01T00:00:00.000000Z"

"""Numbers, spans and sizes as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from abhaya.web import words


@pytest.mark.parametrize(
    ("number", "indian", "western"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1000, "1,000", "1,000"),
        (99_999, "99,999", "99,999"),
        (100_000, "1,00,000", "100,000"),
        (6_905_000, "69,05,000", "6,905,000"),
        (1_234_567_890, "1,23,45,67,890", "1,234,567,890"),
        (-100_000, "−1,00,000", "−100,000"),
    ],
)
def test_digits_are_grouped(number, indian, western):
    assert words.grouped(number) == indian
    assert words.grouped(number, "western") == western


@given(st.integers(min_value=0, max_value=10**15))
def test_grouping_never_changes_the_number(number):
    assert words.grouped(number).replace(",", "") == str(number)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=41), "41 min"),
        (timedelta(hours=1, minutes=12), "1 h 12 min"),
        (timedelta(hours=11, minutes=12), "11 h"),
        (timedelta(days=1, hours=2), "1 day 2 h"),
        (timedelta(days=3, hours=4), "3 days 4 h"),
        (timedelta(days=90, hours=4), "90 days"),
    ],
)
def test_a_span_has_two_units_at_most(span, said):
    with translation.override("en"):
        assert words.age(span) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 bytes"), (1, "1 byte"), (219_136, "214 KB"), (1_400_000, "1.3 MB"), (5 * 1024**4, "5.0 TB")],
)
def test_sizes(count, said):
    with translation.override("en"):
        assert words.size(count) == said


class TestAnInstant:
    AT = datetime(2026, 11, 21, 17, 1, 7, tzinfo=UTC)

    def test_is_shown_in_the_units_own_zone(self):
        with translation.override("en"):
            assert words.when(self.AT) == "21 Nov 2026, 22:31:07 IST"

    def test_is_shown_no_finer_than_it_is_known(self):
        with translation.override("en"):
            assert words.when(self.AT, "minute") == "21 Nov 2026, 22:31 IST"
            assert words.when(self.AT, "month") == "November 2026"

    def test_a_day_is_never_moved_into_another_by_a_zone(self):
        with translation.override("en"):
            assert words.when(datetime(2026, 11, 21, 23, 30, tzinfo=UTC), "day") == "21 Nov 2026"

    def test_speaks_hindi_on_a_hindi_page(self):
        with translation.override("hi"):
            assert "2026" in words.when(self.AT)
            assert "Nov" not in words.when(self.AT)

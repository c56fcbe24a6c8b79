"""Times as senders write them: read with their precision and zone, or refused with the reason. Nothing is guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.selectors import instants
from abhaya.selectors.instants import parse

AT = datetime(2026, 3, 15, 10, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-15T10:20:30Z", "2026-03-15T10:20:30+00:00", "2026-03-15 10:20:30 UTC", "2026-03-15T15:50:30+05:30",
        "2026-03-15 15:50:30 IST", "2026-03-15T15:50:30+0530", "2026-03-15 10:20:30 (UTC)", "20260315T102030Z",
        "1773570030", "1773570030000", "1773570030000000", "03/15/2026 10:20:30 AM UTC", "03/15/2026 10:20:30 UTC",
        "15-03-2026 15:50:30 IST", "15.03.2026 15:50:30 IST", "15/03/2026 03:50:30 PM IST", "15-Mar-2026 10:20:30 GMT",
        "15 March 2026 15:50:30 IST", "Mar 15, 2026, 10:20:30 AM UTC", "Sun, 15 Mar 2026 10:20:30 +0000",
        "Sun Mar 15 10:20:30 UTC 2026", "March 15 2026 at 3:20:30 AM PDT", "१५-०३-२०२६ १५:५०:३० IST",
        "15 मार्च 2026 15:50:30 IST", "2026/03/15 10:20:30 GMT", "2026-03-15 10:20:30 GMT+0", "2026-03-15 15:50:30 GMT+5:30",
    ],
)  # fmt: skip
def test_one_instant_written_in_many_ways(text: str) -> None:
    moment = parse(text)
    assert (moment.at, moment.precision, moment.zone_known, moment.why_not) == (AT, "second", True, "")
    assert moment.original == text


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("2026-03-15 10:20", "minute"),
        ("2026-03-15 10 AM", "hour"),
        ("2026-03-15", "day"),
        ("15-03-2026", "day"),
        ("2026-03", "month"),
        ("2026", "year"),
    ],
)
def test_a_time_keeps_its_precision_and_says_that_no_zone_was_written(text: str, precision: str) -> None:
    moment = parse(text)
    assert (moment.precision, moment.zone_known) == (precision, False)
    assert moment.at is not None


def test_nanoseconds_are_kept_to_the_microsecond() -> None:
    assert parse("2026-03-15T10:20:30.123456789Z").at == AT.replace(microsecond=123456)
    assert parse("2026-03-15T10:20:30.5Z").at == AT.replace(microsecond=500000)


@pytest.mark.parametrize("text", ["03/04/2026 10:20:30", "3/4/26", "03/04/2026 10:20:30 AM", "03/04/2026 10:20 AM IST"])
def test_day_and_month_that_could_be_exchanged_are_not_guessed(text: str) -> None:
    moment = parse(text)
    assert (moment.at, moment.why_not) == (None, instants.WHY_AMBIGUOUS)


def test_what_decides_between_day_and_month() -> None:
    assert parse("03/04/2026 10:20:30", day_first=True).at == datetime(2026, 4, 3, 10, 20, 30, tzinfo=UTC)
    assert parse("03/04/2026 10:20:30", day_first=False).at == datetime(2026, 3, 4, 10, 20, 30, tzinfo=UTC)
    assert parse("03/04/2026 10:20:30 AM UTC").at == datetime(2026, 3, 4, 10, 20, 30, tzinfo=UTC)  # platforms' exports
    assert parse("03-04-2026").at == datetime(2026, 4, 3, tzinfo=UTC)  # India
    assert parse("04/04/2026").at == datetime(2026, 4, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "why_not"),
    [
        ("", instants.WHY_EMPTY), (" \u200b", instants.WHY_EMPTY), ("yesterday", instants.WHY_FORM), ("12", instants.WHY_FORM),
        ("2026-02-30", instants.WHY_NO_SUCH), ("2026-13-01", instants.WHY_NO_SUCH), ("2026-03-15 25:00:00", instants.WHY_NO_SUCH),
        ("2026-03-15 10:61", instants.WHY_NO_SUCH), ("2026-03-15 13:00 PM", instants.WHY_NO_SUCH), ("0001-01-01", instants.WHY_NO_SUCH),
        ("2026-03-15 10:20:30 CST", instants.WHY_ZONE), ("2026-03-15 10:20:30 BST", instants.WHY_ZONE),
        ("2026-03-15 10:20:30 EST+5", instants.WHY_ZONE), ("2026-03-15 10:20:30+99:00", instants.WHY_ZONE), ("x" * 500, instants.WHY_FORM),
        ("2026-03-15 10:20:61", instants.WHY_NO_SUCH),
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_its_reason(text: str, why_not: str) -> None:
    assert parse(text) == (text, None, "second", True, why_not)


def test_a_leap_second_is_held_as_the_second_before() -> None:
    assert parse("2016-12-31T23:59:60Z").at == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_a_time_in_the_future_keeps_its_instant_and_says_so() -> None:
    moment = parse("2026-03-15T10:20:30Z", now=AT - timedelta(hours=1))
    assert (moment.at, moment.why_not) == (AT, instants.WHY_FUTURE)
    assert not parse("2026-03-15T10:20:30Z", now=AT - timedelta(seconds=60)).why_not


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 — the zone is drawn beside it
    st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters))),
)
def test_every_rfc_3339_time_is_read_back(naive: datetime, zone: timezone) -> None:
    at = naive.replace(tzinfo=zone)
    assert parse(at.isoformat()).at == at
    assert parse(at.isoformat(sep=" ")).at == at


@given(st.one_of(st.text(max_size=90), st.text(alphabet="0123456789-/:. TZAMPIST+,मार्च\u200b", max_size=60)))
def test_parsing_never_raises_and_always_answers_time_or_reason(text: str) -> None:
    moment = parse(text, now=AT)
    assert moment.at is not None or moment.why_not
    assert moment.original == text
    assert moment.at is None or moment.at.tzinfo is UTC

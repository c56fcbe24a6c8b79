"""The timeline of a link chart: every instant on it, as wide as it is uncertain (pure).

A time written to the day is a day wide, not a point at midnight. A time without a zone may be out by as much as zones lie
apart: from fourteen hours east of UTC to twelve hours west of it.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from abhaya.desk.chart_rules import Chart, Line, Source, Thing

EAST_MOST, WEST_MOST = timedelta(hours=14), timedelta(hours=12)
_SPANS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}


class Span(NamedTuple):
    """From when until when an instant may lie, UTC: `first` to `last` as written, `earliest` to `latest` in any zone."""

    first: datetime
    last: datetime
    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant of the timeline: a sighting with the line it stands on, or the receipt of a report."""

    span: Span
    thing: Thing
    source: Source | None = None
    line: Line | None = None


def span(at: datetime, precision: str, *, zone_known: bool) -> Span:
    """`at` begins the second, minute, hour, day, month or year that was written, in UTC; a month or a year is as long as
    the calendar has it in whatever zone it begins at that instant.
    """
    last = at + _SPANS.get(precision, _SPANS["second"])
    written = at + EAST_MOST  # lies in the month that was written, wherever on earth
    if precision == "month":
        last = at + timedelta(days=monthrange(written.year, written.month)[1])
    elif precision == "year":
        last = at + timedelta(days=sum(monthrange(written.year, month)[1] for month in range(1, 13)))
    if zone_known:
        return Span(at, last, at, last)
    return Span(at, last, at - EAST_MOST, last + WEST_MOST)


def moments(chart: Chart) -> list[Moment]:
    """Every instant that a line carries and the receipt of each report, the oldest first."""
    named = chart.named()
    seen = [
        Moment(span(one.at, one.precision, zone_known=one.zone_known), named[line.b], one, line)
        for line in chart.lines
        for one in line.sources
        if one.at is not None
    ]
    received = [
        Moment(span(thing.received, "second", zone_known=True), thing)
        for thing in chart.things
        if thing.received is not None
    ]
    return sorted([*seen, *received], key=lambda one: (one.span.first, one.thing.id, one.line.id if one.line else ""))

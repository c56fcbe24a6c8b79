"""A link chart: what stands on it, and what of it may be kept (pure).

Three kinds of things, from left to right: reports, the accounts of persons in them, identifiers. A line says "stands in this
report, in this role" or "this account has it", and carries every place it was read from. A tie between two accounts is what
linking or an officer says of them. A chart shows what was received and what was said of it; it is a lead, not evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from abhaya.intake.admiralty import NOT_GRADED, Grade

ELEMENTS_MAX = 500  # things at once; more are read as a table, or a part at a time
SAVED_BYTES_MAX = 200_000
GROUP_CHARACTERS_MAX = 60
COORDINATE_MAX = 1_000_000
REPORT, ACCOUNT, ADDRESS = "report", "account", "ip"  # every other kind is a kind of `selectors`


class Source(NamedTuple):
    """Where a line was read: report, item and locator, and the instant that stands there."""

    report: str
    number: str
    item: str  # "" where the report has no item of its own
    locator: str
    role: str
    event: str
    at: datetime | None
    precision: str
    zone_known: bool
    port: int | None = None  # of an internet address
    network: str = ""  # what kind of network the address was in then (`places`)
    grade: Grade = NOT_GRADED  # of the report


@dataclass(frozen=True, slots=True)
class Thing:
    """`id` is "kind:uuid". `label` is empty where `is_masked`: the page then says whose it is, and not what."""

    id: str
    kind: str
    label: str = ""
    is_masked: bool = False
    is_watched: bool = False  # noted in the case
    elsewhere: int = 0  # further reports open to the viewer in which it stands, beside those on the chart
    received: datetime | None = None  # of a report
    unit: tuple[str, str] = ("", "")  # that works on a report, in English and Hindi
    grade: Grade = NOT_GRADED  # of a report

    @property
    def key(self) -> str:
        """The id without its kind."""
        return self.id.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Line:
    a: str
    b: str
    sources: tuple[Source, ...]

    @property
    def id(self) -> str:
        return f"{self.a} {self.b}"


@dataclass(frozen=True, slots=True)
class Tie:
    """What is held of two accounts: `outcome` same or review by their evidence, "" where only an officer spoke; `said`
    same, different or unsure by an officer, "" where none did.
    """

    a: str
    b: str
    outcome: str = ""
    bits: float = 0.0
    said: str = ""
    said_by: str = ""  # "" where the viewer does not read the judgement itself
    said_at: datetime | None = None
    judgement: str = ""

    @property
    def id(self) -> str:
        return f"tie {self.a} {self.b}"

    @property
    def keys(self) -> tuple[str, str]:
        """The two accounts without their kind."""
        return self.a.partition(":")[2], self.b.partition(":")[2]

    @property
    def word(self) -> str:
        """What the tie says, an officer's word first: same | different | unsure | review."""
        return self.said if self.said and not (self.said == "unsure" and self.outcome == "same") else self.outcome


@dataclass(frozen=True, slots=True)
class Chart:
    things: tuple[Thing, ...] = ()
    lines: tuple[Line, ...] = ()
    left_out: int = 0  # things beyond `ELEMENTS_MAX`
    ties: tuple[Tie, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()  # accounts that stand together as one person, as far as known
    ties_are_partial: bool = False  # there was more evidence than is weighed for one page

    @property
    def edges(self) -> tuple[Line | Tie, ...]:
        return (*self.lines, *self.ties)

    def named(self) -> dict[str, Thing]:
        return {thing.id: thing for thing in self.things}


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an officer arranged: where things stand, which are pinned or hidden, groups by name, and how it is laid out."""

    at: dict[str, tuple[float, float]] = {}
    pinned: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()  # reports opened beside those of the case
    groups: dict[str, tuple[str, ...]] = {}
    layout: Literal["kind", "time"] = "kind"
    by: Literal["", "person", "kind", "unit"] = "person"  # what things are put together by, beside the groups
    addresses: bool = False  # internet addresses shown


class NotKept(ValueError):  # noqa: N818 — reads as what it says at the place of raising
    """What a browser sent is no arrangement of a chart."""


def kept(body: bytes) -> Kept:
    """As a browser sent it, every part within its bounds; raises `NotKept`."""
    if len(body) > SAVED_BYTES_MAX:
        raise NotKept(f"more than {SAVED_BYTES_MAX:,} bytes")
    try:
        found = msgspec.json.decode(body, type=Kept)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NotKept(str(error)) from error
    if any(abs(part) > COORDINATE_MAX for place in found.at.values() for part in place):
        raise NotKept("a place outside the sheet")
    if any(not name.strip() or len(name) > GROUP_CHARACTERS_MAX for name in found.groups):
        raise NotKept(f"the name of a group is empty, or longer than {GROUP_CHARACTERS_MAX} characters")
    return found


def limited(things: Iterable[Thing], lines: Sequence[Line], most: int = ELEMENTS_MAX) -> Chart:
    """The things with most lines, those of the case first and internet addresses last; lines between them; how many were
    left out.
    """
    degree: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        degree[line.a] += 1
        degree[line.b] += 1
    order = sorted(things, key=lambda each: (not each.is_watched, _last(each.kind), -degree[each.id], each.id))
    on = {thing.id for thing in order[:most]}
    shown = tuple(line for line in lines if line.a in on and line.b in on)
    return Chart(tuple(order[:most]), shown, max(0, len(order) - most))


def _last(kind: str) -> int:
    return 0 if kind == REPORT else 2 if kind == ADDRESS else 1


def tied(chart: Chart, ties: Iterable[Tie], together: Iterable[Sequence[str]], *, are_partial: bool) -> Chart:
    """The chart with what is held of its accounts, as far as they stand on it."""
    on = {thing.id for thing in chart.things}
    persons = (tuple(one for one in group if one in on) for group in together)
    return replace(
        chart,
        ties=tuple(tie for tie in ties if tie.a in on and tie.b in on and tie.word),
        together=tuple(group for group in persons if len(group) > 1),
        ties_are_partial=are_partial,
    )


def as_arranged(chart: Chart, arranged: Kept) -> Chart:
    """The chart without what the officer has hidden."""
    hidden = set(arranged.hidden)
    on = {thing.id for thing in chart.things} - hidden
    shown = Chart(
        tuple(thing for thing in chart.things if thing.id in on),
        tuple(line for line in chart.lines if line.a in on and line.b in on),
        chart.left_out,
    )
    return tied(shown, chart.ties, chart.together, are_partial=chart.ties_are_partial)

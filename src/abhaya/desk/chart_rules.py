"""A link chart: what stands on it, where, and what of it may be kept (pure).

Three kinds of things, from left to right: reports, the accounts of persons in them, identifiers. A line says "stands in this
report, in this role" or "this account has it", and carries every place it was read from. A chart shows what was received
and nothing else; whatever two things have in common is a lead, not evidence.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import msgspec

ELEMENTS_MAX = 500  # things at once; more are read as a table, or a part at a time
SAVED_BYTES_MAX = 200_000
GROUP_CHARACTERS_MAX = 60
COORDINATE_MAX = 1_000_000
REPORT, ACCOUNT = "report", "account"  # every other kind is a kind of `selectors`
COLUMN_PIXELS, ROW_PIXELS, GAP_PIXELS = 300, 58, 90
SHEET_RATIO = 1.6  # as wide as this many times the height: a screen's shape
SWEEPS = 4  # over the columns, there and back, until lines cross seldom (Sugiyama, Tagawa and Toda 1981)


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


@dataclass(frozen=True, slots=True)
class Thing:
    """`id` is "kind:uuid". `label` is empty where `is_masked`: the page then says whose it is, and not what."""

    id: str
    kind: str
    label: str = ""
    is_masked: bool = False
    is_watched: bool = False  # noted in the case
    elsewhere: int = 0  # further reports open to the viewer in which it stands, beside those on the chart


@dataclass(frozen=True, slots=True)
class Line:
    a: str
    b: str
    sources: tuple[Source, ...]

    @property
    def id(self) -> str:
        return f"{self.a} {self.b}"


@dataclass(frozen=True, slots=True)
class Chart:
    things: tuple[Thing, ...] = ()
    lines: tuple[Line, ...] = ()
    left_out: int = 0  # things beyond `ELEMENTS_MAX`

    def named(self) -> dict[str, Thing]:
        return {thing.id: thing for thing in self.things}


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an officer arranged: where things stand, which are pinned or hidden, and groups by name."""

    at: dict[str, tuple[float, float]] = {}
    pinned: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()  # things whose neighbours were fetched from outside the case
    groups: dict[str, tuple[str, ...]] = {}


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
    """The things with most lines, those of the case first; lines between them; how many were left out."""
    degree: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        degree[line.a] += 1
        degree[line.b] += 1
    order = sorted(things, key=lambda each: (not each.is_watched, each.kind != REPORT, -degree[each.id], each.id))
    on = {thing.id for thing in order[:most]}
    shown = tuple(line for line in lines if line.a in on and line.b in on)
    return Chart(tuple(order[:most]), shown, max(0, len(order) - most))


def places(chart: Chart) -> dict[str, tuple[float, float]]:
    """Where each thing stands when nobody has moved it, in pixels: connected parts one beside the other, in each reports on
    the left, accounts in the middle, identifiers on the right, so ordered that lines cross seldom. The same chart always
    gives the same places.
    """
    found: dict[str, tuple[float, float]] = {}
    sheets = [_part(part, chart) for part in _connected(chart)]
    area = sum(width * height for width, height, _ in sheets)
    widest = max([width for width, _, _ in sheets], default=0.0)
    limit = max(widest, (area * SHEET_RATIO) ** 0.5)
    left = top = row_height = 0.0
    for width, height, inside in sheets:
        if left and left + width > limit:
            left, top, row_height = 0.0, top + row_height, 0.0
        found |= {thing: (left + x, top + y) for thing, (x, y) in inside.items()}
        left, row_height = left + width, max(row_height, height)
    return found


def _connected(chart: Chart) -> list[list[Thing]]:
    """Connected parts, the largest first; in each the things in the chart's order."""
    near = _neighbours(chart.lines)
    rank = {thing.id: position for position, thing in enumerate(chart.things)}
    things, seen, parts = chart.named(), set[str](), list[list[Thing]]()
    for thing in chart.things:
        if thing.id in seen:
            continue
        part, queue = [thing.id], deque([thing.id])
        seen.add(thing.id)
        while queue:
            for other in near.get(queue.popleft(), ()):
                if other not in seen:
                    seen.add(other)
                    part.append(other)
                    queue.append(other)
        parts.append([things[each] for each in sorted(part, key=rank.__getitem__)])
    return sorted(parts, key=lambda part: (-len(part), rank[part[0].id]))


def _neighbours(lines: Iterable[Line]) -> Mapping[str, list[str]]:
    near: defaultdict[str, list[str]] = defaultdict(list)
    for line in lines:
        near[line.a].append(line.b)
        near[line.b].append(line.a)
    return near


def _part(part: Sequence[Thing], chart: Chart) -> tuple[float, float, dict[str, tuple[float, float]]]:
    """Width, height and places of one connected part."""
    columns = [[t.id for t in part if _column(t) == number] for number in range(3)]
    columns = [column for column in columns if column]
    near = _neighbours(chart.lines)
    for sweep in range(SWEEPS):
        step = 1 if sweep % 2 == 0 else -1
        for number in range(1, len(columns)) if step > 0 else range(len(columns) - 2, -1, -1):
            columns[number] = _beside(columns[number], columns[number - step], near)
    tallest = max(len(column) for column in columns)
    inside = {
        thing: (float(COLUMN_PIXELS * x), ROW_PIXELS * (y + (tallest - len(column)) / 2))
        for x, column in enumerate(columns)
        for y, thing in enumerate(column)
    }
    return COLUMN_PIXELS * len(columns) + GAP_PIXELS, ROW_PIXELS * tallest + GAP_PIXELS, inside


def _column(thing: Thing) -> int:
    return 0 if thing.kind == REPORT else 1 if thing.kind == ACCOUNT else 2


def _beside(column: Sequence[str], neighbour: Sequence[str], near: Mapping[str, Sequence[str]]) -> list[str]:
    """The column in the order of the middles of what each thing is joined to in the neighbouring one."""
    place = {each: at for at, each in enumerate(neighbour)}

    def middle(item: tuple[int, str]) -> tuple[float, int]:
        at, thing = item
        found = [place[each] for each in near.get(thing, ()) if each in place]
        return (sum(found) / len(found) if found else float(at)), at

    return [thing for _at, thing in sorted(enumerate(column), key=middle)]


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant of the timeline, with the line it stands on."""

    at: datetime
    line: Line
    source: Source = field(compare=False)


def moments(chart: Chart) -> list[Moment]:
    """Every instant that a line carries, the oldest first."""
    found = [Moment(each.at, line, each) for line in chart.lines for each in line.sources if each.at is not None]
    return sorted(found, key=lambda each: (each.at, each.line.id))

"""Where the things of a link chart stand when nobody has moved them: by kind, or in the order of time (pure)."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import count, pairwise

from abhaya.desk.chart_rules import ACCOUNT, REPORT, Chart, Thing

COLUMN_PIXELS, ROW_PIXELS, GAP_PIXELS = 350, 58, 90
SHEET_RATIO = 1.6  # as wide as this many times the height: a screen's shape
BOX_ROWS = 0.9  # beside the box around one person's accounts
SWEEPS = 4  # over the columns, there and back, until lines cross seldom (Sugiyama, Tagawa and Toda 1981)
PERIODS_MAX = 24  # columns of a chart in the order of time, of the finest unit that needs no more
PERIOD_PIXELS = 250

Places = dict[str, tuple[float, float]]


def places(chart: Chart) -> Places:
    """Where each thing stands when nobody has moved it, in pixels: connected parts one beside the other, in each reports on
    the left, accounts in the middle, identifiers on the right, so ordered that lines cross seldom. The same chart always
    gives the same places.
    """
    found: Places = {}
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
    near = _neighbours(chart)
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


def _neighbours(chart: Chart) -> Mapping[str, list[str]]:
    near: defaultdict[str, list[str]] = defaultdict(list)
    persons = ((a, b) for group in chart.together for a, b in pairwise(group))
    for a, b in (*((edge.a, edge.b) for edge in chart.edges), *persons):
        near[a].append(b)
        near[b].append(a)
    return near


def _part(part: Sequence[Thing], chart: Chart) -> tuple[float, float, Places]:
    """Width, height and places of one connected part."""
    columns = [[t.id for t in part if _column(t) == number] for number in range(3)]
    columns = [column for column in columns if column]
    near = _neighbours(chart)
    for sweep in range(SWEEPS):
        step = 1 if sweep % 2 == 0 else -1
        for number in range(1, len(columns)) if step > 0 else range(len(columns) - 2, -1, -1):
            columns[number] = _beside(columns[number], columns[number - step], near)
    person = {one: number for number, group in enumerate(chart.together) for one in group}
    rows = [_rows(column, person) for column in columns]
    tallest = max(max(each.values()) for each in rows) + 1
    inside = {
        thing: (float(COLUMN_PIXELS * x), ROW_PIXELS * (y + (tallest - max(column.values()) - 1) / 2))
        for x, column in enumerate(rows)
        for thing, y in column.items()
    }
    return COLUMN_PIXELS * len(columns) + GAP_PIXELS, ROW_PIXELS * tallest + GAP_PIXELS, inside


def _rows(column: Sequence[str], person: Mapping[str, int]) -> dict[str, float]:
    """The row of each thing of a column: accounts of one person together, with room around them for the box."""
    first: dict[int, int] = {}
    for place, thing in enumerate(column):
        if thing in person:
            first.setdefault(person[thing], place)
    together = sorted(enumerate(column), key=lambda one: (first.get(person.get(one[1], -1), one[0]), one[0]))
    rows: dict[str, float] = {}
    row, last = 0.0, None
    for _place, thing in together:
        if rows:
            row += 1 if person.get(thing) == last else 1 + BOX_ROWS
        rows[thing] = row
        last = person.get(thing)
    return rows


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
class InTime:
    """Columns from left to right, one for each period in which something on the chart was first seen."""

    places: Places
    columns: tuple[tuple[float, datetime | None], ...]  # where it stands; when it begins, None for what has no time
    precision: str  # of the periods: day | month | year


def in_time(chart: Chart, zone: tzinfo) -> InTime:
    """Each thing in the column of the period, by the calendar of `zone`, in which it was first seen; what carries no time
    stands in the last. Periods in which nothing was first seen are left out. Accounts of one person stand in rows of their
    own, from their first column to their last, with a row above for the name of the box around them.
    """
    first = _first_seen(chart)
    precision, cut = _finest(first.values(), zone)
    columns: defaultdict[datetime | None, list[Thing]] = defaultdict(list)
    for thing in chart.things:
        columns[cut(first[thing.id].astimezone(zone)) if thing.id in first else None].append(thing)
    order = sorted(columns, key=lambda one: (one is None, one.timestamp() if one else 0))
    ordered = [
        [one.id for one in sorted(columns[begins], key=lambda one: (_column(one), first.get(one.id, begins), one.id))]
        for begins in order
    ]
    row = _rows_in_time(ordered, chart.together)
    found = {
        thing: (float(PERIOD_PIXELS * number), float(ROW_PIXELS * (row[thing] + 1)))
        for number, column in enumerate(ordered)
        for thing in column
    }
    heads = tuple((float(PERIOD_PIXELS * number), begins) for number, begins in enumerate(order))
    return InTime(found, heads, precision)


def _rows_in_time(columns: Sequence[Sequence[str]], together: Iterable[Sequence[str]]) -> dict[str, int]:
    """The row of each thing: persons first, each where the rows of all their columns are free; the rest in rows left over."""
    number = {thing: at for at, column in enumerate(columns) for thing in column}
    rows: dict[str, int] = {}
    taken: list[set[int]] = [set() for _ in columns]
    for group in together:
        mine = [[one for one in column if one in group] for column in columns]
        places = [at for at, accounts in enumerate(mine) if accounts]
        across = range(places[0], places[-1] + 1)
        height = max(map(len, mine)) + 1
        top = next(at for at in count() if all(taken[x].isdisjoint(range(at, at + height)) for x in across))
        for x in across:
            taken[x].update(range(top, top + height))
            rows |= {one: top + 1 + down for down, one in enumerate(mine[x])}
    for thing, x in number.items():
        if thing not in rows:
            rows[thing] = next(at for at in count() if at not in taken[x])
            taken[x].add(rows[thing])
    return rows


def _first_seen(chart: Chart) -> dict[str, datetime]:
    """The earliest instant at which each thing was seen; of a report without any, when it was received."""
    first: dict[str, datetime] = {}
    for line in chart.lines:
        for source in line.sources:
            if source.at is None:
                continue
            for end in (line.a, line.b):
                first[end] = min(first.get(end, source.at), source.at)
    for thing in chart.things:
        if thing.received is not None:
            first.setdefault(thing.id, thing.received)
    return first


def _finest(instants: Iterable[datetime], zone: tzinfo) -> tuple[str, Callable[[datetime], datetime]]:
    """The finest of day, month and year of which no more than `PERIODS_MAX` are needed."""
    days = {_day(one.astimezone(zone)) for one in instants}
    cuts = (("day", _day), ("month", _month), ("year", _year))
    return next((cut for cut in cuts if len({cut[1](day) for day in days}) <= PERIODS_MAX), cuts[-1])


def _day(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _month(at: datetime) -> datetime:
    return _day(at).replace(day=1)


def _year(at: datetime) -> datetime:
    return _month(at).replace(month=1)

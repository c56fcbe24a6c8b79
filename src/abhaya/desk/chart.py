"""What stands on the link chart of a case for whoever looks at it: read anew each time, under row security."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from abhaya.cases.queries import Attached, Watched
from abhaya.desk.chart_rules import ACCOUNT, REPORT, Chart, Line, Source, Thing, limited
from abhaya.desk.masking import SHARED_KINDS
from abhaya.linking.rules import NEVER_LINKED_ROLES
from abhaya.selectors.kinds import LINKING
from abhaya.shared.ids import since, until
from abhaya.shared.sql import NamedSql, as_row, fetch, values

SQL = NamedSql(__file__, "chart.sql")
REPORTS_MAX = 200  # of one chart
ROWS_MAX = 5_000  # places read for one chart
ELSEWHERE_MAX = 20  # other reports counted, and opened at once, for one identifier
KINDS = sorted(LINKING)
_NEVER = sorted(NEVER_LINKED_ROLES)


class _Person(NamedTuple):
    report_id: UUID
    number: int
    account_id: UUID
    value: str | None  # None: no account is named
    role: str
    protected: str


class _Seen(NamedTuple):
    report_id: UUID
    number: int
    account_id: UUID
    selector_id: UUID
    kind: str
    value: str
    protected: str
    item_id: UUID | None
    locator: str
    role: str
    event: str
    at: datetime | None
    precision: str
    zone_known: bool


def of_case(attached: Sequence[Attached], watched: Sequence[Watched], opened: Collection[UUID] = ()) -> Chart:
    """The case's reports and those opened beside them, the accounts of their persons and what these have."""
    reports = [one.report_id for one in attached if one.detached_at is None and one.number]
    reports = list(dict.fromkeys([*reports, *opened]))[:REPORTS_MAX]
    noted = {one.selector: one for one in watched if one.ended_at is None}
    if not reports:
        return Chart(tuple(_noted(one) for one in noted.values()))
    bounds = {"reports": reports, "since": since(reports), "until": until(), "most": ROWS_MAX}
    persons = fetch(_Person, SQL["persons"], bounds)
    seen = fetch(_Seen, SQL["seen"], {**bounds, "kinds": KINDS})
    things, lines = _things(persons, seen, noted), _lines(persons, seen)
    chart = limited(things.values(), lines)
    return _with_elsewhere(chart, reports)


def others(selector: UUID, reports: Collection[UUID]) -> list[UUID]:
    """Other reports open to the viewer in which an identifier stands, the newest first."""
    wanted = {"selector": selector, "reports": list(reports), "never": _NEVER, "most": ELSEWHERE_MAX}
    return values(SQL["others"], wanted)


def open_to_me(reports: Iterable[UUID]) -> list[UUID]:
    """Which of these the viewer may read, in the order given."""
    asked = list(dict.fromkeys(reports))[:REPORTS_MAX]
    allowed = set(values(SQL["open_to_me"], {"reports": asked})) if asked else set()
    return [report for report in asked if report in allowed]


def _noted(one: Watched) -> Thing:
    return Thing(f"{one.kind}:{one.selector}", one.kind, one.value, is_watched=True)


def _things(persons: Sequence[_Person], seen: Sequence[_Seen], noted: dict[UUID, Watched]) -> dict[str, Thing]:
    protected = {one.account_id for one in persons if one.protected}
    things = {
        f"{REPORT}:{one.report_id}": Thing(f"{REPORT}:{one.report_id}", REPORT, str(one.number)) for one in persons
    }
    for one in persons:
        key, is_masked = f"{ACCOUNT}:{one.account_id}", one.account_id in protected
        label = "" if is_masked else one.value or ""
        things[key] = Thing(key, ACCOUNT, label, is_masked, one.account_id in noted)
    hidden = {one.selector_id for one in seen if one.protected and one.kind not in SHARED_KINDS} | protected
    for each in seen:
        key, is_masked = f"{each.kind}:{each.selector_id}", each.selector_id in hidden
        if key not in things:
            label = "" if is_masked else each.value
            things[key] = Thing(key, each.kind, label, is_masked, each.selector_id in noted)
    for watch in noted.values():
        things.setdefault(f"{watch.kind}:{watch.selector}", _noted(watch))
    return things


def _lines(persons: Sequence[_Person], seen: Sequence[_Seen]) -> list[Line]:
    said = {(f"{REPORT}:{one.report_id}", f"{ACCOUNT}:{one.account_id}"): one for one in persons}
    # An account that nobody named stands in its report all the same.
    sources: defaultdict[tuple[str, str], list[Source]] = defaultdict(list, {ends: [] for ends in said})
    for each in seen:
        source = Source(
            str(each.report_id), str(each.number), str(each.item_id or ""), each.locator, each.role, each.event, each.at,
            each.precision, each.zone_known,
        )  # fmt: skip
        account = f"{ACCOUNT}:{each.account_id}"
        ends = (f"{REPORT}:{each.report_id}", account) if each.selector_id == each.account_id else (
            account, f"{each.kind}:{each.selector_id}",
        )  # fmt: skip
        sources[ends].append(source)
    for ends, person in said.items():
        if not sources[ends]:
            place = (str(person.report_id), str(person.number), "", "", person.role, "", None, "", True)
            sources[ends].append(Source(*place))
    return [Line(a, b, tuple(found)) for (a, b), found in sources.items()]


def _with_elsewhere(chart: Chart, reports: list[UUID]) -> Chart:
    ids = {
        thing.id: UUID(thing.id.partition(":")[2])
        for thing in chart.things
        if thing.kind != REPORT and not thing.is_masked
    }
    wanted = {"selectors": sorted(set(ids.values())), "reports": reports, "never": _NEVER, "most": ELSEWHERE_MAX}
    found = dict(fetch(as_row, SQL["elsewhere"], wanted)) if ids else {}
    things = [
        Thing(t.id, t.kind, t.label, t.is_masked, t.is_watched, found.get(ids[t.id], 0) if t.id in ids else 0)
        for t in chart.things
    ]
    return Chart(tuple(things), chart.lines, chart.left_out)

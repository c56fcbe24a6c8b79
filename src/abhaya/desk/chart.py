"""What stands on the link chart of a case for whoever looks at it: read anew each time, under row security."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from abhaya.cases.queries import Attached, Watched
from abhaya.desk.chart_rules import ACCOUNT, ADDRESS, REPORT, Chart, Line, Source, Thing, Tie, limited, tied
from abhaya.desk.masking import SHARED_KINDS
from abhaya.intake.admiralty import Grade
from abhaya.intake.queries_grades import of_reports
from abhaya.linking import queries_subjects as subjects
from abhaya.linking.rules import NEVER_LINKED_ROLES
from abhaya.places.networks import locate
from abhaya.selectors.kinds import LINKING
from abhaya.shared.ids import since, until
from abhaya.shared.sql import NamedSql, as_row, fetch, values

SQL = NamedSql(__file__, "chart.sql")
REPORTS_MAX = 200  # of one chart
ROWS_MAX = 5_000  # places read for one chart
ELSEWHERE_MAX = 20  # other reports counted, and opened at once, for one identifier
KINDS = sorted(LINKING)
_NEVER = sorted(NEVER_LINKED_ROLES)


class _Report(NamedTuple):
    id: UUID
    number: int
    received_at: datetime
    unit: str
    unit_hi: str


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
    port: int | None


def of_case(
    attached: Sequence[Attached], watched: Sequence[Watched], opened: Collection[UUID] = (), *, addresses: bool = False
) -> Chart:
    """The case's reports and those opened beside them, the accounts of their persons and what these have, and what is held
    of the accounts. `addresses`: with internet addresses, which say least of who somebody is.
    """
    reports = on_chart(attached, opened)
    noted = {one.selector: one for one in watched if one.ended_at is None}
    if not reports:
        return Chart(tuple(_noted(one) for one in noted.values()))
    bounds = {"reports": reports, "since": since(reports), "until": until(), "most": ROWS_MAX}
    persons = fetch(_Person, SQL["persons"], bounds)
    seen = fetch(_Seen, SQL["seen"], {**bounds, "kinds": [*KINDS, ADDRESS] if addresses else KINDS})
    accounts = sorted({one.account_id for one in persons})
    held = subjects.between(accounts)
    protected = held.protected | {one.account_id for one in persons if one.protected}
    grades = of_reports(reports)
    listed = [_report(one, grades) for one in fetch(_Report, SQL["reports"], bounds)]
    things = {one.id: one for one in listed}
    things |= _things(persons, seen, noted, protected)
    chart = limited(things.values(), _lines(persons, seen, _networks(seen), grades))
    chart = tied(chart, _ties(held, accounts), _persons(held), are_partial=held.more)
    return _with_elsewhere(chart, reports)


def on_chart(attached: Sequence[Attached], opened: Collection[UUID]) -> list[UUID]:
    """The reports of a chart: the case's own first."""
    reports = [one.report_id for one in attached if one.detached_at is None and one.number]
    return list(dict.fromkeys([*reports, *opened]))[:REPORTS_MAX]


def others(selector: UUID, reports: Sequence[UUID], watched: Sequence[Watched]) -> list[UUID] | None:
    """Other reports open to the viewer in which an identifier of these reports stands, the newest first. None where it
    does not stand on them, or is masked.
    """
    wanted = {
        "selector": selector, "reports": list(reports), "never": _NEVER, "most": ELSEWHERE_MAX, "kinds": KINDS,
        "shared": sorted(SHARED_KINDS),
    }  # fmt: skip
    held = fetch(as_row, SQL["held"], {**wanted, "most": ROWS_MAX})
    accounts = [account for account, _is_masked in held]
    if any(is_masked for _account, is_masked in held) or subjects.protected_among(accounts):
        return None
    if not held and all(one.selector != selector or one.ended_at for one in watched):
        return None
    return values(SQL["others"], wanted)


def open_to_me(reports: Iterable[UUID]) -> list[UUID]:
    """Which of these the viewer may read, in the order given."""
    asked = list(dict.fromkeys(reports))[:REPORTS_MAX]
    allowed = set(values(SQL["open_to_me"], {"reports": asked})) if asked else set()
    return [report for report in asked if report in allowed]


def _noted(one: Watched) -> Thing:
    return Thing(f"{one.kind}:{one.selector}", one.kind, one.value, is_watched=True)


def _report(one: _Report, grades: Mapping[UUID, Grade]) -> Thing:
    unit = (one.unit, one.unit_hi or one.unit)
    grade = grades[one.id]
    return Thing(f"{REPORT}:{one.id}", REPORT, str(one.number), received=one.received_at, unit=unit, grade=grade)


def _things(
    persons: Sequence[_Person], seen: Sequence[_Seen], noted: Mapping[UUID, Watched], protected: Collection[UUID]
) -> dict[str, Thing]:
    things: dict[str, Thing] = {}
    for one in persons:
        key, is_masked = f"{ACCOUNT}:{one.account_id}", one.account_id in protected
        label = "" if is_masked else one.value or ""
        things[key] = Thing(key, ACCOUNT, label, is_masked, one.account_id in noted)
    theirs = {one.selector_id for one in seen if one.protected or one.account_id in protected}
    theirs -= {one.selector_id for one in seen if one.kind in SHARED_KINDS}
    hidden = theirs | set(protected)
    for each in seen:
        key, is_masked = f"{each.kind}:{each.selector_id}", each.selector_id in hidden
        if key not in things:
            label = "" if is_masked else each.value
            things[key] = Thing(key, each.kind, label, is_masked, each.selector_id in noted)
    for watch in noted.values():
        things.setdefault(f"{watch.kind}:{watch.selector}", _noted(watch))
    return things


def _networks(seen: Sequence[_Seen]) -> dict[tuple[str, datetime | None], str]:
    """(address, instant) -> the kind of network it was then, as far as a table says."""
    asked = list({(one.value, one.at) for one in seen if one.kind == ADDRESS})
    located = locate([value for value, _at in asked], [at for _value, at in asked]) if asked else []
    return {one: found.kind for one, found in zip(asked, located, strict=True)}


def _lines(
    persons: Sequence[_Person], seen: Sequence[_Seen], networks: Mapping[tuple[str, datetime | None], str],
    grades: Mapping[UUID, Grade],
) -> list[Line]:  # fmt: skip
    said = {(f"{REPORT}:{one.report_id}", f"{ACCOUNT}:{one.account_id}"): one for one in persons}
    # An account that nobody named stands in its report all the same.
    sources: defaultdict[tuple[str, str], list[Source]] = defaultdict(list, {ends: [] for ends in said})
    for each in seen:
        source = Source(
            str(each.report_id), str(each.number), str(each.item_id or ""), each.locator, each.role, each.event, each.at,
            each.precision, each.zone_known, each.port, networks.get((each.value, each.at), ""), grades[each.report_id],
        )  # fmt: skip
        account = f"{ACCOUNT}:{each.account_id}"
        ends = (f"{REPORT}:{each.report_id}", account) if each.selector_id == each.account_id else (
            account, f"{each.kind}:{each.selector_id}",
        )  # fmt: skip
        sources[ends].append(source)
    for ends, person in said.items():
        if not sources[ends]:
            place = (str(person.report_id), str(person.number), "", "", person.role, "", None, "", True)
            sources[ends].append(Source(*place, grade=grades[person.report_id]))
    return [Line(a, b, tuple(found)) for (a, b), found in sources.items()]


def _ties(held: subjects.Between, accounts: Sequence[UUID]) -> list[Tie]:
    """Links of outcome same and review, and what officers said, an undone word left out."""
    said = {(a, b): Tie(_account(a), _account(b), said=answer) for a, b, answer in held.words}
    for one in reversed(subjects.judgements(accounts) if accounts else []):  # the newest counts
        if one.undone_at is None:
            pair = (min(one.a, one.b), max(one.a, one.b))
            said[pair] = Tie(
                _account(pair[0]), _account(pair[1]), said=one.answer, said_by=one.by_name or one.by_rule, said_at=one.at,
                judgement=str(one.id),
            )  # fmt: skip
    for pair, weighed in held.weighed.items():
        outcome = "same" if pair in held.same else "review" if weighed.outcome in {"same", "review"} else ""
        if outcome:
            tie = said.get(pair, Tie(_account(pair[0]), _account(pair[1])))
            said[pair] = replace(tie, outcome=outcome, bits=weighed.millibits / 1000)
    return [said[pair] for pair in sorted(said)]


def _persons(held: subjects.Between) -> list[list[str]]:
    return [[_account(one) for one in group] for group in held.together]


def _account(account: UUID) -> str:
    return f"{ACCOUNT}:{account}"


def _with_elsewhere(chart: Chart, reports: list[UUID]) -> Chart:
    ids = {
        thing.id: UUID(thing.key)
        for thing in chart.things
        if thing.kind not in {REPORT, ADDRESS} and not thing.is_masked
    }
    wanted = {"selectors": sorted(set(ids.values())), "reports": reports, "never": _NEVER, "most": ELSEWHERE_MAX}
    found = dict(fetch(as_row, SQL["elsewhere"], wanted)) if ids else {}
    things = [
        replace(thing, elsewhere=found.get(ids[thing.id], 0)) if thing.id in ids else thing for thing in chart.things
    ]
    return replace(chart, things=tuple(things))

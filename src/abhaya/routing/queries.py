"""Readers of proposals, referrals and of where everything is. Everything runs under row security."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from abhaya.places import queries as places
from abhaya.routing.rules import Tree, Unit
from abhaya.shared.ids import since
from abhaya.shared.reason import Reason
from abhaya.shared.sql import NamedSql, fetch, fetch_one

SQL = NamedSql(__file__)
_COUNTED = "select {column} from (\n{counts}\n) as counted (number, marked, oldest)"
INBOX_COUNTED = _COUNTED.format(column="number", counts=SQL["open_counts"].format(side="to_unit_id"))
LATE_COUNTED = _COUNTED.format(column="marked", counts=SQL["open_counts"].format(side="from_unit_id"))
NOBODYS_COUNTED = _COUNTED.format(column="number", counts=SQL["nobodys_counts"])
COUNT_MAX = 1000  # beyond this a count says "1,000+"
PERIOD_ROWS_MAX = 20_000  # of one unit's period
DECIDED_DAYS = 30  # how far back the table of where everything is looks for what was decided
OFFERED_EARLIER_DAYS = 90  # an offer decided in that time was made at most so long before it


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal as a page shows it."""

    rank: int
    whose: str
    country: str
    state: str
    district: str
    possible: list[str]
    unit_id: UUID | None
    unit_name: str
    unit_name_hi: str
    points: int
    strength: str
    reasons_json: str
    against_json: str

    @property
    def place(self) -> str:
        return self.district or self.state or self.country

    @property
    def reasons(self) -> list[Reason]:
        return msgspec.json.decode(self.reasons_json, type=list[Reason])

    @property
    def against(self) -> list[Reason]:
        return msgspec.json.decode(self.against_json, type=list[Reason])


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a report when it was placed."""

    outcome: str
    unit_id: UUID | None
    unit_name: str
    unit_name_hi: str
    place: str
    why_json: str
    rules_version: str
    placed_at: datetime
    settled_at: datetime | None

    @property
    def why(self) -> Reason:
        return msgspec.json.decode(self.why_json, type=Reason)


_PLACED_COLUMNS = len(fields(Placed))


@dataclass(frozen=True, slots=True)
class Handed:
    """A referral with the names a page needs."""

    id: UUID
    compartment: UUID
    report_id: UUID
    state: str
    lane: str
    place: str
    why_json: str | None
    note: str
    offered_at: datetime
    due_at: datetime
    overdue_at: datetime | None
    decided_at: datetime | None
    reason: str
    from_unit_id: UUID
    from_name: str
    from_name_hi: str
    to_unit_id: UUID
    to_name: str
    to_name_hi: str
    offered_by: str  # "" for a unit's standing rule
    decided_by: str
    number: int  # 0 where the report is no longer open to the reader
    platform: str
    external_ref: str
    received_at: datetime | None

    @property
    def why(self) -> Reason | None:
        return msgspec.json.decode(self.why_json, type=Reason) if self.why_json else None

    @property
    def is_late(self) -> bool:
        """Past its clock: still open, or decided only after it."""
        return (self.decided_at or datetime.now(UTC)) > self.due_at

    @property
    def from_unit(self) -> dict[str, str]:
        return {"name": self.from_name, "name_hi": self.from_name_hi}

    @property
    def to_unit(self) -> dict[str, str]:
        return {"name": self.to_name, "name_hi": self.to_name_hi}


@dataclass(frozen=True, slots=True)
class Nobodys:
    """A report that belongs to nobody yet."""

    report_id: UUID
    number: int
    platform: str
    external_ref: str
    received_at: datetime
    place: str
    why_json: str
    lane: str
    state: str
    first_opened_at: datetime | None

    @property
    def why(self) -> Reason:
        return msgspec.json.decode(self.why_json, type=Reason)


class Counts(NamedTuple):
    """Honest counts of a list: how many (counted to COUNT_MAX), how many late or never looked at, since when the oldest."""

    number: int
    marked: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class OfUnit:
    """One referral of a unit's period, with what became of the report there."""

    id: UUID
    report_id: UUID
    number: int
    external_ref: str
    platform: str
    sender_name: str
    incident_type: str
    received_at: datetime
    state: str
    lane: str
    place: str
    from_name: str
    from_name_hi: str
    offered_at: datetime
    due_at: datetime
    decided_at: datetime | None
    reason: str
    desk_state: str
    decision: str
    decision_reason: str
    closed_at: datetime | None


class _Clock(NamedTuple):
    unit: UUID
    lane: str
    minutes: int


class _UnitRow(NamedTuple):
    id: UUID
    parent: UUID | None
    kind: str
    name: str
    name_hi: str
    forward_rule: str
    place: str


def tree() -> Tree:
    """The active units, and which of them answer for which places."""
    rows = fetch(_UnitRow, SQL["units"])
    units = {row.id: Unit(row.id, row.parent, row.kind, row.name, row.name_hi, row.forward_rule) for row in rows}
    return Tree(units, places.covering_units(), {row.id: row.place for row in rows if row.place})


def placing(report_id: UUID) -> tuple[Placed | None, list[Shown]]:
    """The latest placing of a report: what became of it, and what was proposed."""
    rows = fetch(lambda *row: row, SQL["placing"], {"report": report_id, "since": since([report_id])})
    placed = Placed(*rows[0][:_PLACED_COLUMNS]) if rows else None
    proposed = (row[_PLACED_COLUMNS:] for row in rows)
    return placed, [Shown(*columns) for columns in proposed if columns[0] is not None]


def proposals(report_id: UUID) -> list[Shown]:
    return placing(report_id)[1]


def placement(report_id: UUID) -> Placed | None:
    return placing(report_id)[0]


def history(report_id: UUID) -> list[Handed]:
    """Every hand-over of a report, the first first."""
    return fetch(Handed, SQL["history"], {"report": report_id})


def referral(referral_id: UUID) -> Handed | None:
    return fetch_one(Handed, SQL["referral"], {"id": referral_id})


def inbox(unit: UUID, *, after: tuple[datetime, UUID] | None, limit: int) -> list[Handed]:
    """What was offered to a unit and waits, the clock that runs out next first: of one lane that is the oldest."""
    return _referrals("r.to_unit_id = %(unit)s and r.state = 'offered'", unit, after, limit, by="due_at")


def waiting_elsewhere(unit: UUID, *, after: tuple[datetime, UUID] | None, limit: int) -> list[Handed]:
    """What a unit has offered to others and waits there, the clock that runs out next first."""
    return _referrals("r.from_unit_id = %(unit)s and r.state = 'offered'", unit, after, limit, by="due_at")


def received(unit: UUID, *, after: tuple[datetime, UUID] | None, limit: int) -> list[Handed]:
    """What a unit has accepted or returned, newest first."""
    return _referrals("r.to_unit_id = %(unit)s and r.state <> 'offered'", unit, after, limit, by="offered_at desc")


def sent(unit: UUID, *, after: tuple[datetime, UUID] | None, limit: int) -> list[Handed]:
    """What became of what a unit had sent, newest first."""
    return _referrals("r.from_unit_id = %(unit)s and r.state <> 'offered'", unit, after, limit, by="offered_at desc")


def _referrals(which: str, unit: UUID, after: tuple[datetime, UUID] | None, limit: int, *, by: str) -> list[Handed]:
    column, _, down = by.partition(" ")
    order = f"r.{column} desc, r.id desc" if down else f"r.{column}, r.id"
    parameters: dict[str, Any] = {"unit": unit, "limit": limit}
    if after is not None:
        which += f" and (r.{column}, r.id) {'<' if down else '>'} (%(at)s, %(id)s)"
        parameters |= {"at": after[0], "id": after[1]}
    return fetch(Handed, SQL["referrals"].format(which=which, order=order), parameters)


def inbox_counts(unit: UUID) -> Counts:
    return _counts("open_counts", unit, side="to_unit_id")


def outbox_counts(unit: UUID) -> Counts:
    return _counts("open_counts", unit, side="from_unit_id")


def nobodys(unit: UUID, *, after: tuple[datetime, UUID] | None, limit: int) -> list[Nobodys]:
    """Reports of a unit's queue that belong to nobody, oldest first."""
    parameters: dict[str, Any] = {"unit": unit, "limit": limit}
    clause = ""
    if after is not None:
        clause = "and (p.received_at, p.report_id) > (%(at)s, %(id)s)"
        parameters |= {"at": after[0], "id": after[1]}
    return fetch(Nobodys, SQL["nobodys"].format(after=clause), parameters)


def nobodys_counts(unit: UUID) -> Counts:
    return _counts("nobodys_counts", unit)


def _counts(name: str, unit: UUID, **parts: str) -> Counts:
    statement = SQL[name].format(**parts) if parts else SQL[name]
    found = fetch_one(Counts, statement, {"unit": unit, "most": COUNT_MAX})
    return found or Counts(0, 0, None)


def of_unit(unit: UUID, start: datetime, until: datetime) -> list[OfUnit]:
    """What was offered to a unit from `start` to before `until`, oldest first, and what became of it."""
    return fetch(OfUnit, SQL["of_unit"], {"unit": unit, "from": start, "until": until, "most": PERIOD_ROWS_MAX})


def clocks() -> dict[tuple[UUID | None, str], int]:
    """Minutes to accept or return, by unit and lane, where a unit has set its own."""
    return {(row.unit, row.lane): row.minutes for row in fetch(_Clock, SQL["clocks"])}


class _Offered(NamedTuple):
    unit: UUID
    waiting: int
    late: int
    oldest: datetime | None


class _AtWork(NamedTuple):
    unit: UUID
    waiting: int
    unseen: int
    oldest: datetime | None


class _Decided(NamedTuple):
    unit: UUID
    accepted: int
    returned: int
    seconds: float | None


@dataclass(slots=True)
class Where:
    """What stands with a unit and the units below it."""

    unit: Unit
    depth: int
    offered: int = 0
    late: int = 0
    oldest_offer: datetime | None = None
    at_work: int = 0
    unseen: int = 0
    oldest_at_work: datetime | None = None
    accepted: int = 0
    returned: int = 0
    median: timedelta | None = None  # to accept, of this unit alone

    @property
    def is_empty(self) -> bool:
        return not (self.offered or self.at_work or self.accepted or self.returned)


def where(above: UUID) -> list[Where]:
    """Where every report of a unit is: itself, then each unit directly below with all that stands under it."""
    units = tree()
    rows = {above: Where(units.units[above], 0)}
    for unit in sorted(units.units.values(), key=lambda one: one.name):
        if unit.parent == above:
            rows[unit.id] = Where(unit, 1)
    owner = {unit: _row_of(unit, units, rows, above) for unit in units.units}
    days = timedelta(days=DECIDED_DAYS)
    start = datetime.now(UTC) - days
    for offered in fetch(_Offered, SQL["where_offered"]):
        if row := rows.get(owner.get(offered.unit) or offered.unit):
            row.offered, row.late = row.offered + offered.waiting, row.late + offered.late
            row.oldest_offer = _older(row.oldest_offer, offered.oldest)
    for work in fetch(_AtWork, SQL["where_at_work"]):
        if row := rows.get(owner.get(work.unit) or work.unit):
            row.at_work, row.unseen = row.at_work + work.waiting, row.unseen + work.unseen
            row.oldest_at_work = _older(row.oldest_at_work, work.oldest)
    period = {"since": start, "offered_since": start - timedelta(days=OFFERED_EARLIER_DAYS)}
    for decided in fetch(_Decided, SQL["where_decided"], period):
        if row := rows.get(owner.get(decided.unit) or decided.unit):
            row.accepted, row.returned = row.accepted + decided.accepted, row.returned + decided.returned
            if decided.unit == row.unit.id and decided.seconds is not None:
                row.median = timedelta(seconds=decided.seconds)
    return list(rows.values())


def _row_of(unit: UUID, units: Tree, rows: dict[UUID, Where], above: UUID) -> UUID | None:
    return next((one.id for one in units.line(unit) if one.id in rows and (one.id != above or unit == above)), None)


def _older(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)


def labels(codes: Sequence[str]) -> dict[str, dict[str, str]]:
    """What places are called on a page: `{"IN-27-478": {"name": "Jalgaon, Maharashtra", "name_hi": …}}`."""
    name = places.namer(codes)
    return {code: dict(zip(("name", "name_hi"), name(code), strict=True)) for code in codes if code}

"""Readers of assessments and queues. Everything runs under row security; counts stop at a limit and say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from abhaya.shared.ids import since
from abhaya.shared.reason import Reason
from abhaya.shared.sql import NamedSql, fetch, fetch_one, value, values
from abhaya.triage.rules import LANES
from abhaya.triage.signals import Held

SQL = NamedSql(__file__)
LANE_STEP = 1000  # of `urgency`: one lane's numbers
PLACES_MAX = 300
COUNT_MAX = 1000  # beyond this a count says "1,000+"


@dataclass(frozen=True, slots=True)
class Input:
    """What the rules are given for one report."""

    report_id: UUID
    compartment: UUID
    unit_id: UUID
    sender_id: UUID
    received_at: datetime
    is_test: bool
    record: str
    linked_reports: int
    files: int
    known_files: int
    most_reports_of_a_file: int
    held_files: int
    sought_files: int
    sought_later: int
    viral_files: int

    @property
    def held(self) -> Held:
        return Held(
            self.linked_reports, self.files, self.known_files, self.most_reports_of_a_file, self.held_files,
            self.sought_files, self.sought_later, self.viral_files,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one report stands."""

    report_id: UUID
    compartment: UUID
    holder_unit_id: UUID
    holder_name: str
    holder_name_hi: str
    lane: str
    score: int
    state: str
    claimed_by: UUID | None
    claimed_name: str
    claimed_until: datetime | None
    first_opened_at: datetime | None
    decision: str
    decision_reason: str
    decided_name: str
    decided_at: datetime | None
    received_at: datetime
    arrived_at: datetime
    claim_runs: bool

    @property
    def is_held(self) -> bool:
        """In somebody's hands, and their time has not run out."""
        return self.state == "claimed" and self.claim_runs


_STANDING_COLUMNS = len(fields(Standing))


@dataclass(frozen=True, slots=True)
class Assessed:
    """The latest assessment of one report."""

    id: UUID
    lane: str
    score: int
    lane_reason: Reason
    reasons: tuple[Reason, ...]
    raise_by: Reason | None
    title: Reason
    reported_is_child: bool
    rules_version: str
    assessed_at: datetime

    @property
    def weights_total(self) -> int:
        return sum(reason.weight for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Row:
    """One report in a list."""

    report_id: UUID
    number: int
    external_ref: str
    platform: str
    sender_name: str
    incident_type: str
    received_at: datetime
    arrived_at: datetime
    lane: str
    score: int
    urgency: int
    state: str
    claimed_by: UUID | None
    claimed_name: str
    claimed_until: datetime | None
    first_opened_at: datetime | None
    files: str
    file_count: int
    place_code: str
    reasons: tuple[Reason, ...]
    raise_by: Reason | None
    title: Reason
    reported_is_child: bool


@dataclass(frozen=True, slots=True)
class Titled:
    """What another room's list says of a report."""

    report_id: UUID
    lane: str
    score: int
    title: Reason
    reported_is_child: bool


@dataclass(frozen=True, slots=True)
class LaneCount:
    """A lane's counts, each stopped at `COUNT_MAX`."""

    lane: str
    waiting: int
    unseen: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty means not narrowed."""

    lane: str = ""
    sender: UUID | None = None
    place: str = ""
    files: str = ""  # new: at least one file not seen before; known: all seen
    waiting_hours_min: int = 0
    unseen: bool = False
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    id: UUID
    name: str


def inputs(report_ids: Sequence[UUID]) -> list[Input]:
    if not report_ids:
        return []
    return fetch(Input, SQL["inputs"], {"reports": list(report_ids), "since": since(report_ids)})


def standing(report_id: UUID) -> Standing | None:
    """None where the report is not in a queue, or not to be seen."""
    return fetch_one(Standing, SQL["standing"].format(queue="triage_queue"), {"report": report_id})


def of_report(report_id: UUID) -> tuple[Standing | None, Assessed | None]:
    """Where a report stands, and its latest assessment."""
    parts = {"standing": SQL["standing"].format(queue="triage_queue"), "assessment": SQL["assessment"]}
    [row] = fetch(
        lambda *row: row, SQL["of_report"].format(**parts), {"report": report_id, "since": since([report_id])}
    )
    stands, assessed = row[:_STANDING_COLUMNS], row[_STANDING_COLUMNS:]
    return Standing(*stands) if stands[0] else None, _assessed(*assessed) if assessed[0] else None


def assessment(report_id: UUID) -> Assessed | None:
    return fetch_one(_assessed, SQL["assessment"], {"report": report_id, "since": since([report_id])})


def lanes(unit: UUID) -> list[LaneCount]:
    """Every lane in the order of work."""
    return fetch(LaneCount, SQL["lanes"], {"unit": unit, "lanes": list(LANES), "most": COUNT_MAX})


def oldest(unit: UUID) -> datetime | None:
    found: datetime | None = value(SQL["oldest"], {"unit": unit})
    return found


def waiting(unit: UUID) -> int:
    return int(value(SQL["waiting"], {"unit": unit, "most": COUNT_MAX}))


def senders(unit: UUID) -> list[Sender]:
    return fetch(Sender, SQL["senders"], {"unit": unit})


def places(unit: UUID) -> list[str]:
    """Codes of the places that reports of a unit's queue point to."""
    found: list[str] = values(SQL["places"], {"unit": unit, "most": PLACES_MAX})
    return found


def rows(unit: UUID, filters: Filters, *, after: list[Any] | None, limit: int) -> list[Row]:
    """Rows of a unit's queue in the order of work, or the oldest first, after the row with this key."""
    conditions, parameters = _conditions(filters)
    parameters |= {"unit": unit, "limit": limit}
    order = "q.received_at, q.report_id" if filters.oldest_first else "q.urgency, q.report_id"
    later = ""
    if after is not None:
        later = f"and ({order}) > (%(after_first)s, %(after_id)s::uuid)"
        parameters |= {"after_first": after[0], "after_id": after[1]}
    sql = SQL["rows"].replace("{filters}", conditions).replace("{after}", later).replace("{order}", order)
    return fetch(_row, sql, parameters)


def key_of(row: Row, *, oldest_first: bool) -> list[str | int | float | None]:
    """The key after which the next page begins."""
    return [row.received_at.isoformat() if oldest_first else row.urgency, str(row.report_id)]


def mine(officer: UUID, *, limit: int) -> list[Row]:
    return fetch(_row, SQL["mine"], {"officer": officer, "limit": limit})


def titles(report_ids: Sequence[UUID]) -> dict[UUID, Titled]:
    """Titles, lanes and scores for lists of other rooms, by report."""
    if not report_ids:
        return {}
    found = fetch(_titled, SQL["titles"], {"reports": list(report_ids)})
    return {titled.report_id: titled for titled in found}


def _conditions(filters: Filters) -> tuple[str, dict[str, Any]]:
    conditions: list[str] = []
    parameters: dict[str, Any] = {}
    if filters.lane in LANES:
        place = LANES.index(filters.lane)
        conditions.append("q.urgency >= %(lane_from)s and q.urgency < %(lane_to)s")
        parameters |= {"lane_from": place * LANE_STEP, "lane_to": (place + 1) * LANE_STEP}
    if filters.sender is not None:
        conditions.append("q.sender_id = %(sender)s")
        parameters["sender"] = filters.sender
    if filters.place:
        # The place and all that lies in it: codes below it go on with "-", and "." is the next character after that.
        conditions.append("q.place_code >= %(place)s and q.place_code < %(place_after)s")
        parameters |= {"place": filters.place, "place_after": filters.place + "."}
    if filters.files in {"new", "known", "none"}:
        conditions.append("q.files = any (%(files)s)")
        parameters["files"] = {"new": ["new", "part"], "known": ["known"], "none": ["none"]}[filters.files]
    if filters.waiting_hours_min:
        conditions.append("q.received_at <= now() - %(hours)s * interval '1 hour'")
        parameters["hours"] = filters.waiting_hours_min
    if filters.unseen:
        conditions.append("q.first_opened_at is null")
    return "".join(f" and {condition}" for condition in conditions), parameters


def _row(*columns: Any) -> Row:
    reasons, raise_by, title, reported_is_child = columns[19:]
    read: list[Any] = [*columns[:19], _reasons(reasons), _maybe(raise_by), _reason(title), reported_is_child]
    return Row(*read)


def _titled(report_id: UUID, lane: str, score: int, title: str, reported_is_child: bool) -> Titled:
    return Titled(report_id, lane, score, _reason(title), reported_is_child)


def _assessed(*columns: Any) -> Assessed:
    lane_reason, reasons, raise_by, title = columns[3:7]
    read: list[Any] = [
        *columns[:3],
        _reason(lane_reason),
        _reasons(reasons),
        _maybe(raise_by),
        _reason(title),
        *columns[7:],
    ]
    return Assessed(*read)


def _reason(text: str) -> Reason:
    return msgspec.json.decode(text, type=Reason)


def _maybe(text: str | None) -> Reason | None:
    return None if text is None else _reason(text)


def _reasons(text: str) -> tuple[Reason, ...]:
    return msgspec.json.decode(text, type=tuple[Reason, ...])

"""Readers of assessments and queues. Everything runs under row security; counts stop at a limit and say so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from abhaya.shared.ids import since, until
from abhaya.shared.plans import for_few
from abhaya.shared.reason import Reason
from abhaya.shared.sql import NamedSql, as_row, fetch, fetch_one, value, values
from abhaya.triage.rules import LANES
from abhaya.triage.signals import LINKED_MANY_MIN, Held

SQL = NamedSql(__file__)
PERSONS = NamedSql(__file__, "persons.sql")
REPORTS_OF_A_PERSON_MAX = 1000  # the newest: what they say of the person, and which are ranked anew when that changes
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
    widely_files: int
    stands_apart: bool
    says: int
    said_before: int | None  # as it stands in the queue; None: it is new there
    told_before: int | None
    score_before: int | None
    is_covert: bool

    @property
    def held(self) -> Held:
        return Held(
            self.linked_reports, self.files, self.known_files, self.most_reports_of_a_file, self.held_files,
            self.sought_files, self.sought_later, self.viral_files, self.widely_files, self.stands_apart,
            self.says,
        )  # fmt: skip


class AsAssessed(NamedTuple):
    """The assessment that a report has in the queue: what it says, as `said_by` has it."""

    id: UUID
    says: tuple[object, ...]


def as_assessed(report_ids: Sequence[UUID]) -> dict[UUID, AsAssessed]:
    """The assessments by which these reports stand in the queue."""
    if not report_ids:
        return {}
    rows = fetch(as_row, SQL["as_assessed"], {"reports": list(report_ids), "since": since(report_ids)})
    return {report: AsAssessed(assessment, said_by(columns)) for report, assessment, *columns in rows}


def said_by(columns: Sequence[Any]) -> tuple[object, ...]:
    """Lane, score, reasons, title and rules of an assessment, to hold against another's: texts of JSON are read."""
    lane, score, lane_reason, reasons, raise_by, title, *rest = columns
    read = [None if text is None else msgspec.json.decode(text) for text in (lane_reason, reasons, raise_by, title)]
    return (lane, score, *read, *rest)


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
class Bundle:
    """What a report brings: `holder` is the unit in whose queue it stands."""

    report_id: UUID
    bundle_id: UUID
    holder: UUID
    stands_apart: bool


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
class Sender:
    id: UUID
    name: str


def inputs(report_ids: Sequence[UUID]) -> list[Input]:
    if not report_ids:
        return []
    given = of_persons(since(report_ids)) | {"reports": list(report_ids)}
    statement = SQL["inputs"].replace("{said}", PERSONS["said"])
    return fetch(Input, for_few(statement, len(report_ids)), given)


def of_persons(reports_since: UUID) -> dict[str, Any]:
    """What the statement `said` of what is known of persons asks for."""
    return {"since": reports_since, "until": until(), "most": REPORTS_OF_A_PERSON_MAX, "many": LINKED_MANY_MIN}


def standing(report_id: UUID) -> Standing | None:
    """None where the report is not in a queue, or not to be seen."""
    return fetch_one(Standing, SQL["standing"].format(queue="triage_queue"), {"report": report_id})


def of_report(report_id: UUID) -> tuple[Standing | None, Assessed | None, int]:
    """Where a report stands, its latest assessment, and how many reports of its bundle the viewer sees in its queue: this
    one too, counted to `COUNT_MAX`.
    """
    parts = {"standing": SQL["standing"].format(queue="triage_queue"), "assessment": SQL["assessment"]}
    given = {"report": report_id, "since": since([report_id]), "most": COUNT_MAX}
    [row] = fetch(lambda *row: row, SQL["of_report"].format(**parts), given)
    stands, assessed, together = row[:_STANDING_COLUMNS], row[_STANDING_COLUMNS:-1], row[-1]
    return Standing(*stands) if stands[0] else None, _assessed(*assessed) if assessed[0] else None, together


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


def bundles(report_ids: Sequence[UUID]) -> dict[UUID, Bundle]:
    """Report -> what it brings, for those that may fold or stand apart."""
    found = fetch(Bundle, SQL["bundles"], {"reports": list(report_ids), "since": since(report_ids)})
    return {one.report_id: one for one in found}


def first_of(lines: Collection[tuple[UUID, UUID, UUID]]) -> dict[tuple[UUID, UUID], UUID]:
    """Lines (unit, bundle, fold) that stand in queues already: (unit, fold) -> the report beside whose age."""
    if not lines:
        return {}
    units, of, folds = (list(part) for part in zip(*lines, strict=True))
    found = fetch(lambda *row: row, SQL["first_of"], {"units": units, "bundles": of, "folds": folds})
    return {(unit, fold): first for unit, fold, first in found}


def titles(report_ids: Sequence[UUID]) -> dict[UUID, Titled]:
    """Titles, lanes and scores for lists of other rooms, by report."""
    if not report_ids:
        return {}
    found = fetch(_titled, SQL["titles"], {"reports": list(report_ids)})
    return {titled.report_id: titled for titled in found}


def _titled(report_id: UUID, lane: str, score: int, title: str, reported_is_child: bool) -> Titled:
    return Titled(report_id, lane, score, reason_of(title), reported_is_child)


def _assessed(*columns: Any) -> Assessed:
    lane_reason, reasons, raise_by, title = columns[3:7]
    read: list[Any] = [
        *columns[:3],
        reason_of(lane_reason),
        reasons_of(reasons),
        maybe_reason(raise_by),
        reason_of(title),
        *columns[7:],
    ]
    return Assessed(*read)


def reason_of(text: str) -> Reason:
    return msgspec.json.decode(text, type=Reason)


def maybe_reason(text: str | None) -> Reason | None:
    return None if text is None else reason_of(text)


def reasons_of(text: str) -> tuple[Reason, ...]:
    return msgspec.json.decode(text, type=tuple[Reason, ...])

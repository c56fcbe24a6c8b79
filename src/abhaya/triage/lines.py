"""A unit's queue as it is read: line by line, where reports that bring the same and say nothing else are one line.

Everything runs under row security, so a line has the reports that its reader may see, and nobody else's are counted. What
folds into which line is written by `actions.folded`; here it is only read, by key, whatever folds into one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from abhaya.shared.reason import Reason
from abhaya.shared.sql import fetch, value
from abhaya.triage.queries import COUNT_MAX, LANE_STEP, SQL, maybe_reason, reason_of, reasons_of
from abhaya.triage.rules import FOLDS_FROM, LANES

FOLDED_COUNTED_MAX = 50_000  # reports counted for the lines of one page: one flood whole, of many each its share
FEW_COUNTED_MAX = 1000  # of each line first; no less of any


@dataclass(frozen=True, slots=True)
class Row:
    """One report in a list, or a line of them: the first, and how many fold with it."""

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
    line: UUID  # where it stands among equals: the report by whose age
    fold: UUID
    bundle_id: UUID | None
    stands_alone: bool
    together: int  # reports in this line, this one too
    more_together: bool  # they were not counted further


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
class Together:
    """Reports of one bundle in a unit's queue, as far as the viewer sees them; each count stopped at `COUNT_MAX`."""

    reports: int
    alone: int


def rows(unit: UUID, filters: Filters, *, after: list[Any] | None, limit: int) -> list[Row]:
    """Lines of a unit's queue in the order of work, or the oldest first, after the line with this key."""
    conditions, parameters = _conditions(filters)
    parameters |= {"unit": unit, "limit": limit, "few": FEW_COUNTED_MAX, "counted_most": FOLDED_COUNTED_MAX}
    key = ("line", "fold") if filters.oldest_first else ("urgency", "line", "fold")
    later = ""
    if after is not None:
        later = f"and ({_of('q', key)}) > ({', '.join(f'%(after_{part})s{_TYPE[part]}' for part in key)})"
        parameters |= {f"after_{part}": value for part, value in zip(key, after, strict=True)}
    parts = {
        "place": _of("q", ("report_id", "urgency", "line", "fold", "bundle_id", "fold_id")),
        "order": _of("q", (*key, "report_id")),
        "line_of_q": _of("q", key),
        "line_of_step": _of("step", key),
        "earlier": f"({_of('q', key[:-1])}) < ({_of('step', key[:-1])})",
        "filters": conditions,
        "after": later,
    }
    return fetch(_row, _statement("rows", parts), parameters)


def key_of(row: Row, *, oldest_first: bool) -> list[str | int | float | None]:
    """The key after which the next page begins."""
    return [*([] if oldest_first else [row.urgency]), str(row.line), str(row.fold)]


def key_parts(*, oldest_first: bool) -> int:
    return 2 if oldest_first else 3


def together(unit: UUID, bundle: UUID, *, after: list[Any] | None, limit: int) -> list[Row]:
    """Reports of one bundle in a unit's queue, one by one: those that stand alone first. Key: `together_key`."""
    key = ("fold", "urgency", "report_id")
    parameters: dict[str, Any] = {"unit": unit, "bundle": bundle, "limit": limit}
    later = ""
    if after is not None:
        later = f"and ({_of('q', key)}) > ({', '.join(f'%(after_{part})s{_TYPE[part]}' for part in key)})"
        parameters |= {f"after_{part}": value for part, value in zip(key, after, strict=True)}
    return fetch(_row, _statement("together", {"after": later, "order": _of("q", key)}), parameters)


def together_key(row: Row) -> list[str | int | float | None]:
    return [str(row.fold), row.urgency, str(row.report_id)]


def together_counted(unit: UUID, bundle: UUID) -> Together:
    return fetch(
        Together, SQL["together_counted"], {"unit": unit, "bundle": bundle, "most": COUNT_MAX, "folds_from": FOLDS_FROM}
    )[0]


def bundle_of(report_id: UUID) -> UUID | None:
    """What a report brings; None where nothing by which it could be one of several."""
    found: UUID | None = value(SQL["bundle_of"], {"report": report_id})
    return found


def mine(officer: UUID, *, limit: int) -> list[Row]:
    return fetch(_row, _statement("mine", {}), {"officer": officer, "limit": limit})


_TYPE = {"urgency": "::int", "line": "::uuid", "fold": "::uuid", "report_id": "::uuid"}


def _of(table: str, columns: Iterable[str]) -> str:
    return ", ".join(f"{table}.{column}" for column in columns)


def _statement(name: str, parts: Mapping[str, str]) -> str:
    """A statement with its parts in their places; every part is text of this module or of `queries.sql`."""
    sql = SQL[name]
    for place, text in {"columns": SQL["columns"], "and_more": SQL["and_more"], **parts}.items():
        sql = sql.replace(f"{{{place}}}", text)
    return sql


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
    reasons, raise_by, title = columns[19:22]
    read: list[Any] = [*columns[:19], reasons_of(reasons), maybe_reason(raise_by), reason_of(title), *columns[22:]]
    return Row(*read)

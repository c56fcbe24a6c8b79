"""Readers of comparisons and of what goes into them. Row security decides what there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from abhaya.selectors.kinds import LINKING, identifies
from abhaya.shared.sql import NamedSql, fetch, fetch_one, value, values

SQL = NamedSql(__file__)
LISTED_MAX = 200
MET_SHOWN_MAX = 500
HOLDERS_SHOWN_MAX = 20  # reports, and cases, of one identifier
DAY_HOURS = 24
KINDS = sorted(LINKING)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison, as its officer has it."""

    id: UUID
    token: bytes
    side: str
    state: str
    partner: str
    partner_key: str
    contact: str
    partner_contact: str
    kinds: Sequence[str]
    scope: str
    case_id: UUID | None
    purpose: str
    own: int | None
    points: int | None
    has_file: bool
    made_at: datetime
    sent_at: datetime | None
    done_at: datetime | None
    met: int

    @property
    def file_name(self) -> str:
        step = "question" if self.side == "asks" and self.state == "sent" else "answer"
        return f"comparison-{bytes(self.token).hex()[:8]}-{'result' if self.state == 'done' else step}.json"


class Own(NamedTuple):
    """One identifier that goes in."""

    selector_id: UUID
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Common:
    """An identifier that the partner has too. No value: nothing that holds it is open to the officer any more."""

    selector_id: UUID
    kind: str | None
    value: str | None


class InReport(NamedTuple):
    selector_id: UUID
    report_id: UUID
    number: int
    received_at: datetime


class InCase(NamedTuple):
    selector_id: UUID
    case_id: UUID
    title: str


def comparison(comparison_id: UUID) -> Comparison | None:
    return fetch_one(Comparison, SQL["comparisons"], {"id": comparison_id, "most": 1})


def comparisons() -> list[Comparison]:
    """The officer's own, the newest first."""
    return fetch(Comparison, SQL["comparisons"], {"id": None, "most": LISTED_MAX})


def part(comparison_id: UUID, column: str) -> bytes | None:
    """Of the officer's own comparison what was brought, what is to be carried, or the sealed session."""
    found = value(SQL[column], {"id": comparison_id})
    return None if found is None else bytes(found)


def of_cases(officer: UUID, kinds: Sequence[str], *, case: UUID | None, most: int) -> list[Own]:
    """What the officer's open cases that are not covert watch and hold, or one case: at most `most`."""
    wanted = {"officer": officer, "kinds": list(kinds), "case": case, "most": most}
    return _identifying(fetch(Own, SQL["of_cases"], wanted))


def of_reports(unit: UUID, kinds: Sequence[str], *, most: int) -> list[Own]:
    """What stands in reports that the unit works on: at most `most`."""
    return _identifying(fetch(Own, SQL["of_reports"], {"unit": unit, "kinds": list(kinds), "most": most}))


def met(comparison_id: UUID) -> list[Common]:
    return fetch(Common, SQL["met"], {"comparison": comparison_id, "most": MET_SHOWN_MAX})


def reports_of(selectors: Sequence[UUID]) -> list[InReport]:
    """Reports open to the officer that have one of these, the newest first."""
    return fetch(InReport, SQL["reports_of"], {"selectors": list(selectors), "most": HOLDERS_SHOWN_MAX})


def cases_of(selectors: Sequence[UUID]) -> list[InCase]:
    """The officer's own cases that watch one of these."""
    return fetch(InCase, SQL["cases_of"], {"selectors": list(selectors)})


def with_partner_today(partner_key: str, side: str) -> int:
    """How many were begun with this key in the last day, by whomever. On the road."""
    return int(value(SQL["with_partner"], {"key": partner_key, "side": side, "hours": DAY_HOURS}))


def tiny_lately(officer: UUID, most: int, hours: int) -> int:
    """In how many the officer put in as few as `most` within the last `hours`. On the road."""
    return int(value(SQL["tiny"], {"officer": officer, "most": most, "hours": hours}))


def overdue(days: int) -> list[UUID]:
    """Unfinished ones that were begun longer ago. On the road."""
    return values(SQL["overdue"], {"days": days})


def _identifying(found: Sequence[Own]) -> list[Own]:
    return [one for one in found if identifies(one.kind, one.value)]

"""What became of persons whom the officer's own reports and cases name: the desk's list, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from abhaya.access.queries import SignedIn
from abhaya.desk.queries import SQL
from abhaya.linking import news
from abhaya.linking.news import News
from abhaya.shared.ids import made_at
from abhaya.shared.sql import fetch

ROWS_MAX = 2000
REPORTS_SHOWN_MAX = 3
REPORT = "report"


class _Seat(NamedTuple):
    account: UUID
    person: UUID
    number: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what, of whom, and why, as far as the officer may read it."""

    news: News
    account: UUID  # of the officer's own: the person's page by it
    mine: Sequence[int]  # numbers of their reports
    report: int | None  # the number of the one that caused it


def waiting(officer: SignedIn) -> list[Change]:
    """Changes of persons in open reports of the officer's unit and in their own open cases, which they have not seen."""
    found = news.waiting(officer.id)
    accounts = sorted({account for one in found for account in one.accounts})
    if not accounts:
        return []
    seats = fetch(_Seat, SQL["seats"], {"accounts": accounts, "unit": officer.unit_id, "most": ROWS_MAX})
    return [change for one in found if (change := _change(one, seats)) is not None]


def _change(one: News, seats: Sequence[_Seat]) -> Change | None:
    here = [seat for seat in seats if seat.account in one.accounts]
    mine = [seat for seat in here if seat.is_mine]
    if not mine:
        return None
    came = next((seat for seat in here if one.cause == REPORT and news.is_near(made_at(seat.person), one.at)), None)
    return Change(
        one,
        mine[0].account,
        list(dict.fromkeys(seat.number for seat in mine))[:REPORTS_SHOWN_MAX],
        came.number if came else None,
    )

"""Who asks again and again for what others protect, in a search or on the pages of persons. The page itself answers and
costs the same for all: it notes what was asked, whatever that was, and a duty looks later. The auditor learns who and how
often.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from abhaya.cases.queries import SQL
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import insert
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, fetch

ASKED_SELECTORS_MAX = 200  # of one search: one text can be read as many kinds, an account id on many platforms
TOUCHES_MIN = 3  # different protected identifiers asked for without need, within the window, before the auditor is told
WINDOW_HOURS = 24


class Often(NamedTuple):
    officer: UUID
    searches: int


def note_asked(officer: UUID, selectors: Sequence[UUID]) -> None:
    """What a search or page was asked for, kept until the next look. The same row whether anybody protects it or nobody does."""
    asked = sorted(set(selectors))[:ASKED_SELECTORS_MAX]
    insert("cases_asked", ["id", "officer_id", "selectors"], [(uuid7(), officer, asked)])


def stands_out(officer: UUID, often: int) -> None:
    """Another room noticed that somebody asks about few again and again: the auditor learns who and how often. On the road."""
    if execute(SQL["tell_auditor"], {"officer": officer, "searches": often, "window": WINDOW_HOURS}):
        record([Act(Event.CASES_PROBING_NOTICED, officer, None, {"searches": often})])


def look_for_probing() -> None:
    """The duty: what was asked since the last look is compared with what cases watch, and forgotten."""
    execute(SQL["touches"], {"window": WINDOW_HOURS})
    often = fetch(Often, SQL["often"], {"window": WINDOW_HOURS, "least": TOUCHES_MIN})
    told = [row for row in often if execute(SQL["tell_auditor"], {**row._asdict(), "window": WINDOW_HOURS})]
    record([Act(Event.CASES_PROBING_NOTICED, row.officer, None, {"searches": row.searches}) for row in told])

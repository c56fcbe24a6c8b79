"""Readers of remarks: what officers wrote of a person, by the accounts that they meant.

A remark stands wherever one of its accounts stands now. So whoever is parted takes theirs along, and whoever is joined
brings theirs, with nothing to be moved.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from abhaya.linking.statements import REMARKS as SQL
from abhaya.shared.sql import as_row, fetch

SHOWN_MAX = 100
STATED_MAX = 2000
NOTE, NAME = "note", "name"


class RemarkRow(NamedTuple):
    """One version. `about`: the accounts it belongs to; `then`: those and, of one said of the whole person, whoever stood
    with them; both as far as the officer sees them.
    """

    id: UUID
    first_id: UUID
    version: int
    compartment: UUID
    report_id: UUID
    number: int | None  # of the report, where it is open to the officer
    kind: str  # note | name
    text: str
    is_whole: bool
    by_officer: UUID
    by_name: str
    at: datetime
    first_by_name: str
    first_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by_name: str
    withdrawn_why: str
    about: list[UUID]
    then: list[UUID]
    is_covert: bool
    is_in_case: bool  # kept in a case, and not with the report

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None

    def gone(self, here: Collection[UUID]) -> int:
        """How many of the accounts it was said of do not stand `here`."""
        return sum(1 for one in self.then if one not in here)


def of_accounts(accounts: Sequence[UUID]) -> list[RemarkRow]:
    """Remarks about any of these accounts, each by its newest version, withdrawn or not; the newest first."""
    return fetch(RemarkRow, SQL["of_accounts"], {"accounts": list(accounts), "most": SHOWN_MAX})


def versions(remark_id: UUID) -> list[RemarkRow]:
    """Every version of one remark, the newest first; empty where the officer reads none."""
    return fetch(RemarkRow, SQL["versions"], {"remark": remark_id})


def stated_of_protected(reports: Collection[UUID], accounts: Collection[UUID]) -> list[tuple[str, str]]:
    """(kind, as written) of everything that these reports state of victims and possible minors, and whatever is stated of
    those whom one of these accounts is or shares something with.
    """
    wanted = {"reports": sorted(reports), "accounts": sorted(accounts), "most": STATED_MAX}
    return fetch(as_row, SQL["stated"], wanted)

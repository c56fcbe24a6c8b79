"""Remarks as a page shows them: their words without what the reports state of masked persons, and how much of what they
were said of still stands here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from abhaya.desk import redaction
from abhaya.linking import queries_remarks as remarks
from abhaya.linking.queries_remarks import RemarkRow
from abhaya.linking.subject_shown import Account


@dataclass(frozen=True, slots=True)
class Remark:
    """One version, its words masked where they have to be. `about`: its accounts that stand on the page; `gone`: how many
    of those it was said of do not.
    """

    row: RemarkRow
    text: str
    withdrawn_why: str
    about: Sequence[Account]
    gone: int

    @property
    def is_name(self) -> bool:
        return self.row.kind == remarks.NAME

    @property
    def then(self) -> int:
        """Of how many accounts it was said."""
        return len(self.row.then)


def remarks_on(accounts: Sequence[UUID], known: Mapping[UUID, Account]) -> list[Remark]:
    """Remarks about these accounts, each by its newest version; the newest first."""
    return shown(remarks.of_accounts(accounts), accounts, known)


def shown(rows: Sequence[RemarkRow], here: Sequence[UUID], known: Mapping[UUID, Account]) -> list[Remark]:
    """`here`: the accounts that stand together on the page. `known`: what accounts are called."""
    hidden = _hidden(rows, known.values()) if rows else redaction.hidden_of(())
    place = set(here)
    return [
        Remark(
            row,
            redaction.redact(row.text, hidden).text,
            redaction.redact(row.withdrawn_why, hidden).text,
            [known[one] for one in row.about if one in place and one in known],
            row.gone(place),
        )
        for row in rows
    ]


def _hidden(rows: Sequence[RemarkRow], known: Iterable[Account]) -> redaction.Hidden:
    """Of the reports with which remarks are kept and those of the accounts on the page, whatever stands of masked persons."""
    held = list(known)
    reports = {row.report_id for row in rows} | {seat.report_id for account in held for seat in account.seats}
    protected = {account.id for account in held if account.is_protected}
    return redaction.hidden_of((), remarks.stated_of_protected(reports, protected))

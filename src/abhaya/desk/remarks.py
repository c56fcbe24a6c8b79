"""What officers wrote of a person, as a page shows it: remarks, and the reasons of judgements, without what the reports
state of masked persons; and how much of what a remark was said of still stands here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from abhaya.desk import redaction
from abhaya.linking import queries_remarks as remarks
from abhaya.linking import queries_subjects as subjects
from abhaya.linking.queries_remarks import RemarkRow
from abhaya.linking.queries_subjects import JudgementRow
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


def words_on(accounts: Sequence[UUID], known: Mapping[UUID, Account]) -> list[JudgementRow]:
    """What was said of these accounts, the newest first, every reason masked where it has to be."""
    return said(subjects.judgements(accounts), known.values())


def said(rows: Sequence[JudgementRow], known: Collection[Account]) -> list[JudgementRow]:
    """Judgements with their reasons as a page shows them. `known`: the accounts that stand on it."""
    pairs = (one for row in rows for one in (row.a, row.b))
    hidden = _hidden((row.report_id for row in rows), pairs, known) if rows else redaction.hidden_of(())
    return [
        row._replace(
            why=redaction.redact(row.why, hidden).text, undone_why=redaction.redact(row.undone_why, hidden).text
        )
        for row in rows
    ]


def masked(text: str, known: Collection[Account]) -> str:
    """An officer's reason, for somebody who decides by it and need not see who is masked."""
    return redaction.redact(text, _hidden((), (), known)).text


def shown(rows: Sequence[RemarkRow], here: Sequence[UUID], known: Mapping[UUID, Account]) -> list[Remark]:
    """`here`: the accounts that stand together on the page. `known`: what accounts are called."""
    about = (one for row in rows for one in row.about)
    hidden = _hidden((row.report_id for row in rows), about, known.values()) if rows else redaction.hidden_of(())
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


def _hidden(kept_with: Iterable[UUID | None], about: Iterable[UUID], known: Collection[Account]) -> redaction.Hidden:
    """Whatever is stated of masked persons in the reports with which something is kept and those of the accounts on the page,
    and of masked persons who share something with an account that it is about or that stands there.
    """
    reports = {one for one in kept_with if one} | {seat.report_id for account in known for seat in account.seats}
    accounts = {*about, *(account.id for account in known)}
    return redaction.hidden_of((), remarks.stated_of_protected(reports, accounts))

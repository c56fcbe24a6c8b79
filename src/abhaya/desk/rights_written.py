"""What officers wrote of somebody who asks what is held of them: remarks on accounts of theirs, and judgements with reasons.

An account is theirs where the sender states one of their identifiers, of a kind that is one person's, of whoever has the
account. Whatever the same reports state of anybody else is taken out of the words: an answer names nobody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from abhaya.desk import redaction
from abhaya.desk.redaction import Hidden
from abhaya.desk.rights import SQL
from abhaya.linking import queries_remarks as remarks
from abhaya.linking import queries_subjects as subjects
from abhaya.linking.queries_remarks import RemarkRow
from abhaya.linking.queries_subjects import JudgementRow
from abhaya.selectors.kinds import LINKING
from abhaya.shared.sql import as_row, fetch, values

ACCOUNTS_MAX = 200
STATED_MAX = 5000
REMARK, NAME, JUDGEMENT = "remark", "name", "judgement"


@dataclass(frozen=True, slots=True)
class Written:
    """One remark, by its newest version, or one judgement; what it says of others is left out."""

    id: UUID
    kind: str  # remark | name: what the person is called for now | judgement
    answer: str  # of a judgement: same | different | unsure
    text: str
    number: int | None  # of the report with which it is kept, where there is one
    by_name: str
    at: datetime
    taken_back_at: datetime | None
    taken_back_why: str
    is_covert: bool  # kept in a covert case: shown to its members, and never in an answer file

    @property
    def is_judgement(self) -> bool:
        return self.kind == JUDGEMENT


def written(selectors: Sequence[UUID], *, of_unit: UUID | None = None) -> list[Written]:
    """The newest first. `of_unit`: only what is open to this unit as such, not what the officer reads as a member of a case."""
    accounts: list[UUID] = values(
        SQL["accounts"], {"selectors": list(selectors), "kinds": sorted(LINKING), "most": ACCOUNTS_MAX}
    )
    noted = remarks.of_accounts(accounts) if accounts else []
    said = subjects.judgements(accounts) if accounts else []
    if of_unit is not None:
        kept = {one.compartment for one in noted} | {one.compartment for one in said}
        asked = {"unit": of_unit, "compartments": sorted(kept)}
        theirs = set(values(SQL["open_to_unit"], asked)) if kept else set()
        noted = [one for one in noted if one.compartment in theirs]
        said = [one for one in said if one.compartment in theirs]
    if not noted and not said:
        return []
    hidden = _of_others(selectors, accounts, noted, said)
    found = [*(_remark(one, hidden) for one in noted), *(_judgement(one, hidden) for one in said)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def in_answer(found: Sequence[Written]) -> list[Written]:
    """What goes into an answer file."""
    return [one for one in found if not one.is_covert]


def answer(found: Sequence[Written]) -> Iterator[tuple[object, ...]]:
    """Rows of the answer file, in the order of `rights.HEADINGS`. Which officer wrote it is not told."""
    for one in found:
        text = ": ".join(filter(None, [one.answer, one.text]))
        taken_back = f"taken back: {one.taken_back_why}" if one.taken_back_at else ""
        yield (
            one.number or "", one.at.isoformat(), "", one.kind, text, "", "", "", "assessment", "", "", "", "", "", "", taken_back,
        )  # fmt: skip


def _of_others(
    selectors: Sequence[UUID], accounts: Sequence[UUID], noted: Sequence[RemarkRow], said: Sequence[JudgementRow]
) -> Hidden:
    """What the reports of these accounts, and of those that were compared with them, state of anybody else."""
    others = {one for word in said for one in (word.a, word.b)} | {one for row in noted for one in row.then}
    reports = {one.report_id for one in noted} | {one.report_id for one in said if one.report_id}
    wanted = {
        "selectors": list(selectors), "accounts": list(accounts), "others": sorted(others - set(accounts)),
        "reports": sorted(reports), "most": STATED_MAX,
    }  # fmt: skip
    return redaction.hidden_of((), fetch(as_row, SQL["stated_of_others"], wanted))


def _remark(row: RemarkRow, hidden: Hidden) -> Written:
    return Written(
        row.first_id, NAME if row.kind == remarks.NAME else REMARK, "", redaction.redact(row.text, hidden).text, row.number,
        row.by_name, row.at, row.withdrawn_at, redaction.redact(row.withdrawn_why, hidden).text, row.is_covert,
    )  # fmt: skip


def _judgement(row: JudgementRow, hidden: Hidden) -> Written:
    return Written(
        row.id, JUDGEMENT, row.answer, redaction.redact(row.why, hidden).text, None, row.by_name or row.by_rule, row.at,
        row.undone_at, redaction.redact(row.undone_why, hidden).text, row.is_covert,
    )  # fmt: skip

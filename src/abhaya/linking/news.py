"""What became of subjects, for those whom it concerns: the desk's list of changes.

A duty passes each change on to whoever has open what it is about (`actions.news`); what an officer is told of it is decided
when they read, by the evidence that is open to them then: a change that rests on what they may not read is not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from abhaya.linking.queries_subjects import JudgementRow, between, judgements
from abhaya.shared.sql import NamedSql, execute, fetch

SQL = NamedSql(__file__, "news.sql")
LOOKED_AT_MAX = 100  # changes, the newest; when they are marked as seen the next come up
PAIRS_MAX = 2000
NEAR = timedelta(minutes=1)
RETRACTION, JUDGEMENT = "retraction", "judgement"
TOGETHER, APART = "together", "apart"


class _Waiting(NamedTuple):
    id: UUID
    kind: str
    cause: str
    at: datetime


class _Moved(NamedTuple):
    change: UUID
    way: str
    account: UUID
    other: UUID


@dataclass(frozen=True, slots=True)
class News:
    """Accounts that the officer sees came together, or were parted, at `at`."""

    id: UUID
    kind: str
    way: str
    cause: str
    at: datetime
    accounts: frozenset[UUID]
    word: JudgementRow | None  # what an officer said, or took back, then

    @property
    def is_undoing(self) -> bool:
        return self.word is not None and is_near(self.word.undone_at, self.at)


def is_near(at: datetime | None, change: datetime) -> bool:
    """Whether something was done in the act that a change followed."""
    return at is not None and abs(at - change) < NEAR


def waiting(officer: UUID) -> list[News]:
    """Changes that the acting officer may hear of and has not marked as seen, the newest first."""
    found = fetch(_Waiting, SQL["waiting"], {"officer": officer, "most": LOOKED_AT_MAX})
    if not found:
        return []
    moved = fetch(_Moved, SQL["pairs"], {"changes": [one.id for one in found], "most": PAIRS_MAX})
    accounts = sorted({account for one in moved for account in (one.account, one.other)})
    stand = between(accounts)
    known = {*stand.weighed, *((min(a, b), max(a, b)) for a, b, _ in stand.words)}
    said = judgements(accounts) if any(one.cause == JUDGEMENT for one in found) else []
    known |= {(word.a, word.b) for word in said}
    group_of = {account: place for place, group in enumerate(stand.together) for account in group}
    cause = {one.id: one.cause for one in found}
    told: defaultdict[tuple[UUID, str], set[UUID]] = defaultdict(set)
    for one in moved:
        pair = min(one.account, one.other), max(one.account, one.other)
        is_together = one.account in group_of and group_of[one.account] == group_of.get(one.other)
        # Who was parted is told to whoever may read what they shared, or what was said of them, or could until it was deleted.
        if (
            is_together
            if one.way == TOGETHER
            else not is_together and (cause[one.change] == RETRACTION or pair in known)
        ):
            told[one.change, one.way] |= set(pair)
    return [
        News(one.id, one.kind, way, one.cause, one.at, frozenset(them), _word(one, them, said))
        for one in found
        for way in (TOGETHER, APART)
        if (them := told[one.id, way])
    ]


def mark_heard(officer: UUID, first: UUID, last: UUID) -> None:
    """Marks what the acting officer was told, from the oldest change to the newest, as seen."""
    execute(SQL["mark"], {"officer": officer, "first": first, "last": last})


def _word(change: _Waiting, accounts: Collection[UUID], said: Sequence[JudgementRow]) -> JudgementRow | None:
    """The judgement that a change followed, where the officer reads it."""
    if change.cause != JUDGEMENT:
        return None
    return next(
        (word for word in said if {word.a, word.b}.intersection(accounts)
         and (is_near(word.at, change.at) or is_near(word.undone_at, change.at))),
        None,
    )  # fmt: skip

"""Readers of subjects, for one officer: what stands together by the evidence that this officer may read, and why.

Row security decides which rows there are. From them the same rules put accounts together as for everybody; a link that
rests on what the officer may not read is not there for them, and nothing tells that there is more. What was seen or said
in a covert compartment counts for its members alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from abhaya.linking.gathering import (
    Arrays,
    Held,
    Joined,
    Pair,
    Sides,
    Weighed,
    Weighing,
    arrays,
    explain,
    groups,
    strongest_chain,
    weigh,
)
from abhaya.linking.weights import HOLDERS_MAX
from abhaya.shared.sql import NamedSql, as_row, fetch, value, values

SQL = NamedSql(__file__, "queries_subjects.sql")
COVERT_STEPS_MAX = 4
ACCOUNTS_MAX = 500  # looked at for one subject; more is said
ROWS_MAX = 5000
HISTORY_MAX = 200


class PersonRow(NamedTuple):
    """An account as a person of one report. `value`: the account as normalised; None: no account is named."""

    account_id: UUID
    selector_id: UUID | None
    value: str | None
    report_id: UUID
    number: int
    compartment: UUID
    role: str
    person: int
    protected: str  # victim | minor | ""
    is_base: bool
    received_at: datetime


class EvidenceRow(NamedTuple):
    """What a report says: an account has an identifier. `value` None: the officer does not see the identifier."""

    account_id: UUID
    value_id: UUID
    kind: str
    first_at: datetime
    last_at: datetime
    flags: int
    network: int
    is_base: bool
    report_id: UUID
    number: int
    selector_id: UUID
    value: str | None


class JudgementRow(NamedTuple):
    id: UUID
    compartment: UUID
    report_id: UUID | None
    a: UUID
    b: UUID
    answer: str
    by_officer: UUID | None
    by_name: str
    by_rule: str
    why: str
    at: datetime
    approval_id: UUID | None
    undone_at: datetime | None
    undone_by_name: str
    undone_why: str
    is_covert: bool


class ChangeRow(NamedTuple):
    """What became of a subject. `accounts`: those that moved then, as far as the officer sees them."""

    id: UUID
    kind: str
    subject_id: UUID
    other_id: UUID | None
    cause: str
    at: datetime
    accounts: list[UUID]


@dataclass(frozen=True)
class SubjectView:
    """An account and whom it stands with, for one officer."""

    account_id: UUID
    subject_id: UUID | None  # of the account for everybody; None: it stands alone there
    accounts: tuple[UUID, ...]  # together with the account, by what the officer may read; the account among them
    persons: tuple[PersonRow, ...]  # of these accounts and of those near
    evidence: tuple[EvidenceRow, ...]
    weighed: dict[Pair, Weighed]  # every pair that shares something, with the numbers that the officer may know
    words: tuple[tuple[UUID, UUID, str], ...]
    held: Arrays
    protected: dict[UUID, bool]  # whom some report calls a victim or possible minor, open to the officer or not
    more: bool  # there is more than is looked at for one page
    joined: tuple[Joined, ...] = ()  # groups that stand together by all they show, and by no single link

    @property
    def links(self) -> dict[Pair, Weighed]:
        """Between the accounts that stand together, the strongest first."""
        mine = set(self.accounts)
        chosen = [(pair, one) for pair, one in self.weighed.items() if mine.issuperset(pair)]
        return dict(sorted(chosen, key=lambda one: (-one[1].millibits, one[0])))

    @property
    def near(self) -> dict[Pair, Weighed]:
        """From an account that stands here to one that does not: to be looked at, or related; the strongest first."""
        mine = set(self.accounts)
        chosen = [(pair, one) for pair, one in self.weighed.items() if len(mine.intersection(pair)) == 1]
        return dict(sorted(chosen, key=lambda one: (-one[1].millibits, one[0])))

    def reports(self) -> list[int]:
        """Numbers of the reports of its accounts, newest first."""
        mine = set(self.accounts)
        return list(dict.fromkeys(one.number for one in self.persons if one.account_id in mine))

    def explain(self, one: UUID, other: UUID, sides: Sides | None = None) -> Any:
        """`explaining.Explanation` of two accounts, or of the groups they stand in; positions of values are those of
        `held.values`.
        """
        return explain(self.held, one, other, sides)

    def sides(self, one: UUID, other: UUID) -> Sides | None:
        """The two groups that a step of a chain brings together; None where a link of the two alone does."""
        for pair, joined in self._joints():
            if set(pair) == {one, other}:
                return (joined.one, joined.other) if one in joined.one else (joined.other, joined.one)
        return None

    def _joints(self) -> list[tuple[Pair, Joined]]:
        """For groups that stand together by all they show, the two accounts of theirs that share most."""
        found = []
        for joined in self.joined:
            across = [
                (one.millibits, pair) for pair, one in self.links.items()
                if len(set(pair).intersection(joined.one)) == len(set(pair).intersection(joined.other)) == 1
            ]  # fmt: skip
            found += [(max(across)[1], joined)] if across else []
        return found

    def chain(self, one: UUID, other: UUID) -> list[tuple[UUID, UUID, int]] | None:
        """The strongest way between two accounts that stand together: (account, account, millibits) a step; a word “same”
        weighs `explaining.JUDGED_MILLIBITS`. None where there is no way.
        """
        links = [(a, b, weighed.millibits) for (a, b), weighed in self.links.items() if weighed.outcome == "same"]
        links += [(a, b, joined.millibits) for (a, b), joined in self._joints()]
        return strongest_chain(
            links, [word for word in self.words if set(self.accounts).issuperset(word[:2])], one, other
        )

    def rows_of(self, value_position: int, account: UUID) -> list[EvidenceRow]:
        """The evidence behind a line of an explanation: which report says so, of this account."""
        value_id = self.held.values[value_position]
        return [row for row in self.evidence if row.account_id == account and row.value_id == value_id]


@dataclass(frozen=True, slots=True)
class Between:
    """Accounts side by side, for one officer."""

    weighed: dict[Pair, Weighed]  # every pair of them that shares something
    same: frozenset[Pair]  # pairs whose link holds them together
    words: tuple[tuple[UUID, UUID, str], ...]  # same | different, as officers' words count now
    together: tuple[tuple[UUID, ...], ...]  # those that stand together, two or more
    protected: frozenset[UUID]  # whom some report calls a victim or possible minor
    more: bool  # there was more than is looked at for one page


def subject_of(account: UUID) -> UUID | None:
    """The subject of an account that the officer sees."""
    found: UUID | None = value(SQL["subject_of"], {"account": account})
    return found


def members(subject: UUID, *, now: bool = True) -> list[UUID]:
    """Accounts of a subject that the officer sees; empty for one that is not there, or of which they see none."""
    return values(SQL["members"], {"subject": subject, "now": now})


def persons_of_report(report_id: UUID) -> list[PersonRow]:
    """Whose accounts a report names, where it is open to the officer."""
    return fetch(PersonRow, SQL["of_report"], {"report": report_id})


def as_seen(account: UUID, *, besides: Sequence[UUID] = ()) -> SubjectView | None:
    """The account with whom it stands, for the acting officer; None where they do not see it. `besides`: accounts to be
    compared with it, whatever they share (why not?).
    """
    near = _near([account])
    together = {one for one, is_together, _ in near if is_together}
    read = _read({account, *(one for one, *_ in near), *besides}, near)
    if account not in read.seen:
        return None
    found = groups(read.weighing, read.seen & together, read.words, may=read.may)
    mine = next((tuple(group) for group in found.groups if account in group), (account,))
    more = len(near) >= ACCOUNTS_MAX or read.more
    return SubjectView(
        account, subject_of(account), mine, tuple(read.persons), tuple(read.evidence), read.weighing.links, read.words,
        read.weighing.held, read.protected, more, tuple(found.joined),
    )  # fmt: skip


def between(accounts: Sequence[UUID]) -> Between:
    """What holds these accounts together or apart, for the acting officer, those of them that the officer does not see left
    out. Two that a third joins stand together, whether or not the third is among these.
    """
    wanted = set(accounts)
    if not wanted:
        return Between({}, frozenset(), (), (), frozenset(), more=False)
    near = _near(sorted(wanted))
    read = _read(wanted | {one for one, is_together, _ in near if is_together}, near)
    found = groups(read.weighing, read.seen, read.words, may=read.may)
    among = (tuple(one for one in group if one in wanted) for group in found.groups)
    weighed = {pair: one for pair, one in read.weighing.links.items() if wanted.issuperset(pair)}
    return Between(
        weighed,
        frozenset(pair for pair, one in weighed.items() if one.outcome == "same" and read.may(pair)),
        tuple(word for word in read.words if wanted.issuperset(word[:2])),
        tuple(group for group in among if len(group) > 1),
        frozenset(one for one in wanted if read.protected.get(one, False)),
        more=len(near) >= ACCOUNTS_MAX or read.more,
    )


def verdict(one: UUID, other: UUID) -> int:
    """What keeps a link of two accounts, strong enough, from holding them together for the acting officer, as `kernels.groups`
    numbers it; 0 where nothing does.
    """
    near = _near([one, other])
    read = _read({one, other, *(account for account, is_together, _ in near if is_together)}, near)
    found = groups(read.weighing, read.seen, read.words, may=read.may)
    return found.blocked.get((min(one, other), max(one, other)), 0)


def protected_among(accounts: Sequence[UUID]) -> frozenset[UUID]:
    """Which of these accounts some report, open to the officer or not, calls a victim's or possible minor's."""
    return frozenset(values(SQL["protected"], {"accounts": list(accounts)}))


def judgements(accounts: Sequence[UUID]) -> list[JudgementRow]:
    """What was said of these accounts, newest first, taken back or not, where the officer reads it."""
    return fetch(JudgementRow, SQL["judgements"], {"accounts": list(accounts), "most": HISTORY_MAX})


def changes(subject: UUID) -> list[ChangeRow]:
    """What became of a subject of which the officer sees or saw an account, newest first."""
    return fetch(ChangeRow, SQL["changes"], {"subject": subject, "most": HISTORY_MAX})


@dataclass(frozen=True, slots=True)
class _Read:
    """What the officer may read of some accounts, weighed."""

    seen: set[UUID]
    persons: Sequence[PersonRow]
    evidence: Sequence[EvidenceRow]
    weighing: Weighing
    words: tuple[tuple[UUID, UUID, str], ...]
    may: Callable[[Pair], bool]  # whether a link counts for this officer
    protected: dict[UUID, bool]
    more: bool


def _near(accounts: Sequence[UUID]) -> list[tuple[UUID, bool, UUID | None]]:
    """Accounts near these, whether they may stand together with one of them, and in which subject each stands."""
    return fetch(as_row, SQL["near"], {"accounts": list(accounts), "steps": COVERT_STEPS_MAX, "most": ACCOUNTS_MAX})


def _read(accounts: Collection[UUID], near: Sequence[tuple[UUID, bool, UUID | None]]) -> _Read:
    wanted = {"accounts": sorted(accounts), "most": ROWS_MAX}
    persons = fetch(PersonRow, SQL["persons"], wanted)
    seen = {one.account_id for one in persons}
    wanted["accounts"] = sorted(seen)
    evidence = fetch(EvidenceRow, SQL["evidence"], wanted) if seen else []
    protected = _protected(persons) | dict.fromkeys(values(SQL["protected"], wanted), True)
    weighing = weigh(arrays(_counted(evidence), protected))
    words = tuple(fetch(as_row, SQL["words"], wanted))
    may = _counting(evidence, fetch(as_row, SQL["links"], wanted), {one: subject for one, _, subject in near})
    more = len(evidence) >= ROWS_MAX or len(persons) >= ROWS_MAX
    return _Read(seen, persons, evidence, weighing, words, may, protected, more)


def _protected(persons: Sequence[PersonRow]) -> dict[UUID, bool]:
    found: defaultdict[UUID, bool] = defaultdict(bool)
    for one in persons:
        found[one.account_id] |= one.protected != ""
    return dict(found)


def _counted(evidence: Sequence[EvidenceRow]) -> list[Held]:
    """The evidence, and for each value so many nameless others that it is as common as it is for everybody."""
    rows = [
        Held(one.account_id, one.value_id, one.kind, one.first_at, one.last_at, one.flags, one.network)
        for one in evidence
    ]
    shown: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for one in evidence:
        if one.is_base:
            shown[one.value_id].add(one.account_id)
    like = {row.value_id: row for row in rows}
    counted = fetch(as_row, SQL["holders"], {"values": sorted(shown), "seek": HOLDERS_MAX + 1}) if shown else []
    for value_id, holders in counted:
        nobodies = (_nobody(value_id, place) for place in range(holders - len(shown[value_id])))
        rows += [like[value_id]._replace(account_id=nobody, is_own=False) for nobody in nobodies]
    return rows


def _nobody(value_id: UUID, place: int) -> UUID:
    """An id that no account has: there is no version 15."""
    return UUID(int=(value_id.int | 0xF << 76) ^ place)


def _counting(
    evidence: Sequence[EvidenceRow], links: Sequence[tuple[UUID, UUID, str]], subject: Mapping[UUID, UUID | None]
) -> Callable[[Pair], bool]:
    """Which links may hold two accounts together for this officer: those that do so for everybody, between two that stand
    together for everybody those to be looked at (by which groups are compared), and those that covert evidence makes for
    its members.
    """
    for_all = {(a, b): outcome for a, b, outcome in links}
    covert = {one.account_id for one in evidence if not one.is_base}

    def counts(pair: Pair) -> bool:
        outcome, (home, other) = for_all.get(pair), (subject.get(one) for one in pair)
        return (
            outcome == "same"
            or (outcome == "review" and home is not None and home == other)
            or not covert.isdisjoint(pair)
        )

    return counts

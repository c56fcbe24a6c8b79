"""From rows of the database to the arrays that the kernels take, and back to pairs of ids. No database here."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from abhaya.linking.nodes import minutes
from abhaya.linking.values import NUMBER_OF
from abhaya.linking.weights import OUTCOMES, RULE_VERSION, SAME

Pair = tuple[UUID, UUID]
Sides = tuple[tuple[UUID, ...], tuple[UUID, ...]]


class Held(NamedTuple):
    """One piece of evidence. `is_own`: of an account whose whole evidence is here; else it is here to be counted."""

    account_id: UUID
    value_id: UUID
    kind: str
    first_at: datetime
    last_at: datetime
    flags: int
    network: int
    is_own: bool = True


class Weighed(NamedTuple):
    """What two accounts share, weighed. `outcome`: related | review | same."""

    millibits: int
    outcome: str
    rule_version: int


def kernels() -> ModuleType:
    """Loaded when there is something to weigh: they cost half a second, and every start of every program would pay."""
    return import_module("abhaya.linking.kernels")


class Arrays(NamedTuple):
    """Evidence as the kernels take it, with whose and which positions those are."""

    accounts: list[UUID]
    values: list[UUID]
    rows: Sequence[tuple[int, ...]]
    protected: Any
    own: frozenset[UUID]

    def place(self, account: UUID) -> int | None:
        """Where an account stands; None where there is no evidence of it."""
        at = bisect_left(self.accounts, account)
        return at if at < len(self.accounts) and self.accounts[at] == account else None


class Weighing(NamedTuple):
    """Every pair of own accounts that share something, and the kernel's own answer (None: there was nothing to weigh)."""

    held: Arrays
    links: dict[Pair, Weighed]
    answer: Any


class Joined(NamedTuple):
    """Two groups that stand together by what they show in all, and by no single link."""

    one: tuple[UUID, ...]
    other: tuple[UUID, ...]
    millibits: int


class Grouped(NamedTuple):
    """Groups of two accounts or more, each in order; which of them came together as groups; and of links strong enough that
    hold nothing together, what stands against each (`kernels.groups`: AGAINST_WORD, …).
    """

    groups: list[list[UUID]]
    joined: list[Joined]
    blocked: dict[Pair, int]


def arrays(rows: Sequence[Held], protected: Mapping[UUID, bool]) -> Arrays:
    """Evidence, and accounts that there are with or without any (`protected`). Positions ascend with the ids: ties are
    broken by them.
    """
    accounts = sorted({row.account_id for row in rows}.union(protected))
    place = {account: position for position, account in enumerate(accounts)}
    values: dict[UUID, int] = {}
    table = [
        (place[row.account_id], values.setdefault(row.value_id, len(values)), NUMBER_OF[row.kind],
         minutes(row.first_at), minutes(row.last_at), row.flags, row.network)
        for row in rows
    ]  # fmt: skip
    shielded = np.array([protected.get(account, False) for account in accounts], np.bool_)
    return Arrays(accounts, list(values), table, shielded, frozenset(row.account_id for row in rows if row.is_own))


def weigh(held: Arrays) -> Weighing:
    """Every pair of accounts, both own, that shares something. The same numbers as over everything there is."""
    if len(held.own) < 2:
        return Weighing(held, {}, None)
    module = kernels()
    answer = module.weighed(module.Evidence.of(held.rows), held.protected)
    pairs = answer.pairs
    columns = (pairs.a.tolist(), pairs.b.tolist(), pairs.millibits.tolist(), pairs.outcome.tolist())
    links = {
        (held.accounts[a], held.accounts[b]): Weighed(millibits, OUTCOMES[outcome], RULE_VERSION)
        for a, b, millibits, outcome in zip(*columns, strict=True)
        if held.accounts[a] in held.own and held.accounts[b] in held.own
    }
    return Weighing(held, links, answer)


def explain(held: Arrays, one: UUID, other: UUID, sides: Sides | None = None) -> Any:
    """`explaining.Explanation` of two accounts, of which each has evidence or not; of the groups that they stand in, if given."""
    module, explaining = kernels(), import_module("abhaya.linking.explaining")
    accounts = sorted({*held.accounts, one, other})
    if accounts != held.accounts:  # one of whom nothing is known but that there is an account
        place = {account: position for position, account in enumerate(accounts)}
        shielded = np.zeros(len(accounts), np.bool_)
        shielded[[place[account] for account in held.accounts]] = held.protected
        rows = [(place[held.accounts[row[0]]], *row[1:]) for row in held.rows]
        held = Arrays(accounts, held.values, rows, shielded, held.own)
    a, b = bisect_left(accounts, one), bisect_left(accounts, other)
    placed = sides and tuple([bisect_left(accounts, account) for account in side] for side in sides)
    return explaining.explain(module.Evidence.of(held.rows), a, b, held.protected, sides=placed)


def strongest_chain(
    links: Iterable[tuple[UUID, UUID, int]], words: Iterable[tuple[UUID, UUID, str]], one: UUID, other: UUID
) -> list[tuple[UUID, UUID, int]] | None:
    """The widest way from one account to another, a step at a time; None where there is none."""
    explaining = import_module("abhaya.linking.explaining")
    every = [*links, *((a, b, explaining.JUDGED_MILLIBITS) for a, b, answer in words if answer == "same")]
    accounts = sorted({one, other, *(link[0] for link in every), *(link[1] for link in every)})
    place = {account: position for position, account in enumerate(accounts)}
    found = explaining.chain([(place[a], place[b], bits) for a, b, bits in every], place[one], place[other])
    return None if found is None else [(accounts[step.a], accounts[step.b], step.millibits) for step in found.steps]


def groups(
    weighing: Weighing,
    accounts: Iterable[UUID],
    words: Iterable[tuple[UUID, UUID, str]],
    *,
    may: Callable[[Pair], bool] | None = None,
) -> Grouped:
    """How these accounts stand together, by what was weighed and by words `same` or `different`. `may`: which links count."""
    held, answer = weighing.held, weighing.answer
    place = {account: position for position, account in enumerate(held.accounts)}
    there = np.zeros(len(held.accounts), np.bool_)
    there[[place[account] for account in accounts if account in place]] = True
    said: dict[str, list[tuple[int, int]]] = {"same": [], "different": []}
    for a, b, word in sorted(words):
        if a in place and b in place and there[place[a]] and there[place[b]]:
            said[word].append((place[a], place[b]))
    if answer is None and not said["same"]:
        return Grouped([], [], {})
    module = kernels()
    if answer is None:
        answer = module.weighed(module.Evidence.of(()), held.protected)
    pairs = answer.pairs
    counts = there[pairs.a] & there[pairs.b]
    if may is not None:
        for row in np.flatnonzero(counts).tolist():
            counts[row] = may((held.accounts[pairs.a[row]], held.accounts[pairs.b[row]]))
    found = module.hold_together(
        len(held.accounts), answer, counts=counts, protected=held.protected,
        same=np.array(said["same"], np.int32).reshape(-1, 2),
        different=np.array(said["different"], np.int32).reshape(-1, 2),
    )  # fmt: skip
    joined = [
        Joined(before[a], before[b], millibits)
        for step in found.steps
        for before in (_members(held.accounts, step.label),)
        for a, b, millibits in zip(step.a.tolist(), step.b.tolist(), step.millibits.tolist(), strict=True)
    ]
    every = _members(held.accounts, found.label).values()
    strong = np.flatnonzero(counts & (pairs.outcome == SAME))
    blocked = {
        (held.accounts[pairs.a[row]], held.accounts[pairs.b[row]]): int(verdict)
        for row, verdict in zip(strong.tolist(), found.groups.linked.tolist(), strict=True)
        if found.label[pairs.a[row]] != found.label[pairs.b[row]]
    }
    return Grouped([list(members) for members in every if len(members) > 1], joined, blocked)


def _members(accounts: Sequence[UUID], label: Any) -> dict[int, tuple[UUID, ...]]:
    found: defaultdict[int, list[UUID]] = defaultdict(list)
    for account, one in zip(accounts, label.tolist(), strict=True):
        found[one].append(account)
    return {one: tuple(members) for one, members in found.items()}

"""From rows of the database to the arrays that the kernels take, and back to pairs of ids. No database here."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from abhaya.linking.nodes import minutes
from abhaya.linking.values import NUMBER_OF
from abhaya.linking.weights import OUTCOMES, RULE_VERSION

Pair = tuple[UUID, UUID]


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


def arrays(rows: Sequence[Held], protected: Mapping[UUID, bool]) -> Arrays:
    """Positions ascend with the ids: ties are broken by them."""
    accounts = sorted({row.account_id for row in rows})
    place = {account: position for position, account in enumerate(accounts)}
    values: dict[UUID, int] = {}
    table = [
        (place[row.account_id], values.setdefault(row.value_id, len(values)), NUMBER_OF[row.kind],
         minutes(row.first_at), minutes(row.last_at), row.flags, row.network)
        for row in rows
    ]  # fmt: skip
    shielded = np.array([protected.get(account, False) for account in accounts], np.bool_)
    return Arrays(accounts, list(values), table, shielded, frozenset(row.account_id for row in rows if row.is_own))


def weigh(held: Arrays) -> dict[Pair, Weighed]:
    """Every pair of accounts, both own, that shares something. The same numbers as over everything there is."""
    if len(held.own) < 2:
        return {}
    module = kernels()
    pairs = module.pair_weights(module.Evidence.of(held.rows), held.protected)
    columns = (pairs.a.tolist(), pairs.b.tolist(), pairs.millibits.tolist(), pairs.outcome.tolist())
    return {
        (held.accounts[a], held.accounts[b]): Weighed(millibits, OUTCOMES[outcome], RULE_VERSION)
        for a, b, millibits, outcome in zip(*columns, strict=True)
        if held.accounts[a] in held.own and held.accounts[b] in held.own
    }


def explain(held: Arrays, one: UUID, other: UUID) -> Any:
    """`explaining.Explanation` of two accounts, of which each has evidence or not."""
    module, explaining = kernels(), import_module("abhaya.linking.explaining")
    accounts = sorted({*held.accounts, one, other})
    if accounts != held.accounts:  # one of whom nothing is known but that there is an account
        place = {account: position for position, account in enumerate(accounts)}
        shielded = np.zeros(len(accounts), np.bool_)
        shielded[[place[account] for account in held.accounts]] = held.protected
        rows = [(place[held.accounts[row[0]]], *row[1:]) for row in held.rows]
        held = Arrays(accounts, held.values, rows, shielded, held.own)
    a, b = sorted((bisect_left(accounts, one), bisect_left(accounts, other)))
    return explaining.explain(module.Evidence.of(held.rows), a, b, held.protected)


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
    accounts: Iterable[UUID],
    links: Iterable[tuple[UUID, UUID, int]],
    words: Iterable[tuple[UUID, UUID, str]],
    protected: Mapping[UUID, bool],
) -> list[list[UUID]]:
    """Groups of two accounts or more, each in order. Links of outcome `same`; words `same` or `different`."""
    listed = sorted(accounts)
    place = {account: position for position, account in enumerate(listed)}
    links = [link for link in links if link[0] in place and link[1] in place]
    said: dict[str, list[tuple[int, int]]] = {"same": [], "different": []}
    for a, b, answer in sorted(words):
        if a in place and b in place:
            said[answer].append((place[a], place[b]))
    if not links and not said["same"]:
        return []
    found = kernels().partition(
        len(listed),
        np.array([place[a] for a, _, _ in links], np.int32),
        np.array([place[b] for _, b, _ in links], np.int32),
        np.array([millibits for _, _, millibits in links], np.int32),
        same=np.array(said["same"], np.int32).reshape(-1, 2),
        different=np.array(said["different"], np.int32).reshape(-1, 2),
        protected=np.array([protected.get(account, False) for account in listed], np.bool_),
    )
    together: dict[int, list[UUID]] = {}
    for account, label in zip(listed, found.label.tolist(), strict=True):
        together.setdefault(label, []).append(account)
    return [members for members in together.values() if len(members) > 1]

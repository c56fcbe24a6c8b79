"""From weighted links and people's words to groups of accounts: the strongest link first, never across a constraint.

What is kept, in this order: *different* said by a person (between two accounts, and so between the groups that hold them); a
protected account (a victim or possible minor in any report, also where another report calls it reported) never with one
that is not; *same* said by a person, in the order given; then links, the heaviest first, ties by the accounts' positions.
Each step looks at nothing outside the component that it joins, so a part computed alone equals the whole.

Then again, with each group weighed as one account that shows what any of its accounts shows, until nothing more comes
together: a telephone between two of their accounts and a payee between two others say together what neither says alone.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from abhaya.linking.kernels import groups_compiled as steps
from abhaya.linking.kernels.pairs import Integers, Pairs, Weighed, renumbered, united, weigh_held
from abhaya.linking.kernels.pairs_compiled import by_number
from abhaya.linking.weights import PARAMETERS, REVIEW, SAME, Parameters

TAKEN, AGAINST_WORD, AGAINST_PROTECTION, WEAK_BRIDGE = range(4)
"""What became of a judgement or link: its accounts are in one group, or why it joined nothing."""


class Groups(NamedTuple):
    """`label`: per account the first account of its group. `said`: per judgement *same*, `linked`: per link, in the order given,
    one of `TAKEN`, `AGAINST_WORD`, `AGAINST_PROTECTION`, `WEAK_BRIDGE`.
    """

    label: Integers  # int32
    said: Integers  # int8
    linked: Integers  # int8


class United(NamedTuple):
    """A later step: groups as they were before it (`label`), and the pairs of labels that it brought together."""

    label: Integers  # int32
    a: Integers  # int32
    b: Integers  # int32
    millibits: Integers  # int32


class Together(NamedTuple):
    """`groups` of the first step by single links, `label` after all steps, and what the later ones did, in order."""

    groups: Groups
    label: Integers  # int32
    steps: tuple[United, ...]


def hold_together(
    accounts: int,
    weighed: Weighed,
    *,
    counts: Integers | None = None,
    same: Integers | None = None,
    different: Integers | None = None,
    protected: Integers | None = None,
    parameters: Parameters = PARAMETERS,
) -> Together:
    """Groups by what was weighed. `counts`: which rows of its pairs may hold accounts together, all where it is not given. Two
    groups are compared where a link of outcome `REVIEW` at least goes from one to the other.
    """
    pairs = weighed.pairs
    may = np.ones(len(pairs.a), np.bool_) if counts is None else np.asarray(counts, np.bool_)
    shielded = np.zeros(accounts, np.bool_) if protected is None else np.ascontiguousarray(protected, np.bool_)
    rows = np.flatnonzero(may & (pairs.outcome == SAME))
    first = partition(
        accounts, pairs.a[rows], pairs.b[rows], pairs.millibits[rows], same=same, different=different,
        protected=shielded, parameters=parameters,
    )  # fmt: skip
    rows = np.flatnonzero(may & (pairs.outcome >= REVIEW) & (first.label[pairs.a] != first.label[pairs.b]))
    if not len(rows):
        return Together(first, first.label, ())
    return _by_groups(weighed, first, pairs.a[rows], pairs.b[rows], shielded, _pairs(different), parameters)


def _by_groups(
    weighed: Weighed, first: Groups, a: Any, b: Any, protected: Any, different: Any, parameters: Parameters
) -> Together:
    """The later steps. `a`, `b`: links from one group to another. Groups that they concern are numbered anew: few of many."""
    label = first.label
    one, other = label[a], label[b]
    concerned = np.zeros(len(label), np.bool_)
    concerned[one] = concerned[other] = True
    ids = np.flatnonzero(concerned).astype(np.int32)
    place = np.zeros(len(label), np.int32)
    place[ids] = np.arange(len(ids), dtype=np.int32)
    own, one, other = np.arange(len(ids), dtype=np.int32), place[one], place[other]
    held = renumbered(united(weighed.held, label, concerned), place)
    alone = size = np.bincount(label, minlength=len(label))[ids]
    protected, apart = protected[ids], label[different]
    apart = place[apart[concerned[apart].all(axis=1)]]
    done: list[United] = []
    while (found := _between(held, own, size, one, other, protected, parameters)) is not None:
        joined = partition(
            len(ids), found.a, found.b, found.millibits, different=own[apart], protected=protected,
            parameters=parameters,
        )  # fmt: skip
        taken = joined.linked == TAKEN
        if not taken.any():
            break
        done.append(United(label, ids[found.a[taken]], ids[found.b[taken]], found.millibits[taken]))
        own = joined.label[own]
        label = np.where(concerned[first.label], ids[own[place[first.label]]], first.label)
        size = np.bincount(own, weights=alone, minlength=len(ids))
    return Together(first, label, tuple(done))


def _between(
    held: Any, label: Any, size: Any, a: Any, b: Any, protected: Any, parameters: Parameters
) -> Pairs | None:  # fmt: skip
    """Pairs of groups, one of them of two accounts at least, that are one by all they show. `a`, `b`: links to be followed."""
    one, other = np.minimum(label[a], label[b]), np.maximum(label[a], label[b])
    asked = (one != other) & ((size[one] > 1) | (size[other] > 1))
    if not asked.any():
        return None
    one, other = one[asked], other[asked]
    compared = np.zeros(len(label), np.bool_)
    compared[one] = compared[other] = True
    found = weigh_held(united(held, label, compared), len(label), protected, parameters)
    linked = np.isin(_keys(found.a, found.b), _keys(one, other)) & (found.outcome == SAME)
    return Pairs(*(column[linked] for column in found)) if linked.any() else None


def _keys(a: Any, b: Any) -> Any:
    return (a.astype(np.int64) << 32) | b


def partition(
    accounts: int,
    a: Integers,
    b: Integers,
    millibits: Integers,
    *,
    same: Integers | None = None,
    different: Integers | None = None,
    protected: Integers | None = None,
    parameters: Parameters = PARAMETERS,
) -> Groups:
    """Groups of `accounts` accounts by the links of outcome `SAME` (a, b, millibits: columns; no other outcomes).

    `same`, `different`: people's words in force, one pair of positions a row. Of two that contradict each other *different*
    stands; of words *same* that cannot all stand, the earlier in the order given.
    """
    order, a, b, millibits = _heaviest_first(a, b, millibits)
    one = _pairs(same)
    other = _pairs(different)
    shielded = np.zeros(accounts, np.bool_) if protected is None else np.ascontiguousarray(protected, np.bool_)
    near, neighbours = _neighbours(accounts, a, b, millibits, parameters)
    label, said, linked = steps.kruskal(
        accounts, a, b, millibits, one, other, shielded, near, neighbours, parameters.bridge_millibits,
        parameters.bridge_group_min,
    )  # fmt: skip
    back = np.empty_like(linked)
    back[order] = linked
    return Groups(label, said, back)


def _heaviest_first(a: Any, b: Any, millibits: Any) -> tuple[Any, Any, Any, Any]:
    """Links by weight, then by positions, a < b."""
    a, b = np.ascontiguousarray(a, np.int32), np.ascontiguousarray(b, np.int32)
    millibits = np.ascontiguousarray(millibits, np.int32)
    if not len(a):
        return np.zeros(0, np.int32), a, b, millibits
    low, high = np.minimum(a, b), np.maximum(a, b)
    before = (low[1:] > low[:-1]) | ((low[1:] == low[:-1]) & (high[1:] >= high[:-1]))
    first = np.arange(len(a), dtype=np.int32) if before.all() else np.lexsort((high, low)).astype(np.int32)
    heaviest = int(millibits.max())
    _, second = by_number(heaviest - millibits[first], heaviest - int(millibits.min()) + 1)
    order = first[second]
    return order, low[order], high[order], millibits[order]


def _neighbours(accounts: int, a: Any, b: Any, millibits: Any, parameters: Parameters) -> tuple[Any, Any]:
    """Who is linked with whom; empty where no link is so weak that the guard against bridges could ask."""
    if not len(a) or int(millibits[-1]) >= parameters.bridge_millibits:
        return np.zeros(accounts + 1, np.int64), np.zeros(0, np.int32)
    start, rows = by_number(np.concatenate((a, b)), accounts)
    return start, np.concatenate((b, a))[rows]


def _pairs(words: Any) -> Any:
    return np.zeros((0, 2), np.int32) if words is None else np.ascontiguousarray(words, np.int32).reshape(-1, 2)

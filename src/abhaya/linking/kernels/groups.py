"""From weighted links and people's words to groups of accounts: the strongest link first, never across a constraint.

What is kept, in this order: *different* said by a person (between two accounts, and so between the groups that hold them); a
protected account (a victim or possible minor in any report, also where another report calls it reported) never with one
that is not; *same* said by a person, in the order given; then links, the heaviest first, ties by the accounts' positions.
Each step looks at nothing outside the component that it joins, so a part computed alone equals the whole.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from abhaya.linking.kernels import groups_compiled as steps
from abhaya.linking.kernels.pairs import Integers
from abhaya.linking.kernels.pairs_compiled import by_number
from abhaya.linking.weights import PARAMETERS, Parameters

TAKEN, AGAINST_WORD, AGAINST_PROTECTION, WEAK_BRIDGE = range(4)
"""What became of a judgement or link: its accounts are in one group, or why it joined nothing."""


class Groups(NamedTuple):
    """`label`: per account the first account of its group. `said`: per judgement *same*, `linked`: per link, in the order given,
    one of `TAKEN`, `AGAINST_WORD`, `AGAINST_PROTECTION`, `WEAK_BRIDGE`.
    """

    label: Integers  # int32
    said: Integers  # int8
    linked: Integers  # int8


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

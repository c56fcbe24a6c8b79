"""Who connects groups: memberships as arrays in, weights, cores and ranks out. (numpy, numba)

A group of k members binds each pair by 1/(k-1) (Newman 2001), so that a huge group binds nobody; above a size it is left
out altogether. Rankings are shown with the range they take when memberships are dropped at random: what one night's missing
report would change is no finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abhaya.matching.kernels.compiled import compiled

GROUP_MEMBERS_MAX = 500  # a larger group binds nobody to anybody
ROUNDS = 50
DROPPED_SHARE = 0.10
SEED = 20260312
RANK_LOW, RANK_HIGH = 5, 95  # percentiles of a rank over the rounds

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Network:
    """Per person (0..n-1): bound weight, core, component; bridges with the range of their rank."""

    strength: Floats  # sum of 1/(k-1) over the persons shared groups bind them to
    core: Ints
    component: Ints
    bridges: Floats  # pairs of groups this person joins, each shared among all who join it
    rank_low: Ints
    rank_high: Ints


def network(person: Ints, group: Ints, persons: int, groups: int) -> Network:
    """`person[i]` acted in `group[i]`; pairs are distinct."""
    kept = _within(group, groups)
    low, high = ranks(person, group, persons, groups)
    left, right, weight = project(person[kept], group[kept], groups)
    strength = _summed(left, weight, persons) + _summed(right, weight, persons)
    return Network(
        strength, cores(left, right, persons), components(person, group, persons, groups),
        bridges(person, group, persons, groups), low, high,
    )  # fmt: skip


def project(person: Ints, group: Ints, groups: int) -> tuple[Ints, Ints, Floats]:
    """Each pair of persons that share a group once, with the sum of 1/(k-1) over the groups they share."""
    left, right, _shared, weight = overlaps(group, person, groups)
    return left, right, weight


def overlaps(person: Ints, group: Ints, persons: int) -> tuple[Ints, Ints, Ints, Floats]:
    """Each pair of groups that share persons once: how many, and the sum of 1/(k-1) over them, k the groups each is in."""
    order = np.argsort(person, kind="stable")
    starts = np.searchsorted(person[order], np.arange(persons + 1))
    left, right, weight = _pairs(group[order].astype(np.int64), starts.astype(np.int64))
    if not len(left):
        return left, right, np.empty(0, np.int64), weight
    key = left * (int(group.max()) + 1) + right
    _unique, first, inverse, shared = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    return left[first], right[first], shared.astype(np.int64), _summed(inverse, weight, len(first))


@compiled()
def _pairs(person: Any, starts: Any) -> Any:
    total = 0
    for group in range(len(starts) - 1):
        size = starts[group + 1] - starts[group]
        total += size * (size - 1) // 2
    left, right, weight = np.empty(total, np.int64), np.empty(total, np.int64), np.empty(total, np.float64)
    at = 0
    for group in range(len(starts) - 1):
        begin, end = starts[group], starts[group + 1]
        for one in range(begin, end):
            for two in range(one + 1, end):
                left[at] = min(person[one], person[two])
                right[at] = max(person[one], person[two])
                weight[at] = 1.0 / (end - begin - 1)
                at += 1
    return left, right, weight


def cores(left: Ints, right: Ints, persons: int) -> Ints:
    """The k-core of each person: the largest k such that they keep k partners who each keep k (Batagelj, Zaveršnik 2003)."""
    both = np.concatenate((left, right))
    order = np.argsort(both, kind="stable")
    starts = np.searchsorted(both[order], np.arange(persons + 1)).astype(np.int64)
    partners = np.concatenate((right, left))[order].astype(np.int64)
    return np.asarray(_cores(starts, partners), np.int64)


@compiled()
def _cores(starts: Any, partners: Any) -> Any:
    count = len(starts) - 1
    degree = starts[1:] - starts[:-1]
    most = 0
    for person in range(count):
        most = max(most, degree[person])
    begin = np.zeros(most + 2, np.int64)
    for person in range(count):
        begin[degree[person] + 1] += 1
    for step in range(1, most + 2):
        begin[step] += begin[step - 1]
    place, queue, free = np.empty(count, np.int64), np.empty(count, np.int64), begin.copy()
    for person in range(count):
        place[person] = free[degree[person]]
        queue[place[person]] = person
        free[degree[person]] += 1
    for step in range(count):
        person = queue[step]
        for at in range(starts[person], starts[person + 1]):
            other = partners[at]
            if degree[other] > degree[person]:
                head = max(begin[degree[other]], step + 1)
                ahead = queue[head]
                queue[place[other]], queue[head] = ahead, other
                place[ahead], place[other] = place[other], head
                begin[degree[other]] = head + 1
                degree[other] -= 1
    return degree


def components(person: Ints, group: Ints, persons: int, groups: int) -> Ints:
    """The smallest person of each person's component: joined through any chain of groups within the size."""
    kept = _within(group, groups)
    return np.asarray(_components(person[kept], group[kept], persons, groups), np.int64)


@compiled()
def _components(person: Any, group: Any, persons: int, groups: int) -> Any:
    root = np.arange(persons + groups)
    for at in range(len(person)):
        one, two = person[at], persons + group[at]
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        while root[two] != two:
            root[two] = root[root[two]]
            two = root[two]
        if one < two:
            root[two] = one
        elif two < one:
            root[one] = two
    found = np.empty(persons, np.int64)
    for at in range(persons):
        one = at
        while root[one] != one:
            one = root[one]
        found[at] = one
    return found


def bridges(person: Ints, group: Ints, persons: int, groups: int) -> Floats:
    """How many pairs of groups a person joins, each pair shared equally among all who join it: who alone joins two groups
    counts 1 for them, one of ten a tenth. Groups of any size: a pair of groups is joined by few.
    """
    order = np.argsort(person, kind="stable")
    starts = np.searchsorted(person[order], np.arange(persons + 1))
    one, two, _ = _pairs(group[order].astype(np.int64), starts.astype(np.int64))
    if not len(one):
        return np.zeros(persons)
    sizes = np.diff(starts)
    who = np.repeat(np.arange(persons), sizes * (sizes - 1) // 2)
    _unique, inverse, joined_by = np.unique(one * groups + two, return_inverse=True, return_counts=True)
    return _summed(who, 1.0 / joined_by[inverse], persons)


def ranks(
    person: Ints, group: Ints, persons: int, groups: int, *, rounds: int = ROUNDS, seed: int = SEED
) -> tuple[Ints, Ints]:
    """The range of each person's rank by `bridges` when a tenth of all memberships is dropped at random, round by round."""
    random = np.random.default_rng(seed)
    found = np.empty((rounds, persons), np.int64)
    for round_ in range(rounds):
        kept = random.random(len(person)) >= DROPPED_SHARE
        found[round_] = rank(bridges(person[kept], group[kept], persons, groups))
    low, high = (
        np.percentile(found, (RANK_LOW, RANK_HIGH), axis=0, method="nearest") if persons else (found[0], found[0])
    )
    return low.astype(np.int64), high.astype(np.int64)


def rank(values: Floats) -> Ints:
    """1 for the highest; equal values share the better rank."""
    ordered = np.sort(-values)
    return np.searchsorted(ordered, -values).astype(np.int64) + 1


def _summed(place: Ints, weight: Floats, count: int) -> Floats:
    return np.bincount(place, weight, count).astype(np.float64)


def _within(group: Ints, groups: int) -> NDArray[np.bool_]:
    """Which memberships are of groups that are not too large to bind anybody."""
    kept: NDArray[np.bool_] = (np.bincount(group, minlength=groups) <= GROUP_MEMBERS_MAX)[group]
    return kept

"""The steps of `groups` as machine code; without numba the same functions run as they stand, slower."""

from __future__ import annotations

from typing import Any

import numpy as np

from abhaya.matching.kernels.compiled import compiled

BRIDGES_MIN = 2  # accounts on each side that weak links between two large groups must touch


@compiled()
def root(parent: Any, one: Any) -> Any:
    """The representative of a group, its path shortened on the way."""
    while parent[one] != one:
        parent[one] = parent[parent[one]]
        one = parent[one]
    return one


@compiled()
def kruskal(
    accounts: int, a: Any, b: Any, millibits: Any, same: Any, different: Any, protected: Any, near: Any, neighbours: Any,
    bridge: int, large: int,
) -> Any:  # fmt: skip
    """(label, what became of each word *same*, of each link), links given heaviest first."""
    parent = np.arange(accounts, dtype=np.int32)
    size = np.ones(accounts, dtype=np.int32)
    ring = np.arange(accounts, dtype=np.int32)  # the members of a group, one after the other in a circle
    words = _words(accounts, different)
    said = np.zeros(len(same), dtype=np.int8)
    linked = np.zeros(len(a), dtype=np.int8)
    for word in range(len(same)):
        left, right = root(parent, same[word, 0]), root(parent, same[word, 1])
        if left != right:
            said[word] = _verdict(left, right, parent, protected, words, different)
            if said[word] == 0:
                _join(left, right, parent, size, ring, words)
    for link in range(len(a)):
        left, right = root(parent, a[link]), root(parent, b[link])
        if left == right:
            continue
        linked[link] = _verdict(left, right, parent, protected, words, different)
        if linked[link] == 0 and millibits[link] < bridge and min(size[left], size[right]) >= large:
            linked[link] = 0 if _touch(left, right, size, parent, ring, near, neighbours) else 3
        if linked[link] == 0:
            _join(left, right, parent, size, ring, words)
    _settle(parent, same[:, 0], same[:, 1], said)
    _settle(parent, a, b, linked)
    return _labels(parent), said, linked


@compiled()
def _words(accounts: int, different: Any) -> Any:
    """The words "different" that touch each group, as chains of ends (2w for one account of word w, 2w + 1 for the other):
    first and last end, and how many, per group; the next end, per end.
    """
    head = np.full(accounts, -1, dtype=np.int32)
    tail = np.full(accounts, -1, dtype=np.int32)
    length = np.zeros(accounts, dtype=np.int32)
    later = np.full(2 * len(different), -1, dtype=np.int32)
    for end in range(2 * len(different)):
        one = different[end // 2, end % 2]
        later[end] = head[one]
        if head[one] == -1:
            tail[one] = end
        head[one] = end
        length[one] += 1
    return head, tail, length, later


@compiled()
def _verdict(left: Any, right: Any, parent: Any, protected: Any, words: Any, different: Any) -> int:
    """What keeps two groups apart: 2 protection, 1 a word "different" between them, 0 nothing. The shorter chain is walked."""
    if protected[left] != protected[right]:
        return 2
    head, _, length, later = words
    if length[left] > length[right]:
        left, right = right, left
    end = head[left]
    while end != -1:
        if root(parent, different[end // 2, 1 - end % 2]) == right:
            return 1
        end = later[end]
    return 0


@compiled()
def _join(left: Any, right: Any, parent: Any, size: Any, ring: Any, words: Any) -> None:
    head, tail, length, later = words
    if size[left] < size[right]:
        left, right = right, left
    parent[right] = left
    size[left] += size[right]
    ring[left], ring[right] = ring[right], ring[left]
    if head[right] == -1:
        return
    if head[left] == -1:
        head[left] = head[right]
    else:
        later[tail[left]] = head[right]
    tail[left] = tail[right]
    length[left] += length[right]


@compiled()
def _touch(left: Any, right: Any, size: Any, parent: Any, ring: Any, near: Any, neighbours: Any) -> bool:
    """Whether links between two groups touch two accounts of each: one account of one side is a bridge."""
    if size[left] > size[right]:
        left, right = right, left
    mine, theirs, first = 0, 0, -1
    one = left
    while True:
        touched = False
        for place in range(near[one], near[one + 1]):
            other = neighbours[place]
            if root(parent, other) == right:
                touched = True
                if first == -1:
                    first, theirs = other, 1
                elif other != first:
                    theirs = 2
        if touched:
            mine += 1
        if mine >= BRIDGES_MIN and theirs >= BRIDGES_MIN:
            return True
        one = ring[one]
        if one == left:
            return False


@compiled()
def _settle(parent: Any, a: Any, b: Any, verdicts: Any) -> None:
    """What was refused and came together all the same, by another way, was not refused."""
    for row in range(len(a)):
        if verdicts[row] and root(parent, a[row]) == root(parent, b[row]):
            verdicts[row] = 0


@compiled()
def _labels(parent: Any) -> Any:
    """Each account's group by its first account."""
    accounts = len(parent)
    least = np.full(accounts, accounts, dtype=np.int32)
    for one in range(accounts):
        top = root(parent, np.int32(one))
        least[top] = min(least[top], one)
    label = np.empty(accounts, dtype=np.int32)
    for one in range(accounts):
        label[one] = least[root(parent, np.int32(one))]
    return label

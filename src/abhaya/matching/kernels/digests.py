"""Exact look-up of digests (16, 20 or 32 bytes) in a sorted array with a fan-out table, as git's pack index has it: the
first bits of a key name the few rows among which it lies. Nothing is approximate: the whole key is compared.

A key is a row of 64-bit words, most significant first; SHA-1's third word ends in four zero bytes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from abhaya.matching.kernels.compiled import IS_COMPILED

if IS_COMPILED:
    from abhaya.matching.kernels import digests_compiled as machine

Keys = npt.NDArray[np.uint64]  # shape (n, words)
Integers = npt.NDArray[np.int64]

KEYS_A_BUCKET = 4
FAN_BITS_MIN, FAN_BITS_MAX = 1, 30
NOT_FOUND = -1


def keys_of(digests: bytes, width_bytes: int) -> Keys:
    """Digests of one width, one after the other."""
    words = -(-width_bytes // 8)
    rows = np.zeros((len(digests) // width_bytes, words * 8), np.uint8)
    rows[:, :width_bytes] = np.frombuffer(digests, np.uint8).reshape(-1, width_bytes)
    return rows.view(">u8").astype(np.uint64)


def fan_bits(count: int) -> int:
    """How many of a key's first bits name its bucket, for so many keys."""
    return min(FAN_BITS_MAX, max(FAN_BITS_MIN, (count // KEYS_A_BUCKET).bit_length()))


def fan_out(keys: Keys, bits: int) -> npt.NDArray[np.uint32]:
    """For each value of the first bits the row where its keys begin, and one end. The keys are sorted."""
    table = np.zeros((1 << bits) + 1, np.uint32)
    counts = np.bincount((keys[:, 0] >> np.uint64(64 - bits)).astype(np.int64), minlength=1 << bits)
    np.cumsum(counts, out=table[1:])
    return table


def lookup(keys: Keys, fan: npt.NDArray[np.uint32], wanted: Keys) -> Integers:
    """The row of each wanted key, or NOT_FOUND. No two keys are equal."""
    shift = 64 - (len(fan) - 1).bit_length() + 1
    if not IS_COMPILED:
        return lookup_plainly(keys, fan, wanted)
    rows = np.empty(len(wanted), np.int64)
    machine.lookup(keys, fan, shift, wanted, rows)
    return rows


def lookup_plainly(keys: Keys, fan: npt.NDArray[np.uint32], wanted: Keys) -> Integers:
    """As `lookup`, in numpy: all wanted keys step through their buckets together."""
    bucket = (wanted[:, 0] >> np.uint64(64 - (len(fan) - 1).bit_length() + 1)).astype(np.int64)
    begin = np.minimum(fan[bucket], len(keys)).astype(np.int64)
    end = np.minimum(fan[bucket + 1], len(keys)).astype(np.int64)
    while len(narrow := np.flatnonzero(begin < end)):  # the first row that is not below
        middle = (begin[narrow] + end[narrow]) >> 1
        below = _is_below(keys[middle], wanted[narrow])
        begin[narrow] = np.where(below, middle + 1, begin[narrow])
        end[narrow] = np.where(below, end[narrow], middle)
    there = np.flatnonzero(begin < len(keys))
    rows = np.full(len(wanted), NOT_FOUND, np.int64)
    equal = (keys[begin[there]] == wanted[there]).all(axis=1)
    rows[there[equal]] = begin[there[equal]]
    return rows


def _is_below(left: Keys, right: Keys) -> npt.NDArray[np.bool_]:
    below = np.zeros(len(left), np.bool_)
    for word in reversed(range(left.shape[1])):
        below = (left[:, word] < right[:, word]) | ((left[:, word] == right[:, word]) & below)
    return below


def _by_first_word(keys: Keys, ids: Integers) -> tuple[Keys, Integers]:
    """Copies, in the order of the first word."""
    if not IS_COMPILED:
        order = np.argsort(keys[:, 0])
        return keys[order], ids[order]
    made = np.empty_like(keys), np.empty_like(ids)
    lower = min(machine.SORT_LOWER_BITS_MAX, max(1, (len(keys) >> machine.SORT_UPPER_BITS).bit_length()))
    machine.by_first_word(keys, ids, lower, *made)
    return made


def collapsed(keys: Keys, ids: Integers) -> tuple[Keys, Integers, npt.NDArray[np.uint32] | None]:
    """Sorts keys, each once; the ids in their order; and where each key's ids begin (one end more), or None where every
    key has one id. A pair given twice is kept once.
    """
    keys, ids = _by_first_word(keys, ids)
    first = keys[:, 0]
    tied = np.zeros(len(keys), np.bool_)
    tied[1:] = first[1:] == first[:-1]
    tied[:-1] |= tied[1:]
    among = np.flatnonzero(tied)  # few but for copies: only those are compared whole
    rows = among[np.lexsort((ids[among], *(keys[among, word] for word in reversed(range(keys.shape[1])))))]
    keys[among], ids[among] = keys[rows], ids[rows]
    fresh = np.ones(len(keys), np.bool_)
    later = among[among > 0]
    fresh[later] = (keys[later] != keys[later - 1]).any(axis=1)
    kept = fresh.copy()
    kept[1:] |= ids[1:] != ids[:-1]
    if not kept.all():
        keys, ids, fresh = keys[kept], ids[kept], fresh[kept]
    if fresh.all():
        return keys, ids, None
    begins = np.flatnonzero(fresh)
    return keys[begins], ids, np.append(begins, len(ids)).astype(np.uint32)

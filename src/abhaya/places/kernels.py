"""Look-up of addresses in ranges, arrays in and arrays out.

An address of either family is a row of two `uint64` (high, low) holding its 128 bits; IPv4 stands in ::ffff:0:0/96
(RFC 4291 §2.5.5.2). As sortable keys the 16 bytes lie in network order in a numpy `S16`, which compares like the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Pairs = npt.NDArray[np.uint64]  # shape (n, 2): high and low half
Keys = npt.NDArray[np.bytes_]  # S16
Edges = npt.NDArray[Any]  # uint32 or keys: what can be compared
Integers = npt.NDArray[np.int64]

ADDRESS_BITS = 128
HALF_BITS = 64
NOT_FOUND = -1
ALWAYS_FROM = np.iinfo(np.int64).min
ALWAYS_TO = np.iinfo(np.int64).max


def pairs_of(numbers: list[int]) -> Pairs:
    """128-bit integers as pairs."""
    mask = (1 << HALF_BITS) - 1
    made = np.empty((len(numbers), 2), dtype=np.uint64)
    for row, number in enumerate(numbers):
        made[row, 0], made[row, 1] = number >> HALF_BITS, number & mask
    return made


def keys_of(pairs: Pairs) -> Keys:
    """Pairs as sortable 16-byte keys."""
    return np.ascontiguousarray(pairs, dtype=">u8").view("S16").reshape(-1)


def in_ranges(first: Edges, last: Edges, wanted: Edges) -> Integers:
    """For each wanted value the row of the range that holds it, or NOT_FOUND.

    `first` is sorted, the ranges are inclusive and do not overlap. Works on `uint32` (IPv4) and on keys alike.
    """
    if not len(first) or not len(wanted):
        return np.full(len(wanted), NOT_FOUND, dtype=np.int64)
    row = np.searchsorted(first, wanted, side="right").astype(np.int64) - 1
    inside = (row >= 0) & (wanted <= last[np.maximum(row, 0)])
    return np.where(inside, row, NOT_FOUND)


def masked(pairs: Pairs, prefix_bits: int) -> Pairs:
    """The network of each address at a prefix length of 0 to 128 bits."""
    high = min(prefix_bits, HALF_BITS)
    low = max(prefix_bits - HALF_BITS, 0)
    return pairs & np.array([_ones(high), _ones(low)], dtype=np.uint64)


def _ones(bits: int) -> int:
    return ((1 << bits) - 1) << (HALF_BITS - bits)


@dataclass(frozen=True, slots=True)
class PrefixTable:
    """Networks that may contain each other and may hold for a time only, ready for look-up by `most_specific`.

    Rows of one prefix length lie together, sorted by key; rows of one key lie newest first.
    """

    lengths: tuple[int, ...]  # longest first
    keys: tuple[Keys, ...]  # per length: the networks, sorted, each once
    starts: tuple[Integers, ...]  # per length: where a network's rows begin in `rows`; one more entry than keys
    rows: Integers  # the caller's row numbers
    valid_from: Integers  # per entry of `rows`; a point in time in the caller's unit, inclusive
    valid_to: Integers  # exclusive


def prefix_table(
    networks: Pairs, lengths: Integers, rows: Integers, valid_from: Integers, valid_to: Integers
) -> PrefixTable:
    """Builds the table. Of two rows for one network the higher row number is the newer and is asked first."""
    keys = keys_of(networks)
    order = np.lexsort((-rows, keys, -lengths))
    keys, lengths = keys[order], lengths[order]
    found_lengths: list[int] = []
    found_keys: list[Keys] = []
    found_starts: list[Integers] = []
    for length in sorted({int(one) for one in lengths}, reverse=True):
        inside = np.flatnonzero(lengths == length)
        unique, starts = np.unique(keys[inside], return_index=True)
        found_lengths.append(length)
        found_keys.append(unique)
        found_starts.append(np.append(starts, len(inside)).astype(np.int64) + int(inside[0]))
    return PrefixTable(
        lengths=tuple(found_lengths),
        keys=tuple(found_keys),
        starts=tuple(found_starts),
        rows=rows[order],
        valid_from=valid_from[order],
        valid_to=valid_to[order],
    )


def most_specific(table: PrefixTable, addresses: Pairs, instants: Integers) -> Integers:
    """For each address the row of the smallest network that holds it and is valid at its instant, or NOT_FOUND."""
    answer = np.full(len(addresses), NOT_FOUND, dtype=np.int64)
    waiting = np.arange(len(addresses), dtype=np.int64)
    for length, keys, starts in zip(table.lengths, table.keys, table.starts, strict=True):
        if not len(waiting):
            break
        wanted = keys_of(masked(addresses[waiting], length))
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        hit = np.flatnonzero(keys[place] == wanted)
        entry, end = starts[place[hit]], starts[place[hit] + 1]
        while len(hit):
            at = instants[waiting[hit]]
            valid = (table.valid_from[entry] <= at) & (at < table.valid_to[entry])
            answer[waiting[hit[valid]]] = table.rows[entry[valid]]
            entry += 1
            further = ~valid & (entry < end)
            hit, entry, end = hit[further], entry[further], end[further]
        waiting = waiting[answer[waiting] == NOT_FOUND]
    return answer

"""Two sets of hashes held against each other, whole: on this machine's processors, or on its graphics processor.

A worker of Spark calls the same for its share (`matching.spark`). The answer is that of `Index.search` over the same
entries, wherever it was found: all pairs within the radius, sorted, each pair of ids once at its nearest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from types import ModuleType

import numpy as np

from abhaya.errors import OperatorError
from abhaya.matching.delta import Integers
from abhaya.matching.index import Answer, Flood, answered
from abhaya.matching.kernels import hamming
from abhaya.matching.kernels.bits import WORDS, Codes
from abhaya.matching.kernels.compiled import IS_COMPILED
from abhaya.matching.kernels.digests import collapsed
from abhaya.matching.kernels.hamming_plain import Found
from abhaya.matching.nearness import RADIUS_BUILT_FOR
from abhaya.matching.plan import SCAN_ROW_NS, cost_ns, parts_for, probes_for
from abhaya.matching.store import IDS_OF_ONE_KEY_MAX, expanded

CODES_A_TURN = 200_000  # of queries: what one turn finds stands in memory
DEVICE_START_NS = 4e9  # a device's context, and its kernels compiled
DEVICE_BYTES_A_NS = 6.0  # over the bus
BYTES_A_PART = 6  # of one hash: its signature and its row number
NO_DEVICE = (
    "There is no graphics processor here that can be used: it takes an NVIDIA device with its driver and CUDA toolkit, and"
    " abhaya[gpu]. This machine's processors give the same answer: --on here."
)


class On(StrEnum):
    """What does the work; `auto` takes the device where there is one and the work is worth it."""

    AUTO = "auto"
    HERE = "here"
    GPU = "gpu"


@dataclass(frozen=True, slots=True)
class Side:
    """Hashes in the world's order of bits, sorted by id; a picture's turned forms are several hashes of one id."""

    codes: Codes
    ids: Integers

    def turns(self, codes: int = CODES_A_TURN) -> Iterator[Side]:
        """Cut between ids, so that all that one id finds comes in one turn."""
        first = 0
        while first < len(self.ids):
            last = min(first + codes, len(self.ids))
            if last < len(self.ids):
                last = int(np.searchsorted(self.ids, self.ids[last]))
                if last <= first:  # one id fills the turn
                    last = int(np.searchsorted(self.ids, self.ids[first], side="right"))
            yield Side(self.codes[first:last], self.ids[first:last])
            first = last


@lru_cache(maxsize=1)
def device() -> ModuleType | None:
    """The kernels of this machine's graphics processor, where there is one."""
    if not IS_COMPILED:
        return None
    try:
        found = import_module("abhaya.matching.kernels.hamming_cuda")
    except ImportError:  # a numba without its CUDA target
        return None
    return found if found.is_there() else None


def is_worth_a_device(entries: int, queries: int, threads: int) -> bool:
    """Would the processors take longer than it takes to start a device and to move the tables there?"""
    widths = parts_for(entries)
    each_ns = cost_ns(widths, RADIUS_BUILT_FOR, entries) if widths else SCAN_ROW_NS * entries
    return each_ns * queries / threads > DEVICE_START_NS + _size_bytes(entries) / DEVICE_BYTES_A_NS


def _size_bytes(entries: int) -> int:
    return entries * (8 * WORDS + BYTES_A_PART * len(parts_for(entries)))


class Entries:
    """The side that is searched, made ready: each hash once, in tables where they pay. `queries`: about how many will come."""

    def __init__(self, side: Side, *, queries: int, on: On = On.AUTO, threads: int | None = None) -> None:
        self._threads = threads or hamming.processors()
        self._codes, self._ids, self._firsts = collapsed(hamming.reordered(side.codes), side.ids)
        rows = len(self._codes)
        self._widths = parts_for(rows)
        kernels = _kernels(on, rows, queries, self._threads)
        self._tables = hamming.build(self._codes, self._widths, threads=self._threads) if self._widths else None
        self._columns = hamming.columns_of(self._codes) if self._tables is None and kernels is None else None
        self._device = None
        if kernels is not None:
            tables = self._tables and (self._tables.offsets, self._tables.signatures, self._tables.rows)
            self._device = kernels.OnDevice(self._codes, tables or ())

    @property
    def is_on_device(self) -> bool:
        return self._device is not None

    def search(self, queries: Side, radius: int) -> Answer:
        """As `Index.search`, the queries named by their ids."""
        numbers, rows, distances = self._near(hamming.reordered(queries.codes), radius)
        asked = queries.ids[numbers]
        if self._firsts is None:
            return answered([(asked, self._ids[rows], distances)], [])
        places, ids, counts = expanded(self._firsts, self._ids, rows)
        floods = [
            Flood(int(asked[row]), int(distances[row]), int(counts[row]))
            for row in np.flatnonzero(counts > IDS_OF_ONE_KEY_MAX)
        ]
        return answered([(asked[places], ids, distances[places])], floods)

    def _near(self, codes: Codes, radius: int) -> Found:
        if self._device is not None:
            probes = probes_for(self._widths, radius, len(self._codes)) if self._widths else None
            found: Found = self._device.near(codes, radius, probes)
            return found
        if self._tables is not None:
            return hamming.query(self._tables, codes, radius, threads=self._threads)
        assert self._columns is not None  # noqa: S101 — for the type checker: one of the three is there
        return hamming.scan(self._columns, len(self._codes), codes, radius)


def _kernels(on: On, entries: int, queries: int, threads: int) -> ModuleType | None:
    """The device's kernels if they are to do the work."""
    if on is On.HERE:
        return None
    found = device()
    fits = found is not None and _size_bytes(entries) <= found.free_bytes()
    if on is On.GPU:
        if found is None:
            raise OperatorError(NO_DEVICE)
        if not fits:
            raise OperatorError(
                f"{entries:,} hashes with their tables take {_size_bytes(entries) / 2**30:,.1f} GiB, more than the graphics"
                " processor has free. This machine's processors give the same answer: --on here."
            )
        return found
    return found if fits and is_worth_a_device(entries, queries, threads) else None

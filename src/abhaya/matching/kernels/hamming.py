"""Which hashes lie within a Hamming distance of these? Exact: nothing within the radius is missed (`matching.plan`).

Codes are in the index's order of bits (`reordered`). A *row* is a number of a code in its array, below 2^32.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from abhaya.matching.kernels import hamming_plain as plain
from abhaya.matching.kernels.bits import FROM_INDEX, TO_INDEX, WORDS, Codes
from abhaya.matching.kernels.compiled import IS_COMPILED
from abhaya.matching.kernels.hamming_plain import Found, Table, joined
from abhaya.matching.plan import Probes, probes_for, starts_of

if IS_COMPILED:
    from abhaya.matching.kernels import hamming_compiled as machine

Columns = npt.NDArray[np.uint64]  # shape (4, n): one column of words after the other

LINE_SIGNATURES = 32  # a part's signatures are padded to whole lines of memory
SCAN_PADDING_ROWS = 8
FOUND_FIRST_MAX = 4096  # rows of answer made room for at first
ROOMS_BYTES_MAX = 1 << 30  # for parts that are built side by side
QUERIES_A_TURN = 8192  # of one thread
TOGETHER_MIN = 64  # queries from which on it pays to go through memory together


@dataclass(frozen=True, slots=True)
class Tables:
    """What `query` searches: for each part the rows in order of the part's bits, each with its signature."""

    widths: tuple[int, ...]
    codes: Codes
    offsets: npt.NDArray[np.uint32]  # per part 2^width + 1 places where a bucket begins; one part after the other
    signatures: npt.NDArray[np.uint16]  # shape (parts, rows padded to `LINE_SIGNATURES`)
    rows: npt.NDArray[np.uint32]  # shape (parts, as the signatures)


def reordered(codes: Codes) -> Codes:
    """From the order of bits of the world into the index's."""
    return _reorder(codes, TO_INDEX)


def restored(codes: Codes) -> Codes:
    """Back from the index's order of bits."""
    return _reorder(codes, FROM_INDEX)


def _reorder(codes: Codes, table: npt.NDArray[np.uint64]) -> Codes:
    codes = np.ascontiguousarray(codes, np.uint64).reshape(-1, WORDS)
    made: Codes = machine.reorder(codes, table) if IS_COMPILED else plain.reorder(codes, table)
    return made


def padded(rows: int) -> int:
    """The length of a part's arrays."""
    return -(-rows // LINE_SIGNATURES) * LINE_SIGNATURES


@dataclass(frozen=True, slots=True)
class Room:
    """Memory that `build_part` fills again for each part: fresh pages cost more than the sorting."""

    BYTES_A_CODE: ClassVar[int] = 8 + 2 + 4

    scratch: npt.NDArray[np.uint64]
    signatures: npt.NDArray[np.uint16]
    rows: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, codes: int) -> Room:
        return cls(np.empty(codes, np.uint64), np.zeros(padded(codes), np.uint16), np.zeros(padded(codes), np.uint32))


def build_part(codes: Codes, start: int, width: int, room: Room | None = None) -> Table:
    """The table of one part: offsets of its 2^width buckets, and in their order signatures and rows, padded with zeros.
    With `room` those lie in it, until it is given for the next part.
    """
    room = room or Room.of(len(codes))
    if IS_COMPILED:
        offsets = np.empty((1 << width) + 1, np.uint32)
        machine.build_part(codes, start, width, offsets, room.signatures, room.rows, room.scratch)
    else:
        offsets, room.signatures[: len(codes)], room.rows[: len(codes)] = plain.build_part(codes, start, width)
    return offsets, room.signatures, room.rows


def build_parts(codes: Codes, widths: tuple[int, ...]) -> Iterator[Table]:
    """The tables of all parts in turn, the next ones built on other processors meanwhile. One lasts until the next is asked."""
    cuts = list(zip(starts_of(widths), widths, strict=True))
    ahead = max(1, min(processors(), len(cuts), ROOMS_BYTES_MAX // max(1, len(codes) * Room.BYTES_A_CODE) - 1))
    rooms = [Room.of(len(codes)) for _ in range(ahead + 1)]
    coming: deque[Future[Table]] = deque()
    with ThreadPoolExecutor(ahead) as pool:
        for part, (start, width) in enumerate(cuts):
            coming.append(pool.submit(build_part, codes, start, width, rooms[part % len(rooms)]))
            if len(coming) > ahead:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()


def build(codes: Codes, widths: tuple[int, ...], *, threads: int = 1) -> Tables:
    """All parts, in memory."""
    signatures = np.zeros((len(widths), padded(len(codes))), np.uint16)
    rows = np.zeros((len(widths), padded(len(codes))), np.uint32)

    def one(part: int, start: int, width: int) -> npt.NDArray[np.uint32]:
        return build_part(codes, start, width, Room(np.empty(len(codes), np.uint64), signatures[part], rows[part]))[0]

    with ThreadPoolExecutor(threads) as pool:
        offsets = list(pool.map(one, range(len(widths)), starts_of(widths), widths))
    return Tables(widths, codes, np.concatenate(offsets), signatures, rows)


def query(tables: Tables, queries: Codes, radius: int, *, threads: int | None = None) -> Found:
    """Per near row: the query's number, the row, the distance; each pair once, in no particular order within a query.

    A batch is shared among `threads` (all processors at our disposal, if not said), which hold no lock of the interpreter.
    """
    probes = probes_for(tables.widths, radius, len(tables.codes))
    if not IS_COMPILED:
        return plain.query(
            tables.codes, tables.offsets, tables.signatures, tables.rows, probes.parts,
            probes.masks, probes.limits, probes.firsts, queries, radius,
        )  # fmt: skip
    threads = threads or processors()
    if len(queries) <= QUERIES_A_TURN:
        return _query(tables, probes, queries, radius, 0)
    turns = range(0, len(queries), QUERIES_A_TURN)
    if threads == 1:
        return joined([_query(tables, probes, queries[turn : turn + QUERIES_A_TURN], radius, turn) for turn in turns])
    with ThreadPoolExecutor(threads) as pool:
        return joined(
            list(
                pool.map(
                    lambda turn: _query(tables, probes, queries[turn : turn + QUERIES_A_TURN], radius, turn), turns
                )
            )
        )


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _query(tables: Tables, probes: Probes, queries: Codes, radius: int, first_number: int) -> Found:
    kernel = machine.query_many if len(queries) >= TOGETHER_MIN else machine.query
    room = max(FOUND_FIRST_MAX, len(queries))
    while True:
        out = np.empty((room, 3), np.int64)
        count = kernel(
            tables.codes, tables.offsets, tables.signatures, tables.rows, probes.parts, probes.masks, probes.limits,
            probes.firsts, queries, radius, out,
        )  # fmt: skip
        if count <= room:
            return out[:count, 0] + first_number, out[:count, 1], out[:count, 2]
        room = count


def scanned(rows: int) -> int:
    """The length of the columns that a scan of so many rows goes over."""
    return -(-rows // SCAN_PADDING_ROWS) * SCAN_PADDING_ROWS


def columns_of(codes: Codes) -> Columns:
    """Codes as `scan` takes them."""
    columns = np.zeros((WORDS, scanned(len(codes))), np.uint64)
    columns[:, : len(codes)] = codes.T
    return columns


def scan(columns: Columns, length: int, queries: Codes, radius: int) -> Found:
    """As `query`, by looking at the first 128 bits of each of `length` rows; no tables. The columns hold a multiple of
    `SCAN_PADDING_ROWS`; what lies behind `length` is not looked at.
    """
    if not IS_COMPILED:
        return plain.scan(columns[:, :length], queries, radius)
    room = FOUND_FIRST_MAX
    while True:
        out = np.empty((room, 3), np.int64)
        count = machine.scan(columns, length, queries, radius, out)
        if count <= room:
            return out[:count, 0], out[:count, 1], out[:count, 2]
        room = count

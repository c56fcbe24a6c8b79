"""The kernels of `hamming` for a graphics processor, by numba's CUDA target. Imported only where somebody asks for one.

The same tables and the same plan, so the same answer: a warp of 32 threads takes one query in one part, and its threads go
through a bucket's signatures side by side. Without a device numba's simulator runs the very same functions
(`NUMBA_ENABLE_CUDASIM=1`), slowly: that is how they are tested where there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import config, cuda

from abhaya.matching.kernels import hamming_compiled as machine
from abhaya.matching.kernels.bits import WORDS, Codes
from abhaya.matching.kernels.hamming_plain import Found, joined
from abhaya.matching.plan import Probes

WARP = 32
WARPS_A_BLOCK = 8
ROWS_A_BLOCK = 256
QUERIES_A_THREAD = 1024  # of a scan: each thread keeps its row and lets so many queries pass
QUERIES_A_TURN = 1 << 16
FOUND_FIRST_MAX = 1 << 16  # rows of answer made room for at first
FREE_SHARE = 0.8  # of the device's free memory that tables may take

config.CUDA_LOW_OCCUPANCY_WARNINGS = 0  # a small batch is no mistake
u64 = np.uint64


def kernel(function: Callable[..., None]) -> Any:
    """Started from here, over a grid of threads."""
    return cuda.jit(function)


def part_of_one(function: Callable[..., Any]) -> Any:
    """What kernels call."""
    return cuda.jit(device=True)(function)


python_of: Any = machine.bits_at  # numba keeps what it compiled from
bits_at = part_of_one(python_of.py_func)


def is_there() -> bool:
    """Is a device at hand, with a driver and a toolkit that can compile for it? One hash is looked for, to be sure."""
    if not cuda.is_available():
        return False
    one = np.zeros((1, WORDS), np.uint64)
    try:
        return len(OnDevice(one).near(one, 0, None)[0]) == 1
    except (ImportError, OSError, RuntimeError):  # of libraries that are missing or do not suit the driver
        return False


def free_bytes() -> float:
    """How much of the device's memory tables may take."""
    free: float = cuda.current_context().get_memory_info().free  # the simulator has no end
    return free * FREE_SHARE


@part_of_one
def apart(codes: Any, row: Any, queries: Any, number: Any) -> Any:
    bits = np.int64(0)
    for word in range(WORDS):
        bits += np.int64(cuda.popc(codes[row, word] ^ queries[number, word]))
    return bits


@part_of_one
def seen_earlier(codes: Any, row: Any, queries: Any, number: Any, parts: Any, part: Any) -> Any:
    """Does an earlier part lead to this row too? Then it was reported there."""
    for earlier in range(part):
        start, width = parts[earlier, 0], parts[earlier, 1]
        flips = np.int64(cuda.popc(u64(bits_at(codes, row, start, width) ^ bits_at(queries, number, start, width))))
        if flips <= parts[earlier, 3]:
            after = (start + width) & 255
            more = np.int64(cuda.popc(u64(bits_at(codes, row, after, 16) ^ bits_at(queries, number, after, 16))))
            if flips + more <= parts[earlier, 4]:
                return True
    return False


@part_of_one
def tell(out: Any, count: Any, number: Any, row: Any, bits: Any) -> None:
    """One row of the answer; past the end of `out` it is only counted."""
    place = cuda.atomic.add(count, 0, 1)
    if place < out.shape[0]:
        out[place, 0] = number
        out[place, 1] = row
        out[place, 2] = bits


@kernel
def in_buckets(
    codes: Any, offsets: Any, signatures: Any, rows: Any, parts: Any, masks: Any, limits: Any, firsts: Any, queries: Any,
    radius: Any, out: Any, count: Any,
) -> None:  # fmt: skip
    place = cuda.blockIdx.x * cuda.blockDim.y + cuda.threadIdx.y
    part = place // queries.shape[0]  # part after part: what all warps read at a time stays in the cache
    number = place - part * queries.shape[0]
    if part >= parts.shape[0]:
        return
    start, width = parts[part, 0], parts[part, 1]
    key = bits_at(queries, number, start, width)
    wanted = bits_at(queries, number, (start + width) & 255, 16)
    entries = codes.shape[0]
    for probe in range(firsts[part], firsts[part + 1]):
        bucket = parts[part, 2] + (key ^ masks[probe])
        at = np.int64(offsets[bucket]) + cuda.threadIdx.x
        end = min(np.int64(offsets[bucket + 1]), entries)
        while at < end:
            differ = np.int64(signatures[part, at]) ^ wanted
            if np.int64(cuda.popc(u64(differ))) <= np.int64(limits[probe]):
                row = np.int64(rows[part, at])
                if row < entries:  # else a damaged segment
                    bits = apart(codes, row, queries, number)
                    if bits <= radius and not seen_earlier(codes, row, queries, number, parts, part):
                        tell(out, count, number, row, bits)
            at += WARP


@kernel
def in_rows(codes: Any, queries: Any, radius: Any, out: Any, count: Any) -> None:
    row = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    if row >= codes.shape[0]:
        return
    first = cuda.blockIdx.y * QUERIES_A_THREAD
    for number in range(first, min(first + QUERIES_A_THREAD, queries.shape[0])):
        bits = apart(codes, row, queries, number)
        if bits <= radius:
            tell(out, count, number, row, bits)


class OnDevice:
    """Codes in the device's memory, with their tables, or without: then each of them is looked at."""

    def __init__(self, codes: Codes, tables: tuple[Any, ...] = ()) -> None:
        self._codes = cuda.to_device(np.ascontiguousarray(codes))
        self._tables = [cuda.to_device(np.ascontiguousarray(table)) for table in tables]  # offsets, signatures, rows

    def near(self, queries: Codes, radius: int, probes: Probes | None) -> Found:
        """As `hamming.query` with the probes of that radius, as `hamming.scan` without."""
        found: list[Found] = []
        plan = [] if probes is None else [probes.parts, probes.masks, probes.limits, probes.firsts]
        plan = [cuda.to_device(one) for one in plan]
        room = FOUND_FIRST_MAX
        for first in range(0, len(queries), QUERIES_A_TURN):
            turn = np.ascontiguousarray(queries[first : first + QUERIES_A_TURN])
            asked = cuda.to_device(turn)
            while True:
                out, count = cuda.device_array((room, 3), np.int64), cuda.to_device(np.zeros(1, np.int64))
                if probes is None:
                    blocks = (-(-self._codes.shape[0] // ROWS_A_BLOCK), -(-len(turn) // QUERIES_A_THREAD))
                    in_rows[blocks, ROWS_A_BLOCK](self._codes, asked, radius, out, count)
                else:
                    warps = len(turn) * len(probes.parts)
                    in_buckets[-(-warps // WARPS_A_BLOCK), (WARP, WARPS_A_BLOCK)](
                        self._codes, *self._tables, *plan, asked, radius, out, count
                    )
                told = int(count.copy_to_host()[0])
                if told <= room:
                    break
                room = told
            rows = out.copy_to_host()[:told]
            found.append((rows[:, 0] + first, rows[:, 1], rows[:, 2]))
        return joined(found)

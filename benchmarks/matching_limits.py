"""What this machine can do at most, measured in the run that is compared with it: reading on, reading about, counting bits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from abhaya.matching.kernels.compiled import compiled
from abhaya.matching.kernels.hamming_compiled import LANES, near_signatures

READ_BYTES = 512 * 1024 * 1024
GATHERS = 500_000
STEPS_IN_CACHE = 128


@dataclass(frozen=True)
class Limits:
    """Of one thread, in its own CPU time."""

    read_gb_s: float  # one line of memory after the other
    gather_ns: float  # one 32-byte hash from anywhere among 512 MiB, many under way at once
    step_ns: float  # 32 signatures compared, all in the first cache


def cpu_seconds(work: Callable[[], object], rounds: int = 3) -> float:
    """The least CPU time of this thread over some rounds: other work on the machine only ever adds."""
    taken = []
    for _ in range(rounds):
        start = time.thread_time()
        work()
        taken.append(time.thread_time() - start)
    return min(taken)


@compiled()
def gathered(codes: np.ndarray, rows: np.ndarray) -> int:
    total = np.uint64(0)
    for place in range(rows.shape[0]):
        total ^= codes[rows[place], 0] ^ codes[rows[place], 3]
    return total  # type: ignore[return-value]  # a compiled function's number


@compiled()
def counted(signatures: np.ndarray, rounds: int) -> int:
    near = 0
    for turn in range(rounds):
        for step in range(STEPS_IN_CACHE):
            if near_signatures(signatures, np.uint16(turn), np.int64(step * LANES), np.uint16(1)) != 0:
                near += 1
    return near


def measured() -> Limits:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 1 << 64, size=(READ_BYTES // 32, 4), dtype=np.uint64)
    rows = iter([rng.integers(0, len(codes), GATHERS) for _ in range(3)])  # never the same: those would be in a cache
    signatures = rng.integers(0, 1 << 16, STEPS_IN_CACHE * LANES, dtype=np.uint16)
    gathered(codes, np.zeros(1, np.int64))
    counted(signatures, 1)
    flat = codes.reshape(-1)
    return Limits(
        READ_BYTES / cpu_seconds(lambda: np.bitwise_xor.reduce(flat)) / 1e9,
        cpu_seconds(lambda: gathered(codes, next(rows))) / GATHERS * 1e9,
        cpu_seconds(lambda: counted(signatures, 10_000)) / (10_000 * STEPS_IN_CACHE) * 1e9,
    )


def show(limits: Limits) -> None:
    print(
        f"one thread here, at most: reading {limits.read_gb_s:.1f} GB/s; a hash from anywhere {limits.gather_ns:.1f} ns;"
        f" {LANES} signatures compared in {limits.step_ns:.2f} ns"
    )

"""Near search on a graphics processor, beside this machine's processors; says so where there is no device.

    pip install -e '.[gpu]'
    python benchmarks/matching_gpu.py [--rows 1000000 10000000 30000000] [--queries 1000000]

Random hashes and queries, answers compared. Wall time of a second turn: a device has no CPU time. `scan` looks at every hash.
Beside the tables stands how fast signatures were read: what the device's memory delivers at most is the limit.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from types import ModuleType

import numpy as np

from abhaya.matching.bulk import device
from abhaya.matching.kernels import hamming
from abhaya.matching.kernels.bits import Codes
from abhaya.matching.nearness import RADIUS_BUILT_FOR
from abhaya.matching.plan import parts_for, probes_for

RADIUS = RADIUS_BUILT_FOR
COMPARED, SCANNED = 20_000, 20_000


def seconds(work: Callable[[], object]) -> float:
    work()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(kernels: ModuleType, codes: Codes, queries: Codes) -> None:
    rows = len(codes)
    widths = parts_for(rows)
    tables, probes = hamming.build(codes, widths), probes_for(widths, RADIUS, rows)
    start = time.perf_counter()
    there = kernels.OnDevice(codes, (tables.offsets, tables.signatures, tables.rows))
    print(f"{rows:,} hashes, radius {RADIUS}; tables on the device in {time.perf_counter() - start:.2f} s")
    few = queries[:COMPARED]
    found = there.near(few, RADIUS, probes), hamming.query(tables, few, RADIUS)
    if len({tuple(sorted(zip(*(one.tolist() for one in each), strict=True))) for each in found}) > 1:
        sys.exit("The device's answer is another.")
    signatures = sum(
        int(probes.firsts[part + 1] - probes.firsts[part]) * rows / 2**width for part, width in enumerate(widths)
    )
    device_ns = seconds(lambda: there.near(queries, RADIUS, probes)) / len(queries) * 1e9
    scan_ns = seconds(lambda: there.near(queries[:SCANNED], RADIUS, None)) / SCANNED * 1e9
    here_ns = seconds(lambda: hamming.query(tables, queries, RADIUS)) / len(queries) * 1e9
    print(
        f"  a query: device {device_ns:,.0f} ns (signatures at {signatures * 2 / device_ns:,.0f} GB/s), its scan {scan_ns:,.0f} ns;"
        f" {hamming.processors()} cores {here_ns:,.0f} ns: {here_ns / device_ns:,.1f} times as long"
    )


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000, 30_000_000])
    words.add_argument("--queries", type=int, default=1_000_000)
    given = words.parse_args()
    kernels = device()
    if kernels is None:
        sys.exit("not run here: there is no NVIDIA device with its driver and CUDA toolkit")
    rng = np.random.default_rng(7)
    for rows in given.rows:
        codes = rng.integers(0, 1 << 64, size=(rows, 4), dtype=np.uint64)
        queries = rng.integers(0, 1 << 64, size=(given.queries, 4), dtype=np.uint64)
        copied = min(COMPARED, given.queries) // 2
        queries[:copied] = codes[rng.integers(0, rows, copied)] ^ np.uint64(1 << 17)
        measure(kernels, codes, queries)


if __name__ == "__main__":
    main()

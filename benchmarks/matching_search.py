"""Near search of 256-bit hashes, beside faiss Flat, faiss MultiHash and the index of threatexchange, in one run.

    pip install -e '.[benchmarks]'
    python benchmarks/matching_search.py [--rows 1000000 10000000] [--rivals flat multihash threatexchange]

Random hashes; of 420 queries 256 lie 0 to 31 bits from a hash (8 each), 64 lie 32 to 34 away, 100 anywhere. Recall is over the
256. Times are CPU time of the one thread that works, so that other work on the machine counts for little; adds and deletes are
wall time. Memory is what a process grows by; ours is mapped, and shared by all processes that search.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import comb
from pathlib import Path

import faiss
import numpy as np
from threatexchange.signal_type.pdq.pdq_index import PDQIndex

from abhaya.matching.index import Index
from abhaya.matching.kernels import hamming
from abhaya.matching.kernels.bits import bytes_of
from abhaya.matching.nearness import RADIUS_BUILT_FOR, RADIUS_MAX
from abhaya.matching.plan import SIGNATURE_BITS, probes_for

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.matching_limits import Limits, cpu_seconds, measured, show

RADIUS = RADIUS_BUILT_FOR
PLANTED, BEYOND, ANYWHERE = 256, 64, 100
SINGLES = 200
ADDS = 200
PARTS = 16  # of MultiHash, as threatexchange has it


@dataclass
class Line:
    """One engine at one size; times in microseconds of CPU."""

    engine: str
    build_s: float
    memory_mib: float
    single_us: float
    batch_us: float
    recall: float
    add_us: float = float("nan")
    delete_us: float = float("nan")


@dataclass(frozen=True)
class World:
    codes: np.ndarray
    queries: np.ndarray
    rows: np.ndarray  # of the planted

    @classmethod
    def of(cls, count: int) -> World:
        rng = np.random.default_rng(7)
        codes = rng.integers(0, 1 << 64, size=(count, 4), dtype=np.uint64)
        queries = rng.integers(0, 1 << 64, size=(PLANTED + BEYOND + ANYWHERE, 4), dtype=np.uint64)
        rows = rng.integers(0, count, PLANTED + BEYOND)
        for number, row in enumerate(rows):
            distance = number % 32 if number < PLANTED else 32 + number % 3
            queries[number] = codes[row]
            for bit in rng.choice(256, distance, replace=False):
                queries[number, bit >> 6] ^= np.uint64(1) << np.uint64(bit & 63)
        return cls(codes, queries, rows[:PLANTED])

    def recall(self, found: Iterator[tuple[int, int]]) -> float:
        return len({query for query, row in found if query < PLANTED and row == self.rows[query]}) / PLANTED

    def bytes_rows(self) -> np.ndarray:
        return self.codes.view(np.uint8).reshape(-1, 32)


def resident_mib() -> float:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20


def median_us(work: Callable[[int], object], times: int, clock: Callable[[], float] = time.thread_time) -> float:
    taken = []
    for turn in range(times):
        start = clock()
        work(turn)
        taken.append(clock() - start)
    return statistics.median(taken) * 1e6


def ours(world: World, limits: Limits) -> Line:
    count = len(world.codes)
    folder = Path(tempfile.mkdtemp(prefix=".benchmark-", dir=Path.cwd()))
    try:
        start = time.process_time()  # several threads build
        opened = Index.create(folder, "pdq", world.codes, np.arange(count), generation=count)
        built = time.process_time() - start
        queries = world.queries
        opened.search(queries, threads=1)
        answer = opened.search(queries, threads=1)
        many = np.tile(queries, (max(1, 4000 // len(queries)), 1)) ^ np.uint64(0)
        line = Line(
            f"abhaya, on disk, {len(opened._refresh().segments[0][1].about['widths'])} parts",  # noqa: SLF001 — what it chose
            built,
            opened.sizes()["bytes"] / 2**20,
            median_us(lambda turn: opened.search(queries[turn : turn + 1]), SINGLES),
            cpu_seconds(lambda: opened.search(many, threads=1)) / len(many) * 1e6,
            world.recall(zip(answer.queries.tolist(), answer.ids.tolist(), strict=True)),
        )
        explain(opened, world, limits)
        ids = np.arange(ADDS) + count
        line.add_us = median_us(
            lambda turn: opened.add(world.queries[turn : turn + 1], ids[turn : turn + 1]), ADDS, time.perf_counter
        )
        assert set(opened.search(world.queries[:ADDS], 0).ids.tolist()) >= set(ids.tolist())
        line.delete_us = median_us(lambda turn: opened.delete(ids[turn : turn + 1]), ADDS, time.perf_counter)
        assert not set(opened.search(world.queries[:ADDS], 0).ids.tolist()) & set(ids.tolist())
    finally:
        shutil.rmtree(folder)
    return line


def explain(opened: Index, world: World, limits: Limits) -> None:
    """The kernel alone, and how near it is to what memory allows."""
    segment = opened._refresh().segments[0][1]  # noqa: SLF001 — the arrays that its kernel reads
    widths = tuple(segment.about["widths"])
    tables = hamming.Tables(widths, segment["codes"], segment["offsets"], segment["signatures"], segment["rows"])
    queries = hamming.reordered(np.random.default_rng(3).integers(0, 1 << 64, size=(2000, 4), dtype=np.uint64))
    count = len(world.codes)
    for radius in (RADIUS, RADIUS_MAX):
        hamming.query(tables, queries[:1], radius, threads=1)
        taken = cpu_seconds(partial(hamming.query, tables, queries, radius, threads=1)) / len(queries)
        probes = probes_for(widths, radius, count)
        visited = [int(probes.firsts[part + 1] - probes.firsts[part]) for part in range(len(widths))]
        signatures = sum(many * count / 2**width for many, width in zip(visited, widths, strict=True))
        survivors = sum(
            sum(chance_within(int(limit)) for limit in probes.limits[probes.firsts[part] : probes.firsts[part + 1]])
            * count / 2**width
            for part, width in enumerate(widths)
        )  # fmt: skip
        about_ns = (sum(visited) + 2 * survivors) * limits.gather_ns
        reading_ns = signatures * 2 / limits.read_gb_s
        counting_ns = (signatures / 32 + sum(visited)) * limits.step_ns
        print(
            f"  radius {radius}: kernel {taken * 1e6:.1f} us a query; {sum(visited)} buckets, {signatures:,.0f} signatures"
            f" ({signatures * 2 / 1024:.0f} KiB), {survivors:,.0f} hashes looked at; memory's floor for those reads"
            f" {(about_ns + reading_ns) / 1000:.1f} us ({(about_ns + reading_ns) / taken / 1e7:.0f} %), the counting"
            f" {counting_ns / 1000:.1f} us ({counting_ns / taken / 1e7:.0f} %)"
        )


def chance_within(bits: int) -> float:
    """That two unrelated signatures differ by at most so many bits."""
    return sum(comb(SIGNATURE_BITS, differ) for differ in range(bits + 1)) / 2.0**SIGNATURE_BITS


def of_faiss(name: str, world: World, make: Callable[[], faiss.IndexBinary], singles: int, batch: int) -> Line:
    before = resident_mib()
    rows, queries = world.bytes_rows(), world.queries.view(np.uint8).reshape(-1, 32)
    start = time.thread_time()
    made = make()
    made.add(rows)
    built = time.thread_time() - start
    memory = resident_mib() - before
    limits, _, found = made.range_search(queries[:batch], RADIUS + 1)  # faiss: strictly below
    pairs = ((query, int(row)) for query in range(batch) for row in found[limits[query] : limits[query + 1]])
    recall = world.recall(pairs) * PLANTED / min(PLANTED, batch)
    return Line(
        name, built, memory,
        median_us(lambda turn: made.range_search(queries[turn : turn + 1], RADIUS + 1), singles),
        cpu_seconds(lambda: made.range_search(queries[:batch], RADIUS + 1), 2) / batch * 1e6,
        recall,
    )  # fmt: skip


def multihash() -> faiss.IndexBinary:
    made = faiss.IndexBinaryMultiHash(256, PARTS, 256 // PARTS)
    made.nflip = RADIUS // PARTS
    return made


def of_threatexchange(world: World) -> Line:
    before = resident_mib()
    start = time.thread_time()
    raw = bytes_of(world.codes)
    made = PDQIndex.build([(raw[at : at + 32].hex(), at // 32) for at in range(0, len(raw), 32)])
    built = time.thread_time() - start
    memory = resident_mib() - before
    asked = [bytes_of(world.queries[number : number + 1]).hex() for number in range(len(world.queries))]
    found = [(number, match.metadata) for number in range(PLANTED) for match in made.query(asked[number])]
    single = median_us(lambda turn: made.query(asked[turn]), SINGLES)
    add = median_us(lambda turn: made.add(asked[300 + turn], turn), 3, time.perf_counter)
    return Line("threatexchange PDQIndex", built, memory, single, float("nan"), world.recall(iter(found)), add)


def table(lines: list[Line]) -> None:
    print(
        f"  {'engine':<34}{'build s':>9}{'MiB':>8}{'one us':>11}{'batch us':>11}{'recall':>8}{'add us':>10}{'delete us':>10}"
    )
    for one in lines:
        print(
            f"  {one.engine:<34}{one.build_s:>9.1f}{one.memory_mib:>8.0f}{one.single_us:>11.1f}{one.batch_us:>11.1f}"
            f"{one.recall:>8.3f}{one.add_us:>10.0f}{one.delete_us:>10.0f}"
        )
    mine = lines[0]
    for other in lines[1:]:
        print(
            f"  {other.engine}: one query {other.single_us / mine.single_us:,.0f} times as long as ours,"
            f" in a batch {other.batch_us / mine.batch_us:,.0f} times"
        )


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000, 30_000_000])
    words.add_argument("--rivals", nargs="*", default=["flat", "multihash", "threatexchange"])
    words.add_argument("--multihash-rows-max", type=int, default=10_000_000)
    words.add_argument("--threatexchange-rows-max", type=int, default=1_000_000)
    words.add_argument("--flat-queries", type=int, default=PLANTED)
    given = words.parse_args()
    faiss.omp_set_num_threads(1)
    hamming.query(hamming.build(np.zeros((9, 4), np.uint64), (16,) * 16), np.zeros((1, 4), np.uint64), 1)  # compiles
    limits = measured()
    show(limits)
    for rows in given.rows:
        world = World.of(rows)
        print(f"{rows:,} hashes, radius {RADIUS}", flush=True)
        lines = [ours(world, limits)]
        if "flat" in given.rivals:
            lines.append(of_faiss("faiss Flat", world, lambda: faiss.IndexBinaryFlat(256), 15, given.flat_queries))
        if "multihash" in given.rivals and rows <= given.multihash_rows_max:
            lines.append(of_faiss(f"faiss MultiHash {PARTS}x{PARTS}", world, multihash, 15, 64))
        if "threatexchange" in given.rivals and rows <= given.threatexchange_rows_max:
            lines.append(of_threatexchange(world))
        table(lines)


if __name__ == "__main__":
    main()

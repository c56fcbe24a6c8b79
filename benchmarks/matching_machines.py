"""A list against a list: on this machine, on Apache Spark by shares, and on Spark as its own engine would join them.

    pip install -e '.[spark]'
    python benchmarks/matching_machines.py [--entries 1000000 --queries 200000 --master local[2] --joined 20000]

Random hashes, every tenth query 0 to 31 bits from an entry. The rival is the same plan as a join: each entry goes to the bucket
of each of its parts, each query to all buckets it visits there, and Spark brings together what has one key. Wall time.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from abhaya.matching.bulk import CODES_A_TURN, Entries, On, Side
from abhaya.matching.extracts import gathered, lay_out, run_in
from abhaya.matching.kernels import hamming
from abhaya.matching.kernels.bits import Codes
from abhaya.matching.kernels.hamming_plain import key
from abhaya.matching.nearness import RADIUS_BUILT_FOR
from abhaya.matching.plan import parts_for, probes_for, starts_of
from abhaya.matching.spark import hold

RADIUS = RADIUS_BUILT_FOR
Triples = set[tuple[int, int, int]]


def sides(queries: int, entries: int) -> tuple[Side, Side]:
    rng = np.random.default_rng(7)
    codes = rng.integers(0, 1 << 64, size=(entries, 4), dtype=np.uint64)
    asked = rng.integers(0, 1 << 64, size=(queries, 4), dtype=np.uint64)
    for number in range(0, queries, 10):
        asked[number] = codes[rng.integers(0, entries)]
        for bit in rng.choice(256, number // 10 % 32, replace=False):
            asked[number, bit >> 6] ^= np.uint64(1) << np.uint64(bit & 63)
    return Side(asked, np.arange(queries)), Side(codes, np.arange(entries))


def here(queries: Side, entries: Side, on: On) -> Triples:
    start = time.perf_counter()
    ready = Entries(entries, queries=len(queries.ids), on=on)
    built = time.perf_counter()
    answers = [ready.search(turn, RADIUS) for turn in queries.turns()]
    print(
        f"  here, {hamming.processors()} cores: {time.perf_counter() - start:.1f} s, of which tables {built - start:.1f} s"
    )
    return {
        row
        for one in answers
        for row in zip(one.queries.tolist(), one.ids.tolist(), one.distances.tolist(), strict=True)
    }


def by_shares(queries: Side, entries: Side, master: str, folder: Path, a_piece: int) -> Triples:
    with run_in(folder) as extract:
        start = time.perf_counter()
        layout = lay_out(
            extract, queries.turns(), entries.turns(), entries_expected=len(entries.ids), entries_a_piece=a_piece
        )
        written = time.perf_counter()
        size = sum(path.stat().st_size for path in extract.folder.iterdir())
        hold(extract, layout, RADIUS, master=master)
        done = time.perf_counter()
        answers = list(gathered(extract, layout))
        print(
            f"  Spark, {master}, {layout.entries_pieces} pieces of entries: {time.perf_counter() - start:.1f} s, of which extracts"
            f" {written - start:.1f} s ({size / 1e6:,.0f} MB, sealed), Spark with its start {done - written:.1f} s"
        )
    return {
        row
        for one in answers
        for row in zip(one.queries.tolist(), one.ids.tolist(), one.distances.tolist(), strict=True)
    }


def exploded(codes: Codes, widths: tuple[int, ...], radius: int | None, path: Path) -> int:
    """A row for each part of each hash; with a radius, for each bucket that its search visits there."""
    made = []
    probes = probes_for(widths, radius, len(codes)) if radius is not None else None
    for part, (start, width) in enumerate(zip(starts_of(widths), widths, strict=True)):
        masks = np.zeros(1, np.int64)
        if probes is not None:
            first, last = list(pairwise(probes.firsts.tolist()))[part]
            masks = probes.masks[first:last]
        buckets = (key(codes, start, width)[:, None] ^ masks[None]) | part << 40
        rows = np.repeat(np.arange(len(codes)), len(masks))
        words = {f"w{word}": codes[rows, word].view(np.int64) for word in range(4)}
        made.append(pa.table({"bucket": buckets.reshape(-1), "id": rows, **words}))
    table = pa.concat_tables(made)
    pq.write_table(table, path)
    return int(table.num_rows)


def by_join(queries: Side, entries: Side, master: str, folder: Path) -> Triples:
    widths = parts_for(len(entries.ids)) or (16,) * 16
    start = time.perf_counter()
    rows = [
        exploded(hamming.reordered(entries.codes), widths, None, folder / "entries.parquet"),
        exploded(hamming.reordered(queries.codes), widths, RADIUS, folder / "queries.parquet"),
    ]
    spark = SparkSession.builder.master(master).config("spark.ui.enabled", "false").getOrCreate()
    spark.conf.set("spark.sql.autoBroadcastJoinThreshold", -1)
    for name in ("entries", "queries"):
        spark.read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)
    apart = " + ".join(f"bit_count(q.w{word} ^ e.w{word})" for word in range(4))
    found = spark.sql(
        f"select distinct q.id, e.id, {apart} as apart from queries q join entries e using (bucket) where {apart} <= {RADIUS}"
    ).collect()
    print(
        f"  Spark, {master}, as a join: {time.perf_counter() - start:.1f} s;"
        f" {rows[0]:,} and {rows[1]:,} rows shuffled, {sum(rows) * 48 / 1e6:,.0f} MB"
    )
    spark.stop()
    return {tuple(row) for row in found}


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--entries", type=int, default=1_000_000)
    words.add_argument("--queries", type=int, default=CODES_A_TURN)
    words.add_argument("--a-piece", type=int, default=500_000, help="entries of one share")
    words.add_argument("--joined", type=int, default=20_000, help="queries and entries of the join; 0: none")
    words.add_argument("--master", default="local[2]")
    given = words.parse_args()
    folder = Path(tempfile.mkdtemp(prefix=".benchmark-", dir=Path.cwd()))
    try:
        for queries, entries in ((given.queries, given.entries), (given.joined, given.joined)):
            if not entries:
                continue
            two = sides(queries, entries)
            print(f"{queries:,} hashes against {entries:,}, radius {RADIUS}", flush=True)
            alone = here(*two, On.HERE)
            if by_shares(*two, given.master, folder, given.a_piece) != alone:
                sys.exit("The shares' answer is another.")
            if entries == given.joined and by_join(*two, given.master, folder) != alone:
                sys.exit("The join's answer is another.")
            print(f"  the same {len(alone):,} pairs each time")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

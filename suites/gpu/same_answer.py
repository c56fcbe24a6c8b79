"""Holds the kernels of the graphics processor against those of the processors: every radius' answer must be equal.

python suites/gpu/same_answer.py --rows 50 --queries 15          # NUMBA_ENABLE_CUDASIM=1: numba's simulator, a thread at a time
make test-gpu                                        # on a device, a million rows
"""

from __future__ import annotations

import argparse

from numba import config
from tests.matching.two_sides import triples, two_sides

from abhaya.matching.bulk import Entries, On, Side
from abhaya.matching.kernels import hamming, hamming_cuda
from abhaya.matching.plan import parts_for, probes_for

NARROW = (8,) * 32  # parts for a handful of rows


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--rows", type=int, default=1_000_000)
    words.add_argument("--queries", type=int, default=1_000_000, help="at most")
    given = words.parse_args()
    if config.ENABLE_CUDASIM:  # there each thread is one of the system's
        hamming_cuda.WARP, hamming_cuda.ROWS_A_BLOCK = 4, 8
    rows = given.rows
    queries, entries = two_sides(6, rows, everywhere=rows // 3)
    step = max(1, len(queries.ids) // given.queries)
    queries = Side(queries.codes[::step], queries.ids[::step])
    found = 0
    for radius in (0, 31, 47):
        here = Entries(entries, queries=1, on=On.HERE).search(queries, radius)
        there = Entries(entries, queries=1, on=On.GPU).search(queries, radius)
        if triples(here) != triples(there) or here.floods != there.floods:
            raise SystemExit(f"radius {radius}: {len(here.ids)} pairs here, {len(there.ids)} there")
        found += len(here.ids)
    found += tables_and_rows(rows, queries)
    print(f"equal: {found:,} pairs of {rows:,} entries")


def tables_and_rows(rows: int, queries: Side) -> int:
    """Both kernels on the same codes, whatever `Entries` would choose; an answer larger than its first room."""
    few, entries = hamming.reordered(queries.codes), hamming.reordered(two_sides(6, rows)[1].codes)
    widths = parts_for(rows) or NARROW
    tables = hamming.build(entries, widths)
    hamming_cuda.FOUND_FIRST_MAX = 4
    for radius in (0, 31, 47):
        wanted = ordered(hamming.query(tables, few, radius))
        by_tables = hamming_cuda.OnDevice(entries, (tables.offsets, tables.signatures, tables.rows))
        if ordered(by_tables.near(few, radius, probes_for(widths, radius, rows))) != wanted:
            raise SystemExit(f"radius {radius}: the tables' answer is another")
        if ordered(hamming_cuda.OnDevice(entries).near(few, radius, None)) != wanted:
            raise SystemExit(f"radius {radius}: the scan's answer is another")
    return len(wanted)


def ordered(found: hamming.Found) -> list[tuple[int, int, int]]:
    return sorted(zip(*(one.tolist() for one in found), strict=True))


if __name__ == "__main__":
    main()

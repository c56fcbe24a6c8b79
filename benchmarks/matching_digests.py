"""Exact look-up of MD5 digests, beside a Python set and LMDB, in one run: half of the keys asked for are there.

    pip install -e '.[benchmarks]'
    python benchmarks/matching_digests.py [--keys 10000000 100000000] [--set-keys-max 20000000] [--lmdb-keys-max 20000000]

CPU time of the one thread that works. A set of 100 million needs 9 GB, and building the index 6 GB for a minute.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import lmdb
import numpy as np

from abhaya.matching.index import Digests
from abhaya.matching.kernels import digests

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.matching_limits import Limits, cpu_seconds, measured, show
from benchmarks.matching_search import median_us, resident_mib

ASKED = 200_000
SINGLES = 2000
ADDS = 200
PIECE_KEYS = 1_000_000


def line(engine: str, build_s: float, bytes_a_key: float, one_us: float, batch_ns: float) -> None:
    print(f"  {engine:<44}{build_s:>9.1f}{bytes_a_key:>11.1f}{one_us:>9.2f}{batch_ns:>11.0f}", flush=True)


def ours(folder: Path, keys: np.ndarray, asked: np.ndarray, limits: Limits) -> None:
    start = time.thread_time()
    opened = Digests.create(folder, "md5", keys, np.arange(len(keys)), generation=len(keys))
    built = time.thread_time() - start
    wide = np.pad(asked, ((0, 0), (0, 2)))
    answer = opened.lookup(wide)
    assert answer.queries.tolist() == list(range(0, ASKED, 2))
    segment = opened._refresh().segments[0][1]  # noqa: SLF001 — the arrays that its kernel reads
    kept, fan = segment["keys"], segment["fan"]
    kernel = cpu_seconds(lambda: digests.lookup(kept, fan, asked)) / ASKED * 1e9
    bytes_a_key = opened.sizes()["bytes"] / len(keys)
    one = median_us(lambda turn: opened.lookup(wide[turn : turn + 1]), SINGLES)
    line("abhaya, with ids, on disk", built, bytes_a_key, one, cpu_seconds(lambda: opened.lookup(wide)) / ASKED * 1e9)
    line("  its kernel: row numbers alone", built, (kept.nbytes + fan.nbytes) / len(keys),
         median_us(lambda turn: digests.lookup(kept, fan, asked[turn : turn + 1]), SINGLES), kernel)  # fmt: skip
    print(
        f"    memory's floor, two reads from anywhere: {2 * limits.gather_ns:.0f} ns ({200 * limits.gather_ns / kernel:.0f} %)"
    )
    fresh = np.pad(np.random.default_rng(5).integers(0, 1 << 64, size=(ADDS, 2), dtype=np.uint64), ((0, 0), (0, 2)))
    ids = np.arange(ADDS) + len(keys)
    add = median_us(lambda turn: opened.add(fresh[turn : turn + 1], ids[turn : turn + 1]), ADDS, time.perf_counter)
    assert opened.lookup(fresh).ids.tolist() == ids.tolist()
    delete = median_us(lambda turn: opened.delete(ids[turn : turn + 1]), ADDS, time.perf_counter)
    assert opened.lookup(fresh).ids.tolist() == []
    print(f"    add {add:.0f} us, delete {delete:.0f} us, wall, seen by the next search")


def python_set(keys: np.ndarray, raw: list[bytes]) -> None:
    before, start = resident_mib(), time.thread_time()
    made: set[bytes] = set()
    for first in range(0, len(keys), PIECE_KEYS):
        piece = keys[first : first + PIECE_KEYS].astype(">u8").tobytes()
        made.update(piece[at : at + 16] for at in range(0, len(piece), 16))
    built = time.thread_time() - start
    grown = (resident_mib() - before) * 2**20 / len(keys)
    batch = cpu_seconds(lambda: [one in made for one in raw]) / ASKED * 1e9
    assert sum(one in made for one in raw) == ASKED // 2
    line("Python set of bytes", built, grown, median_us(lambda turn: raw[turn] in made, SINGLES), batch)


def of_lmdb(folder: Path, keys: np.ndarray, raw: list[bytes]) -> None:
    start = time.thread_time()
    ordered = keys[np.lexsort((keys[:, 1], keys[:, 0]))]
    store = lmdb.open(str(folder), map_size=200 * len(keys) + (1 << 24), sync=False)
    for first in range(0, len(keys), PIECE_KEYS):
        piece = ordered[first : first + PIECE_KEYS].astype(">u8").tobytes()
        with store.begin(write=True) as writing, writing.cursor() as cursor:
            cursor.putmulti(((piece[at : at + 16], b"1234") for at in range(0, len(piece), 16)), append=True)
    built = time.thread_time() - start
    size = sum(path.stat().st_blocks * 512 for path in folder.iterdir())
    with store.begin(buffers=True) as reading:
        assert sum(reading.get(one) is not None for one in raw) == ASKED // 2
        batch = cpu_seconds(lambda: [reading.get(one) for one in raw]) / ASKED * 1e9
        one = median_us(lambda turn: reading.get(raw[turn]), SINGLES)
    store.close()
    line("LMDB, appended in order, warm", built, size / len(keys), one, batch)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--keys", type=int, nargs="+", default=[10_000_000, 100_000_000])
    words.add_argument("--set-keys-max", type=int, default=20_000_000)
    words.add_argument("--lmdb-keys-max", type=int, default=20_000_000)
    given = words.parse_args()
    limits = measured()
    show(limits)
    digests.lookup(np.zeros((1, 2), np.uint64), np.zeros(3, np.uint32), np.zeros((1, 2), np.uint64))  # compiles
    for count in given.keys:
        rng = np.random.default_rng(11)
        keys = rng.integers(0, 1 << 64, size=(count, 2), dtype=np.uint64)
        asked = rng.integers(0, 1 << 64, size=(ASKED, 2), dtype=np.uint64)
        asked[::2] = keys[rng.integers(0, count, ASKED // 2)]
        packed = asked.astype(">u8").tobytes()
        raw = [packed[at : at + 16] for at in range(0, len(packed), 16)]
        print(f"{count:,} keys of 16 bytes")
        print(f"  {'engine':<44}{'build s':>9}{'bytes/key':>11}{'one us':>9}{'batch ns':>11}")
        folder = Path(tempfile.mkdtemp(prefix=".benchmark-", dir=Path.cwd()))
        try:
            ours(folder / "index", keys, asked, limits)
            if count <= given.set_keys_max:
                python_set(keys, raw)
            if count <= given.lmdb_keys_max:
                of_lmdb(folder / "lmdb", keys, raw)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()

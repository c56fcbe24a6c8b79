"""The near search against brute force, compiled and in plain numpy, at every radius; and what its recall rests on."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from abhaya.matching.kernels import bits, hamming, hamming_plain
from abhaya.matching.kernels.compiled import IS_COMPILED
from abhaya.matching.nearness import RADIUS_BUILT_FOR, RADIUS_MAX
from abhaya.matching.plan import checked, parts_for, probes_for, thresholds_for

WAYS_TO_CUT = [(16,) * 16, (13,) * 6 + (10,) * 16 + (9,) * 2, (8,) * 32, (22,) * 4 + (21,) * 2 + (18,) * 7]


def crowd(seed: int, rows: int) -> np.ndarray:
    """Hashes in clusters, some twice: pairs at every distance, as copies of pictures are."""
    rng = np.random.default_rng(seed)
    centres = rng.integers(0, 1 << 64, size=(max(1, rows // 8), 4), dtype=np.uint64)
    made = centres[rng.integers(0, len(centres), rows)]
    for row in range(rows):
        flip(made[row], rng.choice(256, rng.integers(0, 60), replace=False))
    return made


def flip(code: np.ndarray, places: np.ndarray) -> None:
    for bit in places:
        code[bit >> 6] ^= np.uint64(1) << np.uint64(63 - (bit & 63))


def brute(codes: np.ndarray, queries: np.ndarray, radius: int) -> set[tuple[int, int, int]]:
    apart = np.bitwise_count(codes[None] ^ queries[:, None]).sum(axis=2, dtype=np.int64)
    return {(int(q), int(r), int(apart[q, r])) for q, r in np.argwhere(apart <= radius)}


def triples(found: hamming.Found) -> list[tuple[int, int, int]]:
    return sorted(zip(*(one.tolist() for one in found), strict=True))


def plainly(tables: hamming.Tables, queries: np.ndarray, radius: int) -> hamming.Found:
    probes = probes_for(tables.widths, radius, len(tables.codes))
    return hamming_plain.query(
        tables.codes, tables.offsets, tables.signatures, tables.rows, probes.parts, probes.masks, probes.limits,
        probes.firsts, queries, radius,
    )  # fmt: skip


@pytest.mark.parametrize("widths", WAYS_TO_CUT[:3])
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), radius=st.integers(0, RADIUS_MAX), rows=st.integers(1, 400))
@example(seed=1, radius=RADIUS_BUILT_FOR, rows=400)
@example(seed=1, radius=RADIUS_MAX, rows=400)
@example(seed=1, radius=0, rows=1)
def test_nothing_within_the_radius_is_missed_and_nothing_else_is_found(widths, seed, radius, rows):
    codes = crowd(seed, rows)
    queries = crowd(seed, hamming.TOGETHER_MIN)
    wanted = sorted(brute(codes, queries, radius))
    tables = hamming.build(codes, widths)
    assert triples(hamming.query(tables, queries, radius)) == wanted  # together
    few = queries[:20]
    wanted = [one for one in wanted if one[0] < len(few)]
    assert triples(hamming.query(tables, few, radius)) == wanted  # one after the other
    assert triples(plainly(tables, few, radius)) == wanted


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), radius=st.integers(0, 256), rows=st.integers(0, 5000))
def test_a_scan_finds_the_same(seed, radius, rows):
    codes = crowd(seed, rows) if rows else np.empty((0, 4), np.uint64)
    queries = crowd(seed, 3)
    columns = np.full((4, rows + 8 - rows % 8), queries[0, 0], np.uint64)  # what lies behind the end is not zeros
    columns[:, :rows] = codes.T
    wanted = sorted(brute(codes, queries, radius))
    assert triples(hamming.scan(columns, rows, queries, radius)) == wanted
    assert triples(hamming_plain.scan(columns[:, :rows], queries, radius)) == wanted


def test_wide_parts_find_the_same():
    codes = crowd(5, 3000)
    tables = hamming.build(codes, WAYS_TO_CUT[3])
    for radius in (31, 40):
        assert triples(hamming.query(tables, codes[:40], radius)) == sorted(brute(codes, codes[:40], radius))


def test_pairs_planted_at_every_distance_are_found_among_a_hundred_thousand():
    rng = np.random.default_rng(7)
    codes = rng.integers(0, 1 << 64, size=(100_000, 4), dtype=np.uint64)
    rows = rng.integers(0, len(codes), 480)
    queries = codes[rows].copy()
    for number, query in enumerate(queries):
        flip(query, rng.choice(256, number % 48, replace=False))
    tables = hamming.build(codes, parts_for(len(codes)))
    for radius in (15, 31, 47):
        found = triples(hamming.query(tables, queries, radius))
        assert found == sorted(
            (number, int(row), number % 48) for number, row in enumerate(rows) if number % 48 <= radius
        )


def test_a_batch_over_several_threads_answers_as_one_query_after_the_other(monkeypatch):
    monkeypatch.setattr(hamming, "QUERIES_A_TURN", 100)
    codes = crowd(11, 3000)
    queries = crowd(11, 1000)
    tables = hamming.build(codes, (16,) * 16)
    together = triples(hamming.query(tables, queries, 31, threads=3))
    monkeypatch.setattr(hamming, "TOGETHER_MIN", 101)
    assert together == triples(hamming.query(tables, queries, 31, threads=1))


def test_an_answer_larger_than_its_first_room_is_whole():
    codes = np.repeat(crowd(3, 1), 30_000, axis=0)
    tables = hamming.build(codes, (16,) * 16)
    queries = np.repeat(codes[:1], 3, axis=0)
    assert [len(one) for one in hamming.query(tables, queries, 31)] == [90_000] * 3
    columns = np.ascontiguousarray(codes.T)
    assert [len(one) for one in hamming.scan(columns, len(codes), queries, 31)] == [90_000] * 3


def test_damaged_tables_never_lead_outside_their_arrays():
    codes = crowd(13, 5000)
    tables = hamming.build(codes, (16,) * 16)
    rng = np.random.default_rng(1)
    for array in (tables.offsets, tables.rows):
        places = rng.integers(0, array.size, array.size // 3)
        array.reshape(-1)[places] = rng.integers(0, 1 << 32, len(places), dtype=np.uint32)
    found = hamming.query(tables, codes[:50], 31)
    assert (found[1] < len(codes)).all()


@settings(deadline=None)
@given(
    st.sampled_from(WAYS_TO_CUT),
    st.integers(0, RADIUS_MAX),
    st.integers(1, 10**9),
    st.lists(st.integers(0, 255), max_size=RADIUS_MAX, unique=True),
)
def test_however_the_bits_fall_some_part_stays_within_its_threshold_and_its_share(widths, radius, rows, differing):
    differing = differing[: radius or 0]
    probes = probes_for(widths, radius, rows)
    assert sum(probes.parts[:, 3] + 1) >= radius + 1

    def differ(start: int, width: int) -> int:
        return sum((start + step) % 256 in differing for step in range(width))

    assert any(
        (flips := differ(start, width)) <= threshold and flips + differ(start + width, 16) <= share
        for start, width, _, threshold, share in probes.parts.tolist()
    )


def test_a_plan_that_could_miss_is_refused():
    checked((16,) * 16, (1,) * 16, 31)
    with pytest.raises(AssertionError, match="radius 31"):
        checked((16,) * 16, (1,) * 15 + (0,), 31)
    with pytest.raises(AssertionError, match="whole hash"):
        checked((16,) * 15, (2,) * 15, 31)


@pytest.mark.parametrize("rows", [10_000, 10**5, 10**6, 10**7, 10**8, 10**9])
def test_parts_are_the_whole_hash_for_any_number_of_rows(rows):
    widths = parts_for(rows)
    assert sum(widths) == 256
    assert all(wide >= narrow for wide, narrow in pairwise(widths))
    for radius in range(RADIUS_MAX + 1):
        thresholds_for(widths, radius, rows)  # checks itself


def test_few_rows_are_scanned():
    assert parts_for(1000) == ()


@settings(deadline=None)  # the first example compiles
@given(st.binary(min_size=64, max_size=64))
def test_the_order_of_bits_can_be_undone_and_keeps_distances(hashes):
    codes = bits.codes_of(hashes)
    kept = hamming.reordered(codes)
    assert bits.bytes_of(hamming.restored(kept)) == hashes
    assert np.array_equal(kept, hamming_plain.reorder(codes, bits.TO_INDEX))
    assert np.bitwise_count(kept[0] ^ kept[1]).sum() == np.bitwise_count(codes[0] ^ codes[1]).sum()


def test_the_order_of_bits_is_part_of_the_format_and_never_changes():
    assert bits.ORDER[:8] == (128, 48, 58, 85, 161, 91, 66, 224)
    assert sorted(bits.ORDER) == list(range(256))


def test_without_numba_the_plain_kernels_answer():
    program = (
        "import sys; from abhaya.matching.kernels import compiled, hamming; import numpy as np;"
        "codes = np.arange(40, dtype=np.uint64).reshape(10, 4);"
        "found = hamming.query(hamming.build(codes, (16,) * 16), codes[:1], 5);"
        "print(compiled.IS_COMPILED, 'abhaya.matching.kernels.hamming_compiled' in sys.modules, sorted(found[1].tolist()))"
    )
    environment = os.environ | {"ABHAYA_WITHOUT_NUMBA": "1", "PYTHONPATH": str(Path(hamming.__file__).parents[3])}
    answer = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    codes = np.arange(40, dtype=np.uint64).reshape(10, 4)
    near = sorted(row for _, row, _ in brute(codes, codes[:1], 5))
    assert answer.stdout.strip() == f"False False {near}"
    assert IS_COMPILED  # so that the other tests here tried both

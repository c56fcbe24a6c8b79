"""Two whole sides held against each other give the index's answer, on processors and on a graphics processor alike."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.matching.two_sides import EVERYWHERE, of_index, triples, two_sides

from abhaya.errors import OperatorError
from abhaya.matching import bulk
from abhaya.matching.bulk import Entries, On, Side, is_worth_a_device

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("rows", [400, 30_000])  # looked at one by one; in tables
@pytest.mark.parametrize("radius", [0, 31, 47])
def test_the_answer_is_that_of_the_index(tmp_path, rows, radius):
    queries, entries = two_sides(3, rows)
    ready = Entries(entries, queries=len(queries.ids), on=On.HERE)
    wanted = of_index(tmp_path / "index", queries, entries, radius)
    assert wanted
    assert triples(ready.search(queries, radius)) == wanted
    assert triples(*(ready.search(turn, radius) for turn in queries.turns(7))) == wanted


def test_a_hash_that_is_everywhere_is_counted_and_its_first_ids_are_listed(tmp_path):
    queries, entries = two_sides(4, 400, everywhere=EVERYWHERE)
    answer = Entries(entries, queries=1, on=On.HERE).search(queries, 31)
    assert triples(answer) == of_index(tmp_path / "index", queries, entries, 31)
    last = int(queries.ids[-1])
    told = {(one.query, one.distance): one.ids for one in answer.floods}
    assert told[last - 1, 0] > EVERYWHERE  # with the entry that it was copied from
    assert told[last - 1, 31] == told[last - 1, 0]
    assert not any(query == last for query, _ in told)  # 32 bits away


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 12))
def test_turns_are_the_whole_side_and_never_part_an_id(ids, codes):
    side = Side(np.arange(len(ids) * 4, dtype=np.uint64).reshape(-1, 4), np.array(sorted(ids), np.int64))
    turns = list(side.turns(codes))
    assert [one for turn in turns for one in turn.ids.tolist()] == side.ids.tolist()
    assert [one for turn in turns for one in turn.codes.tolist()] == side.codes.tolist()
    seen = [set(turn.ids.tolist()) for turn in turns]
    assert sum(map(len, seen)) == len(set(ids))
    assert all(len(turn.ids) <= codes or len(one) == 1 for turn, one in zip(turns, seen, strict=True))


def test_a_device_is_started_for_large_work_alone():
    assert not is_worth_a_device(10_000_000, 1000, threads=2)
    assert not is_worth_a_device(1000, 1_000_000, threads=2)
    assert is_worth_a_device(10_000_000, 10_000_000, threads=2)


def test_where_there_is_no_device_the_sentence_says_what_gives_the_same_answer(monkeypatch):
    monkeypatch.setattr(bulk, "device", lambda: None)
    with pytest.raises(OperatorError, match="same answer: --on here"):
        Entries(two_sides(5, 50)[1], queries=1, on=On.GPU)
    assert not Entries(two_sides(5, 50)[1], queries=10**12, on=On.AUTO).is_on_device


def test_a_device_that_is_too_small_is_left_alone(monkeypatch):
    class Small:
        @staticmethod
        def free_bytes() -> float:
            return 100.0

    monkeypatch.setattr(bulk, "device", lambda: Small)
    with pytest.raises(OperatorError, match="more than the graphics processor has free"):
        Entries(two_sides(5, 50)[1], queries=1, on=On.GPU)
    assert not Entries(two_sides(5, 50)[1], queries=10**12, on=On.AUTO).is_on_device


def test_the_kernels_of_the_graphics_processor_give_the_same_answer_in_their_simulator():
    """The very functions that a device runs, thread by thread; `make test-gpu` runs the same on a device."""
    environment = os.environ | {"NUMBA_ENABLE_CUDASIM": "1", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    told = subprocess.run(
        [sys.executable, "-W", "error", ROOT / "suites/gpu/same_answer.py", "--rows", "50", "--queries", "15"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (told.returncode, told.stdout.split()[0]) == (0, "equal:"), told.stdout + told.stderr

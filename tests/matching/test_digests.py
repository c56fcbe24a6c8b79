"""Exact look-up of digests against a Python dictionary, compiled and in plain numpy, of honest and of hostile keys."""

from __future__ import annotations

import hashlib
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abhaya.matching.index import Digests
from abhaya.matching.kernels import digests

HASHES = {"md5": hashlib.md5, "sha1": hashlib.sha1, "sha256": hashlib.sha256}


def looked_up(keys: np.ndarray, wanted: np.ndarray, bits: int) -> list[int]:
    fan = digests.fan_out(keys, bits)
    rows = digests.lookup(keys, fan, wanted)
    assert rows.tolist() == digests.lookup_plainly(keys, fan, wanted).tolist()
    return rows.tolist()


# Few values a word: keys that share their beginning, as those of a hostile list do.
WORD = st.sampled_from([0, 1, 2**63, 2**64 - 1, 7])


@settings(max_examples=150, deadline=None)
@given(
    width=st.integers(2, 4),
    bits=st.integers(1, 12),
    data=st.data(),
)
def test_every_key_that_is_there_is_found_and_no_other(width, bits, data):
    row = st.lists(WORD, min_size=width, max_size=width)
    kept = np.array(data.draw(st.lists(row, max_size=60)), np.uint64).reshape(-1, width)
    wanted = np.array(data.draw(st.lists(row, max_size=60)), np.uint64).reshape(-1, width)
    keys, ids, firsts = digests.collapsed(kept, np.arange(len(kept)))
    truth = defaultdict(list)
    for number, key in enumerate(kept.tolist()):
        truth[tuple(key)].append(number)
    assert [tuple(key) for key in keys.tolist()] == sorted(truth)
    ends = np.arange(len(keys) + 1) if firsts is None else firsts
    for number, key in enumerate(keys.tolist()):
        assert ids[ends[number] : ends[number + 1]].tolist() == truth[tuple(key)]
    places = {tuple(key): number for number, key in enumerate(keys.tolist())}
    assert looked_up(keys, wanted, bits) == [places.get(tuple(key), -1) for key in wanted.tolist()]


@pytest.mark.parametrize("alike_bits", [0, 8, 12, 24, 40, 63])
def test_keys_that_begin_alike_are_sorted_and_copies_are_one_key(alike_bits):
    """A list can be made so that its keys share whatever the sorting goes by first."""
    rng = np.random.default_rng(alike_bits)
    kept = rng.integers(0, 1 << 64, (20_000, 3), dtype=np.uint64)
    kept[:, 0] >>= np.uint64(alike_bits)
    kept[::5] = kept[0]
    given_before = kept.copy()
    keys, ids, firsts = digests.collapsed(kept, np.arange(len(kept)))
    assert np.array_equal(kept, given_before)
    truth, numbers = np.unique(kept, axis=0, return_inverse=True)
    assert np.array_equal(keys, truth)
    ends = np.arange(len(keys) + 1) if firsts is None else firsts
    assert np.array_equal(np.repeat(np.arange(len(keys)), np.diff(ends)), np.sort(numbers))
    assert np.array_equal(ids, np.lexsort((np.arange(len(kept)), numbers)))


def test_a_bucket_that_a_hostile_list_filled_is_still_searched_right():
    keys = np.zeros((5000, 2), np.uint64)
    keys[:, 1] = np.arange(5000) * 2
    wanted = keys.copy()
    wanted[::2, 1] += np.uint64(1)
    assert looked_up(keys, wanted, 8) == [-1 if row % 2 == 0 else row for row in range(5000)]


def test_a_damaged_fan_out_never_leads_outside():
    keys = np.sort(np.random.default_rng(1).integers(0, 1 << 64, (1000, 2), dtype=np.uint64), axis=0)
    fan = np.random.default_rng(2).integers(0, 1 << 32, 257, dtype=np.uint32)
    assert (digests.lookup(keys, fan, keys) < 1000).all()


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
def test_digests_are_found_in_segments_and_logs_with_all_their_ids(tmp_path, kind):
    hashes = [HASHES[kind](b"%d" % number).digest() for number in range(5000)]
    opened = Digests.create(tmp_path, kind)
    keys = opened.keys_of(b"".join(hashes))
    opened.add(keys[:4000], np.arange(4000) + 10, 4010)
    opened.add(keys[:1], np.array([9000]), 9000)
    opened.delete(np.array([13]), 9001)
    wanted = opened.keys_of(b"".join([hashes[0], hashes[3], hashes[3999], hashes[4500]]))

    def found() -> list[tuple[int, int]]:
        answer = opened.lookup(wanted)
        return list(zip(answer.queries.tolist(), answer.ids.tolist(), strict=True))

    assert found() == [(0, 10), (0, 9000), (2, 4009)]
    assert opened.lookup(keys).ids.tolist() == [10, 9000, 11, 12, *range(14, 4010)]
    opened.merge()
    opened.add(keys[4500:4501], np.array([9002]))
    assert found() == [(0, 10), (0, 9000), (2, 4009), (3, 9002)]
    opened.merge(whole=True)
    assert found() == [(0, 10), (0, 9000), (2, 4009), (3, 9002)]
    assert Digests.open(tmp_path, check=True).generation == 9001


def test_a_long_log_is_sorted_and_answers_as_before(tmp_path):
    opened = Digests.create(tmp_path, "md5")
    keys = opened.keys_of(b"".join(hashlib.md5(b"%d" % number).digest() for number in range(3000)))
    for first in range(0, 3000, 500):
        opened.add(keys[first : first + 500], np.arange(first, first + 500))
        assert opened.lookup(keys).ids.tolist() == list(range(first + 500))
        assert opened.lookup(keys[first : first + 2]).ids.tolist() == [first, first + 1]

"""The look-up kernels answer as a plain loop over the standard library's ipaddress would."""

from __future__ import annotations

import ipaddress

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from abhaya.places.kernels import (
    ALWAYS_FROM,
    ALWAYS_TO,
    NOT_FOUND,
    in_ranges,
    keys_of,
    masked,
    most_specific,
    pairs_of,
    prefix_table,
)

numbers = st.one_of(
    st.integers(0, 2**128 - 1),
    st.integers(0, 300),
    st.integers(2**64 - 5, 2**64 + 5),
    st.integers(2**128 - 9, 2**128 - 1),
)


@given(st.lists(numbers, min_size=1))
def test_keys_sort_as_the_numbers_do(values):
    keys = keys_of(pairs_of(values))
    assert [int(value) for value in np.array(values, dtype=object)[np.argsort(keys, kind="stable")]] == sorted(values)


@given(st.lists(numbers, unique=True, min_size=2), st.lists(numbers, min_size=1))
def test_a_range_holds_what_lies_between_its_ends(edges, wanted):
    edges = sorted(edges)[: len(edges) // 2 * 2]
    ranges = list(zip(edges[::2], edges[1::2], strict=True))
    first, last = keys_of(pairs_of([a for a, _ in ranges])), keys_of(pairs_of([b for _, b in ranges]))
    expected = [next((row for row, (a, b) in enumerate(ranges) if a <= one <= b), NOT_FOUND) for one in wanted]
    assert in_ranges(first, last, keys_of(pairs_of(wanted))).tolist() == expected


def test_an_ipv4_look_up_in_small_numbers_and_in_an_empty_table():
    first, last = np.array([10, 20], dtype=np.uint32), np.array([14, 20], dtype=np.uint32)
    wanted = np.array([9, 10, 14, 15, 20, 21], dtype=np.uint32)
    assert in_ranges(first, last, wanted).tolist() == [-1, 0, 0, -1, 1, -1]
    assert in_ranges(first[:0], last[:0], wanted).tolist() == [-1] * 6


@given(numbers, st.integers(0, 128))
def test_masking_is_what_ipaddress_does(number, bits):
    network = ipaddress.IPv6Network((number, bits), strict=False)
    high, low = masked(pairs_of([number]), bits)[0]
    assert (int(high) << 64) | int(low) == int(network.network_address)


rows = st.lists(
    st.tuples(
        st.integers(0, 63).map(lambda small: small << 122),  # few networks, so that they nest and repeat
        st.integers(0, 7),
        st.one_of(st.just(ALWAYS_FROM), st.integers(0, 20)),
        st.one_of(st.just(ALWAYS_TO), st.integers(0, 20)),
    ),
    max_size=30,
)


@given(rows, st.lists(st.tuples(st.integers(0, 63).map(lambda small: small << 122), st.integers(0, 20)), min_size=1))
def test_the_smallest_network_valid_at_the_instant_wins_and_the_newer_row_of_two(table_rows, asked):
    networks = [ipaddress.IPv6Network((number, bits), strict=False) for number, bits, _, _ in table_rows]
    table = prefix_table(
        pairs_of([int(network.network_address) for network in networks]),
        np.array([bits for _, bits, _, _ in table_rows], dtype=np.int64),
        np.arange(len(table_rows), dtype=np.int64),
        np.array([start for _, _, start, _ in table_rows], dtype=np.int64),
        np.array([end for _, _, _, end in table_rows], dtype=np.int64),
    )

    def slowly(number: int, at: int) -> int:
        fits = [
            (bits, row)
            for row, ((_, bits, start, end), network) in enumerate(zip(table_rows, networks, strict=True))
            if ipaddress.IPv6Address(number) in network and start <= at < end
        ]
        return max(fits)[1] if fits else NOT_FOUND

    answer = most_specific(
        table, pairs_of([number for number, _ in asked]), np.array([at for _, at in asked], dtype=np.int64)
    )
    assert answer.tolist() == [slowly(number, at) for number, at in asked]

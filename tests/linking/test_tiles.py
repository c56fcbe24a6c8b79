"""The map of tiles: every country once, nothing that draws a border, shades that rise with the number."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import abhaya.places
from abhaya.linking import tiles

WORLD = Path(abhaya.places.__file__).parent / "data/countries/world.csv"


def test_every_country_of_iso_3166_stands_on_it_once():
    with WORLD.open(encoding="utf-8") as file:
        official = {row["code"] for row in csv.DictReader(file)}
    placed = Counter(code for block in tiles.BLOCKS.values() for row in block for code in row if code != tiles.SEA)
    assert set(placed) == official
    assert set(placed.values()) == {1}


def test_every_row_of_a_part_is_as_wide_as_the_others():
    assert all(len({len(row) for row in block}) == 1 for block in tiles.BLOCKS.values())


def test_what_has_no_tile_stands_beside():
    assert tiles.beside(["", "PK", "XK"]) == ["", "XK"]


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_is_never_paler(most, one, two):
    low, high = sorted((min(one, most), min(two, most)))
    assert tiles.shade(low, most) <= tiles.shade(high, most) <= tiles.SHADES == tiles.shade(most, most)
    assert (tiles.shade(low, most) == 0) == (low == 0)

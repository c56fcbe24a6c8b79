"""Where a network's groups and actors stand: the same each time, none upon another, parts apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abhaya.linking import layout_kernels as layout

NETWORKS = st.lists(st.sets(st.integers(0, 11), min_size=1, max_size=4), min_size=1, max_size=60)


def arrays(joined):
    person = np.array([at for at, groups in enumerate(joined) for _ in groups], np.int64)
    return person, np.array([group for groups in joined for group in sorted(groups)], np.int64)


def placed(joined, groups=12):
    return layout.places(*arrays(joined), len(joined), groups)


def gaps(x, y):
    apart = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    np.fill_diagonal(apart, np.inf)
    return apart


@settings(deadline=None, max_examples=30)
@given(NETWORKS)
def test_nothing_stands_upon_anything_and_all_is_the_same_again(joined):
    first, again = placed(joined), placed(joined)
    for name in ("group_x", "group_y", "person_x", "person_y", "group_part"):
        assert np.array_equal(getattr(first, name), getattr(again, name))
        assert np.isfinite(getattr(first, name)).all()
    discs = gaps(first.group_x, first.group_y) - first.radius[:, None] - first.radius[None, :]
    assert discs.min() > -1
    if len(joined) > 1:
        assert gaps(first.person_x, first.person_y).min() > layout.SEAT_PIXELS / 3


@settings(deadline=None, max_examples=30)
@given(NETWORKS)
def test_who_acted_in_one_group_alone_stands_in_its_disc_and_a_part_holds_together(joined):
    found = placed(joined)
    for person, groups in enumerate(joined):
        parts = {int(found.group_part[group]) for group in groups}
        assert parts == {int(found.person_part[person])}
        if len(groups) == 1:
            (group,) = groups
            far = np.hypot(found.person_x[person] - found.group_x[group], found.person_y[person] - found.group_y[group])
            assert far < found.radius[group]


def test_groups_that_share_actors_stand_nearer_than_those_that_do_not():
    one, two = {0, 1, 2, 3}, {4, 5, 6, 7}
    joined = [{a, b} for side in (one, two) for a in side for b in side if a < b] * 3 + [{3, 4}]
    found = placed(joined, 8)
    apart = gaps(found.group_x, found.group_y)
    within = np.mean([apart[a, b] for side in (one, two) for a in side for b in side if a != b])
    between = np.mean([apart[a, b] for a in one for b in two])
    assert between > 1.5 * within


@pytest.mark.parametrize("count", [0, 3])
def test_groups_without_actors_are_placed_too(count):
    found = layout.places(np.empty(0, np.int64), np.empty(0, np.int64), 0, count)
    assert len(found.group_x) == count
    assert len(set(found.group_part.tolist())) == count

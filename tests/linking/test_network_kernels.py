"""Who connects groups: against the plain definitions, on small networks drawn at random."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abhaya.linking import network_kernels as kernels

MEMBERSHIPS = st.sets(st.tuples(st.integers(0, 11), st.integers(0, 5)), min_size=1, max_size=40)
PERSONS, GROUPS = 12, 6


def arrays(memberships):
    listed = sorted(memberships)
    return np.array([one for one, _ in listed]), np.array([two for _, two in listed])


def members_of(memberships):
    return {group: {one for one, other in memberships if other == group} for group in range(GROUPS)}


@settings(max_examples=60, deadline=None)
@given(MEMBERSHIPS)
def test_a_pair_is_bound_by_one_over_the_others_of_each_shared_group(memberships):
    wanted = {}
    for members in members_of(memberships).values():
        for pair in combinations(sorted(members), 2):
            wanted[pair] = wanted.get(pair, 0) + 1 / (len(members) - 1)
    left, right, weight = kernels.project(*arrays(memberships), GROUPS)
    found = dict(zip(zip(left.tolist(), right.tolist(), strict=True), weight.tolist(), strict=True))
    assert found == pytest.approx(wanted)


@settings(max_examples=60, deadline=None)
@given(MEMBERSHIPS)
def test_a_core_keeps_partners_who_keep_as_many(memberships):
    left, right, _ = kernels.project(*arrays(memberships), GROUPS)
    partners = {one: set() for one in range(PERSONS)}
    for one, two in zip(left.tolist(), right.tolist(), strict=True):
        partners[one].add(two)
        partners[two].add(one)
    wanted = dict.fromkeys(range(PERSONS), 0)
    for k in range(1, PERSONS):
        kept = set(range(PERSONS))
        while weak := {one for one in kept if len(partners[one] & kept) < k}:
            kept -= weak
        wanted |= dict.fromkeys(kept, k)
    assert dict(enumerate(kernels.cores(left, right, PERSONS).tolist())) == wanted


@settings(max_examples=60, deadline=None)
@given(MEMBERSHIPS)
def test_a_bridge_counts_each_pair_of_groups_shared_among_who_joins_it(memberships):
    members, wanted = members_of(memberships), dict.fromkeys(range(PERSONS), 0.0)
    for one, two in combinations(range(GROUPS), 2):
        both = members[one] & members[two]
        for person in both:
            wanted[person] += 1 / len(both)
    found = kernels.bridges(*arrays(memberships), PERSONS, GROUPS)
    assert dict(enumerate(found.tolist())) == pytest.approx(wanted)


@settings(max_examples=60, deadline=None)
@given(MEMBERSHIPS)
def test_who_shares_a_group_is_of_one_component_and_nobody_else(memberships):
    found = kernels.components(*arrays(memberships), PERSONS, GROUPS).tolist()
    parts = {one: {one} for one in range(PERSONS)}
    for members in members_of(memberships).values():
        together = set().union(*(parts[one] for one in members)) if members else set()
        for one in together:
            parts[one] = together
    assert found == [min(parts[one]) for one in range(PERSONS)]


def test_a_group_above_the_size_binds_nobody(monkeypatch):
    monkeypatch.setattr(kernels, "GROUP_MEMBERS_MAX", 2)
    network = kernels.network(np.array([0, 1, 2, 3, 4]), np.array([0, 0, 0, 1, 1]), 5, 2)
    assert network.strength.tolist() == [0, 0, 0, 1, 1]
    assert network.component.tolist() == [0, 1, 2, 3, 3]


def test_a_rank_is_shown_with_its_range_and_is_the_same_on_every_day():
    person = np.append(np.arange(40) % 20, [20] * 9)  # twenty people in two groups each, and one in all
    group = np.append(np.arange(40) // 5, range(9))
    first, again = (kernels.network(person, group, 21, 9) for _ in range(2))
    assert (first.rank_low == again.rank_low).all()
    assert (first.rank_high == again.rank_high).all()
    assert (first.rank_low[20], first.rank_high[20]) == (1, 1)
    assert first.rank_low[0] < first.rank_high[0]

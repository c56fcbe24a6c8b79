"""Linking on a crowd that the rules were not set on: nobody is taken for another, and most of what is one comes together."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.linking_measures import quality
from benchmarks.linking_undo import undo
from benchmarks.linking_world import Crowd, Drawn, draw

from abhaya.linking import weights as w
from abhaya.linking.kernels import hold_together, weighed

SEED = 77


def judged(drawn: Drawn):
    found = weighed(drawn.evidence, drawn.protected)
    pairs, label = found.pairs, hold_together(len(drawn.person), found, protected=drawn.protected).label
    asked = (pairs.outcome == w.REVIEW) & (label[pairs.a] != label[pairs.b])
    review = (drawn.person[pairs.a[asked]] == drawn.person[pairs.b[asked]]).mean()
    appeared = np.bincount(drawn.appeared, minlength=len(label))
    return quality(label, drawn.person, appeared, drawn.child, label, int(drawn.report.max()) + 1), review


@pytest.mark.parametrize("nat_share", [0.0, 0.95])
def test_on_an_unseen_crowd_pairs_are_right_and_found_whatever_the_network(nat_share):
    found, review = judged(draw(SEED, Crowd(reports=40_000, nat_share=nat_share)))
    assert found.precision >= 0.999
    assert found.recall >= 0.97
    assert found.child_merges == 0
    assert review >= 0.9


def test_numbers_given_out_again_at_once_cost_nobody_anything():
    crowd = Crowd(reports=40_000, recycled_share=0.1, recycled_in_time=False)
    found, _ = judged(draw(SEED, crowd))
    assert found.precision >= 0.999


def test_what_the_measures_say_of_a_grouping_known_by_heart():
    label, person, ones = np.array([0, 0, 0, 3]), np.array([5, 5, 6, 5]), np.ones(4, int)
    found = quality(label, person, ones, person == 6, np.zeros(4, int), 4)
    assert found.precision == pytest.approx(1 / 3)
    assert found.recall == pytest.approx(1 / 3)
    assert found.largest_false == 3
    assert found.innocents == 25_000
    assert found.child_merges == 1


def test_a_report_taken_back_leaves_what_there_would_be_without_it():
    found = undo(draw(SEED, Crowd(reports=3000)), 25, SEED)
    assert found.tried == found.exact == 25

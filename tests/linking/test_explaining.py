"""Why, and why not: the number taken apart is the kernel's number, and every step has its sentence in both languages."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.linking.drawn import ACCOUNTS_MAX, FACTS, PROTECTED, WORDS, evidence, nobody

from abhaya.linking import weights as w
from abhaya.linking.explaining import JUDGED_MILLIBITS, Step, chain, explain, why_not
from abhaya.linking.kernels import groups, hold_together, pair_weights, weighed
from abhaya.linking.reasons_links import SENTENCES
from abhaya.shared.reason import sentence

LINKS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(1, 9)).filter(lambda link: link[0] < link[1]),
    max_size=20,
    unique_by=lambda link: link[:2],
)


@settings(deadline=None)  # the first call compiles
@given(facts=FACTS, protected=PROTECTED)
def test_the_waterfall_of_every_pair_sums_to_the_kernels_number_and_comes_to_its_outcome(facts, protected):
    rows = evidence(*facts)
    found = pair_weights(rows, protected)
    known = {
        (int(a), int(b)): (int(bits), int(outcome), int(why)) for a, b, bits, outcome, why in zip(*found, strict=True)
    }
    for pair in combinations(range(ACCOUNTS_MAX), 2):
        told = explain(rows, *pair, protected)
        assert sum(line.reason.weight for line in told.lines) == told.millibits
        assert (told.millibits, told.outcome, told.why) == known.get(pair, (0, w.NONE, 0))


@settings(deadline=None)  # the first call compiles
@given(facts=FACTS, protected=PROTECTED, verdict=st.integers(0, 3), said=st.booleans())
def test_every_reason_has_a_sentence_in_english_and_in_hindi(facts, protected, verdict, said):
    told = explain(evidence(*facts), 0, 1, protected)
    against = why_not(told, verdict=verdict, is_different=said, shown=({w.PHONE}, {w.EMAIL}))
    for reason in (*told.reasons, *against):
        assert reason.code in SENTENCES
        for language in ("en", "hi"):
            text = sentence(reason, SENTENCES, language)
            assert "–" not in text
            assert "{" not in text


@settings(deadline=None)  # the first call compiles
@given(facts=FACTS, protected=PROTECTED, same=WORDS)
def test_the_waterfall_of_two_groups_sums_to_the_number_that_brought_them_together(facts, protected, same):
    rows = evidence(*facts)
    found = hold_together(ACCOUNTS_MAX, weighed(rows, protected), same=np.array(same, np.int32), protected=protected)
    for step in found.steps:
        for a, b, bits in zip(step.a.tolist(), step.b.tolist(), step.millibits.tolist(), strict=True):
            sides = tuple(np.flatnonzero(step.label == one).tolist() for one in (a, b))
            told = explain(rows, a, b, protected, sides=sides)
            assert sum(line.reason.weight for line in told.lines) == told.millibits == bits
            assert (told.outcome, told.caps) == (w.SAME, ())


@settings(deadline=None)  # the first call compiles
@given(links=LINKS, one=st.integers(0, 7), other=st.integers(0, 7))
def test_the_chain_is_the_strongest_there_is(links, one, other):
    found = chain(links, one, other)
    best = _widest(links, one, other)
    if found is None:
        assert best is None or one == other
        return
    assert found.weakest.millibits == best
    assert (found.steps[0].a, found.steps[-1].b) == (one, other)
    assert all(step.b == later.a for step, later in zip(found.steps, found.steps[1:], strict=False))


def _widest(links, one, other):
    """By trying every threshold: the greatest at which the two are still connected."""
    for least in sorted({bits for _, _, bits in links}, reverse=True):
        kept = np.array([(a, b) for a, b, bits in links if bits >= least], np.int32)
        none = np.zeros(0, np.int32)
        label = groups.partition(8, none, none, none, same=kept).label
        if label[one] == label[other]:
            return least
    return None


def test_the_weakest_link_of_a_chain_is_named():
    found = chain([(0, 1, 20), (1, 2, 7), (2, 3, 15), (0, 3, 3)], 0, 3)
    assert found.steps == (Step(0, 1, 20), Step(1, 2, 7), Step(2, 3, 15))
    assert found.weakest == Step(1, 2, 7)


def test_a_persons_word_is_the_strongest_link():
    assert chain([(0, 1, JUDGED_MILLIBITS), (0, 1, 3)], 0, 1).weakest.millibits == JUDGED_MILLIBITS


def codes(facts, protected=None, **given_):
    told = explain(evidence(*facts), 0, 1, nobody(2) if protected is None else protected)
    return [reason.code for reason in why_not(told, **given_)]


def test_why_not_names_the_officers_word_first():
    shared = [(account, kind, "a", 0, 1) for account in (0, 1) for kind in (w.EMAIL, w.PHONE)]
    assert codes(shared, is_different=True) == ["link_not_said"]
    assert codes(shared, verdict=groups.AGAINST_WORD) == ["link_not_word"]
    assert codes(shared, verdict=groups.WEAK_BRIDGE) == ["link_not_bridge"]


def test_why_not_says_that_one_is_a_child():
    shared = [(account, kind, "a", 0, 1) for account in (0, 1) for kind in (w.EMAIL, w.PHONE)]
    assert codes(shared, np.array([True, False])) == ["link_protected"]
    assert codes(shared, verdict=groups.AGAINST_PROTECTION) == ["link_not_protected_group"]


def test_why_not_names_what_both_have_and_what_counts_for_nothing():
    crowd = [(account, w.EMAIL, "office") for account in range(w.HOLDERS_MAX + 1)]
    told = explain(evidence(*crowd), 0, 1, nobody(len(crowd)))
    assert [reason.code for reason in why_not(told)] == ["link_email_generic", "link_not_shared"]


def test_why_not_names_what_is_missing_to_decide():
    alone = [(0, w.PHONE, "1"), (1, w.PHONE, "1")]
    assert codes(alone, shown=({w.PHONE}, {w.PHONE, w.EMAIL})) == [
        "link_alone", "link_missing_email", "link_missing_device",
    ]  # fmt: skip


def test_of_values_that_came_and_went_the_days_between_are_said():
    told = explain(evidence((0, w.PHONE, "1", 0), (1, w.PHONE, "1", 60)), 0, 1, nobody(2))
    apart = next(line for line in told.lines if line.reason.code == "link_phone_apart")
    assert apart.reason.values == {"days": 60}
    assert apart.value == 0

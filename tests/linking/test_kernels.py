"""Pairs and groups for whatever evidence comes: properties that hold for all of it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.linking.drawn import ACCOUNTS_MAX, FACTS, PROTECTED, WORDS, evidence, nobody

from abhaya.linking import weights as w
from abhaya.linking.kernels import Evidence, hold_together, pair_weights, partition, weighed
from abhaya.linking.kernels.groups import AGAINST_PROTECTION, AGAINST_WORD, TAKEN, WEAK_BRIDGE

WEIGHTED = st.lists(
    st.tuples(st.integers(0, ACCOUNTS_MAX - 1), st.integers(0, ACCOUNTS_MAX - 1), st.integers(6, 16)).filter(
        lambda link: link[0] < link[1]
    ),
    max_size=30,
    unique_by=lambda link: link[:2],
)


def groups(accounts, links, **given_):
    a, b, bits = (np.array(column, np.int32) for column in zip(*links, strict=True)) if links else [np.zeros(0)] * 3
    words = {name: np.array(pairs) if pairs else None for name, pairs in given_.items() if name != "protected"}
    return partition(accounts, a, b, np.asarray(bits) * 1000, **words, protected=given_.get("protected"))


def rows_of(pairs):
    return list(zip(*(column.tolist() for column in pairs), strict=True))


@settings(deadline=None)  # the first call compiles
@given(facts=FACTS, protected=PROTECTED, seed=st.randoms())
def test_the_order_of_the_rows_changes_nothing(facts, protected, seed):
    rows = evidence(*facts)
    order = list(range(len(rows.account)))
    seed.shuffle(order)
    turned = Evidence(*(column[order] for column in rows))
    assert rows_of(pair_weights(rows, protected)) == rows_of(pair_weights(turned, protected))


@settings(deadline=None)  # the first call compiles
@given(facts=FACTS, protected=PROTECTED)
def test_a_report_that_comes_twice_changes_nothing(facts, protected):
    once = pair_weights(evidence(*facts), protected)
    twice = pair_weights(evidence(*facts, *facts), protected)
    assert rows_of(once) == rows_of(twice)


@settings(deadline=None)  # the first call compiles
@given(facts=FACTS)
def test_addresses_alone_never_decide(facts):
    addresses = [fact for fact in facts if fact.kind in {w.IP, w.IP6}]
    assert not (pair_weights(evidence(*addresses), nobody(ACCOUNTS_MAX)).outcome > w.RELATED).any()


@settings(deadline=None)  # the first call compiles
@given(facts=FACTS)
def test_taking_the_addresses_away_changes_no_outcome_above_related(facts):
    plain = [fact for fact in facts if fact.kind not in {w.IP, w.IP6}]
    with_them = pair_weights(evidence(*facts), nobody(ACCOUNTS_MAX))
    without = pair_weights(evidence(*plain), nobody(ACCOUNTS_MAX))

    def decided(pairs):
        return {(a, b): o for a, b, _, o, _ in rows_of(pairs) if o > w.RELATED}

    assert decided(with_them) == decided(without)


@settings(deadline=None)  # the first call compiles
@given(facts=FACTS, protected=PROTECTED, one=st.integers(0, ACCOUNTS_MAX - 1))
def test_a_part_is_weighed_as_in_the_whole(facts, protected, one):
    """All rows of the accounts that share a value with one account, and how many accounts have each value."""
    rows = evidence(*facts)
    whole = pair_weights(rows, protected)
    counts = (rows.flags & w.JUNK) == 0
    mine = np.unique(rows.value[(rows.account == one) & counts])
    near = np.unique(rows.account[np.isin(rows.value, mine) & counts])
    whose = np.unique(rows.value[np.isin(rows.account, near) & counts])
    others = np.unique(rows.account[np.isin(rows.value, whose) & counts])
    kept = np.isin(rows.account, near) | np.isin(rows.value, whose)
    kept |= np.isin(rows.account, others) & (rows.kind <= w.DEVICE)
    part = Evidence(*(column[kept] for column in rows))
    holders = np.array([
        len(set(rows.account[(rows.value == value) & counts].tolist())) for value in range(int(rows.value.max(initial=-1)) + 1)
    ])  # fmt: skip
    of_one = [row for row in rows_of(pair_weights(part, protected, holders=holders)) if one in row[:2]]
    assert of_one == [row for row in rows_of(whole) if one in row[:2]]


@settings(deadline=None)  # the first call compiles
@given(links=WEIGHTED, different=WORDS, same=WORDS, protected=PROTECTED)
def test_words_and_protection_hold_whatever_links_say(links, different, same, protected):
    found = groups(ACCOUNTS_MAX, links, different=different, same=same, protected=protected)
    for a, b in different:
        assert found.label[a] != found.label[b]
    for label in set(found.label.tolist()):
        assert len(set(protected[found.label == label].tolist())) == 1
    for (a, b), verdict in zip(same, found.said, strict=True):
        assert (found.label[a] == found.label[b]) == (verdict == TAKEN)
        assert verdict in {TAKEN, AGAINST_WORD, AGAINST_PROTECTION}


@settings(deadline=None)  # the first call compiles
@given(links=WEIGHTED, different=WORDS, same=WORDS, protected=PROTECTED, seed=st.randoms())
def test_the_order_of_links_and_of_words_different_changes_no_group(links, different, same, protected, seed):
    before = groups(ACCOUNTS_MAX, links, different=different, same=same, protected=protected)
    links, different = seed.sample(links, len(links)), seed.sample(different, len(different))
    after = groups(ACCOUNTS_MAX, links, different=different, same=same, protected=protected)
    assert before.label.tolist() == after.label.tolist()


@settings(deadline=None)  # the first call compiles
@given(links=WEIGHTED, different=WORDS, same=WORDS, protected=PROTECTED)
def test_a_component_alone_is_grouped_as_in_the_whole(links, different, same, protected):
    """What live linking computes after one report is what a full rebuild computes."""
    whole = groups(ACCOUNTS_MAX, links, different=different, same=same, protected=protected)
    parts = groups(ACCOUNTS_MAX, [(a, b, 99) for a, b, _ in links], same=same).label
    for part in set(parts.tolist()):
        members = np.flatnonzero(parts == part)
        place = {int(one): position for position, one in enumerate(members)}

        def inside(rows, place=place):
            return [(place[row[0]], place[row[1]], *row[2:]) for row in rows if row[0] in place and row[1] in place]

        alone = groups(
            len(members), inside(links), different=inside(different), same=inside(same), protected=protected[members]
        )
        assert members[alone.label].tolist() == whole.label[members].tolist()


@settings(deadline=None)  # the first call compiles
@given(facts=FACTS, protected=PROTECTED, different=WORDS, seed=st.randoms())
def test_groups_by_all_that_they_show_depend_on_their_component_and_on_no_order(facts, protected, different, seed):
    rows = evidence(*facts)
    apart = np.array(different, np.int32).reshape(-1, 2)
    whole = hold_together(ACCOUNTS_MAX, weighed(rows, protected), different=apart, protected=protected)
    for a, b in different:
        assert whole.label[a] != whole.label[b]
    for label in set(whole.label.tolist()):
        assert len(set(protected[whole.label == label].tolist())) == 1
    order = seed.sample(range(len(rows.account)), len(rows.account))
    turned = Evidence(*(column[order] for column in rows))
    assert hold_together(
        ACCOUNTS_MAX, weighed(turned, protected), different=apart, protected=protected
    ).label.tolist() == (whole.label.tolist())
    every = weighed(rows, protected)
    near = every.pairs.outcome > w.RELATED
    part = partition(ACCOUNTS_MAX, every.pairs.a[near], every.pairs.b[near], every.pairs.millibits[near]).label
    for one in set(part.tolist()):
        counts = (part[every.pairs.a] == one) & (part[every.pairs.b] == one)
        alone = hold_together(ACCOUNTS_MAX, every, counts=counts, different=apart, protected=protected).label
        assert alone[part == one].tolist() == whole.label[part == one].tolist()


GROUPS = [
    *((account, w.EMAIL, "a", 0, 1) for account in (0, 1)), *((account, w.PHONE, "1", 0, 1) for account in (0, 1)),
    *((account, w.EMAIL, "b", 0, 1) for account in (2, 3)), *((account, w.PHONE, "2", 0, 1) for account in (2, 3)),
]  # fmt: skip
"""Two groups of two accounts, with a mailbox and a telephone each."""


def together(*facts, **given_):
    found = weighed(evidence(*facts), nobody(4))
    return hold_together(4, found, protected=nobody(4), **given_)


def test_two_kinds_between_two_groups_say_together_what_neither_says_alone():
    third = [(account, w.PHONE, "3", 0, 1) for account in (0, 2)]
    payee = [(account, w.EMAIL, "c", 0, 1) for account in (1, 3)]
    assert together(*GROUPS, *third).label.tolist() == together(*GROUPS, *payee).label.tolist() == [0, 0, 2, 2]
    found = together(*GROUPS, *third, *payee)
    assert found.label.tolist() == [0, 0, 0, 0]
    assert [(step.a.tolist(), step.b.tolist()) for step in found.steps] == [([0], [2])]


def test_a_word_different_holds_between_groups_compared_by_all_they_show():
    shared = [(account, kind, "x", 0, 1) for account, kind in ((0, w.PHONE), (2, w.PHONE), (1, w.EMAIL), (3, w.EMAIL))]
    assert together(*GROUPS, *shared, different=np.array([(1, 2)])).label.tolist() == [0, 0, 2, 2]


def test_a_word_same_makes_a_group_whose_evidence_counts_together():
    shared = [(0, w.PHONE, "1", 0, 1), (2, w.PHONE, "1", 0, 1), (1, w.EMAIL, "a", 0, 1), (2, w.EMAIL, "a", 0, 1)]
    assert together(*shared).label.tolist() == [0, 1, 2, 3]
    assert together(*shared, same=np.array([(0, 1)])).label.tolist() == [0, 0, 0, 3]


def test_taking_a_report_away_gives_what_there_would_be_without_it():
    chain = [(0, w.EMAIL, "a"), (1, w.EMAIL, "a"), (1, w.EMAIL, "b"), (2, w.EMAIL, "b")]
    joined = pair_weights(evidence(*chain), nobody(3))
    assert partition(3, joined.a, joined.b, joined.millibits).label.tolist() == [0, 0, 0]
    left = pair_weights(evidence(*chain[:2], *chain[3:]), nobody(3))
    assert partition(3, left.a, left.b, left.millibits).label.tolist() == [0, 0, 2]


def test_different_said_of_two_holds_between_their_groups():
    found = groups(4, [(0, 1, 20), (2, 3, 19), (1, 2, 18)], different=[(0, 3)])
    assert found.label.tolist() == [0, 0, 2, 2]
    assert found.linked.tolist() == [TAKEN, TAKEN, AGAINST_WORD]


def test_of_words_that_contradict_each_other_different_stands_and_the_other_is_told():
    found = groups(3, [], same=[(0, 1), (1, 2)], different=[(0, 2)])
    assert found.said.tolist() == [TAKEN, AGAINST_WORD]


def test_a_persons_word_same_never_brings_a_child_and_a_suspect_together():
    found = groups(2, [(0, 1, 30)], same=[(0, 1)], protected=np.array([True, False]))
    assert found.said.tolist() == found.linked.tolist() == [AGAINST_PROTECTION]


def test_a_child_is_not_joined_to_a_suspect_through_a_third_account():
    found = groups(3, [(0, 1, 30), (1, 2, 29)], protected=np.array([False, False, True]))
    assert found.label.tolist() == [0, 0, 2]


def test_two_large_groups_do_not_hang_together_by_one_weak_link():
    size = w.PARAMETERS.bridge_group_min
    one = [(number, number + 1, 20) for number in range(size - 1)]
    other = [(a + size, b + size, bits) for a, b, bits in one]
    weak = groups(2 * size, [*one, *other, (0, size, 7)])
    assert len(set(weak.label.tolist())) == 2
    assert weak.linked.tolist()[-1] == WEAK_BRIDGE
    assert len(set(groups(2 * size, [*one, *other, (0, size, 7), (1, size + 1, 7)]).label.tolist())) == 1
    assert len(set(groups(2 * size, [*one, *other, (0, size, 15)]).label.tolist())) == 1


def test_nothing_in_gives_nothing_out():
    assert rows_of(pair_weights(evidence(), nobody(0))) == []
    assert groups(0, []).label.tolist() == []
    assert groups(2, []).label.tolist() == [0, 1]

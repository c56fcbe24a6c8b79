"""Which subject is which: most in common keeps the id, ties go to the older, and no id comes back."""

from __future__ import annotations

from itertools import count
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from abhaya.linking.rules_identity import BORN, ENDED, JOINED, MOVED, SPLIT, Turn, identify


def one(number: int) -> UUID:
    return UUID(int=number)


OLD, YOUNG = one(1001), one(1002)


def ids() -> object:
    numbers = count(5000)
    return lambda: one(next(numbers))


def test_two_that_come_together_are_a_subject_that_is_born():
    found = identify({}, [[one(1), one(2)]], ids())
    assert found.turns == [Turn(BORN, one(5000), None, (one(1), one(2)))]
    assert found.now == {one(1): one(5000), one(2): one(5000)}


def test_of_two_subjects_that_become_one_the_larger_stays_and_a_tie_goes_to_the_older():
    larger = {one(1): OLD, one(2): OLD, one(3): YOUNG, one(4): YOUNG, one(5): YOUNG}
    found = identify(larger, [[one(n) for n in range(1, 6)]], ids())
    assert found.ended == [OLD]
    assert found.turns[0] == Turn(JOINED, YOUNG, OLD, (one(1), one(2)))
    assert Turn(ENDED, OLD, YOUNG, ()) in found.turns
    even = {one(1): OLD, one(2): OLD, one(3): YOUNG, one(4): YOUNG}
    assert identify(even, [[one(n) for n in range(1, 5)]], ids()).ended == [YOUNG]


def test_of_a_subject_that_splits_the_larger_part_keeps_the_id():
    before = {one(n): OLD for n in range(1, 6)}
    found = identify(before, [[one(1), one(2)], [one(3), one(4), one(5)]], ids())
    assert found.now == {one(1): one(5000), one(2): one(5000)}
    assert Turn(SPLIT, OLD, one(5000), (one(1), one(2))) in found.turns


def test_an_account_that_goes_over_moves_and_one_that_is_left_alone_is_parted():
    before = {one(1): OLD, one(2): OLD, one(3): OLD, one(4): YOUNG, one(5): YOUNG}
    found = identify(before, [[one(1), one(2)], [one(3), one(4), one(5)]], ids())
    assert found.turns == [Turn(MOVED, OLD, YOUNG, (one(3),))]
    assert identify({one(1): OLD, one(2): OLD}, [], ids()).turns == [Turn(ENDED, OLD, None, (one(1), one(2)))]


@given(
    st.dictionaries(st.integers(1, 20), st.integers(1001, 1004), max_size=20),
    st.lists(st.integers(0, 5), min_size=20, max_size=20),
)
def test_every_account_is_where_its_group_is_and_ids_are_of_one_group_and_never_used_again(before, labels):
    groups: dict[int, list[UUID]] = {}
    for account, label in enumerate(labels, start=1):
        if label:
            groups.setdefault(label, []).append(one(account))
    meant = [group for group in groups.values() if len(group) > 1]
    stood = {one(account): one(subject) for account, subject in before.items()}
    found = identify(stood, meant, ids())
    after = {account: subject for account, subject in {**stood, **found.now}.items() if subject}
    kept = [{after[account] for account in group} for group in meant]
    assert all(len(subjects) == 1 for subjects in kept)
    assert len(set().union(*kept)) == len(meant)
    assert set(after) == {account for group in meant for account in group}
    assert set(found.ended) == set(stood.values()) - set(after.values())
    assert not set(found.born) & set(stood.values())
    moved = [account for turn in found.turns for account in turn.accounts]
    assert sorted(moved) == sorted(found.now), "each that moved is told of once"
    assert identify(after, meant, ids()).turns == []

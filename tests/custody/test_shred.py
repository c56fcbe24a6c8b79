"""Shredding: one key at a time, the bytes with the last, and never under somebody who is just taking them in."""

from __future__ import annotations

from uuid import uuid4

import pytest
from tests.custody.world import (
    ask,
    beside,
    content_of,
    kept,
    make_compartment,
    path_of,
    read,
    rolled_back,
    wait_until_blocked,
)

from abhaya.custody.actions import Blob, hold, shred, take_in
from abhaya.custody.queries import items_of
from abhaya.custody.vault import SMALL_BYTES_MAX
from abhaya.errors import NotThere
from abhaya.shared.identity import on_the_road

LARGE = SMALL_BYTES_MAX + 1


@pytest.mark.parametrize("size", [100, LARGE])
def test_shredding_takes_one_key_and_the_last_takes_the_bytes(size):
    ours, theirs, content = make_compartment(), make_compartment(), content_of(size)
    (stored,) = kept(ours, content)
    kept(theirs, content)
    with on_the_road("test"):
        assert shred(stored.object_id, ours) is False
    with pytest.raises(NotThere):
        read(stored.object_id, ours)
    assert read(stored.object_id, theirs) == content
    with on_the_road("test"):
        assert shred(stored.object_id, theirs) is True
    assert not path_of(stored).exists()
    assert ask("select count(*) from custody_bytes where id = %s", stored.object_id) == [(0,)]
    assert ask("select kept, name, known_key from custody_object where id = %s", stored.object_id) == [
        ("gone", None, None)
    ]


def test_what_was_shredded_is_still_an_item_and_says_that_it_is_not_held():
    compartment = make_compartment()
    (stored,) = kept(compartment, content_of())
    with on_the_road("test"):
        shred(stored.object_id, compartment)
        (found,) = items_of(compartment)
    assert (found.id, found.is_held) == (stored.item_id, False)


def test_shredding_is_in_the_ledger_and_in_the_journal_that_a_restore_replays():
    compartment = make_compartment()
    (stored,) = kept(compartment, content_of())
    with on_the_road("test"):
        shred(stored.object_id, compartment)
    assert ask(
        "select event, position(%s::bytea in body) > 0 from ledger_entry where subject_id = %s",
        stored.sha256.hex().encode(), stored.object_id,
    ) == [("custody:object:shredded", True)]  # fmt: skip
    assert ask("select compartment, last from custody_erasure where object_id = %s", stored.object_id) == [
        (compartment, True)
    ]


def test_shredding_what_is_not_held_does_nothing():
    (stored,) = kept(make_compartment(), content_of())
    with on_the_road("test"):
        assert shred(stored.object_id, uuid4()) is False
        assert shred(uuid4(), uuid4()) is False
    assert ask("select count(*) from custody_erasure where object_id = %s", stored.object_id) == [(0,)]


@pytest.mark.parametrize("size", [100, LARGE])
def test_bytes_that_come_again_after_shredding_are_taken_in_anew(size):
    compartment, content = make_compartment(), content_of(size)
    (first,) = kept(compartment, content)
    with on_the_road("test"):
        shred(first.object_id, compartment)
    (second,) = kept(compartment, content)
    assert second.object_id != first.object_id
    assert read(second.object_id, compartment) == content


def test_a_shredding_that_is_rolled_back_leaves_the_bytes():
    compartment, content = make_compartment(), content_of(LARGE)
    (stored,) = kept(compartment, content)
    rolled_back(lambda: shred(stored.object_id, compartment))
    assert read(stored.object_id, compartment) == content


@pytest.mark.parametrize("size", [100, LARGE])
def test_bytes_are_not_shredded_under_somebody_who_is_just_taking_them_in(size):
    ours, theirs, content = make_compartment(), make_compartment(), content_of(size)
    (stored,) = kept(ours, content)

    def shred_ours():
        with on_the_road("test"):
            return shred(stored.object_id, ours)

    with on_the_road("test"):
        take_in([Blob(theirs, "x", content, "", "test")])  # known, and not yet committed
        waiting = beside(shred_ours)
        shredded = waiting.__enter__()
        wait_until_blocked()
    assert shredded() is False
    waiting.__exit__(None, None, None)
    assert read(stored.object_id, theirs) == content


@pytest.mark.parametrize("size", [100, LARGE])
def test_bytes_taken_in_while_they_are_being_shredded_are_kept_anew(size):
    ours, theirs, content = make_compartment(), make_compartment(), content_of(size)
    (stored,) = kept(ours, content)
    with on_the_road("test"):
        assert shred(stored.object_id, ours) is True  # and not yet committed
        waiting = beside(lambda: kept(theirs, content)[0])
        taken = waiting.__enter__()
        wait_until_blocked()
    again = taken()
    waiting.__exit__(None, None, None)
    assert again.object_id != stored.object_id
    assert read(again.object_id, theirs) == content


def test_an_object_is_not_handed_over_while_it_is_being_shredded():
    ours, theirs = make_compartment(), make_compartment()
    (stored,) = kept(ours, content_of())

    def hand_over():
        with on_the_road("test"):
            hold(stored.object_id, ours, theirs)

    with on_the_road("test"):
        shred(stored.object_id, ours)
        waiting = beside(hand_over)
        handed = waiting.__enter__()
        wait_until_blocked()
    with pytest.raises(NotThere):
        handed()
    waiting.__exit__(None, None, None)

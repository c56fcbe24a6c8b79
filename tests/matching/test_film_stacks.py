"""Films of ours that look alike stand in a stack around the first of them, as pictures do."""

from __future__ import annotations

import itertools
from uuid import UUID

import pytest
from tests.custody import films as made
from tests.factory import Receipt, make_officer, make_report, make_sender, make_unit
from tests.matching.test_against_lists import match
from tests.matching.test_films_held import coarser, hash_all

from abhaya.access.queries import signed_in
from abhaya.matching import answers, film_reasons, stacks
from abhaya.matching.actions.film_stacks import stack_films
from abhaya.matching.actions.partings import part, take_back
from abhaya.matching.actions.stacks import stack_pictures
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import fetch, fetch_one

SEEDS = itertools.count(2500)
SECONDS = 4

pytestmark = pytest.mark.usefixtures("closed_road")


@pytest.fixture
def hub() -> UUID:
    return make_unit("hub")


@pytest.fixture
def sender(hub):
    return make_sender(hub)


def settle(*receipts: Receipt) -> None:
    match(*receipts)
    hash_all()
    stacked()


def stacked() -> None:
    while True:
        with on_the_road("road:matching"):
            if not stack_films():
                return


def stack(receipt: Receipt) -> tuple[object, ...]:
    """Stack, whether it is the first itself, in which form it is met."""
    with on_the_road("test"):
        [row] = fetch(
            lambda *row: row,
            "select stack_id, stack_first = file_id, stack_form from matching_file_hash where report_id = %s",
            [receipt.report_id],
        )
    return row


def test_films_that_look_alike_are_one_stack_and_another_is_one_of_its_own(hub, sender):
    whole = made.clip(next(SEEDS), SECONDS)
    part = made.remade(whole, "-ss", "1", "-t", "2", "-vf", "hflip", "-c:v", "libx264")
    first, again, cut, other = (
        make_report(sender, held=[one]) for one in (whole, coarser(whole), part, made.clip(next(SEEDS), SECONDS))
    )
    settle(first, again, cut, other)
    (of, is_first, form) = stack(first)
    assert (is_first, form) == (True, "")
    assert stack(again) == (of, False, "film as it is, 4 of 4, 4 of 4")
    assert stack(cut) == (of, False, "film mirrored, 2 of 2, 2 of 4")
    assert stack(other)[0] != of
    assert stack(other)[1]
    alice, charlie = make_officer(hub, "analyst"), make_officer(make_unit("district"), "analyst")
    with acting(alice.id):
        (told,) = answers.of_report(cut.report_id).values()
        assert told.word(is_held=True) == "looks-known"
        assert told.why("en")[0][0].startswith(
            "A film that was here before looks alike: 2 of 2 frames lie within 31 bits"
        )
        assert "फ़िल्म" in told.why("hi")[0][0]
        file = fetch_one(UUID, "select file_id::text from matching_file_hash where report_id = %s", [cut.report_id])
        assert len(stacks.alike(file)) == 2
    with acting(charlie.id):
        assert stacks.alike(file) == []


def test_the_same_bytes_stand_beside_the_first_and_test_reports_in_no_stack(hub, sender):
    whole = made.clip(next(SEEDS), SECONDS)
    trial = make_report(make_sender(hub, is_test=True), held=[whole])
    settle(trial)
    first, same = make_report(sender, held=[whole]), make_report(sender, held=[whole])
    settle(first, same)
    assert stack(trial) == (None, None, "")
    assert stack(first)[1]
    assert stack(same) == (stack(first)[0], False, "")


def test_when_the_first_is_deleted_the_others_are_asked_anew(hub, sender, owner):
    whole = made.clip(next(SEEDS), SECONDS)
    first, second, third = (
        make_report(sender, held=[one])
        for one in (whole, coarser(whole), made.remade(whole, "-vf", "scale=160:120", "-c:v", "libx264"))
    )
    settle(first, second, third)
    for table in ("matching_film_hash", "matching_file_hash"):
        owner.execute(f"delete from {table} where report_id = %s", [first.report_id])
    owner.commit()
    assert stack(second) == stack(third) == (None, None, "")
    stacked()
    assert stack(second)[1:] == (True, "")
    assert stack(third)[0] == stack(second)[0]
    assert stack(third)[2].startswith("film as it is")


def test_a_film_that_an_officer_takes_out_of_its_stack_begins_its_own_until_that_is_taken_back(hub, sender):
    whole = made.clip(next(SEEDS), SECONDS)
    first, second = make_report(sender, held=[whole]), make_report(sender, held=[coarser(whole)])
    settle(first, second)
    alice = make_officer(hub, "analyst")
    with on_the_road("test"):
        file = fetch_one(UUID, "select file_id::text from matching_file_hash where report_id = %s", [second.report_id])
    for word, is_apart in ((part, True), (take_back, False)):
        with acting(alice.id, name=alice.name):
            word(file, signed_in(alice.id), "another child is in it")
        with on_the_road("road:matching"):
            stack_pictures()  # where officers' word is taken up
        stacked()
        assert stack(second)[1] == is_apart
        assert (stack(second)[0] != stack(first)[0]) == is_apart


def test_a_picture_s_form_is_none_of_a_film():
    assert film_reasons.of_stack("pdq turned 90") is None
    assert film_reasons.of_stack(film_reasons.form_of("mirrored", [1, 2, 3, 4])) is not None

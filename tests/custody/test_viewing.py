"""The rules about looking: on which basis, in which steps, and when it is time to stop. Pure, and read out as sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.custody.formats import lawful_csv
from abhaya.custody.lawful import DRAFT, Ask, Basis, Needs, Rule, Table, Viewed, asked, faults, missing, rule_for
from abhaya.custody.look_reasons import NEEDS, SENTENCES, STEPS, VIEWED
from abhaya.custody.viewing import (
    Caps,
    Choice,
    Circumstances,
    Exposure,
    Kind,
    Known,
    Pause,
    Step,
    may_open_file,
    may_show,
    meter,
    next_step,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
FULL_BASIS = Basis("to see whether it bears on the report", "FIR 12/2026", "order 7")


@pytest.mark.parametrize(
    ("place", "viewed", "needs"),
    [
        ("", None, Needs.REASON), ("XX-1", False, Needs.REASON), ("IN", True, Needs.REFERENCE),
        ("IN-27-490", None, Needs.REFERENCE), ("US-CA", True, Needs.REASON), ("US-CA", False, Needs.WARRANT),
        ("US-CA", None, Needs.WARRANT), ("US-TX", False, Needs.REFERENCE), ("US-TX", None, Needs.WARRANT),
        ("USX", False, Needs.REASON),
    ],
)  # fmt: skip
def test_what_is_needed_follows_from_the_place_and_the_senders_flag(place, viewed, needs):
    assert rule_for(DRAFT, place, Viewed.of(viewed)).needs is needs


def test_the_draft_answers_everywhere_names_its_sources_and_says_that_it_is_a_draft():
    assert faults(DRAFT.rules) == []
    assert DRAFT.is_draft
    assert all(len(rule.source) > 20 for rule in DRAFT.rules)


def test_a_table_without_an_answer_still_asks_for_a_purpose():
    assert rule_for(Table("none", ()), "IN", Viewed.NO).needs is Needs.REASON


@given(st.sampled_from(Needs), st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_nothing_is_missing_exactly_when_all_that_is_asked_was_given(needs, purpose, reference, warrant):
    rule, basis = Rule("", Viewed.NO, needs, "x"), Basis(purpose, reference, warrant)
    lacking = missing(rule, basis)
    assert set(lacking) <= set(asked(rule))
    assert (Ask.PURPOSE in lacking) == (len(purpose.strip()) < 10)
    assert (Ask.WARRANT in lacking) == (needs is Needs.WARRANT and not warrant.strip())


def test_a_table_that_contradicts_itself_or_leaves_a_gap_is_refused():
    twice = faults((*DRAFT.rules, DRAFT.rules[0]))
    assert [reason.code for reason in twice] == ["lawful_twice"]
    assert [reason.code for reason in faults(DRAFT.rules[1:])] == ["lawful_everywhere"]


def test_the_rules_go_out_as_csv_and_come_back_the_same():
    assert lawful_csv.read(lawful_csv.written(DRAFT.rules).encode()) == DRAFT.rules


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("in,true,reason,x", "no place code"), (",maybe,reason,x", "true, false or null"),
        (",true,nothing,x", "reason, reference, warrant"), (",true,reason,", "where this comes from"),
    ],
)  # fmt: skip
def test_a_row_that_is_wrong_is_named_by_its_line(row, said):
    with pytest.raises(ValueError, match=f"Line 2: .*{said}"):
        lawful_csv.read(f"jurisdiction,viewed,needs,source\n{row}\n".encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_sentence(content):
    try:
        lawful_csv.read(content)
    except ValueError as fault:
        assert str(fault).endswith(".")


def test_steps_go_one_at_a_time_and_back_as_one_likes():
    choice, reached, seen = Choice(), "", []
    while (step := next_step(choice, reached)) is not None:
        assert may_show(choice, reached, step)
        beyond = [other for other in choice.steps if choice.steps.index(other) > choice.steps.index(step)]
        assert not any(may_show(choice, reached, other) for other in beyond)
        seen.append(step)
        reached = step.value
    assert seen == [Step.BLURRED, Step.CLEAR, Step.COLOUR, Step.FULL]
    assert all(may_show(choice, "full", step) for step in seen)


def test_an_officers_own_choice_shortens_the_steps():
    assert Choice(is_grey=False).steps == (Step.BLURRED, Step.COLOUR, Step.FULL)
    assert Choice(starts_blurred=False).steps == (Step.CLEAR, Step.COLOUR, Step.FULL)
    assert not may_show(Choice(starts_blurred=False), "", Step.BLURRED)


def looks(*minutes_ago_and_seconds: tuple[float, int]) -> list[Exposure]:
    return [Exposure(NOON - timedelta(minutes=ago), seconds, "A1") for ago, seconds in minutes_ago_and_seconds]


def now_of(*pairs: tuple[float, int], caps: Caps = Caps()):
    return meter(looks(*pairs), caps, now=NOON, midnight=MIDNIGHT)


def test_the_meter_counts_items_and_minutes_of_the_day_and_the_week():
    week = [Exposure(NOON - timedelta(days=2), 120, "B2"), *looks((60, 60), (30, 30))]
    found = meter(week, Caps(), now=NOON, midnight=MIDNIGHT)
    assert (found.items_today, found.seconds_today, found.items_week, found.seconds_week) == (2, 90, 3, 210)
    assert found.by_severity == {"B2": 1, "A1": 2}


def test_twenty_minutes_without_a_break_ask_for_one_and_it_ends_by_itself():
    stretch = [(21 - minute, 60) for minute in range(20)]
    due = now_of(*stretch)
    assert due.pause is Pause.BREAK
    assert due.until == NOON - timedelta(minutes=1) + timedelta(minutes=10)
    rested = meter(looks(*stretch), Caps(), now=NOON + timedelta(minutes=9, seconds=1), midnight=MIDNIGHT)
    assert rested.pause is Pause.NONE
    assert rested.stretch_seconds == 0


def test_a_break_taken_in_between_begins_anew():
    assert (
        now_of(*[(60 - minute, 60) for minute in range(15)], *[(8 - minute, 60) for minute in range(7)]).pause
        is Pause.NONE
    )


def test_a_word_comes_before_a_pause_does():
    assert now_of(*[(17 - minute, 60) for minute in range(15)]).pause is Pause.SOON


def test_a_day_ends_when_enough_was_seen():
    assert now_of(*[(300 - minute, 1) for minute in range(150)]).pause is Pause.ENOUGH
    assert now_of(*[(700 - 20 * place, 600) for place in range(10)]).pause is Pause.ENOUGH


@given(*[st.none() | st.integers(1, 500)] * 4)
def test_limits_are_lowered_and_never_raised(items, minutes, stretch, pause):
    house, own = Caps(), Caps().lowered(items, minutes, stretch, pause)
    assert own.items_a_day <= house.items_a_day
    assert own.minutes_a_day <= house.minutes_a_day
    assert own.minutes_without_break <= house.minutes_without_break
    assert own.break_minutes >= house.break_minutes


OPEN = Circumstances(True, Kind.PICTURE, True, Rule("", Viewed.NO, Needs.WARRANT, "x"), FULL_BASIS)


def test_a_file_opens_when_nothing_stands_against_it():
    assert may_open_file(OPEN).is_open


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"may_view": False}, "look_role"), ({"unit_may_open": False}, "look_unit"), ({"is_held": False}, "look_not_held"),
        ({"has_key": False}, "look_hash_only"), ({"kind": Kind.SOUND}, "look_sound"), ({"kind": Kind.OTHER}, "look_other"),
        ({"rule": Rule("XX", Viewed.NO, Needs.CLOSED, "a law")}, "look_closed_by_law"),
    ],
)  # fmt: skip
def test_each_condition_alone_keeps_it_closed_with_its_reason(change, code):
    verdict = may_open_file(replace(OPEN, **change))
    assert [reason.code for reason in verdict.refusals] == [code]
    assert not verdict.is_open
    assert all(SENTENCES[code])


def test_all_that_stands_against_it_is_said_at_once():
    assert len(may_open_file(replace(OPEN, may_view=False, is_held=False, kind=Kind.SOUND)).refusals) == 3


@pytest.mark.parametrize("known", [Known.LOOKED, Known.VERIFIED])
def test_what_is_known_is_not_shown_again_without_saying_why(known):
    again = replace(OPEN, known=known)
    assert may_open_file(again).lacking == (Ask.WHY_AGAIN,)
    assert may_open_file(replace(again, why_again="the first look was of the wrong file")).is_open


@pytest.mark.parametrize("pause", [Pause.BREAK, Pause.ENOUGH])
def test_a_pause_stands_in_the_way_unless_a_child_is_in_danger_or_a_reason_is_given(pause):
    tired = replace(OPEN, pause=pause)
    assert may_open_file(tired).lacking == (Ask.WHY_ON,)
    assert may_open_file(replace(tired, is_imminent=True)).is_open
    assert may_open_file(replace(tired, why_on="nobody else is on duty tonight")).is_open
    assert may_open_file(replace(OPEN, pause=Pause.SOON)).is_open


def test_every_word_shown_is_there_in_both_languages():
    for words in (SENTENCES, NEEDS, STEPS, VIEWED):
        assert all(english and hindi for english, hindi in words.values())
    assert {step.value for step in Step} == set(STEPS)
    assert {need.value for need in Needs} == set(NEEDS)

"""Who is masked, whatever else a report says."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from abhaya.desk.rules import ORDER, lay_out
from abhaya.intake.formats.record import Loss, Person, Place, Record, Text

AT = datetime(2026, 11, 21, tzinfo=UTC)
ages = st.one_of(st.none(), st.integers(0, 90))
persons = st.lists(
    st.tuples(st.sampled_from(ORDER), st.integers(1, 3), ages), max_size=6, unique_by=lambda one: one[:2]
)


def laid(described, sightings=(), *, reported_is_child=False, unmasked=frozenset()):
    record = Record(
        "x", 1, persons=tuple(Person(role, number, "/", age=age, name="A") for role, number, age in described)
    )
    return lay_out(record, sightings, AT, reported_is_child=reported_is_child, unmasked=unmasked)


@given(persons, st.booleans())
def test_a_child_and_a_victim_are_masked_in_every_role(described, flagged):
    for shown in laid(described, reported_is_child=flagged).persons:
        if shown.role == "victim" or (shown.age is not None and shown.age < 18):
            assert shown.masked
        if shown.role == "reported" and flagged and shown.age is None:
            assert shown.masked


@given(persons)
def test_a_grown_up_who_is_no_victim_is_shown(described):
    for shown in laid(described).persons:
        if shown.role != "victim" and shown.age is not None and shown.age >= 18:
            assert not shown.masked


@given(persons)
def test_asking_shows_the_one_asked_for_and_nobody_else(described):
    if not described:
        return
    one = (described[0][0], described[0][1])
    shown = {
        (person.role, person.number): person.masked for person in laid(described, unmasked=frozenset({one})).persons
    }
    assert shown.pop(one) is False
    before = {(person.role, person.number): person.masked for person in laid(described).persons}
    assert all(masked == before[key] for key, masked in shown.items())


def test_somebody_written_to_is_masked_until_said_to_be_grown_up():
    assert laid([("recipient", 1, None)]).persons[0].masked
    assert not laid([("recipient", 1, 30)]).persons[0].masked


def test_the_age_follows_from_the_day_of_birth():
    record = Record("x", 1, persons=(Person("reported", 1, "/", date_of_birth="2010-01-01"),))
    shown = lay_out(record, [], AT, reported_is_child=False, unmasked=frozenset()).persons[0]
    assert (shown.age, shown.masked) == (16, True)


@given(
    persons,
    st.lists(st.tuples(st.sampled_from([*ORDER, "mentioned", "file", "incident"]), st.integers(0, 4)), max_size=8),
)
def test_no_identifier_is_lost_and_none_is_shown_twice(described, seen):
    sightings = [SimpleNamespace(role=role, person=person, kind="email") for role, person in seen]
    found = laid(described, sightings)
    placed = [sighting for person in found.persons for sighting in person.sightings] + found.rest
    assert sorted(map(id, placed)) == sorted(map(id, sightings))


def test_the_child_stands_first():
    roles = [shown.role for shown in laid([("reporter", 1, None), ("reported", 1, 40), ("victim", 1, 12)]).persons]
    assert roles == ["victim", "reported", "reporter"]


def test_a_mask_says_how_much_it_hides():
    record = Record(
        "x", 1, persons=(Person("victim", 1, "/", name="A", school="B"),), places=(Place("address", "/", "victim", 1),)
    )
    shown = lay_out(
        record,
        [SimpleNamespace(role="victim", person=1, kind="email")],
        AT,
        reported_is_child=False,
        unmasked=frozenset(),
    )
    assert shown.persons[0].hidden == 4


def test_notes_on_a_masked_person_and_what_was_not_understood_of_them_are_hidden_too():
    victim = Person("victim", 1, "/report/victim[1]")
    record = Record(
        "x",
        1,
        persons=(victim, Person("victim", 2, "/report/victim[10]")),
        texts=(
            Text("note", "Her name is A.", "/report/victim[1]/note", "victim", 1),
            Text("chat", "x", "/report/chat"),
        ),
        losses=(Loss("/report/victim[1]/nickname", "nickname", "A"), Loss("/report/victim[10]/pet", "pet", "B")),
    )
    first, second = lay_out(record, [], AT, reported_is_child=False, unmasked=frozenset()).persons
    assert ([text.text for text in first.texts], [loss.text for loss in first.losses]) == (["Her name is A."], ["A"])
    assert [loss.text for loss in second.losses] == ["B"]
    assert (first.hidden, second.hidden) == (2, 1)

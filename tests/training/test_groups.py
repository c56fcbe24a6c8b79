"""Groups of the invented world: numbers nobody has, three raw forms of one history, and the founding documents' count."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from dataclasses import replace

import phonenumbers
import pytest

from abhaya.selectors import phone
from abhaya.training.calling import COUNTRIES, number, written
from abhaya.training.emit import write_world
from abhaya.training.founding import NUMBERS, write_founding
from abhaya.training.group_files import MEMBER_COLUMNS, write_samples
from abhaya.training.groups import TALK, conduct
from abhaya.training.parameters import TINY
from abhaya.training.world import World

IN_CHAT = re.compile(r"\+\d[\d ]*\d")


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("founding")
    return folder, write_founding(folder, 5)


def count(folder):
    """Distinct telephone numbers by country in raw files; knows nothing of how they were made."""
    found = defaultdict(set)
    for path in (folder / "groups").rglob("*"):
        raw = []
        if path.suffix == ".txt":
            raw = IN_CHAT.findall(path.read_text())
        elif path.suffix == ".csv":
            raw = [row["number"] for row in csv.DictReader(path.read_text().splitlines()) if row["number"]]
        for one in raw:
            value = phone.normalise(one).value
            found[phone.country(value)].add(value)
    return {country: len(values) for country, values in found.items()}


@pytest.mark.parametrize("country", COUNTRIES)
def test_numbers_are_of_their_country_and_nobodys(country):
    seen = {number(country, index) for index in range(1, 60)}
    assert len(seen) == 59
    for index in range(1, 10):
        value = number(country, index)
        for form in range(4):
            assert phone.normalise(written(value, country, form)).value == value
        assert phone.country(value) == country
        fiction = re.fullmatch(r"\+1\d{3}55501\d\d", value)
        assert fiction or not phonenumbers.is_valid_number(phonenumbers.parse(value))


def test_the_founding_documents_table_comes_out_by_counting(founded):
    folder, network = founded
    counted = count(folder)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    assert dict(ordered[:9]) == NUMBERS
    assert [many for _, many in ordered[:9]] == [36, 35, 35, 31, 30, 28, 27, 24, 22]
    assert len(counted) == 100 and len(network.groups) == 50 and len(network.people) == 5000
    inside = {member.id for group in network.groups for member in group.members}
    assert inside == {member.id for member in network.people}


def test_the_raw_files_do_not_say_the_count(founded):
    folder, _ = founded
    for path in (*(folder / "groups").rglob("*"), *(folder / "reports").rglob("*")):
        assert "truth" not in path.name
        if path.is_file() and path.suffix in {".txt", ".csv"}:
            assert "country" not in path.read_text().splitlines()[0]


def test_people_are_in_several_groups_and_the_same_few_run_them(founded):
    _, network = founded
    runs, inside = defaultdict(set), defaultdict(set)
    for group in network.groups:
        runs[group.events[0].actor.id].add(group.id)
        for member in group.members:
            inside[member.id].add(group.id)
    assert max(map(len, runs.values())) > 2
    assert sum(len(groups) > 2 for groups in inside.values()) > 500


def test_a_group_taken_down_has_a_successor_with_many_of_its_members(founded):
    _, network = founded
    by_id = {group.id: group for group in network.groups}
    successors = [group for group in network.groups if group.successor_of]
    assert len(successors) == 6
    for group in successors:
        old = by_id[group.successor_of]
        before = {member.id for member in old.members}
        shared = before & {member.id for member in group.members}
        assert old.taken_down < group.events[0].at and len(shared) > len(before) / 3


def test_most_members_only_stand_there_and_the_persona_only_greets(founded):
    _, network = founded
    did = [(member, word) for group in network.groups for member, word in conduct(group).items()]
    words = {word for _, word in did}
    assert words == {"acted", "talked", "added", "left at once", "present"}
    assert sum(word == "acted" for _, word in did) < len(did) / 2
    [persona] = [member for member in network.people if member.is_persona]
    said = [event for group in network.groups for event in group.events if event.actor.id == persona.id]
    assert {event.text for event in said if event.kind == "said"} <= {"says hello"}
    assert {event.kind for event in said} <= {"said", "joined", "left"}


def test_nobody_acts_before_coming_in_or_after_leaving(founded):
    _, network = founded
    for group in network.groups:
        came, gone = {}, {}
        for event in group.events:
            for member in (event.actor, *(event.others if event.kind != "forwarded" else ())):
                came.setdefault(member.id, event)
                assert member.id not in gone or event.kind == "number", (group.name, event)
            assert came[event.actor.id].kind in {"created", "joined", "added"}
            for member in (event.actor,) if event.kind == "left" else event.others if event.kind == "removed" else ():
                gone[member.id] = event


def test_the_three_forms_tell_one_history(tmp_path):
    chat, exported, listed = (path.read_text() for path in write_samples(tmp_path))
    lines = chat.splitlines()
    assert lines[1].startswith("12/03/2026, 21:14 - +92 ") and lines[1].endswith('created group "Group 17"')
    body = json.loads(exported)
    assert body["type"] == "private_supergroup" and body["messages"][1]["action"] == "invite_members"
    assert body["messages"][0]["date"] == "2026-03-12T21:14:00" and body["messages"][0]["date_unixtime"] == "1773330240"
    assert len(body["messages"]) == len(lines) - 1
    rows = list(csv.DictReader(listed.splitlines()))
    assert tuple(rows[0]) == MEMBER_COLUMNS and [row["role"] for row in rows] == ["admin", "member", "member", "member"]
    assert rows[3]["left"] and rows[1]["added_by"] == rows[0]["member_id"]


def test_lines_in_groups_are_neutral_stand_ins(founded):
    _, network = founded
    for group in network.groups:
        for event in group.events:
            assert event.kind not in {"said", "forwarded"} or event.text in TALK
        assert re.fullmatch(r"Group \d+", group.name) and ".example.com/" in group.invite


def test_a_world_writes_groups_of_its_own_persons(tmp_path):
    world = World(3, replace(TINY, groups=6, members_per_group=12))
    for _ in write_world(tmp_path, world, 60):
        pass
    assert len(list((tmp_path / "groups").iterdir())) == 6
    rows = list(csv.DictReader((tmp_path / "truth/memberships.csv").read_text().splitlines()))
    assert {row["member_id"] for row in rows} & {person.id for person in world.persons}
    assert any(row["is_persona"] == "true" for row in rows)
    assert any(row["successor_of"] for row in csv.DictReader((tmp_path / "truth/groups.csv").read_text().splitlines()))

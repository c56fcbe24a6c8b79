"""Promise 2, at the pages: nobody sees what they have no need to know. Every address is walked, new ones by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from urllib.parse import quote
from uuid import UUID, uuid4

import psycopg
import pytest
from django.test import Client
from django.urls import reverse
from tests.factory import browser_of
from tests.promises.walk import (
    ABSENT_NUMBER,
    ALL,
    BEHIND_SIGN_IN,
    CLOSED,
    METHODS,
    OF_ALICE,
    PUBLIC,
    Visitor,
    ask,
    text_of,
    without_chance,
)
from tests.promises.world import FREE, World, print_of, sample, the_world

from abhaya.access.gate import Gate, gate_of

MOVED, MUST_SIGN_IN = 302, 401


@pytest.fixture
def world() -> World:
    return the_world()


@pytest.fixture
def parts(world: World, owner: psycopg.Connection) -> dict[str, object]:
    """The real ids of Alice's world, for every part of every address."""
    return {part: sample(owner, part, world) for address in ALL for part in address.parts}


@pytest.fixture
def alices_report_stays_as_it_was(world: World, owner: psycopg.Connection) -> Iterator[None]:
    """Whatever others send, nothing about the report changes, and nothing is added to it."""
    before = print_of(owner, world)
    owner.rollback()
    yield
    assert print_of(owner, world) == before


def test_every_view_says_who_may_enter():
    assert [address.name for address in ALL if gate_of(address.view) is None] == []


def test_every_public_view_says_why():
    for address in ALL:
        gate: Gate = gate_of(address.view)
        assert not gate.public or len(gate.reason) > 10, address.name
        assert gate.public or gate.permissions or len(gate.reason) > 10, address.name


@pytest.mark.usefixtures("alices_report_stays_as_it_was")
def test_a_stranger_is_asked_to_sign_in_and_told_nothing(world, parts):
    stranger = Client()
    for address, method in product(BEHIND_SIGN_IN, METHODS):
        answer = ask(stranger, method, address.filled(parts))
        assert answer.status_code == MOVED, address
        assert answer.url.startswith(reverse("access-sign-in")), address
        assert not world.marks_in(text_of(answer)), address


@pytest.mark.usefixtures("alices_report_stays_as_it_was")
def test_a_public_page_shows_a_stranger_nothing_of_anybodys(world, parts):
    for address, method in product(PUBLIC, METHODS):
        answer = ask(Client(), method, address.filled(parts))
        assert answer.status_code < 500, address
        assert not world.marks_in(text_of(answer)), address


@pytest.mark.usefixtures("alices_report_stays_as_it_was")
@pytest.mark.parametrize("who", ["charlie", "administrator", "auditor"])
def test_nobody_else_finds_a_word_of_the_report(who, world, parts):
    visitor = Visitor(getattr(world, who))
    for address, method in product(ALL, METHODS):
        answer = visitor.ask(method, address.filled(parts))
        assert answer.status_code < 500, address
        assert not world.marks_in(text_of(answer)), address


@pytest.mark.usefixtures("alices_report_stays_as_it_was")
def test_what_is_alices_is_closed_to_charlie_and_looks_as_if_it_were_not_there(world, parts):
    charlie = browser_of(world.charlie)
    made_up = {
        part: value if part in FREE else uuid4() if isinstance(value, UUID) else ABSENT_NUMBER
        for part, value in parts.items()
    }
    for address, method in product(OF_ALICE, METHODS):
        real = ask(charlie, method, address.filled(parts))
        assert real.status_code in CLOSED, address
        absent = ask(charlie, method, address.filled(made_up))
        assert real.status_code == absent.status_code, address
        assert without_chance(real, parts) == without_chance(absent, made_up), address


def test_what_the_walk_asks_for_is_there_alice_or_the_administrator_can_enter(world, parts):
    """Else the tests above would hold on addresses that answer nobody."""
    closed = {address.name for address in OF_ALICE}
    visitors = [Visitor(person) for person in (world.alice, world.gita, world.administrator)]
    for _round in range(2):  # what Alice opens in the first she gives back in the second
        for address, visitor, method in product(OF_ALICE, visitors, METHODS):
            if visitor.ask(method, address.filled(parts)).status_code not in CLOSED:
                closed.discard(address.name)
        if not closed:
            break
    assert closed == set()


def test_alice_finds_the_mark_so_that_its_absence_means_something(world, parts):
    alice = browser_of(world.alice)
    texts = {address.name: text_of(ask(alice, "get", address.filled(parts))) for address in BEHIND_SIGN_IN}
    assert [name for name, text in texts.items() if world.mark in text]


@pytest.mark.usefixtures("alices_report_stays_as_it_was")
@pytest.mark.parametrize("needle", ["{mark}", "{mark}@example.com", "nick_{mark}", "id-{mark}"])
def test_no_search_filter_or_order_finds_it_for_charlie(world, needle, parts):
    charlie = browser_of(world.charlie)
    asked = needle.format(mark=world.mark)
    # What answers that it is not there looks at no question; every address is asked one all the same.
    there = [one for one in BEHIND_SIGN_IN if ask(charlie, "get", one.filled(parts)).status_code not in CLOSED]
    closed = [one for one in BEHIND_SIGN_IN if one not in there]
    # The word itself is in every one of them; whole, they are what an exact search would have to be asked for.
    keys = ("q", "after", "lane", "unit", "sort") if needle == "{mark}" else ("q",)
    for address, key in [*product(there, keys), *product(closed, keys[:1])]:
        page = text_of(charlie.get(address.filled(parts), {key: asked})).replace(quote(asked), "").replace(asked, "")
        assert world.mark not in page, (address, key)

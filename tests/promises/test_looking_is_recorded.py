"""Promise 3: every act on evidence is in the ledger, views included. Every page is walked, new ones by themselves.

A page that shows an officer something of a report writes an entry in that officer's name. A list or a search is one entry
for each query where it shows what was searched for; a page that looks for news by itself writes none.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from tests.factory import browser_of
from tests.promises.test_default_deny import BEHIND_SIGN_IN, ask, text_of
from tests.promises.world import World, sample, the_world

from abhaya.access.purposes import BASES
from abhaya.ledger.events import LOOKS

# Lists of what waits show a line of a report so that it can be chosen; the view is recorded where it is opened. A new
# list is named here with its reason, or it records the query.
LINES_ONLY = {
    "desk-home": "what is mine: a line each; opening one is the view",
    "access-approvals": "what waits for a second person: a line each; opening one is the view",
    "desk-queue": "what waits: a line each; opening one is the view",
    "desk-together": "what waits and brings the same file: a line each; opening one is the view",
    "desk-part": "the form to take a picture out of its stack: the number of the report",
    "desk-part-take-back": "the form to let it join again: the number of the report",
    "matching-list": "which files a hash list found: a line each; opening the report is the view",
    "linking-networks": "groups: a line each; opening one is the view",
    "exchange-answer": "a form; the names of the officer's own cases are its choices, as on the list of cases",
    "exchange-comparisons": "with whom an officer compared, and how it stands: no identifier",
    "exchange-new": "a form; the names of the officer's own cases are its choices, as on the list of cases",
    "linking-personas": "a liaison's own accounts under cover, and why: nothing of a report",
    "linking-persona": "one of them",
    "routing-inbox": "what was forwarded to us: a line each",
    "routing-outbox": "what we forwarded: a line each",
    "routing-nobodys": "what nobody took: a line each",
    "routing-action-taken": "the month's reports: a line each",
    "desk-deletions": "what will be deleted and what was: a line each; the preview is a view",
    "desk-deletion-certificate": "that it was deleted, when, and under which rule: nothing of it is left to see",
    "desk-rights": "who asked what is held about them: a line each; opening one is the view",
    "desk-hold-lift": "the form to lift a legal hold: the line of the hold",
    "routing-return": "the form to give one back: the note it came with",
}


@pytest.fixture
def world() -> World:
    return the_world()


@pytest.fixture
def parts(world: World, owner: psycopg.Connection) -> dict[str, object]:
    return {part: sample(owner, part, world) for address in BEHIND_SIGN_IN for part in address.parts}


@pytest.fixture
def entries(owner: psycopg.Connection) -> Callable[[UUID], list[str]]:
    """The events an officer's entries name, oldest first."""

    def read(officer: UUID) -> list[str]:
        rows = owner.execute("select event from ledger_entry where actor_id = %s order by id", [officer]).fetchall()
        owner.rollback()
        return [event for (event,) in rows]

    return read


@pytest.mark.parametrize("who", ["alice", "gita"])
def test_a_page_that_shows_something_of_a_report_is_in_the_ledger_under_the_readers_name(world, parts, entries, who):
    person = getattr(world, who)
    unrecorded, recorded = set(), set()
    for address in BEHIND_SIGN_IN:
        browser = browser_of(person)
        before = len(entries(person.id))
        if world.mark in text_of(ask(browser, "get", address.filled(parts))):
            seen = set(entries(person.id)[before:]) & set(LOOKS)
            (recorded if seen else unrecorded).add(address.name)
    assert unrecorded <= set(LINES_ONLY), (
        f"these pages show a report and record no view: {unrecorded - set(LINES_ONLY)}"
    )
    assert "desk-report" in recorded


def test_a_search_is_one_entry_for_each_query(world, entries):
    alice = browser_of(world.alice)
    purpose = {"basis": next(iter(BASES)), "purpose": "who else was asked for a picture"}
    for asked in (f"{world.mark}@example.com", f"nick_{world.mark}"):
        before = entries(world.alice.id)
        answer = alice.post("/search", {"q": asked, **purpose})
        assert answer.status_code == 200, answer.content.decode()[:500]
        assert entries(world.alice.id)[len(before) :].count("desk:search:made") == 1


def test_a_page_that_looks_for_news_by_itself_writes_nothing(world, entries):
    supervisor = browser_of(world.alice)  # Alice is a supervisor too
    supervisor.get("/ledger/check")
    before = entries(world.alice.id)
    for _ in range(3):
        supervisor.get("/ledger/check?since=1", HTTP_HX_REQUEST="true")
    assert entries(world.alice.id) == before

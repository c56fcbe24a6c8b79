"""The desk hears of persons of its own that changed, with the cause; and of nothing that rests on what is not open to it."""

from __future__ import annotations

import re

import pytest
from tests.cases.world import attach, make_case
from tests.factory import Person, browser_of, make_officer, make_sender, make_unit, name
from tests.linking.people import account, acts, are_one, report, settled, signed, who
from tests.promises.test_query_budget import asks_at_most

from abhaya.access.actions import open_to
from abhaya.custody import erasure
from abhaya.intake.actions import Receipt
from abhaya.ledger.sequencer import sequence_all
from abhaya.linking.actions import judgements, pass_changes_on
from abhaya.shared.identity import on_the_road
from abhaya.shared.road import drain

WHY = "both write the same unusual words on the same day"


class Unit:
    def __init__(self, *called: str) -> None:
        self.id = make_unit("hub")
        self.sender = make_sender(self.id)
        self.officers = [make_officer(self.id, "officer", "analyst", "supervisor", called=one) for one in called]

    def reports(self, *persons: list) -> Receipt:
        receipt = report(self.sender, *persons)
        drain()
        return receipt


@pytest.fixture
def ours() -> Unit:
    return Unit("Alice", "Bob")


@pytest.fixture
def theirs() -> Unit:
    return Unit("Charlie")


def alike() -> dict[str, str]:
    return {"email": f"{name('p')}@example.org", "upi": f"{name('u')}@okbank"}


def news(person: Person) -> list[str]:
    """What the page tells the officer, a line each."""
    with on_the_road("road:linking"):
        pass_changes_on()
    page = browser_of(person).get("/subjects/changed").content.decode()
    rows = re.findall(r"<tr data-row>(.*?)</tr>", page, re.DOTALL)
    assert ("Nothing has changed" in page) == (not rows)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def judged(person: Person, one: str, other: str, answer: str):
    with acts(person):
        return judgements.judge(account(one), account(other), answer, WHY, signed(person))


def number(receipt: Receipt) -> str:
    return str(receipt.number)


def test_a_report_that_joins_is_told_to_its_unit_with_its_number_until_each_has_marked_it_seen(ours, theirs):
    alice, bob = ours.officers
    one, other, shared = name("a"), name("b"), alike()
    first = ours.reports(who(one, **shared))
    assert news(alice) == []
    second = ours.reports(who(other, **shared))
    [line] = news(alice)
    assert line.startswith("Accounts stand together for the first time 2 accounts")
    assert f"report {number(second)}" in line
    assert number(first) in line
    desk = browser_of(alice).get("/desk").content.decode()
    assert "Persons of yours that changed" in desk
    assert f"/subjects/{account(other)}" in desk or f"/subjects/{account(one)}" in desk
    assert one not in desk[desk.index('id="changed"') :]
    assert news(theirs.officers[0]) == []
    page = browser_of(alice).get("/subjects/changed").content.decode()
    seen = dict(re.findall(r'name="(first|last)" value="([0-9a-f-]{36})"', page))
    asks_at_most(browser_of(alice), "/desk")
    assert browser_of(theirs.officers[0]).post("/subjects/changed", seen).status_code == 302
    assert len(news(alice)) == 1
    assert browser_of(alice).post("/subjects/changed", seen).status_code == 302
    assert news(alice) == []
    assert len(news(bob)) == 1


def test_what_a_report_that_is_not_open_joins_is_not_there_and_not_counted(ours, theirs):
    """Alice's unit names both accounts, with a mailbox in common that decides nothing; what joins them is another unit's."""
    [alice, _], [charlie] = ours.officers, theirs.officers
    one, other, shared, box = name("a"), name("b"), alike(), f"{name('m')}@example.org"
    ours.reports(who(one, email=box))
    ours.reports(who(other, email=box))
    theirs.reports(who(one, **shared))
    theirs.reports(who(other, **shared))
    assert are_one(one, other)
    assert news(alice) == []
    assert "Nothing has changed that you have not seen" in browser_of(alice).get("/desk").content.decode()
    assert len(news(charlie)) == 1


def test_a_judgement_is_told_with_who_and_so_is_its_undoing(ours):
    alice, bob = ours.officers
    one, other = name("a"), name("b")
    ours.reports(who(one))
    ours.reports(who(other))
    word = judged(alice, one, other, "same")
    assert "Alice’s judgement" in news(bob)[0]
    with acts(bob):
        judgements.undo(word, "it was another person after all", signed(bob))
    told = news(alice)
    assert told[0].startswith("A person’s accounts stand apart again 2 accounts Bob took a judgement back")
    assert len(told) == 1, "what was joined and parted again is told once"


def test_what_was_parted_because_a_report_was_deleted_is_told_to_those_to_whom_it_was_open(ours, theirs, bench):
    alice, bob = ours.officers
    [charlie] = theirs.officers
    one, other, shared = name("a"), name("b"), alike()
    mine = ours.reports(who(one)), ours.reports(who(other))
    doomed = ours.reports(who(one, **shared), who(other, "associated", **shared))
    assert are_one(one, other)
    with on_the_road("test"):
        open_to([(theirs.id, receipt.compartment, "work", "test") for receipt in mine])
    assert news(charlie) == []
    with acts(alice):
        asked = erasure.Asked(doomed.compartment, ours.id, "decision", "decision", "court", "Order 12 of 2026", "")
        erasure.decide(erasure.ask(asked), bob.id, bob.name)
    erasure.carry_on_to_the_end()
    sequence_all()
    erasure.carry_on_to_the_end()
    settled()
    assert not are_one(one, other)
    [line] = news(alice)
    assert line.startswith("A person’s accounts stand apart again 2 accounts evidence that was deleted or withdrawn")
    assert news(charlie) == []


def test_what_stands_in_another_units_queue_is_news_only_to_whoever_has_it_in_a_case(ours, theirs):
    [charlie] = theirs.officers
    one, other, shared = name("a"), name("b"), alike()
    receipts = [ours.reports(who(each, **shared)) for each in (one, other)]
    with on_the_road("test"):
        open_to([(theirs.id, receipt.compartment, "work", "test") for receipt in receipts])
    assert news(charlie) == []
    assert len(news(ours.officers[0])) == 1
    attach(charlie, make_case(charlie), receipts[0].report_id)
    assert len(news(charlie)) == 1

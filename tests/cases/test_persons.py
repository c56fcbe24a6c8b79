"""Two units that have something of one person, under whatever accounts, are told to talk, and nothing else; where the
accounts are parted or a report is deleted they are told no more. A covert side is asked first, and moves nothing else.
"""

from __future__ import annotations

from uuid import UUID

import pytest
from tests.cases.world import as_, attach, compared, hits, make_case, persons_compared, told
from tests.factory import Person, browser_of, make_officer, make_sender, make_unit, name
from tests.linking.people import account, acts, are_one, rebuilt, report, settled, signed, subjects_of, walk, who

from abhaya.cases import actions
from abhaya.custody import erasure
from abhaya.intake.actions import Receipt
from abhaya.ledger.sequencer import sequence_all
from abhaya.linking.actions import judgements
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import as_row, execute, fetch

pytestmark = pytest.mark.usefixtures("closed_road")
WHY = "both write the same unusual words on the same day"


class Side:
    """A unit with an officer, and reports of its own."""

    def __init__(self, called: str, contact: str) -> None:
        self.unit = make_unit("hub", duty_contact=contact)
        self.sender = make_sender(self.unit)
        self.person = make_officer(self.unit, "supervisor", called=called)

    def reports(self, called: str, **has: str) -> Receipt:
        receipt = report(self.sender, who(called, **has))
        walk(receipt)
        with on_the_road("road:cases"):
            actions.compare_with_cases([receipt.report_id])
        return receipt

    def told(self, receipt: Receipt) -> list[tuple[str, str]]:
        return [(one.kind, one.contact) for one in told(self.person, receipt.report_id)]


@pytest.fixture
def alice() -> Side:
    return Side("Alice", "desk one")


@pytest.fixture
def bob() -> Side:
    return Side("Bob", "desk two")


def alike() -> dict[str, str]:
    return {"email": f"{name('p')}@example.org", "upi": f"{name('u')}@okbank"}


def judged(person: Person, one: str, other: str, answer: str, **more: UUID) -> UUID:
    with acts(person):
        return judgements.judge(account(one), account(other), answer, WHY, signed(person), **more)


def test_two_units_with_two_accounts_of_one_person_are_told_of_each_other_once_and_again_after_everything_anew(
    alice, bob
):
    one, other, shared = name("a"), name("b"), alike()
    mine, theirs = alice.reports(one, **shared), bob.reports(other, **shared)
    assert are_one(one, other)
    for _again in range(2):
        persons_compared()
        assert alice.told(mine) == [("subject", "desk two")]
        assert bob.told(theirs) == [("subject", "desk one")]
        with on_the_road("test"):
            execute("delete from cases_hit where kind = 'subject'")
            execute("insert into cases_regrouped (id, standing) values (gen_random_uuid(), %s)", [subjects_of(one)[0]])
        assert rebuilt() == (0, 0)
    persons_compared()
    said = browser_of(alice.person).get(f"/reports/{mine.report_id}?along=1").content.decode()
    assert "The same person, as far as known" in said
    assert "desk two" in said
    assert other not in said
    assert str(theirs.number) not in said


def test_the_same_account_in_reports_of_two_units_is_one_person_and_in_reports_of_one_unit_nothing_to_tell(alice, bob):
    one = name("a")
    mine, again = alice.reports(one), alice.reports(one)
    persons_compared()
    assert alice.told(mine) == []
    theirs = bob.reports(one)
    persons_compared()
    assert alice.told(mine) == alice.told(again) == [("subject", "desk two")]
    assert bob.told(theirs) == [("subject", "desk one")]
    with as_(alice.person):
        assert (
            len(alice_talks := browser_of(alice.person).get("/cases/talk").content.decode().split("<tr data-row")) == 2
        )
    assert "desk two" in alice_talks[1]


def test_what_a_judgement_parts_is_withdrawn_and_told_again_when_it_is_taken_back(alice, bob):
    one, other, shared = name("a"), name("b"), alike()
    mine, too = alice.reports(one, **shared), alice.reports(other, **shared)
    theirs = bob.reports(other)
    persons_compared()
    assert alice.told(mine) == alice.told(too) == [("subject", "desk two")]
    word = judged(alice.person, one, other, "different")
    persons_compared()
    assert alice.told(mine) == []
    assert alice.told(too) == [("subject", "desk two")], "the account stands in a report of each still"
    assert bob.told(theirs) == [("subject", "desk one")]
    with acts(alice.person):
        judgements.undo(word, "it was the same person after all", signed(alice.person))
    persons_compared()
    assert alice.told(mine) == [("subject", "desk two")]
    with on_the_road("test"):
        told_in = (
            "select event, count(*) from ledger_entry where compartment = %s and event like 'cases:hit:%%' group by 1"
        )
        events = {each.compartment: dict(fetch(as_row, told_in, [each.compartment])) for each in (mine, too)}
    assert events == {
        mine.compartment: {"cases:hit:told": 2, "cases:hit:withdrawn": 1},
        too.compartment: {"cases:hit:told": 1},
    }


def test_an_open_case_speaks_for_its_unit_and_two_cases_are_told_of_each_others_liaison(alice, bob):
    one, other, shared = name("a"), name("b"), alike()
    mine, theirs = alice.reports(one, **shared), bob.reports(other, **shared)
    case = make_case(alice.person)
    attach(alice.person, case, mine.report_id)
    compared()
    persons_compared()
    assert [(hit.kind, hit.contact, hit.about) for hit in hits(alice.person, case)] == [
        ("subject", "desk two", subjects_of(one)[0])
    ]
    assert [one.officer for one in told(bob.person, theirs.report_id)] == ["Alice"], "one line, and not the unit’s too"
    their_case = make_case(bob.person)
    attach(bob.person, their_case, theirs.report_id)
    compared()
    assert "Bob" in [hit.officer for hit in hits(alice.person, case)]
    assert "Alice" in [hit.officer for hit in hits(bob.person, their_case)]


def test_of_a_covert_case_only_the_liaison_is_told_and_decides_and_nothing_of_the_base_moves(alice, bob):
    """The covert case notes one account; Bob's report names another of the same person, by a report of a third unit."""
    noted, other, shared = name("a"), name("b"), alike()
    third = Side("Charlie", "desk three")
    public = third.reports(noted, **shared)
    theirs = bob.reports(other, **shared)
    persons_compared()
    before = bob.told(theirs), third.told(public)
    case = make_case(alice.person, covert=True)
    with as_(alice.person):
        actions.watch(
            case, alice.person.id, kind="account", raw=noted, platform="ChatLine", role="reported", source="a chat"
        )
    compared()
    persons_compared()
    assert (bob.told(theirs), third.told(public)) == before
    waiting = {hit.contact: hit for hit in hits(alice.person, case)}
    assert {(hit.kind, hit.state) for hit in waiting.values()} == {("account", "pending"), ("subject", "pending")}
    asked = waiting["desk two"]
    assert asked.kind == "subject"
    assert asked.about is None, "the liaison has no report of the person, and sees none"
    with as_(alice.person):
        actions.decide_hit(asked, alice.person.id, "silent", "an officer is in danger")
    persons_compared()
    assert bob.told(theirs) == before[0]
    with as_(alice.person):
        actions.decide_hit(asked, alice.person.id, "spoken", "it is safe to talk now")
    assert sorted(one.officer or "" for one in told(bob.person, theirs.report_id)) == ["", "Alice"]
    assert third.told(public) == before[1]


@pytest.mark.parametrize("by", ["account", "evidence"])
def test_what_a_covert_report_tells_reaches_the_liaison_of_its_case_and_nobody_else(alice, bob, owner, by):
    one, other, shared = name("a"), name("b"), alike()
    theirs = bob.reports(other, **shared)
    quiet = report(alice.sender, who(other) if by == "account" else who(one, **shared))
    case = make_case(alice.person, covert=True)
    attach(alice.person, case, quiet.report_id)
    owner.execute("update access_compartment set covert = true where id = %s", [quiet.compartment])
    owner.commit()
    walk(quiet)
    with on_the_road("road:cases"):
        actions.compare_with_cases([quiet.report_id])
    compared()
    persons_compared()
    assert bob.told(theirs) == []
    assert [(hit.kind, hit.state, hit.contact) for hit in hits(alice.person, case)] == [
        ("subject", "pending", "desk two")
    ]


def test_a_deleted_report_is_withdrawn_from_whoever_was_told_of_it(alice, bob, bench):
    one = name("a")
    mine, theirs = alice.reports(one), bob.reports(one)
    persons_compared()
    assert bob.told(theirs)
    decider = make_officer(alice.unit, "supervisor", called="Dora")
    with acts(alice.person):
        asked = erasure.Asked(mine.compartment, alice.unit, "decision", "decision", "court", "Order 12 of 2026", "")
        erasure.decide(erasure.ask(asked), decider.id, decider.name)
    erasure.carry_on_to_the_end()
    sequence_all()
    erasure.carry_on_to_the_end()
    settled()
    persons_compared()
    assert bob.told(theirs) == []

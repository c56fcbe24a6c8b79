"""The second person: never who asked, once, within the hour, and two at the same time are one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

import pytest
from tests.factory import Person, at_once, browser_of, make_compartment, make_officer, make_unit
from tests.server import Bench

from abhaya.access import approvals
from abhaya.access.actions import ApprovalKind, NeedsSecondPerson, ask, decide, open_compartments, open_to, spend
from abhaya.access.queries import SignedIn, signed_in
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.ledger.events import Event
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, value, values

WHY = "The mother is at the counter and must be called now"
UNMASK, EXPORT = ApprovalKind.UNMASK, ApprovalKind.EXPORT


@dataclass
class House:
    """Alice and Bob of a district, its state's supervisor above, Charlie's unit beside."""

    bench: Bench

    def __post_init__(self) -> None:
        hub = make_unit("hub")
        self.state = make_unit("state", parent=hub)
        self.district = make_unit("district", parent=self.state)
        self.alice = make_officer(self.district)
        self.bob = make_officer(self.district, called="Bob")
        self.sita = make_officer(self.state, "supervisor", called="Sita")
        self.charlie = make_officer(make_unit("district", parent=hub), "supervisor", called="Charlie")
        self.compartment = make_compartment(self.district)
        self.target = uuid7()

    def asks(self, person: Person | None = None, kind: ApprovalKind = UNMASK, compartment: UUID | None = None) -> UUID:
        person = person or self.alice
        with acting(person.id, name=person.name):
            return ask(kind, self.target, compartment or self.compartment, WHY, officer(person))

    def granted(self) -> UUID:
        asked = self.asks()
        answer(self.bob, asked)
        return asked

    def later(self, approval: UUID, interval: str) -> None:
        """As if it had been asked, and granted, that much earlier."""
        with self.bench.connect("abhaya_owner") as owner:
            owner.execute(
                "update access_approval set asked_at = asked_at - %(by)s::interval,"
                " use_by = use_by - %(by)s::interval where id = %(id)s",
                {"by": interval, "id": approval},
            )


@pytest.fixture
def house(bench: Bench) -> House:
    return House(bench)


def officer(person: Person) -> SignedIn:
    found = signed_in(person.id)
    assert found is not None
    return found


def answer(person: Person, approval: UUID, *, granted: bool = True) -> None:
    with acting(person.id, name=person.name):
        decide(approval, officer(person), granted, "I know the case and agree with it")


def use(person: Person, target: UUID, kind: ApprovalKind = UNMASK) -> approvals.Approval:
    with acting(person.id, name=person.name):
        return spend(kind, target, officer(person))


def waits_for(person: Person) -> list[UUID]:
    with acting(person.id, name=person.name):
        return [one.id for one in approvals.to_decide(person.id)]


def test_alice_asks_bob_grants_alice_uses_it_and_the_ledger_has_both_names(house):
    asked = house.asks()
    assert waits_for(house.bob) == [asked]
    answer(house.bob, asked)
    spent = use(house.alice, house.target)
    assert (spent.state, spent.decided_by_name, spent.purpose) == ("used", "Bob", WHY)
    with on_the_road("test"):
        told = values(
            "select event || ' ' || actor_name from ledger_entry where subject_id = %s order by id", [house.target]
        )
    assert told == ["access:approval:asked Alice", "access:approval:decided Bob", "access:approval:spent Alice"]
    with acting(house.alice.id):
        assert values("select distinct purpose from ledger_entry where subject_id = %s and actor_id = %s",
                      [house.target, house.alice.id]) == [WHY]  # fmt: skip


def test_who_asks_does_not_decide(house):
    asked = house.asks()
    assert waits_for(house.alice) == []
    with pytest.raises(NotPermitted, match="second person"):
        answer(house.alice, asked)
    with acting(house.alice.id):
        assert value("select count(*) from access_approval_decide(%s, true, 'by the back door')", [asked]) == 0
    with pytest.raises(NeedsSecondPerson):
        use(house.alice, house.target)


def test_to_whom_the_request_is_not_addressed_it_does_not_exist(house):
    asked = house.asks()
    assert waits_for(house.charlie) == []
    with pytest.raises(NotThere):
        answer(house.charlie, asked)
    with acting(house.charlie.id):
        assert approvals.approval(asked) is None
        assert value("select count(*) from access_approval_decide(%s, true, 'by the back door')", [asked]) == 0


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_who_reads_no_content_is_no_second_person(house, role):
    asked, other = house.asks(), make_officer(house.district, role, called="Dana")
    assert waits_for(other) == []
    with pytest.raises(NotThere):
        answer(other, asked)
    assert browser_of(other).get("/second-person").status_code == 403


def test_a_refusal_gives_nothing_and_a_second_answer_changes_nothing(house):
    asked = house.asks()
    answer(house.bob, asked, granted=False)
    with pytest.raises(NeedsSecondPerson):
        use(house.alice, house.target)
    with pytest.raises(OfficerError, match="decided meanwhile"):
        answer(house.bob, asked)


def test_it_is_used_once_and_for_what_it_was_asked_for_alone(house):
    house.granted()
    for target, kind in ((uuid4(), UNMASK), (house.target, EXPORT)):
        with pytest.raises(NeedsSecondPerson):
            use(house.alice, target, kind)
    with pytest.raises(NeedsSecondPerson):
        use(house.bob, house.target)
    use(house.alice, house.target)
    with pytest.raises(NeedsSecondPerson):
        use(house.alice, house.target)


def test_an_act_that_fails_leaves_the_permission_unused(house):
    house.granted()
    with pytest.raises(RuntimeError), acting(house.alice.id, name="Alice"):
        spend(UNMASK, house.target, officer(house.alice))
        raise RuntimeError
    assert use(house.alice, house.target).state == "used"


def test_after_a_day_nobody_answers_and_after_an_hour_nobody_uses_it(house):
    asked = house.asks()
    house.later(asked, "25 hours")
    assert waits_for(house.bob) == []
    with pytest.raises(OfficerError):
        answer(house.bob, asked)
    again = house.granted()
    house.later(again, "61 minutes")
    with pytest.raises(NeedsSecondPerson):
        use(house.alice, house.target)


def test_the_same_request_is_asked_once(house):
    assert house.asks() == house.asks()


@pytest.mark.parametrize("purpose", ["", "x", "..........", "because"])
def test_a_purpose_that_is_none_is_refused(house, purpose):
    with acting(house.alice.id), pytest.raises(OfficerError, match="Say why"):
        ask(UNMASK, house.target, house.compartment, purpose, officer(house.alice))


def test_nobody_asks_about_what_is_not_open_to_them_or_in_anothers_name(house):
    with pytest.raises(Exception, match="row-level security"):
        house.asks(house.charlie)
    row = (uuid7(), "unmask", house.target, house.compartment, house.district, "{}", WHY, house.bob.id, "Bob")
    with pytest.raises(Exception, match="row-level security"), acting(house.alice.id):
        execute(
            "insert into access_approval (id, kind, target, compartment, unit_id, what, purpose, asked_by, asked_by_name)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s)", row,
        )  # fmt: skip


def test_an_export_waits_for_a_supervisor(house):
    asked = house.asks(kind=EXPORT)
    assert waits_for(house.bob) == []
    with pytest.raises(NotThere):
        answer(house.bob, asked)
    head = make_officer(house.district, "supervisor", called="Head")
    assert waits_for(head) == [asked]
    answer(head, asked)
    assert use(house.alice, house.target, EXPORT).decided_by_name == "Head"


def test_the_supervisor_above_comes_in_where_the_unit_has_nobody_else_or_nobody_answered_for_an_hour(house):
    asked = house.asks()
    assert waits_for(house.sita) == []  # Bob is there
    house.later(asked, "61 minutes")
    assert waits_for(house.sita) == [asked]
    lonely = make_unit("district", parent=house.state)
    alone = make_officer(lonely, called="Only")
    compartment = make_compartment(lonely)
    second = house.asks(alone, compartment=compartment)
    assert second in waits_for(house.sita)
    answer(house.sita, second)
    assert use(alone, house.target).decided_by_name == "Sita"


def test_of_a_covert_compartment_only_its_members_hear(house):
    covert = uuid7()
    with on_the_road("test"):
        open_compartments([(covert, "case", True)])
        open_to([(house.alice.id, covert, "work", "member"), (house.charlie.id, covert, "work", "member")])
    asked = house.asks(compartment=covert)
    house.later(asked, "3 hours")
    assert [waits_for(person) for person in (house.bob, house.sita, house.charlie)] == [[], [], [asked]]


def test_two_who_decide_at_once_are_one_decision(house):
    other = make_officer(house.district, called="Esha")
    for _round in range(5):
        house.target = uuid7()
        asked = house.asks()
        said = at_once(partial(answer, house.bob, asked), partial(answer, other, asked, granted=False))
        assert sum(isinstance(one, OfficerError) for one in said) == 1
        with on_the_road("test"):
            assert value("select count(*) from ledger_entry where subject_id = %s and event = %s",
                         [house.target, Event.ACCESS_APPROVAL_DECIDED]) == 1  # fmt: skip


def test_two_uses_at_once_are_one_use(house):
    for _round in range(5):
        house.target = uuid7()
        house.granted()
        said = at_once(*[lambda: use(house.alice, house.target)] * 3)
        assert sum(isinstance(one, NeedsSecondPerson) for one in said) == 2


def test_the_page_asks_answers_and_counts(house):
    asked = house.asks()
    bob = browser_of(house.bob)
    page = bob.get("/second-person").content.decode()
    assert WHY in page
    assert "Alice" in page
    assert "waiting" in page.split('href="/second-person"')[1].split("</a>")[0]
    assert bob.post(f"/second-person/{asked}", {"answer": "granted", "reason": "ok"}).status_code == 409
    answered = bob.post(f"/second-person/{asked}", {"answer": "granted", "reason": "I know the case and agree"})
    assert (answered.status_code, answered.url) == (302, "/second-person")
    assert "granted" in browser_of(house.alice).get("/second-person").content.decode()
    assert (
        bob.post(f"/second-person/{asked}", {"answer": "refused", "reason": "I know the case, and no"}).status_code
        == 409
    )
    assert browser_of(house.charlie).get(f"/second-person/{asked}").status_code == 404
    assert browser_of(house.alice).post(
        f"/second-person/{asked}", {"answer": "granted", "reason": "I grant this to myself"}
    ).status_code == 403  # fmt: skip

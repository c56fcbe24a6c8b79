"""One report in one officer's hands: taken, put back, decided with a reason; of two at once, one wins."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connections
from tests.factory import name

from abhaya.access.actions import open_compartments, open_to
from abhaya.access.permissions import permissions_of
from abhaya.access.queries import SignedIn
from abhaya.errors import NotThere, OfficerError
from abhaya.ledger.events import Event
from abhaya.shared.bulk import insert
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, values
from abhaya.triage import actions, queries
from abhaya.triage.rules import IMMINENT, NORMAL

WHY = "The account is already in hand at the unit."
_QUEUE = [*actions._QUEUE]


def make_unit(kind: str = "district") -> UUID:
    unit = uuid7()
    insert("access_unit", ["id", "kind", "name", "code"], [(unit, kind, name("unit"), name("U"))])
    return unit


def make_officer(unit: UUID, who: str, roles: tuple[str, ...] = ("officer",)) -> SignedIn:
    officer = uuid7()
    columns = ["id", "unit_id", "username", "name", "roles", "password", "totp_secret"]
    insert("access_officer", columns, [(officer, unit, name(who.lower()), who, list(roles), "!", "")])
    permissions = permissions_of(list(roles))
    return SignedIn(officer, who.lower(), who, unit, "unit", "district", roles, permissions, "en")


def make_queued(unit: UUID, *, lane: str = NORMAL, score: int = 40, state: str = "waiting") -> UUID:
    report, compartment = uuid7(), uuid7()
    open_compartments([(compartment, "report", False)])
    open_to([(unit, compartment, "work", "received")])
    now = datetime.now(UTC)
    row = (
        report,
        compartment,
        unit,
        uuid7(),
        lane,
        score,
        actions.urgency(lane, score),
        "none",
        "",
        state,
        uuid7(),
        now,
        now,
        "",
        "",
        [],
        None,
        None,
        None,
        0,
        0,
    )
    insert("triage_queue", _QUEUE, [row])
    return report


class Desk:
    """Alice and Bob of one unit, Charlie of another, and one report in Alice's and Bob's queue."""

    def __init__(self) -> None:
        with on_the_road("test"):
            self.unit, self.other = make_unit(), make_unit()
            self.alice, self.bob = make_officer(self.unit, "Alice"), make_officer(self.unit, "Bob")
            self.charlie = make_officer(self.other, "Charlie")
            self.report = make_queued(self.unit)

    def events(self) -> list[str]:
        with on_the_road("test"):
            return values("select event from ledger_entry where subject_id = %s order by id", [self.report])


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_who_takes_a_report_has_it_alone(desk):
    with acting(desk.alice.id, name="Alice"):
        taken = actions.claim(desk.report, desk.alice)
    assert taken.claimed_until > datetime.now(UTC)
    with acting(desk.bob.id, name="Bob"), pytest.raises(OfficerError, match="Alice has this report in hand until"):
        actions.claim(desk.report, desk.bob)
    assert desk.events() == [Event.TRIAGE_REPORT_CLAIMED]


def test_taking_again_what_one_holds_keeps_it_and_writes_no_second_line(desk):
    for _ in range(2):
        with acting(desk.alice.id, name="Alice"):
            actions.claim(desk.report, desk.alice)
    assert desk.events() == [Event.TRIAGE_REPORT_CLAIMED]


def test_a_stranger_is_told_nothing(desk):
    with acting(desk.charlie.id, name="Charlie"):
        with pytest.raises(NotThere):
            actions.claim(desk.report, desk.charlie)
        assert queries.standing(desk.report) is None
    with acting(desk.charlie.id, name="Charlie"), pytest.raises(NotThere):
        actions.claim(uuid7(), desk.charlie)


def test_of_two_who_press_at_once_one_wins(desk):
    start, outcomes = threading.Barrier(2), []

    def press(officer: SignedIn) -> None:
        try:
            start.wait(timeout=10)
            with acting(officer.id, name=officer.name):
                actions.claim(desk.report, officer)
            outcomes.append(officer.name)
        except OfficerError as error:
            outcomes.append(error.sentence)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=[officer]) for officer in (desk.alice, desk.bob)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [outcome for outcome in outcomes if outcome in {"Alice", "Bob"}]
    assert len(outcomes) == 2
    assert len(winners) == 1
    assert any(f"{winners[0]} has this report in hand" in outcome for outcome in outcomes)
    assert desk.events() == [Event.TRIAGE_REPORT_CLAIMED]


def test_what_is_not_worked_on_comes_back_by_itself(desk):
    with acting(desk.alice.id, name="Alice"):
        actions.claim(desk.report, desk.alice)
    with on_the_road("test"):
        execute(
            "update triage_queue set claimed_until = now() - interval '1 minute' where report_id = %s", [desk.report]
        )
    with acting(desk.alice.id, name="Alice"), pytest.raises(OfficerError, match="Take this report first"):
        actions.decide(desk.report, desk.alice, "work", WHY)
    with acting(desk.bob.id, name="Bob"):
        actions.claim(desk.report, desk.bob)
        assert queries.standing(desk.report).claimed_by == desk.bob.id


def test_put_back_it_waits_for_the_next(desk):
    with acting(desk.alice.id, name="Alice"):
        actions.claim(desk.report, desk.alice)
        actions.release(desk.report, desk.alice)
    with acting(desk.bob.id, name="Bob"):
        actions.claim(desk.report, desk.bob)
    assert desk.events() == [Event.TRIAGE_REPORT_CLAIMED, Event.TRIAGE_REPORT_RELEASED, Event.TRIAGE_REPORT_CLAIMED]


class TestADecision:
    def test_needs_the_report_in_hand(self, desk):
        with acting(desk.alice.id, name="Alice"), pytest.raises(OfficerError, match="Take this report first"):
            actions.decide(desk.report, desk.alice, "work", WHY)

    @pytest.mark.parametrize("reason", ["", "   ", "no", "x" * 2001])
    def test_needs_a_reason_that_says_something(self, desk, reason):
        with acting(desk.alice.id, name="Alice"):
            actions.claim(desk.report, desk.alice)
        with acting(desk.alice.id, name="Alice"), pytest.raises(OfficerError):
            actions.decide(desk.report, desk.alice, "work", reason)

    def test_must_be_one_of_the_list(self, desk):
        with acting(desk.alice.id, name="Alice"), pytest.raises(OfficerError, match="Choose one"):
            actions.decide(desk.report, desk.alice, "delete", WHY)

    def test_takes_it_out_of_the_queue_and_can_be_taken_back_with_a_reason(self, desk):
        with acting(desk.alice.id, name="Alice"):
            actions.claim(desk.report, desk.alice)
            actions.decide(desk.report, desk.alice, "duplicate", WHY)
            assert queries.waiting(desk.unit) == 0
            standing = queries.standing(desk.report)
            assert (standing.state, standing.decision, standing.decided_name) == ("decided", "duplicate", "Alice")
        with acting(desk.bob.id, name="Bob"), pytest.raises(OfficerError, match="Alice has decided"):
            actions.claim(desk.report, desk.bob)
        with acting(desk.bob.id, name="Bob", with_road=True):
            actions.reopen(desk.report, desk.bob, "It is not the same account after all.")
            assert queries.waiting(desk.unit) == 1
        assert desk.events()[-2:] == [Event.TRIAGE_REPORT_DECIDED, Event.TRIAGE_REPORT_REOPENED]

    def test_leaves_no_trace_of_its_words_in_the_ledger(self, desk):
        with acting(desk.alice.id, name="Alice"):
            actions.claim(desk.report, desk.alice)
            actions.decide(desk.report, desk.alice, "work", WHY)
        with on_the_road("test"):
            bodies = values("select body from ledger_entry where subject_id = %s", [desk.report])
        assert not any(WHY.encode() in bytes(body) for body in bodies)


class TestAHandOver:
    def test_a_forwarded_report_leaves_the_queue_and_is_taken_only_after_acceptance(self, desk):
        with acting(desk.alice.id, name="Alice"):
            actions.claim(desk.report, desk.alice)
            compartment = queries.standing(desk.report).compartment
            open_to([(desk.other, compartment, "work", "forwarded")])
            actions.forwarded([(desk.report, desk.other)])
            assert queries.waiting(desk.unit) == 0
        with acting(desk.charlie.id, name="Charlie"):
            with pytest.raises(OfficerError, match="Accept this report first"):
                actions.claim(desk.report, desk.charlie)
            actions.accepted([desk.report])
            assert queries.waiting(desk.other) == 1
            actions.claim(desk.report, desk.charlie)
        with acting(desk.alice.id, name="Alice"), pytest.raises(OfficerError, match="is with"):
            actions.claim(desk.report, desk.alice)

    def test_a_returned_one_waits_again_where_it_came_from(self, desk):
        with acting(desk.alice.id, name="Alice"):
            compartment = queries.standing(desk.report).compartment
            open_to([(desk.other, compartment, "work", "forwarded")])
            actions.forwarded([(desk.report, desk.other)])
            actions.returned([(desk.report, desk.unit)])
            assert queries.waiting(desk.unit) == 1
            assert queries.standing(desk.report).first_opened_at is None


def test_the_most_urgent_comes_first_and_the_counts_are_honest(desk):
    with on_the_road("test"):
        low, high = make_queued(desk.unit, score=10), make_queued(desk.unit, lane=IMMINENT, score=5)
    with acting(desk.alice.id, name="Alice"):
        order = values(
            "select report_id from triage_queue where holder_unit_id = %s order by urgency, report_id", [desk.unit]
        )
        assert order == [high, desk.report, low]
        actions.claim(low, desk.alice)
        counts = {count.lane: (count.waiting, count.unseen) for count in queries.lanes(desk.unit)}
        assert counts[IMMINENT] == (1, 1)
        assert counts[NORMAL] == (2, 1)
        assert queries.oldest(desk.unit) is not None
    with acting(desk.charlie.id, name="Charlie"):
        assert queries.waiting(desk.unit) == 0
        assert all(count.waiting == 0 for count in queries.lanes(desk.unit))

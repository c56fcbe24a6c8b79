"""Hand-overs: offered, accepted, returned with a reason; each with a clock; of two at once one wins; a stranger sees none."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections
from django.db.utils import ProgrammingError
from tests.factory import make_officer, make_unit
from tests.routing.conftest import events, outcome

from abhaya.access.queries import signed_in
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.routing import actions, queries
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, value, values

WHY = "The subscriber lives in another district."


@pytest.fixture
def forwarded(country):
    """A report that the hub's rule has offered to Jalgaon, and Jalgaon's officer Alice."""
    receipt = country.receive(country.upload(country.jalgaon_range + "7"))
    country.place(receipt)
    return country, receipt, country.officer(country.jalgaon, "Alice", "officer")


def open_referral(receipt):
    with on_the_road("test:routing"):
        return queries.history(receipt.report_id)[-1]


def standing(receipt):
    with on_the_road("test:routing"):
        return next(
            iter(rows("select holder_unit_id, state from triage_queue where report_id = %s", receipt.report_id))
        )


def rows(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return cursor.fetchall()


def test_the_inbox_shows_the_next_clock_to_run_out_first_with_honest_counts(country):
    lanes = ("normal", "normal", "imminent")
    placed = [
        country.receive(country.upload(f"{country.jalgaon_range}{n}"), lane=lane) for n, lane in enumerate(lanes, 1)
    ]
    for receipt in placed:
        country.place(receipt)
    receipts = [placed[2], placed[0], placed[1]]  # the child in danger, then the oldest
    alice = country.officer(country.jalgaon, "Alice", "officer")
    with acting(alice.id, with_road=True):
        inbox = queries.inbox(country.jalgaon, after=None, limit=2)
        counts = queries.inbox_counts(country.jalgaon)
        following = queries.inbox(country.jalgaon, after=(inbox[-1].due_at, inbox[-1].id), limit=5)
    assert [one.report_id for one in [*inbox, *following]] == [receipt.report_id for receipt in receipts]
    assert (counts.number, counts.marked, counts.oldest) == (3, 0, min(one.offered_at for one in [*inbox, *following]))
    assert inbox[0].number > 0


def test_accepting_stops_the_clock_and_everybody_concerned_sees_it(forwarded):
    country, receipt, alice = forwarded
    with acting(alice.id, with_road=True):
        assert actions.accept(open_id(receipt), alice) == receipt.report_id
    assert standing(receipt) == (country.jalgaon, "waiting")
    assert events(receipt)[-1] == "routing:referral:accepted"
    for unit, role in ((country.hub, "analyst"), (country.maharashtra, "analyst"), (country.jalgaon, "officer")):
        bob = country.officer(unit, "Bob", role)
        with acting(bob.id, with_road=True):
            [seen] = queries.history(receipt.report_id)
        assert (seen.state, seen.decided_by) == ("accepted", "Alice")


def open_id(receipt):
    return open_referral(receipt).id


def test_of_two_who_accept_at_once_one_wins_and_the_other_reads_who_did(forwarded):
    country, receipt, alice = forwarded
    bob = country.officer(country.jalgaon, "Bob", "officer")
    referral, start, outcomes = open_id(receipt), threading.Barrier(2), []

    def press(officer, what):
        try:
            start.wait(timeout=10)
            with acting(officer.id, name=officer.name, with_road=True):
                what(officer)
            outcomes.append("won")
        except OfficerError as error:
            outcomes.append(error.sentence)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=press, args=[alice, lambda officer: actions.accept(referral, officer)]),
        threading.Thread(target=press, args=[bob, lambda officer: actions.return_(referral, officer, WHY)]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one == "won" for one in outcomes) == [False, True]
    assert any("already" in one for one in outcomes)
    assert len([one for one in events(receipt) if one.endswith((":accepted", ":returned"))]) == 1


def test_returning_needs_a_reason_and_gives_the_report_back(forwarded):
    country, receipt, alice = forwarded
    referral = open_id(receipt)
    for nothing in ("", "   ", "no"):
        with acting(alice.id, with_road=True), pytest.raises(OfficerError, match="Say why"):
            actions.return_(referral, alice, nothing)
    with acting(alice.id, with_road=True):
        actions.return_(referral, alice, f"  {WHY}\n")
    assert standing(receipt) == (country.hub, "waiting")
    with acting(country.officer(country.hub).id, with_road=True):
        [seen] = queries.history(receipt.report_id)
    assert (seen.state, seen.reason, seen.decided_by) == ("returned", WHY, "Alice")
    assert events(receipt)[-1] == "routing:referral:returned"


def test_after_returning_the_unit_and_its_state_see_the_hand_over_and_no_longer_the_report(forwarded):
    country, receipt, alice = forwarded
    with acting(alice.id, with_road=True):
        actions.return_(open_id(receipt), alice, WHY)
    with acting(alice.id, with_road=True):
        [mine] = queries.received(country.jalgaon, after=None, limit=5)
        assert (mine.state, mine.number) == ("returned", 0)
        assert values("select 1 from intake_report where id = %s", [receipt.report_id]) == []
    with acting(country.officer(country.maharashtra, "Bob").id, with_road=True):
        assert values("select 1 from intake_report where id = %s", [receipt.report_id]) == []
    with acting(country.officer(country.hub, "Bob").id, with_road=True):
        assert values("select number from intake_report where id = %s", [receipt.report_id]) != []


def test_what_was_returned_is_not_sent_there_again_by_rule(forwarded):
    country, receipt, alice = forwarded
    with acting(alice.id, with_road=True):
        actions.return_(open_id(receipt), alice, WHY)
    country.place(receipt)
    assert len(history(receipt)) == 1
    assert (outcome(receipt).outcome, outcome(receipt).why.code) == ("nobody", "was_returned")


def history(receipt):
    with on_the_road("test:routing"):
        return queries.history(receipt.report_id)


def test_an_officer_forwards_what_their_unit_holds_with_a_note(country):
    receipt = country.receive()
    country.place(receipt)
    hub = country.officer(country.hub)
    with acting(hub.id, with_road=True):
        assert queries.nobodys_counts(country.hub).number == 1
        referral = actions.offer(receipt.report_id, country.patna, hub, "  The caller said Patna. ")
        [sent] = queries.waiting_elsewhere(country.hub, after=None, limit=5)
        assert queries.nobodys_counts(country.hub).number == 0
    assert (sent.id, sent.note, sent.offered_by) == (referral, "The caller said Patna.", "Alice")
    assert standing(receipt) == (country.patna, "forwarded")
    with acting(country.officer(country.patna, "Bob", "officer").id, with_road=True):
        assert queries.inbox_counts(country.patna).number == 1
        assert values("select 1 from intake_report where id = %s", [receipt.report_id]) == [1]
    with acting(country.officer(country.bihar, "Bob").id, with_road=True):  # the state above watches
        assert values("select 1 from intake_report where id = %s", [receipt.report_id]) == [1]


def test_the_unit_that_accepted_forwards_it_onward_and_the_hub_sees_the_whole_road(forwarded):
    country, receipt, alice = forwarded
    with acting(alice.id, with_road=True):
        actions.accept(open_id(receipt), alice)
    with acting(alice.id, with_road=True):
        actions.offer(receipt.report_id, country.patna, alice, "The operator names a subscriber in Patna.")
    with acting(country.officer(country.hub, "Bob").id, with_road=True):
        road = queries.history(receipt.report_id)
    assert [(one.from_unit_id, one.to_unit_id, one.state) for one in road] == [
        (country.hub, country.jalgaon, "accepted"),
        (country.jalgaon, country.patna, "offered"),
    ]
    bob = country.officer(country.patna, "Bob", "officer")
    with acting(bob.id, with_road=True):
        actions.return_(road[-1].id, bob, WHY)
    assert standing(receipt) == (country.jalgaon, "waiting")


def test_nobody_forwards_what_another_holds_or_what_is_on_its_way(forwarded):
    country, receipt, alice = forwarded
    hub = country.officer(country.hub)
    with acting(hub.id, with_road=True), pytest.raises(OfficerError, match="is with Jalgaon Cyber now"):
        actions.offer(receipt.report_id, country.patna, hub)
    with acting(alice.id, with_road=True), pytest.raises(OfficerError, match="accept it first"):
        actions.offer(receipt.report_id, country.patna, alice)
    watcher = country.officer(country.maharashtra, "Bob")
    with acting(watcher.id, with_road=True), pytest.raises(NotThere):
        actions.offer(receipt.report_id, country.patna, watcher)
    stranger = country.officer(country.patna, "Charlie", "officer")
    for report in (receipt.report_id, uuid7()):
        with acting(stranger.id, with_road=True), pytest.raises(NotThere):
            actions.offer(report, country.patna, stranger)


def test_a_report_goes_to_an_active_unit_that_is_another(country):
    receipt = country.receive()
    hub = country.officer(country.hub)
    closed = make_unit("district", is_active=False)
    for unit, why in ((closed, "active unit"), (uuid7(), "active unit"), (country.hub, "another unit")):
        with acting(hub.id, with_road=True), pytest.raises(OfficerError, match=why):
            actions.offer(receipt.report_id, unit, hub)
    with acting(hub.id, with_road=True), pytest.raises(OfficerError, match="longer than"):
        actions.offer(receipt.report_id, country.patna, hub, "x" * 5000)
    assert history(receipt) == []


def test_a_report_in_a_colleagues_hands_is_not_forwarded(country):
    receipt = country.receive()
    hub, bob = country.officer(country.hub), country.officer(country.hub, "Bob")
    with on_the_road("test:routing"):
        execute("update triage_queue set state = 'claimed', claimed_by = %s, claimed_until = now() + interval '9 minutes' where report_id = %s", [bob.id, receipt.report_id])  # fmt: skip
    with acting(hub.id, with_road=True), pytest.raises(OfficerError, match="Bob has this report in hand"):
        actions.offer(receipt.report_id, country.patna, hub)
    with acting(bob.id, with_road=True):
        actions.offer(receipt.report_id, country.patna, bob)


def test_of_two_who_forward_at_once_one_wins(country):
    receipt = country.receive()
    officers = [country.officer(country.hub, called) for called in ("Alice", "Bob")]
    start, outcomes = threading.Barrier(2), []

    def press(officer, unit):
        try:
            start.wait(timeout=10)
            with acting(officer.id, name=officer.name, with_road=True):
                actions.offer(receipt.report_id, unit, officer)
            outcomes.append("won")
        except OfficerError as error:
            outcomes.append(error.sentence)
        finally:
            connections.close_all()

    units = (country.patna, country.jalgaon)
    threads = [threading.Thread(target=press, args=pair) for pair in zip(officers, units, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one == "won" for one in outcomes) == [False, True]
    assert len(history(receipt)) == 1


def test_a_stranger_can_neither_see_nor_decide(forwarded):
    country, receipt, _ = forwarded
    charlie = country.officer(country.patna, "Charlie", "officer")
    referral = open_id(receipt)
    for what in (lambda: actions.accept(referral, charlie), lambda: actions.return_(referral, charlie, WHY), lambda: actions.accept(uuid7(), charlie)):  # fmt: skip
        with acting(charlie.id, with_road=True), pytest.raises(NotThere, match="nothing here for you"):
            what()
    with acting(charlie.id, with_road=True):
        assert queries.referral(referral) is None


def test_the_one_who_offered_waits_and_is_told_so(forwarded):
    country, receipt, _ = forwarded
    hub = country.officer(country.hub)
    with acting(hub.id, with_road=True), pytest.raises(OfficerError, match="waits for Jalgaon Cyber"):
        actions.accept(open_id(receipt), hub)


def test_the_database_itself_refuses_to_decide_for_another_unit_or_another_officer(forwarded):
    country, receipt, alice = forwarded
    bob = country.officer(country.jalgaon, "Bob", "officer")
    referral = open_id(receipt)
    forged = "update routing_referral set state = 'accepted', decided_by = %s, decided_at = now() where id = %s"
    with acting(country.officer(country.hub).id, with_road=True):
        assert execute(forged, [alice.id, referral]) == 0
    with pytest.raises(ProgrammingError), acting(alice.id, with_road=True):
        execute(forged, [bob.id, referral])
    with pytest.raises(ProgrammingError), acting(alice.id, with_road=True):
        execute("update routing_referral set due_at = now() + interval '1 year' where id = %s", [referral])
    with pytest.raises(ProgrammingError), acting(alice.id, with_road=True):
        execute("delete from routing_referral where id = %s", [referral])
    charlie = country.officer(country.patna, "Charlie", "officer")
    with pytest.raises(ProgrammingError), acting(charlie.id, with_road=True):
        execute(
            "insert into routing_referral (id, compartment, report_id, from_unit_id, to_unit_id, state, lane, place_code, note, offered_by, offered_at, due_at, reason)"
            " values (%s, %s, %s, %s, %s, 'offered', 'normal', '', '', %s, now(), now(), '')",
            [uuid7(), receipt.compartment, uuid7(), country.patna, country.bihar, charlie.id],
        )


def test_the_clock_is_the_lanes_and_a_units_own_setting_goes_before_it(country):
    administrator = make_officer(country.hub, "administrator", called="Diya")
    with acting(administrator.id, with_road=True):
        actions.set_clock(country.maharashtra, "imminent", 15)
        actions.set_clock(country.maharashtra, "imminent", 10)
    urgent = country.receive(country.upload(country.jalgaon_range + "1"), lane="imminent")
    plain = country.receive(country.upload(country.jalgaon_range + "2"))
    country.place(urgent, plain)
    runs = [open_referral(one).due_at - open_referral(one).offered_at for one in (urgent, plain)]
    assert runs == [timedelta(minutes=10), timedelta(hours=72)]
    with acting(administrator.id, with_road=True):
        actions.set_clock(country.maharashtra, "imminent", None)
    later = country.receive(country.upload(country.jalgaon_range + "3"), lane="imminent")
    country.place(later)
    assert open_referral(later).due_at - open_referral(later).offered_at == timedelta(minutes=30)


def test_a_clock_is_set_by_who_manages_units_and_within_reason(country):
    administrator = make_officer(country.hub, "administrator", called="Diya")
    for lane, minutes in (("imminent", 0), ("imminent", 10**7), ("nonsense", 5)):
        with acting(administrator.id, with_road=True), pytest.raises(OfficerError):
            actions.set_clock(country.hub, lane, minutes)
    officer = country.officer(country.hub)
    with pytest.raises(ProgrammingError), acting(officer.id, with_road=True):
        actions.set_clock(country.hub, "imminent", 5)


def test_a_late_offer_is_noted_once_with_its_line_and_stays_open(forwarded):
    country, receipt, alice = forwarded
    with on_the_road("test:routing"):
        assert value("select overdue_at from routing_referral where id = %s", [open_id(receipt)]) is None
    late(receipt)
    for _ in range(2):
        with on_the_road("road:routing"):
            actions.note_overdue()
    assert events(receipt).count("routing:referral:overdue") == 1
    with acting(country.officer(country.hub).id, with_road=True):
        assert queries.outbox_counts(country.hub).marked == 1
        [row] = queries.waiting_elsewhere(country.hub, after=None, limit=5)
    assert row.is_late
    assert row.overdue_at is not None
    with acting(alice.id, with_road=True):
        actions.accept(open_id(receipt), alice)


def late(receipt):
    """Nobody may change a clock, so the database's owner makes this one late."""
    from tests.conftest import BENCH

    with BENCH.connect("abhaya_owner") as owner:
        owner.execute(
            "update routing_referral set due_at = now() - interval '1 minute' where report_id = %s", [receipt.report_id]
        )


def test_the_hub_sees_where_everything_is(country):
    accepted, offered, returned, _ = (
        country.receive(country.upload(f"{country.jalgaon_range}{n}")) for n in (1, 2, 3, 4)
    )
    country.place(accepted, offered, returned)
    alice = country.officer(country.jalgaon, "Alice", "officer")
    with acting(alice.id, with_road=True):
        actions.accept(open_id(accepted), alice)
        actions.return_(open_id(returned), alice, WHY)
    with acting(country.officer(country.hub).id, with_road=True):
        rows_ = {row.unit.id: row for row in queries.where(country.hub)}
    assert set(rows_) == {country.hub, country.maharashtra, country.bihar}
    state = rows_[country.maharashtra]  # with its district in it
    assert (state.offered, state.at_work, state.accepted, state.returned, state.late) == (1, 1, 1, 1, 0)
    assert rows_[country.hub].at_work == 2
    assert rows_[country.bihar].is_empty
    with acting(country.officer(country.patna, "Charlie", "officer").id, with_road=True):
        assert all(row.is_empty for row in queries.where(country.hub))


def test_a_units_period_says_what_became_of_each_report(forwarded):
    country, receipt, alice = forwarded
    with acting(alice.id, with_road=True):
        actions.accept(open_id(receipt), alice)
        now = datetime.now(UTC)
        [row] = queries.of_unit(country.jalgaon, now - timedelta(hours=1), now + timedelta(hours=1))
        assert queries.of_unit(country.jalgaon, now + timedelta(hours=1), now + timedelta(hours=2)) == []
    assert (row.report_id, row.state, row.desk_state, row.platform) == (
        receipt.report_id,
        "accepted",
        "waiting",
        "Example",
    )


def test_forwarding_is_refused_to_who_only_watches_even_past_the_page(forwarded):
    country, receipt, _ = forwarded
    watcher = country.officer(country.maharashtra, "Bob")
    with acting(watcher.id, with_road=True), pytest.raises(NotPermitted):
        from abhaya.access.actions import open_to

        open_to([(country.patna, receipt.compartment, "work", "by hand")])
    with acting(watcher.id, with_road=True):
        assert signed_in(watcher.id) is not None

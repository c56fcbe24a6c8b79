"""A compartment is deleted whole or not at all, by two people or by its clock, and never under a legal hold."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import Error
from tests.custody.world import ask, beside, content_of, wait_until_blocked
from tests.factory import Person, make_compartment, make_officer, make_report, make_sender, make_unit

from abhaya.custody import erasure, holds, journal
from abhaya.custody.actions import shred
from abhaya.custody.vault import SMALL_BYTES_MAX, open_vault
from abhaya.errors import NotThere, OfficerError
from abhaya.intake.formats.record import Fact
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.road import drain
from abhaya.shared.sql import value, values

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Scene:
    unit: UUID
    compartment: UUID
    report: UUID
    alice: Person
    bob: Person

    def asked(self) -> UUID:
        with acting(self.alice.id, name="Alice"):
            return erasure.ask(
                erasure.Asked(self.compartment, self.unit, "decision", "decision", "court", "Order 12 of 2026", "")
            )

    def decided(self) -> UUID:
        deletion = self.asked()
        with acting(self.alice.id, name="Alice", with_road=True):
            erasure.decide(deletion, self.bob.id, "Bob")
        return deletion

    def hold(self, **on: object) -> UUID:
        with acting(self.alice.id, name="Alice"):
            return holds.place(
                holds.Placed(
                    self.unit,
                    "Sessions Court, order 7",
                    "asked for by the defence",
                    datetime.now(UTC).date() + SOON,
                    **on,
                )
            )

    @property
    def is_there(self) -> bool:
        return ask("select count(*) from intake_report where compartment = %s", self.compartment) == [(1,)]


@pytest.fixture
def scene() -> Scene:
    unit = make_unit("hub")
    receipt = make_report(make_sender(unit), held=[content_of(100), content_of(SMALL_BYTES_MAX + 1)])
    drain()
    sequence_all()
    alice, bob = (make_officer(unit, "analyst", "supervisor", called=who) for who in ("Alice", "Bob"))
    return Scene(unit, receipt.compartment, receipt.report_id, alice, bob)


def state(deletion: UUID) -> str:
    return str(ask("select state from custody_deletion where id = %s", deletion)[0][0])


def carried_on() -> None:
    sequence_all()
    erasure.carry_on_to_the_end()
    sequence_all()
    erasure.carry_on_to_the_end()


def test_what_was_only_asked_for_stays(scene):
    deletion = scene.asked()
    carried_on()
    assert scene.is_there
    assert state(deletion) == "asked"


def test_two_people_are_two_people(scene):
    deletion = scene.asked()
    with acting(scene.alice.id, name="Alice", with_road=True), pytest.raises(OfficerError, match="not waiting"):
        erasure.decide(deletion, scene.alice.id, "Alice")


def test_neither_an_officer_nor_the_road_writes_a_decision_of_their_own(scene, ask_as):
    row = """insert into custody_deletion (id, compartment, kind, rule, ground, asked_name, state, approved_by)
        values (gen_random_uuid(), %s, 'x', 'x', 'court', 'x', 'decided', gen_random_uuid())"""
    for role in ("abhaya_app", "abhaya_road"):
        connection = ask_as("abhaya_service")
        connection.execute("select set_config('role', %s, false)", [role])
        connection.execute("select set_config('abhaya.officer', %s, false)", [str(scene.alice.id)])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(row, [scene.compartment])


def test_the_clock_alone_deletes_no_report(scene):
    with on_the_road("road:custody"):
        erasure.by_the_clock([(scene.compartment, scene.unit, "report", "report/XX v1")])
    carried_on()
    assert scene.is_there


def test_of_two_who_ask_the_second_is_told(scene):
    scene.asked()
    with pytest.raises(OfficerError, match="already"):
        scene.asked()


def test_what_charlie_does_not_work_on_he_cannot_ask_to_delete(scene):
    charlie = make_officer(make_unit("district"), "analyst", "supervisor", called="Charlie")
    with pytest.raises(psycopg.Error, match="row-level security"), acting(charlie.id, name="Charlie"):
        erasure.ask(erasure.Asked(scene.compartment, scene.unit, "decision", "decision", "court", "Order", ""))


@pytest.mark.parametrize("on", ["compartment", "identifier"])
def test_a_legal_hold_stops_the_deletion_and_every_single_key_until_the_last_is_lifted(scene, on):
    deletion = scene.decided()
    chosen = (
        {"compartment": scene.compartment}
        if on == "compartment"
        else {
            "subject": ask("select selector_id from selectors_sighting where compartment = %s", scene.compartment)[0][0]
        }
    )
    first, second = scene.hold(**chosen), scene.hold(**chosen)
    held = ask("select object_id from custody_holding where compartment = %s limit 1", scene.compartment)[0][0]
    for hold in (first, second):
        carried_on()
        assert scene.is_there
        with pytest.raises(Error, match="legal hold"), on_the_road("test"):
            shred(held, scene.compartment)
        with acting(scene.alice.id, name="Alice"):
            holds.lift(hold, "the order was set aside")
    with acting(scene.alice.id), pytest.raises(NotThere):
        holds.lift(second, "once more for good")
    assert ask(
        "select count(*) from ledger_entry where event = 'custody:deletion:stopped' and subject_id = %s", deletion
    ) == [(1,)]
    as_owner_forget_the_wait(deletion)
    carried_on()
    assert (scene.is_there, state(deletion)) == (False, "settled")


def as_owner_forget_the_wait(deletion: UUID) -> None:
    """An hour passes."""
    with on_the_road("test"):
        values(
            "update custody_deletion set stopped_at = %s where id = %s returning id",
            [datetime(2020, 1, 1, tzinfo=UTC), deletion],
        )


def test_a_hold_placed_while_a_deletion_is_carried_out_waits_and_stops_the_next(scene):
    deletion = scene.decided()
    with ExitStack() as stack:
        with on_the_road("test"):
            value("select pg_advisory_xact_lock_shared(hashtextextended('custody holds', 0))")  # a deletion under way
            placed = stack.enter_context(beside(lambda: scene.hold(compartment=scene.compartment)))
            wait_until_blocked()
            assert ask("select count(*) from custody_hold where compartment = %s", scene.compartment) == [(0,)]
        placed()
    carried_on()
    assert scene.is_there
    assert state(deletion) == "decided"


def test_bytes_that_another_compartment_holds_stay_for_it(scene):
    content = content_of(SMALL_BYTES_MAX + 5)
    sender = make_sender(scene.unit)
    ours, theirs = make_report(sender, held=[content]), make_report(sender, held=[content])
    drain()
    other = Scene(scene.unit, ours.compartment, ours.report_id, scene.alice, scene.bob)
    other.decided()
    carried_on()
    shared = ask("select object_id from intake_file where compartment = %s", theirs.compartment)[0][0]
    assert ask("select kept from custody_object where id = %s", shared) == [("file",)]
    assert ask("select count(*) from custody_holding where object_id = %s", shared) == [(1,)]


def test_identifiers_go_from_the_dictionary_only_with_their_last_sighting(scene):
    mail = ask(
        "select selector_id from selectors_sighting where compartment = %s and kind = 'email'", scene.compartment
    )[0][0]
    again = value_of(mail)
    second = make_report(make_sender(scene.unit), facts=(Fact("email", again, "/report/email", "reported", 1),))
    drain()
    scene.decided()
    carried_on()
    assert ask("select count(*) from selectors_selector where id = %s", mail) == [(1,)]
    Scene(scene.unit, second.compartment, second.report_id, scene.alice, scene.bob).decided()
    carried_on()
    assert ask("select count(*) from selectors_selector where id = %s", mail) == [(0,)]


def value_of(selector: UUID) -> str:
    return str(ask("select value from selectors_selector where id = %s", selector)[0][0])


def test_what_was_written_late_by_a_transaction_under_way_goes_too(scene, owner):
    deletion = scene.decided()
    owner.execute(
        "insert into triage_assessment (id, compartment, report_id, lane, score, lane_reason, reasons, title,"
        " reported_is_child, rules_version, assessed_at) values (%s, %s, %s, 'normal', 1, '{}', '[]', '{}', false,"
        " '1', now())",
        [uuid7(), scene.compartment, scene.report],
    )
    carried_on()
    assert state(deletion) == "erased", "somebody who began before may still write"
    owner.commit()
    carried_on()
    assert state(deletion) == "settled"
    assert ask("select count(*) from triage_assessment where compartment = %s", scene.compartment) == [(0,)]


PROGRAM = """
import os, signal, sys
import django
django.setup()
from abhaya import journey
from abhaya.custody import erasure, journal
from abhaya.shared.identity import on_the_road
journey.open_road()
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "before the commit":
    erasure.journal.write = die
else:
    erasure._remove = die
erasure.carry_on_to_the_end()
"""


@pytest.mark.parametrize("when", ["before the commit", "before the files go"])
def test_a_worker_killed_in_the_middle_leaves_all_or_nothing_and_the_next_goes_on(scene, bench, when):
    deletion = scene.decided()
    objects = [
        held for (held,) in ask("select object_id from custody_holding where compartment = %s", scene.compartment)
    ]
    home = open_vault(bench.data)
    killed = subprocess.run(
        [sys.executable, "-c", PROGRAM, when],
        env={**os.environ, **bench.environment(bench.data, bench.database), "DJANGO_SETTINGS_MODULE": "abhaya.settings"},
        check=False, capture_output=True,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    tables = ("intake_report", "intake_file", "custody_item", "custody_holding", "selectors_sighting", "access_opening")
    left = {
        table: ask(f"select count(*) from {table} where compartment = %s", scene.compartment)[0][0] for table in tables
    }
    if when == "before the commit":
        assert all(left.values()), left
    else:
        assert not any(left.values()), left
        assert any(kept.object_id in objects for kept in home.kept())
    carried_on()
    assert state(deletion) == "settled"
    assert not scene.is_there
    assert not any(kept.object_id in objects for kept in home.kept())


def test_a_single_key_that_was_destroyed_is_in_the_journal_too(scene):
    with on_the_road("test"):
        held = value("select object_id from custody_holding where compartment = %s limit 1", [scene.compartment])
        shred(held, scene.compartment)
    carried_on()
    assert str(held) in journal.path().read_text()


def test_whoever_asked_can_take_it_back_until_it_is_decided(scene):
    deletion = scene.asked()
    with acting(scene.bob.id, name="Bob", with_road=True), pytest.raises(OfficerError):
        erasure.withdraw(deletion)
    with acting(scene.alice.id, name="Alice", with_road=True):
        erasure.withdraw(deletion)
    scene.decided()


def test_a_closed_compartment_is_left_to_nobody(scene):
    """After its deletion nobody sees into it, and nothing can be opened under its number by an officer."""
    scene.decided()
    carried_on()
    with acting(scene.alice.id), pytest.raises(Error):
        values("insert into custody_item (id, compartment, object_id, name, media_type_claimed, media_type_seen, via)"
               " values (gen_random_uuid(), %s, gen_random_uuid(), '', '', '', '') returning id", [scene.compartment])  # fmt: skip
    assert make_compartment(scene.unit) != scene.compartment

"""Compartments and openings: who may see what, asked of PostgreSQL itself."""

from __future__ import annotations

import psycopg
import pytest
from django.db import ProgrammingError
from tests.factory import make_compartment, make_officer, make_unit

from abhaya.access.actions import close_to, open_compartments, open_to
from abhaya.access.queries import my_openings
from abhaya.errors import NotPermitted
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7, uuid7s
from abhaya.shared.sql import execute, value, values


def sees(person, compartment) -> bool:
    with acting(person.id, name=person.name):
        return bool(value("select count(*) from access_compartment where id = %s", [compartment]))


@pytest.fixture
def people():
    """Alice and Bob of one unit, Charlie of another."""
    here, there = make_unit(), make_unit()
    return make_officer(here), make_officer(here, called="Bob"), make_officer(there, called="Charlie")


def test_a_compartment_is_open_to_the_unit_it_was_opened_to_and_to_nobody_else(people):
    alice, bob, charlie = people
    compartment = make_compartment(alice.unit)
    assert [sees(person, compartment) for person in people] == [True, True, False]
    with acting(charlie.id):
        assert my_openings([compartment]) == []
    with acting(bob.id):
        assert [row.level for row in my_openings([compartment])] == ["work"]


def test_a_compartment_can_be_open_to_one_officer_alone(people):
    bob = people[1]
    compartment = make_compartment(bob.id)
    assert [sees(person, compartment) for person in people] == [False, True, False]


def test_alice_forwards_to_charlies_unit_and_it_stands_in_the_ledger(people):
    alice, _, charlie = people
    compartment = make_compartment(alice.unit)
    with acting(alice.id, name=alice.name):
        open_to([(charlie.unit, compartment, "work", "forwarded")])
    assert sees(charlie, compartment)
    with acting(alice.id):
        events = values(
            "select event from ledger_entry where compartment = %s and actor_id = %s", [compartment, alice.id]
        )
    assert events == ["access:opening:made"]


def test_who_may_only_watch_cannot_forward_or_raise_themselves(people):
    alice, _, charlie = people
    compartment = make_compartment(alice.unit, level="watch")
    for viewer in (charlie.unit, alice.unit, alice.id):
        with pytest.raises(NotPermitted), acting(alice.id):
            open_to([(viewer, compartment, "work", "forwarded")])
    assert not sees(charlie, compartment)


def test_nobody_opens_to_themselves_what_they_cannot_see(people):
    alice, _, charlie = people
    compartment = make_compartment(alice.unit)
    for wanted in ([(charlie.unit, compartment)], [(charlie.id, compartment)], [(charlie.unit, uuid7())]):
        with pytest.raises(NotPermitted), acting(charlie.id):
            open_to([(*pair, "work", "mine now") for pair in wanted])
    assert not sees(charlie, compartment)


def test_one_that_may_not_be_opened_refuses_the_whole_set(people):
    alice, _, charlie = people
    mine, not_mine = make_compartment(alice.unit), make_compartment(charlie.id)
    with pytest.raises(NotPermitted), acting(alice.id):
        open_to([(charlie.unit, mine, "work", "forwarded"), (charlie.unit, not_mine, "work", "forwarded")])
    assert not sees(charlie, mine)


def test_forwarding_goes_to_active_units_and_officers_only(people, owner):
    alice, _, charlie = people
    compartment = make_compartment(alice.unit)
    owner.execute("update access_unit set is_active = false where id = %s", [charlie.unit])
    owner.commit()
    for viewer in (charlie.unit, uuid7()):
        with pytest.raises(NotPermitted), acting(alice.id):
            open_to([(viewer, compartment, "work", "forwarded")])


def test_an_opening_made_again_keeps_the_stronger_level(people):
    alice, _, charlie = people
    compartment = make_compartment(alice.unit)
    for level, after in (("watch", "watch"), ("work", "work"), ("watch", "work")):
        with acting(alice.id):
            open_to([(charlie.unit, compartment, level, "forwarded")])
        with acting(charlie.id):
            assert [row.level for row in my_openings([compartment])] == [after]
    with on_the_road("test"):
        open_to([(charlie.unit, compartment, "watch", "again"), (charlie.unit, compartment, "work", "again")])
    with acting(charlie.id):
        assert [row.level for row in my_openings([compartment])] == ["work"]


def test_an_opening_ends_and_can_begin_anew(people):
    alice, bob, charlie = people
    compartment = make_compartment(alice.unit)
    with acting(alice.id):
        open_to([(charlie.unit, compartment, "work", "forwarded")])
    with acting(charlie.id):
        assert close_to([(alice.unit, compartment)]) == 0  # the road opened it to Alice's unit
        assert close_to([(charlie.unit, compartment)]) == 1  # returned
    assert [sees(person, compartment) for person in people] == [True, True, False]
    with acting(bob.id):
        open_to([(charlie.unit, compartment, "watch", "forwarded again")])
    with acting(charlie.id):
        assert [row.level for row in my_openings([compartment])] == ["watch"]
    with acting(alice.id):
        assert close_to([(charlie.unit, compartment)]) == 1  # taken back
    assert not sees(charlie, compartment)


def test_charlie_cannot_end_what_is_open_to_others(people):
    alice, _, charlie = people
    compartment = make_compartment(alice.unit)
    with acting(charlie.id):
        assert close_to([(alice.unit, compartment), (charlie.unit, compartment)]) == 0
    assert sees(alice, compartment)


def test_administrators_and_auditors_see_no_compartment_of_their_unit(people):
    alice, _, _ = people
    compartment = make_compartment(alice.unit)
    for role in ("administrator", "auditor"):
        assert not sees(make_officer(alice.unit, role), compartment)


def test_an_officer_out_of_service_sees_nothing(people, owner):
    alice, bob, _ = people
    compartment = make_compartment(alice.unit, alice.id)
    owner.execute("update access_officer set is_active = false where id = %s", [alice.id])
    owner.commit()
    assert [sees(person, compartment) for person in (alice, bob)] == [False, True]


def test_many_are_opened_as_one_set(people):
    alice, _, charlie = people
    compartments = uuid7s(500)
    with on_the_road("test"):
        open_compartments([(compartment, "report", False) for compartment in compartments])
        open_to([(alice.unit, compartment, "work", "owner") for compartment in compartments])
    with acting(alice.id):
        open_to([(charlie.unit, compartment, "watch", "drive") for compartment in compartments])
    with acting(charlie.id):
        assert value("select count(*) from access_compartment where id = any(%s)", [compartments]) == 500


@pytest.mark.parametrize(
    "statement",
    [
        "insert into access_opening (viewer, compartment, level, basis) values (%(viewer)s, %(other)s, 'work', 'x')",
        "update access_opening set level = 'work'",
        "delete from access_opening",
        "insert into access_compartment (id, kind) values (%(other)s, 'report')",
        "update access_officer set roles = '{supervisor}' where id = %(viewer)s",
        "update access_officer set unit_id = %(other)s where id = %(viewer)s",
        "select password from access_officer",
        "select totp_secret from access_officer",
        "insert into access_role_permission values ('officer', 'ledger:ledger:read')",
        "insert into access_unit (id, kind, name, code) values (%(other)s, 'hub', 'Mine', 'mine')",
        "insert into access_officer (id, unit_id, username, name, roles, password) select %(other)s, unit_id, 'ghost', 'Ghost', '{analyst}', '' from access_officer where id = %(viewer)s",
    ],
)
def test_what_an_officers_transaction_cannot_do_whatever_the_program_says(people, statement):
    alice = people[0]
    with pytest.raises(ProgrammingError), acting(alice.id):
        execute(statement, {"viewer": alice.id, "other": uuid7()})


def test_an_officer_changes_their_own_language_and_nobody_elses(people):
    alice, bob, _ = people
    with acting(alice.id):
        assert execute("update access_officer set language = 'hi' where id = %s", [alice.id]) == 1
        assert execute("update access_officer set language = 'hi' where id = %s", [bob.id]) == 0
        assert value("select count(*) from access_recovery_code") == 0


def test_without_anybody_acting_the_application_sees_nothing(ask_as, people):
    make_compartment(people[0].unit)
    plain = ask_as("abhaya_app")
    for table in ("access_opening", "access_compartment", "access_unit", "access_recovery_code"):
        assert plain.execute(f"select count(*) from {table}").fetchone() == (0,)
    assert plain.execute("select access_viewers()").fetchone() == ([],)
    assert plain.execute("select access_may('desk:report:read')").fetchone() == (False,)


def test_the_application_becomes_nobody_else(ask_as):
    for role in ("abhaya_owner", "abhaya_road", "abhaya_service", "abhaya_sequencer", "postgres"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask_as("abhaya_app").execute(f"set role {role}")


def test_the_database_knows_the_permissions_the_code_knows(owner):
    from abhaya.access.permissions import PERMISSIONS

    held = {
        (role, permission) for role, permission in owner.execute("select role, permission from access_role_permission")
    }
    assert held == {(str(role), str(permission)) for role, all_of in PERMISSIONS.items() for permission in all_of}


def test_the_policy_asks_an_index_of_the_openings(people, owner):
    alice = people[0]
    compartments = uuid7s(2000)
    with on_the_road("test"):
        open_compartments([(compartment, "report", False) for compartment in compartments])
        open_to([(alice.unit, compartment, "work", "owner") for compartment in compartments])
    owner.execute("analyze access_opening, access_compartment")
    owner.commit()
    with acting(alice.id):
        plan = "\n".join(values("explain select id from access_compartment where id = %s", [compartments[7]]))
    assert "Scan using access_opening" in plan
    assert "Seq Scan" not in plan

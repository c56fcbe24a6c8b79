"""What a page asks, it asks on a connection that cannot become the road's role, whatever is smuggled into a statement."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction
from tests.factory import browser_of, make_officer, make_sender, make_unit, name
from tests.promises.walk import ABSENT_NUMBER, ALL, BEHIND_SIGN_IN
from tests.promises.world import World, sample, the_world

from abhaya.access.gate import is_with_road
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import execute, value

# Forms whose act the road writes a part of, in the same transaction: only these requests sign in as who may become it.
WITH_ROAD = {
    "cases-attach", "cases-change", "cases-decide", "cases-detach", "cases-member", "cases-member-end", "cases-new",
    "cases-state", "desk-deletion", "desk-deletion-withdraw", "desk-judge", "desk-judgement", "desk-reopen", "exchange-answer",
    "exchange-comparison", "exchange-new", "intake-form",
    "intake-load", "linking-persona", "linking-personas", "matching-list-change", "matching-list-end", "matching-list-given", "matching-list-new",
    "matching-list-reading", "matching-list-version", "matching-list-vote", "routing-accept", "routing-forward",
    "routing-return",
}  # fmt: skip
# Pages that show what no officer's rows say: the machine's health, whether a legal hold stands, with whom a list is shared.
SHOWN_APART = {"desk-deletion", "desk-health", "matching-list-given"}
ESCALATIONS = (
    "set role abhaya_road", "set local role abhaya_road", "select set_config('role', 'abhaya_road', true)",
    "set role abhaya_service", "set role abhaya_owner", "set session authorization abhaya_road",
    "set session authorization abhaya_service", "select set_config('session_authorization', 'abhaya_service', false)",
    "reset role; set role abhaya_road", "grant abhaya_road to abhaya_app", "alter role abhaya_app superuser",
    "create role another in role abhaya_road",
)  # fmt: skip


@pytest.fixture
def as_pages_sign_in(bench) -> Iterator[psycopg.Connection]:
    """A connection made with the very parameters that the pages' own is made with."""
    parameters = connections["default"].get_connection_params()
    parameters.pop("cursor_factory", None)
    parameters.pop("context", None)
    with psycopg.connect(**parameters) as connected:
        assert connected.execute("select session_user").fetchone() == ("abhaya_app",)
        yield connected
        connected.rollback()


@pytest.mark.parametrize("statement", ESCALATIONS)
def test_what_pages_sign_in_as_becomes_nobody_else(as_pages_sign_in, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_pages_sign_in.execute(statement)


def test_it_is_member_of_no_role_and_nobody_can_make_it_one(owner):
    memberships = owner.execute(
        "select member::regrole::text, roleid::regrole::text from pg_auth_members"
        " where member::regrole::text like 'abhaya%' or roleid::regrole::text like 'abhaya%'"
    ).fetchall()
    ours = {pair for pair in memberships if pair[0] != "postgres"}
    assert ours == {("abhaya_service", "abhaya_app"), ("abhaya_service", "abhaya_road")}


def test_an_officers_transaction_cannot_leave_its_role_and_the_roads_can_only_where_the_act_says_so():
    alice = make_officer(make_unit())
    with acting(alice.id):
        assert value("select session_user") == "abhaya_app"
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            execute("set local role abhaya_road")
        with pytest.raises(RuntimeError, match="has no road"), on_the_road("road:test", officer=alice.id):
            pass
        with acting(alice.id, with_road=True):  # asked for too late: the transaction has begun
            assert value("select session_user") == "abhaya_app"
        with on_the_road("service:test", apart=True):
            assert value("select session_user || ' ' || current_user") == "abhaya_service abhaya_road"
        assert value("select session_user || ' ' || current_user") == "abhaya_app abhaya_app"
    with acting(alice.id, with_road=True):
        assert value("select session_user || ' ' || current_user") == "abhaya_service abhaya_app"
        assert value("select count(*) from access_officer where id = %s", [alice.id]) == 1
    assert connection.alias == "default"


def test_an_act_that_the_road_writes_a_part_of_is_undone_as_one():
    alice, unit = make_officer(make_unit()), make_unit()

    with pytest.raises(ZeroDivisionError), acting(alice.id, with_road=True):
        with on_the_road("road:test", officer=alice.id):
            assert execute("update access_unit set name = 'changed' where id = %s", [unit]) == 1
        raise ZeroDivisionError
    with on_the_road("test"):
        assert value("select name from access_unit where id = %s", [unit]) != "changed"


def test_a_transaction_without_an_actor_is_never_left_behind_unseen():
    with transaction.atomic(), pytest.raises(RuntimeError, match="without an actor"), on_the_road("test"):
        pass


def test_a_door_answers_also_from_a_browser_in_which_an_officer_is_signed_in():
    unit, username = make_unit("hub"), name("client")
    make_sender(unit, username=username, password="eight words that nobody says twice")
    basic = "Basic " + b64encode(f"{username}:eight words that nobody says twice".encode()).decode()
    browser = browser_of(make_officer(unit))

    listed = browser.get("/hashsharing/v2/members", headers={"Authorization": basic})
    taken_back = browser.post("/ispws/retract", {"id": ABSENT_NUMBER}, headers={"Authorization": basic})

    assert (listed.status_code, taken_back.status_code) == (200, 404), taken_back.content


def test_only_these_forms_sign_in_as_who_may_become_the_road():
    assert {address.name for address in ALL if is_with_road(address.view)} == WITH_ROAD


def test_no_page_is_shown_over_the_roads_sign_in(owner):
    """Every address is asked for with GET by somebody of each kind, and each statement over the road's sign-in noted."""
    world: World = the_world()
    parts = {part: sample(owner, part, world) for address in BEHIND_SIGN_IN for part in address.parts}
    people = [
        world.alice,
        *(make_officer(world.alice.unit, role) for role in ("administrator", "auditor", "supervisor")),
    ]
    asked: list[str] = []

    def note(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    seen = set()
    for person in people:
        browser = browser_of(person)
        for address in BEHIND_SIGN_IN:
            asked.clear()
            with connections["road"].execute_wrapper(note):
                browser.get(address.filled(parts))
            if asked:
                seen.add(address.name)
    assert seen <= SHOWN_APART | {"access-sign-in"}, seen - SHOWN_APART

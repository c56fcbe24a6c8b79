"""Officers, as an administrator keeps them."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction
from tests.factory import browser_of, make_officer, make_unit, name

from abhaya.access.actions import NewOfficer, add_officer, change_officer, reset_sign_in
from abhaya.access.queries import officer_by_id
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, value, values


@pytest.fixture
def administrator():
    return make_officer(make_unit("hub"), "administrator")


def facts(username: str, unit, **more):
    return {
        "name": "Insp. Bob",
        "username": username,
        "unit_id": str(unit),
        "roles": ["officer"],
        "language": "hi",
    } | more


def test_an_officer_is_added_with_a_password_shown_once_that_works(administrator):
    client, username = browser_of(administrator), name("bob")
    page = client.post("/officers/add", facts(username, administrator.unit))
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    password = re.search(r'class="mono secret">([a-z2-9-]{24})<', page.content.decode())[1]
    assert password not in client.get("/officers").content.decode()
    stranger = browser_of()
    assert stranger.post("/sign-in", {"username": username, "password": password}).url == "/sign-in/telephone"
    with on_the_road("test"):
        officer = value("select id from access_officer where username = %s", [username])
        lines = values(
            "select convert_from(body, 'UTF8') from ledger_entry where event = 'access:officer:added' and subject_id = %s",
            [officer],
        )
    assert len(lines) == 1
    assert password not in lines[0]


def test_wrong_officers_are_refused_with_the_reason(administrator):
    client = browser_of(administrator)
    for wrong in (
        facts("Ärger", administrator.unit),
        facts(administrator.username, administrator.unit),
        facts(name("x"), administrator.unit, roles=["administrator", "officer"]),
        facts(name("x"), administrator.unit, roles=["emperor"]),
        facts(name("x"), uuid7()),
        facts(name("x"), administrator.unit, roles=[]),
    ):
        assert client.post("/officers/add", wrong).status_code == 422


def test_a_change_is_recorded_with_what_was_before(administrator):
    bob, elsewhere = make_officer(administrator.unit, called="Bob"), make_unit()
    client = browser_of(administrator)
    form = {"name": "Insp. Robert", "unit_id": str(elsewhere), "roles": ["supervisor"], "is_active": "on"}
    assert client.post(f"/officers/{bob.id}", form).status_code == 302
    with acting(administrator.id):
        after = officer_by_id(bob.id)
        line = value(
            "select convert_from(body, 'UTF8') from ledger_entry where event = 'access:officer:changed' and subject_id = %s",
            [bob.id],
        )
    assert (after.name, after.unit_id, after.roles, after.username) == (
        "Insp. Robert",
        elsewhere,
        ["supervisor"],
        bob.username,
    )
    assert str(bob.unit) in line
    assert str(elsewhere) in line


def test_administrators_cannot_change_their_own_roles_unit_or_service(administrator):
    own = {"name": "Alice", "unit_id": administrator.unit, "roles": ["administrator"], "is_active": True}
    for wish in ({"roles": ["officer"]}, {"unit_id": make_unit()}, {"is_active": False}):
        with pytest.raises(OfficerError), acting(administrator.id):
            change_officer(administrator.id, **(own | wish))
    with acting(administrator.id):
        change_officer(administrator.id, **(own | {"name": "Alice K."}))
        assert officer_by_id(administrator.id).name == "Alice K."


def test_an_officer_cannot_act_as_administrator_whatever_page_they_find(administrator):
    alice, bob = make_officer(make_unit()), make_officer(make_unit(), called="Bob")
    client = browser_of(alice)
    assert client.post(f"/officers/{bob.id}/reset").status_code == 403
    for act in (
        lambda: reset_sign_in(bob.id, "mine to use from now"),
        lambda: change_officer(bob.id, name="B", unit_id=bob.unit, roles=["officer"], is_active=False),
    ):
        with pytest.raises(NotPermitted), acting(alice.id):
            act()
    with pytest.raises(Exception, match="row-level security"), acting(alice.id):
        add_officer(NewOfficer(name("ghost"), "Ghost", alice.unit, ["analyst"]))


def test_an_administrator_put_out_meanwhile_changes_nothing(administrator, owner):
    bob = make_officer(administrator.unit, called="Bob")
    owner.execute("update access_officer set is_active = false where id = %s", [administrator.id])
    owner.commit()
    with pytest.raises(NotThere), acting(administrator.id):
        change_officer(bob.id, name="Bob", unit_id=bob.unit, roles=["supervisor"], is_active=True)


def test_the_database_keeps_administrator_and_auditor_apart_from_content(administrator):
    with pytest.raises(IntegrityError), on_the_road("test"), transaction.atomic():
        execute(
            "insert into access_officer (id, unit_id, username, name, roles, password)"
            " values (%s, %s, %s, 'X', '{administrator,analyst}', '')",
            [uuid7(), administrator.unit, name("x")],
        )


def test_an_officer_without_a_password_cannot_sign_in(administrator):
    ready_made = make_officer(administrator.unit)
    for password in ("", " ", "nobody signs in with this"):
        answer = browser_of().post("/sign-in", {"username": ready_made.username, "password": password})
        assert answer.status_code == 422


def test_what_is_typed_about_an_officer_stays_text(administrator):
    client = browser_of(administrator)
    client.post("/officers/add", facts(name("x"), administrator.unit, name="<img src=x onerror=alert(1)>"))
    assert "<img" not in client.get("/officers").content.decode()


def test_there_is_no_such_officer(administrator):
    client = browser_of(administrator)
    assert client.get(f"/officers/{uuid7()}").status_code == 404
    assert client.post(f"/officers/{uuid7()}/reset").status_code == 404

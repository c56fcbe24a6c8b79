"""A sign-in that begins anew takes two people, and everybody who answers for the officer can see it."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.access.signing import events_of, give_password, is_in
from tests.factory import Person, browser_of, make_officer, make_unit

from abhaya.access.actions import resets
from abhaya.errors import NotThere, OfficerError
from abhaya.shared.identity import acting
from abhaya.shared.sql import execute, value

REASON = {"reason": "came to the desk with the warrant card"}


@pytest.fixture(autouse=True)
def nobody_elses_administrators(owner):
    """Other tests of this worker left administrators behind; here, who could decide is counted."""
    owner.execute("update access_officer set is_active = false where 'administrator' = any (roles)")
    owner.commit()


@pytest.fixture
def alice() -> Person:
    return make_officer(make_unit(), can_sign_in=True)


@pytest.fixture
def dana() -> Person:
    return make_officer(make_unit("hub"), "administrator", called="Dana")


def ask(dana: Person, alice: Person) -> Client:
    client = browser_of(dana)
    assert client.post(f"/officers/{alice.id}/reset", REASON).status_code == 302
    return client


def waiting(person: Person) -> resets.ResetRow | None:
    with acting(person.id, name=person.name):
        return next((one for one in resets.resets() if one.state == "waiting"), None)


def test_dana_asks_eve_allows_and_dana_gives_the_password_once(alice, dana):
    eve = make_officer(dana.unit, "administrator", called="Eve")
    signed_in = browser_of(alice)
    client = ask(dana, alice)
    assert client.post(f"/officers/{alice.id}/reset/give").status_code == 409
    other = browser_of(eve)
    page = other.get("/officers/resets").content.decode()
    assert REASON["reason"] in page
    reset = re.search(r'name="reset" value="([\w-]+)"', page)[1]
    assert other.post("/officers/resets", {"reset": reset, "answer": "granted"}).status_code == 302
    assert other.post(f"/officers/{alice.id}/reset/give").status_code == 409  # who asked gives it, nobody else
    given = client.post(f"/officers/{alice.id}/reset/give").content.decode()
    password = re.search(r'class="mono secret">([\w-]+)<', given)[1]
    assert client.post(f"/officers/{alice.id}/reset/give").status_code == 409
    assert not is_in(signed_in)
    assert give_password(Client(), alice.username, alice.password).status_code == 422
    assert give_password(Client(), alice.username, password).url == "/sign-in/telephone"
    assert [event for event in events_of(alice) if "reset" in event] == [
        "access:reset:asked", "access:reset:decided", "access:sign-in:reset",
    ]  # fmt: skip


def test_nobody_decides_what_they_asked_or_what_is_about_them(alice, dana):
    supervisor = make_officer(alice.unit, "supervisor", called="Bob")
    ask(dana, alice)
    ask(dana, supervisor)
    mine = waiting(dana)
    with acting(supervisor.id, name=supervisor.name):
        about_me = [one for one in resets.resets() if one.officer_id == supervisor.id]
    assert about_me == []
    with acting(dana.id, name=dana.name), pytest.raises(OfficerError, match="second person"):
        resets.decide_reset(mine.id, granted=True)
    with acting(dana.id), pytest.raises(IntegrityError), transaction.atomic():
        execute("update access_reset set decided_by_id = asked_by_id where id = %s", [mine.id])


def test_the_supervisor_of_the_unit_or_of_one_above_decides_and_others_see_nothing(dana):
    state = make_unit("state")
    district = make_unit("district", parent=state)
    alice = make_officer(district)
    above = make_officer(state, "supervisor", called="Bob")
    charlie = make_officer(make_unit("state"), "supervisor", called="Charlie")
    colleague = make_officer(district, "officer", called="Frank")
    ask(dana, alice)
    found = waiting(above)
    assert found.officer_id == alice.id
    for stranger in (charlie, colleague):
        assert waiting(stranger) is None
        with acting(stranger.id), pytest.raises(NotThere):
            resets.decide_reset(found.id, granted=True)
    assert browser_of(colleague).get("/officers/resets").status_code == 403
    with acting(above.id, name=above.name):
        resets.decide_reset(found.id, granted=False)
        with pytest.raises(OfficerError, match="decided already"):
            resets.decide_reset(found.id, granted=True)
    assert browser_of(dana).post(f"/officers/{alice.id}/reset/give").status_code == 409


def test_the_only_administrator_goes_on_alone_and_the_ledger_says_so(alice, dana):
    client = ask(dana, alice)
    assert "secret" in client.post(f"/officers/{alice.id}/reset/give").content.decode()
    with acting(dana.id):
        body = value(
            "select convert_from(body, 'UTF8') from ledger_entry where event = 'access:reset:decided' and subject_id = %s",
            [alice.id],
        )
    assert "alone" in body


def test_what_was_allowed_runs_out_and_nobody_asks_for_themselves(alice, dana, owner):
    client = ask(dana, alice)
    owner.execute("update access_reset set until = now() - interval '1 second' where officer_id = %s", [alice.id])
    owner.commit()
    assert client.post(f"/officers/{alice.id}/reset/give").status_code == 409
    assert client.post(f"/officers/{dana.id}/reset", REASON).status_code == 409
    assert client.post(f"/officers/{alice.id}/reset", {"reason": " "}).status_code == 409
    assert client.post(f"/officers/{alice.id}/reset", REASON).status_code == 302  # the old one ran out: asked anew


def test_an_unlocked_browser_is_not_enough(alice, dana):
    client = ask(dana, alice)
    session = client.session
    session["confirmed"] = 0
    session.save()
    answer = client.post(f"/officers/{alice.id}/reset/give", headers={"referer": f"http://x/officers/{alice.id}"})
    assert answer.url == f"/account/confirm?next=%2Fofficers%2F{alice.id}"

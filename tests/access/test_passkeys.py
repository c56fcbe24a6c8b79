"""Passkeys: made, used and removed; and every answer that is not this officer's, this page's, this moment's."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.access.authenticator import HOST, PRESENT, Key
from tests.access.signing import events_of, give_password, is_in
from tests.factory import Person, browser_of, make_officer, make_unit

from abhaya.access.actions import reset_sign_in
from abhaya.shared.identity import acting
from abhaya.shared.sql import value, values


@pytest.fixture(autouse=True)
def a_server_with_a_name(settings):
    settings.ALLOWED_HOSTS, settings.PASSKEY_HOST, settings.TLS = [HOST, "testserver"], HOST, True


@pytest.fixture
def alice() -> Person:
    return make_officer(make_unit(), can_sign_in=True)


def options_on(page) -> str:
    return html.unescape(re.search(r'data-options="([^"]+)"', page.content.decode())[1])


def at_home(person: Person | None = None) -> Client:
    return browser_of(person, SERVER_NAME=HOST)


def added(person: Person, called: str = "my telephone") -> Key:
    key, client = Key(), at_home(person)
    answer = key.make(options_on(client.get("/account/passkeys/add")))
    assert client.post("/account/passkeys/add", {"credential": answer, "called": called}).status_code == 302
    return key


def with_password(person: Person) -> tuple[Client, str]:
    """A browser after the password, and what its page asks of a passkey."""
    client = at_home()
    give_password(client, person.username, person.password)
    return client, options_on(client.get("/sign-in/code"))


def test_alice_adds_a_passkey_and_signs_in_with_it(alice):
    key = added(alice)
    client, options = with_password(alice)
    answer = client.post("/sign-in/code", {"credential": key.sign(options)})
    assert (answer.status_code, is_in(client)) == (302, True)
    page = client.get("/account").content.decode()
    assert "my telephone" in page
    assert events_of(alice)[-2:] == ["access:second-factor:set", "access:officer:signed-in"]


def test_the_first_second_step_may_be_a_passkey_and_recovery_codes_work_beside_it(alice):
    dana = make_officer(alice.unit, "administrator")
    with acting(dana.id, name=dana.name):
        reset_sign_in(alice.id, "lent for a few days only")
    client, key = at_home(), Key()
    assert give_password(client, alice.username, "lent for a few days only").url == "/sign-in/telephone"
    made = key.make(options_on(client.get("/sign-in/telephone")))
    page = client.post("/sign-in/telephone", {"credential": made, "called": "blue key"})
    codes = re.findall(r"<li>([A-Z2-7-]{19})</li>", page.content.decode())
    assert len(codes) == 10
    assert client.get("/account/password").status_code == 200
    fresh = at_home()
    give_password(fresh, alice.username, "lent for a few days only")
    assert fresh.post("/sign-in/code", {"code": codes[0]}).status_code == 302
    again = at_home()
    give_password(again, alice.username, "lent for a few days only")
    assert again.get("/sign-in/telephone").url == "/sign-in"  # nobody sets up a first one twice


def test_an_answer_works_once_and_only_in_its_own_session(alice):
    key = added(alice)
    client, options = with_password(alice)
    other, _theirs = with_password(alice)
    answer = key.sign(options)
    assert other.post("/sign-in/code", {"credential": answer}).status_code == 422  # stolen: issued to another session
    assert client.post("/sign-in/code", {"credential": answer}).status_code == 302
    again, _options = with_password(alice)
    assert again.post("/sign-in/code", {"credential": answer}).status_code == 422  # replayed
    assert not is_in(again)


def test_a_wrong_answer_uses_the_challenge_up(alice):
    key = added(alice)
    client, options = with_password(alice)
    assert (
        client.post("/sign-in/code", {"credential": key.sign(options, origin="https://evil.example")}).status_code
        == 422
    )
    assert client.post("/sign-in/code", {"credential": key.sign(options)}).status_code == 422


def test_a_challenge_runs_out(alice, owner):
    key = added(alice)
    client, options = with_password(alice)
    owner.execute("update access_challenge set until = now() - interval '1 second'")
    owner.commit()
    assert client.post("/sign-in/code", {"credential": key.sign(options)}).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"origin": f"http://{HOST}"},
        {"origin": f"https://{HOST}:8443"},
        {"origin": f"https://x.{HOST}"},
        {"host": "evil.example"},
        {"kind": "webauthn.create"},
        {"flags": 0},
    ],
    ids=str,
)
def test_another_origin_party_ceremony_or_no_touch_is_refused(alice, wrong):
    key = added(alice)
    client, options = with_password(alice)
    refused = client.post("/sign-in/code", {"credential": key.sign(options, **wrong)})
    assert (refused.status_code, is_in(client)) == (422, False)


def test_the_passkey_of_another_officer_or_of_nobody_is_refused(alice):
    bob = make_officer(alice.unit, can_sign_in=True, called="Bob")
    added(alice)
    bobs = added(bob)
    for key in (bobs, Key(), Key(id=bobs.id)):
        client, options = with_password(alice)
        assert client.post("/sign-in/code", {"credential": key.sign(options)}).status_code == 422
        assert not is_in(client)


def test_a_copied_passkey_is_told_by_its_count_and_stands_in_the_ledger(alice):
    key = added(alice)
    client, options = with_password(alice)
    assert client.post("/sign-in/code", {"credential": key.sign(options, count=7)}).status_code == 302
    for count in (7, 3, 0):
        client, options = with_password(alice)
        refused = client.post("/sign-in/code", {"credential": key.sign(options, count=count)})
        assert (refused.status_code, is_in(client)) == (422, False)
        assert events_of(alice)[-1] == "access:passkey:refused"
    forged = Key(id=key.id)  # without the key itself the count is not even looked at
    client, options = with_password(alice)
    before = len(events_of(alice))
    assert client.post("/sign-in/code", {"credential": forged.sign(options, count=1)}).status_code == 422
    assert len(events_of(alice)) == before


def test_a_removed_passkey_opens_nothing_and_the_last_second_step_stays(alice):
    key = added(alice)
    second = added(alice, "blue key")
    client = at_home(alice)

    def ids() -> list[str]:
        return re.findall(r'name="passkey" value="([\w-]+)"', client.get("/account").content.decode())

    assert client.post("/account/passkeys/remove", {"passkey": ids()[0]}).status_code == 302
    signing, options = with_password(alice)
    assert signing.post("/sign-in/code", {"credential": key.sign(options)}).status_code == 422
    assert client.post("/account/telephone/remove").status_code == 302
    assert client.post("/account/passkeys/remove", {"passkey": ids()[0]}).status_code == 409
    assert client.post("/account/telephone/remove").status_code == 409
    signing, options = with_password(alice)
    assert (
        signing.post("/sign-in/code", {"code": alice.code()}).status_code == 422
    )  # the app is no second step any more
    assert signing.post("/sign-in/code", {"credential": second.sign(options)}).status_code == 302


def test_nobody_touches_or_sees_the_passkeys_of_another(alice, as_app):
    added(alice)
    bob = make_officer(alice.unit, can_sign_in=True, called="Bob")
    added(bob)
    with acting(alice.id):
        theirs = values("select id from access_passkey where officer_id = %s", [alice.id])[0]
    client = at_home(bob)
    assert client.post("/account/passkeys/remove", {"passkey": str(theirs)}).status_code == 409
    for person in (bob, make_officer(alice.unit, "administrator"), make_officer(alice.unit, "auditor")):
        connection = as_app(person)
        assert connection.execute(
            "select count(*) from access_passkey where officer_id = %s", [alice.id]
        ).fetchone() == (0,)
        assert connection.execute("delete from access_passkey where officer_id = %s", [alice.id]).rowcount == 0
        assert connection.execute(
            "select count(*) from access_session where officer_id = %s", [alice.id]
        ).fetchone() == (0,)


@pytest.fixture
def as_app(ask_as):
    def connect(person: Person):
        connection = ask_as("abhaya_app")
        connection.execute("select set_config('abhaya.officer', %s, false)", [str(person.id)])
        return connection

    return connect


def test_a_stranger_is_not_told_who_has_a_passkey(alice):
    added(alice)
    for username in (alice.username, "nobody.at.all"):
        page = give_password(at_home(), username, "not the password at all").content.decode()
        assert "data-options" not in page
        assert "passkey.js" not in page


def test_where_a_passkey_would_not_last_it_is_not_offered_and_the_page_says_why(alice, settings):
    added(alice)
    client = browser_of(alice)  # the same server at another name
    page = client.get("/account").content.decode()
    assert f"https://{HOST}" in page
    assert client.get("/account/passkeys/add").status_code == 409
    settings.PASSKEY_HOST = ""
    assert "one host name for good" in at_home(alice).get("/account").content.decode()
    elsewhere = Client()
    give_password(elsewhere, alice.username, alice.password)
    assert "data-options" not in elsewhere.get("/sign-in/code").content.decode()


def test_the_same_passkey_is_not_added_twice_nor_by_another(alice):
    key = added(alice)
    bob = make_officer(alice.unit, can_sign_in=True, called="Bob")
    for person in (alice, bob):
        client = at_home(person)
        made = key.make(options_on(client.get("/account/passkeys/add")))
        assert client.post("/account/passkeys/add", {"credential": made, "called": "x"}).status_code == 422
    with acting(bob.id):
        assert value("select passkeys from access_officer where id = %s", [bob.id]) == 0


def test_a_registration_for_another_origin_or_host_is_refused(alice):
    for wrong in ({"origin": "https://evil.example"}, {"host": "evil.example"}, {"kind": "webauthn.get"}):
        client = at_home(alice)
        made = Key().make(options_on(client.get("/account/passkeys/add")), **wrong)
        assert client.post("/account/passkeys/add", {"credential": made, "called": "x"}).status_code == 422


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 900), put=st.sampled_from(["", "[", "{", "\x00", '"', "é", "9" * 40, "null"]))
def test_a_broken_answer_is_an_answer_that_does_not_hold(pending, cut, put):
    client, key, options = pending
    answer = key.sign(options, flags=PRESENT)
    assert client.post("/sign-in/code", {"credential": answer[:cut] + put + answer[cut + 3 :]}).status_code in {
        302,
        422,
    }
    for broken in ("[" * 9000, "null", "7", '{"response":{"clientDataJSON":"bnVsbA"}}', '{"response":7}'):
        assert client.post("/sign-in/code", {"credential": broken}).status_code == 422


@pytest.fixture
def pending(alice):
    key = added(alice)
    return (with_password(alice)[0], key, with_password(alice)[1])

"""Signing in: the password, always a second step, and what a guesser meets."""

from __future__ import annotations

import re
import time
from urllib.parse import quote

import pyotp
import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.module_loading import import_string
from tests.access.signing import events_of, give_password, is_in, sign_in_by_hand
from tests.factory import Person, browser_of, make_officer, make_unit, name

import abhaya.settings
from abhaya.access import passwords, second_factor, session
from abhaya.access.actions import change_officer, reset_sign_in, sign_in
from abhaya.access.sessions import kept
from abhaya.shared.identity import acting
from abhaya.shared.sql import value


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def alice(unit) -> Person:
    return make_officer(unit, can_sign_in=True)


def test_alice_signs_in_with_password_and_code_and_comes_to_the_page_she_wanted(alice):
    client = Client()
    refused = client.get("/account")
    assert refused.url == "/sign-in?next=" + quote("/account", safe="")
    answer = sign_in_by_hand(client, alice, after="/account")
    assert (answer.status_code, answer.url) == (302, "/account")
    page = client.get("/account")
    assert alice.username in page.content.decode()
    assert events_of(alice)[-1] == "access:officer:signed-in"


def test_the_password_alone_opens_nothing(alice):
    client = Client()
    assert give_password(client, alice.username, alice.password).url == "/sign-in/code"
    assert not is_in(client)


def test_without_the_password_there_is_no_second_step():
    assert Client().get("/sign-in/code").url == "/sign-in"
    assert Client().get("/sign-in/telephone").url == "/sign-in"


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(alice):
    def said(username: str) -> tuple[int, str]:
        answer = give_password(Client(), username, "not the password at all")
        page = answer.content.decode().replace(username, "NAME")
        return answer.status_code, re.sub(r'(csrfmiddlewaretoken" value=|<span class="mono">)[^<>]*', "", page)

    assert said(alice.username) == said(name("nobody"))


def test_an_unknown_name_costs_the_same_work(alice, monkeypatch):
    hashed = []
    monkeypatch.setattr(passwords, "check_password", lambda _, stored: hashed.append(stored[:9]) or False)
    for username in (alice.username, name("nobody")):
        give_password(Client(), username, "not the password at all")
    assert hashed == ["argon2$ar", "argon2$ar"]


def test_a_program_hashes_with_a_hundred_megabytes_and_senders_passwords_with_sixty_four():
    (hasher,) = abhaya.settings.PASSWORD_HASHERS  # tests themselves hash quickly (`tests/passwords.py`)
    for hashed, megabytes in (
        (import_string(hasher)().encode("a pass phrase", "salt of sixteen.").removeprefix("argon2"), 100),
        (PasswordHasher().hash("a pass phrase"), 64),
    ):
        real = extract_parameters(hashed)
        assert (real.type, real.memory_cost >= megabytes * 1024, real.time_cost >= 2) == (Type.ID, True, True)


def test_a_code_is_taken_once(alice):
    code = alice.code()
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client, alice.username, alice.password)
    assert first.post("/sign-in/code", {"code": code}).status_code == 302
    refused = second.post("/sign-in/code", {"code": code})
    assert refused.status_code == 422
    assert not is_in(second)


def test_a_code_may_be_half_a_minute_off_and_no_more(alice):
    now = time.time()
    for ahead, taken in ((-1, True), (0, True), (1, True), (2, False), (-2, False)):
        code = pyotp.TOTP(alice.totp).at(int(now) + 30 * ahead)
        assert (second_factor.step_of(alice.totp, code, after=0, now=now) is not None) is taken


def test_codes_are_read_as_people_type_them():
    assert second_factor.as_typed("123 456") == "123456"
    assert second_factor.as_typed("१२३ ४५६") == "123456"
    assert second_factor.as_typed("abcd-efgh") == "ABCDEFGH"


def test_a_recovery_code_works_once_in_the_place_of_a_code(alice):
    with acting(alice.id, name=alice.name):
        codes = sign_in.new_recovery_codes(alice.id)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    for client, expected in ((Client(), 302), (Client(), 422)):
        give_password(client, alice.username, alice.password)
        assert client.post("/sign-in/code", {"code": codes[3].lower()}).status_code == expected
    assert alice.username not in codes


def test_bobs_recovery_code_is_not_alices(unit, alice):
    bob = make_officer(unit, can_sign_in=True, called="Bob")
    with acting(bob.id, name=bob.name):
        codes = sign_in.new_recovery_codes(bob.id)
    client = Client()
    give_password(client, alice.username, alice.password)
    assert client.post("/sign-in/code", {"code": codes[0]}).status_code == 422


def test_the_session_key_changes_at_every_step_and_its_row_cannot_be_stepped_into(alice):
    client = Client()
    client.post("/language", {"language": "hi", "next": "/sign-in"})
    keys = [client.cookies[settings.SESSION_COOKIE_NAME].value]
    give_password(client, alice.username, alice.password)
    keys.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    client.post("/sign-in/code", {"code": alice.code()})
    keys.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    assert len(set(keys)) == 3
    assert not Session.objects.filter(session_key__in=keys).exists()
    assert Session.objects.filter(session_key=kept(keys[2])).exists()
    assert not Session.objects.filter(session_key__in=[kept(key) for key in keys[:2]]).exists()
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = kept(keys[2])
    assert not is_in(thief)


def test_signing_out_ends_the_session_on_the_server(alice):
    client = browser_of(alice)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert is_in(client)
    client.post("/sign-out")
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_in(client)
    assert events_of(alice)[-1] == "access:officer:signed-out"


def test_signing_out_takes_a_post(alice):
    client = browser_of(alice)
    assert client.get("/sign-out").status_code == 405
    assert is_in(client)


def test_who_is_deactivated_is_out_at_the_next_request(unit, alice):
    administrator = make_officer(unit, "administrator")
    client = browser_of(alice)
    assert is_in(client)
    with acting(administrator.id, name=administrator.name):
        change_officer(alice.id, name=alice.name, unit_id=unit, roles=["officer"], is_active=False)
    assert not is_in(client)
    assert give_password(Client(), alice.username, alice.password).status_code == 422


def test_a_unit_out_of_service_has_no_officers_in(unit, alice, owner):
    client = browser_of(alice)
    owner.execute("update access_unit set is_active = false where id = %s", [unit])
    owner.commit()
    assert not is_in(client)
    assert give_password(Client(), alice.username, alice.password).status_code == 422


@pytest.mark.parametrize(
    ("key", "seconds"), [("seen", session.IDLE_SECONDS_MAX), ("since", settings.SESSION_COOKIE_AGE)]
)
def test_a_session_ends_when_idle_and_with_the_shift(alice, key, seconds):
    client = browser_of(alice)
    held = client.session
    held[key] = int(time.time()) - seconds - 5
    held.save()
    assert not is_in(client)


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "x" * 9000]
)
def test_the_next_page_is_always_one_of_ours(alice, elsewhere):
    assert sign_in_by_hand(Client(), alice, after=elsewhere).url == "/"


def test_a_temporary_password_leads_to_a_telephone_and_then_to_a_password_of_ones_own(unit, alice):
    administrator = make_officer(unit, "administrator")
    before = browser_of(alice)
    with acting(administrator.id, name=administrator.name):
        reset_sign_in(alice.id, "lent for a few days only")
    assert not is_in(before)
    client = Client()
    assert give_password(client, alice.username, "lent for a few days only").url == "/sign-in/telephone"
    page = client.get("/sign-in/telephone").content.decode()
    assert "style=" not in page
    secret = re.search(r'class="mono secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert client.post("/sign-in/telephone", {"code": "000000"}).status_code == 422
    done = client.post("/sign-in/telephone", {"code": pyotp.TOTP(secret).now()})
    codes = re.findall(r"<li>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</li>", done.content.decode())
    assert len(codes) == second_factor.RECOVERY_CODES
    assert client.get("/account").url == "/account/password"
    asked = {"old": "lent for a few days only", "password": "four words of mine", "again": "four words of mine"}
    assert client.post("/account/password", asked).status_code == 302
    assert is_in(client)
    assert "access:second-factor:set" in events_of(alice)
    with acting(alice.id):
        stored = value("select totp_secret from access_credentials(%s)", [alice.username])
    assert secret not in stored


def test_a_temporary_password_runs_out(unit, alice, owner):
    administrator = make_officer(unit, "administrator")
    with acting(administrator.id, name=administrator.name):
        reset_sign_in(alice.id, "lent for a few days only")
    owner.execute("update access_officer set password_set_at = now() - interval '8 days' where id = %s", [alice.id])
    owner.commit()
    answer = give_password(Client(), alice.username, "lent for a few days only")
    assert answer.status_code == 422
    assert "run out" in answer.content.decode()


def test_of_two_who_hold_the_temporary_password_one_becomes_the_officer(unit, alice):
    administrator = make_officer(unit, "administrator")
    with acting(administrator.id, name=administrator.name):
        reset_sign_in(alice.id, "lent for a few days only")
    pages = []
    clients = [Client(), Client()]
    for client in clients:
        give_password(client, alice.username, "lent for a few days only")
        page = client.get("/sign-in/telephone").content.decode()
        pages.append(re.search(r'class="mono secret">([A-Z2-7 ]+)<', page)[1].replace(" ", ""))
    first = clients[0].post("/sign-in/telephone", {"code": pyotp.TOTP(pages[0]).now()})
    second = clients[1].post("/sign-in/telephone", {"code": pyotp.TOTP(pages[1]).now()})
    assert first.status_code == 200
    assert second.status_code == 302
    assert second.url == "/sign-in"
    assert not is_in(clients[1])


def test_changing_the_password_signs_out_the_other_browsers_and_keeps_this_one(alice):
    here, there = browser_of(alice), browser_of(alice)
    new = "a sentence nobody guesses"
    wrong = here.post("/account/password", {"old": "not mine at all", "password": new, "again": new})
    assert wrong.status_code == 422
    assert here.post("/account/password", {"old": alice.password, "password": new, "again": new}).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert give_password(Client(), alice.username, alice.password).status_code == 422
    assert give_password(Client(), alice.username, new).status_code == 302


def test_a_new_telephone_takes_the_second_step_of_a_moment_ago_and_a_code_of_the_new_one(alice):
    client = browser_of(alice)
    client_session = client.session
    client_session["confirmed"] = int(time.time()) - 301
    client_session.save()
    assert client.get("/account/telephone").url == "/account/confirm?next=%2Faccount%2Ftelephone"
    assert client.post("/account/telephone", {"code": "000000"}).status_code == 302
    assert client.post("/account/confirm", {"code": alice.code(), "next": "/account/telephone"}).url.endswith(
        "telephone"
    )
    page = client.get("/account/telephone").content.decode()
    secret = re.search(r'class="mono secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert client.post("/account/telephone", {"code": "000000"}).status_code == 422
    assert client.post("/account/telephone", {"code": pyotp.TOTP(secret).now()}).status_code == 200
    fresh = Client()
    give_password(fresh, alice.username, alice.password)
    assert fresh.post("/sign-in/code", {"code": alice.code(steps_ahead=1)}).status_code == 422
    assert fresh.post("/sign-in/code", {"code": pyotp.TOTP(secret).at(int(time.time()) + 30)}).status_code == 302


def test_the_secret_of_one_officer_does_not_open_for_another(unit, alice):
    bob = make_officer(unit, can_sign_in=True, called="Bob")
    sealed = second_factor.sealed(alice.totp, alice.id)
    assert second_factor.unsealed(sealed, alice.id) == alice.totp
    with pytest.raises(Exception, match="does not open"):
        second_factor.unsealed(sealed, bob.id)


def test_the_language_chosen_at_the_door_stays_with_the_officer(alice):
    client = Client()
    client.post("/language", {"language": "hi", "next": "/sign-in"})
    sign_in_by_hand(client, alice)
    page = Client()
    sign_in_by_hand(page, alice, steps_ahead=1)
    assert '<html lang="hi"' in page.get("/account").content.decode()
    page.post("/language", {"language": "en", "next": "/account"})
    assert '<html lang="en"' in client.get("/account").content.decode()


def test_forms_without_the_forgery_mark_are_refused(alice):
    strict = Client(enforce_csrf_checks=True)
    for address in ("/sign-in", "/language", "/sign-out", "/sign-in/code"):
        assert strict.post(address, {}).status_code == 403

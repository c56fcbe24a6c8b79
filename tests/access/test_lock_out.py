"""Lock-out: guessing is slowed wherever it comes from, and nobody can keep another person out."""

from __future__ import annotations

import fcntl
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.core import signing
from django.db import connections
from django.test import Client
from tests.access.signing import ELSEWHERE, FURTHER, OFFICE, events_of, give_password, is_in, sign_in_by_hand
from tests.factory import Person, make_officer, make_unit, name

from abhaya.access import passwords, rules, second_factor, session
from abhaya.access.actions import attempts, sign_in
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import execute, value, values


@pytest.fixture
def alice() -> Person:
    return make_officer(make_unit(), can_sign_in=True)


def networks(count: int, *, first: int = 1) -> list[str]:
    """So many invented networks, each a place of its own."""
    return [f"2001:db8:{number:x}::7" for number in range(first, first + count)]


def code_answer(person: Person, code: str, *, address: str) -> int:
    client = Client()
    assert give_password(client, person.username, person.password, address=address).status_code == 302
    return client.post("/sign-in/code", {"code": code}, REMOTE_ADDR=address).status_code


def test_guessing_is_locked_out_for_a_growing_time_and_only_from_where_it_comes(alice):
    guesser = Client()
    for _ in range(rules.FREE_FAILURES_MAX):
        assert give_password(guesser, alice.username, "a wrong guess here", address=ELSEWHERE).status_code == 422
    locked = give_password(guesser, alice.username, alice.password, address=ELSEWHERE)
    assert locked.status_code == 429
    assert 0 < int(locked.headers["Retry-After"]) <= rules.FIRST_LOCK_SECONDS
    assert events_of(alice)[-1] == "access:officer:locked"
    assert sign_in_by_hand(Client(), alice, address=FURTHER).status_code == 302
    assert rules.lock_seconds(6) == 2 * rules.lock_seconds(5)
    assert rules.lock_seconds(60) == rules.LOCK_SECONDS_MAX


def test_a_browser_alice_used_before_is_not_locked_out_by_her_neighbour(alice):
    browser = Client()
    sign_in_by_hand(browser, alice)
    browser.post("/sign-out")
    for _ in range(rules.FREE_FAILURES_MAX + 1):
        give_password(Client(), alice.username, "a wrong guess here", address=OFFICE)
    assert give_password(Client(), alice.username, alice.password, address=OFFICE).status_code == 429
    assert sign_in_by_hand(browser, alice, steps_ahead=1).status_code == 302
    assert is_in(browser)


def test_a_hundred_guesses_at_once_count_as_a_hundred(alice):
    key = second_factor.bucket("password", alice.username, rules.network_of(ELSEWHERE))
    start = threading.Barrier(8)

    def guess(_: int) -> str:
        try:
            start.wait()
            for _again in range(3):
                try:
                    attempts.charged(key)
                except attempts.Locked:
                    return "locked"
            return "free"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(guess, range(8)))
    assert value("select count from access_failure where key = %s", [key]) == rules.FREE_FAILURES_MAX
    assert "locked" in ends


def test_a_name_that_is_nobodys_is_not_written_into_the_ledger():
    typed = name("perhaps-a-password")
    for _ in range(rules.FREE_FAILURES_MAX):
        give_password(Client(), typed, "whatever it may be", address=FURTHER)
    with on_the_road("test:ledger"):
        bodies = values(
            "select convert_from(body, 'UTF8') from ledger_entry where event = 'access:officer:locked'"
            " and subject_id is null and convert_from(body, 'UTF8') like %s",
            [f"%{FURTHER}%"],
        )
    assert bodies
    assert not any(typed in body for body in bodies)


def test_a_flood_of_sign_ins_is_told_to_come_back_and_counts_against_nobody(alice):
    lane = passwords.STRANGERS
    with ExitStack() as held:
        for number in range(lane.at_once + lane.waiting):
            place = held.enter_context((settings.DATA_DIR / f"places/{lane.name}-line-{number}").open("ab"))
            fcntl.flock(place, fcntl.LOCK_EX)  # as another server process would
        answer = give_password(Client(), alice.username, alice.password, address=FURTHER)
        at_home = Client()
        at_home.cookies[session.DEVICE_COOKIE] = signing.dumps([alice.username, "home"], salt=session.DEVICE_SALT)
        assert give_password(at_home, alice.username, alice.password, address=FURTHER).status_code == 302
    assert answer.status_code == 503
    key = second_factor.bucket("password", alice.username, rules.network_of(FURTHER))
    assert value("select count(*) from access_failure where key = %s", [key]) == 0


def test_guessing_codes_is_locked_out_too(alice):
    client = Client()
    give_password(client, alice.username, alice.password)
    answers = [client.post("/sign-in/code", {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert client.post("/sign-in/code", {"code": alice.code()}).status_code == 429


def test_old_failures_are_forgotten(alice):
    key = second_factor.bucket("password", alice.username, rules.network_of(OFFICE))
    give_password(Client(), alice.username, "a wrong guess here")
    execute("update access_failure set last_at = now() - interval '3 days', count = 40 where key = %s", [key])
    give_password(Client(), alice.username, "a wrong guess here")
    assert value("select count from access_failure where key = %s", [key]) == 1


def test_who_guesses_from_many_networks_has_one_guess_in_each_and_alice_comes_in_from_anywhere(alice):
    home = Client()
    sign_in_by_hand(home, alice)
    for address in networks(rules.SPREAD_FAILURES_MAX):
        assert give_password(Client(), alice.username, "a wrong guess here", address=address).status_code == 422
    assert events_of(alice)[-1] == "access:officer:locked"
    (fresh, further) = networks(2, first=0x900)
    assert give_password(Client(), alice.username, "a wrong guess here", address=fresh).status_code == 422
    locked = give_password(Client(), alice.username, alice.password, address=fresh)
    assert locked.status_code == 429
    assert int(locked.headers["Retry-After"]) > rules.SPREAD_FIRST_LOCK_SECONDS - 10
    # Alice, in a network and a browser she never used, at the first attempt; and at her office she may mistype as ever.
    assert give_password(Client(), alice.username, alice.password, address=further).status_code == 302
    for _ in range(rules.FREE_FAILURES_MAX - 1):
        assert give_password(Client(), alice.username, "mistyped at the office", address=OFFICE).status_code == 422
    assert give_password(Client(), alice.username, alice.password, address=OFFICE).status_code == 302
    home.post("/sign-out")
    sign_in_by_hand(home, alice, steps_ahead=1)
    assert f"{rules.SPREAD_FAILURES_MAX + 1} wrong passwords were tried" in home.get("/account").content.decode()


def test_who_knows_the_password_cannot_guess_codes_from_many_networks_nor_keep_alice_out(alice):
    with acting(alice.id, name=alice.name):
        codes = sign_in.new_recovery_codes(alice.id)
    home = Client()
    sign_in_by_hand(home, alice)
    home.post("/sign-out")
    for address in networks(rules.STRANGE_CODE_FAILURES_MAX):
        assert code_answer(alice, "000000", address=address) == 422
    (fresh,) = networks(1, first=0x800)
    assert code_answer(alice, alice.code(steps_ahead=1), address=fresh) == 429
    assert code_answer(alice, codes[0], address=fresh) == 302
    assert sign_in_by_hand(home, alice, steps_ahead=1, address="203.0.113.200").status_code == 302
    assert is_in(home)


def test_right_codes_from_many_places_are_not_counted_against_alice(alice):
    account = second_factor.bucket("code", str(alice.id))
    assert code_answer(alice, alice.code(), address=ELSEWHERE) == 302
    assert value("select count from access_failure where key = %s", [account]) == 0


def test_recovery_codes_cannot_be_guessed_in_a_row(alice):
    client = Client()
    give_password(client, alice.username, alice.password)
    answers = [client.post("/sign-in/code", {"code": "ABCD-EFGH-IJKL-MNOP"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert client.post("/sign-in/code", {"code": alice.code()}).status_code == 302


def test_a_place_that_is_taken_is_taken_for_all_and_free_when_it_is_left(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    lane = passwords.Lane("test", 1, 0)
    with passwords.a_place_to_hash(lane), pytest.raises(passwords.Busy), passwords.a_place_to_hash(lane):
        pass
    with passwords.a_place_to_hash(lane):
        held = sorted(path.name for path in (tmp_path / "places").iterdir())
    assert held == ["test-0", "test-line-0"]

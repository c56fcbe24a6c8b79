"""Passwords at the door: argon2 once, then remembered; guessing is slowed down without locking others out."""

import base64
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from abhaya.errors import SenderError
from abhaya.intake import credentials
from abhaya.intake.credentials import Caller, basic, verified
from abhaya.shared.throttle import KEYS_MAX, Throttle


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(credentials, "_failures", Throttle(clock))
    monkeypatch.setattr(credentials.time, "monotonic", clock)
    monkeypatch.setattr(credentials, "_remembered", {})
    return clock


@pytest.fixture
def looked(monkeypatch):
    """How often a password was really hashed."""
    times = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda self, *words: (times.append(1), verify(self, *words))[1])
    return times


QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def sender(password="right", **more):
    told = {"username": f"user-{uuid4().hex[:6]}", "password_hash": QUICK.hash(password), "is_active": True} | more
    return Caller(uuid4(), "Platform", uuid4(), False, requests_per_minute_max=60, file_bytes_max=1, **told)


def refusal(caller, password, address="192.0.2.1"):
    with pytest.raises(SenderError) as caught:
        verified(caller, password, address)
    return caught.value.status


def test_a_right_password_is_hashed_once_and_then_remembered_for_minutes(clock, looked):
    alice = sender()
    for _ in range(5):
        assert verified(alice, "right", "192.0.2.1") == alice
    assert len(looked) == 1
    clock.now += credentials.REMEMBERED_SECONDS + 1
    verified(alice, "right", "192.0.2.1")
    assert len(looked) == 2


def test_a_changed_password_is_not_the_remembered_one(clock, looked):
    alice = sender()
    verified(alice, "right", "192.0.2.1")
    changed = sender("other", username=alice.username)
    assert refusal(changed, "right") == 401
    assert len(looked) == 2


def test_an_unknown_name_is_hashed_like_a_known_one(clock, looked):
    assert refusal(None, "x") == 401
    assert len(looked) == 1


def test_a_sender_that_is_switched_off_needs_its_password_to_learn_it(clock):
    off = sender(is_active=False)
    assert refusal(off, "wrong") == 401
    assert refusal(off, "right") == 403


def test_guessing_is_slowed_down_for_that_name_and_address_alone(clock, looked):
    alice, bob = sender(), sender()
    verified(alice, "right", "192.0.2.1")
    statuses = [refusal(alice, f"guess {number}") for number in range(30)]
    assert statuses.count(401) == credentials.FAILURES_PER_MINUTE_MAX
    assert statuses[-1] == 429
    assert len(looked) == 1 + credentials.FAILURES_PER_MINUTE_MAX
    assert verified(alice, "right", "192.0.2.1") == alice
    assert verified(bob, "right", "192.0.2.1") == bob
    assert refusal(alice, "guess", "192.0.2.2") == 401
    clock.now += 3.1
    assert refusal(alice, "guess") == 401


def test_guessing_many_names_from_one_address_ends_too(clock):
    statuses = [refusal(sender(), "wrong") for _ in range(credentials.ADDRESS_FAILURES_PER_MINUTE_MAX + 5)]
    assert statuses[-1] == 429


def test_right_passwords_do_not_count_as_failures(clock):
    for _ in range(3 * credentials.FAILURES_PER_MINUTE_MAX):
        clock.now += credentials.REMEMBERED_SECONDS + 1e-9
        clock.now -= credentials.REMEMBERED_SECONDS
        credentials._remembered.clear()
        alice = sender()
        verified(alice, "right", "192.0.2.1")


@pytest.mark.parametrize("header", ["", "Basic", "Basic x", "Digest a", "Basic " + base64.b64encode(b"nocolon").decode(), "Basic " + base64.b64encode(b"a:" + b"x" * 2000).decode()])  # fmt: skip
def test_what_is_not_basic_is_401(header):
    with pytest.raises(SenderError) as caught:
        basic(header)
    assert (caught.value.status, caught.value.code) == (401, 2000)


def test_names_and_passwords_may_be_utf8_or_latin1_and_hold_colons():
    for text in ("प्लैटफ़ॉर्म:a:b:c", "café:a:b:c"):
        assert basic("Basic " + base64.b64encode(text.encode()).decode()) == tuple(text.split(":", 1))
    assert basic("basic " + base64.b64encode("café:é".encode("latin-1")).decode()) == ("café", "é")


def test_a_throttle_lets_a_burst_through_and_then_an_even_pace():
    clock = Clock()
    throttle = Throttle(clock)
    assert [throttle.wait_seconds("a", 60) for _ in range(60)] == [0.0] * 60
    assert throttle.wait_seconds("a", 60) == pytest.approx(1.0)
    assert throttle.wait_seconds("b", 60) == 0.0
    clock.now += 2
    assert [throttle.wait_seconds("a", 60) == 0 for _ in range(3)] == [True, True, False]


def test_a_throttle_forgets_the_oldest_first():
    throttle = Throttle(Clock())
    for key in range(KEYS_MAX + 10):
        throttle.wait_seconds(key, 60)
    assert len(throttle._left) == KEYS_MAX

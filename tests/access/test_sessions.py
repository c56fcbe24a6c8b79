"""Sessions: seen and ended by their officer, few at once, bound to their browser, and asked again before what matters."""

from __future__ import annotations

import re
import time

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from tests.access.signing import events_of, is_in
from tests.factory import Person, browser_of, make_officer, make_unit

from abhaya.access import session
from abhaya.access.actions.sessions import SESSIONS_AT_ONCE_MAX
from abhaya.access.queries import signed_in
from abhaya.shared.identity import acting

DESK = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"


@pytest.fixture
def alice() -> Person:
    return make_officer(make_unit(), can_sign_in=True)


def test_alice_sees_where_she_is_signed_in_and_ends_one_or_all_others(alice):
    here, telephone, third = browser_of(alice), browser_of(alice, REMOTE_ADDR="198.51.100.7"), browser_of(alice)
    page = here.get("/account/sessions").content.decode()
    assert "198.51.100.7" in page
    ends = re.findall(r'name="session" value="([\w-]+)"', page)
    assert len(ends) == 2
    here.post("/account/sessions", {"session": ends[1]})  # the one used longest ago
    assert [is_in(telephone), is_in(third)] == [False, True]
    here.post("/account/sessions", {"others": "1"})
    assert [is_in(here), is_in(third)] == [True, False]
    assert events_of(alice)[-1] == "access:session:ended"


def test_nobody_ends_the_session_of_another(alice):
    bob = make_officer(alice.unit, called="Bob")
    hers, his = browser_of(alice), browser_of(bob)
    his.post("/account/sessions", {"session": hers.session["id"]})
    his.post("/account/sessions", {"others": "1"})
    assert his.post("/account/sessions", {"session": "no id"}).status_code == 404
    assert is_in(hers)


def test_one_browser_more_than_may_be_ends_the_longest_unused(alice):
    browsers = [browser_of(alice) for _ in range(SESSIONS_AT_ONCE_MAX + 1)]
    assert [is_in(browser) for browser in browsers] == [False] + [True] * SESSIONS_AT_ONCE_MAX


def test_a_cookie_in_another_kind_of_browser_ends_the_session_and_a_new_version_does_not(alice):
    own = browser_of(alice, HTTP_USER_AGENT=DESK)
    key = own.cookies[settings.SESSION_COOKIE_NAME].value

    def with_cookie(agent: str) -> Client:
        client = Client(HTTP_USER_AGENT=agent)
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        return client

    assert is_in(with_cookie(DESK.replace("150.0.0.0", "151.0.1.2")))
    assert not is_in(with_cookie(DESK.replace("X11; Linux x86_64", "Windows NT 10.0; Win64; x64")))
    assert not is_in(own)
    assert events_of(alice)[-1] == "access:session:ended"


def test_signing_out_leaves_no_session_behind(alice):
    client, other = browser_of(alice), browser_of(alice)
    client.post("/sign-out")
    assert other.get("/account/sessions").content.decode().count("data-row>") == 1


@pytest.mark.parametrize(("ago", "confirmed"), [(0, True), (599, True), (601, False)])
def test_the_second_step_holds_for_ten_minutes(alice, ago, confirmed, monkeypatch):
    request, now = RequestFactory().get("/"), int(time.time())
    request.session = {"confirmed": now - ago}
    with acting(alice.id):
        request.officer = signed_in(alice.id)
    monkeypatch.setattr(time, "time", lambda: now)
    assert session.recently_confirmed(request) is confirmed
    assert session.recently_confirmed(request, minutes=20)


def test_a_wrong_code_does_not_confirm(alice):
    client = browser_of(alice)
    held = client.session
    held["confirmed"] = 0
    held.save()
    assert client.post("/account/confirm", {"code": "000000", "next": "/account"}).status_code == 422
    assert client.get("/account/recovery-codes").status_code == 302
    assert client.post("/account/confirm", {"code": alice.code(), "next": "https://evil.example/"}).url == "/"
    assert client.get("/account/recovery-codes").status_code == 200

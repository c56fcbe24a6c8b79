"""The set-up page: there for the first administrator, and for nobody after."""

from __future__ import annotations

import re
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode

import pyotp
import pytest
from django.test import Client, RequestFactory

from abhaya.access.address import client_address, is_on_this_machine

FORM = {
    "unit_name": "Jalgaon Cyber",
    "unit_kind": "district",
    "unit_code": "JAL",
    "name": "Asha Udaharan",
    "password": "four words of mine",
    "again": "four words of mine",
}


class Browser:
    """A real HTTP client with cookies, as a person's browser on the server itself."""

    def __init__(self, url: str, **headers: str) -> None:
        self.url, self.headers = url, headers
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """(status, final path, text)."""
        data = None
        if form is not None:
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.ask(path)[2])[1]
            data = urlencode(form | {"csrfmiddlewaretoken": token}).encode()
        request = urllib.request.Request(self.url + path, data, self.headers)
        try:
            with self.opener.open(request) as answer:
                return answer.status, answer.url.removeprefix(self.url), answer.read().decode()
        except HTTPError as refused:
            return refused.code, refused.url.removeprefix(self.url), refused.read().decode()


@pytest.fixture
def new(fresh_database):
    fresh_database.serve()
    return fresh_database


def test_the_first_administrator_is_made_on_the_page_and_the_page_is_gone(new):
    browser = Browser(new.url)
    assert browser.ask("/")[1] == "/setup"
    assert browser.ask("/setup", FORM | {"username": "asha", "again": "something else"})[0] == 422
    status, path, page = browser.ask("/setup", FORM | {"username": "asha"})
    assert (status, path) == (200, "/sign-in/telephone")
    secret = re.search(r'class="mono secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert "recovery" in browser.ask("/sign-in/telephone", {"code": pyotp.TOTP(secret).now()})[2]
    assert browser.ask("/units")[0] == 200
    assert browser.ask("/setup")[0] == 404
    assert Browser(new.url).ask("/setup")[0] == 404
    assert Browser(new.url).ask("/")[1].startswith("/sign-in")
    for line in "\n".join(path.read_text(errors="replace") for path in new.data.glob("*.log")).splitlines():
        assert secret not in line


def test_of_two_who_set_up_at_once_one_becomes_the_administrator(new, owner):
    def one(username: str) -> str:
        return Browser(new.url).ask("/setup", FORM | {"username": username, "unit_code": username.upper()})[1]

    with ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(one, ["a1", "b2", "c3", "d4"]))
    assert ends.count("/sign-in/telephone") == 1
    done = new.run("officer", "add", "e5", "--name", "E", "--unit", "A1", "--role", "officer",
                   "--password-file", "-", check=False, stdin="a sentence of some length")  # fmt: skip
    with_unit = [done.returncode == 0]
    for code in ("B2", "C3", "D4"):
        done = new.run("officer", "add", f"x{code.lower()}", "--name", "X", "--unit", code, "--role", "officer",
                       "--password-file", "-", check=False, stdin="a sentence of some length")  # fmt: skip
        with_unit.append(done.returncode == 0)
    assert sum(with_unit) == 1  # the unit of one, and none of those who came too late


def test_from_elsewhere_the_code_in_the_file_is_asked_for(new):
    from_proxy = Browser(new.url, **{"X-Forwarded-For": "198.51.100.7"})
    page = from_proxy.ask("/setup")[2]
    assert "secrets/setup-code" in page
    assert "unit_name" not in page
    code_file = new.data / "secrets/setup-code"
    code = code_file.read_text().strip()
    assert code not in page
    assert code_file.stat().st_mode & 0o777 == 0o600
    assert from_proxy.ask("/setup", {"code": "0" * 64})[0] == 422
    assert from_proxy.ask("/setup", FORM | {"username": "thief"})[0] == 422
    assert "unit_name" in from_proxy.ask("/setup", {"code": code})[2]
    assert from_proxy.ask("/setup", FORM | {"username": "asha"})[1] == "/sign-in/telephone"
    assert not code_file.exists()


def test_where_there_are_officers_there_is_no_set_up():
    from tests.factory import make_officer, make_unit

    make_officer(make_unit())
    assert Client().get("/setup").status_code == 404
    assert Client().post("/setup", FORM | {"username": "thief"}).status_code == 404


@pytest.mark.parametrize(
    ("meta", "here"),
    [
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}, True),
        ({"REMOTE_ADDR": "::1", "HTTP_HOST": "[::1]:8000"}, True),
        ({"REMOTE_ADDR": "::1", "HTTP_HOST": "[::1]"}, True),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost"}, True),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_HOST": "localhost"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "abhaya.example"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost", "HTTP_X_FORWARDED_FOR": "192.0.2.1"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost", "HTTP_FORWARDED": "for=192.0.2.1"}, False),
        ({"REMOTE_ADDR": "", "HTTP_HOST": "localhost"}, False),
    ],
)
def test_what_counts_as_on_this_machine(meta, here, settings):
    settings.ALLOWED_HOSTS = ["*"]
    assert is_on_this_machine(RequestFactory().get("/", **meta)) is here


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),  # not a proxy of ours: not believed
        ("203.0.113.1", "198.51.100.7", "198.51.100.7"),
        ("203.0.113.1", "10.0.0.1, 198.51.100.7", "198.51.100.7"),  # what the client claims stands left
        ("203.0.113.1", "198.51.100.7, 203.0.113.2", "198.51.100.7"),
        ("203.0.113.1", "", "203.0.113.1"),
    ],
)
def test_a_forwarded_address_is_believed_from_our_proxies_only(peer, forwarded, address, settings):
    settings.PROXIES = frozenset({"203.0.113.1", "203.0.113.2"})
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address

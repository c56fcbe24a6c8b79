"""Through the unit's own sign-in service: a real one, in a real browser; and every answer of it that does not hold."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from playwright.sync_api import Browser, Page
from tests.access.signing import events_of
from tests.factory import Person, make_officer, make_unit
from tests.server import Served, free_port

from abhaya.access import oidc
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import values

PROVIDER = Path(__file__).with_name("provider") / "provider.mjs"
SECRET = "an invented secret of the client"
SECONDS_MAX = 30
SENT: list[str] = []  # what stood in the addresses the browsers went to


@pytest.fixture
def through(bench, tmp_path) -> Iterator[Callable[..., Served]]:
    """`through(amr="mfa", believed="amr:mfa")`: the program beside a provider, both answering."""
    running: list[subprocess.Popen[bytes]] = []
    served: list[Served] = []
    secret = tmp_path / "client-secret"
    secret.write_text(SECRET + "\n")

    def start(*, amr: str = "", believed: str = "") -> Served:
        port, own = free_port(), bench.own()
        served.append(own)
        issuer = f"http://127.0.0.1:{port}"
        own.environment |= {
            "ABHAYA_OIDC_ISSUER": issuer, "ABHAYA_OIDC_CLIENT_ID": "abhaya", "ABHAYA_OIDC_SECRET_FILE": str(secret),
            "ABHAYA_OIDC_SECOND_FACTOR": believed, "ABHAYA_LOG": "DEBUG",
        }  # fmt: skip
        url = own.serve()
        words = ["node", str(PROVIDER), str(port), f"{url}/sign-in/service/back", "abhaya", SECRET, amr]
        running.append(subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        until = time.monotonic() + SECONDS_MAX
        while True:
            try:
                urlopen(f"{issuer}/.well-known/openid-configuration", timeout=SECONDS_MAX).close()
            except URLError:
                assert time.monotonic() < until and running[-1].poll() is None, "the provider does not answer"
                time.sleep(0.1)
                continue
            return own

    yield start
    for process in running:
        process.terminate()
        process.wait(SECONDS_MAX)
    for own in served:
        own.stop()


@pytest.fixture
def alice() -> Person:
    return make_officer(make_unit(), can_sign_in=True)


def sign_in_there(chromium: Browser, url: str, typed: str) -> Page:
    """A browser of its own, up to where the service has sent it back to us."""
    page = chromium.new_context().new_page()
    page.on(
        "request",
        lambda one: SENT.extend(value for found in parse_qs(urlsplit(one.url).query).values() for value in found),
    )
    page.goto(f"{url}/sign-in?next=/account")
    page.click("text=Through 127.0.0.1")
    page.fill("input[name=login]", typed)
    page.fill("input[name=password]", "whatever")
    page.click("button[type=submit]")
    page.wait_for_selector("text=Continue")
    page.click("button[type=submit]")
    page.wait_for_url(f"{url}/**")
    return page


@pytest.mark.browser
def test_the_service_says_who_it_is_and_our_second_step_is_asked_all_the_same(through, chromium, alice):
    url = through(amr="pwd,mfa").url
    page = sign_in_there(chromium, url, alice.username)
    assert page.url.endswith("/sign-in/code")
    page.goto(f"{url}/account")
    assert "/sign-in" in page.url  # nobody is in yet
    page.goto(f"{url}/sign-in/code")
    page.fill("[name=code]", alice.code())
    page.click("main button.main")
    page.wait_for_url(f"{url}/account")
    assert alice.username in page.inner_text("main")
    # Linked from now on: the same user name under another subject of the service is somebody else.
    other = sign_in_there(chromium, url, f"{alice.username}+later")
    assert "No account here is linked" in other.inner_text("main")
    stranger = sign_in_there(chromium, url, "nobody.at.all")
    assert "No account here is linked" in stranger.inner_text("main")


@pytest.mark.browser
def test_a_second_factor_of_the_service_counts_only_where_it_is_believed(bench, through, chromium, alice):
    url = through(amr="pwd,mfa", believed="amr:mfa, acr:phr").url
    page = sign_in_there(chromium, url, alice.username)
    assert page.url == f"{url}/account"
    assert events_of(alice)[-1] == "access:officer:signed-in"
    page.goto(f"{url}/account/telephone")
    assert "/account/confirm" in page.url  # what an old session of the service proved is not proved again by it
    with on_the_road("test:ledger"):
        written = "".join(values("select convert_from(body, 'UTF8') from ledger_entry"))
    written += "".join(path.read_text(errors="replace") for path in bench.data.glob("*.log"))
    secrets = {
        SECRET,
        *(value for value in SENT if len(value) > 30 and ":" not in value),
    }  # code, state, nonce, challenge
    assert len(secrets) >= 5
    assert [one for one in secrets if one in written] == []


def test_where_no_service_is_set_there_is_no_such_address_and_nothing_is_asked(settings, monkeypatch):
    monkeypatch.setattr(oidc, "_fetched", lambda *_asked: pytest.fail("asked somebody outside"))
    assert Client().get("/sign-in/service").status_code == 404
    assert Client().get("/sign-in/service/back?code=x&state=y").status_code == 404
    assert "/sign-in/service" not in Client().get("/sign-in").content.decode()


def test_an_answer_nobody_here_asked_for_is_refused(settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:1"
    answer = Client().get("/sign-in/service/back?code=x&state=y")
    assert (answer.status_code, "was not begun in this browser" in answer.content.decode()) == (403, True)


def test_a_service_that_does_not_answer_is_a_plain_sentence(settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:1"
    answer = Client().get("/sign-in/service")
    assert (answer.status_code, "does not answer" in answer.content.decode()) == (403, True)


# --- the token, held against everything that can be wrong with it ---

SERVICE = oidc.Service(
    "https://id.example", "https://id.example/a", "https://id.example/t", "https://id.example/k", True
)
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = jwt.PyJWK(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "one", "alg": "RS256"})


def claims(**changed: object) -> dict[str, object]:
    now = int(time.time())
    whole = {"iss": SERVICE.issuer, "aud": "abhaya", "sub": "7", "exp": now + 300, "iat": now, "nonce": "n"} | changed
    return {name: value for name, value in whole.items() if value is not None}


@pytest.fixture
def held(settings, monkeypatch):
    settings.OIDC_CLIENT_ID = "abhaya"
    monkeypatch.setattr(oidc, "_keys", (time.monotonic(), (PUBLIC,)))
    question = oidc.Question("s", "n", "v", 0, "/")

    def hold(token: str):
        return oidc._claims(SERVICE, token, question)

    return hold


def signed(told: dict[str, object], *, key: object = KEY, algorithm: str = "RS256", kid: str = "one") -> str:
    return jwt.encode(told, key, algorithm=algorithm, headers={"kid": kid})


def test_a_token_of_the_service_holds(held):
    assert held(signed(claims()))["sub"] == "7"
    assert held(signed(claims(aud=["abhaya", "other"], azp="abhaya")))["sub"] == "7"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"}, {"aud": "other"}, {"aud": ["abhaya", "other"]}, {"azp": "other"}, {"nonce": "m"},
        {"nonce": None}, {"nonce": 7}, {"exp": 1}, {"exp": None}, {"iat": 1}, {"iat": None}, {"sub": None}, {"sub": ""},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_for_another_of_another_or_of_another_time_is_refused(held, changed):
    with pytest.raises(oidc.NotSignedIn):
        held(signed(claims(**changed)))


def test_a_token_that_the_service_did_not_sign_is_refused(held):
    strange = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    head, body, signature = signed(claims()).split(".")
    forged = [
        signed(claims(), key=strange),
        signed(claims(), kid="two"),
        jwt.encode(claims(), "", algorithm="none", headers={"kid": "one"}),
        jwt.encode(claims(), b"0" * 64, algorithm="HS256", headers={"kid": "one"}),
        f"{head}.{body}.", f"{head}.{body}.{signature[:-4]}AAAA", "", "x.y.z", "a" * 5000,
    ]  # fmt: skip
    for token in forged:
        with pytest.raises(oidc.NotSignedIn):
            held(token)


@pytest.mark.parametrize(
    ("told", "proved"),
    [({"amr": ["pwd", "mfa"]}, True), ({"acr": "phr"}, True), ({"amr": ["pwd"]}, False), ({"amr": "mfa"}, False),
     ({"acr": None}, False), ({}, False)],
)  # fmt: skip
def test_what_proves_a_second_factor_is_what_the_setting_names(settings, told, proved):
    settings.OIDC_SECOND_FACTOR = frozenset({"amr:mfa", "acr:phr"})
    assert oidc._proves_second_factor(told) is proved
    settings.OIDC_SECOND_FACTOR = frozenset()
    assert not oidc._proves_second_factor(told)


@pytest.mark.parametrize("address", ["http://id.example/x", "file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_nothing_is_asked_for_in_the_clear(address):
    with pytest.raises(Exception, match="HTTPS"):
        oidc._fetched(address)

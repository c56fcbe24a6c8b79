"""`abhaya up --name`: one command, and the unit's network reaches it over HTTPS with a certificate of its own."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from email.message import Message

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from tests.server import free_port

SECONDS_MAX = 30
NAME = "desk.example"


class Desk:
    """The running program, and how a browser on the unit's network asks it."""

    def __init__(self, served) -> None:
        self.served, self.port, self.steps = served, free_port(), free_port()
        self.process = served.start(
            "up", "--name", NAME, "--host", "127.0.0.1", "--port", str(self.port), "--steps-port", str(self.steps)
        )
        self.crt = served.data / "tls/authority.crt"
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + SECONDS_MAX
        while True:
            try:
                assert self.plain("/trust").status == 200
                assert self.secure("/setup").status in {200, 302}
            except (OSError, FileNotFoundError, AssertionError):
                if self.process.poll() is not None or time.monotonic() > until:
                    raise AssertionError((self.served.data / "up.log").read_text()) from None
                time.sleep(0.1)
            else:
                return

    def plain(self, path: str, method: str = "GET") -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.steps, timeout=20)
        headers = {"Host": f"{NAME}:{self.steps}", "Cookie": "abhaya=whatever"}
        return ask(line, method, path, headers)

    def secure(self, path: str) -> Answer:
        """As a browser that has followed the steps: it trusts the authority's file and nothing else."""
        context = ssl.create_default_context(cafile=self.crt)
        line = http.client.HTTPSConnection(NAME, self.port, timeout=20, context=context)
        line._create_connection = lambda _address, *rest: socket.create_connection(("127.0.0.1", self.port), *rest)
        return ask(line, "GET", path, {})


@dataclass
class Answer:
    status: int
    headers: Message
    body: bytes


def ask(line: http.client.HTTPConnection, method: str, path: str, headers: dict[str, str]) -> Answer:
    try:
        line.request(method, path, headers=headers)
        with line.getresponse() as answer:
            return Answer(answer.status, answer.headers, answer.read())
    finally:
        line.close()


@pytest.fixture
def desk(fresh_database):
    made = Desk(fresh_database)
    yield made
    fresh_database.stop()


def test_one_command_serves_pages_over_https_and_the_steps_to_trust_them(desk):
    certificate = x509.load_pem_x509_certificate(desk.crt.read_bytes())
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex(":").upper()
    answer = desk.secure("/setup")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookies = answer.headers.get_all("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-"), cookie
        assert "; Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
    page = desk.plain("/trust?language=hi").body.decode()
    assert 'lang="hi"' in page
    assert all(f">{pair}<" in page for pair in fingerprint.split(":"))
    assert f"https://{NAME}:{desk.port}/" in page
    given = desk.plain("/trust/authority.crt")
    assert given.headers["Content-Type"] == "application/x-x509-ca-cert"
    assert x509.load_der_x509_certificate(given.body) == certificate

    # the plain port serves nothing else: no page, no door, no sign-in, whatever is asked
    for path in ("/sign-in", "/setup", "/desk", "/ispws/status", "/trust/../sign-in", "//sign-in"):
        answer = desk.plain(path)
        assert (answer.status, answer.headers["Location"]) == (302, f"https://{NAME}:{desk.port}/"), path
    assert desk.plain("/").headers["Location"] == "/trust"
    assert desk.plain("/trust", "POST").status == 302
    assert desk.plain("/static/abhaya.css").status == 200

    shown = desk.served.run("authority", "show")
    assert fingerprint[:47] in shown.stdout.replace("\n", "")
    log = (desk.served.data / "up.log").read_text()
    assert fingerprint[:47] in log
    assert "PRIVATE" not in log
    with desk.served.connect("abhaya_owner") as owner:
        (facts,) = owner.execute(
            "select body from ledger_entry where convert_from(body, 'utf8') like '%access:authority:made%'"
        ).fetchone()
    assert NAME in bytes(facts).decode()


def test_it_remembers_its_name_and_says_what_another_name_needs(desk):
    desk.served.stop()
    refused = desk.served.run("up", "--name", "other.example", "--port", str(desk.port), check=False)
    assert refused.returncode == 3
    assert "was made for desk.example, not for other.example" in refused.stderr
    before = desk.crt.read_bytes()
    desk.process = desk.served.start(
        "up", "--host", "127.0.0.1", "--port", str(desk.port), "--steps-port", str(desk.steps)
    )
    desk._wait()
    assert desk.crt.read_bytes() == before

"""A client of the door that sends exactly what it is told to, and reads what comes back as clients in the field do."""

from __future__ import annotations

import base64
import http.client
import secrets
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from lxml import etree
from tests.factory import make_unit, name

from abhaya.intake import senders
from abhaya.intake.formats.ispws_grammar import SCHEMA_PATH
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import value

SCHEMA = etree.XMLSchema(etree.parse(str(SCHEMA_PATH)))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def text(self, element: str) -> str:
        found = etree.fromstring(self.body).find(element)
        return "" if found is None else (found.text or "")

    @property
    def code(self) -> int:
        return int(self.text("responseCode"))

    @property
    def sentence(self) -> str:
        return self.text("responseDescription")

    @property
    def report_id(self) -> int:
        return int(self.text("reportId"))


class Platform:
    """A sender with credentials at a server."""

    def __init__(self, url: str, *, is_test: bool = False) -> None:
        self.url = urlsplit(url)
        self.username, self.password = name("platform"), secrets.token_hex(12)
        self.name = name("Platform")
        self.unit = make_unit("hub")
        with on_the_road("test:sender"):
            self.id = senders.add_sender(
                self.name, self.unit, username=self.username, password=self.password, is_test=is_test
            )

    @property
    def authorization(self) -> str:
        return "Basic " + base64.b64encode(f"{self.username}:{self.password}".encode()).decode()

    def call(self, method, path, body=b"", content_type="", *, authorization=None, chunked=False, headers=None):
        """One call on a connection of its own; every answer must be XML and, a published file apart, valid."""
        sent = {"Authorization": self.authorization if authorization is None else authorization, **(headers or {})}
        if not sent["Authorization"]:
            del sent["Authorization"]
        if content_type:
            sent["Content-Type"] = content_type
        with closing(http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=60)) as connection:
            connection.request(
                method, "/ispws" + path, iter([body]) if chunked else body or None, sent, encode_chunked=chunked
            )
            with connection.getresponse() as response:
                answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        return checked(answer) if path not in {"/xsd", "/openapi.json"} or answer.status != 200 else answer

    def submit(self, document, content_type="text/xml; charset=utf-8", **more):
        body = document.encode() if isinstance(document, str) else document
        return self.call("POST", "/submit", body, content_type, **more)

    def opened(self, document):
        answer = self.submit(document)
        assert (answer.status, answer.code) == (200, 0), answer.sentence
        return answer.report_id

    def upload(self, number, content, *, filename="IMG 1.png", file_first=False, **more):
        body, content_type = multipart(number, content, filename, file_first=file_first)
        return self.call("POST", "/upload", body, content_type, **more)

    def fileinfo(self, document, **more):
        return self.call("POST", "/fileinfo", document.encode(), "text/xml; charset=utf-8", **more)

    def finish(self, number, **more):
        return self.with_id("/finish", number, **more)

    def retract(self, number, **more):
        return self.with_id("/retract", number, **more)

    def with_id(self, path, number, *, as_multipart=False, **more):
        if as_multipart:
            body = f'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n{number}\r\n--b--\r\n'.encode()
            return self.call("POST", path, body, "multipart/form-data; boundary=b", **more)
        return self.call("POST", path, urlencode({"id": number}).encode(), "application/x-www-form-urlencoded", **more)


def multipart(number, content, filename="IMG 1.png", *, file_first=False):
    identifier = b'Content-Disposition: form-data; name="id"\r\n\r\n%s' % str(number).encode()
    file = (
        b'Content-Disposition: form-data; name="file"; filename="%s"\r\nContent-Type: image/png\r\n\r\n'
        % filename.encode()
    ) + content
    parts = [file, identifier] if file_first else [identifier, file]
    body = b"".join(b"--limit\r\n" + part + b"\r\n" for part in parts if not part.endswith(b"\r\n\r\nNone"))
    return body + b"--limit--\r\n", "multipart/form-data; boundary=limit"


def checked(answer: Answer) -> Answer:
    """What every client in the field relies on, whatever was sent."""
    assert answer.headers["content-type"].startswith("application/xml")
    root = etree.fromstring(answer.body)
    SCHEMA.assertValid(root)
    assert answer.headers["request-id"]
    assert (200 <= answer.status < 300) == (answer.code == 0)
    if root.tag == "reportResponse":
        assert answer.sentence.strip()
    return answer


def ask(sql, *params):
    with on_the_road("test:ask"):
        return value(sql, list(params))


def as_owner(bench, sql, *params):
    """What no program of ours may do: turn a clock, set a limit."""
    with bench.connect("abhaya_owner") as owner:
        owner.execute(sql, list(params))


def limited(bench, live, column, most):
    platform = Platform(live.url)
    as_owner(bench, f"update intake_sender set {column} = %s where id = %s", most, platform.id)
    return platform


def drafts_of(platform):
    return ask("select count(*) from intake_draft where sender_id = %s", platform.id)


def details(number, file_id, inner=""):
    return f"<fileDetails><reportId>{number}</reportId><fileId>{file_id}</fileId>{inner}</fileDetails>"


def refused(answer, status, code, words):
    assert (answer.status, answer.code) == (status, code), answer.sentence
    assert words in answer.sentence, answer.sentence

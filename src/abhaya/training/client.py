"""A platform's client of the CyberTipline Reporting API, as small as one gets: the demo and the tests send with it.

It knows nothing of our code: HTTP, Basic credentials, XML. What a real client does is in docs/senders.md.
"""

from __future__ import annotations

import base64
import http.client
import re
import secrets
import time
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode, urlsplit

from abhaya.training import wire
from abhaya.training.people import WorldReport

TIMEOUT_SECONDS = 120.0  # a first request may meet a server that is still compiling on a small machine
BUSY = 503  # the door says: not now, send it again
TRIES_MAX, PAUSE_SECONDS = 8, 0.5  # the pause doubles: a minute in all


class Refused(Exception):  # noqa: N818 — the door refused; the answer says why
    """The door answered with another code than 0."""

    def __init__(self, status: int, answer: str) -> None:
        super().__init__(f"{status}: {answer}")
        self.status = status
        self.code = int(_text(answer, "responseCode") or -1)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Sent:
    report_id: int
    file_ids: tuple[str, ...]


class Client:
    """One connection to one door."""

    def __init__(self, address: str, username: str, password: str) -> None:
        parts = urlsplit(address)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname or "127.0.0.1", parts.port, timeout=TIMEOUT_SECONDS)
        self._base = parts.path.rstrip("/")
        self._headers = {"Authorization": "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()}

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, method: str, path: str, body: bytes = b"", content_type: str = "") -> str:
        """One call, sent again while the door is busy; the XML answer, or `Refused`."""
        headers = dict(self._headers)
        if content_type:
            headers["Content-Type"] = content_type
        for attempt in range(1, TRIES_MAX + 1):
            self._connection.request(method, self._base + path, body or None, headers)
            response = self._connection.getresponse()
            status, answer = response.status, response.read().decode()
            if status != BUSY or attempt == TRIES_MAX:
                break
            time.sleep(PAUSE_SECONDS * 2 ** (attempt - 1))
        if status >= 400 or _text(answer, "responseCode") != "0":
            raise Refused(status, answer)
        return answer

    def submit(self, document: bytes) -> int:
        return int(_text(self.call("POST", "/submit", document, "text/xml; charset=utf-8"), "reportId"))

    def upload(self, report_id: int, name: str, content: bytes) -> str:
        boundary = secrets.token_hex(16)
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="id"\r\n\r\n{report_id}\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode() + content + f"\r\n--{boundary}--\r\n".encode()  # fmt: skip
        return _text(self.call("POST", "/upload", body, f"multipart/form-data; boundary={boundary}"), "fileId")

    def fileinfo(self, document: bytes) -> None:
        self.call("POST", "/fileinfo", document, "text/xml; charset=utf-8")

    def finish(self, report_id: int) -> str:
        return self._with_id("/finish", report_id)

    def retract(self, report_id: int) -> str:
        return self._with_id("/retract", report_id)

    def send(self, report: WorldReport) -> Sent:
        """The whole life of one report: submit, each file with its details, finish."""
        report_id = self.submit(wire.report_xml(report))
        file_ids = []
        for position, seed in enumerate(report.files):
            file_ref = self.upload(report_id, wire.file_name(report, position), wire.picture(seed))
            self.fileinfo(wire.file_details_xml(report, position, report_id=report_id, file_ref=file_ref))
            file_ids.append(file_ref)
        self.finish(report_id)
        return Sent(report_id, tuple(file_ids))

    def _with_id(self, path: str, report_id: int) -> str:
        body = urlencode({"id": report_id}).encode()
        return self.call("POST", path, body, "application/x-www-form-urlencoded")


def _text(answer: str, element: str) -> str:
    found = re.search(rf"<{element}>([^<]*)</{element}>", answer)
    return found.group(1) if found else ""

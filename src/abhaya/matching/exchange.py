"""A client of others' hash-sharing doors: one page asked for at a time. No Django, no database.

Credentials go to the address that was named and nowhere else: a redirection is not followed, and only this machine itself is
spoken to without TLS.
"""

from __future__ import annotations

import base64
import ipaddress
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from lxml import etree

from abhaya.errors import OperatorError, SenderError
from abhaya.matching.formats import hash_sharing_xml
from abhaya.matching.formats.record import About

ANSWER_SECONDS_MAX = 10.0  # without a byte
PAGE_SECONDS_MAX = 60.0  # altogether: whoever sends a byte at a time does not keep the worker from its other duties
PIECE_BYTES = 64 * 1024
PAGE_BYTES_MAX = 64 * 1024 * 1024
CREDENTIALS_BYTES_MAX = 4096
SAID_CHARACTERS_MAX = 300


class Away(Exception):  # noqa: N818 — reads as what it says where it is raised
    """The other side did not give what was asked for; the message says why. `is_refusal`: it will not by waiting."""

    def __init__(self, why: str, *, is_refusal: bool = False) -> None:
        super().__init__(why)
        self.is_refusal = is_refusal


@dataclass(frozen=True, slots=True)
class Door:
    """Where it is, and the file with user name and password, a line each."""

    address: str
    credentials_file: str


def laid_down(folder: Path) -> dict[str, Door]:
    """Doors that an operator laid down for the pages, by the name of their file: user name, password and address, a line
    each. So no officer can have a password sent anywhere else. What does not hold that is left out.
    """
    found: dict[str, Door] = {}
    for file in sorted(folder.glob("*")) if folder.is_dir() else ():
        try:
            *_, address = _lines(file)[2:3]
            found[file.name] = Door(checked_address(address.strip()), str(file))
        except (Away, OperatorError, ValueError):
            continue
    return found


@dataclass(frozen=True, slots=True)
class Page:
    content: bytes
    entries: int
    following: str


def checked_address(address: str) -> str:
    """The address without a final slash. OperatorError where credentials would go over the line in the clear."""
    at = urlsplit(address)
    if at.scheme not in {"https", "http"} or not at.hostname or at.query or at.fragment or at.username:
        raise OperatorError(f"{address} is not the address of a hash-sharing door, as https://host/hashsharing")
    if at.scheme == "http" and not _is_here(at.hostname):
        raise OperatorError(f"{address}: a password does not go over the network without TLS; use https://")
    return address.rstrip("/")


def status(door: Door) -> str:
    """As whom the other side knows us. Raises Away."""
    try:
        root = etree.fromstring(_get(door, "/v2/status"), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as problem:
        raise Away("its answer is not XML") from problem
    member = root.find(f"{{{hash_sharing_xml.NAMESPACE}}}member")
    if member is None:
        raise Away("its answer to /v2/status names no member")
    return f"{(member.text or '').strip()} ({member.get('id', '')})"[:SAID_CHARACTERS_MAX]


def first(begin: datetime, end: datetime) -> str:
    """The address of a range's first page, relative to the door's."""
    asked = {"from": _written(begin), "to": _written(end)}
    return "/v2/entries?" + urlencode(asked)


def page(door: Door, relative: str) -> Page:
    """One page, and what follows it. Raises Away; a page that breaks off is none."""
    content = _get(door, relative)
    about = About()
    if not hash_sharing_xml.is_hash_sharing(content[: hash_sharing_xml.HEAD_BYTES]):
        raise Away("its answer is no queryResult of the Hash Sharing API v2")
    try:
        entries = sum(1 for _ in hash_sharing_xml.read(BytesIO(content), about))
    except SenderError as problem:
        raise Away(problem.sentence) from problem
    if about.next_page and not about.next_page.startswith("/"):
        raise Away("its next page is not relative to its own address")
    return Page(content, entries, about.next_page)


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Stays)


def _get(door: Door, relative: str) -> bytes:
    asked = urllib.request.Request(  # noqa: S310 — `checked_address` takes http and https only
        door.address + relative,
        headers={"Authorization": _authorization(door.credentials_file), "Accept": "application/xml"},
    )
    try:
        with _opener.open(asked, timeout=ANSWER_SECONDS_MAX) as answer:
            content = _whole(answer)
    except urllib.error.HTTPError as answer:
        answer.close()
        raise Away(f"it answers {answer.code}", is_refusal=answer.code in {400, 404, 410}) from None
    except (OSError, ValueError) as error:
        raise Away(str(getattr(error, "reason", error))[:SAID_CHARACTERS_MAX]) from None
    return content


def _whole(answer: Any) -> bytes:
    until, held = time.monotonic() + PAGE_SECONDS_MAX, bytearray()
    while piece := answer.read1(PIECE_BYTES):
        held += piece
        if len(held) > PAGE_BYTES_MAX:
            raise Away(f"its page is larger than {PAGE_BYTES_MAX} bytes")
        if time.monotonic() > until:
            raise Away(f"its page took longer than {PAGE_SECONDS_MAX:.0f} seconds")
    return bytes(held)


def _lines(credentials_file: Path) -> list[str]:
    try:
        with credentials_file.open(encoding="utf-8") as file:
            return file.read(CREDENTIALS_BYTES_MAX).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Away(f"{credentials_file} cannot be read") from error


def _authorization(credentials_file: str) -> str:
    lines = _lines(Path(credentials_file))
    if len(lines) < 2 or not lines[0] or ":" in lines[0]:
        raise Away(f"{credentials_file} does not hold a user name and a password, a line each")
    return "Basic " + base64.b64encode(f"{lines[0]}:{lines[1]}".encode()).decode()


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

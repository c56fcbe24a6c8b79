"""The walk over every address: a new page is covered by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.factory import Person, browser_of
from tests.promises.world import FREE, SHARED

from abhaya.access.gate import gate_of

FOUND = 302
CLOSED = {403, 404, 405}
METHODS = ("get", "post")
ABSENT_NUMBER = 4_503_599_627_370_497


@dataclass(frozen=True, slots=True)
class Address:
    """One pattern of the address table."""

    name: str
    view: object
    parts: tuple[str, ...]

    def filled(self, parts: dict[str, object]) -> str:
        return reverse(self.name, kwargs={part: parts[part] for part in self.parts})


def addresses(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[Address]:
    """Every address there is, those of included tables too."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        else:
            assert pattern.name, f"{pattern.pattern} has no name: the walk cannot find it"
            yield Address(pattern.name, pattern.callback, tuple(pattern.pattern.converters))


ALL = list(addresses())
PUBLIC = [address for address in ALL if gate_of(address.view) and gate_of(address.view).public]
BEHIND_SIGN_IN = [address for address in ALL if address not in PUBLIC]
OF_ALICE = [address for address in BEHIND_SIGN_IN if set(address.parts) - set(FREE) - set(SHARED)]


def ask(client: Client, method: str, address: str):
    body = {"format": "json"} if method == "post" else None
    return getattr(client, method)(address, body)


class Visitor:
    """One person on a walk, who signs in again where a page has signed them out."""

    def __init__(self, person: Person) -> None:
        self.person, self.browser = person, browser_of(person)

    def ask(self, method: str, address: str):
        answer = ask(self.browser, method, address)
        if answer.status_code == FOUND and answer.url.startswith(reverse("access-sign-in")):
            self.browser = browser_of(self.person)
            answer = ask(self.browser, method, address)
        return answer


def text_of(answer) -> str:
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return raw.decode(errors="replace") + str(dict(answer.headers))


def without_chance(answer, ids: dict[str, object]) -> str:
    """The answer without what differs from one request to the next, and without the ids that were asked for."""
    text = text_of(answer)
    for part, value in ids.items():
        if part not in FREE:
            text = text.replace(str(value), "ID")
    text = re.sub(
        r"'X-Request-ID': '\w+'|<span class=\"mono\">\w{12}</span>|csrfmiddlewaretoken\" value=\"\w+", "", text
    )
    return re.sub(r"'Content-Length': '\d+'", "", text)

"""What pages and other rooms read of the ledger. Row security decides which entries there are for the reader."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from abhaya.ledger.events import LOOKS
from abhaya.ledger.note import Checkpoint, parse
from abhaya.ledger.wording import Words, event_sentence
from abhaya.shared.reason import Reason
from abhaya.shared.sql import NamedSql, fetch, fetch_one, value

LINES_MAX = 500  # of one compartment's road
LOOKS_MAX = 1000

SQL = NamedSql(__file__)


class _Facts(msgspec.Struct, frozen=True):
    facts: dict[str, Any] = {}
    purpose: str = ""
    subject: str | None = None
    compartment: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a reader sees it. `index` is its place in the ledger, None for the second before it has one."""

    at: datetime
    actor_id: UUID | None  # None for a service of the road or an operator
    actor_name: str
    event: str
    body: bytes
    index: int | None
    id: UUID

    @property
    def facts(self) -> dict[str, Any]:
        return self._read().facts

    @property
    def purpose(self) -> str:
        return self._read().purpose

    @property
    def subject(self) -> UUID | None:
        return _uuid(self._read().subject)

    @property
    def compartment(self) -> UUID | None:
        return _uuid(self._read().compartment)

    def sentence(self, language: str, words: Words | None = None) -> str:
        """What was done, as one would say it; `words` has later rooms' words for codes among the facts."""
        return event_sentence(self.event, self.facts, language, words)

    def _read(self) -> _Facts:
        try:
            return msgspec.json.decode(self.body, type=_Facts)
        except msgspec.DecodeError:
            return _Facts()  # the check says so; the page still shows who, when and what


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as stored."""

    size: int
    root: bytes
    note: str
    at: datetime

    @property
    def stated(self) -> Checkpoint:
        return parse(self.note)


@dataclass(frozen=True, slots=True)
class Left:
    """A checkpoint's departure: who holds it now."""

    size: int
    at: datetime
    how: str
    recipient: str
    actor_name: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The last run of the check."""

    at: datetime
    seconds: int
    size: int
    erased: int
    findings: list[Reason]
    asked_by: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry's exact bytes with the salt that seals them, and its place; None for the second before it has one."""

    id: UUID
    index: int | None
    salt: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Outsider:
    """A witness or a time-stamp authority: what it signed last, and what is the matter while it does not."""

    name: str
    size: int
    at: datetime | None
    problem: Reason | None
    problem_at: datetime | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader of the ledger asks for. Days are the unit's own, as instants."""

    event: str | None = None
    actor: str | None = None  # the name as the entries hold it
    first: datetime | None = None
    end: datetime | None = None  # not included


def lines_of(compartment: UUID) -> list[Line]:
    """The road so far of a compartment, oldest first: its newest LINES_MAX lines."""
    return fetch(_line, SQL["lines_of"], {"compartment": compartment, "most": LINES_MAX})


def newest(asked: Filter, *, before: UUID | None, most: int) -> list[Line]:
    """Entries the reader may see, newest first, older than the entry `before`."""
    params = {
        "event": asked.event,
        "actor": asked.actor,
        "first": _id_at(asked.first) if asked.first else None,
        "end": _id_at(asked.end) if asked.end else None,
        "before": before,
        "most": most,
    }
    return fetch(_line, SQL["newest"], params)


def is_known(compartment: UUID) -> bool:
    """Whether the reader may see any entry of it: without one, nothing says that it exists."""
    return bool(value(SQL["is_known"], {"compartment": compartment}))


def looks(compartment: UUID, asked: Filter, *, item: UUID | None = None) -> list[Line]:
    """Who saw or took what is in a compartment, newest first; at most LOOKS_MAX. `item`: only this one."""
    params = {
        "compartment": compartment,
        "events": list(LOOKS),
        "item": item,
        "first": _id_at(asked.first) if asked.first else None,
        "end": _id_at(asked.end) if asked.end else None,
        "most": LOOKS_MAX,
    }
    return fetch(_line, SQL["looks"], params)


def sealed(entries: Sequence[UUID]) -> dict[UUID, Sealed]:
    """Entries with salt and exact bytes, as far as the reader may see them."""
    return {one.id: one for one in fetch(_sealed, SQL["sealed"], {"entries": list(entries)})}


def log() -> tuple[str, bytes] | None:
    """The ledger's name and public key."""
    return fetch_one(lambda origin, key: (str(origin), bytes(key)), SQL["log"])


def cosigned(size: int) -> str:
    """The lines of witnesses under a checkpoint."""
    return str(value(SQL["cosigned"], {"size": size}))


def outsiders() -> list[Outsider]:
    """Whom the ledger asked to vouch for it, and how that went."""
    return fetch(_outsider, SQL["outsiders"])


def newest_of(events: Sequence[str], *, reader: UUID, before: UUID | None, most: int) -> list[Line]:
    """Others' entries of these events that the reader may see, newest first."""
    asked = {"events": list(events), "reader": reader, "before": before, "most": most}
    return fetch(_line, SQL["newest_of"], asked)


def last_checkpoint() -> Signed | None:
    return fetch_one(_signed, SQL["last_checkpoint"])


def checkpoint(size: int) -> Signed | None:
    return fetch_one(_signed, SQL["checkpoint"], {"size": size})


def vouched(index: int) -> Signed | None:
    """The newest checkpoint over an entry that somebody outside signed, else the newest."""
    return fetch_one(_signed, SQL["vouched"], {"index": index})


def last_departure() -> Left | None:
    return fetch_one(Left, SQL["last_departure"])


def departures(size: int) -> list[Left]:
    return fetch(Left, SQL["departures"], {"size": size})


def last_check() -> Checked | None:
    return fetch_one(_checked, SQL["last_check"])


def _id_at(at: datetime) -> UUID:
    """The smallest id an entry of this instant can have."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def _line(
    at: datetime, actor_id: UUID | None, actor: str, event: str, body: Any, index: int | None, entry: UUID
) -> Line:
    return Line(at, actor_id, actor, event, bytes(body), index, entry)


def _signed(size: int, root: Any, note: str, at: datetime) -> Signed:
    return Signed(size, bytes(root), note, at)


def _sealed(entry: UUID, index: int | None, salt: Any, body: Any) -> Sealed:
    return Sealed(entry, index, bytes(salt), bytes(body))


def _outsider(name: str, size: int, at: datetime | None, problem: Any, problem_at: datetime | None) -> Outsider:
    told = json.loads(problem) if isinstance(problem, str) else problem
    return Outsider(name, size, at, msgspec.convert(told, Reason) if told else None, problem_at)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _checked(at: datetime, seconds: int, size: int, erased: int, findings: Any, asked_by: str) -> Checked:
    listed = json.loads(findings) if isinstance(findings, str) else findings
    return Checked(at, seconds, size, erased, msgspec.convert(listed, list[Reason]), asked_by)

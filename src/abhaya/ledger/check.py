"""Reads the whole ledger again from the database and says in words what does not hold.

One pass in the order of the leaves, flat in memory: each entry against its commitment and its columns, each leaf
against its entry, the tree's root and the signature at every checkpoint; then what should not be there, what should,
and what waits too long. It trusts neither the tree's edge nor any stored hash.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from abhaya.errors import OperatorError
from abhaya.ledger import key as keys
from abhaya.ledger.canonical import commitment, instant
from abhaya.ledger.merkle import Frontier, leaf_hash
from abhaya.ledger.note import Checkpoint, NoteError, parse, verify
from abhaya.shared.reason import Reason
from abhaya.shared.sql import NamedSql

PENDING_SECONDS_MAX = 60
BACK_DATED_SECONDS_MAX = 3600  # the longest transaction: an act is dated when it is written down, not when it commits
FINDINGS_MAX = 100
ROWS_PER_FETCH = 2000

SQL = NamedSql(__file__, "check.sql")
Param = int | datetime


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry's body, as its columns must repeat it."""

    actor: str | None
    actor_name: str
    at: str
    compartment: str | None
    event: str
    facts: dict[str, Any]
    id: str
    purpose: str
    subject: str | None
    v: int


@dataclass(slots=True)
class Result:
    """What a check read and found. `findings` are sentences' codes, in `reasons.SENTENCES`; none means: it holds."""

    size: int = 0
    checkpoints: int = 0
    erased: int = 0
    pending: int = 0
    seconds: float = 0.0
    findings: list[Reason] = field(default_factory=list)
    unsaid: int = 0  # findings beyond FINDINGS_MAX

    @property
    def holds(self) -> bool:
        return not self.findings

    def found(self, code: str, **values: str | float) -> None:
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append(Reason(code, values))
        else:
            self.unsaid += 1


def check(*, using: str = DEFAULT_DB_ALIAS) -> Result:
    """Checks everything. The caller's transaction must be allowed to read all of it: the road or the owner."""
    result, started = Result(), time.monotonic()
    with transaction.atomic(using=using):
        read = _Reader(using)
        covered, leaves, edge_size, edge = read.one("stand")
        result.size = covered
        log = read.one("log")
        walk = _Walk(result, *(log or ("", b"")))
        walk.through(read, covered)
        if leaves > covered:
            result.found("leaves-uncovered", count=leaves - covered, size=covered)
        if covered and (edge_size != walk.frontier.size or bytes(edge or b"") != walk.frontier.packed()):
            result.found("edge-differs", size=covered)
        _check_memory(read, result, walk)
        _check_waiting(read, result)
        _check_erasures(read, result, walk)
        for (size,) in read.all("departed", most=FINDINGS_MAX):
            result.found("departed-missing", size=size)
    if result.unsaid:
        result.findings.append(Reason("and-more", {"count": result.unsaid}))
    result.seconds = time.monotonic() - started
    return result


class _Reader:
    """The named statements of this room on one connection, streamed where they are long."""

    def __init__(self, using: str) -> None:
        self._connection = connections[using]

    def one(self, name: str, **params: Param) -> Any:
        with self._connection.cursor() as cursor:
            cursor.execute(SQL[name], params)
            return cursor.fetchone()

    def all(self, name: str, **params: Param) -> list[Any]:
        with self._connection.cursor() as cursor:
            cursor.execute(SQL[name], params)
            return list(cursor.fetchall())

    def do(self, name: str, **params: Any) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(SQL[name], params)

    def stream(self, name: str, **params: Param) -> Iterator[Any]:
        with closing(self._connection.chunked_cursor()) as cursor:
            cursor.execute(SQL[name], params)
            while rows := cursor.fetchmany(ROWS_PER_FETCH):
                yield from rows


class _Walk:
    """The pass over leaves and checkpoints side by side."""

    def __init__(self, result: Result, origin: str, public_key: bytes) -> None:
        self.result, self.origin, self.public_key = result, origin, bytes(public_key)
        self.frontier = Frontier()
        self.gone = 0  # entries whose text is not there
        self._broken = False  # once the tree differs, every later root does: said once
        self._agreed = 0  # the size of the last checkpoint whose root was right
        self._signed_at: datetime | None = None  # of the last checkpoint passed

    def through(self, read: _Reader, size: int) -> None:
        checkpoints = read.stream("checkpoints", size=size)
        following = next(checkpoints, None)
        expected = 0
        for row in read.stream("leaves", size=size):
            index = row[0]
            if index != expected:
                self.result.found("leaf-missing", index=expected, until=index - 1)
                self._broken, expected = True, index
            expected += 1
            self._entry(index, row)
            self.frontier.append(bytes(row[2]))
            while following is not None and following[0] <= expected:
                self._checkpoint(*following)
                following = next(checkpoints, None)
        if expected != size:
            self.result.found("leaf-missing", index=expected, until=size - 1)
        while following is not None:
            self._checkpoint(*following)
            following = next(checkpoints, None)

    def _entry(self, index: int, row: Any) -> None:
        _, entry, leaf, body, salt, committed, *columns = row
        if body is None:
            self.gone += 1
            return
        body, committed = bytes(body), bytes(committed)
        if commitment(bytes(salt), body) != committed:
            self.result.found("entry-changed", index=index, entry=str(entry))
        elif leaf_hash(committed) != bytes(leaf):
            self.result.found("leaf-differs", index=index, entry=str(entry))
        try:
            read = msgspec.json.decode(body, type=Body)
        except msgspec.DecodeError:
            self.result.found("entry-unreadable", index=index, entry=str(entry))
            return
        at, event, actor, actor_name, purpose, subject, compartment = columns
        written = (
            instant(at),
            event,
            _text(actor),
            actor_name,
            purpose,
            _text(subject),
            _text(compartment),
            str(entry),
        )
        meant = (
            read.at, read.event, read.actor, read.actor_name, read.purpose, read.subject, read.compartment, read.id
        )  # fmt: skip
        if written != meant:
            self.result.found("column-differs", index=index, entry=str(entry))
        if self._signed_at is not None and at < self._signed_at - timedelta(seconds=BACK_DATED_SECONDS_MAX):
            self.result.found("back-dated", index=index, at=read.at, after=instant(self._signed_at))

    def _checkpoint(self, size: int, root: bytes, note: str) -> None:
        self.result.checkpoints += 1
        try:
            stated = parse(note)
            seconds = verify(note, self.origin, self.public_key)
        except (NoteError, ValueError) as error:
            self.result.found("checkpoint-signature", size=size, why=str(error))
            return
        if stated != Checkpoint(self.origin, size, bytes(root)):
            self.result.found("checkpoint-differs", size=size)
            return
        self._signed_at = datetime.fromtimestamp(seconds, UTC)
        if self._broken:
            return
        if self.frontier.size != size or self.frontier.root() != stated.root:
            self.result.found("root-differs", first=self._agreed, last=size - 1, size=size)
            self._broken = True
        else:
            self._agreed = size


def _check_memory(read: _Reader, result: Result, walk: _Walk) -> None:
    """The key and the last checkpoint that this machine keeps outside the database."""
    if not walk.origin:
        return
    try:
        if keys.signing_key(walk.origin).public != walk.public_key:
            result.found("key-differs")
    except OperatorError:
        result.found("key-missing")
    remembered = keys.last_signed(walk.origin)
    if remembered is None:
        return
    row = read.one("root_at", size=remembered.size)
    if row is None or bytes(row[0]) != remembered.root:
        result.found("rolled-back", signed=remembered.size, size=result.size)


def _check_waiting(read: _Reader, result: Result) -> None:
    before = datetime.now(UTC) - timedelta(seconds=PENDING_SECONDS_MAX)
    result.pending, late, empty = read.one("waiting", before=before)
    if late:
        result.found("pending-old", count=late, seconds=PENDING_SECONDS_MAX)
    if empty:
        result.found("pending-empty", count=empty)
    for (entry,) in read.all("strays", most=FINDINGS_MAX):
        result.found("entry-without-leaf", entry=entry)


def _check_erasures(read: _Reader, result: Result, walk: _Walk) -> None:
    """What is gone against what erasures name, in the database: a ledger may have erased millions."""
    if not walk.gone:
        return
    for step in ("forget_named", "make_named"):
        read.do(step)
    for (body,) in read.all("statements"):
        read.do("name_them", entries=_named_by(bytes(body)))
    result.erased = walk.gone
    for index, entry in read.stream("unexcused", size=result.size):
        result.erased -= 1
        result.found("entry-missing", index=index, entry=entry)


def _named_by(body: bytes) -> list[UUID]:
    try:
        return [UUID(name) for name in json.loads(body)["facts"]["entries"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []  # a statement that cannot be read excuses nothing


def _text(identifier: object) -> str | None:
    return None if identifier is None else str(identifier)

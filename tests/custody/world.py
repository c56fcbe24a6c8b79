"""Compartments, contents and rivals for this room's tests."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, connections, transaction

from abhaya.access.actions import open_compartments, open_to
from abhaya.custody.actions import Blob, Stored, take_in
from abhaya.custody.queries import read_object
from abhaya.custody.vault import vault
from abhaya.shared.identity import on_the_road

WAIT_SECONDS_MAX = 30


def make_compartment(*viewers: UUID, covert: bool = False) -> UUID:
    compartment = uuid4()
    with on_the_road("test"):
        open_compartments([(compartment, "report", covert)])
        open_to([(viewer, compartment, "work", "test") for viewer in viewers])
    return compartment


def content_of(size: int = 200) -> bytes:
    """Bytes that nobody else in this run has."""
    return hashlib.shake_128(secrets.token_bytes(16)).digest(size)


def kept(compartment: UUID, *contents: Any, via: str = "test") -> list[Stored]:
    """Taken in by the road, committed."""
    with on_the_road("test"):
        return take_in([Blob(compartment, f"file-{n}", content, "", via) for n, content in enumerate(contents)])


def read(object_id: UUID, compartment: UUID) -> bytes:
    with on_the_road("test"):
        return b"".join(read_object(object_id, compartment))


def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Rows as the road sees them."""
    with on_the_road("test"), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


@contextmanager
def beside(work: Callable[[], Any]) -> Iterator[Callable[[], Any]]:
    """Runs `work` in another thread, on a connection of its own; calling what this yields waits for its result."""
    result: list[Any] = []

    def run() -> None:
        try:
            result.append(work())
        except Exception as error:  # noqa: BLE001 — handed to the test, which raises it
            result.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()

    def outcome() -> Any:
        thread.join(WAIT_SECONDS_MAX)
        if isinstance(result[0], Exception):
            raise result[0]
        return result[0]

    yield outcome
    thread.join(WAIT_SECONDS_MAX)


def path_of(stored: Stored):
    return vault().place(vault().key.storage_name(stored.sha256), stored.object_id)


def rolled_back(work: Callable[[], Any]) -> None:
    """Does the work in a transaction that then fails."""
    with on_the_road("test"):
        work()
        transaction.set_rollback(True)


def wait_until_blocked() -> None:
    """Returns when a transaction of another connection waits for this one."""
    until = time.monotonic() + 30
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(
                "select 1 from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))"
            )
            if cursor.fetchall():
                return
    raise AssertionError("nothing waits for this transaction")

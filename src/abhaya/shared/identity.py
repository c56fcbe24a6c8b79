"""Who acts, and why: set once per transaction, read by PostgreSQL's row security and by the ledger.

`acting` and `on_the_road` are the only ways to open a transaction on content. Outside them the connection is the bare
application role with no officer set, and every content table answers with nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

APP_ROLE = "abhaya_app"
ROAD_ROLE = "abhaya_road"


@dataclass(frozen=True, slots=True)
class Actor:
    """An officer (`id` set), or a service of the road or an operator at the command line (`name` says which)."""

    id: UUID | None
    name: str
    purpose: str
    role: str


_current: ContextVar[Actor | None] = ContextVar("abhaya_actor", default=None)


def current_actor() -> Actor:
    """The actor of the running transaction. Acting without one is a programming error, so it raises."""
    actor = _current.get()
    if actor is None:
        raise RuntimeError("nobody is acting: open the transaction with shared.identity.acting or on_the_road")
    return actor


@contextmanager
def acting(officer: UUID, *, name: str = "", purpose: str = "") -> Iterator[Actor]:
    """A transaction in which the officer sees what is open to them, and nothing else."""
    with _transaction(Actor(id=officer, name=name, purpose=purpose, role=APP_ROLE)) as actor:
        yield actor


@contextmanager
def on_the_road(service: str, *, officer: UUID | None = None, purpose: str = "") -> Iterator[Actor]:
    """A transaction of one of the road's service officers (`road:intake`, …) or the operator (`operator:load`).

    `officer` is set where an officer brings something in (a form, a workbook): the act is theirs, the writing the road's.
    """
    with _transaction(Actor(id=officer, name=service, purpose=purpose, role=ROAD_ROLE)) as actor:
        yield actor


@contextmanager
def _transaction(actor: Actor) -> Iterator[Actor]:
    outer = _current.get()
    with transaction.atomic():
        _set_in_database(actor)
        token = _current.set(actor)
        try:
            yield actor
        finally:
            _current.reset(token)
        # Settings are transactional: an error rolls them back with the savepoint, the outermost commit drops them.
        if outer is not None:
            _set_in_database(outer)


def _set_in_database(actor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('role', %s, true), set_config('abhaya.officer', %s, true),"
            " set_config('abhaya.purpose', %s, true)",
            [actor.role, str(actor.id) if actor.id else "", actor.purpose],
        )

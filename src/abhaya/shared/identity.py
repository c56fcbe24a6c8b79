"""Who acts, and why: set once per transaction, read by PostgreSQL's row security and by the ledger.

`acting` and `on_the_road` are the only ways to open a transaction on content. Outside them the connection is the bare
application role with no officer set, and every content table answers with nothing.

Each has a sign-in to PostgreSQL of its own (docs/decisions/0015): what a page asks, it asks on a connection that cannot
become the road's role. Which connection a transaction runs on is settled where the outermost one opens.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

APP_ROLE = "abhaya_app"
ROAD_ROLE = "abhaya_road"
ROAD_ALIAS = "road"  # of settings.DATABASES: the sign-in that may become the road's role


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
def acting(officer: UUID, *, name: str = "", purpose: str = "", with_road: bool = False) -> Iterator[Actor]:
    """A transaction in which the officer sees what is open to them, and nothing else.

    `with_road`: part of this act is written by the road (`on_the_road` inside it, with the officer), in one transaction.
    """
    actor = Actor(id=officer, name=name, purpose=purpose, role=APP_ROLE)
    with _transaction(actor, ROAD_ALIAS if with_road else DEFAULT_DB_ALIAS):
        yield actor


@contextmanager
def on_the_road(
    service: str, *, officer: UUID | None = None, purpose: str = "", apart: bool = False
) -> Iterator[Actor]:
    """A transaction of one of the road's service officers (`road:intake`, …) or the operator (`operator:load`).

    `officer` is set where an officer brings something in (a form, a workbook): the act is theirs, the writing the road's.
    Inside an officer's act it is part of that act, which must have been opened `with_road`. `apart`: it need not be part
    of it (a look at the machine's health, a line about a lock), and is a transaction of its own where there is no road.
    """
    actor = Actor(id=officer, name=service, purpose=purpose, role=ROAD_ROLE)
    with _transaction(actor, ROAD_ALIAS, apart=apart):
        yield actor


@contextmanager
def _transaction(actor: Actor, alias: str, *, apart: bool = False) -> Iterator[None]:
    outer = _current.get()
    is_part = outer is not None and not (apart and connection.alias != ROAD_ALIAS)
    if is_part and actor.role == ROAD_ROLE and connection.alias != ROAD_ALIAS:
        raise RuntimeError(f"{actor.name} is part of an act that has no road: open it with acting(…, with_road=True)")
    with nullcontext() if is_part else signed_in_as(alias), transaction.atomic():
        _set_in_database(actor)
        token = _current.set(actor)
        try:
            yield
        finally:
            _current.reset(token)
        # Settings are transactional: an error rolls them back with the savepoint, the outermost commit drops them.
        if outer is not None and is_part:
            _set_in_database(outer)


@contextmanager
def signed_in_as(alias: str) -> Iterator[None]:
    """Every statement of this thread goes over that sign-in's connection: Django's, ours and the jobs' alike."""
    before, wanted = connections[DEFAULT_DB_ALIAS], connections[alias]
    if wanted is not before and _current.get() is None and before.in_atomic_block:
        raise RuntimeError("a transaction without an actor is open here: what follows would not be part of it")
    connections[DEFAULT_DB_ALIAS] = wanted
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = before


def _set_in_database(actor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('role', %s, true), set_config('abhaya.officer', %s, true),"
            " set_config('abhaya.purpose', %s, true)",
            [actor.role, str(actor.id) if actor.id else "", actor.purpose],
        )

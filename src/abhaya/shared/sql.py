"""Named, described SQL: `queries.sql` beside a room's `queries.py`, each statement under `-- name:` and a line that says
what it answers. Rows come back as the room's own frozen records, never as ORM objects.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connection

from abhaya.shared import plans
from abhaya.shared.plans import Params

Record = TypeVar("Record")

# What waits for the next trip to the database; None where nothing may wait.
_waiting: ContextVar[list[tuple[str, Params]] | None] = ContextVar("abhaya_waiting_statements", default=None)

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


class NamedSql:
    """The statements of one `.sql` file, by name: `SQL = NamedSql(__file__)` reads `queries.sql` beside the module."""

    def __init__(self, module_file: str, name: str = "queries.sql") -> None:
        text = Path(module_file).with_name(name).read_text(encoding="utf-8")
        parts = _NAME.split(text)
        self._statements = dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))

    def __getitem__(self, name: str) -> str:
        return str(self._statements[name])

    def __iter__(self) -> Any:
        return iter(self._statements)


# What the database says when it is away, full or busy; anything else is the fault of what it was asked.
_TROUBLE = ("08", "40", "53", "55P", "57P", "58")


def is_trouble(error: Exception) -> bool:
    """Whether the database itself is in trouble, so that the same may go through later. One and the same Python class
    says this and “this value is too long for an index”; the SQLSTATE tells them apart (PostgreSQL, appendix A).
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or str(state).startswith(_TROUBLE)


@contextmanager
def together() -> Iterator[None]:
    """Writes of this block, of whoever need not know what became of each, go to the database in one trip: when somebody
    asks it something, else at the end of the block. Within one transaction, and with no savepoint begun inside.
    """
    outer = _waiting.get()
    if outer is not None:
        yield
        return
    token = _waiting.set([])
    try:
        yield
        go()
    finally:
        _waiting.reset(token)


def is_together() -> bool:
    return _waiting.get() is not None


def later(sql: str, params: Params = None) -> None:
    """A write without an answer: at once, or within `together` in its turn with the next trip."""
    waiting = _waiting.get()
    if waiting is None:
        execute(sql, params)
    else:
        waiting.append((sql, params))


def go() -> None:
    """Sends what waits, in order: the parameters are put in here, so that many statements are one message."""
    if _waiting.get():
        with connection.cursor() as cursor:
            _send(cursor, ())


def _send(cursor: Any, questions: Sequence[tuple[str, Params]]) -> None:
    """What waits and these questions, in one trip; the cursor then stands at the answer to the first question. Each
    statement sees what was committed before it began, as if it had come alone (PostgreSQL, 55.2.2.1).
    """
    waiting = _waiting.get() or []
    sent, before = [*waiting, *questions], len(waiting)
    waiting.clear()
    if len(sent) == 1 and not isinstance(sent[0][0], plans.Planned):
        cursor.execute(*sent[0])
        return
    message = plans.message(cursor.cursor, sent)
    cursor.execute(message.text)  # raises what any raises
    plans.sent(cursor.cursor.connection, message.plans)
    for _ in range(before + message.answers_before if questions else 0):
        cursor.nextset()


def fetch(into: Callable[..., Record], sql: str, params: Params = None) -> list[Record]:
    """All rows, each handed by position to `into` (a frozen dataclass or a NamedTuple)."""
    with connection.cursor() as cursor:
        _send(cursor, [(sql, params)])
        return [into(*row) for row in cursor.fetchall()]


def fetch_each(*questions: tuple[Callable[..., Any], str, Params]) -> list[list[Any]]:
    """`fetch` for several questions of which none needs the answer to another: one trip, their answers in order."""
    with connection.cursor() as cursor:
        _send(cursor, [(sql, params) for _, sql, params in questions])
        answers = []
        for into, _, _ in questions:
            answers.append([into(*row) for row in cursor.fetchall()])
            cursor.nextset()
        return answers


def as_row(*columns: Any) -> tuple[Any, ...]:
    """For `fetch`, where a row is taken as it comes."""
    return columns


def fetch_one(into: Callable[..., Record], sql: str, params: Params = None) -> Record | None:
    """The first row, or None."""
    found = fetch(into, sql, params)
    return found[0] if found else None


def values(sql: str, params: Params = None) -> list[Any]:
    """The first column of every row."""
    with connection.cursor() as cursor:
        _send(cursor, [(sql, params)])
        return [row[0] for row in cursor.fetchall()]


def value(sql: str, params: Params = None) -> Any:
    """The first column of the first row, or None."""
    found = values(sql, params)
    return found[0] if found else None


def execute(sql: str, params: Params = None) -> int:
    """Runs a statement and returns how many rows it touched: a conditional update that touches none has lost the race."""
    with connection.cursor() as cursor:
        _send(cursor, [(sql, params)])
        return int(cursor.rowcount)

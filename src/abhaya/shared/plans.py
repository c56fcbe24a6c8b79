"""Statements that PostgreSQL plans once a connection, and not at each call.

To plan a join over tables that are cut by month costs more than to run it for one report: of the time that the database
spends on linking one report, two thirds (docs/decisions/0026). For a set of reports it is the other way round, and the plan
that is made for that very set pays. So `for_few` asks for a plan that is kept (PREPARE) where there are few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

FEW_MAX = 8
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_ONE_FOR_ALL = "set local plan_cache_mode = force_generic_plan"
_AS_BEFORE = "set local plan_cache_mode to default"

Params = Mapping[str, Any] | Sequence[Any] | None


class Planned(str):
    """A statement with named parameters, of which the plan is kept."""

    __slots__ = ()


class _Plan(NamedTuple):
    prepare: str
    call: str


_kept: WeakKeyDictionary[Any, dict[str, _Plan]] = WeakKeyDictionary()  # by connection
_numbers = count(1)  # a name is never used again: after an error nobody knows whether its plan was made


def for_few(sql: str, number: int) -> str:
    """`sql`, with its plan kept where it is asked about so few."""
    return Planned(sql) if number <= FEW_MAX else sql


class Message(NamedTuple):
    """Statements as one text, how many answers come before theirs, and what is planned once it was sent."""

    text: str
    answers_before: int
    plans: Mapping[str, _Plan]


def message(cursor: Any, statements: Sequence[tuple[str, Params]]) -> Message:
    """One text for all these statements, with their parameters put in. `cursor`: psycopg's own, that writes values out."""
    if not any(isinstance(sql, Planned) for sql, _ in statements):
        return Message("\n;\n".join(cursor.mogrify(sql, params) for sql, params in statements), 0, {})
    kept = _kept.get(cursor.connection, {})
    new: dict[str, _Plan] = {sql: _plan(sql) for sql, _ in statements if isinstance(sql, Planned) and sql not in kept}
    before = [_ONE_FOR_ALL, *(plan.prepare for plan in new.values())]
    written: Iterator[str] = (
        cursor.mogrify((kept.get(sql) or new[sql]).call if isinstance(sql, Planned) else sql, params)
        for sql, params in statements
    )
    return Message("\n;\n".join([*before, *written, _AS_BEFORE]), len(before), new)


def sent(connection: Any, plans: Mapping[str, _Plan]) -> None:
    """The message went through: its plans are there. `connection`: psycopg's own."""
    if plans:
        _kept.setdefault(connection, {}).update(plans)


def _plan(sql: str) -> _Plan:
    names = list(dict.fromkeys(_PLACEHOLDER.findall(sql)))
    text = _PLACEHOLDER.sub(lambda found: f"${names.index(found[1]) + 1}", sql).replace("%%", "%")
    name = f"planned_{next(_numbers)}"
    given = f"({', '.join(f'%({one})s' for one in names)})" if names else ""
    return _Plan(f"prepare {name} as {text}", f"execute {name} {given}")

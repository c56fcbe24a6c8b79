"""Statements that PostgreSQL plans once a connection, and not at each call.

To plan a join over tables that are cut by month costs more than to run it for one report: of the time that the database
spends on linking one report, two thirds (docs/decisions/0026). For a set of reports it is the other way round, and the plan
that is made for that very set pays. So `for_few` asks for a plan that is kept (PREPARE) where there are few, for a minute:
tables grow, and what is known of them when they are empty fits them no more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

FEW_MAX = 8
KEPT_SECONDS_MAX = 60.0
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_MARK = re.compile(r"%(?:\((\w+)\)s|(s)|(%))")
# Few are looked up by indexes, however small the tables are now. And no compiler: a plan for all values looks dear, and is not.
_ONE_FOR_ALL = "set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off; set local jit = off"
_AS_BEFORE = "set local plan_cache_mode to default; set local enable_seqscan to default; set local jit to default"
_SETTINGS = _ONE_FOR_ALL.count(";") + 1

Params = Mapping[str, Any] | Sequence[Any] | None


class Planned(str):
    """A statement with named parameters, of which the plan is kept."""

    __slots__ = ()


class _Plan(NamedTuple):
    name: str
    prepare: str
    call: str
    until: float  # of the monotonic clock


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
    written = _writer(cursor)
    if not any(isinstance(sql, Planned) for sql, _ in statements):
        return Message("\n;\n".join(_filled(sql, params, written) for sql, params in statements), 0, {})
    kept, now = _kept.get(cursor.connection, {}), monotonic()
    old = {sql: kept[sql] for sql, _ in statements if sql in kept and kept[sql].until < now}
    for sql in old:
        del kept[sql]  # whatever becomes of this message, it is not asked for twice
    new: dict[str, _Plan] = {
        sql: _plan(sql, now) for sql, _ in statements if isinstance(sql, Planned) and sql not in kept
    }
    before = [*(f"deallocate {plan.name}" for plan in old.values()), *(plan.prepare for plan in new.values())]
    texts = [
        _filled((new.get(sql) or kept[sql]).call if isinstance(sql, Planned) else sql, params, written)
        for sql, params in statements
    ]
    return Message("\n;\n".join([_ONE_FOR_ALL, *before, *texts, _AS_BEFORE]), len(before) + _SETTINGS, new)


def _filled(sql: str, params: Params, written: Callable[[Any], str]) -> str:
    """`sql` with its parameters put in; without any it is taken as it stands, as psycopg has it."""
    if params is None:
        return str(sql)
    named = params if isinstance(params, Mapping) else {}
    in_order = iter(() if isinstance(params, Mapping) else params)
    return _MARK.sub(lambda mark: "%" if mark[3] else written(next(in_order) if mark[2] else named[mark[1]]), str(sql))


def _writer(cursor: Any) -> Callable[[Any], str]:
    """How a value stands in a text: as psycopg writes it, each object of a message once; ids, which are most, by hand."""
    seen: dict[int, str] = {}

    def written(one: Any) -> str:
        if type(one) is UUID:
            return f"'{one.hex}'::uuid"
        text = seen.get(id(one))
        if text is None:
            if type(one) is list and one and all(type(part) is UUID for part in one):
                text = "'{" + ",".join([part.hex for part in one]) + "}'::uuid[]"
            else:
                text = str(cursor.mogrify("%s", [one]))
            seen[id(one)] = text
        return text

    return written


def sent(connection: Any, plans: Mapping[str, _Plan]) -> None:
    """The message went through: its plans are there. `connection`: psycopg's own."""
    if plans:
        _kept.setdefault(connection, {}).update(plans)


def _plan(sql: str, now: float) -> _Plan:
    names = list(dict.fromkeys(_PLACEHOLDER.findall(sql)))
    text = _PLACEHOLDER.sub(lambda found: f"${names.index(found[1]) + 1}", sql).replace("%%", "%")
    name = f"planned_{next(_numbers)}"
    given = f"({', '.join(f'%({one})s' for one in names)})" if names else ""
    return _Plan(name, f"prepare {name} as {text}", f"execute {name} {given}", now + KEPT_SECONDS_MAX)

"""What the codes of lists mean: the table that comes with the program, and what a unit takes in of its own, which stays."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

from abhaya.errors import OperatorError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.matching.formats.categories_csv import Meaning, Unread, read
from abhaya.shared.sql import execute

OWN = "own: "  # how the source of what a unit took in begins
_WRITE = """insert into matching_category (scheme, code, label, label_hi, severity, unlawful, source)
    select * from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::smallint[], %s::boolean[], %s::text[])
    on conflict (scheme, code) do update set label = excluded.label, label_hi = excluded.label_hi,
    severity = excluded.severity, unlawful = excluded.unlawful, source = excluded.source"""


class TakenIn(NamedTuple):
    taken: int
    set_aside: list[Unread]


def fill(connection: BaseDatabaseWrapper) -> None:
    """The bundled table, after every migration; what a unit changed stays as the unit has it. `connection` is the owner's."""
    bundled = (files("abhaya.matching") / "data/categories.csv").read_bytes()
    meanings = [one for one in read(bundled) if isinstance(one, Meaning)]
    with connection.cursor() as cursor:
        cursor.execute(f"{_WRITE} where matching_category.source not like %s", [*_columns(meanings), f"{OWN}%"])


def take_in_categories(data: bytes, file_name: str) -> TakenIn:
    """A unit's own table; of a code that stands twice the last line counts. Raises `OperatorError` where it is none."""
    try:
        lines = list(read(data))
    except ValueError as problem:
        raise OperatorError(f"{file_name}: {problem}") from problem
    meanings = {(one.scheme, one.code): one for one in lines if isinstance(one, Meaning)}
    own = [one._replace(source=f"{OWN}{one.source or file_name}") for one in meanings.values()]
    execute(_WRITE, _columns(own))
    aside = [one for one in lines if isinstance(one, Unread)]
    facts = {"file": file_name, "taken": len(own), "set_aside": len(aside)}
    record([Act(Event.MATCHING_CATEGORIES_IMPORTED, facts=facts)])
    return TakenIn(len(own), aside)


def _columns(meanings: Sequence[Meaning]) -> list[list[object]]:
    return [[one[place] for one in meanings] for place in range(len(Meaning._fields))]

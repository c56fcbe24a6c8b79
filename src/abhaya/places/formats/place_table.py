"""Corrections to the gazetteer and new places: `code, kind, name, name_hi, parent, aliases, valid_from, valid_to`; and
which unit answers for which places: `unit, place, valid_from, valid_to`. Aliases are separated by |.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from abhaya.places.formats import table
from abhaya.places.formats.table import Row, SetAside
from abhaya.places.names import LEVELS, Place

PLACE_COLUMNS = ("code", "kind", "name", "name_hi", "parent", "aliases", "valid_from", "valid_to")
COVERAGE_COLUMNS = ("unit", "place", "valid_from", "valid_to")
_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,12}){1,4}")


class PlaceTableRow(NamedTuple):
    place: Place
    aliases: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None


class CoverageRow(NamedTuple):
    unit: str
    place: str
    valid_from: date | None
    valid_to: date | None


def is_place_table(header: list[str]) -> bool:
    return {"code", "kind", "name", "parent"} <= set(header)


def is_coverage_table(header: list[str]) -> bool:
    return {"unit", "place"} <= set(header)


def read_places(text: str, known: Mapping[str, str]) -> Iterator[PlaceTableRow | SetAside]:
    """`known` maps the code of every place to its kind; a row may name a parent that an earlier row brought."""
    kinds = dict(known)
    for row in table.rows(text, PLACE_COLUMNS):
        if isinstance(row, SetAside):
            yield row
            continue
        try:
            read = _place(row, kinds)
        except ValueError as problem:
            yield row.aside(str(problem))
        else:
            kinds[read.place.code] = read.place.kind
            yield read


def _place(row: Row, kinds: Mapping[str, str]) -> PlaceTableRow:
    values = row.values
    code, kind, parent = (
        values.get("code", "").upper(),
        values.get("kind", "").lower(),
        values.get("parent", "").upper(),
    )
    if not _CODE.fullmatch(code):
        raise ValueError(f"code “{code}” is not of the form IN-27-490")
    if kind not in LEVELS[1:]:
        raise ValueError(f"kind “{kind}” is not one of {', '.join(LEVELS[1:])}")
    if kinds.get(code, kind) != kind:
        raise ValueError(f"{code} is a {kinds[code]} here; a place does not change its kind")
    if parent not in kinds or LEVELS.index(kinds[parent]) >= LEVELS.index(kind):
        raise ValueError(f"parent “{parent}” is not a known place wider than a {kind}")
    if not code.startswith(f"{parent}-"):
        raise ValueError(f"the code of a place begins with its parent's: {parent}-…")
    if not values.get("name"):
        raise ValueError("name is empty")
    valid_from, valid_to = _validity(row)
    aliases = tuple(name.strip() for name in values.get("aliases", "").split("|") if name.strip())
    place = Place(code, kind, values["name"], values.get("name_hi", ""), parent)
    return PlaceTableRow(place, aliases, valid_from, valid_to)


def read_coverage(text: str, units: set[str], places: Mapping[str, str]) -> Iterator[CoverageRow | SetAside]:
    """`units` are the codes of the units here, `places` every place's kind by code."""
    for row in table.rows(text, COVERAGE_COLUMNS):
        if isinstance(row, SetAside):
            yield row
            continue
        unit, place = row.values.get("unit", ""), row.values.get("place", "").upper()
        try:
            valid_from, valid_to = _validity(row)
        except ValueError as problem:
            yield row.aside(str(problem))
            continue
        if unit not in units:
            yield row.aside(f"no unit here has the code “{unit}”")
        elif place not in places:
            yield row.aside(f"place “{place}” is not in the gazetteer")
        else:
            yield CoverageRow(unit, place, valid_from, valid_to)


def _validity(row: Row) -> tuple[date | None, date | None]:
    valid_from, valid_to = table.day(row.values.get("valid_from", "")), table.day(row.values.get("valid_to", ""))
    if valid_from and valid_to and valid_to <= valid_from:
        raise ValueError("valid_to lies before valid_from")
    return valid_from, valid_to

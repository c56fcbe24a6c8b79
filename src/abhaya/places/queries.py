"""Readers of the gazetteer. Names are kept in memory per process and read again when an import has changed them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from abhaya.places.addresses import Country
from abhaya.places.bundle import country_codes, country_of
from abhaya.places.names import Alias, Found, Gazetteer, Place
from abhaya.shared.sql import NamedSql, fetch, fetch_one, value

SQL = NamedSql(__file__)
WORLD = ""
IMPORTS_SHOWN_MAX = 50
GENERATION_SECONDS = 2.0

Namer = Callable[[str], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One file taken in."""

    id: int
    at: datetime
    what: str
    file_name: str
    as_of: date
    taken: int
    repeated: int
    set_aside: int
    losses_json: str
    by: str

    @property
    def losses(self) -> list[dict[str, Any]]:
        """Rows set aside, the first of them: line, why, text."""
        return list(json.loads(self.losses_json))


class Counts(NamedTuple):
    districts: int
    places: int
    networks: int


class _Covering(NamedTuple):
    place: str
    unit: UUID


_generations: dict[tuple[str, ...], tuple[float, int]] = {}
# generation and country by code; replaced whole, so that threads see the old or the new, never half
_cached: dict[str, tuple[int, Country]] = {}


def generation(*what: str) -> int:
    """Rises with every import of this (networks, places, bundle). Asked of the database at most every few seconds, so
    that a list of fifty rows does not ask fifty times; an import of this process is seen at once.
    """
    known = _generations.get(what)
    now = time.monotonic()
    if known is None or now - known[0] > GENERATION_SECONDS:
        known = _generations[what] = (now, int(value(SQL["generation"], {"what": list(what)})))
    return known[1]


def forget_generations() -> None:
    """After an import: the next look-up asks the database."""
    _generations.clear()


def world() -> Gazetteer:
    """All countries by name and code."""
    return _country(WORLD).gazetteer


def country(code: str) -> Country | None:
    """A country with everything the gazetteer knows in it; None for a code that is none."""
    if code not in world().places:
        return None
    if code in country_codes():
        return _country(code)
    own = world().places[code]
    return country_of(code, [own], [])


def find_place(text: str, country_code: str) -> Found:
    """The places of a country that `text` may name; see `names.Gazetteer.find`."""
    found = country(country_code)
    return found.gazetteer.find(text) if found else Found()


def place(code: str) -> Place | None:
    """One place by its code."""
    found = country(code[:2])
    return found.gazetteer.places.get(code) if found else None


def namer(codes: Iterable[str]) -> Namer:
    """What places of these countries are called; see `namer_of`."""
    countries = {code: found for code in {code[:2] for code in codes} if (found := country(code))}
    return namer_of(world(), countries)


def namer_of(known: Gazetteer, countries: Mapping[str, Country]) -> Namer:
    """What places are called, in English and Hindi: "Jalgaon, Maharashtra". An unknown code is itself."""

    def name(code: str) -> tuple[str, str]:
        found = countries.get(code[:2])
        line = (found.gazetteer if found else known).ancestors(code)
        if not line:
            return code, code
        shown = [line[-1]] if len(line) <= 2 else [line[-1], line[1]]
        return ", ".join(one.name for one in shown), ", ".join(one.name_hi or one.name for one in shown)

    return name


def covering_units() -> dict[str, list[UUID]]:
    """Place code -> the active units that answer for it."""
    units: dict[str, list[UUID]] = {}
    for place_code, unit in fetch(_Covering, SQL["covering_units"]):
        units.setdefault(place_code, []).append(unit)
    return units


def counts() -> Counts:
    """How much the gazetteer holds."""
    return fetch_one(Counts, SQL["counts"]) or Counts(0, 0, 0)


def imports() -> list[ImportLine]:
    """What was taken in, newest first."""
    return fetch(ImportLine, SQL["imports"], {"most": IMPORTS_SHOWN_MAX})


def _country(code: str) -> Country:
    now = generation("places", "bundle")
    known = _cached.get(code)
    if known is not None and known[0] == now:
        return known[1]
    if code == WORLD:
        places, aliases = fetch(Place, SQL["countries"]), fetch(Alias, SQL["aliases_of_countries"])
    else:
        places = fetch(Place, SQL["places_of"], {"country": code})
        aliases = fetch(Alias, SQL["aliases_of"], {"country": code})
    made = country_of(code, places, aliases)
    _cached[code] = (now, made)
    return made

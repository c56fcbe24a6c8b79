"""The gazetteer that comes with the program: `data/countries/world.csv` and one folder per country. Pure reading."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from abhaya.places.addresses import Country
from abhaya.places.formats import lgd
from abhaya.places.formats.table import SetAside
from abhaya.places.names import Alias, Gazetteer, Place, key

DATA = Path(__file__).with_name("data")
WORLD_SOURCE = "ISO 3166-1; names from Unicode CLDR"
OWN_SOURCE = "Abhaya's list of names"
NOTHING_LIES = ".."  # on a map of tiles


class PlaceRow(NamedTuple):
    place: Place
    source: str


class AliasRow(NamedTuple):
    alias: Alias
    valid_from: date | None
    valid_to: date | None  # exclusive: the first day on which the name was no longer official
    source: str


class Bundle(NamedTuple):
    places: list[PlaceRow]
    aliases: list[AliasRow]


def country_codes() -> list[str]:
    """Countries that have a folder of their own."""
    return sorted(
        folder.name.upper() for folder in (DATA / "countries").iterdir() if (folder / "country.json").is_file()
    )


def read_bundle() -> Bundle:
    """Every bundled place and name. A country's own names replace the directory's, which stay as other names."""
    bundle = Bundle([], [])
    for row in _rows(DATA / "countries/world.csv"):
        bundle.places.append(PlaceRow(Place(row["code"], "country", row["name"], row["name_hi"], ""), WORLD_SOURCE))
        for name in filter(None, row["aliases"].split("|")):
            bundle.aliases.append(AliasRow(Alias(row["code"], name, "name"), None, None, OWN_SOURCE))
    for code in country_codes():
        _read_country(DATA / "countries" / code.lower(), bundle)
    return bundle


def _read_country(folder: Path, bundle: Bundle) -> None:
    directory = _settings(folder)["directory"]
    better = {row["code"]: row for row in _rows(folder / "names.csv")}
    written = {(row["code"], key(row["name"])) for row in _rows(folder / "aliases.csv")}
    for file in directory["files"]:
        for row in lgd.read((DATA / file).read_text(encoding="utf-8")):
            if isinstance(row, SetAside):
                raise ValueError(f"{file}, line {row.line}: {row.why}")  # noqa: TRY004 — a fault of the data, not of a type
            place, aliases = row.place, list(row.aliases)
            own = better.get(place.code, {"name": "", "name_hi": ""})
            name = own["name"] or place.name
            if key(name) != key(place.name) and (place.code, key(place.name)) not in written:
                aliases.append(Alias(place.code, place.name, "name"))
            bundle.places.append(
                PlaceRow(place._replace(name=name, name_hi=own["name_hi"] or place.name_hi), directory["source"])
            )
            bundle.aliases.extend(AliasRow(alias, None, None, directory["source"]) for alias in aliases)
    for named in _rows(folder / "aliases.csv"):
        until = _day(named["valid_to"])
        alias = Alias(named["code"], named["name"], "former" if until and named["use"] == "name" else named["use"])
        bundle.aliases.append(AliasRow(alias, _day(named["valid_from"]), until, OWN_SOURCE))


def country_of(code: str, places: Iterable[Place], aliases: Iterable[Alias]) -> Country:
    """One country with its gazetteer out of these rows. A country without a folder has names and nothing more."""
    gazetteer = Gazetteer.of(places, aliases)
    folder = DATA / "countries" / code.lower()
    if not re.fullmatch(r"[A-Z]{2}", code) or not (folder / "country.json").is_file():
        return Country(code, gazetteer)
    settings = _settings(folder)
    return Country(
        code=code,
        gazetteer=gazetteer,
        postal_name=settings["postal"]["name"],
        postal_pattern=re.compile(settings["postal"]["pattern"]),
        postal=postal_table(code),
        mobile_numbers_are_ported=settings["mobile_numbers_are_ported"],
        time_zone=settings["time_zone"],
        cues_before=frozenset(settings["place_cues_before"]),
        cues_after=frozenset(settings["place_cues_after"]),
        not_in_text=frozenset(name.casefold() for name in settings["names_that_are_words_or_people"]),
    )


@cache
def postal_table(code: str) -> dict[str, tuple[str, ...]]:
    """Prefix of a postal code -> the states it serves; an empty tuple for a prefix that says nothing of a place."""
    rows = _rows(DATA / "countries" / code.lower() / "postal.csv")
    return {row["prefix"]: tuple(filter(None, row["states"].split("|"))) for row in rows}


class Tile(NamedTuple):
    """A square of a country's map of tiles; both empty where nothing lies."""

    short: str = ""  # the abbreviation of a state
    code: str = ""


@cache
def tiles_of(code: str) -> tuple[tuple[Tile, ...], ...]:
    """The states of a country as a map of tiles, row by row, every row as wide as the others. Empty where none is drawn.

    An abbreviation that is nobody's is a fault of the data: `KeyError`.
    """
    folder = DATA / "countries" / code.lower()
    if code not in country_codes() or not (folder / "tiles.txt").is_file():
        return ()
    lines = (folder / "tiles.txt").read_text(encoding="utf-8").splitlines()
    states = {row["name"]: row["code"] for row in _rows(folder / "aliases.csv") if row["use"] == "abbreviation"}
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return tuple(
        tuple(Tile() if short == NOTHING_LIES else Tile(short, states[short]) for short in row) for row in rows
    )


def _settings(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "country.json").read_text(encoding="utf-8")))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

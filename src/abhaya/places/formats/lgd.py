"""The tables of India's Local Government Directory, by the headers they carry: states, districts, sub-districts, towns.

Reads the bundled files and a newer download alike; columns that are not named here are ignored. Codes are made from the
directory's own: IN-27 (state), IN-27-490 (district), IN-27-490-4179 (sub-district), IN-27-T251518 (town, by state).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from abhaya.places.formats import table
from abhaya.places.formats.table import SetAside
from abhaya.places.names import Alias, Place, title

COUNTRY = "IN"
LOCAL_NAME = "local_body_name_(in_local)"
COLUMNS = (
    "state_code", "state_name", "district_code", "district_name", "sub-district_code", "sub-district_name",
    "local_body_code", "local_body_name", LOCAL_NAME,
)  # fmt: skip

_NUMBER = re.compile(r"\d{1,7}")
# kind: (columns of the code after the state's, column of the name); the first that fits a header is meant
_KINDS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "town": (("local_body_code",), "local_body_name"),
    "subdistrict": (("district_code", "sub-district_code"), "sub-district_name"),
    "district": (("district_code",), "district_name"),
    "state": ((), "state_name"),
}


class DirectoryRow(NamedTuple):
    place: Place
    aliases: tuple[Alias, ...]  # the name in a local script


def kind_of(header: list[str]) -> str:
    """Which of the four tables a header belongs to, "" for none."""
    names = set(header)
    if "state_code" not in names:
        return ""
    return next((kind for kind, (codes, name) in _KINDS.items() if {*codes, name} <= names), "")


def read(text: str) -> Iterator[DirectoryRow | SetAside]:
    """Every row as a place with its other names, or set aside."""
    kind = kind_of(table.header_of(text))
    columns, name_column = _KINDS[kind]
    for row in table.rows(text, COLUMNS):
        if isinstance(row, SetAside):
            yield row
            continue
        codes = [row.values.get(column, "") for column in ("state_code", *columns)]
        name = row.values.get(name_column, "")
        if not name or not all(_NUMBER.fullmatch(code) for code in codes):
            yield row.aside("the row has no name, or a code that is not a number")
            continue
        parts = [str(int(code)) for code in codes]
        if kind == "town":
            parts[-1] = f"T{parts[-1]}"
        parent = "-".join((COUNTRY, *parts[:-1]))
        yield _row(Place("-".join((COUNTRY, *parts)), kind, title(name), "", parent), row.values.get(LOCAL_NAME, ""))


def _row(place: Place, local: str) -> DirectoryRow:
    if any("\u0900" <= letter <= "\u097f" for letter in local):  # Devanagari, which a reader of Hindi reads
        return DirectoryRow(place._replace(name_hi=local), ())
    return DirectoryRow(place, (Alias(place.code, local, "script"),) if local and not local.isascii() else ())

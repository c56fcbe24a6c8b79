"""The writers of the gazetteer: the bundled data, and what a unit knows better."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from abhaya.errors import OperatorError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.places import queries
from abhaya.places.addresses import Country
from abhaya.places.bundle import AliasRow, read_bundle
from abhaya.places.formats import lgd, network_table, place_table, table
from abhaya.places.formats.network_table import NetworkRow
from abhaya.places.formats.place_table import CoverageRow, PlaceTableRow
from abhaya.places.formats.table import SetAside, TableError
from abhaya.places.names import Alias, Place
from abhaya.places.queries import SQL
from abhaya.shared.identity import current_actor
from abhaya.shared.sql import execute, fetch, value

LOSSES_KEPT_MAX = 1000  # rows set aside that are kept with the import; all are in its result
ROWS_PER_STATEMENT_MAX = 50_000
IMPORTED = "import:"

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file."""

    what: str  # networks, places, coverage
    file_name: str
    taken: int
    repeated: int  # rows that said what was already known
    set_aside: tuple[SetAside, ...]
    ignored_columns: tuple[str, ...]


def load_bundled_gazetteer() -> int:
    """The bundled places and names. Can be repeated: what is already so is left, what a unit imported stays. Returns
    how many rows were new or changed.
    """
    bundle = read_bundle()
    changed = _write_places([_Placed(*row, None, None) for row in bundle.places], bundled=True)
    changed += _write_aliases(bundle.aliases, bundled=True)
    if changed:
        _finish(_start("bundle", "bundled gazetteer", b"", datetime.now(UTC).date(), ()), changed, 0)
    return changed


def write_bundled_gazetteer(cursor: CursorWrapper) -> None:
    """The same from a migration, through the migration's own cursor."""
    bundle = read_bundle()
    cursor.execute(
        SQL["upsert_places"], _place_columns([_Placed(*row, None, None) for row in bundle.places], bundled=True)
    )
    cursor.execute(SQL["upsert_aliases"], _alias_columns(bundle.aliases, bundled=True))
    started = _import_values("bundle", "bundled gazetteer", b"", datetime.now(UTC).date(), (), "migration")
    cursor.execute(SQL["start_import"], started)
    taken = {"id": cursor.fetchone()[0], "taken": len(bundle.places) + len(bundle.aliases), "repeated": 0}
    cursor.execute(SQL["finish_import"], taken)


def import_file(data: bytes, file_name: str, as_of: date | None = None) -> Imported:
    """A file of networks, places or coverage, told apart by its header. `as_of` is the day its facts are of: today's
    if not said. Rows that cannot be read are set aside with a reason; the rest are written.
    """
    try:
        text = table.decode(data)
        header = table.header_of(text)
        if network_table.is_network_table(header):
            return _import_networks(text, data, file_name, as_of)
        if lgd.kind_of(header):
            return _import_directory(text, data, file_name, as_of)
        if place_table.is_place_table(header):
            return _import_places(text, data, file_name, as_of)
        if place_table.is_coverage_table(header):
            return _import_coverage(text, data, file_name, as_of)
    except TableError as problem:
        raise OperatorError(f"{file_name}: {problem}") from problem
    raise OperatorError(
        f"{file_name}: the header “{', '.join(header[:12])}” is none that is known. Networks: {', '.join(network_table.COLUMNS)}."
        f" Places: {', '.join(place_table.PLACE_COLUMNS)}. Coverage: {', '.join(place_table.COVERAGE_COLUMNS)}."
    )


def _import_networks(text: str, data: bytes, file_name: str, as_of: date | None) -> Imported:
    countries = _Countries()
    read, aside = _split(network_table.read(text, countries.get, ZoneInfo(settings.TIME_ZONE)), NetworkRow)
    rows = list(dict.fromkeys(read))
    day = as_of or datetime.now(UTC).date()
    number = _start("networks", file_name, data, day, aside)
    columns = ("first", "last", "country", "state", "district", "operator", "kind", "valid_from", "valid_to")
    taken = 0
    for start in range(0, len(rows), ROWS_PER_STATEMENT_MAX):
        part = rows[start : start + ROWS_PER_STATEMENT_MAX]
        arrays = {name: [getattr(row, name) for row in part] for name in columns}
        taken += execute(SQL["insert_networks"], {**arrays, "import_id": number, "source": file_name, "as_of": day})
    _finish(number, taken, len(read) - taken)
    ignored = tuple(table.ignored(text, network_table.COLUMNS))
    return _done(Imported("networks", file_name, taken, len(read) - taken, aside, ignored), data)


def _import_places(text: str, data: bytes, file_name: str, as_of: date | None) -> Imported:
    rows, aside = _split(place_table.read_places(text, _kinds()), PlaceTableRow)
    source = IMPORTED + file_name
    number = _start("places", file_name, data, as_of or datetime.now(UTC).date(), aside)
    placed = {row.place.code: _Placed(row.place, source, row.valid_from, row.valid_to) for row in rows}
    names = [AliasRow(Alias(row.place.code, name, "name"), None, None, source) for row in rows for name in row.aliases]
    taken = _write_places(list(placed.values()), bundled=False)
    _write_aliases(names, bundled=False)
    _finish(number, taken, len(rows) - taken)
    ignored = tuple(table.ignored(text, place_table.PLACE_COLUMNS))
    return _done(Imported("places", file_name, taken, len(rows) - taken, aside, ignored), data)


def _import_directory(text: str, data: bytes, file_name: str, as_of: date | None) -> Imported:
    """A newer download of the Local Government Directory: new places and corrected ones; our Hindi names stay."""
    india = queries.country(lgd.COUNTRY)
    known = india.gazetteer.places if india else {}
    source = IMPORTED + file_name
    rows, aside = _split(lgd.read(text), lgd.DirectoryRow)
    placed = []
    for place, _ in rows:
        before = known.get(place.code)
        if before is None or before.parent != place.parent:
            hindi = before.name_hi if before else place.name_hi
            placed.append(_Placed(place._replace(name_hi=hindi), source, None, None))
    number = _start("places", file_name, data, as_of or datetime.now(UTC).date(), aside)
    taken = _write_places(placed, bundled=False)
    _finish(number, taken, len(rows) - taken)
    return _done(Imported("places", file_name, taken, len(rows) - taken, aside, ()), data)


def _import_coverage(text: str, data: bytes, file_name: str, as_of: date | None) -> Imported:
    units = dict(fetch(_UnitCode, SQL["unit_codes"]))
    rows, aside = _split(place_table.read_coverage(text, set(units), _kinds()), CoverageRow)
    number = _start("coverage", file_name, data, as_of or datetime.now(UTC).date(), aside)
    last = {(row.unit, row.place): row for row in rows}
    columns = {
        "unit": [units[unit] for unit, _ in last],
        "place": [place for _, place in last],
        "valid_from": [row.valid_from for row in last.values()],
        "valid_to": [row.valid_to for row in last.values()],
    }
    taken = execute(SQL["upsert_coverage"], {**columns, "import_id": number})
    _finish(number, taken, len(rows) - taken)
    ignored = tuple(table.ignored(text, place_table.COVERAGE_COLUMNS))
    return _done(Imported("coverage", file_name, taken, len(rows) - taken, aside, ignored), data)


class _Placed(NamedTuple):
    place: Place
    source: str
    valid_from: date | None
    valid_to: date | None


class _UnitCode(NamedTuple):
    code: str
    id: UUID


class _Kind(NamedTuple):
    code: str
    kind: str


class _Countries:
    """Each country read once per file."""

    def __init__(self) -> None:
        self._known: dict[str, Country | None] = {}

    def get(self, code: str) -> Country | None:
        if code not in self._known:
            self._known[code] = queries.country(code)
        return self._known[code]


def _kinds() -> dict[str, str]:
    return dict(fetch(_Kind, SQL["kinds"]))


def _split(read: Iterable[Row | SetAside], _kind: type[Row]) -> tuple[list[Row], tuple[SetAside, ...]]:
    rows: list[Row] = []
    aside: list[SetAside] = []
    for one in read:
        if isinstance(one, SetAside):
            aside.append(one)
        else:
            rows.append(one)
    return rows, tuple(aside)


def _write_places(rows: Sequence[_Placed], *, bundled: bool) -> int:
    return execute(SQL["upsert_places"], _place_columns(rows, bundled=bundled)) if rows else 0


def _place_columns(rows: Sequence[_Placed], *, bundled: bool) -> dict[str, Any]:
    return {
        "code": [row.place.code for row in rows],
        "kind": [row.place.kind for row in rows],
        "name": [row.place.name for row in rows],
        "name_hi": [row.place.name_hi for row in rows],
        "parent": [row.place.parent for row in rows],
        "valid_from": [row.valid_from for row in rows],
        "valid_to": [row.valid_to for row in rows],
        "source": [row.source for row in rows],
        "bundled": bundled,
    }


def _write_aliases(rows: Sequence[AliasRow], *, bundled: bool) -> int:
    return execute(SQL["upsert_aliases"], _alias_columns(rows, bundled=bundled)) if rows else 0


def _alias_columns(rows: Sequence[AliasRow], *, bundled: bool) -> dict[str, Any]:
    last = {(row.alias.code, row.alias.name): row for row in rows}
    return {
        "code": [code for code, _ in last],
        "name": [name for _, name in last],
        "use": [row.alias.use for row in last.values()],
        "valid_from": [row.valid_from for row in last.values()],
        "valid_to": [row.valid_to for row in last.values()],
        "source": [row.source for row in last.values()],
        "bundled": bundled,
    }


def _start(what: str, file_name: str, data: bytes, as_of: date, aside: Sequence[SetAside]) -> int:
    return int(value(SQL["start_import"], _import_values(what, file_name, data, as_of, aside, current_actor().name)))


def _import_values(
    what: str, file_name: str, data: bytes, as_of: date, aside: Sequence[SetAside], by: str
) -> dict[str, Any]:
    losses = [one._asdict() for one in aside[:LOSSES_KEPT_MAX]]
    return {
        "what": what,
        "file_name": file_name,
        "sha256": sha256(data).digest(),
        "as_of": as_of,
        "set_aside": len(aside),
        "losses": json.dumps(losses, ensure_ascii=False),
        "by": by,
    }


def _finish(number: int, taken: int, repeated: int) -> None:
    queries.forget_generations()
    execute(SQL["finish_import"], {"id": number, "taken": taken, "repeated": repeated})


def _done(imported: Imported, data: bytes) -> Imported:
    facts = {
        "what": imported.what,
        "file_name": imported.file_name,
        "sha256": sha256(data).hexdigest(),
        "taken": imported.taken,
        "set_aside": len(imported.set_aside),
    }
    record([Act(Event.PLACES_GAZETTEER_IMPORTED, subject=None, compartment=None, facts=facts)])
    return imported

"""Hash lists as they stand: readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from abhaya.shared.sql import NamedSql, fetch, fetch_one, value

SQL = NamedSql(__file__, "lists.sql")


class ListRow(NamedTuple):
    compartment: UUID
    name: str
    unit_id: UUID
    scheme: str
    purpose: str
    vouched: int
    ended: bool


class Unfinished(NamedTuple):
    id: UUID
    rows_read: int


@dataclass(frozen=True, slots=True)
class Found:
    """A live entry, with what its list says of itself."""

    position: int
    list_id: UUID
    list_name: str
    purpose: str
    version: str
    dated: date
    category: str
    vouched: int
    disputed: int
    md5: bytes | None
    sha1: bytes | None
    sha256: bytes | None
    pdq: bytes | None
    opaque: list[str]


def list_named(name: str) -> ListRow | None:
    return fetch_one(ListRow, SQL["list"], {"name": name})


def resolve(positions: Sequence[int]) -> list[Found]:
    """What an index found, as far as it is live and open to whoever asks: row security decides."""
    return fetch(Found, SQL["resolve"], {"positions": list(positions)}) if positions else []


def taken_in_before(list_id: UUID, sha256: bytes) -> str | None:
    """The version under which this very file was taken in."""
    found = value(SQL["done_before"], {"list": list_id, "sha256": sha256})
    return None if found is None else str(found)


def newest_day(list_id: UUID) -> date | None:
    """Of which day the newest whole version is."""
    found = value(SQL["newest_day"], {"list": list_id})
    return found if isinstance(found, date) else None

"""Hash lists as they stand: readers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from abhaya.matching.queries import digest
from abhaya.selectors.sighting import selector_id
from abhaya.shared.sql import NamedSql, fetch, fetch_one, value, values

SQL = NamedSql(__file__, "lists.sql")


class Holder(NamedTuple):
    """A file that has a hash."""

    key: str
    file_id: UUID
    report_id: UUID
    compartment: UUID


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
    quality: int | None

    def hashes(self) -> list[str]:
        """Its hashes as selectors spell them, the strongest first; without PDQ, which is no matter of equality."""
        fixed = (("sha256", self.sha256), ("sha1", self.sha1), ("md5", self.md5))
        return [*(f"{kind}:{bytes(value).hex()}" for kind, value in fixed if value), *self.opaque]


def list_named(name: str) -> ListRow | None:
    return fetch_one(ListRow, SQL["list"], {"name": name})


def resolve(positions: Sequence[int]) -> list[Found]:
    """What an index found, as far as it is live and open to whoever asks: row security decides."""
    return fetch(Found, SQL["resolve"], {"positions": list(positions)}) if positions else []


def entries_with(digests: Collection[bytes], opaque: Collection[str]) -> list[Found]:
    """Live entries that have one of these hashes."""
    positions = set(values(SQL["entries_with"], {"digests": sorted(digests)})) if digests else set()
    if opaque:
        positions |= set(values(SQL["opaque"], {"values": sorted(opaque)}))
    return resolve(sorted(positions))


def files_with(keys: Collection[str]) -> list[Holder]:
    """Files whose own bytes have one of these hashes ("md5:…")."""
    of_digest = {value: key for key in keys if (value := digest(key)) is not None}
    rows = fetch(Holder, SQL["files_with"], {"digests": sorted(of_digest)}) if of_digest else []
    return [row._replace(key=of_digest[bytes(row.key)]) for row in rows]  # type: ignore[arg-type]  # the digest, until here


def files_claimed_with(keys: Collection[str]) -> list[Holder]:
    """Files whose sender claims one of these hashes."""
    selectors = [selector_id("file_hash", key) for key in sorted(keys)]
    return fetch(Holder, SQL["files_claimed_with"], {"selectors": selectors}) if selectors else []


def taken_in_before(list_id: UUID, sha256: bytes) -> str | None:
    """The version under which this very file was taken in."""
    found = value(SQL["done_before"], {"list": list_id, "sha256": sha256})
    return None if found is None else str(found)


def newest_day(list_id: UUID) -> date | None:
    """Of which day the newest whole version is."""
    found = value(SQL["newest_day"], {"list": list_id})
    return found if isinstance(found, date) else None

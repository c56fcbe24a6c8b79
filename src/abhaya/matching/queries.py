"""Readers of files, their hashes and their matches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from abhaya.matching import rules
from abhaya.matching.reasons import SENTENCES
from abhaya.matching.rules import Arrival
from abhaya.selectors.sighting import selector_id
from abhaya.shared.ids import since, until
from abhaya.shared.reason import sentence
from abhaya.shared.sql import NamedSql, as_row, fetch

SQL = NamedSql(__file__)
SHOWN_REPORTS_MAX = 1000  # earlier reports looked at for the viewer; beyond, "1,000+"
DIGEST_BYTES = {"md5": 16, "sha1": 20, "sha256": 32}

Key = TypeVar("Key", str, bytes)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a report in hand: `position` from 1, hashes of the bytes that we hold, or None."""

    id: UUID
    report_id: UUID
    received_at: datetime
    compartment: UUID
    position: int
    sha256: bytes | None
    sha1: bytes | None
    md5: bytes | None

    @property
    def arrival(self) -> Arrival:
        return self.received_at, self.report_id

    def computed(self) -> list[str]:
        """Our own hashes as they are compared with what senders claim."""
        named = (("sha256", self.sha256), ("sha1", self.sha1), ("md5", self.md5))
        return [f"{name}:{value.hex()}" for name, value in named if value]


@dataclass(frozen=True, slots=True)
class MatchRow:
    """One match as the report page shows it. `seen_in`: the earlier reports that this viewer may see, newest first."""

    file_id: UUID
    hash_kind: str
    hash_type: str
    earlier_reports: int
    more: bool
    seen_in: list[UUID]

    @property
    def count_text(self) -> str:
        count = len(self.seen_in)
        return f"{count:,}+" if count >= SHOWN_REPORTS_MAX else f"{count:,}"

    @property
    def elsewhere(self) -> bool:
        """There are earlier reports that this viewer may not see: a reason to ask the unit above, and nothing more."""
        return self.earlier_reports > len(self.seen_in)

    def sentence(self, language: str) -> str:
        """The match in words, with the count that this viewer may know."""
        reason = rules.reason(
            self.hash_kind, self.hash_type, len(self.seen_in), more=len(self.seen_in) >= SHOWN_REPORTS_MAX
        )
        return sentence(reason, SENTENCES, language)


def files(report_ids: Sequence[UUID]) -> list[File]:
    """The files of these reports; one that was only described, and whose bytes came later, by its bytes."""
    found = fetch(_file, SQL["files"], _bounds(report_ids))
    held = {(file.report_id, file.position) for file in found if file.sha256}
    return [file for file in found if file.sha256 or (file.report_id, file.position) not in held]


def _file(
    file_id: UUID,
    report: UUID,
    received_at: datetime,
    compartment: UUID,
    position: int,
    *hashes: memoryview | bytes | None,
) -> File:
    sha256, sha1, md5 = (None if value is None else bytes(value) for value in hashes)
    return File(file_id, report, received_at, compartment, position, sha256, sha1, md5)


def claims(report_ids: Sequence[UUID]) -> Mapping[tuple[UUID, int], set[str]]:
    """The hashes that senders claim: (report, number of the file from 1) -> {"md5:…", …}."""
    found: defaultdict[tuple[UUID, int], set[str]] = defaultdict(set)
    for report, number, value in fetch(as_row, SQL["claims"], _bounds(report_ids)):
        found[report, number].add(value)
    return found


def held_before(digests: Collection[bytes], window: int) -> dict[bytes, list[Arrival]]:
    """SHA-256 -> reports that brought these very bytes, oldest first."""
    return _by_key(SQL["held_before"], {"digests": sorted(digests)}, window, bytes)


def claimed_before(keys: Collection[str], window: int) -> dict[str, list[Arrival]]:
    """Hash -> reports whose sender claims it of a file, oldest first."""
    return _by_key(
        SQL["claimed_before"], {"selectors": [selector_id("file_hash", key) for key in sorted(keys)]}, window, str
    )


def held_as_claimed(keys: Collection[str], window: int) -> dict[str, list[Arrival]]:
    """Claimed hash -> reports that brought bytes which have it, oldest first."""
    known = [(key, value) for key in sorted(keys) if (value := digest(key)) is not None]
    wanted: dict[str, Sequence[object]] = {
        "values": [key for key, _ in known],
        "digests": [value for _, value in known],
    }
    return _by_key(SQL["held_as_claimed"], wanted, window, str)


def written(report_ids: Sequence[UUID]) -> set[tuple[UUID, str, UUID]]:
    """(file, kind, hash) of matches that these reports have already."""
    return set(fetch(_triple, SQL["written"], _bounds(report_ids)))


def compartments(report_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Report -> compartment."""
    return dict(fetch(as_row, SQL["compartments"], {"reports": list(report_ids)}))


def of_report(report_id: UUID) -> list[MatchRow]:
    """Which files of a report were here before, as far as the viewer may see."""
    return fetch(MatchRow, SQL["of_report"], page_of(report_id))


def page_of(report_id: UUID) -> dict[str, object]:
    """What the statements of one report's page are given."""
    return {"report": report_id, **_bounds([report_id]), "window": SHOWN_REPORTS_MAX}


def digest(key: str) -> bytes | None:
    """The bytes of a hash that we compute ourselves; None for every other kind."""
    kind, _, value = key.partition(":")
    return bytes.fromhex(value) if kind in DIGEST_BYTES and len(value) == 2 * DIGEST_BYTES[kind] else None


def _by_key(sql: str, wanted: Mapping[str, Sequence[object]], window: int, kind: type[Key]) -> dict[Key, list[Arrival]]:
    if not all(wanted.values()):
        return {}
    found: defaultdict[Key, set[Arrival]] = defaultdict(set)
    for key, received_at, report in fetch(as_row, sql, {**wanted, "until": until(), "window": window}):
        found[kind(key)].add((received_at, report))
    return {key: sorted(arrivals) for key, arrivals in found.items()}


def _bounds(report_ids: Sequence[UUID]) -> dict[str, object]:
    return {"reports": list(report_ids), "since": since(report_ids), "until": until()}


def _triple(file: UUID, hash_kind: str, selector: UUID) -> tuple[UUID, str, UUID]:
    return file, hash_kind, selector

"""The one way in. The door, the drops and the officer's form all end in `receive`, which takes a set."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from abhaya.access.actions import open_compartments, open_to
from abhaya.custody.actions import Blob, Content, Stored, take_in
from abhaya.intake.additions import KnownFile, laid_out, of_file
from abhaya.intake.completeness import missing
from abhaya.intake.formats.record import FilePart, Instant, Record, decode, encode
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.selectors.actions import record_sightings
from abhaya.selectors.reading import sightings_of
from abhaya.shared.bulk import add, insert
from abhaya.shared.ids import public_number, uuid7, uuid7s
from abhaya.shared.road import passed
from abhaya.shared.sql import NamedSql, fetch

READING_VERSION = 1
REFERENCE_CHARACTERS_MAX = 600  # what an index row can hold of it; the record keeps the whole
SQL = NamedSql(__file__)


@dataclass(frozen=True, slots=True)
class From:
    """The sender as far as receiving needs to know."""

    id: UUID
    name: str
    unit_id: UUID
    is_test: bool


@dataclass(frozen=True, slots=True)
class Original:
    """Bytes that came in: not yet stored (`content`) or, at the door, already in the vault (`stored`)."""

    name: str
    content: Content | None = None
    stored: Stored | None = None
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One report on its way in. `key` decides what counts as the same report; `files` runs beside `record.files`."""

    record: Record
    sender: From
    channel: str
    key: bytes
    originals: tuple[Original, ...]
    files: tuple[Original | None, ...] = ()
    report_id: UUID = field(default_factory=uuid7)
    compartment: UUID = field(default_factory=uuid7)
    has_compartment: bool = False  # it was made when the draft was opened
    number: int = field(default_factory=public_number)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an arrival: `new`; `same`, these very bytes were here; `added`, an original or a file that a known report did not have."""

    verdict: str
    report_id: UUID
    compartment: UUID
    number: int


@dataclass(frozen=True, slots=True)
class _Known:
    key: bytes
    report_id: UUID
    compartment: UUID
    number: int


def number_key(authority: str, external_ref: str) -> bytes:
    """The key of a report that somebody numbered: the same number from the same authority is the same report.

    A caller that takes in for several units names the unit in `authority`: one unit must not learn what another holds.
    """
    return hashlib.sha256(b"number\0" + authority.encode() + b"\0" + external_ref.strip().encode()).digest()


def content_key(sender_id: UUID, *contents: bytes) -> bytes:
    """The key of a report without a number: its very bytes, per sender."""
    digest = hashlib.sha256(b"content\0" + sender_id.bytes)
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.digest()


def receive(arrivals: Sequence[Arrival]) -> list[Receipt]:
    """Takes a set of reports in, in the caller's transaction: vault, rows, sightings, ledger, road.

    When this transaction has committed, every `new` and `added` arrival is on disk, in the database and in the ledger.
    """
    now = datetime.now(UTC)
    arrivals = [replace(arrival, record=storable(arrival.record)) for arrival in arrivals]
    known = _claim_keys(arrivals)
    first_of_key: dict[bytes, Arrival] = {}
    for arrival in arrivals:
        if arrival.key not in known:
            first_of_key.setdefault(arrival.key, arrival)
    new = list(first_of_key.values())
    receipts: list[Receipt] = []
    again: list[tuple[Arrival, UUID, UUID, int]] = []
    for arrival in arrivals:
        first = first_of_key.get(arrival.key)
        if first is arrival:
            receipts.append(Receipt("new", arrival.report_id, arrival.compartment, arrival.number))
            continue
        held = known.get(arrival.key)
        report_id, compartment, number = (
            (held.report_id, held.compartment, held.number)
            if held
            else (first.report_id, first.compartment, first.number)  # type: ignore[union-attr]  # one of the two is set
        )
        receipts.append(Receipt("same", report_id, compartment, number))
        again.append((arrival, report_id, compartment, number))
    _receive_new(new, now)
    added = _receive_again(again, now)
    return [
        replace(receipt, verdict="added") if id(arrival) in added else receipt
        for arrival, receipt in zip(arrivals, receipts, strict=True)
    ]


def _claim_keys(arrivals: Sequence[Arrival]) -> dict[bytes, _Known]:
    """Writes the keys of this set; returns those that were there before, also when another transaction is ahead."""
    mine = {arrival.key: arrival for arrival in reversed(arrivals)}
    written = insert(
        "intake_received_key",
        ["key", "report_id", "compartment"],
        [(key, arrival.report_id, arrival.compartment) for key, arrival in sorted(mine.items())],
        conflict="on conflict (key) do nothing",
    )
    if written == len(mine):
        return {}
    ours = {arrival.report_id for arrival in mine.values()}
    rows = fetch(_Known, SQL["known_keys"], {"keys": list(mine)})
    return {bytes(row.key): row for row in rows if row.report_id not in ours}


def _receive_new(arrivals: Sequence[Arrival], now: datetime) -> None:
    if not arrivals:
        return
    open_compartments([(arrival.compartment, "report", False) for arrival in arrivals if not arrival.has_compartment])
    open_to([(arrival.sender.unit_id, arrival.compartment, "work", "received") for arrival in arrivals])
    originals, files = _store([(arrival, arrival.compartment) for arrival in arrivals])
    add("intake_report", REPORT_COLUMNS, [_report_row(arrival, now) for arrival in arrivals])
    add("intake_original", ORIGINAL_COLUMNS, _original_rows(arrivals, originals))
    file_rows = [
        row
        for arrival, stored in zip(arrivals, files, strict=True)
        for row in _file_rows(arrival.report_id, arrival.compartment, arrival.record, stored)
    ]
    add("intake_file", FILE_COLUMNS, file_rows)
    record_sightings(
        [
            sighting
            for arrival, stored in zip(arrivals, originals, strict=True)
            for sighting in sightings_of(
                arrival.record, arrival.compartment, arrival.report_id, stored[0].item_id if stored else None
            )
        ]
    )
    record([_received(arrival, stored) for arrival, stored in zip(arrivals, originals, strict=True)])
    passed("intake", [arrival.report_id for arrival in arrivals if not arrival.sender.is_test])


def _receive_again(again: Sequence[tuple[Arrival, UUID, UUID, int]], now: datetime) -> set[int]:
    """Originals and files that a known report did not have yet are kept with it, and it walks the road again for them.
    Returns the identities of those arrivals.
    """
    if not again:
        return set()
    stored, files = _store([(arrival, compartment) for arrival, _, compartment, _ in again])
    reports = {"reports": [report for _, report, _, _ in again]}
    held = set(fetch(_pair, SQL["originals_held"], reports))
    known: dict[UUID, list[KnownFile]] = {}
    for file in fetch(KnownFile, SQL["files_known"], reports):
        known.setdefault(file.report_id, []).append(file)
    rows, file_rows, acts, sightings, added, walk_again = [], [], [], [], set(), []
    for (arrival, report_id, compartment, number), originals, kept_files in zip(again, stored, files, strict=True):
        fresh = [
            (original, kept)
            for original, kept in zip(arrival.originals, originals, strict=True)
            if (report_id, kept.object_id) not in held
        ]
        positions, fresh_files = laid_out(report_id, arrival.record.files, kept_files, known.setdefault(report_id, []))
        if not fresh and not fresh_files:
            continue
        added.add(id(arrival))
        held.update((report_id, kept.object_id) for _, kept in fresh)
        reading = encode(arrival.record).decode()
        rows += [
            (uuid7(), compartment, report_id, kept.item_id, kept.object_id, original.name, arrival.channel, reading)
            for original, kept in fresh
        ]
        file_rows += [
            _file_row(uuid7(), report_id, compartment, position, part, kept, now)
            for position, part, kept in fresh_files
        ]
        if fresh:
            read = sightings_of(arrival.record, compartment, report_id, fresh[0][1].item_id)
            sightings += [of_file(one, positions) for one in read]
        acts.append(_added(arrival, report_id, compartment, number, fresh, fresh_files))
        if not arrival.sender.is_test:
            walk_again.append(report_id)
    add("intake_original", ORIGINAL_COLUMNS, rows)
    add("intake_file", FILE_COLUMNS, file_rows)
    record_sightings(sightings)
    record(acts)
    passed("intake", walk_again)
    return added


def _pair(first: UUID, second: Any) -> tuple[UUID, Any]:
    return first, second


def _store(pairs: Sequence[tuple[Arrival, UUID]]) -> tuple[list[list[Stored]], list[list[Stored | None]]]:
    """Puts every original and file of the set into the vault in one go; what is there already is taken as it is."""
    blobs: list[Blob] = []
    for arrival, compartment in pairs:
        blobs += [
            Blob(compartment, original.name, original.content, original.media_type, arrival.channel)
            for original in [*arrival.originals, *arrival.files]
            if original is not None and original.stored is None and original.content is not None
        ]
    taken = iter(take_in(blobs))

    def kept(original: Original | None) -> Stored | None:
        if original is None or (original.stored is None and original.content is None):
            return None
        return original.stored if original.stored is not None else next(taken)

    originals: list[list[Stored]] = []
    files: list[list[Stored | None]] = []
    for arrival, _ in pairs:
        originals.append([item for item in map(kept, arrival.originals) if item is not None])
        files.append(list(map(kept, arrival.files)))
    return originals, files


REPORT_COLUMNS = [
    "id", "compartment", "number", "sender_id", "sender_name", "unit_id", "channel", "external_ref", "received_at",
    "incident_type", "incident_at", "incident_original", "platform", "escalation", "annotations", "is_test",
    "is_batched", "file_count", "missing", "losses", "record", "reading_version",
]  # fmt: skip
ORIGINAL_COLUMNS = ["id", "compartment", "report_id", "item_id", "object_id", "name", "channel", "record"]
FILE_COLUMNS = [
    "id", "compartment", "report_id", "position", "item_id", "object_id", "file_ref", "name", "viewed_by_sender",
    "exif_viewed", "publicly_available", "relevance", "classification", "annotations", "md5", "sha1", "sha256",
    "size_bytes", "media_type", "is_held", "added_at",
]  # fmt: skip
_NO_INSTANT = Instant("")
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")  # an escaped NUL in JSON, not an escaped backslash before "u0000"


def storable(record: Record) -> Record:
    """The record without the one character that PostgreSQL's text cannot hold (U+0000); the original bytes keep it."""
    encoded = encode(record)
    return decode(_NUL.sub(rb"\1\\ufffd", encoded)) if b"\\u0000" in encoded else record


def _report_row(arrival: Arrival, now: datetime) -> tuple[Any, ...]:
    read = arrival.record
    incident = read.incident or _NO_INSTANT
    return (
        arrival.report_id, arrival.compartment, arrival.number, arrival.sender.id,
        read.sender_name or arrival.sender.name, arrival.sender.unit_id, arrival.channel,
        read.external_ref[:REFERENCE_CHARACTERS_MAX], now,
        read.incident_type, incident.at, incident.original, read.platform, read.escalation, list(read.annotations),
        arrival.sender.is_test, bool(read.batched), len(read.files), missing(read), len(read.losses),
        encode(read).decode(), READING_VERSION,
    )  # fmt: skip


def _original_rows(arrivals: Sequence[Arrival], stored: Sequence[Sequence[Stored]]) -> list[tuple[Any, ...]]:
    count = sum(len(kept) for kept in stored)
    ids = iter(uuid7s(count))
    return [
        (next(ids), arrival.compartment, arrival.report_id, kept.item_id, kept.object_id, original.name,
         arrival.channel, None)
        for arrival, items in zip(arrivals, stored, strict=True)
        for original, kept in zip(arrival.originals, items, strict=True)
    ]  # fmt: skip


def _file_rows(
    report_id: UUID, compartment: UUID, read: Record, stored: Sequence[Stored | None]
) -> list[tuple[Any, ...]]:
    held_beside = [*stored, *[None] * (len(read.files) - len(stored))]
    ids = uuid7s(len(read.files)) if read.files else []
    return [
        _file_row(ids[position], report_id, compartment, position, part, kept)
        for position, (part, kept) in enumerate(zip(read.files, held_beside, strict=True))
    ]


def _file_row(
    file_id: UUID,
    report_id: UUID,
    compartment: UUID,
    position: int,
    part: FilePart,
    kept: Stored | None,
    added_at: datetime | None = None,
) -> tuple[Any, ...]:
    return (
        file_id, compartment, report_id, position, kept.item_id if kept else None, kept.object_id if kept else None,
        part.file_ref, part.original_name or part.name, part.viewed_by_sender, part.exif_viewed_by_sender,
        part.publicly_available, part.relevance, part.classification, list(part.annotations),
        kept.md5 if kept else None, kept.sha1 if kept else None, kept.sha256 if kept else None,
        kept.size_bytes if kept else None, kept.media_type_seen if kept else "", kept is not None, added_at,
    )  # fmt: skip


def _received(arrival: Arrival, stored: Sequence[Stored]) -> Act:
    return Act(
        Event.INTAKE_REPORT_RECEIVED,
        arrival.report_id,
        arrival.compartment,
        {
            "channel": arrival.channel,
            "external_ref": arrival.record.external_ref,
            "number": str(arrival.number),
            "sender": arrival.sender.name,
            "sender_name": arrival.record.sender_name,
            "test": arrival.sender.is_test,
            "originals": [kept.sha256.hex() for kept in stored],
        },
    )


def _added(
    arrival: Arrival,
    report_id: UUID,
    compartment: UUID,
    number: int,
    originals: Sequence[tuple[Original, Stored]],
    files: Sequence[tuple[int, FilePart, Stored]],
) -> Act:
    return Act(
        Event.INTAKE_REPORT_ADDED,
        report_id,
        compartment,
        {
            "channel": arrival.channel,
            "number": str(number),
            "sender": arrival.sender.name,
            "documents": len(originals),
            "more_files": len(files),
            "originals": [kept.sha256.hex() for _, kept in originals],
            "files": [kept.sha256.hex() for _, _, kept in files],
        },
    )

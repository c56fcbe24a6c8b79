"""Readers of senders, reports and their originals. Row security decides which rows there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from abhaya.intake.completeness import DIMENSIONS
from abhaya.intake.formats.record import Record
from abhaya.shared.ids import made_at, since, until
from abhaya.shared.sql import NamedSql, fetch, fetch_one, value

SQL = NamedSql(__file__)
QUALITY_DAYS = 90  # the window of a sender's quality figures
SENDERS_SHOWN_MAX = 500


@dataclass(frozen=True, slots=True)
class SenderRow:
    id: UUID
    name: str
    kind: str
    username: str | None
    is_test: bool
    is_active: bool
    duty_contact: str
    unit_name: str
    reports: int
    last_received_at: datetime | None
    losses: int


@dataclass(frozen=True, slots=True)
class Lack:
    """One dimension of completeness over a sender's reports of the window."""

    code: str
    missing: int
    reports: int

    @property
    def share_percent(self) -> int:
        return round(100 * self.missing / self.reports) if self.reports else 0


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report as its page needs it. `record` is decoded on demand."""

    id: UUID
    compartment: UUID
    number: int
    sender_id: UUID
    sender: str
    sender_name: str
    unit_id: UUID
    channel: str
    external_ref: str
    received_at: datetime
    incident_type: str
    incident_at: datetime | None
    incident_original: str
    platform: str
    escalation: str
    annotations: list[str]
    is_test: bool
    is_batched: bool
    file_count: int
    missing: list[str]
    losses: int
    record_json: str
    read_from: list[UUID]  # the items it was read from, the oldest first

    def record(self) -> Record:
        return msgspec.json.decode(self.record_json, type=Record)


@dataclass(frozen=True, slots=True)
class FileRow:
    id: UUID
    position: int
    item_id: UUID | None
    object_id: UUID | None
    file_ref: str
    name: str
    viewed_by_sender: bool | None
    exif_viewed: bool | None
    publicly_available: bool | None
    relevance: str
    classification: str
    annotations: list[str]
    md5: bytes | None
    sha1: bytes | None
    sha256: bytes | None
    size_bytes: int | None
    media_type: str
    is_held: bool


def senders() -> list[SenderRow]:
    """Senders by name, with how much they sent in the last 90 days as far as the viewer may see."""
    return fetch(SenderRow, SQL["senders"], {"days": QUALITY_DAYS, "most": SENDERS_SHOWN_MAX})


def sender(sender_id: UUID) -> SenderRow | None:
    found = fetch(SenderRow, SQL["senders_one"], {"days": QUALITY_DAYS, "id": sender_id})
    return found[0] if found else None


def quality(sender_id: UUID) -> list[Lack]:
    """What this sender's reports of the window lack, in the order in which it would help."""
    counted = dict(fetch(lambda code, count: (code, count), SQL["lacks"], {"id": sender_id, "days": QUALITY_DAYS}))
    total = int(value(SQL["reports_of"], {"id": sender_id, "days": QUALITY_DAYS}) or 0)
    return [Lack(code, counted.get(code, 0), total) for code in DIMENSIONS]


def report(report_id: UUID) -> ReportRow | None:
    """The report, if the viewer may see it."""
    return fetch_one(ReportRow, SQL["report"], {"id": report_id})


def report_numbered(number: int) -> UUID | None:
    """The id behind a number shown outside."""
    found = value(SQL["report_numbered"], {"number": number})
    return UUID(str(found)) if found else None


def reports_with_reference(reference: str) -> list[UUID]:
    """Reports that a sender or another hub numbered so."""
    return [UUID(str(row)) for row in fetch(lambda row: row, SQL["reports_with_reference"], {"reference": reference})]


def files(report_id: UUID) -> list[FileRow]:
    return fetch(FileRow, SQL["files"], {"report": report_id})


def report_of_file(file_id: UUID) -> UUID | None:
    """The report that a file came with, if the viewer may see it."""
    found: UUID | None = value(SQL["report_of_file"], {"file": file_id})
    return found


@dataclass(frozen=True, slots=True)
class Added:
    """An original that came after its report: what was read from it, and when it came."""

    report_id: UUID
    item_id: UUID
    at: datetime
    record_json: str

    def record(self) -> Record:
        return msgspec.json.decode(self.record_json, type=Record)


def added(report_ids: Sequence[UUID]) -> list[Added]:
    """The originals that came later for these reports, in the order in which they came; for most reports none."""
    if not report_ids:
        return []
    wanted = {"reports": list(report_ids), "since": since(report_ids), "until": until()}
    return fetch(_added, SQL["added"], wanted)


def added_by_report(report_ids: Sequence[UUID]) -> dict[UUID, list[Added]]:
    found: dict[UUID, list[Added]] = {}
    for one in added(report_ids):
        found.setdefault(one.report_id, []).append(one)
    return found


def _added(report: UUID, item: UUID, original: UUID, record: str) -> Added:
    return Added(report, item, made_at(original), record)


def saved_mappings(unit_id: UUID) -> dict[bytes, Mapping[str, str]]:
    """Shape → column mapping, as this unit saved it."""
    rows: list[tuple[Any, Any]] = fetch(lambda shape, columns: (shape, columns), SQL["mappings"], {"unit": unit_id})
    return {bytes(shape): msgspec.json.decode(columns, type=dict[str, str]) for shape, columns in rows}

"""Actions of loads begun on a page: keep the uploads in the vault, learn a workbook's columns, run as a job."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from abhaya.custody.actions import Blob, take_in
from abhaya.custody.queries import items_of, read_object
from abhaya.custody.vault import receive_stream
from abhaya.errors import OfficerError, SenderError
from abhaya.intake.drops import Drop, Line, open_load, run_load
from abhaya.intake.finding import archive_of
from abhaya.intake.formats import workbook
from abhaya.intake.formats.drop import Found, Mappings, read_parcel
from abhaya.intake.formats.drop_members import Member, without_archives
from abhaya.intake.formats.sniff import SNIFF_BYTES, Kind, sniff
from abhaya.intake.queries import saved_mappings
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import NamedSql, execute, fetch_one

SQL = NamedSql(__file__, "drops.sql")
SERVICE = "form:load"
SPOOL_BYTES_MAX = 1024 * 1024  # an upload of up to so much is read in memory


@dataclass(frozen=True, slots=True)
class LoadRow:
    id: UUID
    compartment: UUID
    unit_id: UUID
    officer_id: UUID | None
    name: str
    sender_name: str
    state: str
    counts_json: str
    made_at: datetime
    touched_at: datetime

    @property
    def counts(self) -> dict[str, int]:
        """Verdict -> items so far."""
        return msgspec.json.decode(self.counts_json, type=dict[str, int])


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A sheet whose columns nobody has mapped yet."""

    name: str
    sheet: workbook.Sheet
    suggested: dict[str, str]


def keep_uploads(unit_id: UUID, officer: UUID, files: Sequence[UploadedFile[Any]]) -> UUID:
    """Stores what an officer brought, in their unit's own compartment. Returns the load's id; nothing is read yet."""
    if not files:
        raise OfficerError(_("Choose at least one file."))
    name = files[0].name or "upload"
    drafts = [receive_stream(file.chunks()) for file in files]  # the disk's time is not the transaction's
    with on_the_road(SERVICE, officer=officer):
        drop = open_load(
            unit_id, name if len(files) == 1 else f"{name} + {len(files) - 1}", officer=officer, service=SERVICE
        )
        take_in([
            Blob(drop.compartment, file.name or "upload", draft, file.content_type or "", "upload")
            for file, draft in zip(files, drafts, strict=True)
        ])  # fmt: skip
    return drop.id


def unmapped(load: LoadRow) -> Unmapped | None:
    """The first sheet of a load whose shape this unit has not mapped."""
    mappings = saved_mappings(load.unit_id)
    for member in _members(load):
        if member.kind not in {Kind.WORKBOOK, Kind.CSV}:
            continue
        try:
            sheets = workbook.read_sheets(member.content(), member.name)
        except SenderError:
            continue  # the load itself will set it aside with this reason
        for sheet in sheets:
            if workbook.shape(sheet.header) not in mappings:
                return Unmapped(member.name, sheet, workbook.suggest(sheet.header))
    return None


def save_mapping(unit_id: UUID, officer: UUID, name: str, header: Sequence[str], columns: Mapping[str, str]) -> None:
    """Remembers how workbooks of this shape are read in this unit."""
    execute(
        SQL["save_mapping"],
        {
            "id": uuid7(), "shape": workbook.shape(header), "unit": unit_id, "name": name[:200],
            "columns": msgspec.json.encode(dict(columns)).decode(), "officer": officer, "now": datetime.now(UTC),
        },
    )  # fmt: skip
    record([Act(Event.INTAKE_MAPPING_SAVED, None, None, {"name": name[:200], "columns": len(columns)})])


def load_row(load_id: UUID) -> LoadRow | None:
    return fetch_one(LoadRow, SQL["load"], {"id": load_id})


def run_kept_load(load_id: UUID, tell: Callable[[Line], None]) -> dict[str, int]:
    """The job: reads everything a load holds and takes it in."""
    with on_the_road(SERVICE):
        load = load_row(load_id)
        if load is None or load.state not in {"waiting", "running"}:
            return {}
    drop = Drop(load.id, load.compartment, load.unit_id, load.officer_id, SERVICE, load.sender_name)

    def find(mappings: Mappings) -> Iterator[Found]:
        with on_the_road(SERVICE):
            members = list(_members(load))
        plain, archives = without_archives(members)
        yield from read_parcel(plain, mappings)
        for member in archives:
            yield from archive_of(member, mappings)

    return run_load(drop, find, tell)


def _members(load: LoadRow) -> Iterator[Member]:
    for item in items_of(load.compartment):
        if item.via == "upload":
            yield _member(load.compartment, item.object_id, item.name, item.size_bytes or 0)


def _member(compartment: UUID, object_id: UUID, name: str, size_bytes: int) -> Member:
    """An upload as a drop's member. Its bytes are read in a transaction of their own, before anyone works on them."""

    def pieces() -> Iterator[bytes]:
        with tempfile.SpooledTemporaryFile(SPOOL_BYTES_MAX) as file:
            with on_the_road(SERVICE, apart=True):
                for piece in read_object(object_id, compartment):
                    file.write(piece)
            file.seek(0)
            while piece := file.read(SPOOL_BYTES_MAX):
                yield piece

    return Member(name, size_bytes, sniff(next(pieces(), b"")[:SNIFF_BYTES], name), pieces)

"""Actions of the door: a report opened, its files and their details, finished or retracted, or expired.

Every call is one transaction, committed before the answer leaves. A number answers for good: 5001 for one that expired
or never was, 5101 for a retracted one, 5102 for a finished one — clients that crashed ask exactly that way.
The life of an unfinished report is the CyberTipline manual's: 24 hours after opening or 1 hour after the last change,
whichever is later. Its writes go to the database together: a call asks it a question or two, and waits no more than that.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from abhaya.access.actions import open_compartments
from abhaya.custody.actions import Blob, Content, Stored, take_in
from abhaya.custody.queries import read_object
from abhaya.errors import SenderError
from abhaya.intake.actions import Arrival, From, Original, receive
from abhaya.intake.formats import ncmec_xml
from abhaya.intake.formats.record import FilePart
from abhaya.intake.rules import finish_refusal
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import add
from abhaya.shared.ids import public_number, uuid7
from abhaya.shared.sql import NamedSql, fetch, fetch_one, later, together, value

EXPIRES_AFTER_OPENING = timedelta(hours=24)
EXPIRES_AFTER_CHANGE = timedelta(hours=1)
EXPIRE_BATCH_MAX = 500

REPORT_DOES_NOT_EXIST, FILE_DOES_NOT_EXIST, ALREADY_RETRACTED, ALREADY_FINISHED = 5001, 5002, 5101, 5102
SQL = NamedSql(__file__, "drafts.sql")


@dataclass(frozen=True, slots=True)
class Draft:
    number: int
    report_id: UUID
    compartment: UUID
    state: str
    item_id: UUID
    object_id: UUID
    opened_at: datetime
    touched_at: datetime


@dataclass(frozen=True, slots=True)
class DraftFile:
    file_ref: str
    name: str
    item_id: UUID
    object_id: UUID
    md5: bytes
    sha1: bytes
    sha256: bytes
    size_bytes: int
    media_type: str
    details_item_id: UUID | None
    details_object_id: UUID | None

    def stored(self) -> Stored:
        return Stored(
            item_id=self.item_id, object_id=self.object_id, sha256=bytes(self.sha256), sha1=bytes(self.sha1),
            md5=bytes(self.md5), size_bytes=self.size_bytes, media_type_seen=self.media_type,
        )  # fmt: skip


@together()
def open_draft(sender: From, body: bytes) -> int:
    """Stores a valid `<report>` document and opens its number."""
    now = datetime.now(UTC)
    number, report_id, compartment = public_number(), uuid7(), uuid7()
    open_compartments([(compartment, "report", False)])
    stored = take_in([Blob(compartment, "report.xml", body, "text/xml", "ispws")])[0]
    add(
        "intake_draft",
        ["number", "report_id", "compartment", "sender_id", "item_id", "object_id", "opened_at", "touched_at", "state"],
        [(number, report_id, compartment, sender.id, stored.item_id, stored.object_id, now, now, "open")],
    )
    _note(Event.INTAKE_DRAFT_OPENED, report_id, compartment, sender, number, sha256=stored.sha256.hex())
    return number


@together()
def add_file(sender: From, number: int, content: Content, name: str, media_type: str) -> tuple[str, str]:
    """Keeps one uploaded file with its draft. Returns the file id (32 hexadecimal digits) and the MD5 of what we hold."""
    draft = locked(sender, number)
    stored = take_in([Blob(draft.compartment, name, content, media_type, "ispws")])[0]
    file_ref = new_file_ref()
    now = datetime.now(UTC)
    add(
        "intake_draft_file",
        ["file_ref", "draft_id", "name", "item_id", "object_id", "md5", "sha1", "sha256", "size_bytes", "media_type",
         "uploaded_at"],
        [(file_ref, number, name, stored.item_id, stored.object_id, stored.md5, stored.sha1, stored.sha256,
          stored.size_bytes, stored.media_type_seen, now)],
    )  # fmt: skip
    _touch(number, now)
    _note(
        Event.INTAKE_FILE_UPLOADED, draft.report_id, draft.compartment, sender, number,
        file=file_ref, sha256=stored.sha256.hex(), size=stored.size_bytes,
    )  # fmt: skip
    return file_ref, stored.md5.hex()


def new_file_ref() -> str:
    """32 hexadecimal digits that begin with a letter other than e: some clients take digits, or 12e4, for a number."""
    return secrets.choice("abcdf") + secrets.token_hex(16)[1:]


@together()
def describe_file(sender: From, number: int, file_ref: str, body: bytes) -> None:
    """Keeps a valid `<fileDetails>` document with its file. Sent twice, the later one counts; both stay in the vault."""
    draft = locked(sender, number)
    if value(SQL["file_of_draft"], {"file_ref": file_ref, "number": number}) is None:
        raise SenderError(f"No file {file_ref} was uploaded to report {number}.", code=FILE_DOES_NOT_EXIST, status=404)
    stored = take_in([Blob(draft.compartment, f"fileDetails-{file_ref}.xml", body, "text/xml", "ispws")])[0]
    later(SQL["describe"], {"file_ref": file_ref, "item": stored.item_id, "object": stored.object_id})
    _touch(number, datetime.now(UTC))
    _note(
        Event.INTAKE_FILE_DETAILED, draft.report_id, draft.compartment, sender, number,
        file=file_ref, sha256=stored.sha256.hex(),
    )  # fmt: skip


@together()
def finish(sender: From, number: int) -> list[str]:
    """Reads the report from its original bytes and receives it. Returns its file ids in the order of upload."""
    draft = locked(sender, number)
    files = fetch(DraftFile, SQL["files"], {"number": number})
    body = b"".join(read_object(draft.object_id, draft.compartment))
    details = [
        b"".join(read_object(file.details_object_id, draft.compartment)) for file in files if file.details_object_id
    ]
    read = ncmec_xml.read(body, details)
    described = {part.file_ref: part for part in read.files}
    parts = tuple(
        _named(described.get(file.file_ref) or FilePart(f"upload {position}", file_ref=file.file_ref), file.name)
        for position, file in enumerate(files, start=1)
    )
    refusal = finish_refusal(read, parts)
    if refusal:
        raise SenderError(refusal, code=4100)
    originals = [Original("report.xml", stored=_document(draft.item_id, draft.object_id, body))]
    described_files = [file for file in files if file.details_object_id and file.details_item_id]
    originals += [
        Original(
            f"fileDetails-{file.file_ref}.xml", stored=_document(file.details_item_id, file.details_object_id, text)
        )
        for file, text in zip(described_files, details, strict=True)
        if file.details_item_id and file.details_object_id
    ]
    receive([
        Arrival(
            record=ncmec_xml.with_files(read, parts), sender=sender, channel="ispws",
            key=number.to_bytes(32, "big"), originals=tuple(originals),
            files=tuple(Original(file.name, stored=file.stored()) for file in files),
            report_id=draft.report_id, compartment=draft.compartment, has_compartment=True, number=number,
        )
    ])  # fmt: skip
    _end(number, "finished")
    return [file.file_ref for file in files]


def _named(part: FilePart, uploaded_as: str) -> FilePart:
    """A file that its details do not name has the name it was uploaded with."""
    return part if part.original_name or part.name else msgspec.structs.replace(part, name=uploaded_as)


def retract(sender: From, number: int) -> None:
    """Takes an unfinished report back: sealed, never matched, deleted by its own clock (`draft-ended`)."""
    draft = locked(sender, number)
    _end(number, "retracted")
    _note(Event.INTAKE_DRAFT_RETRACTED, draft.report_id, draft.compartment, sender, number)


def locked(sender: From, number: int) -> Draft:
    """The sender's open draft, locked for this transaction; the sender's own ended ones answer what became of them."""
    draft = fetch_one(Draft, SQL["locked"], {"number": number, "sender": sender.id})
    if draft is None or draft.state == "expired" or (draft.state == "open" and expired(draft, datetime.now(UTC))):
        raise SenderError(
            f"Report {number} does not exist: it expired, or it never was. Submit it again.",
            code=REPORT_DOES_NOT_EXIST,
            status=404,
        )
    if draft.state == "retracted":
        raise SenderError(
            f"Report {number} was retracted. Submit it again if it is still wanted.", code=ALREADY_RETRACTED, status=409
        )
    if draft.state == "finished":
        raise SenderError(
            f"Report {number} is finished: nothing can be added or changed, and it need not be sent again.",
            code=ALREADY_FINISHED,
            status=409,
        )
    return draft


def expired(draft: Draft, now: datetime) -> bool:
    return now > max(draft.opened_at + EXPIRES_AFTER_OPENING, draft.touched_at + EXPIRES_AFTER_CHANGE)


def expire_drafts() -> int:
    """A periodic duty: unfinished drafts past their clock end, as one set. Returns how many."""
    now = datetime.now(UTC)
    rows = fetch(
        lambda number, report_id, compartment, name: (number, report_id, compartment, name),
        SQL["expire"],
        {
            "opened": now - EXPIRES_AFTER_OPENING,
            "touched": now - EXPIRES_AFTER_CHANGE,
            "now": now,
            "most": EXPIRE_BATCH_MAX,
        },
    )
    record(
        [
            Act(Event.INTAKE_DRAFT_EXPIRED, report_id, compartment, {"number": str(number), "sender": name})
            for number, report_id, compartment, name in rows
        ]
    )
    return len(rows)


def _document(item_id: UUID, object_id: UUID, body: bytes) -> Stored:
    return Stored.of(item_id, object_id, body)


def _touch(number: int, now: datetime) -> None:
    later(SQL["touch"], {"number": number, "now": now})


def _end(number: int, state: str) -> None:
    later(SQL["end"], {"number": number, "state": state, "now": datetime.now(UTC)})


def _note(event: Event, report_id: UUID, compartment: UUID, sender: From, number: int, **facts: str | int) -> None:
    record([Act(event, report_id, compartment, {"sender": sender.name, "number": str(number), **facts})])

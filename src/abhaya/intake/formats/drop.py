"""A drop: a folder, a ZIP or a tar of anything police and platforms hand over. Sorts it into readings, by content.

`read_parcel` takes the files of one folder and says which reports they hold: a submission kept as files (`report.xml`,
`fileDetails*.xml` and the files), police JSON with its files beside it, a workbook with its PDFs, a report PDF alone.
What belongs to no known format is set aside with its reason; the rest goes on. Nothing is opened beyond its text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from abhaya.errors import SenderError
from abhaya.intake.formats import (
    chat_json,
    chat_text,
    member_list,
    ncmec_json,
    ncmec_xml,
    report_pdf,
    workbook,
)
from abhaya.intake.formats.drop_members import Member, SetAside
from abhaya.intake.formats.record import FilePart, Record
from abhaya.intake.formats.sniff import Kind

AUTHORITY_NCMEC = "ncmec"  # who numbers the reports in police JSON, workbooks and report PDFs


@dataclass(frozen=True, slots=True)
class Reading:
    """One report found in a drop. `files` runs beside `record.files`; None where the bytes are not in the drop."""

    path: str
    channel: str  # xml | json | workbook | pdf | chat | members
    record: Record
    originals: tuple[tuple[str, bytes], ...]
    files: tuple[Member | None, ...] = ()
    authority: str = ""  # set: the report's number is the authority's; "" : the report is known by its bytes


@dataclass(frozen=True, slots=True)
class Keep:
    """A file that is kept whole with the drop, not with any one report: the workbook that rows were taken from."""

    member: Member


Found = Reading | SetAside | Keep


@dataclass(slots=True)
class Mappings:
    """How each shape of workbook is read: what officers mapped, else what the headings suggest."""

    saved: Mapping[bytes, Mapping[str, str]] = field(default_factory=dict)

    def of(self, header: Sequence[str]) -> Mapping[str, str]:
        return self.saved.get(workbook.shape(header)) or workbook.suggest(header)


def read_parcel(members: Sequence[Member], mappings: Mappings) -> Iterator[Found]:
    """Everything in one folder of a drop, as readings and files set aside, in a stable order."""
    listed = sorted(members, key=lambda member: member.order)
    reports = [member for member in listed if member.kind is Kind.SUBMISSION]
    details = [member for member in listed if member.kind is Kind.FILE_DETAILS]
    rest = {member.path: member for member in listed if member.kind not in {Kind.SUBMISSION, Kind.FILE_DETAILS}}
    if len(reports) == 1:
        found = list(_guarded(reports[0], lambda member: [_submission(member, details, rest)]))
        yield from found
        details = [] if isinstance(found[0], Reading) else details
    else:
        for report in reports:
            yield from _guarded(report, lambda member: [_submission(member, [], {})])
    for document in _taken(rest, Kind.POLICE_JSON):
        yield from _guarded(document, lambda member: _police_json(member, rest))
    for chat in _taken(rest, Kind.CHAT):
        yield from _guarded(chat, _chat)
    for export in _taken(rest, Kind.CHAT_JSON):
        yield from _chats(export)
    for listed_members in _taken(rest, Kind.MEMBERS):
        yield from _guarded(listed_members, _members)
    books, pdfs = _taken(rest, Kind.WORKBOOK, Kind.CSV), _taken(rest, Kind.PDF)
    yield from _books(books, pdfs, mappings)
    for member in details:
        yield SetAside(member.path, "file details without the one report.xml that they belong to", member)
    for member in rest.values():
        yield SetAside(member.path, "not recognised as a report, a file of one, a workbook or a report PDF", member)


def _taken(rest: dict[str, Member], *kinds: Kind) -> list[Member]:
    """The members of these kinds, out of the rest."""
    return [rest.pop(path) for path, member in list(rest.items()) if member.kind in kinds]


def _guarded(member: Member, read: Callable[[Member], Sequence[Reading]]) -> Iterator[Found]:
    try:
        yield from read(member)
    except SenderError as error:
        yield SetAside(member.path, error.sentence, member)


def _submission(report: Member, details: Sequence[Member], rest: dict[str, Member]) -> Reading:
    """A submission kept as files. Details name their file by name. What no details name is a file without details,
    unless it is a document that speaks for itself: police JSON, a workbook, a PDF.
    """
    body = report.content()
    documents = [(member.name, member.content()) for member in details]
    record = ncmec_xml.read(body, [content for _, content in documents])
    by_name = {member.name: member for member in rest.values()}
    held: list[Member | None] = []
    for part in record.files:
        member = by_name.pop(part.original_name, None) or by_name.pop(part.name, None)
        held.append(member)
    parts = list(record.files)
    left = [member for member in by_name.values() if member.kind not in _DOCUMENTS]
    nameless = [position for position, part in enumerate(parts) if not part.original_name and not part.name]
    if len(nameless) == len(left):  # a batched report's details may name no file: then the order says which
        for position, member in zip(nameless, left, strict=True):
            held[position] = member
            parts[position] = msgspec.structs.replace(parts[position], name=member.name)
        left = []
    for member in left:
        parts.append(FilePart(f"file {member.name}", name=member.name))
        held.append(member)
    for member in held:
        if member is not None:
            del rest[member.path]
    folder = report.path.rsplit("/", 1)[0] if report.name == "report.xml" and "/" in report.path else report.path
    record = msgspec.structs.replace(ncmec_xml.with_files(record, tuple(parts)), external_ref=folder)
    return Reading(folder, "xml", record, ((report.name, body), *documents), tuple(held))


_DOCUMENTS = frozenset(
    {Kind.POLICE_JSON, Kind.WORKBOOK, Kind.CSV, Kind.PDF}
)  # a chat beside a report is one of its files


def _police_json(document: Member, rest: dict[str, Member]) -> list[Reading]:
    body = document.content()
    by_name = {member.name: member for member in rest.values()}
    readings = []
    for record in ncmec_json.read(body):
        held = tuple(by_name.get(part.name) or by_name.get(part.original_name) for part in record.files)
        for member in held:
            if member is not None:
                rest.pop(member.path, None)
        authority = AUTHORITY_NCMEC if record.external_ref else ""
        readings.append(Reading(document.path, "json", record, ((document.name, body),), held, authority))
    return readings


def _chat(document: Member) -> list[Reading]:
    body = document.content()
    record = chat_text.read(body, document.path)
    return [
        Reading(
            document.path, "chat", msgspec.structs.replace(record, external_ref=document.path), ((document.name, body),)
        )
    ]


def _chats(document: Member) -> Iterator[Found]:
    """One chat as it came; of a whole account's export each chat for itself, and the export whole with the drop."""
    try:
        body = document.content()
        chats = chat_json.chats_of(body)
    except SenderError as error:
        yield SetAside(document.path, error.sentence, document)
        return
    if chats[0][1] != "$":
        yield Keep(document)
    for chat, where in chats:
        path = document.path if where == "$" else f"{document.path}: {where}"
        try:
            record = msgspec.structs.replace(chat_json.read(chat, where), external_ref=path)
        except SenderError as error:
            yield SetAside(path, error.sentence)
            continue
        yield Reading(
            path, "chat", record, ((document.name if where == "$" else f"{document.name} {where}.json", chat),)
        )


def _members(document: Member) -> list[Reading]:
    body = document.content()
    record = member_list.read(body, document.name)
    return [
        Reading(
            document.path,
            "members",
            msgspec.structs.replace(record, external_ref=document.path),
            ((document.name, body),),
        )
    ]


def _books(books: Sequence[Member], pdfs: Sequence[Member], mappings: Mappings) -> Iterator[Found]:
    """Rows with their PDFs, by report number; PDFs that no row names stand for themselves."""
    by_number: dict[str, list[Member]] = {}
    unnumbered: list[Member] = []
    for pdf in pdfs:
        number = report_pdf.number_in_name(pdf.name)
        (by_number.setdefault(number, []) if number else unnumbered).append(pdf)
    for book in books:
        try:
            data = book.content()
            sheets = workbook.read_sheets(data, book.name)
        except SenderError as error:
            yield SetAside(book.path, error.sentence, book)
            continue
        yield Keep(book)
        digest = hashlib.sha256(data).hexdigest()
        for sheet in sheets:
            mapping = mappings.of(sheet.header)
            if "report_number" not in mapping.values():
                yield SetAside(
                    f"{book.path}: {sheet.name}",
                    "no column is known to hold the report number: map its columns once on the page",
                )
                continue
            yield from _rows(book, digest, sheet, mapping, by_number)
    for pdf in [*unnumbered, *(pdf for group in by_number.values() for pdf in group)]:
        yield from _guarded(pdf, _pdf_alone)


def _rows(
    book: Member, digest: str, sheet: workbook.Sheet, mapping: Mapping[str, str], by_number: dict[str, list[Member]]
) -> Iterator[Found]:
    for number, cells in sheet.rows:
        path = f"{book.path}: {sheet.name}, row {number}"
        try:
            record = workbook.read_row(sheet, number, cells, mapping)
        except SenderError as error:
            yield SetAside(path, error.sentence)
            continue
        originals = [(f"{book.name}, {sheet.name}, row {number}.json", _row_bytes(book, digest, sheet, number, cells))]
        for pdf in by_number.pop(record.external_ref, []):
            try:
                content = pdf.content()
                paper = report_pdf.read(content, pdf.name)
            except SenderError as error:
                yield SetAside(pdf.path, error.sentence, pdf)
                continue
            originals.append((pdf.name, content))
            record = msgspec.structs.replace(
                record, texts=record.texts + paper.texts, losses=record.losses + paper.losses
            )
        yield Reading(path, "workbook", record, tuple(originals), (), AUTHORITY_NCMEC)


def _row_bytes(book: Member, digest: str, sheet: workbook.Sheet, number: int, cells: Sequence[str]) -> bytes:
    """The row as it stood, and which workbook it stood in. The workbook itself is not given to every row's readers."""
    row = {
        "workbook": book.name, "workbook_sha256": digest, "sheet": sheet.name, "row": number,
        "header": list(sheet.header), "cells": list(cells),
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(row), indent=1)


def _pdf_alone(pdf: Member) -> list[Reading]:
    content = pdf.content()
    record = report_pdf.read(content, pdf.name)
    if not record.external_ref:
        raise SenderError("No report number in its name or on its first page: it cannot be filed by itself.")
    return [Reading(pdf.path, "pdf", record, ((pdf.name, content),), (), AUTHORITY_NCMEC)]

"""Hash lists as tables, known by their header: plain CSV, INTERPOL's ICSE export, NIST's NSRL (RDS).

One row, one entry; columns that nobody here understands are counted in the loss report. Sources: ICSE columns as IPED
reads them; NSRL "RDSv2 file format", NIST.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import BinaryIO

from abhaya.matching.formats.record import (
    CATEGORY_CHARACTERS_MAX,
    LOSS_TEXT_CHARACTERS_MAX,
    PDQ_QUALITY_MAX,
    REF_CHARACTERS_MAX,
    About,
    Aside,
    Entry,
    Reader,
    entry_or_aside,
    hashes,
    instant,
    said,
    short,
)

HEADER_BYTES_MAX = 64 * 1024
ROW_CHARACTERS_MAX = 1_000_000

# column, in lower case without marks -> what it is
_HASHES = {
    "md5": "md5", "sha1": "sha1", "sha256": "sha256", "pdq": "pdq", "photodna": "photodna", "pdna": "photodna",
    "md5hash": "md5", "sha1hash": "sha1", "sha256hash": "sha256", "pdqhash": "pdq", "tmk": "tmk", "netclean": "netclean",
    "videntifier": "videntifier",
}  # fmt: skip
_REF = ("id", "imageid", "entryid", "externalid", "mediaid", "ref")
_CATEGORY = ("category", "classification", "class", "grade")
_MEDIA = ("mediatype", "media", "type")
_DATED = ("dated", "date", "timestamp", "updated", "dateupdated", "lastupdated")
_QUALITY = ("quality", "pdqquality")
_WITHDRAWN = ("withdrawn", "deleted", "retracted")
_VOUCHED = ("verifiedby", "vouched", "verifications")
_FLAGS = {
    "isdistributed": "distributed", "distributed": "distributed", "victimidentified": "victim-identified",
    "offenderidentified": "offender-identified", "fileavailable": "file-available", "baseline": "baseline",
    "issuspected": "suspected", "selfgenerated": "self-generated", "generated": "generated", "aigenerated": "generated",
}  # fmt: skip
_NAMED = frozenset({*_HASHES, *_REF, *_CATEGORY, *_MEDIA, *_DATED, *_QUALITY, *_WITHDRAWN, *_VOUCHED, *_FLAGS})
_ICSE = frozenset({"md5", "imageid", "baseline", "numberofsubmissions"})
_NSRL = frozenset({"sha1", "md5", "crc32", "filename", "productcode"})
BASELINE_VOUCHED = 2  # INTERPOL's baseline: verified by at least two countries or agencies


def is_table(head: bytes) -> bool:
    """Whether the first line names a hash and looks like a header."""
    names, _ = _header(head)
    return any(name in _HASHES for name in names)


def read(stream: BinaryIO, about: About) -> Reader:
    """Every row. `stream` is read once, from its beginning, in flat memory."""
    head = stream.read(HEADER_BYTES_MAX)
    names, separator = _header(head)
    rest = io.BufferedReader(_Joined(head, stream), HEADER_BYTES_MAX)
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = io.TextIOWrapper(rest, encoding=encoding, errors="replace", newline="")
    about.form = "icse" if set(names) >= _ICSE else "nsrl" if set(names) >= _NSRL else "csv"
    about.scheme = {"icse": "icse", "nsrl": "nsrl"}.get(about.form, "")
    rows = csv.reader(text, delimiter=separator)
    next(rows, None)
    taker = _Taker(names, about)
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as problem:
            yield Aside(f"line {rows.line_num}", f"the line cannot be read as CSV: {problem}")
            continue
        if any(cell.strip() for cell in cells):
            yield taker.take(rows.line_num, cells)


class _Taker:
    """Reads the rows of one header."""

    def __init__(self, names: list[str], about: About) -> None:
        self._names = names
        self._form = about.form
        self._about = about
        self._strange = [name for name in names if name not in _NAMED and name]

    def take(self, line: int, cells: list[str]) -> Entry | Aside:
        locator = f"line {line}"
        if len(cells) > len(self._names):
            why = f"the row has {len(cells)} cells, the header {len(self._names)}"
            return Aside(locator, why, short(",".join(cells), LOSS_TEXT_CHARACTERS_MAX))
        row = dict(zip(self._names, cells, strict=False))
        self._about.unknown.update(name for name in self._strange if row.get(name, "").strip())
        try:
            fixed, opaque = hashes(
                {_HASHES[name]: text for name, text in row.items() if name in _HASHES and text.strip()}
            )
            quality = _quality(row)
        except ValueError as problem:
            return Aside(locator, str(problem), short(",".join(cells), LOSS_TEXT_CHARACTERS_MAX))
        marks = tuple(sorted({mark for name, mark in _FLAGS.items() if said(row.get(name)) is True}))
        vouched = _first(row, _VOUCHED)
        return entry_or_aside(
            Entry(
                locator=locator,
                ref=short(_first(row, _REF), REF_CHARACTERS_MAX),
                fixed=fixed,
                opaque=opaque,
                category=short(_first(row, _CATEGORY), CATEGORY_CHARACTERS_MAX),
                media=media_of(_first(row, _MEDIA)),
                marks=marks,
                vouched=BASELINE_VOUCHED if self._form == "icse" and "baseline" in marks
                else int(vouched[:6]) if vouched.isdecimal() else 0,
                dated=instant(_first(row, _DATED)),
                withdrawn=said(_first(row, _WITHDRAWN)) is True,
                quality=quality,
            )
        )  # fmt: skip


def _quality(row: Mapping[str, str]) -> int | None:
    text = _first(row, _QUALITY)
    if not text:
        return None
    if not text.isdecimal() or int(text[:6]) > PDQ_QUALITY_MAX:
        raise ValueError(f"the quality “{text[:20]}” is not a number from 0 to {PDQ_QUALITY_MAX}")
    return int(text)


def _first(row: Mapping[str, str], names: Sequence[str]) -> str:
    """What stands in the first of these columns that is not empty."""
    return next((row[name].strip() for name in names if row.get(name, "").strip()), "")


def media_of(text: str) -> str:
    """image, video, or "" for what is neither or not said."""
    start = text.strip().lower().partition("/")[0]
    if start in {"image", "picture", "photo"}:
        return "image"
    return "video" if start in {"video", "movie", "film"} else ""


def _header(head: bytes) -> tuple[list[str], str]:
    """The names in the first line, in lower case without marks, and what separates them."""
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    line = head.decode(encoding, errors="replace").lstrip("\r\n").split("\n", 1)[0].rstrip("\r")
    separator = max(",;\t", key=line.count)
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return [], separator
    return ["".join(letter for letter in cell.lower() if letter.isalnum()) for cell in cells], separator


class _Joined(io.RawIOBase):
    """What was read already, and then the rest of the stream."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = memoryview(head)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        into = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # any writable buffer
        part: bytes | memoryview
        if self._head:
            part, self._head = self._head[: len(into)], self._head[len(into) :]
        else:
            part = self._stream.read(len(into))
        into[: len(part)] = part
        return len(part)

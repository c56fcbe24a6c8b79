"""Hash lists as tables, known by their header: plain CSV, INTERPOL's ICSE export, NIST's NSRL (RDS).

One row, one entry; columns that nobody here understands are counted in the loss report. Sources: ICSE columns as IPED
reads them; NSRL "RDSv2 file format", NIST.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from abhaya.matching.formats import vpdq
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
from abhaya.matching.formats.stream import with_head
from abhaya.shared.tables import undefused

HEADER_BYTES_MAX = 64 * 1024
ROW_CHARACTERS_MAX = 1_000_000

csv.field_size_limit(max(csv.field_size_limit(), vpdq.CHARACTERS_MAX))  # of this process: a film's frames are one cell

# column, in lower case without marks -> what it is
HASHES = {
    "md5": "md5", "sha1": "sha1", "sha256": "sha256", "pdq": "pdq", "photodna": "photodna", "pdna": "photodna",
    "md5hash": "md5", "sha1hash": "sha1", "sha256hash": "sha256", "pdqhash": "pdq", "tmk": "tmk", "netclean": "netclean",
    "videntifier": "videntifier", "vpdq": "vpdq", "vpdqhash": "vpdq",
}  # fmt: skip
REF = ("id", "imageid", "entryid", "externalid", "mediaid", "ref")
CATEGORY = ("category", "classification", "class", "grade")
MEDIA = ("mediatype", "media", "type")
DATED = ("dated", "date", "timestamp", "updated", "dateupdated", "lastupdated")
QUALITY = ("quality", "pdqquality")
WITHDRAWN = ("withdrawn", "deleted", "retracted")
VOUCHED = ("verifiedby", "vouched", "verifications")
DISPUTED = ("disputedby", "disputed")
FLAGS = {
    "isdistributed": "distributed", "distributed": "distributed", "victimidentified": "victim-identified",
    "offenderidentified": "offender-identified", "fileavailable": "file-available", "baseline": "baseline",
    "issuspected": "suspected", "selfgenerated": "self-generated", "generated": "generated", "aigenerated": "generated",
}  # fmt: skip
_NAMED = frozenset({*HASHES, *REF, *CATEGORY, *MEDIA, *DATED, *QUALITY, *WITHDRAWN, *VOUCHED, *DISPUTED, *FLAGS})
_ICSE = frozenset({"md5", "imageid", "baseline", "numberofsubmissions"})
_NSRL = frozenset({"sha1", "md5", "crc32", "filename", "productcode"})
PEOPLE_MAX = 32_767  # more than a list can name in earnest; the column's limit
BASELINE_VOUCHED = 2  # INTERPOL's baseline: verified by at least two countries or agencies


def is_table(head: bytes) -> bool:
    """Whether the first line names a hash and looks like a header."""
    headings, _ = header(head)
    return any(plain_name(heading) in HASHES for heading in headings)


def read(stream: BinaryIO, about: About) -> Reader:
    """Every row. `stream` is read once, from its beginning, in flat memory."""
    rows = read_rows(stream, about)
    next(rows)
    return (item for _cells, item in rows)


def read_rows(stream: BinaryIO, about: About) -> Iterator[tuple[list[str], Entry | Aside]]:
    """The header, and then every row, as its cells and what is understood of them. The header's own item says nothing."""
    head, rest = with_head(stream, HEADER_BYTES_MAX)
    headings, separator = header(head)
    names = [plain_name(heading) for heading in headings]
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = io.TextIOWrapper(rest, encoding=encoding, errors="replace", newline="")
    about.form = "icse" if set(names) >= _ICSE else "nsrl" if set(names) >= _NSRL else "csv"
    about.scheme = {"icse": "icse", "nsrl": "nsrl"}.get(about.form, "")
    rows = csv.reader(text, delimiter=separator)
    next(rows, None)
    yield headings, Aside("line 1", "the header", separator)
    taker = _Taker(names, about)
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as problem:
            yield [], Aside(f"line {rows.line_num}", f"the line cannot be read as CSV: {problem}")
            continue
        if any(cell.strip() for cell in cells):
            yield cells, taker.take(rows.line_num, cells)


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
                {HASHES[name]: text for name, text in row.items() if name in HASHES and text.strip()}
            )
            quality = _quality(row)
        except ValueError as problem:
            return Aside(locator, str(problem), short(",".join(cells), LOSS_TEXT_CHARACTERS_MAX))
        marks = tuple(sorted({mark for name, mark in FLAGS.items() if said(row.get(name)) is True}))
        vouched, disputed = _first(row, VOUCHED), _first(row, DISPUTED)
        return entry_or_aside(
            Entry(
                locator=locator,
                ref=short(undefused(_first(row, REF)), REF_CHARACTERS_MAX),
                fixed=fixed,
                opaque=opaque,
                category=short(undefused(_first(row, CATEGORY)), CATEGORY_CHARACTERS_MAX),
                media=media_of(_first(row, MEDIA)),
                marks=marks,
                vouched=BASELINE_VOUCHED if self._form == "icse" and "baseline" in marks
                else number_of(vouched),
                disputed=number_of(disputed),
                dated=instant(_first(row, DATED)),
                withdrawn=said(_first(row, WITHDRAWN)) is True,
                quality=quality,
            )
        )  # fmt: skip


def _quality(row: Mapping[str, str]) -> int | None:
    text = _first(row, QUALITY)
    if not text:
        return None
    if not text.isdecimal() or int(text[:6]) > PDQ_QUALITY_MAX:
        raise ValueError(f"the quality “{text[:20]}” is not a number from 0 to {PDQ_QUALITY_MAX}")
    return int(text)


def _first(row: Mapping[str, str], names: Sequence[str]) -> str:
    """What stands in the first of these columns that is not empty."""
    return next((row[name].strip() for name in names if row.get(name, "").strip()), "")


def number_of(text: str) -> int:
    """A count of people; what is none is 0."""
    return min(int(text[:6]), PEOPLE_MAX) if text.isdecimal() else 0


def media_of(text: str) -> str:
    """image, video, or "" for what is neither or not said."""
    start = text.strip().lower().partition("/")[0]
    if start in {"image", "picture", "photo"}:
        return "image"
    return "video" if start in {"video", "movie", "film"} else ""


def plain_name(heading: str) -> str:
    """A column's name in lower case without marks."""
    return "".join(letter for letter in heading.lower() if letter.isalnum())


def header(head: bytes) -> tuple[list[str], str]:
    """The headings in the first line, and what separates them."""
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    line = head.decode(encoding, errors="replace").lstrip("\r\n").split("\n", 1)[0].rstrip("\r")
    separator = max(",;\t", key=line.count)
    try:
        return next(csv.reader([line], delimiter=separator), []), separator
    except csv.Error:
        return [], separator

"""A table of rows out of a CSV file somebody made by hand: encodings, separators, headers, and what was not taken.

Nothing is guessed about a row: one that cannot be read is set aside with its line number and the reason, the rest go in.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

FILE_BYTES_MAX = 64 * 1024 * 1024
ROWS_MAX = 1_000_000
ROW_TEXT_CHARACTERS_MAX = 300  # of a row set aside, as kept in the report
FIELD_CHARACTERS_MAX = 500


class TableError(ValueError):
    """The file as a whole cannot be read. The text is for the person who made it."""


class SetAside(NamedTuple):
    line: int
    why: str
    text: str


class Row(NamedTuple):
    line: int
    values: Mapping[str, str]  # by lower-case header, spaces as _

    def aside(self, why: str) -> SetAside:
        return SetAside(self.line, why, ",".join(self.values.values())[:ROW_TEXT_CHARACTERS_MAX])


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 with its mark as spreadsheets write it."""
    if len(data) > FILE_BYTES_MAX:
        raise TableError(f"The file has {len(data):,} bytes; at most {FILE_BYTES_MAX:,} are read. Split it.")
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as problem:
        raise TableError(
            f"The file is neither UTF-8 nor UTF-16 (byte {problem.start} cannot be read). Save it as “CSV UTF-8”."
        ) from problem
    return text.replace("\r\n", "\n").replace("\r", "\n")


def header_of(text: str) -> list[str]:
    """The names in the first line, in lower case, spaces as _."""
    line = text.lstrip("\r\n").split("\n", 1)[0].rstrip("\r")
    try:
        return [_name(name) for name in next(csv.reader([line], delimiter=_separator(line)), [])]
    except csv.Error:
        return []


def rows(text: str, known: Sequence[str]) -> Iterator[Row | SetAside]:
    """Every row that is not empty. Columns that are not `known` are left out (see `ignored`)."""
    body = text.lstrip("\r\n")
    header = header_of(text)
    separator = _separator(body.split("\n", 1)[0])
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator)
    before = text[: len(text) - len(body)].count("\n")  # empty lines above the header
    with suppress(csv.Error):  # a header that cannot be read names no column
        next(reader, None)
    count = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            yield SetAside(before + reader.line_num, f"the line cannot be read as CSV: {problem}", "")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > ROWS_MAX:
            raise TableError(f"The file has more than {ROWS_MAX:,} rows. Split it.")
        row = Row(
            before + reader.line_num,
            {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name in known},
        )
        if len(cells) > len(header):
            yield row.aside(f"the row has {len(cells)} cells, the header {len(header)}")
        elif any(len(cell) > FIELD_CHARACTERS_MAX or "\x00" in cell for cell in cells):
            yield row.aside(f"a cell is longer than {FIELD_CHARACTERS_MAX} characters or holds a NUL")
        else:
            yield row


def ignored(text: str, known: Sequence[str]) -> list[str]:
    """Columns that were not understood."""
    return [name for name in header_of(text) if name and name not in known]


def day(text: str) -> date | None:
    """A day as 2026-11-22; None for an empty cell. Raises ValueError with a sentence."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is not a day; write it as 2026-11-22") from None


def instant(text: str, zone: tzinfo, *, end: bool = False) -> datetime | None:
    """A day or an instant; without a zone it is `zone`'s. A day that ends a validity counts in full."""
    if not text:
        return None
    try:
        if len(text) <= len("2026-11-22"):
            start = datetime.combine(date.fromisoformat(text), time(), zone)
            return start + timedelta(days=1) if end else start
        read = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is neither a day (2026-11-22) nor an instant (2026-11-22T14:00:00+05:30)") from None
    return read if read.tzinfo else read.replace(tzinfo=zone)


def _name(name: str) -> str:
    return "_".join(name.strip().lower().split())


def _separator(line: str) -> str:
    return max(",;\t", key=line.count)

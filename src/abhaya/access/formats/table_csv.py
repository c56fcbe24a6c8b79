"""A table as a CSV file, one thing per row. Bytes in, rows out.

Takes what spreadsheets write: UTF-8 with or without a mark, UTF-16 with one; comma, semicolon or tab; columns in any
order, in capitals or with spaces. `NotATable` is raised only for a file
that is no such table; a row that is wrong is the reader's to refuse.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

FILE_BYTES_MAX = 8 * 1024 * 1024
ROWS_MAX = 50_000
CELL_LETTERS_MAX = 1_000
DELIMITERS = ",;\t"


class NotATable(ValueError):  # noqa: N818 — reads as what it says at the place of raising
    """The file cannot be read as the table that was asked for. `code` and `values` make its sentence (`access.reasons`)."""

    def __init__(self, code: str, values: Mapping[str, str | int | float] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.values: dict[str, str | int | float] = dict(values or {})


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns a table may have, those it must have, and what else people call them."""

    known: tuple[str, ...]
    needed: tuple[str, ...]
    also: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, cell: str) -> str:
        name = cell.strip().lower().replace(" ", "_").replace("-", "_")
        return self.also.get(name, name)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, what its known columns say, and whether it had more cells than columns."""

    line: int
    values: Mapping[str, str]
    is_too_long: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file, and the columns that were not understood."""

    rows: tuple[Row, ...]
    unknown_columns: tuple[str, ...]


def read(content: bytes, columns: Columns) -> Table:
    """Reads the file whole. Raises `NotATable` with what is wrong with it."""
    if len(content) > FILE_BYTES_MAX:
        raise NotATable("csv-large", {"most": FILE_BYTES_MAX // (1024 * 1024)})
    text = _text(content)
    lines = _cells(text)
    header = next(lines, None)
    if header is None:
        raise NotATable("csv-empty")
    names = [columns.name_of(cell) for cell in header[1]]
    missing = [column for column in columns.needed if column not in names]
    if missing:
        raise NotATable("csv-columns", {"columns": ", ".join(missing), "needed": ", ".join(columns.needed)})
    twice = sorted({column for column in names if column and names.count(column) > 1})
    if twice:
        raise NotATable("csv-column-twice", {"columns": ", ".join(twice)})
    rows: list[Row] = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) == ROWS_MAX:
            raise NotATable("csv-rows", {"most": ROWS_MAX})
        known = {column: cell.strip() for column, cell in zip(names, cells, strict=False) if column in columns.known}
        rows.append(Row(line, known, is_too_long=any(cell.strip() for cell in cells[len(names) :])))
    unknown = tuple(cell.strip() for cell, column in zip(header[1], names, strict=True) if column not in columns.known)
    return Table(tuple(rows), tuple(cell for cell in unknown if cell))


def _text(content: bytes) -> str:
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotATable("csv-encoding") from error
    if "\0" in text:
        raise NotATable("csv-encoding")
    return text


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(len(cell) > CELL_LETTERS_MAX for cell in cells):
                raise NotATable("csv-cell", {"line": reader.line_num, "most": CELL_LETTERS_MAX})
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        if "field larger" in str(error):
            raise NotATable("csv-cell", {"line": reader.line_num, "most": CELL_LETTERS_MAX}) from error
        raise NotATable("csv-quotes", {"line": reader.line_num}) from error

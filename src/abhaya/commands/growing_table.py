"""A table of files that a command writes row by row and, interrupted, goes on with behind the last file that is whole."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self, TextIO

from abhaya.commands.files_below import Found
from abhaya.errors import OperatorError
from abhaya.matching.formats.vpdq import CHARACTERS_MAX
from abhaya.shared.tables import defused, undefused

csv.field_size_limit(max(csv.field_size_limit(), CHARACTERS_MAX))  # of this process: a film's frames are one cell
JSON_BEGINS = '{"path": "'


class GrowingTable:
    """CSV with headings, or one object of JSON a line. The first two columns are `path` and `size_bytes`."""

    def __init__(
        self, path: Path | None, columns: Sequence[str], *, is_json: bool, may_repeat: bool = False, basis: str = ""
    ) -> None:
        """`path`: None is standard output. `may_repeat`: a file can have several rows, so the last file of an earlier run
        is done again. `basis`: what all rows rest on, and their last cell; a table that rests on something else is not gone
        on with. Raises `OperatorError` where the file is something else or cannot be written.
        """
        self._basis = basis
        self._columns, self._is_json = tuple(columns), is_json
        self._done: dict[str, int] = {}
        self._itself: os.stat_result | None = None
        self._file = path and _opened(path)
        if self._file and path:
            try:
                self._of_earlier_run(self._file, path, may_repeat=may_repeat)
            except OperatorError:
                self._file.close()
                raise
            self._itself = os.fstat(self._file.fileno())
        elif isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(
                errors="surrogateescape"
            )  # a file's name need not be text; it leaves as the bytes it is
        self._out: TextIO = self._file or sys.stdout
        if not is_json and not (self._itself and self._itself.st_size):
            csv.writer(self._out, lineterminator="\n").writerow(self._columns)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def write(self, rows: Sequence[Mapping[str, object]]) -> None:
        """The rows of one file, in one piece."""
        written = io.StringIO(newline="")
        for row in rows:
            if self._is_json:
                written.write(json.dumps({name: None if cell == "" else cell for name, cell in row.items()}) + "\n")
            else:
                csv.writer(written, lineterminator="\n").writerow([defused(str(cell)) for cell in row.values()])
        self._out.write(written.getvalue())
        self._out.flush()

    def is_done(self, found: Found) -> bool:
        """Has it rows of an earlier run, or is it the table itself?"""
        if self._done.get(str(found.path)) == found.size_bytes:
            return True
        return self._itself is not None and os.path.samestat(self._itself, os.fstat(found.descriptor))

    def _of_earlier_run(self, file: TextIO, path: Path, *, may_repeat: bool) -> None:
        """Notes every file that has its rows. What an interrupted run left behind the last whole row is cut off."""
        whole = begins = 0  # behind the last whole row; where the rows of the last file begin
        last: str | None = None
        try:
            for row in (self._json_rows if self._is_json else self._csv_rows)(_whole_lines(file)):
                if row and row[0] != last:
                    last, begins = row[0], whole
                self._done |= [row] if row else []
                whole = file.tell()
            file.seek(whole)
            expected = JSON_BEGINS if self._is_json else ",".join(self._columns) + "\n"
            is_ours = whole > 0 or expected.startswith(file.read(len(expected)))
        except OtherBasisError as error:
            raise OperatorError(
                f"{path} was made from other lists or with another radius: name another file."
            ) from error
        except (ValueError, TypeError, LookupError, csv.Error):
            is_ours = False
        if not is_ours:
            raise OperatorError(f"{path} is no table of this command: name another file, or remove it.")
        if may_repeat and last is not None:
            del self._done[last]
            whole = begins
        file.seek(whole)
        file.truncate()

    def _json_rows(self, lines: Iterator[str]) -> Iterator[tuple[str, int]]:
        for line in lines:
            told = json.loads(line)
            if tuple(told) != self._columns:
                raise ValueError(line)
            self._same_basis(told[self._columns[-1]])
            yield str(told["path"]), int(told["size_bytes"])

    def _csv_rows(self, lines: Iterator[str]) -> Iterator[tuple[str, int] | None]:
        """None for the headings."""
        for number, cells in enumerate(csv.reader(lines)):
            if number == 0:
                if tuple(cells) != self._columns:
                    raise ValueError(cells)
                yield None
            elif len(cells) == len(self._columns):  # else a name with a line break in it was cut short
                self._same_basis(cells[-1])
                yield undefused(cells[0]), int(cells[1])

    def _same_basis(self, found: str) -> None:
        if self._basis and found != self._basis:
            raise OtherBasisError


class OtherBasisError(Exception):
    """The rows of an earlier run rest on something else."""


def _opened(path: Path) -> TextIO:
    """The table, new and readable by nobody else, or of an earlier run."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return os.fdopen(descriptor, "r+", encoding="utf-8", errors="surrogateescape", newline="")
    except OSError as error:
        raise OperatorError(f"{path} cannot be written: {error.strerror}.") from error


def _whole_lines(file: TextIO) -> Iterator[str]:
    while (line := file.readline()).endswith("\n"):
        yield line

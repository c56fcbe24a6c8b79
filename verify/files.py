"""The files of an export, read line by line and believed in nothing; long ones in pieces that can be read side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

from verify.notes import Unreadable

LINE_BYTES_MAX = 16 * 1024 * 1024
FILE_BYTES_MAX = 1024 * 1024  # of the small files that are read whole
PIECE_BYTES = 512 * 1024  # of the file that leads
FORMAT = "abhaya-ledger-1"

Fields = dict[str, type]


@dataclass(frozen=True)
class Part:
    """The lines of a file that begin at a byte from `start` on and before `end`."""

    path: Path
    start: int
    end: int

    def rows(self, fields: Fields) -> Iterator[dict[str, Any]]:
        """Objects of a JSON Lines file, each with exactly these fields of these types."""
        place, name = self.start, self.path.name
        with opened(self.path) as file:
            file.seek(place)
            while place < self.end and (line := file.readline(LINE_BYTES_MAX)):
                yield row_of(line, f"the line at byte {place} of {name}", fields)
                place += len(line)


def rows(folder: Path, name: str, fields: Fields) -> Iterator[dict[str, Any]]:
    """All of a file. None where an older export has no such file."""
    return whole_part(folder, name).rows(fields)


def whole_part(folder: Path, name: str) -> Part:
    return Part(folder / name, 0, size_of(folder / name))


def parts(folder: Path, name: str, piece_bytes: int = PIECE_BYTES) -> Iterator[Part]:
    """A file in pieces that begin and end with a line; an empty file is one empty piece."""
    path, start = folder / name, 0
    size = size_of(path)
    with opened(path) as file:
        while True:
            end = next_line(file, start + piece_bytes, size)
            yield Part(path, start, end)
            start = end
            if start >= size:
                return


def beside(folder: Path, name: str, leading: Iterator[Part], field: str) -> Iterator[tuple[Part, Part]]:
    """Each leading piece with the lines of another file, ordered by the same field, that belong to it.

    Every line of the other file is in exactly one piece, whatever order somebody put it in.
    """
    path, start = folder / name, 0
    size = size_of(path)
    with opened(path) as file:
        for part in leading:
            with opened(part.path) as own:
                own.seek(part.end)
                line = own.readline(LINE_BYTES_MAX)
            until = _number(line, field) if line else None
            end = size if until is None else _first(file, start, size, field, until)
            yield part, Part(path, start, end)
            start = end


def next_line(file: IO[bytes], at: int, size: int) -> int:
    """Where the first line begins that begins at this byte or later."""
    if at >= size:
        return size
    file.seek(at - 1)
    file.readline(LINE_BYTES_MAX)
    return min(file.tell(), size)


def whole(folder: Path, name: str) -> str:
    """A small text file."""
    with opened(folder / name) as file:
        data = file.read(FILE_BYTES_MAX + 1)
    if len(data) > FILE_BYTES_MAX:
        raise Unreadable(f"{name} is larger than {FILE_BYTES_MAX} bytes")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Unreadable(f"{name} is not UTF-8 text") from None


def header(folder: Path) -> dict[str, Any]:
    """ledger.json."""
    fields = {"format": str, "origin": str, "size": int, "entries": int, "exported_at": str, "recipient": str}
    found = row_of(whole(folder, "ledger.json").encode(), "ledger.json", fields)
    if found["format"] != FORMAT:
        raise Unreadable(f"this is format {found['format']!r}; this verifier reads {FORMAT!r}")
    return found


def hexadecimal(text: str, what: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Unreadable(f"{what} is not hexadecimal") from None


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        _cannot(path, error)


def opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        _cannot(path, error)


def row_of(data: bytes, where: str, fields: Fields) -> dict[str, Any]:
    """One object with exactly these fields of these types."""
    try:
        found = one_value(data.decode())
    except (ValueError, RecursionError):
        raise Unreadable(f"{where} is not JSON") from None
    if not isinstance(found, dict) or found.keys() != fields.keys():
        raise Unreadable(f"{where} does not have the fields {', '.join(fields)}")
    for name, kind in fields.items():
        value = found[name]
        if type(value) is not kind:
            raise Unreadable(f"{where}: {name} is not {_KINDS.get(kind, 'text')}")
        if isinstance(value, str) and not value.isascii() and name != "body" and not _is_text(value):
            raise Unreadable(f"{where}: {name} holds what is no letter")
    return found


def one_value(text: str) -> Any:
    """`json.loads` of a line as we write it, without its looking for blanks first and last: half of its time."""
    if not text.startswith("{"):
        return json.loads(text)
    found, end = _decoder.raw_decode(text)
    return found if end == len(text) - text.endswith("\n") else json.loads(text)


_decoder = json.JSONDecoder()
_KINDS: dict[type, str] = {int: "a whole number", list: "a list"}


def _cannot(path: Path, error: OSError) -> NoReturn:
    raise Unreadable(f"{path.name} cannot be read: {error.strerror}") from None


def _first(file: IO[bytes], low: int, size: int, field: str, wanted: int) -> int:
    """Where the first line begins whose number is `wanted` or more, if the file is in order."""
    high = size
    while low < high:
        middle = next_line(file, max(low, (low + high) // 2), size) if (low + high) // 2 > low else low
        if middle >= high:
            middle = low
        file.seek(middle)
        line = file.readline(LINE_BYTES_MAX)
        number = _number(line, field)
        if number is None or number >= wanted:
            high = middle
        else:
            low = middle + len(line)
    return low


def _number(line: bytes, field: str) -> int | None:
    """The number in a line, if it can be read at all."""
    try:
        found = json.loads(line)[field]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if type(found) is int else None


def _is_text(value: str) -> bool:
    """Not so for half a surrogate pair, which JSON can spell and UTF-8 cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True

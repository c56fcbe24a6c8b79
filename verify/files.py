"""The files of an export, read line by line and believed in nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from verify.notes import Unreadable

LINE_BYTES_MAX = 16 * 1024 * 1024
FILE_BYTES_MAX = 1024 * 1024  # of the small files that are read whole
FORMAT = "abhaya-ledger-1"


def lines(folder: Path, name: str, fields: dict[str, type]) -> Iterator[dict[str, Any]]:
    """Objects of a JSON Lines file, each with exactly these fields of these types."""
    path = folder / name
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(LINE_BYTES_MAX):
                number += 1
                yield _object(line, f"line {number} of {name}", fields)
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror}") from None


def whole(folder: Path, name: str) -> str:
    """A small text file."""
    try:
        with (folder / name).open("rb") as file:
            data = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror}") from None
    if len(data) > FILE_BYTES_MAX:
        raise Unreadable(f"{name} is larger than {FILE_BYTES_MAX} bytes")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Unreadable(f"{name} is not UTF-8 text") from None


def header(folder: Path) -> dict[str, Any]:
    """ledger.json."""
    fields = {"format": str, "origin": str, "size": int, "entries": int, "exported_at": str, "recipient": str}
    found = _object(whole(folder, "ledger.json").encode(), "ledger.json", fields)
    if found["format"] != FORMAT:
        raise Unreadable(f"this is format {found['format']!r}; this verifier reads {FORMAT!r}")
    return found


def hexadecimal(text: str, what: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Unreadable(f"{what} is not hexadecimal") from None


def _object(data: bytes, where: str, fields: dict[str, type]) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise Unreadable(f"{where} is not JSON") from None
    if not isinstance(found, dict) or set(found) != set(fields):
        raise Unreadable(f"{where} does not have the fields {', '.join(fields)}")
    for name, kind in fields.items():
        if type(found[name]) is not kind:
            raise Unreadable(f"{where}: {name} is not {'a whole number' if kind is int else 'text'}")
        if kind is str and name != "body" and not _is_text(found[name]):
            raise Unreadable(f"{where}: {name} holds what is no letter")
    return found


def _is_text(value: str) -> bool:
    """Not so for half a surrogate pair, which JSON can spell and UTF-8 cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True

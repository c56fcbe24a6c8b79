"""Rows of fixed width as arrays, out of PostgreSQL and into it, by COPY's binary form (PostgreSQL, "COPY", file formats).

For tables of millions of rows that a kernel reads and writes whole: no Python object stands for a row. An id is two
halves of 64 bits, `<name>_high` and `<name>_low`; an instant is microseconds since 2000 (`microseconds`); a text has
one value for all rows of a call.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from abhaya.shared.bulk import insert_copied
from abhaya.shared.ids import reserved

UUID_HALVES = "uuid"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"

Array = npt.NDArray[Any]
Columns = Sequence[tuple[str, str]]  # name, and a numpy form (big-endian: ">i4", "S5") or `UUID_HALVES`


def copied_out(statement: str, columns: Columns) -> Array:
    """The rows that a `copy … to stdout (format binary)` gives, of columns without nulls."""
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        content = bytearray()
        for block in copy:  # one a row: kept as they come, a list of them would cost more than the copying
            content += block
    return np.frombuffer(content[len(_HEADER) : len(content) - len(_TRAILER)], dtype=_form(columns))


def insert_fixed(table: str, columns: Columns, rows: int, values: dict[str, Any], *, conflict: str = "") -> int:
    """Inserts so many rows and returns how many were new. `values`: of each column an array, one value for all, or for an id
    its (high, low).
    """
    if not rows:
        return 0
    written = np.zeros(rows, dtype=_form(columns))
    written["fields"] = len(columns)
    for name, form in columns:
        written[f"{name}_bytes"] = 16 if form == UUID_HALVES else np.dtype(form).itemsize
        if form == UUID_HALVES:
            written[f"{name}_high"], written[f"{name}_low"] = values[name]
        else:
            written[name] = values[name]
    content = _HEADER + written.tobytes() + _TRAILER
    return insert_copied(table, [name for name, _ in columns], content, conflict=conflict)


def new_ids(count: int) -> tuple[Array, Array]:
    """The halves of so many new ids, in rising order: `ids.uuid7s` without an object for each."""
    ordinal = reserved(count) + np.arange(count, dtype=np.uint64)
    high = (ordinal >> np.uint64(12) << np.uint64(16)) | np.uint64(0x7000) | (ordinal & np.uint64(0xFFF))
    noise = np.frombuffer(secrets.token_bytes(8 * count), np.uint64)
    return high, (noise >> np.uint64(2)) | np.uint64(1 << 63)


def uuids(high: Array, low: Array) -> list[UUID]:
    """Ids out of their halves."""
    return [UUID(int=(one << 64) | other) for one, other in zip(high.tolist(), low.tolist(), strict=True)]


def microseconds(at: datetime) -> int:
    """An instant as a `timestamptz` has it."""
    return (at - EPOCH) // timedelta(microseconds=1)


def _form(columns: Columns) -> np.dtype[Any]:
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, form in columns:
        fields.append((f"{name}_bytes", ">i4"))
        fields += [(f"{name}_high", ">u8"), (f"{name}_low", ">u8")] if form == UUID_HALVES else [(name, form)]
    return np.dtype(fields)

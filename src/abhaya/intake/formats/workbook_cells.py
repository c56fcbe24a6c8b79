"""A workbook's cells, read in a process of its own: five kilobytes of workbook can ask for half a terabyte of empty
cells, and the library that reads them then ends its process. That process is this one, confined (`shared.confined`).

Answers JSON lines: `{"title": …}` before the rows of each sheet, each row as a list of texts, and at the end
`{"done": true}` or `{"refused": sentence}`.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

UNPACKED_BYTES_MAX = 512 * 1024 * 1024
CELL_CHARACTERS_MAX = 32_767  # the limit of the spreadsheet format itself


def answer(source: BinaryIO, order: dict[str, Any]) -> Iterator[bytes]:  # noqa: ARG001 — every worker is given one
    for line in lines(source.read()):
        yield json.dumps(line).encode() + b"\n"


def lines(data: bytes) -> Iterator[object]:
    """What is written, one after the other."""
    try:
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                unpacked = sum(member.file_size for member in packed.infolist())
            if unpacked > UNPACKED_BYTES_MAX:
                yield {"refused": f"The workbook unpacks to more than {UNPACKED_BYTES_MAX // 2**20} MiB."}
                return
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for title in book.sheet_names:
            yield {"title": title}
            for row in book.get_sheet_by_name(title).to_python(skip_empty_area=False):
                yield [_cell(value) for value in row]
    except zipfile.BadZipFile:
        yield {"refused": "The workbook is a damaged file: its parts cannot be listed."}
    except CalamineError as error:
        yield {"refused": f"The workbook cannot be read: {error}."}
    else:
        yield {"done": True}


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # report and telephone numbers come as floating point
    if isinstance(value, datetime | date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)[:CELL_CHARACTERS_MAX]

"""A finished table of `abhaya hash` or `abhaya match` as a VICS 2.0 case, for the tools that examiners have.

Each file is one Media object with its place and hashes. A category stands in it only where the same bytes are on a list whose
entry two people verified; whatever else was found is said in its comment, for a person to decide.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path, PurePath
from typing import Any
from uuid import uuid4

from abhaya import __version__
from abhaya.commands.files import new_file
from abhaya.errors import OperatorError
from abhaya.matching.formats.json_parts import encoded
from abhaya.matching.formats.vics_out import begin, media, with_hashes
from abhaya.shared.tables import undefused

KNOWN = "known"
Cells = Mapping[str, Any]


def asked_rightly(vics: str | None, out: str | None) -> None:
    """Raises OperatorError before hours of work: where there is no table to make it of, or the file is there already."""
    if vics and not out:
        raise OperatorError("--vics is made of the table when that is whole: name a file for it with --out.")
    if vics and Path(vics).exists():
        raise OperatorError(f"{vics} is there already: name a new file.")


def write_vics(vics: str, table: Path, *, is_json: bool) -> None:
    """The table's files as one case, in flat memory."""
    case = {"CaseID": f"{{{uuid4()}}}", "SourceApplicationName": "Abhaya", "SourceApplicationVersion": __version__}
    with new_file(vics) as file, table.open(encoding="utf-8", errors="surrogateescape", newline="") as rows:
        file.write(begin("Cases", "Default") + b"[" + encoded(case)[:-1] + b',"Media":[\n')
        found = _json_rows(rows) if is_json else _csv_rows(rows)
        for number, (_path, cells) in enumerate(groupby(found, lambda row: row["path"]), start=1):
            file.write((b",\n" if number > 1 else b"") + encoded(_media(number, list(cells))))
        file.write(b"\n]}]}\n")


def _media(number: int, rows: Sequence[Cells]) -> dict[str, Any]:
    first = rows[0]
    path, md5 = _text(first["path"]), bytes.fromhex(first["md5"])
    told = media(number, md5, bytes.fromhex(first["sha1"]))
    hits = [row for row in rows if row.get("list")]
    code = next((row["category"] for row in hits if row["answer"] == KNOWN and _is_code(row["category"])), None)
    told |= {
        "MediaSize": int(first["size_bytes"]),
        "Category": int(code) if code else None,
        "IsPrecategorized": code is not None,
        "MediaFiles": [{"MD5": told["MD5"], "FileName": PurePath(path).name, "FilePath": path}],
    }
    if first.get("pdq"):
        told["MimeType"] = "image/unknown"
    if hits:
        told["Comments"] = "; ".join(map(_comment, hits))
    return with_hashes(told, {kind: first[kind] for kind in ("sha256", "pdq") if first.get(kind)})


def _comment(row: Cells) -> str:
    distance = f", {row['distance']} of 256 bits differ, {row['mode']}" if row["mode"] else ""
    category = f", category {row['category']}" if row["category"] else ""
    return _text(
        f"{row['answer']}: list {row['list']}, entry {row['entry']}{category}, by {row['hash_type']}{distance}"
    )


def _is_code(text: object) -> bool:
    return isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) <= 9


def _text(text: str) -> str:
    """A file's name need not be text; in JSON it must be."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _csv_rows(lines: Iterator[str]) -> Iterator[Cells]:
    for row in csv.DictReader(lines):
        yield {name: undefused(cell) for name, cell in row.items()}


def _json_rows(lines: Iterator[str]) -> Iterator[Cells]:
    for line in lines:
        yield {name: "" if cell is None else cell for name, cell in json.loads(line).items()}

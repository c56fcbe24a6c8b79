"""Rules about opening files as a CSV file: `jurisdiction, viewed, needs, source`, one row per place and flag.

`jurisdiction` is a place code (IN, US, US-TX) or empty for everywhere; `viewed` is true, false or null; `needs` is reason,
reference, warrant or closed; `source` is where it comes from, in a sentence (`source_hi`, if there: in Hindi). Raises `ValueError` with the sentence of
what is wrong, by line.
"""

from __future__ import annotations

import csv
import io
import re

from abhaya.custody.lawful import Needs, Rule, Viewed

FILE_BYTES_MAX = 1024 * 1024
ROWS_MAX = 2_000
SOURCE_CHARACTERS_MAX = 500
COLUMNS = ("jurisdiction", "viewed", "needs", "source")
OPTIONAL = "source_hi"
_PLACE = re.compile(r"([A-Z]{2}(-[A-Z0-9]{1,8}){0,3})?")


def read(content: bytes) -> tuple[Rule, ...]:
    if len(content) > FILE_BYTES_MAX:
        raise ValueError(f"The file is larger than {FILE_BYTES_MAX // 1024} KiB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("The file is not written in UTF-8.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(
                f"The first line must name the columns {', '.join(COLUMNS)}; missing: {', '.join(missing)}."
            )
        rules: list[Rule] = []
        for row in reader:
            if len(rules) == ROWS_MAX:
                raise ValueError(f"The file has more than {ROWS_MAX:,} rows.")
            cells = {column: (row.get(column) or "").strip() for column in (*COLUMNS, OPTIONAL)}
            rules.append(_rule(cells, reader.line_num))
    except csv.Error as error:
        raise ValueError(f"Line {reader.line_num} cannot be read as CSV: {error}.") from error
    return tuple(rules)


def _rule(cells: dict[str, str], line: int) -> Rule:
    if not _PLACE.fullmatch(cells["jurisdiction"]):
        raise ValueError(f"Line {line}: “{cells['jurisdiction']}” is no place code such as IN or US-TX.")
    if cells["viewed"] not in set(Viewed):
        raise ValueError(f"Line {line}: viewed is true, false or null, not “{cells['viewed']}”.")
    if cells["needs"] not in set(Needs):
        raise ValueError(f"Line {line}: needs is reason, reference, warrant or closed, not “{cells['needs']}”.")
    if not cells["source"] or max(len(cells["source"]), len(cells[OPTIONAL])) > SOURCE_CHARACTERS_MAX:
        raise ValueError(f"Line {line}: say in at most {SOURCE_CHARACTERS_MAX} letters where this comes from.")
    return Rule(cells["jurisdiction"], Viewed(cells["viewed"]), Needs(cells["needs"]), cells["source"], cells[OPTIONAL])


def written(rules: tuple[Rule, ...]) -> str:
    """The same table as CSV, to be corrected and brought back."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*COLUMNS, OPTIONAL))
    writer.writerows(
        (rule.jurisdiction, rule.viewed.value, rule.needs.value, rule.source, rule.source_hi) for rule in rules
    )
    return out.getvalue()

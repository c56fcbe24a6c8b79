"""Tables out: CSV and XLSX whose cells stay text. A cell that a spreadsheet would run as a formula is defused.

OWASP, "CSV Injection": a leading `=`, `+`, `-`, `@`, tab or return is what makes a spreadsheet program evaluate a cell. In
XLSX a cell carries its type, so it is written as a string; in CSV it gets a leading apostrophe, and the reader takes it
off again (`undefused`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from abhaya.shared.late import late

openpyxl, cells, styles = late("openpyxl"), late("openpyxl.cell"), late("openpyxl.styles")
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMN_WIDTH_CHARACTERS_MAX = 48
SHEET_TITLE_CHARACTERS_MAX = 31
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


def defused(text: str) -> str:
    """What a CSV cell may hold without being evaluated. Telephone numbers keep their plus."""
    if text.startswith(_STARTS_FORMULA) and not _is_number(text):
        return "'" + text
    return text


def undefused(text: str) -> str:
    """The text that was defused."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_STARTS_FORMULA) else text


def write_csv(file: Any, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Writes to a text file and returns how many rows."""
    writer = csv.writer(file)
    writer.writerow(headings)
    count = 0
    for row in rows:
        writer.writerow(["" if cell is None else defused(str(cell)) for cell in row])
        count += 1
    return count


def xlsx(sheets: Sequence[tuple[str, Sequence[str], Iterable[Sequence[object]]]]) -> bytes:
    """A workbook of (title, headings, rows), headings bold and frozen, columns as wide as they need to be."""
    book = openpyxl.Workbook(write_only=True)
    for title, headings, rows in sheets:
        listed = [["" if cell is None else str(cell) for cell in row] for row in rows]
        sheet = book.create_sheet(title.translate(_NOT_IN_TITLES)[:SHEET_TITLE_CHARACTERS_MAX])
        sheet.freeze_panes = "A2"
        for index, heading in enumerate(headings):
            longest = max([len(heading), *(len(row[index]) for row in listed[:200] if index < len(row))])
            sheet.column_dimensions[openpyxl.utils.get_column_letter(index + 1)].width = min(
                longest + 2, COLUMN_WIDTH_CHARACTERS_MAX
            )
        sheet.append([_cell(sheet, heading, bold=True) for heading in headings])
        for row in listed:
            sheet.append([_cell(sheet, text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell = cells.WriteOnlyCell(sheet, value="".join(letter for letter in text if letter >= " " or letter in "\n\t"))
    cell.data_type = "s"  # never a formula, whatever it begins with
    if bold:
        cell.font = styles.Font(bold=True)
    return cell


def _is_number(text: str) -> bool:
    return text[1:].replace(" ", "").isdigit()

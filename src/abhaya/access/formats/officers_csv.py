"""Officers as a CSV file: one row per officer, `username`, `name`, `unit` (its code), `roles`, and if known `language`."""

from __future__ import annotations

from abhaya.access.formats import table_csv
from abhaya.access.formats.table_csv import Table

COLUMNS = table_csv.Columns(
    known=("username", "name", "unit", "roles", "language"),
    needed=("username", "name", "unit", "roles"),
    also={"user_name": "username", "user": "username", "unit_code": "unit", "role": "roles"},
)


def read(content: bytes) -> Table:
    """Reads the file whole. Raises `NotATable` with what is wrong with it."""
    return table_csv.read(content, COLUMNS)


def roles_in(cell: str) -> list[str]:
    """Several roles stand in one cell with a space, a semicolon, a comma or a plus sign between them."""
    for mark in ";,+":
        cell = cell.replace(mark, " ")
    return cell.lower().split()

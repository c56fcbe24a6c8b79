"""Units as a CSV file: one row per unit, `code`, `name`, `kind` and whatever else is known."""

from __future__ import annotations

from abhaya.access.formats import table_csv
from abhaya.access.formats.table_csv import FILE_BYTES_MAX, ROWS_MAX, NotATable, Table

__all__ = ["FILE_BYTES_MAX", "ROWS_MAX", "NotATable", "read"]

COLUMNS = table_csv.Columns(
    known=(
        "code",
        "name",
        "name_hi",
        "kind",
        "parent_code",
        "place_code",
        "forward_rule",
        "duty_contact",
        "holds_files",
        "is_active",
    ),
    needed=("code", "name", "kind"),
    also={"parent": "parent_code", "place": "place_code", "hindi_name": "name_hi", "active": "is_active"},
)


def read(content: bytes) -> Table:
    """Reads the file whole. Raises `NotATable` with what is wrong with it."""
    return table_csv.read(content, COLUMNS)

"""Protected personas: who sees rows that are one officer's alone. Migrations of every room that has such rows use it."""

from __future__ import annotations

from abhaya.shared.identity import APP_ROLE
from abhaya.shared.schema import SEEN

# Of a row that carries `persona_id`. The acting officer's own personas are asked for once in a statement, and only where
# a row has one at all.
OWN = "({table}.persona_id is null or {table}.persona_id = any ((select selectors_personas())::uuid[]))"


def own(table: str) -> str:
    """The statement that makes a content table's rows of personas their liaisons' alone."""
    rule = f"{SEEN} and {OWN}".format(table=table)
    return f"alter policy {table}_{APP_ROLE}_select on {table} using ({rule})"

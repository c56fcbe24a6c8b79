"""The one writer of what a list says of itself: whose it is, on which terms it is held, and whose codes stand in it.

What was found keeps what the list said then; what it said before is kept with who changed it and why.
"""

from __future__ import annotations

from typing import NamedTuple

from abhaya.errors import OperatorError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.matching.lists import SQL, ListRow
from abhaya.shared.bulk import insert
from abhaya.shared.identity import current_actor
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, fetch

COLUMNS = ["id", "compartment", "field", "before", "after", "reason", "by_id", "by_name"]


class Said(NamedTuple):
    """What a list says of itself, by the names of its columns."""

    source: str
    licence: str
    scheme: str


def change_list(of: ListRow, said: Said, reason: str) -> int:
    """In the caller's transaction, for its actor. Returns how much differs from what stood there; nothing: nothing is written."""
    if of.ended:
        raise OperatorError(f"The list “{of.name}” was ended; nothing more is said of it.")
    [before] = fetch(Said, SQL["said"], {"list": of.compartment})
    actor = current_actor()
    rows = [
        (uuid7(), of.compartment, field, was, now, reason, actor.id, actor.name)
        for field, was, now in zip(Said._fields, before, said, strict=True)
        if was != now
    ]
    if rows:
        execute(SQL["change_list"], {"list": of.compartment, **said._asdict()})
        insert("matching_list_change", COLUMNS, rows)
        facts = {"list": of.name, "fields": ", ".join(row[2] for row in rows), "reason": reason}
        record([Act(Event.MATCHING_LIST_CHANGED, of.compartment, of.compartment, facts)])
    return len(rows)

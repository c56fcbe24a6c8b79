"""What a deletion would take, before anything is deleted: per room and table, original by original, and what stays."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.custody.holds import Hold, on_compartment
from abhaya.custody.queries import Item, items_of
from abhaya.errors import NotThere
from abhaya.shared.identity import current_actor, on_the_road
from abhaya.shared.sql import NamedSql, fetch, fetch_one, value, values

SQL = NamedSql(__file__, "preview.sql")
LISTED_MAX = 100
# What changes by being looked at is shown and is no part of what two people agree on.
_RESTLESS = {"access", "shared"}


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows of one table. `verb`: delete or keep, and then `why`."""

    position: int
    room: str
    table: str
    verb: str
    rows: int
    why: str


@dataclass(frozen=True, slots=True)
class Original:
    """One original: what it is called here, and whether a compartment that may be named keeps the same bytes."""

    item: Item
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that a deletion of the compartment would take. `digest` is what two people agree on."""

    compartment: UUID
    deleted: tuple[Counted, ...]
    kept: tuple[Counted, ...]
    originals: tuple[Original, ...]
    holds: tuple[Hold, ...]
    is_held: bool  # also by a hold that the reader may not see

    @property
    def rows(self) -> int:
        return sum(counted.rows for counted in self.deleted)

    @property
    def size_bytes(self) -> int:
        return sum(original.item.size_bytes or 0 for original in self.originals)

    @property
    def digest(self) -> str:
        said = [
            [[counted.table, counted.rows] for counted in self.deleted if counted.room not in _RESTLESS],
            sorted(str(original.item.object_id) for original in self.originals),
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class DeletionRow:
    """A deletion as lists and its own page show it."""

    id: UUID
    compartment: UUID
    kind: str
    rule: str
    ground: str
    reference: str
    seen: str
    state: str
    asked_by: UUID | None
    asked_name: str
    asked_at: datetime
    approved_name: str
    decided_at: datetime | None
    stopped_at: datetime | None
    erased_at: datetime | None
    settled_at: datetime | None
    certificate: str


@dataclass(frozen=True, slots=True)
class DueRow:
    """A compartment of the unit whose clock has run out."""

    compartment: UUID
    kind: str
    rule: str
    act: str
    started_at: datetime
    due_at: datetime


def preview(compartment: UUID) -> Preview:
    """Read as the acting officer, who must work on the compartment. Raises `NotThere` else."""
    counted = fetch(Counted, SQL["count"], {"compartment": compartment})
    if not counted:
        raise NotThere(_("There is nothing here for you."))
    elsewhere = set(values(SQL["elsewhere"], {"compartment": compartment}))
    originals = tuple(Original(item, item.object_id in elsewhere) for item in items_of(compartment))
    actor = current_actor()
    with on_the_road("road:custody", officer=actor.id, purpose=actor.purpose, apart=True):
        is_held = bool(value(SQL["is_held"], {"compartment": compartment}))
    return Preview(
        compartment,
        tuple(one for one in counted if one.verb == "delete" and one.rows),
        tuple(one for one in counted if one.verb == "keep" and one.rows),
        originals,
        tuple(on_compartment(compartment)),
        is_held,
    )


def open_deletion(compartment: UUID) -> DeletionRow | None:
    """The one that was asked for or is being carried out, if any."""
    return fetch_one(DeletionRow, SQL["open"], {"compartment": compartment})


def deletion(deletion_id: UUID) -> DeletionRow:
    """One, where the reader's unit asked for it or works on what it deletes."""
    found = fetch_one(DeletionRow, SQL["one"], {"deletion": deletion_id})
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    return found


def of_unit(unit_id: UUID) -> list[DeletionRow]:
    """The unit's deletions, newest first."""
    return fetch(DeletionRow, SQL["of_unit"], {"unit": unit_id, "most": LISTED_MAX})


def due(unit_id: UUID) -> list[DueRow]:
    """What is due in the unit, the longest first; what a deletion was asked for already is not listed again."""
    return fetch(DueRow, SQL["due"], {"unit": unit_id, "most": LISTED_MAX})

"""Compartments and openings: the only writers of who may see what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from abhaya.access.queries import SQL
from abhaya.errors import NotPermitted
from abhaya.shared.bulk import insert
from abhaya.shared.identity import ROAD_ROLE, current_actor
from abhaya.shared.sql import value

WORK = "work"  # may read, act and forward
WATCH = "watch"  # may read


class NewCompartment(NamedTuple):
    compartment: UUID
    kind: str  # report, case, series, operation
    covert: bool = False


class NewOpening(NamedTuple):
    viewer: UUID  # a unit or an officer
    compartment: UUID
    level: str  # WORK or WATCH
    basis: str  # why, in a short sentence


# An opening made again keeps the stronger level ('work' sorts after 'watch') and begins anew if it had ended.
_AGAIN = """on conflict (viewer, compartment) do update set
    level = case when access_opening.until <= now() then excluded.level else greatest(access_opening.level, excluded.level) end,
    basis = excluded.basis, opened_by = null, until = null"""


def open_compartments(compartments: Sequence[tuple[UUID, str, bool]]) -> None:
    """New compartments, on the road. Nobody sees into one until `open_to` says so."""
    insert("access_compartment", ["id", "kind", "covert"], compartments)


def open_to(openings: Sequence[tuple[UUID, UUID, str, str]]) -> None:
    """Opens compartments to viewers: (viewer, compartment, level, basis).

    On the road any opening is made. An officer opens only what their unit works on, and only to an active unit or
    officer; if one of the set may not be opened, `NotPermitted` is raised and the caller's transaction rolls all back.
    """
    wanted = {(row[0], row[1]): row for row in sorted(openings, key=lambda row: row[2] == WORK)}
    if not wanted:
        return
    viewers, compartments, levels, bases = map(list, zip(*wanted.values(), strict=True))
    if current_actor().role == ROAD_ROLE:
        insert("access_opening", ["viewer", "compartment", "level", "basis"], list(wanted.values()), conflict=_AGAIN)
        return
    opened = value(SQL["open"], [viewers, compartments, levels, bases])
    if opened != len(wanted):
        raise NotPermitted("This can be forwarded only by a unit that works on it, and only to an active unit.")


def close_to(openings: Sequence[tuple[UUID, UUID]]) -> int:
    """Ends openings (viewer, compartment) now: what the officer's own unit holds, or what it had opened to another.

    Returns how many were ended; one that is not theirs to end is left as it is.
    """
    wanted = sorted(set(openings))
    if not wanted:
        return 0
    return int(value(SQL["close"], [[row[0] for row in wanted], [row[1] for row in wanted]]))

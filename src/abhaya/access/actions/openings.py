"""Compartments and openings: the only writers of who may see what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.access.queries import SQL
from abhaya.errors import NotPermitted
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import add
from abhaya.shared.identity import ROAD_ROLE, current_actor
from abhaya.shared.sql import fetch, value

WORK = "work"  # may read, act and forward
WATCH = "watch"  # may read


class Ended(NamedTuple):
    """An opening that was ended."""

    viewer: UUID
    compartment: UUID


# An opening made again keeps the stronger level ('work' sorts after 'watch') and begins anew if it had ended.
_AGAIN = """on conflict (viewer, compartment) do update set
    level = case when access_opening.until <= now() then excluded.level else greatest(access_opening.level, excluded.level) end,
    basis = case when access_opening.until <= now() or excluded.level > access_opening.level then excluded.basis else access_opening.basis end,
    opened_by = null, until = null"""


def open_compartments(compartments: Sequence[tuple[UUID, str, bool]]) -> None:
    """New compartments, on the road. Nobody sees into one until `open_to` says so."""
    add("access_compartment", ["id", "kind", "covert"], compartments)


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
        add("access_opening", ["viewer", "compartment", "level", "basis"], list(wanted.values()), conflict=_AGAIN)
        return
    opened = value(SQL["open"], [viewers, compartments, levels, bases])
    if opened != len(wanted):
        raise NotPermitted(_("This can be forwarded only by a unit that works on it, and only to an active unit."))
    record(
        [
            Act(
                Event.ACCESS_OPENING_MADE,
                subject=viewer,
                compartment=compartment,
                facts={"level": level, "basis": basis},
            )
            for viewer, compartment, level, basis in wanted.values()
        ]
    )


def close_to(openings: Sequence[tuple[UUID, UUID]]) -> int:
    """Ends openings (viewer, compartment) now. On the road any; an officer, what their own unit holds or had opened.

    Returns how many were ended; one that is not theirs to end, or had ended before, is left as it is.
    """
    wanted = sorted(set(openings))
    if not wanted:
        return 0
    statement = SQL["close_on_the_road" if current_actor().role == ROAD_ROLE else "close"]
    ended = fetch(Ended, statement, [[row[0] for row in wanted], [row[1] for row in wanted]])
    record([Act(Event.ACCESS_OPENING_ENDED, subject=row.viewer, compartment=row.compartment) for row in ended])
    return len(ended)

"""The deletion plan: every table, file and cache that derives from a report, named once, by room.

Each room lists its own in its `erasure.py`; `journey.ERASURE` puts them in order and hands them over here at start-up,
and `abhaya migrate` writes them into a table that only the owner of the database can change. What runs when something
is deleted is that table and nothing else: no program hands SQL to the function that deletes. A test refuses a table
that carries a compartment, or hangs from one that does, and is not named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

OF_COMPARTMENT = "compartment = $1"
QUIET = "quiet"  # the room of steps whose rows are never counted


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to a table's rows when a compartment is deleted. `where` has the compartment as `$1`.

    They go, unless `keeps` says why they stay; `sets` then says what is written into them. `decided`: they go only when two people decided it, never by the clock
    alone. `subject`: the column of what a legal hold may name beside the compartment, an identifier for one. `quiet`: these
    rows are counted to nobody, before or after, because a covert case may be among them; they stand under the room QUIET.
    """

    table: str
    where: str = OF_COMPARTMENT
    keeps: str = ""
    sets: str = ""
    decided: bool = False
    subject: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Sweep:
    """A dictionary that all compartments share. `candidates` are the ids that a compartment used (`$1`), noted before its
    rows go; afterwards those that match `where` (of `$1`, the noted ids) are nobody's any more, and go too.
    """

    table: str
    candidates: str
    where: str


@dataclass(frozen=True, slots=True)
class Clock:
    """From when a kind of thing is kept. `since` answers rows (compartment, unit_id, started_at) of all there are; a
    compartment stands under one clock only, so each excludes those under a more particular one.
    """

    kind: str
    since: str


Part = Step | Sweep
Plan = Sequence[tuple[str, Sequence[Part]]]

# What the rooms under this one keep of a compartment, and what this one does. Bytes go by `shred`, before these rows.
OURS: tuple[Part, ...] = (
    Step("custody_look"),
    Step("custody_item"),
    Step("custody_holding"),
    Step("custody_due"),
    Step("custody_grant"),
    Step("custody_erasure", keeps="opaque numbers and instants: which key was destroyed when, for the journal"),
    Step("custody_hold", keeps="who held what and why, until its own clock ends; a hold that stands stops everything"),
    Step("custody_deletion", keeps="the proof of the deletion itself"),
    Sweep(
        "custody_object",
        "select object_id from custody_item where compartment = $1"
        " union select object_id from custody_holding where compartment = $1",
        "id = any ($1) and not exists (select 1 from custody_holding h where h.object_id = custody_object.id)"
        " and not exists (select 1 from custody_item i where i.object_id = custody_object.id)",
    ),
    Sweep(
        "custody_moved",
        "select object_id from custody_item where compartment = $1",
        "object_id = any ($1) and not exists (select 1 from custody_object o where o.id = custody_moved.object_id)",
    ),
    Sweep(
        "custody_damage",
        "select object_id from custody_item where compartment = $1",
        "object_id = any ($1) and not exists (select 1 from custody_object o where o.id = custody_damage.object_id)",
    ),
)
ACCESS: tuple[Part, ...] = (
    Step("access_approval"),
    Step("access_emergency"),
    Step(
        "access_opening",
        "compartment = $1 and not exists (select 1 from access_compartment c where c.id = access_opening.viewer)",
    ),
    Step("access_compartment", "id = $1", keeps="an opaque number, so that nothing can come in under it again"),
)
LEDGER: tuple[Part, ...] = (
    Step("ledger_entry", keeps="erased one by one, on record: the leaf stays and the text goes (ledger.actions.erase)"),
)

_SAY = """
insert into custody_erasable (position, room, table_name, verb, statement, counting, subjects, decided, why)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def fill(connection: BaseDatabaseWrapper, plan: Plan) -> None:
    """Makes the owner's table say what the rooms say. `connection` is the owner's; run after every migration."""
    rows = [_row(room, part) for room, parts in plan for part in parts]
    with connection.cursor() as cursor:
        cursor.execute("begin")
        cursor.execute("lock table custody_erasable in exclusive mode")
        cursor.execute("delete from custody_erasable")
        for position, row in enumerate(rows):
            cursor.execute(_SAY, [position, *row])
        cursor.execute("commit")


def _row(room: str, part: Part) -> tuple[str, str, str, str, str, str, bool, str]:
    rows = f"from {part.table} where {part.where}"
    if isinstance(part, Sweep):
        return room, part.table, "sweep", f"delete {rows}", part.candidates, "", False, ""
    statement = f"delete {rows}"
    if part.keeps:
        statement = f"update {part.table} set {part.sets} where {part.where}" if part.sets else ""  # noqa: S608 — the plan's own words, never input
    subjects = f"select distinct {part.subject} {rows}" if part.subject else ""
    verb = "keep" if part.keeps else "delete"
    counting = "select 0::bigint" if part.quiet else f"select count(*) {rows}"
    return room, part.table, verb, statement, counting, subjects, part.decided, part.keeps

"""The one writer of what a list names: one match for a file and an entry, with what the list said when it was found.

What a search found may be withdrawn before it is written down. So whoever writes holds the lock of positions, shared with
others who write matches and never with those who change entries, and writes only what is live under it: an entry withdrawn
afterwards finds the match to end. Locks are taken in one order: a re-check's row, `near.sql` (pictures), positions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.matching import rules
from abhaya.matching.lists import SQL, Found
from abhaya.shared import road
from abhaya.shared.bulk import insert
from abhaya.shared.ids import uuid7s
from abhaya.shared.sql import execute, values

STAGE = "matching"
_COLUMNS = [
    "id", "compartment", "report_id", "file_id", "list_id", "position", "hash_kind", "hash_type", "digest", "distance",
    "mode", "purpose", "category", "vouched", "list_name", "list_version", "list_dated", "answer", "found_by", "frames",
]  # fmt: skip
# The same file and entry again: nearness says more than a sender's word, the same bytes more than nearness; else nothing
# changes what was found.
_WEIGHT = "array_position(array['claimed', 'near', 'bytes'], {table}.hash_kind)"
_AGAIN = f"""on conflict (file_id, position) do update set
    hash_kind = excluded.hash_kind, hash_type = excluded.hash_type, digest = excluded.digest, distance = excluded.distance,
    mode = excluded.mode, frames = excluded.frames, answer = excluded.answer, found_by = excluded.found_by, found_at = now()
    where {_WEIGHT.format(table="matching_list_match")} < {_WEIGHT.format(table="excluded")}"""


class Named(NamedTuple):
    """A file that an entry names, and by what: a hash, or the distance in bits and the mode of a near picture."""

    compartment: UUID
    report_id: UUID
    file_id: UUID
    entry: Found
    hash_kind: str
    hash_type: str
    digest: bytes | None
    distance: int = 0
    mode: str = ""
    frames: list[int] | None = None  # of a film, see `models.ListMatch`


def looked_known(written: Collection[Named]) -> None:
    """Reports with what arrived and looks like something on a list: they walk on from here again, one ledger line each."""
    files: defaultdict[tuple[UUID, UUID], set[UUID]] = defaultdict(set)
    for one in written:
        files[one.report_id, one.compartment].add(one.file_id)
    if files:
        road.passed(STAGE, [report for report, _ in files])  # what was found may change how urgent it is
        record(
            [
                Act(Event.MATCHING_REPORT_LOOKED_KNOWN, report, compartment, {"files": len(those)})
                for (report, compartment), those in sorted(files.items())
            ]
        )


def write(named: Collection[Named], found_by: str) -> list[Named]:
    """Of a file and an entry, one in a set. Returns those that were written: whose entry is still live."""
    if not named:
        return []
    execute(SQL["hold"])
    live = set(values(SQL["live"], {"positions": sorted({one.entry.position for one in named})}))
    kept = sorted(
        (one for one in named if one.entry.position in live), key=lambda one: (one.file_id, one.entry.position)
    )  # in one order, so that two who find the same do not wait for each other in a circle
    rows = [
        (
            row_id, one.compartment, one.report_id, one.file_id, one.entry.list_id, one.entry.position, one.hash_kind,
            one.hash_type, one.digest, one.distance, one.mode, one.entry.purpose, one.entry.category, one.entry.vouched,
            one.entry.list_name, one.entry.version, one.entry.dated,
            rules.answer(one.hash_kind, one.entry.vouched, one.entry.disputed), found_by, one.frames,
        )
        for row_id, one in zip(uuid7s(len(kept)), kept, strict=True)
    ]  # fmt: skip
    insert("matching_list_match", _COLUMNS, rows, conflict=_AGAIN)
    return kept

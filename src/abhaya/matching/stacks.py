"""Stacks as they stand, for whoever asks: pictures and films of ours that look like one of them. Row security shows only one's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from abhaya.matching import film_reasons, near_rules
from abhaya.shared.reason import Reason
from abhaya.shared.sql import NamedSql, fetch, values

SQL = NamedSql(__file__, "stacks.sql")
ALIKE_MAX = 1000  # other bytes of one stack, looked at for earlier looks
COUNT_MAX = 1000  # files of one stack; beyond, "1,000+"
PARTINGS_SHOWN_MAX = 20


@dataclass(frozen=True, slots=True)
class Parted:
    """Who took a file out of its stack, when and why, and who took that back."""

    file_id: UUID
    officer_name: str
    at: datetime
    reason: str
    undone_at: datetime | None
    undone_name: str
    undone_why: str
    number: int  # of the file in its report
    report_id: UUID
    report_number: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A stack as far as the viewer may see; counts stop at `COUNT_MAX`."""

    files: int
    reports: int
    has_first: bool  # a file with the bytes of its first is among them


@dataclass(frozen=True, slots=True)
class Standing:
    """One file of a stack, in a report that the viewer may see."""

    file_id: UUID
    number: int
    media_type: str
    report_id: UUID
    report_number: int
    sender: str
    received_at: datetime
    distance_bits: int  # to the first; 0 for its own bytes
    form: str

    @property
    def how(self) -> Reason:
        """How it was compared with the first, and what came of it."""
        if not self.form:
            return Reason("stack_first")
        told: dict[str, str | int | float] = {"distance": self.distance_bits, "form": self.form}
        return film_reasons.of_stack(self.form, "stack_film") or Reason(near_rules.said("stack_near", self.form), told)


def alike(file_id: UUID) -> list[UUID]:
    """Objects of other bytes that stand in this file's stack, in reports that the viewer may see."""
    return values(SQL["alike"], {"file": file_id, "most": ALIKE_MAX})


def objects(stack_id: UUID) -> list[UUID]:
    """The bytes that stand in a stack, in reports that the viewer may see."""
    return values(SQL["objects"], {"stack": stack_id, "most": ALIKE_MAX})


def partings(*, file: UUID | None = None, stack: UUID | None = None) -> list[Parted]:
    """Officers' words against the stacks of a file; or of a stack: what was taken out of it, and what came into it so. The
    newest first.
    """
    return fetch(Parted, SQL["partings"], {"file": file, "stack": stack, "most": PARTINGS_SHOWN_MAX})


def counted(stack_id: UUID) -> Counted:
    [found] = fetch(Counted, SQL["counted"], {"stack": stack_id, "most": COUNT_MAX})
    return found


def standing(stack_id: UUID, *, after: tuple[int, UUID] | None, limit: int) -> list[Standing]:
    """Files of a stack, the nearest to its first before others, after the one with this key: `key_of`."""
    distance, file = after or (None, None)
    return fetch(Standing, SQL["in_stack"], {"stack": stack_id, "distance": distance, "after": file, "limit": limit})


def of_reports(report_ids: Sequence[UUID]) -> Mapping[UUID, list[tuple[int, UUID]]]:
    """Report -> number of a file and its stack, for those beside which the viewer may know of other bytes."""
    found: defaultdict[UUID, list[tuple[int, UUID]]] = defaultdict(list)
    statement = SQL["of_reports"].replace("{not_alone}", SQL["not_alone"])
    for report, number, stack in fetch(lambda *row: row, statement, {"reports": list(report_ids)}):
        found[report].append((number, stack))
    return found

"""Stacks as they stand, for whoever asks: pictures of ours that look like one of them. Row security shows only one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from abhaya.shared.sql import NamedSql, fetch_one, values

SQL = NamedSql(__file__, "stacks.sql")
ALIKE_MAX = 1000  # other bytes of one stack, looked at for earlier looks


@dataclass(frozen=True, slots=True)
class Parted:
    """Who took a picture out of its stack, when and why."""

    officer_name: str
    at: datetime
    reason: str


def alike(file_id: UUID) -> list[UUID]:
    """Objects of other bytes that stand in this file's stack, in reports that the viewer may see."""
    return values(SQL["alike"], {"file": file_id, "most": ALIKE_MAX})


def parted(file_id: UUID) -> Parted | None:
    """The newest word against its stack."""
    return fetch_one(Parted, SQL["partings"], {"file": file_id})

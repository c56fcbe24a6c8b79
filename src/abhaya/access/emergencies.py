"""Readers of what was done in an emergency. Row security decides which there are for the officer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from abhaya.shared.sql import NamedSql, fetch, fetch_one, value

SQL = NamedSql(__file__, "emergencies.sql")
LISTED_MAX = 200
REVIEWED_DAYS_SHOWN = 90


@dataclass(frozen=True, slots=True)
class Emergency:
    """One opening or unmasking in an emergency, or a request for one that was refused (no compartment)."""

    id: UUID
    kind: str
    officer_id: UUID
    officer_name: str
    unit_name: str
    unit_name_hi: str
    at: datetime
    reference: str
    reason: str
    compartment: UUID | None
    target: UUID | None
    until: datetime | None
    is_open: bool
    reviewed_by_name: str
    reviewed_at: datetime | None
    justified: bool | None
    review: str
    is_ours: bool  # somebody of the officer's unit may write the review, and this officer may

    @property
    def unit(self) -> dict[str, str]:
        return {"name": self.unit_name, "name_hi": self.unit_name_hi}


def emergency(emergency_id: UUID) -> Emergency | None:
    return fetch_one(Emergency, SQL["one"], [emergency_id])


def unreviewed() -> list[Emergency]:
    """What waits for its review, as far as the officer may see it, the oldest first."""
    return fetch(Emergency, SQL["unreviewed"], {"most": LISTED_MAX})


def to_review() -> list[Emergency]:
    """What this officer may review: somebody else's, of what the officer's unit holds. The oldest first."""
    return [one for one in unreviewed() if one.is_ours]


def reviewed() -> list[Emergency]:
    """What was reviewed in the last months, newest first."""
    return fetch(Emergency, SQL["reviewed"], {"days": REVIEWED_DAYS_SHOWN, "most": LISTED_MAX})


def refused() -> list[Emergency]:
    """What was asked for and not there to be opened, newest first: repeated guessing shows."""
    return fetch(Emergency, SQL["refused"], {"days": REVIEWED_DAYS_SHOWN, "most": LISTED_MAX})


def of_compartment(compartment: UUID) -> list[Emergency]:
    """What was done in this compartment in an emergency and waits for its review."""
    return fetch(Emergency, SQL["of_compartment"], {"compartment": compartment, "most": LISTED_MAX})


def used_today(kind: str) -> int:
    """How often the acting officer used emergency access in the last 24 hours, refusals counted."""
    return int(value(SQL["used_today"], [kind]))

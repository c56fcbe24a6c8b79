"""Readers of requests for a second person. Row security decides which there are for the officer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.utils.translation import get_language

from abhaya.access.reasons import SENTENCES
from abhaya.shared.reason import Reason, sentence
from abhaya.shared.sql import NamedSql, fetch, fetch_one, value

SQL = NamedSql(__file__, "approvals.sql")
LISTED_MAX = 200
OWN_DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class Approval:
    """A request for a second person, as the view `access_approval_shown` has it. `decided_at` None: it waits; `spent_at` set: it was used."""

    id: UUID
    kind: str
    target: UUID
    compartment: UUID | None
    what_json: str
    page: str
    purpose: str
    asked_by: UUID
    asked_by_name: str
    unit_name: str
    unit_name_hi: str
    asked_at: datetime
    decide_by: datetime
    decided_by: UUID | None
    decided_by_name: str
    decided_at: datetime | None
    granted: bool | None
    decision_reason: str
    use_by: datetime | None
    spent_at: datetime | None
    state: str  # waiting, lapsed (nobody decided), refused, granted, unused (granted, and its hour has passed), used

    @property
    def what(self) -> str:
        """Exactly what is asked for, in the reader's language."""
        return sentence(msgspec.json.decode(self.what_json, type=Reason), SENTENCES, get_language() or "en")

    @property
    def unit(self) -> dict[str, str]:
        return {"name": self.unit_name, "name_hi": self.unit_name_hi}


def approval(approval_id: UUID) -> Approval | None:
    """One request, where the officer asked, decided or may decide it."""
    return fetch_one(Approval, SQL["one"], [approval_id])


def spent_approval(approval_id: UUID) -> Approval:
    """A request that this transaction has just used."""
    found = approval(approval_id)
    assert found is not None  # noqa: S101 — the asker sees their own request
    return found


def to_decide(officer: UUID) -> list[Approval]:
    """What waits for a second person and may be decided by this officer, the oldest first."""
    return fetch(Approval, SQL["to_decide"], {"officer": officer, "most": LISTED_MAX})


def asked_by(officer: UUID) -> list[Approval]:
    """What the officer asked for lately, newest first."""
    return fetch(Approval, SQL["asked_by"], {"officer": officer, "days": OWN_DAYS_SHOWN, "most": LISTED_MAX})


def decided_lately(officer: UUID) -> list[Approval]:
    """What the officer decided lately as the second person, newest first."""
    return fetch(Approval, SQL["decided_by"], {"officer": officer, "days": OWN_DAYS_SHOWN, "most": LISTED_MAX})


def open_ask(kind: str, target: UUID, officer: UUID) -> UUID | None:
    """The officer's request for this that still waits."""
    found: UUID | None = value(SQL["open_ask"], {"kind": kind, "target": target, "officer": officer})
    return found


def standing(kind: str, target: UUID, officer: UUID) -> Approval | None:
    """The officer's newest request for this target that waits or can be used now."""
    return fetch_one(Approval, SQL["standing"], {"kind": kind, "target": target, "officer": officer})

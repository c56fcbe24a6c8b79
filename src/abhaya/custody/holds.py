"""Legal holds: while one stands, nothing it covers is deleted, neither rows nor a single key. Several may overlap.

On a compartment, or on an identifier: then on everything in which it is seen, covert records too, of which nobody is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.errors import NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import insert
from abhaya.shared.identity import current_actor
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import NamedSql, fetch, values

SQL = NamedSql(__file__, "holds.sql")
AUTHORITY_CHARACTERS_MAX, REASON_CHARACTERS_MAX = 200, 1000
REASON_CHARACTERS_MIN = 5
REVIEW_DAYS_MAX = 366


@dataclass(frozen=True, slots=True)
class Placed:
    """A hold as the officer who places it says it. Exactly one of `compartment` and `subject` is set."""

    unit_id: UUID
    authority: str
    reason: str
    review_on: date
    compartment: UUID | None = None
    subject: UUID | None = None
    subject_kind: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold that the reader may see."""

    id: UUID
    compartment: UUID | None
    subject: UUID | None
    subject_kind: str
    authority: str
    reason: str
    unit_id: UUID
    unit_name: str
    unit_name_hi: str
    placed_name: str
    placed_at: datetime
    review_on: date

    @property
    def is_to_review(self) -> bool:
        return self.review_on <= datetime.now(UTC).date()

    @property
    def unit(self) -> dict[str, str]:
        return {"name": self.unit_name, "name_hi": self.unit_name_hi}


def place(placed: Placed) -> UUID:
    """Places a hold; waits for a deletion that is being carried out at this moment, and stops every one after it."""
    actor, hold, today = current_actor(), uuid7(), datetime.now(UTC).date()
    authority, reason = placed.authority.strip(), placed.reason.strip()
    if (placed.compartment is None) == (placed.subject is None):
        raise OfficerError(_("A legal hold is on one report or on one identifier."))
    if not authority or len(authority) > AUTHORITY_CHARACTERS_MAX:
        raise OfficerError(_("Give the reference of the order that the hold stands on."))
    if not REASON_CHARACTERS_MIN <= len(reason) <= REASON_CHARACTERS_MAX:
        raise OfficerError(_("Say in a sentence why nothing may be deleted."))
    if not 0 < (placed.review_on - today).days <= REVIEW_DAYS_MAX:
        raise OfficerError(_("Choose a day within a year on which somebody asks whether the hold is still needed."))
    columns = [
        "id", "compartment", "subject", "subject_kind", "authority", "reason", "unit_id", "placed_by", "placed_name",
        "placed_at", "review_on",
    ]  # fmt: skip
    row = (
        hold, placed.compartment, placed.subject, placed.subject_kind, authority, reason, placed.unit_id, actor.id,
        actor.name, datetime.now(UTC), placed.review_on,
    )  # fmt: skip
    insert("custody_hold", columns, [row])
    facts = {"review_on": placed.review_on.isoformat()}
    record([Act(Event.CUSTODY_HOLD_PLACED, hold, placed.compartment, facts)])
    return hold


def lift(hold: UUID, reason: str) -> None:
    """Ends a hold of the officer's own unit, with the reason. Others that overlap stand."""
    actor, reason = current_actor(), reason.strip()
    if not REASON_CHARACTERS_MIN <= len(reason) <= REASON_CHARACTERS_MAX:
        raise OfficerError(_("Say in a sentence why the hold ends."))
    parameters = {"hold": hold, "officer": actor.id, "name": actor.name, "reason": reason, "now": datetime.now(UTC)}
    lifted = values(SQL["lift"], parameters)
    if not lifted:
        raise NotThere(_("There is no such hold of your unit."))
    record([Act(Event.CUSTODY_HOLD_LIFTED, hold, lifted[0])])


def on_compartment(compartment: UUID) -> list[Hold]:
    """The holds on it that the reader may see, oldest first."""
    return fetch(Hold, SQL["on_compartment"], {"compartment": compartment})


def of_unit(unit_id: UUID) -> list[Hold]:
    """The unit's own holds that stand, those to be reviewed first."""
    return fetch(Hold, SQL["of_unit"], {"unit": unit_id})

"""Emergency access: one officer, now, with a reason; told to the owners at once and reviewed by one of them afterwards."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.access.actions.approvals import noted, sound
from abhaya.access.emergencies import SQL, Emergency, emergency, used_today
from abhaya.access.queries import SignedIn
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.ledger.actions import Act
from abhaya.ledger.events import Event
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import value

OPEN, UNMASK = "open", "unmask"
PER_DAY_MAX = {OPEN: 5, UNMASK: 10}  # kept by the database as well (`migrations/_emergencies.py`)


class UsedUp(OfficerError):  # noqa: N818 — reads as what it says at the place of raising
    """The officer's emergency access of this day is used up. Says nothing about what was asked for."""

    status = 429


def stop_if_used_up(kind: str) -> None:
    """Raises `UsedUp` before anything is looked up, so that the answer tells nothing of it."""
    if used_today(kind) >= PER_DAY_MAX[kind]:
        raise UsedUp(
            _("Emergency access is used up for today. Telephone the unit that holds the report, or your supervisor.")
        )


def unmask_in_emergency(report: UUID, compartment: UUID, number: str, reason: str, officer: SignedIn) -> None:
    """Notes that the officer sees, alone, who is masked in a report that is open to them."""
    reason = sound(reason)
    stop_if_used_up(UNMASK)
    emergency_id = uuid7()
    if not value(SQL["unmask"], [emergency_id, number, reason, compartment, report]):
        raise NotPermitted(_("Your role does not include this."))
    facts = {"emergency": UNMASK, "id": str(emergency_id), "reference": number}
    noted(officer, reason, Act(Event.ACCESS_EMERGENCY_OPENED, report, compartment, facts))


def review(emergency_id: UUID, officer: SignedIn, justified: bool, words: str) -> Emergency:
    """Writes the review. What was not justified is closed at once. Raises where it is not this officer's to write."""
    found = emergency(emergency_id)
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    words = sound(words)
    if found.reviewed_at is not None:
        raise OfficerError(_("The review is written already."))
    if value(SQL["review"], [emergency_id, justified, words]) is None:
        raise NotPermitted(_("The review is written by another officer of a unit that holds the report."))
    facts = {
        "review": "justified" if justified else "unjustified", "id": str(emergency_id), "officer": str(found.officer_id),
    }  # fmt: skip
    noted(officer, words, Act(Event.ACCESS_EMERGENCY_REVIEWED, found.target, found.compartment, facts))
    return found

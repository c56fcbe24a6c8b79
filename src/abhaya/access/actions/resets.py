"""A sign-in that begins anew, because the telephone is lost or the password forgotten: two people, each on record.

An administrator asks and says how they made sure who asks them; another administrator, or a supervisor of the officer's unit
or of one above it, decides; then the administrator gives the temporary password. Where nobody else could decide, the
administrator goes on alone, and the ledger says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.access import rules
from abhaya.access.actions.officers import reset_sign_in
from abhaya.access.actions.officers_file import temporary_password
from abhaya.access.queries import SQL, officer_by_id
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.identity import current_actor
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, fetch, fetch_one, value

RESET_HOURS = 24  # from asking to giving


@dataclass(frozen=True, slots=True)
class ResetRow:
    """A request as its page shows it. `state`: waiting, granted, refused, used or over."""

    id: UUID
    officer_id: UUID
    officer: str
    username: str
    unit: str
    asked_by_id: UUID
    asked_by: str
    reason: str
    asked_at: datetime
    decided_by: str | None  # None while waiting, or when nobody else could decide
    decided_at: datetime | None
    state: str


def ask_reset(officer_id: UUID, reason: str) -> ResetRow:
    """Asks as an administrator. What comes back is granted at once where nobody else could decide."""
    reason, asker = reason.strip(), current_actor().id
    if officer_by_id(officer_id) is None:
        raise NotThere(_("There is no such officer."))
    if officer_id == asker:
        raise OfficerError(_("Your own sign-in begins anew through another administrator."))
    if not reason or len(reason) > rules.RESET_REASON_LETTERS_MAX:
        raise OfficerError(_("Say in a sentence how you made sure that it is this officer who asks."))
    open_one = reset_of(officer_id)
    if open_one is not None and open_one.state in {"waiting", "granted"}:
        raise OfficerError(_("This is asked already, by {name}.").format(name=open_one.asked_by))
    reset = uuid7()
    facts = {"id": reset, "officer": officer_id, "asker": asker, "reason": reason, "hours": RESET_HOURS}
    execute(SQL["ask_reset"], facts)
    record([Act(Event.ACCESS_RESET_ASKED, subject=officer_id, facts={"reason": reason})])
    if not value(SQL["who_may_decide"], {"officer": officer_id, "asker": asker}):
        execute(SQL["decide_reset"], {"id": reset, "by": None, "granted": True})
        record([Act(Event.ACCESS_RESET_DECIDED, subject=officer_id, facts={"decision": "alone"})])
    asked = reset_of(officer_id)
    assert asked is not None  # noqa: S101 — written above, in this transaction
    return asked


def decide_reset(reset_id: UUID, *, granted: bool) -> ResetRow:
    """Allows or refuses it, as another person than who asked and whom it is about."""
    found, me = _reset(reset_id), current_actor().id
    if me in {found.asked_by_id, found.officer_id}:
        raise NotPermitted(_("A second person decides this, not you."))
    if not execute(SQL["decide_reset"], {"id": reset_id, "by": me, "granted": granted}):
        raise OfficerError(_("This is decided already, or has run out."))
    decision = "granted" if granted else "refused"
    record([Act(Event.ACCESS_RESET_DECIDED, subject=found.officer_id, facts={"decision": decision})])
    return found


def give_password(officer_id: UUID) -> str:
    """Once, to who asked: the temporary password that was allowed. The officer's second steps and sessions are gone."""
    found = reset_of(officer_id)
    if found is None or found.asked_by_id != current_actor().id:
        raise OfficerError(_("Ask first; a second person allows it."))
    if not execute(SQL["use_reset"], [found.id]):
        raise OfficerError(_("A second person has not allowed it yet, or it has run out."))
    password = temporary_password()
    reset_sign_in(officer_id, password)
    return password


def reset_of(officer_id: UUID) -> ResetRow | None:
    """The newest request about an officer, as the acting officer may see it."""
    return fetch_one(ResetRow, SQL["resets"], {"officer": officer_id, "id": None})


def resets() -> list[ResetRow]:
    """Requests of the last three months that the acting officer decides or answers for, newest first."""
    return fetch(ResetRow, SQL["resets"], {"officer": None, "id": None})


def _reset(reset_id: UUID) -> ResetRow:
    found = fetch_one(ResetRow, SQL["resets"], {"officer": None, "id": reset_id})
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    return found

"""The second person: asked by one officer, decided by another, used once in the transaction of the act.

`ask` · `decide` · `spend`. What an export, a purge and an unmasking have in common: it cannot be taken back, so one pair
of eyes is not enough. Who decides sees exactly what, for whom and why, and need not see the content itself. A day to decide and an hour to use it: the database keeps
both clocks (`migrations/_approvals.py`).
"""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from abhaya.access.approvals import SQL, Approval, approval, open_ask, spent_approval
from abhaya.access.queries import SignedIn
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import insert
from abhaya.shared.identity import acting
from abhaya.shared.ids import uuid7
from abhaya.shared.reason import Reason
from abhaya.shared.sql import value

PURPOSE_CHARACTERS_MIN, PURPOSE_CHARACTERS_MAX = 10, 1000


class ApprovalKind(StrEnum):
    """What nobody does alone."""

    EXPORT = "export"
    MERGE = "merge"
    PERSONA = "persona"
    PURGE = "purge"
    UNMASK = "unmask"


class NeedsSecondPerson(OfficerError):  # noqa: N818 — reads as what it says at the place of raising
    """Nobody has granted this to the officer, or the grant was used or has run out."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("This needs a second person. Ask for it there, or under “Second person” see whether it was granted.")
        )


def ask(
    kind: ApprovalKind,
    target: UUID,
    compartment: UUID | None,
    purpose: str,
    officer: SignedIn,
    *,
    what: Reason | None = None,
    page: str = "",
) -> UUID:
    """Asks for a second person. The same request, still waiting, is not asked twice: its id comes back.

    `what` says exactly what is asked for (a sentence of `access.reasons`), `page` is the address where the asker will
    use it. Raises `OfficerError` where the purpose is no reason.
    """
    purpose = sound(purpose)
    waiting = open_ask(kind.value, target, officer.id)
    if waiting is not None:
        return waiting
    approval_id = uuid7()
    said = msgspec.json.encode(what or Reason(f"approval-{kind.value}")).decode()
    columns = {
        "id": approval_id, "kind": kind.value, "target": target, "compartment": compartment,
        "unit_id": officer.unit_id, "what": said, "page": page, "purpose": purpose, "asked_by": officer.id,
        "asked_by_name": officer.name,
    }  # fmt: skip
    insert("access_approval", list(columns), [list(columns.values())])
    facts = {"approval": str(approval_id), "kind": kind.value}
    noted(officer, purpose, Act(Event.ACCESS_APPROVAL_ASKED, target, compartment, facts))
    return approval_id


def decide(approval_id: UUID, officer: SignedIn, granted: bool, reason: str) -> None:
    """Grants or refuses as the second person. Raises where it is the officer's own, decided, run out, or not theirs."""
    found = approval(approval_id)
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    if found.asked_by == officer.id:
        raise NotPermitted(_("Who asks does not decide. A second person is needed."))
    reason = sound(reason)
    if value(SQL["decide"], [approval_id, granted, reason]) is None:
        raise OfficerError(_("This was decided meanwhile, or its day has passed."))
    facts = {
        "approval": str(approval_id), "kind": found.kind, "answer": "granted" if granted else "refused",
        "asked_by": str(found.asked_by),
    }  # fmt: skip
    noted(officer, reason, Act(Event.ACCESS_APPROVAL_DECIDED, found.target, found.compartment, facts))


def spend(kind: ApprovalKind, target: UUID, officer: SignedIn) -> Approval:
    """Uses up one granted request of this officer for this target, in the transaction of the act: if the act fails, the
    request is as it was. Raises `NeedsSecondPerson` where there is none, it was used, or its hour has passed.
    """
    used: UUID | None = value(SQL["spend"], [kind.value, target])
    if used is None:
        raise NeedsSecondPerson
    spent = spent_approval(used)
    facts = {"approval": str(used), "kind": kind.value, "by": spent.decided_by_name, "by_id": str(spent.decided_by)}
    noted(officer, spent.purpose, Act(Event.ACCESS_APPROVAL_SPENT, target, spent.compartment, facts))
    return spent


def sound(text: str) -> str:
    """A purpose or reason that another officer can follow. Raises `OfficerError` where it is none."""
    text = " ".join(text.split())
    if sum(letter.isalnum() for letter in text) < PURPOSE_CHARACTERS_MIN:
        raise OfficerError(_("Say why in a sentence that another officer, and a court, can follow."))
    return text[:PURPOSE_CHARACTERS_MAX]


def noted(officer: SignedIn, purpose: str, act: Act) -> None:
    """The officer's act in the ledger, with why."""
    with acting(officer.id, name=officer.name, purpose=purpose):
        record([act])

"""What every file that leaves is asked: what it is for, and above an officer's daily work for a second person.

Used inside the transaction of the page that makes the file, before it is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.utils.translation import gettext as _

from abhaya.access import purposes
from abhaya.access.actions import ApprovalKind, NeedsSecondPerson, ask, spend
from abhaya.access.gate import OfficerRequest
from abhaya.shared.reason import Reason

REPORTS_ALONE_MAX = 200  # told of in one file; more is no longer one officer's daily work (docs/decisions/0011)


@dataclass(frozen=True, slots=True)
class Leave:
    """A file may go: for this purpose, agreed to by this second person where one was needed."""

    purpose: purposes.Purpose
    second_person: str = ""

    @property
    def facts(self) -> dict[str, object]:
        """For the entry in the ledger."""
        said: dict[str, object] = {"basis": self.purpose.basis}
        return {**said, "second_person": self.second_person} if self.second_person else said


def purpose_of(request: OfficerRequest) -> purposes.Purpose | None:
    """What the officer said within the last half hour or says with this form; None, and a message, where that is nothing."""
    said = purposes.kept(request)
    if said is None:
        asked = purposes.PurposeFields(request.POST)
        if asked.is_valid():
            return purposes.keep(request, asked)
        messages.error(request, _("Say what the file is for: choose the kind, and give a case number or the reason."))
    return said


def leave(
    request: OfficerRequest, target: UUID, compartment: UUID | None, *, reports: int, what: Reason, page: str,
    alone: int | None = None,
) -> Leave | None:  # fmt: skip
    """Whether a file that tells of so many reports may go now; else None, and a message says what is missing. `what` is
    asked of the second person, `page` is where the officer comes back to; `alone`: how many reports one officer takes out
    in a file of this kind, by default `REPORTS_ALONE_MAX`.
    """
    said = purpose_of(request)
    if said is None:
        return None
    if reports <= (REPORTS_ALONE_MAX if alone is None else alone):
        return Leave(said)
    try:
        return Leave(said, spend(ApprovalKind.EXPORT, target, request.officer).decided_by_name)
    except NeedsSecondPerson:
        ask(ApprovalKind.EXPORT, target, compartment, said.text, request.officer, what=what, page=page)
        messages.warning(request, _("A supervisor is asked to agree, under “Second person”."))
        return None

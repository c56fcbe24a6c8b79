"""The one writer of officers' word that a picture does not belong to its stack. It takes effect beside the road, in a second."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.access.queries import SignedIn
from abhaya.errors import OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.matching.stacks import SQL
from abhaya.shared.bulk import insert
from abhaya.shared.identity import acting
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import fetch

REASON_CHARACTERS_MIN, REASON_CHARACTERS_MAX = 10, 2000


def part(file_id: UUID, officer: SignedIn, reason: str) -> None:
    """An officer takes a picture out of its stack, with a reason: it is looked at by itself from then on, and so is whatever
    has its bytes. Raises `OfficerError` where it stands in none that the officer may know of.
    """
    why = _sentence(reason)
    found = fetch(lambda *row: row, SQL["stands"], {"file": file_id})
    if not found:
        raise OfficerError(_("This file stands in no stack behind another."))
    compartment, report, stack = found[0]
    columns = ["id", "compartment", "file_id", "officer_id", "officer_name", "reason", "stack_id"]
    insert("matching_parting", columns, [(uuid7(), compartment, file_id, officer.id, officer.name, why, stack)])
    with acting(officer.id, name=officer.name, purpose=why):
        record([Act(Event.MATCHING_FILE_PARTED, report, compartment, {"file": str(file_id)})])


def take_back(file_id: UUID, officer: SignedIn, reason: str) -> None:
    """An officer takes that back, with a reason: the file joins a stack by the rule again, and so does whatever has its bytes
    or stands behind it. Raises `OfficerError` where no such word stands.
    """
    why = _sentence(reason)
    given = {"file": file_id, "officer": officer.id, "name": officer.name, "why": why}
    found = fetch(lambda *row: row, SQL["take_back"], given)
    if not found:
        raise OfficerError(_("Nobody’s word keeps this file out of a stack."))
    compartment, report = found[0]
    with acting(officer.id, name=officer.name, purpose=why):
        record([Act(Event.MATCHING_FILE_REJOINED, report, compartment, {"file": str(file_id)})])


def _sentence(reason: str) -> str:
    why = " ".join(reason.split())
    if not REASON_CHARACTERS_MIN <= len(why) <= REASON_CHARACTERS_MAX:
        raise OfficerError(_("Say why, in a sentence that another officer can follow."))
    return why

"""A person's request before other units: who holds something about the person sees a task, and answers as it may.

The unit that asks learns nobody's name until that unit speaks; who holds nothing and who says nothing look alike to it. A
task is made by what a unit itself holds, never by what one of its officers sees as a member of a case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.desk import rights
from abhaya.errors import NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import insert
from abhaya.shared.identity import current_actor
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import NamedSql, fetch, fetch_one

SQL = NamedSql(__file__, "inquiries.sql")
SHOWN_DAYS = 90  # after its day, a task is listed no longer
LISTED_MAX = 200
DAYS_BEFORE_THE_ANSWER = 7  # the unit that asked has to read what came, and to answer the person
SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """`outcome`: what the reader's own unit has answered, "" for nothing yet."""

    id: UUID
    unit_id: UUID
    name: str
    name_hi: str
    request_id: UUID
    kind: str
    reference: str
    selectors: list[UUID]
    due_on: date
    made_name: str
    made_at: datetime
    outcome: str

    @property
    def is_late(self) -> bool:
        return not self.outcome and self.due_on < datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Said:
    """One unit's answer."""

    name: str
    name_hi: str
    outcome: str
    ground: str
    text: str
    made_name: str
    made_at: datetime


def of_request(request_id: UUID) -> Inquiry | None:
    return fetch_one(Inquiry, SQL["of_request"], {"request": request_id})


def to_unit(unit_id: UUID) -> list[Inquiry]:
    return fetch(Inquiry, SQL["to_unit"], {"unit": unit_id, "days": SHOWN_DAYS, "most": LISTED_MAX})


def inquiry_of(inquiry_id: UUID, unit_id: UUID) -> Inquiry:
    """One that another unit asks of this one. Raises `NotThere` where this unit holds nothing of it, as for none."""
    found = fetch_one(Inquiry, SQL["one"], {"inquiry": inquiry_id, "unit": unit_id})
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    return found


def answers(inquiry_id: UUID) -> list[Said]:
    return fetch(Said, SQL["answers"], {"inquiry": inquiry_id})


def ask(asked: rights.RequestRow, unit_id: UUID) -> None:
    """Puts the request before whatever other units hold something, once."""
    if asked.outcome:
        raise OfficerError(_("This request was answered already."))
    if of_request(asked.id) is not None:
        raise OfficerError(_("The other units have been asked already."))
    actor, today = current_actor(), datetime.now(UTC).date()
    due_on = max(asked.due_on - timedelta(days=DAYS_BEFORE_THE_ANSWER), today + timedelta(days=1))
    columns = [
        "id", "unit_id", "request_id", "kind", "reference", "selectors", "due_on", "made_by", "made_name", "made_at",
    ]  # fmt: skip
    row = (
        uuid7(), unit_id, asked.id, asked.kind, asked.reference, asked.selectors, due_on, actor.id, actor.name,
        datetime.now(UTC),
    )  # fmt: skip
    insert("desk_inquiry", columns, [row])
    record([Act(Event.DESK_INQUIRY_MADE, asked.id, None, {"kind": asked.kind})])


def answer(inquiry: Inquiry, unit_id: UUID, outcome: str, ground: str, text: str) -> None:
    """The answering unit says it once. The ledger holds that it was given, not what: its auditors are others' too."""
    text = text.strip()
    if inquiry.outcome:
        raise OfficerError(_("Your unit has answered this already."))
    if outcome == "refused" and not ground:
        raise OfficerError(_("Say on which ground of the law it is refused, wholly or in part."))
    if outcome == "told" and len(text) < rights.TEXT_CHARACTERS_MIN:
        raise OfficerError(_("Write what the unit that asks may tell the person."))
    actor = current_actor()
    columns = ["id", "inquiry_id", "unit_id", "outcome", "ground", "text", "made_by", "made_name", "made_at"]
    row = (
        uuid7(), inquiry.id, unit_id, outcome, ground if outcome == "refused" else "", text, actor.id, actor.name,
        datetime.now(UTC),
    )  # fmt: skip
    if not insert("desk_inquiry_answer", columns, [row], conflict="on conflict (inquiry_id, unit_id) do nothing"):
        raise OfficerError(_("Your unit has answered this already."))
    record([Act(Event.DESK_INQUIRY_ANSWERED, inquiry.id, None, {})])


def held(inquiry: Inquiry, unit_id: UUID) -> Sequence[rights.Held]:
    """What the unit itself holds about the person."""
    return rights.held(inquiry.selectors, of_unit=unit_id)

"""What is held about one person: every sighting of their identifiers that the handling officer may see, and the requests.

Only rows about these identifiers are read, so an answer names nobody else. What other units hold is not counted and not
hinted at: they are asked (`inquiries.py`) and answer for themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from abhaya.shared.sql import NamedSql, execute, fetch, fetch_one

SQL = NamedSql(__file__, "rights.sql")
HELD_MAX = 500
REQUESTS_MAX = 200
ANSWER_DAYS = 30  # until a lawyer sets the law's own term
TEXT_CHARACTERS_MIN, TEXT_CHARACTERS_MAX = 5, 2000
HEADINGS = (
    "report", "received", "sender", "identifier_kind", "as_written", "role", "place_in_original", "original", "stated_as",
    "urgency_by_rule", "decision_of_officer", "forwarded_to", "seen_before_by_rule", "legal_holds", "due_under", "corrections",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """One identifier of the person in one place of one report."""

    sighting: UUID
    compartment: UUID
    report_id: UUID
    number: int
    received_at: datetime
    sender_name: str
    kind: str
    raw: str
    role: str
    locator: str
    original: str
    mined: bool
    assumed: bool
    lane: str
    decision: str
    decision_reason: str
    forwarded_to: list[str]
    seen_by: list[str]
    hits: int
    holds: int
    due_under: str
    corrections: list[str]

    @property
    def stated_as(self) -> str:
        """Whether the sender stated it, or the program took it out of a text: a fact of the source, or an assessment."""
        return "assessment" if self.mined or self.assumed else "fact"


@dataclass(frozen=True, slots=True)
class RequestRow:
    id: UUID
    kind: str
    reference: str
    asked_for: str
    selectors: list[UUID]
    received_on: date
    due_on: date
    outcome: str
    ground: str
    reasons: str
    made_by: UUID
    made_name: str
    made_at: datetime
    decided_name: str
    decided_at: datetime | None

    @property
    def is_late(self) -> bool:
        return not self.outcome and self.due_on < datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    locator: str
    note: str
    made_name: str
    made_at: datetime


def held(selectors: Sequence[UUID], *, of_unit: UUID | None = None) -> list[Held]:
    """`of_unit`: only what is open to this unit as such, not what the officer sees as a member of a case."""
    return fetch(Held, SQL["held"], {"selectors": list(selectors), "unit": of_unit, "most": HELD_MAX})


def requests(unit_id: UUID) -> list[RequestRow]:
    return fetch(RequestRow, SQL["requests"], {"unit": unit_id, "most": REQUESTS_MAX})


def request_of(request_id: UUID) -> RequestRow:
    found = fetch_one(RequestRow, SQL["request"], {"request": request_id})
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    return found


def corrections(report_id: UUID) -> list[CorrectionRow]:
    """What officers noted beside the facts of a report, as far as the reader may see it."""
    return fetch(CorrectionRow, SQL["corrections"], {"report": report_id})


def take_down(
    unit_id: UUID, kind: str, reference: str, asked_for: str, selectors: Sequence[UUID], days: tuple[date, date]
) -> UUID:
    """Writes a request down, with its clock: `days` are the one on which it came and the one by which it is answered."""
    actor, request = current_actor(), uuid7()
    columns = [
        "id", "unit_id", "kind", "reference", "asked_for", "selectors", "received_on", "due_on", "made_by", "made_name",
        "made_at",
    ]  # fmt: skip
    row = (
        request, unit_id, kind, reference, asked_for, list(selectors), *days, actor.id, actor.name, datetime.now(UTC),
    )  # fmt: skip
    insert("desk_person_request", columns, [row])
    record([Act(Event.DESK_PERSON_REQUESTED, request, None, {"kind": kind, "identifiers": len(selectors)})])
    return request


def note_shown(request_id: UUID | None, found: Sequence[Held], written: int) -> None:
    """What is held about a person was before an officer's eyes. `written`: how many remarks and judgements with it."""
    facts = {"sightings": len(found), "reports": len({one.report_id for one in found}), "written": written}
    record([Act(Event.DESK_PERSON_SHOWN, request_id, None, facts)])


def note_answered(request_id: UUID, found: Sequence[Held], written: int) -> None:
    """It left in an answer file."""
    facts = {"sightings": len(found), "written": written}
    record([Act(Event.DESK_PERSON_ANSWERED, request_id, None, facts)])


def decide(request_id: UUID, outcome: str, ground: str, reasons: str) -> None:
    """Answers a request once. A refusal has its ground in law."""
    if outcome != "granted" and not ground:
        raise OfficerError(_("Say on which ground of the law it is refused, wholly or in part."))
    actor = current_actor()
    parameters = {
        "request": request_id, "outcome": outcome, "ground": ground if outcome != "granted" else "", "reasons": reasons.strip(),
        "officer": actor.id, "name": actor.name,
    }  # fmt: skip
    if not execute(SQL["decide"], parameters):
        raise OfficerError(_("This request was answered already."))
    record([Act(Event.DESK_PERSON_DECIDED, request_id, None, {"outcome": outcome, "ground": parameters["ground"]})])


def correct(request_id: UUID, one: Held, note: str) -> None:
    """Writes a correction beside a fact. The original, and the fact as it was read, stay as they are."""
    actor = current_actor()
    columns = ["id", "compartment", "report_id", "request_id", "locator", "note", "made_by", "made_name", "made_at"]
    row = (
        uuid7(), one.compartment, one.report_id, request_id, one.locator, note.strip(), actor.id, actor.name, datetime.now(UTC),
    )  # fmt: skip
    insert("desk_correction", columns, [row])
    record([Act(Event.DESK_FACT_CORRECTED, one.report_id, one.compartment, {"request": str(request_id)})])


def answer(found: Sequence[Held]) -> Iterator[tuple[object, ...]]:
    """Rows of the answer file, in the order of `HEADINGS`. Who of ours saw it is not told: that is the officers' data."""
    for one in found:
        yield (
            one.number, one.received_at.isoformat(), one.sender_name, one.kind, one.raw, one.role, one.locator, one.original,
            one.stated_as, one.lane, one.decision, ", ".join(one.forwarded_to), one.hits, one.holds, one.due_under,
            "; ".join(one.corrections),
        )  # fmt: skip

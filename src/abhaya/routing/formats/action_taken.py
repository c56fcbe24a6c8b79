"""The Action Taken Report: one row per forwarded report, what the unit did with it, out and in as a workbook.

There is no published form; the columns are those that every state's own form has: the report, the unit, the state of
work, the FIR as the police register issued it, the reason where none was registered. A unit fills it in by hand and
sends it back; the same headings in any order and case are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from abhaya.errors import SenderError
from abhaya.intake.formats.workbook import Sheet, read_sheets
from abhaya.shared.reason import Reason
from abhaya.shared.tables import undefused, xlsx

REASON_CHARACTERS_MAX = 2000


class ActionTaken(StrEnum):
    """What a unit says it did. The FIR number is recorded, never issued, here."""

    PENDING = "pending"
    ENQUIRY = "enquiry"
    REGISTERED = "registered"
    NOT_REGISTERED = "not registered"
    ARRESTED = "arrested"
    TRANSFERRED = "transferred"


WORDS: dict[ActionTaken, tuple[str, str]] = {
    ActionTaken.PENDING: ("Pending", "लंबित"),
    ActionTaken.ENQUIRY: ("Under enquiry", "जाँच में"),
    ActionTaken.REGISTERED: ("FIR registered", "प्राथमिकी दर्ज"),
    ActionTaken.NOT_REGISTERED: ("Not registered", "दर्ज नहीं"),
    ActionTaken.ARRESTED: ("Arrested", "गिरफ़्तार"),
    ActionTaken.TRANSFERRED: ("Transferred", "स्थानांतरित"),
}
NEEDS_FIR = {ActionTaken.REGISTERED, ActionTaken.ARRESTED}
NEEDS_REASON = {ActionTaken.NOT_REGISTERED, ActionTaken.TRANSFERRED}

HEADINGS = (
    "Report number", "Sender's number", "Platform", "Incident type", "Forwarded on", "Unit", "State of work",
    "Action taken", "FIR number", "FIR date", "Reason if not registered", "Remarks",
)  # fmt: skip
_FIELD_OF_HEADING = {
    "report number": "number", "action taken": "action", "fir number": "fir_number", "fir no": "fir_number",
    "fir date": "fir_date", "reason if not registered": "reason", "reason": "reason", "remarks": "remarks",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One row out."""

    number: int
    external_ref: str
    platform: str
    incident_type: str
    forwarded_on: str
    unit: str
    state: str
    action: str
    fir_number: str
    fir_date: str
    reason: str
    remarks: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One row back, checked by itself; whether the report is the unit's is the action's question."""

    row: int
    number: int
    action: ActionTaken
    fir_number: str
    fir_date: date | None
    reason: str
    remarks: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be recorded, and why: a sentence of `routing.reasons.REFUSALS`."""

    row: int
    why: Reason


def write(unit: str, lines: Iterable[Line]) -> bytes:
    """The report as a workbook of one sheet."""
    rows = [
        (line.number, line.external_ref, line.platform, line.incident_type, line.forwarded_on, line.unit, line.state,
         line.action, line.fir_number, line.fir_date, line.reason, line.remarks)
        for line in lines
    ]  # fmt: skip
    return xlsx([(f"Action taken {unit}", HEADINGS, rows)])


def read(data: bytes, name: str) -> Iterator[Answer | Refused]:
    """Every filled row of a workbook that came back. Raises SenderError when no sheet has the two columns it needs."""
    sheets = [sheet for sheet in read_sheets(data, name) if {"number", "action"} <= set(_fields(sheet).values())]
    if not sheets:
        raise SenderError("No sheet has both a “Report number” and an “Action taken” column.")
    for sheet in sheets:
        fields = _fields(sheet)
        for row, cells in sheet.rows:
            values = {field: undefused(cells[index].strip()) for index, field in fields.items() if index < len(cells)}
            if values.get("action"):
                yield answer(row, values)


def answer(row: int, values: Mapping[str, str]) -> Answer | Refused:
    """One filled row, checked: known action, FIR where one is claimed, reason where none was registered."""
    number = re.sub(r"\D", "", values.get("number", ""))
    if not number or len(number) > 19:
        return Refused(row, Reason("number_missing"))
    action = action_named(values.get("action", ""))
    if action is None:
        known, known_hi = (", ".join(names) for names in zip(*WORDS.values(), strict=True))
        written = values.get("action", "")[:60]
        return Refused(row, Reason("action_unknown", {"written": written, "known": known, "known_hi": known_hi}))
    said: dict[str, str | int | float] = dict(zip(("action", "action_hi"), WORDS[action], strict=True))
    if action in NEEDS_FIR and not values.get("fir_number"):
        return Refused(row, Reason("needs_fir", said))
    if action in NEEDS_REASON and not values.get("reason"):
        return Refused(row, Reason("needs_reason", said))
    fir_date = None
    if values.get("fir_date"):
        fir_date = _date(values["fir_date"])
        if fir_date is None:
            return Refused(row, Reason("fir_date_unread", {"written": values["fir_date"][:30]}))
    return Answer(
        row, int(number), action, values.get("fir_number", "")[:100], fir_date,
        values.get("reason", "")[:REASON_CHARACTERS_MAX], values.get("remarks", "")[:REASON_CHARACTERS_MAX],
    )  # fmt: skip


def action_named(text: str) -> ActionTaken | None:
    """The action a person wrote, in either language, whatever the case."""
    plain = " ".join(text.lower().split())
    for action, (english, hindi) in WORDS.items():
        if plain in {action.value, english.lower(), hindi}:
            return action
    return None


def _fields(sheet: Sheet) -> dict[int, str]:
    plain = (re.sub(r"[^a-z ]+", " ", heading.lower()).strip() for heading in sheet.header)
    return {index: _FIELD_OF_HEADING[heading] for index, heading in enumerate(plain) if heading in _FIELD_OF_HEADING}


def _date(text: str) -> date | None:
    for form in ("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 — a date has no zone
        except ValueError:
            continue
    return None

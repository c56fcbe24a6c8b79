"""What a unit did with a report that was forwarded to it: recorded on a page or from a returned Action Taken Report.

Each record stands; the latest one counts. The FIR number is the police register's: it is recorded here, never issued.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abhaya.access.queries import SignedIn
from abhaya.errors import OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.routing.formats.action_taken import Answer, Refused, answer, read
from abhaya.routing.reasons import REFUSALS
from abhaya.shared.bulk import insert
from abhaya.shared.ids import uuid7
from abhaya.shared.reason import Reason, sentence
from abhaya.shared.sql import NamedSql, fetch

SQL = NamedSql(__file__, "taken.sql")
COLUMNS = [
    "id", "compartment", "report_id", "unit_id", "action", "fir_number", "fir_date", "reason", "remarks", "recorded_by",
    "recorded_at",
]  # fmt: skip


class _Theirs(NamedTuple):
    number: int
    report_id: UUID
    compartment: UUID
    action: str
    fir_number: str
    reason: str
    remarks: str


def record_file(officer: SignedIn, data: bytes, name: str) -> tuple[int, list[Refused]]:
    """Records every filled row of a returned report. Returns how many were new, and the rows that were refused."""
    found = list(read(data, name))
    answers = [one for one in found if isinstance(one, Answer)]
    recorded, refused = record_answers(officer, answers)
    return recorded, [one for one in found if isinstance(one, Refused)] + refused


def record_one(officer: SignedIn, number: int, values: dict[str, str]) -> None:
    """Records one action from the page. Raises OfficerError with what is missing."""
    given = answer(1, {"number": str(number), **values})
    if isinstance(given, Refused):
        raise OfficerError(_in_words(given))
    recorded, refused = record_answers(officer, [given])
    if refused:
        raise OfficerError(_in_words(refused[0]))
    if not recorded:
        raise OfficerError(_("This is already recorded."))


def record_answers(officer: SignedIn, answers: Sequence[Answer]) -> tuple[int, list[Refused]]:
    """Writes the answers about reports that the officer's unit has accepted; what is already so is not written again."""
    theirs = {
        row.number: row
        for row in fetch(
            _Theirs, SQL["accepted"], {"unit": officer.unit_id, "numbers": [one.number for one in answers]}
        )
    }
    refused = [
        Refused(one.row, Reason("not_accepted", {"number": one.number})) for one in answers if one.number not in theirs
    ]
    fresh = [one for one in _last_of_each(answers) if one.number in theirs and not _is_same(one, theirs[one.number])]
    now = datetime.now(UTC)
    insert(
        "routing_action_taken",
        COLUMNS,
        [
            (uuid7(), theirs[one.number].compartment, theirs[one.number].report_id, officer.unit_id, one.action.value,
             one.fir_number, one.fir_date, one.reason, one.remarks, officer.id, now)
            for one in fresh
        ],
    )  # fmt: skip
    record([
        Act(
            Event.ROUTING_ACTION_TAKEN_RECORDED, theirs[one.number].report_id, theirs[one.number].compartment,
            {"action": one.action.value, "fir": one.fir_number, "unit": officer.unit_name},
        )
        for one in fresh
    ])  # fmt: skip
    return len(fresh), refused


def _in_words(refused: Refused) -> str:
    return sentence(refused.why, REFUSALS, get_language() or "en")


def _last_of_each(answers: Iterable[Answer]) -> list[Answer]:
    """A report named twice in one file: the lower row counts."""
    return list({one.number: one for one in answers}.values())


def _is_same(given: Answer, known: _Theirs) -> bool:
    return (given.action.value, given.fir_number, given.reason, given.remarks) == (
        known.action, known.fir_number, known.reason, known.remarks,
    )  # fmt: skip

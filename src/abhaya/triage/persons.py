"""What is known of a report's persons from their other reports: by which it is ranked, and what of that a reader may know.

What counts is the base: what is neither covert, a test's nor a protected persona's. A reader is told *that* it counts, and
of which report it comes only where that report, and what makes the two accounts one person's, is open to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from abhaya.shared.reason import Reason
from abhaya.shared.sql import fetch, values
from abhaya.triage import signals
from abhaya.triage.queries import PERSONS as SQL
from abhaya.triage.queries import REPORTS_OF_A_PERSON_MAX, Assessed, of_persons

NAMED_MAX = 3  # numbers of reports in a sentence
# What a report has to tell for the sentence of a code to name it.
_TOLD_BY = {
    "subject_many": signals.COUNTS,
    "subject_some": signals.COUNTS,
    "subject_danger": signals.DANGER,
    "subject_meet": signals.MEET,
    "subject_sought": signals.SOUGHT,
}


class _Open(NamedTuple):
    number: int
    tells: int


def stale(persons: Sequence[UUID], stage: str) -> list[UUID]:
    """Reports of these persons (subjects, or accounts alone) that wait to be worked on and would be ranked otherwise now."""
    given = of_persons(UUID(int=0)) | {"persons": list(persons), "stage": stage}
    found: list[UUID] = values(SQL["stale"].replace("{said}", SQL["said"]), given)
    return found


def as_open(report_id: UUID, assessment: Assessed | None) -> Assessed | None:
    """Why a report is ranked as it is, as the acting officer may read it: by which other reports of its persons, where those
    are open to them; else only that there is one.
    """
    if assessment is None or not any(reason.code in _TOLD_BY for reason in assessment.reasons):
        return assessment
    others = fetch(_Open, SQL["open_to_reader"], {"report": report_id, "most": REPORTS_OF_A_PERSON_MAX})
    return replace(assessment, reasons=tuple(_as_open(reason, others) for reason in assessment.reasons))


def _as_open(reason: Reason, others: Sequence[_Open]) -> Reason:
    numbers = [str(one.number) for one in others if one.tells & _TOLD_BY.get(reason.code, 0)]
    if not numbers:
        return reason
    more = ["…"] if len(numbers) > NAMED_MAX else []
    return Reason(f"{reason.code}_open", {"numbers": ", ".join([*numbers[:NAMED_MAX], *more])}, reason.weight)

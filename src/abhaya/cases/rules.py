"""Who is told what, when two sides have the same identifier? (pure)

Open and open: each is told the other's contact. Covert and open: only the covert side's liaison is told, with the other's
contact, and decides. Covert and covert: each liaison is asked, and told no contact before the other has spoken.
"""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

TOLD, PENDING, SPOKEN = "told", "pending", "spoken"


class CaseSide(NamedTuple):
    id: UUID
    covert: bool
    liaison: UUID
    contact: str
    unit: UUID


class ReportSide(NamedTuple):
    compartment: UUID
    report: UUID
    holder: UUID  # the unit that works on it


class Side(NamedTuple):
    """What one side is told: written in that side's compartment. `other` says for which pair, and is shown to nobody."""

    compartment: UUID
    watched: UUID
    kind: str
    other: UUID
    state: str
    report_id: UUID | None = None
    liaison_id: UUID | None = None
    talk_officer: UUID | None = None
    talk_contact: str = ""
    talk_unit: UUID | None = None


def case_and_report(case: CaseSide, report: ReportSide, watched: UUID, kind: str, said: str) -> list[Side]:
    """A case's identifier in another unit's report. `said`: what the case has decided about this unit, "" for nothing yet."""
    own = Side(
        case.id, watched, kind, report.holder, PENDING if case.covert else TOLD,
        liaison_id=case.liaison if case.covert else None, talk_unit=report.holder,
    )  # fmt: skip
    if case.covert and said != SPOKEN:
        return [own]
    return [own, hears(report.compartment, case, watched, kind, report_id=report.report)]


def between_cases(one: CaseSide, other: CaseSide, watched: UUID, kind: str) -> list[Side]:
    """An identifier that two cases of different units have noted."""
    if one.covert and other.covert:
        return [_asked(one, other, watched, kind), _asked(other, one, watched, kind)]
    if one.covert or other.covert:
        covert, plain = (one, other) if one.covert else (other, one)
        return [hears(covert.id, plain, watched, kind)._replace(state=PENDING, liaison_id=covert.liaison)]
    return [hears(one.id, other, watched, kind), hears(other.id, one, watched, kind)]


def hears(compartment: UUID, speaker: CaseSide, watched: UUID, kind: str, report_id: UUID | None = None) -> Side:
    """The side in this compartment is told to talk to the speaker's liaison."""
    return Side(
        compartment, watched, kind, speaker.id, TOLD, report_id,
        talk_officer=speaker.liaison, talk_contact=speaker.contact, talk_unit=speaker.unit,
    )  # fmt: skip


def _asked(case: CaseSide, other: CaseSide, watched: UUID, kind: str) -> Side:
    return Side(case.id, watched, kind, other.id, PENDING, liaison_id=case.liaison)

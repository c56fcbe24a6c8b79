"""Who is told what, when two sides have the same identifier, file or person? (pure)

Open and open: each is told the other's contact. Covert and open: only the covert side's liaison is told, with the other's
contact, and decides. Covert and covert: each liaison is asked, and told no contact before the other has spoken.
"""

from __future__ import annotations

from collections.abc import Sequence
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


class Thing(NamedTuple):
    """What both sides have: an identifier, a file of which both hold the very bytes, or a person by whatever accounts."""

    id: UUID  # the selector's, or the subject's
    kind: str
    digest: bytes | None = None  # SHA-256 of a file


class Side(NamedTuple):
    """What one side is told: written in that side's compartment. `other` says for which pair, and is shown to nobody."""

    compartment: UUID
    watched: UUID
    kind: str
    digest: bytes | None
    other: UUID
    state: str
    report_id: UUID | None = None
    liaison_id: UUID | None = None
    told_unit: UUID | None = None
    talk_officer: UUID | None = None
    talk_contact: str = ""
    talk_unit: UUID | None = None


def case_and_report(case: CaseSide, report: ReportSide, thing: Thing, said: str) -> list[Side]:
    """A case's identifier or file in another unit's report. `said`: what the case has decided about this unit, "" for
    nothing yet. A covert case speaks to this unit alone: to whoever gets the report later, it decides anew.
    """
    own = Side(
        case.id, *thing, report.holder, PENDING if case.covert else TOLD,
        liaison_id=case.liaison if case.covert else None, talk_unit=report.holder,
    )  # fmt: skip
    if case.covert and said != SPOKEN:
        return [own]
    told = hears(report.compartment, case, thing)
    return [own, told._replace(report_id=report.report, told_unit=report.holder if case.covert else None)]


def between_cases(one: CaseSide, other: CaseSide, thing: Thing) -> list[Side]:
    """An identifier that two cases of different units have noted, or a file in reports of both."""
    if one.covert and other.covert:
        return [_asked(one, other, thing), _asked(other, one, thing)]
    if one.covert or other.covert:
        covert, plain = (one, other) if one.covert else (other, one)
        return [hears(covert.id, plain, thing)._replace(state=PENDING, liaison_id=covert.liaison)]
    return [hears(one.id, other, thing), hears(other.id, one, thing)]


def between_reports(reports: Sequence[ReportSide], thing: Thing) -> list[Side]:
    """Reports of one person that different units work on: each is told to talk to every other unit, and not why."""
    units = dict.fromkeys(report.holder for report in reports)
    return [
        Side(report.compartment, *thing, unit, TOLD, report_id=report.report, talk_unit=unit)
        for report in reports
        for unit in units
        if unit != report.holder
    ]


def hears(compartment: UUID, speaker: CaseSide, thing: Thing) -> Side:
    """The side in this compartment is told to talk to the speaker's liaison."""
    return Side(
        compartment, *thing, speaker.id, TOLD,
        talk_officer=speaker.liaison, talk_contact=speaker.contact, talk_unit=speaker.unit,
    )  # fmt: skip


def _asked(case: CaseSide, other: CaseSide, thing: Thing) -> Side:
    return Side(case.id, *thing, other.id, PENDING, liaison_id=case.liaison)

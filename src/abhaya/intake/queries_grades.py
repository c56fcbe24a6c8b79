"""Readers of grades: how reports are graded now, and what was said of a report or a sender."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.intake.admiralty import Grade, Word, of_report
from abhaya.shared.sql import NamedSql, as_row, fetch

SQL = NamedSql(__file__, "grades.sql")
SHOWN_MAX = 100


class GradeRow(NamedTuple):
    """What somebody said. `reliability` "": as the sender's; `credibility` "" in a grade of a sender."""

    id: UUID
    reliability: str
    credibility: str
    why: str
    by_name: str
    at: datetime
    undone_at: datetime | None
    undone_by_name: str
    undone_why: str


def of_reports(reports: Collection[UUID]) -> dict[UUID, Grade]:
    """How each of these reports is graded, by what the viewer may read; F6 where nobody said anything."""
    if not reports:
        return {}
    rows = fetch(as_row, SQL["of_reports"], {"reports": sorted(reports)})
    entering = _("the officer who entered it")
    return {
        report: of_report(Word(reliability, credibility, by), Word(entered[:1], entered[1:], entering), Word(sender, "", sender_by))
        for report, reliability, credibility, by, entered, sender, sender_by in rows
    }  # fmt: skip


def said_of_report(report_id: UUID) -> list[GradeRow]:
    return fetch(GradeRow, SQL["said_of_report"], {"id": report_id, "most": SHOWN_MAX})


def said_of_sender(sender_id: UUID) -> list[GradeRow]:
    return fetch(GradeRow, SQL["said_of_sender"], {"id": sender_id, "most": SHOWN_MAX})


def standing(rows: Collection[GradeRow]) -> GradeRow | None:
    """The one that counts: the newest that was not taken back."""
    return next((one for one in rows if one.undone_at is None), None)

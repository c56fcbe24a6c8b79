"""Actions on grades: what is said of a sender's reliability, and of one report. Each word has its reason, and can be taken
back; the one before it then counts again.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.access.actions.approvals import sound
from abhaya.access.permissions import Permission
from abhaya.access.queries import SignedIn, trace, works_on
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.intake.admiralty import CREDIBILITY, RELIABILITY, Word
from abhaya.intake.queries_grades import SQL
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import insert
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import value


def grade_sender(sender_id: UUID, reliability: str, why: str, officer: SignedIn) -> UUID:
    """How reliable a sender is, for all its reports from now on and before. Returns the grade's id."""
    _permitted(officer, Permission.INTAKE_SENDER_MANAGE)
    if reliability not in RELIABILITY:
        raise OfficerError(_("Choose a grade."))
    if not value(SQL["sender_is_there"], {"id": sender_id}):
        raise NotThere(_("There is no such sender."))
    kept = {"sender_id": sender_id, "reliability": reliability}
    grade = _insert("intake_sender_grade", kept, why, officer)
    record([Act(Event.INTAKE_SENDER_GRADED, sender_id, None, {"reliability": reliability})])
    return grade


def undo_sender_grade(sender_id: UUID, grade_id: UUID, why: str, officer: SignedIn) -> None:
    _permitted(officer, Permission.INTAKE_SENDER_MANAGE)
    _undone("undo_sender", grade_id, sender_id, why, officer)
    record([Act(Event.INTAKE_SENDER_GRADE_UNDONE, sender_id)])


def grade_report(report_id: UUID, word: Word, why: str, officer: SignedIn) -> UUID:
    """A word on one report: how credible what it says is, and how reliable its source where that differs from the sender's.

    Kept in the report's compartment, or in the covert case that is the officer's only way to it. Returns the grade's id.
    """
    _permitted(officer, Permission.INTAKE_REPORT_GRADE)
    if word.credibility not in CREDIBILITY or word.reliability not in {"", *RELIABILITY}:
        raise OfficerError(_("Choose a grade."))
    compartment = value(SQL["compartment_of"], {"id": report_id})
    if compartment is None:
        raise NotThere(_("There is nothing here for you."))
    where = trace(compartment)
    if not works_on(where):
        raise NotPermitted(_("Only a unit that works on the report may grade it."))
    graded = {"reliability": word.reliability, "credibility": word.credibility}
    kept = {"compartment": where, "report_id": report_id, "by_unit": officer.unit_id, **graded}
    grade = _insert("intake_grade", kept, why, officer)
    record([Act(Event.INTAKE_REPORT_GRADED, report_id, where, graded)])
    return grade


def undo_report_grade(report_id: UUID, grade_id: UUID, why: str, officer: SignedIn) -> None:
    """Takes a word on a report back. Whoever works where it was given may, with their own reason."""
    _permitted(officer, Permission.INTAKE_REPORT_GRADE)
    where = _undone("undo", grade_id, report_id, why, officer)
    record([Act(Event.INTAKE_REPORT_GRADE_UNDONE, report_id, where)])


def _permitted(officer: SignedIn, permission: Permission) -> None:
    if not officer.may(permission):
        raise NotPermitted(_("There is nothing here for you."))


def _insert(table: str, kept: dict[str, object], why: str, officer: SignedIn) -> UUID:
    row = {"id": uuid7(), **kept, "why": sound(why), "by_officer": officer.id, "by_name": officer.name}
    insert(table, list(row), [list(row.values())])
    return UUID(str(row["id"]))


def _undone(statement: str, grade_id: UUID, of: UUID, why: str, officer: SignedIn) -> UUID:
    wanted = {"id": grade_id, "of": of, "why": sound(why), "officer": officer.id, "name": officer.name}
    found: UUID | None = value(SQL[statement], wanted)
    if found is None:
        raise OfficerError(_("This was taken back already, or is not yours to take back."))
    return found

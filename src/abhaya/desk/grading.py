"""Grades where evidence is shown: each report's, in words, and where what holds a link together rests on a weak one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.intake.admiralty import FOR_THE_READER, SENTENCES, Grade
from abhaya.intake.queries_grades import of_reports
from abhaya.linking.subject_shown import Account, Step
from abhaya.shared.reason import Reason

WORDS = {"grade_sentences": SENTENCES, "grade_words": {"reader": FOR_THE_READER}}
Grades = Mapping[UUID, Grade]


def grades_of(accounts: Iterable[Account]) -> dict[UUID, Grade]:
    """How each report is graded in which these accounts stand."""
    return of_reports({seat.report_id for account in accounts for seat in account.seats})


def said(grade: Grade) -> str:
    """A grade in a few words; `intake/grade.html` says the same."""
    codes = {"source": grade.reliability, "information": grade.credibility}
    if grade.source_by and grade.by:
        return _("source %(source)s, information %(information)s") % codes
    if grade.source_by:
        return _("source %(source)s, information not yet graded") % codes
    if grade.by:
        return _("source not yet graded, information %(information)s") % codes
    return _("not yet graded")


def weak_in(step: Step, grades: Grades) -> list[Reason]:
    """Where the strongest evidence of a link comes, on a side, from one report alone, and that is graded weak."""
    strongest = step.strongest
    if strongest is None or step.word is not None:
        return []
    alone = [next(iter(reports)) for reports in strongest.reports if len(reports) == 1]
    code = "grade_weak" if len(set(alone)) == 1 and len(alone) == 2 else "grade_weak_side"
    numbers = {seat.report_id: seat.number for one in (step.a, step.b, *step.beside) for seat in one.seats}
    found = []
    for report in dict.fromkeys(alone):
        grade = grades.get(report)
        if grade and grade.weak_by:
            values = {"number": str(numbers[report]), "grade": grade.code, "names": ", ".join(grade.weak_by)}
            found.append(Reason(code, dict(values)))
    return found

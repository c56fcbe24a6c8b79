"""How one report is graded: what its source and its information are worth, by whose word; giving a word, taking it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.access.queries import trace
from abhaya.desk import masking
from abhaya.desk.dossier import open_report
from abhaya.desk.grading import WORDS
from abhaya.desk.in_hand import is_anothers, may_read_along
from abhaya.desk.subject_view import status_of
from abhaya.errors import OfficerError
from abhaya.intake import queries_grades as grades
from abhaya.intake.admiralty import CREDIBILITY, CREDIBILITY_MEANS, RELIABILITY, RELIABILITY_MEANS, Word
from abhaya.intake.forms_grades import GradeForm, UndoForm
from abhaya.intake.grades import grade_report, undo_report_grade
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.triage import queries as triage


@requires(Permission.DESK_REPORT_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def grade(request: OfficerRequest, report_id: UUID) -> HttpResponse:
    """The grade that counts, every word that was said with its reason, and the forms to say one or take one back."""
    row = open_report(report_id)
    standing, assessment, _together = triage.of_report(report_id)
    if standing is not None and is_anothers(standing, request.officer) and not may_read_along(request.officer):
        return redirect("desk-report", report_id=report_id)  # which says who has it
    said_of_sender = grades.standing(grades.said_of_sender(row.sender_id))
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = GradeForm(
        request.POST if act == "grade" else None, sender=said_of_sender.reliability if said_of_sender else "F"
    )
    undo = UndoForm(request.POST if act == "undo" else None, auto_id="undo-%s")
    refused: OfficerError | None = None
    try:
        if _changed(request, report_id, form, undo):
            return redirect("desk-grade", report_id=report_id)
    except OfficerError as refusal:
        refused = refusal
    record([Act(Event.DESK_REPORT_VIEWED, row.id, trace(row.compartment))])
    _laid, masked = masking.lay_out(row, assessment)
    rows = [
        one._replace(why=masked.text(one.why), undone_why=masked.text(one.undone_why))
        for one in grades.said_of_report(report_id)
    ]
    newest = grades.standing(rows)
    if newest and not undo.is_bound:
        undo = UndoForm(initial={"grade": newest.id}, auto_id="undo-%s")
    context = {
        "report": row,
        "grade": grades.of_reports([report_id])[report_id],
        "rows": rows,
        "newest": newest,
        "of_sender": said_of_sender,
        "form": form,
        "undo": undo,
        "may_grade": request.officer.may(Permission.INTAKE_REPORT_GRADE),
        "refused": refused.sentence if refused else "",
        "reliability": RELIABILITY,
        "reliability_means": RELIABILITY_MEANS,
        "credibility": CREDIBILITY,
        "credibility_means": CREDIBILITY_MEANS,
        **WORDS,
    }
    return render(request, "desk/grade.html", context, status=status_of({**form.errors, **undo.errors}, refused))


def _changed(request: OfficerRequest, report_id: UUID, form: GradeForm, undo: UndoForm) -> bool:
    """Whether a word was written down, or taken back."""
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        grade_report(report_id, Word(given["reliability"], given["credibility"]), given["why"], request.officer)
        messages.success(request, _("Graded, with your name and reason."))
        return True
    if undo.is_bound and undo.is_valid():
        given = undo.cleaned_data
        undo_report_grade(report_id, given["grade"], given["why"], request.officer)
        messages.success(request, _("Taken back. It stays on record, with your reason."))
        return True
    return False

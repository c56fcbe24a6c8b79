"""Pages of the room: the officer's form, loads and column mapping, senders and what their reports lack."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from abhaya.access.gate import OfficerRequest, requires, with_road
from abhaya.access.permissions import Permission
from abhaya.errors import NotThere, OfficerError
from abhaya.intake import loads, queries, queries_grades
from abhaya.intake.admiralty import FOR_THE_READER, RELIABILITY, RELIABILITY_MEANS
from abhaya.intake.forms import GROUPS, LoadForm, MappingForm, ReportForm, SenderForm
from abhaya.intake.forms_grades import SenderGradeForm, UndoForm
from abhaya.intake.grades import grade_sender, undo_sender_grade
from abhaya.intake.jobs import LOAD
from abhaya.intake.officer_reports import enter_report
from abhaya.intake.reasons import LACKS
from abhaya.intake.senders import add_sender
from abhaya.intake.words import SENDER_KINDS
from abhaya.shared.jobs import defer
from abhaya.shared.sql import fetch

LOADS_SHOWN_MAX = 50
LINES_SHOWN_MAX = 500
GRADES = {
    "reliability": RELIABILITY,
    "reliability_means": RELIABILITY_MEANS,
    "grade_words": {"reader": FOR_THE_READER},
}


@requires(Permission.INTAKE_REPORT_ENTER)
@with_road("what was typed is received as any report is")
@require_http_methods(["GET", "POST"])
def enter(request: OfficerRequest) -> HttpResponse:
    """A walk-in, telephone or written report."""
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        receipt = enter_report(request.officer, form.cleaned_data)
        messages.success(request, _("The report is entered under number %(number)s.") % {"number": receipt.number})
        return redirect("desk-report", report_id=receipt.report_id)
    groups = [(title, [form[name] for name in names]) for title, names in GROUPS]
    return render(request, "intake/enter.html", {"form": form, "groups": groups}, status=422 if form.errors else 200)


@requires(Permission.INTAKE_REPORT_LOAD)
@with_road("what is brought is taken in as any drop is")
@require_http_methods(["GET", "POST"])
def load(request: OfficerRequest) -> HttpResponse:
    """Bring files in, and what became of those brought before."""
    form = LoadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        load_id = loads.keep_uploads(request.officer.unit_id, request.officer.id, form.cleaned_data["uploads"])
        return redirect("intake-load-one", load_id=load_id)
    rows = fetch(loads.LoadRow, loads.SQL["loads"], {"unit": request.officer.unit_id, "most": LOADS_SHOWN_MAX})
    return render(request, "intake/load.html", {"form": form, "loads": rows}, status=422 if form.errors else 200)


@requires(Permission.INTAKE_REPORT_LOAD)
@require_http_methods(["GET", "POST"])
def load_one(request: OfficerRequest, load_id: UUID) -> HttpResponse:
    """One load: its columns if they are new here, its progress, what it set aside."""
    row = loads.load_row(load_id)
    if row is None or row.unit_id != request.officer.unit_id:
        raise NotThere(_("There is no such load, or it is not your unit’s."))
    unknown = loads.unmapped(row) if row.state == "waiting" else None
    if unknown is not None:
        form = MappingForm(unknown.sheet.header, unknown.suggested, request.POST or None)
        if request.method == "POST" and form.is_valid():
            loads.save_mapping(row.unit_id, request.officer.id, unknown.name, unknown.sheet.header, form.columns())
            return redirect("intake-load-one", load_id=load_id)
        examples = [
            (form[f"column{index}"], [cells[index] for _number, cells in unknown.sheet.rows[:3] if index < len(cells)])
            for index in range(len(unknown.sheet.header))
        ]
        context = {"load": row, "unknown": unknown, "form": form, "columns": examples}
        return render(request, "intake/map.html", context, status=422 if form.errors else 200)
    if row.state == "waiting" and request.method == "POST":
        defer(LOAD, load_id=str(load_id))
        return redirect("intake-load-one", load_id=load_id)
    lines = fetch(lambda path, reason: (path, reason), loads.SQL["lines"], {"load": load_id, "most": LINES_SHOWN_MAX})
    template = "intake/load_progress.html" if request.headers.get("HX-Request") else "intake/load_one.html"
    return render(request, template, {"load": row, "lines": lines})


@requires(Permission.INTAKE_SENDER_READ)
@require_safe
def senders(request: OfficerRequest) -> HttpResponse:
    """Who sends, how much, and how complete it is."""
    return render(request, "intake/senders.html", {"senders": queries.senders()})


@requires(Permission.INTAKE_SENDER_READ)
@require_safe
def sender(request: OfficerRequest, sender_id: UUID) -> HttpResponse:
    """One sender: what its reports lack, field by field."""
    row = queries.sender(sender_id)
    if row is None:
        raise NotThere(_("There is no such sender."))
    graded = queries_grades.said_of_sender(sender_id)
    context = {
        "sender": row,
        "lacks": queries.quality(sender_id),
        "words": LACKS,
        "kinds": SENDER_KINDS,
        "days": queries.QUALITY_DAYS,
        "grades": graded,
        "newest": queries_grades.standing(graded),
        **GRADES,
    }
    return render(request, "intake/sender.html", context)


@requires(Permission.INTAKE_SENDER_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def sender_grade(request: OfficerRequest, sender_id: UUID) -> HttpResponse:
    """How reliable a sender is, said with a reason; or what was said taken back."""
    row = queries.sender(sender_id)
    if row is None:
        raise NotThere(_("There is no such sender."))
    act = request.POST.get("act", "") if request.method == "POST" else ""
    newest = queries_grades.standing(queries_grades.said_of_sender(sender_id))
    form = SenderGradeForm(request.POST if act == "grade" else None)
    undo = UndoForm(request.POST if act == "undo" else None, initial={"grade": newest and newest.id}, auto_id="undo-%s")
    refused: OfficerError | None = None
    try:
        if _graded(request, sender_id, form, undo):
            return redirect("intake-sender", sender_id=sender_id)
    except OfficerError as refusal:
        refused = refusal
    context = {
        "sender": row,
        "newest": newest,
        "form": form,
        "undo": undo,
        "refused": refused.sentence if refused else "",
        **GRADES,
    }
    status = refused.status if refused else 422 if form.errors or undo.errors else 200
    return render(request, "intake/sender_grade.html", context, status=status)


def _graded(request: OfficerRequest, sender_id: UUID, form: SenderGradeForm, undo: UndoForm) -> bool:
    """Whether a grade was written down, or taken back."""
    if form.is_bound and form.is_valid():
        grade_sender(sender_id, form.cleaned_data["reliability"], form.cleaned_data["why"], request.officer)
        messages.success(request, _("Graded, with your name and reason."))
        return True
    if undo.is_bound and undo.is_valid():
        undo_sender_grade(sender_id, undo.cleaned_data["grade"], undo.cleaned_data["why"], request.officer)
        messages.success(request, _("Taken back. It stays on record, with your reason."))
        return True
    return False


@requires(Permission.INTAKE_SENDER_MANAGE)
@require_http_methods(["GET", "POST"])
def sender_add(request: OfficerRequest) -> HttpResponse:
    """A new sender of the officer's own unit."""
    form = SenderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        sender_id = add_sender(
            given["name"], request.officer.unit_id, kind=given["kind"], username=given["username"] or None,
            password=given["password"], is_test=given["is_test"], duty_contact=given["duty_contact"],
        )  # fmt: skip
        return redirect("intake-sender", sender_id=sender_id)
    return render(request, "intake/sender_add.html", {"form": form}, status=422 if form.errors else 200)

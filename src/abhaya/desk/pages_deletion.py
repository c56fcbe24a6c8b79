"""What is due, what would go, two people, and the proof; and the legal holds that stop it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abhaya.access.actions import approvals
from abhaya.access.gate import OfficerRequest, requires, with_road
from abhaya.access.permissions import Permission
from abhaya.custody import clocks, erasure, holds
from abhaya.custody import preview as previews
from abhaya.custody.formats import deletion_sheet
from abhaya.desk import finding, queries
from abhaya.desk.deletion_words import GROUND_NAMES, KEPT_WHY, KIND_NAMES, STATE_NAMES, TABLE_NAMES
from abhaya.desk.dossier import open_report
from abhaya.desk.forms_deletion import AskForm, HoldForm, IdentifierHoldForm, LiftForm
from abhaya.errors import NotThere, OfficerError
from abhaya.intake import queries as intake
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.identity import acting
from abhaya.shared.reason import Reason
from abhaya.web.rooms import counted_by

BY_HAND = "decision"
WORDS = {"kinds": KIND_NAMES, "grounds": GROUND_NAMES, "states": STATE_NAMES, "tables": TABLE_NAMES, "kept": KEPT_WHY}


@requires(Permission.CUSTODY_DELETION_HANDLE)
@require_safe
def deletions(request: OfficerRequest) -> HttpResponse:
    """What is due in the unit, what was asked for and deleted, and the unit's legal holds."""
    unit = request.officer.unit_id
    due = previews.due(unit)
    reports = queries.reports_of([row.compartment for row in due])
    context = {
        "due": [(row, reports.get(row.compartment)) for row in due],
        "deletions": previews.of_unit(unit),
        "holds": holds.of_unit(unit),
        **WORDS,
    }
    return render(request, "desk/deletions.html", context)


@requires(Permission.CUSTODY_DELETION_HANDLE)
@require_safe
def retention(request: OfficerRequest) -> HttpResponse:
    """The rules in force, each with its source."""
    return render(request, "desk/retention.html", {"rules": clocks.rules(), **WORDS})


@requires(Permission.CUSTODY_DELETION_HANDLE)
@with_road("a decided deletion is the road's to carry out")
@require_http_methods(["GET", "HEAD", "POST"])
def deletion(request: OfficerRequest, report_id: UUID) -> HttpResponse:
    """Exactly what would go. POST asks a second person; once granted, POST with `step=delete` decides it."""
    row = open_report(report_id)
    asked = previews.open_deletion(row.compartment)
    if request.method == "POST" and request.POST.get("step") == "delete":
        return _delete(request, row, asked)
    shown = previews.preview(row.compartment)
    form = AskForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                _ask(request, row, shown, form)
            except OfficerError as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Asked. A second person sees exactly what would go, and answers."))
                return redirect("desk-deletion", report_id=report_id)
    record([Act(Event.CUSTODY_DELETION_PREVIEWED, row.id, row.compartment, {"rows": shown.rows})])
    context = {
        "report": row, "preview": shown, "form": form, "asked": asked,
        "is_mine": asked is not None and asked.asked_by == request.officer.id,
        "has_changed": asked is not None and asked.seen != shown.digest, **WORDS,
    }  # fmt: skip
    return render(request, "desk/deletion.html", context, status=status)


def _ask(request: OfficerRequest, row: intake.ReportRow, shown: previews.Preview, form: forms.Form) -> None:
    officer, said = request.officer, form.cleaned_data
    purpose = approvals.sound(said["purpose"])
    with acting(officer.id, name=officer.name, purpose=purpose):
        deletion_id = erasure.ask(
            erasure.Asked(
                row.compartment, officer.unit_id, BY_HAND, BY_HAND, said["ground"], said["reference"], shown.digest
            )
        )
        what = Reason(
            "approval-purge-report",
            {
                "number": str(row.number),
                "rows": shown.rows,
                "originals": len(shown.originals),
                "reference": said["reference"],
            },
        )
        page = reverse("desk-deletion", args=[row.id])
        kind = approvals.ApprovalKind.PURGE
        approvals.ask(kind, deletion_id, row.compartment, purpose, officer, what=what, page=page)


def _delete(request: OfficerRequest, row: intake.ReportRow, asked: previews.DeletionRow | None) -> HttpResponse:
    if asked is None or asked.state != "asked":
        raise OfficerError(_("This deletion is not waiting for a decision any more."))
    shown = previews.preview(row.compartment)
    if shown.is_held:
        raise OfficerError(_("A legal hold stops this deletion. Nothing is deleted while it stands."))
    if shown.digest != asked.seen:
        raise OfficerError(_("The report has changed since the second person was asked. Take it back and ask again."))
    spent = approvals.spend(approvals.ApprovalKind.PURGE, asked.id, request.officer)
    if spent.decided_by is None:
        raise approvals.NeedsSecondPerson
    with acting(request.officer.id, name=request.officer.name, purpose=spent.purpose):
        erasure.decide(asked.id, spent.decided_by, spent.decided_by_name)
    messages.success(request, _("Decided by two people. It goes within seconds; the certificate stands here."))
    return redirect("desk-deletions")


@requires(Permission.CUSTODY_DELETION_HANDLE)
@with_road("so is taking it back")
@require_POST
def withdraw(request: OfficerRequest, deletion_id: UUID) -> HttpResponse:
    previews.deletion(deletion_id)
    erasure.withdraw(deletion_id)
    messages.success(request, _("Taken back. Nothing was deleted."))
    return redirect("desk-deletions")


@requires(Permission.CUSTODY_DELETION_HANDLE)
@require_safe
def certificate(request: OfficerRequest, deletion_id: UUID) -> HttpResponse:  # noqa: ARG001 — the gate has used it
    """The signed text, as a file to hand over."""
    found = _certified(deletion_id)
    response = HttpResponse(found.certificate, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="deletion-{found.id}.txt"'
    return response


@requires(Permission.CUSTODY_DELETION_HANDLE)
@require_safe
def certificate_paper(request: OfficerRequest, deletion_id: UUID) -> HttpResponse:  # noqa: ARG001 — the gate has used it
    """The same on paper, in English and Hindi."""
    found = _certified(deletion_id)
    if not deletion_sheet.fits(found.certificate):
        raise OfficerError(_("This certificate names too many originals for paper. Hand over the text file."))
    paper = deletion_sheet.pdf(found.certificate, {"kind": KIND_NAMES, "ground": GROUND_NAMES})
    response = HttpResponse(paper, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="deletion-{found.id}.pdf"'
    return response


def _certified(deletion_id: UUID) -> previews.DeletionRow:
    found = previews.deletion(deletion_id)
    if not found.certificate:
        raise NotThere(_("There is no certificate yet: nothing was deleted."))
    return found


@requires(Permission.CUSTODY_HOLD_PLACE)
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: OfficerRequest, report_id: UUID) -> HttpResponse:
    """Places a legal hold on a report."""
    row = open_report(report_id)
    form = HoldForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _placed(request, form, compartment=row.compartment):
        messages.success(request, _("The legal hold stands. Nothing of this report is deleted until it is lifted."))
        return redirect("desk-report", report_id=report_id)
    context = {"form": form, "report": row, "heading": _("Place a legal hold"), "action": _("Place the hold")}
    return render(request, "desk/ask.html", context, status=422 if form.errors else 200)


@requires(Permission.CUSTODY_HOLD_PLACE)
@require_http_methods(["GET", "HEAD", "POST"])
def hold_identifier(request: OfficerRequest) -> HttpResponse:
    """Places a legal hold on an identifier, in whichever reports it stands: the page says nothing of those."""
    form = IdentifierHoldForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        found = finding.candidates(form.cleaned_data["identifier"].strip(), queries.platforms())
        if not found:
            form.add_error("identifier", _("This reads as no identifier. Write it as it would stand in a report."))
        elif all(_placed(request, form, subject=one.selector, subject_kind=one.kind) for one in found):
            messages.success(request, _("The legal hold stands on every report with this identifier, also later ones."))
            return redirect("desk-deletions")
    context = {"form": form}
    return render(request, "desk/hold_identifier.html", context, status=422 if form.errors else 200)


def _placed(
    request: OfficerRequest,
    form: forms.Form,
    *,
    compartment: UUID | None = None,
    subject: UUID | None = None,
    subject_kind: str = "",
) -> bool:
    said = form.cleaned_data
    try:
        holds.place(
            holds.Placed(
                request.officer.unit_id, said["authority"], said["reason"], said["review_on"],
                compartment=compartment, subject=subject, subject_kind=subject_kind,
            )
        )  # fmt: skip
    except OfficerError as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


@requires(Permission.CUSTODY_HOLD_PLACE)
@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: OfficerRequest, hold_id: UUID) -> HttpResponse:
    """Ends a hold of the officer's own unit."""
    found = next((one for one in holds.of_unit(request.officer.unit_id) if one.id == hold_id), None)
    if found is None:
        raise NotThere(_("There is no such hold of your unit."))
    form = LiftForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        holds.lift(hold_id, form.cleaned_data["reason"])
        messages.success(request, _("The hold is lifted. Others that overlap still stand."))
        return redirect("desk-deletions")
    return render(request, "desk/hold_lift.html", {"form": form, "hold": found}, status=422 if form.errors else 200)


counted_by("desk-deletions", previews.SQL["count_due"])

"""Emergency access: a report opened by its number now, the owners told, and the review that one of them must write."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from abhaya.access import emergencies, session
from abhaya.access.actions.emergencies import OPEN, PER_DAY_MAX, review
from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.desk import finding
from abhaya.desk.actions import open_in_emergency
from abhaya.desk.forms import EmergencyOpenForm, ReviewForm
from abhaya.errors import NotThere, OfficerError
from abhaya.intake import queries as intake
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.web.rooms import counted_by

NOT_OPENED = 422


@requires(Permission.ACCESS_EMERGENCY_OPEN)
@session.confirmed_within(minutes=session.GRAVE_ACT_MINUTES)
@require_http_methods(["GET", "HEAD", "POST"])
def open_report(request: OfficerRequest) -> HttpResponse:
    """By its number, with the danger in words. What cannot be opened in this way always answers the same."""
    form = EmergencyOpenForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = NOT_OPENED
        if form.is_valid():
            reference, reason = form.cleaned_data["reference"], form.cleaned_data["reason"]
            mine = _open_already(reference)
            if mine is not None:
                messages.info(request, _("This report is open to you already."))
                return redirect("desk-report", report_id=mine)
            try:
                opened = open_in_emergency(reference, reason, request.officer)
            except OfficerError as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                if opened is not None:
                    messages.warning(
                        request, _("Open to you for four hours. Those who hold it, and the auditor, see that and why.")
                    )
                    return redirect("desk-report", report_id=opened)
                form.add_error(
                    None,
                    _(
                        "No report can be opened in this way by this number. That you asked is recorded, with your reason."
                    ),
                )
    context = {"form": form, "used": emergencies.used_today(OPEN), "most": PER_DAY_MAX[OPEN]}
    return render(request, "desk/emergency_open.html", context, status=status)


@requires(Permission.ACCESS_EMERGENCY_READ)
@require_safe
def listed(request: OfficerRequest) -> HttpResponse:
    """What waits for its review, with its age; what was reviewed; what was asked for and refused. An auditor sees all of
    it and no content; who answers for a unit, what its officers did; who holds a report, what was done with it.
    """
    unreviewed = emergencies.unreviewed()
    context = {
        "ours": [one for one in unreviewed if one.is_ours],
        "others": [one for one in unreviewed if not one.is_ours],
        "reviewed": emergencies.reviewed(),
        "refused": emergencies.refused(),
        "may_open": request.officer.may(Permission.ACCESS_EMERGENCY_OPEN),
    }
    if request.officer.may(Permission.LEDGER_LEDGER_READ):
        record([Act(Event.LEDGER_LEDGER_READ, facts={"page": "emergencies", "rows": len(unreviewed)})])
    return render(request, "desk/emergencies.html", context)


@requires(Permission.ACCESS_EMERGENCY_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: OfficerRequest, emergency_id: UUID) -> HttpResponse:
    """One of them, and its review."""
    found = emergencies.emergency(emergency_id)
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    form = ReviewForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                review(
                    emergency_id,
                    request.officer,
                    form.cleaned_data["answer"] == "justified",
                    form.cleaned_data["words"],
                )
            except OfficerError as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("The review is written."))
                return redirect("desk-emergencies")
    holds = found.target is not None and intake.report(found.target) is not None
    context = {"emergency": found, "form": form if found.is_ours or form.is_bound else None, "holds": holds}
    return render(request, "desk/emergency.html", context, status=status)


def _open_already(reference: str) -> UUID | None:
    number = finding.number(reference.strip())
    found = intake.report_numbered(number) if number is not None else None
    if found is None:
        referred = intake.reports_with_reference(reference.strip())
        found = referred[0] if len(referred) == 1 else None
    return found


counted_by("desk-emergencies", emergencies.SQL["waiting"])

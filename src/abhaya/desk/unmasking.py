"""The way to a masked identity, the same for a report's page and for an original in full: a second person, or alone in an
emergency and reviewed afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from abhaya.access import approvals
from abhaya.access.actions import ApprovalKind, ask, spend
from abhaya.access.actions.emergencies import unmask_in_emergency
from abhaya.access.gate import OfficerRequest
from abhaya.access.queries import trace
from abhaya.desk.forms import EmergencyForm, PurposeForm
from abhaya.errors import OfficerError
from abhaya.intake import queries as intake
from abhaya.shared.reason import Reason


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be seen: `target` is the report, or the item that is opened in full."""

    target: UUID
    report: intake.ReportRow
    what: Reason
    heading: str


def permitted(request: OfficerRequest, wanted: Wanted) -> str | HttpResponse:
    """The purpose for which it may be shown now, once; or the page that asks, waits, or refuses.

    POST `act`: `ask` (a second person), `show` (use what was granted), `emergency` (alone, now, reviewed afterwards).
    """
    act = request.POST.get("act", "") if request.method == "POST" else ""
    ask_form = PurposeForm(request.POST if act == "ask" else None)
    emergency_form = EmergencyForm(request.POST if act == "emergency" else None, auto_id="emergency-%s")
    report, status, refused = wanted.report, 200, ""
    try:
        if act == "show":
            return spend(ApprovalKind.UNMASK, wanted.target, request.officer).purpose
        if act == "ask" and ask_form.is_valid():
            purpose = ask_form.cleaned_data["purpose"]
            ask(
                ApprovalKind.UNMASK, wanted.target, trace(report.compartment), purpose, request.officer,
                what=wanted.what, page=request.path,
            )  # fmt: skip
            messages.success(request, _("Asked. As soon as a colleague has granted it, you can use it here, once."))
            return redirect(request.path)
        if act == "emergency" and emergency_form.is_valid():
            reason = emergency_form.cleaned_data["reason"]
            unmask_in_emergency(report.id, trace(report.compartment), str(report.number), reason, request.officer)
            return str(reason)
    except OfficerError as refusal:
        refused, status = refusal.sentence, refusal.status
    if status == 200 and (ask_form.errors or emergency_form.errors):
        status = 422
    context = {
        "report": report,
        "heading": wanted.heading,
        "standing": approvals.standing(ApprovalKind.UNMASK.value, wanted.target, request.officer.id),
        "refused": refused,
        "form": ask_form,
        "emergency_form": emergency_form,
    }
    return render(request, "desk/unmask.html", context, status=status)

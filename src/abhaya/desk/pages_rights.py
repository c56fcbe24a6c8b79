"""Rights of a person: what is held about them, the request with its clock, the answer, and what was done."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from abhaya.access.actions import approvals
from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.desk import finding, queries, rights
from abhaya.desk.deletion_words import ASKED_NAMES, DECISION_NAMES, STATED_NAMES
from abhaya.desk.forms_rights import AnswerForm, CorrectionForm, RequestForm
from abhaya.errors import NotThere, OfficerError
from abhaya.selectors.reasons import KIND_NAMES, ROLE_NAMES
from abhaya.shared.identity import acting
from abhaya.shared.reason import Reason
from abhaya.shared.tables import write_csv

WORDS = {
    "kind_names": KIND_NAMES, "role_names": ROLE_NAMES, "asked_names": ASKED_NAMES, "decision_names": DECISION_NAMES,
    "stated_names": STATED_NAMES,
}  # fmt: skip


@requires(Permission.DESK_RIGHTS_HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: OfficerRequest) -> HttpResponse:
    """The unit's requests, and a form for a new one."""
    form = RequestForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        platforms = queries.platforms()
        found = {
            one.selector
            for line in said["identifiers"].splitlines()
            if line.strip()
            for one in finding.candidates(line.strip(), platforms)
        }
        if not found:
            form.add_error("identifiers", _("None of these reads as an identifier."))
        else:
            officer, days = (
                request.officer,
                (said["received_on"], said["received_on"] + timedelta(days=rights.ANSWER_DAYS)),
            )
            with acting(officer.id, name=officer.name, purpose=said["reference"]):
                made = rights.take_down(
                    officer.unit_id, said["kind"], said["reference"], said["identifiers"], sorted(found), days
                )
            return redirect("desk-person", request_id=made)
    context = {"form": form, "requests": rights.requests(request.officer.unit_id), **WORDS}
    return render(request, "desk/rights.html", context, status=422 if form.errors else 200)


@requires(Permission.DESK_RIGHTS_HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: OfficerRequest, request_id: UUID) -> HttpResponse:
    """Everything held about the person, as far as this officer may see; POST answers the request."""
    asked = rights.request_of(request_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    status, officer = 200, request.officer
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                with acting(officer.id, name=officer.name, purpose=asked.reference):
                    rights.decide(
                        request_id,
                        form.cleaned_data["outcome"],
                        form.cleaned_data["ground"],
                        form.cleaned_data["reasons"],
                    )
            except OfficerError as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Answered, with your reasons."))
                return redirect("desk-person", request_id=request_id)
    found = rights.held(asked.selectors)
    with acting(officer.id, name=officer.name, purpose=asked.reference):
        rights.note_shown(request_id, found)
    context = {
        "asked": asked, "found": found, "reports": len({one.report_id for one in found}), "form": form,
        "correction": CorrectionForm(auto_id=False), "most": rights.HELD_MAX, **WORDS,
    }  # fmt: skip
    return render(request, "desk/person_held.html", context, status=status)


@requires(Permission.DESK_RIGHTS_HANDLE)
@require_POST
def correct(request: OfficerRequest, request_id: UUID) -> HttpResponse:
    """A correction beside one fact."""
    asked, form = rights.request_of(request_id), CorrectionForm(request.POST)
    if not form.is_valid():
        raise OfficerError(_("Say in a sentence what the fact should be."))
    found = next((one for one in rights.held(asked.selectors) if one.sighting == form.cleaned_data["sighting"]), None)
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    with acting(request.officer.id, name=request.officer.name, purpose=asked.reference):
        rights.correct(request_id, found, form.cleaned_data["note"])
    messages.success(request, _("The correction stands beside the fact."))
    return redirect("desk-person", request_id=request_id)


@requires(Permission.DESK_RIGHTS_HANDLE)
@require_POST
def answer(request: OfficerRequest, request_id: UUID) -> HttpResponse:
    """The answer file, for the person: asked first, handed out once a second person has said yes."""
    asked, officer = rights.request_of(request_id), request.officer
    found = rights.held(asked.selectors)
    kind = approvals.ApprovalKind.EXPORT
    try:
        spent = approvals.spend(kind, request_id, officer)
    except approvals.NeedsSecondPerson:
        what = Reason("approval-export-person", {"reference": asked.reference, "sightings": len(found)})
        purpose = _("To answer the request of a person: %(reference)s") % {"reference": asked.reference}
        approvals.ask(
            kind, request_id, None, purpose, officer, what=what, page=reverse("desk-person", args=[request_id])
        )
        messages.success(request, _("A second person is asked. When they have said yes, take the file here."))
        return redirect("desk-person", request_id=request_id)
    with acting(officer.id, name=officer.name, purpose=spent.purpose):
        rights.note_answered(request_id, found)
    out = io.StringIO()
    write_csv(out, rights.HEADINGS, rights.answer(found))
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="answer-{request_id}.csv"'
    return response

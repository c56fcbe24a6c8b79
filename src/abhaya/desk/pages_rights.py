"""Rights of a person: what is held about them, the request with its clock, the answer, and what was done."""

from __future__ import annotations

import io
from collections.abc import Sequence
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
from abhaya.desk import finding, inquiries, queries, rights, rights_written
from abhaya.desk.deletion_words import ASKED_NAMES, DECISION_NAMES, SAID_NAMES, STATED_NAMES, WRITTEN_NAMES
from abhaya.desk.forms_rights import AnswerForm, CorrectionForm, InquiryForm, RequestForm
from abhaya.errors import NotThere, OfficerError
from abhaya.linking.words import ANSWERS
from abhaya.selectors.reasons import KIND_NAMES, ROLE_NAMES
from abhaya.shared.identity import acting
from abhaya.shared.reason import Reason
from abhaya.shared.tables import write_csv
from abhaya.web.rooms import counted_by

WORDS = {
    "kind_names": KIND_NAMES, "role_names": ROLE_NAMES, "asked_names": ASKED_NAMES, "decision_names": DECISION_NAMES,
    "stated_names": STATED_NAMES, "said_names": SAID_NAMES, "written_names": WRITTEN_NAMES, "answers": ANSWERS,
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
    unit = request.officer.unit_id
    context = {"form": form, "requests": rights.requests(unit), "inquiries": inquiries.to_unit(unit), **WORDS}
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
    found, written = rights.held(asked.selectors), rights_written.written(asked.selectors)
    with acting(officer.id, name=officer.name, purpose=asked.reference):
        rights.note_shown(request_id, found, len(written))
    inquiry = inquiries.of_request(request_id)
    context = {
        "inquiry": inquiry, "said": inquiries.answers(inquiry.id) if inquiry else (),
        "correct_url": reverse("desk-person-correct", args=[request_id]),
        "asked": asked, "found": found, "written": written, "reports": len({one.report_id for one in found}), "form": form,
        **WORDS,
    }  # fmt: skip
    return render(request, "desk/person_held.html", context, status=status)


@requires(Permission.DESK_RIGHTS_HANDLE)
@require_POST
def correct(request: OfficerRequest, request_id: UUID) -> HttpResponse:
    """A correction beside one fact."""
    asked = rights.request_of(request_id)
    _corrected(request, asked, request_id, rights.held(asked.selectors))
    return redirect("desk-person", request_id=request_id)


@requires(Permission.DESK_RIGHTS_HANDLE)
@require_POST
def ask_others(request: OfficerRequest, request_id: UUID) -> HttpResponse:
    """The request, before whatever other units hold something."""
    asked, officer = rights.request_of(request_id), request.officer
    with acting(officer.id, name=officer.name, purpose=asked.reference):
        inquiries.ask(asked, officer.unit_id)
    messages.success(request, _("Asked. Who holds something and may say so answers on this page."))
    return redirect("desk-person", request_id=request_id)


@requires(Permission.DESK_RIGHTS_HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def inquiry(request: OfficerRequest, inquiry_id: UUID) -> HttpResponse:
    """What another unit asks about a person, with what this unit itself holds; POST answers it."""
    officer = request.officer
    asked = inquiries.inquiry_of(inquiry_id, officer.unit_id)
    form = InquiryForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                with acting(officer.id, name=officer.name, purpose=asked.reference):
                    inquiries.answer(asked, officer.unit_id, **form.cleaned_data)
            except OfficerError as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Answered."))
                return redirect("desk-inquiry", inquiry_id=inquiry_id)
    found = inquiries.held(asked, officer.unit_id)
    written = rights_written.written(asked.selectors, of_unit=officer.unit_id)
    with acting(officer.id, name=officer.name, purpose=asked.reference):
        rights.note_shown(inquiry_id, found, len(written))
    context = {
        "asked": asked, "found": found, "written": written, "reports": len({one.report_id for one in found}), "form": form,
        "said": inquiries.answers(inquiry_id), "correct_url": reverse("desk-inquiry-correct", args=[inquiry_id]), **WORDS,
    }  # fmt: skip
    return render(request, "desk/inquiry.html", context, status=status)


@requires(Permission.DESK_RIGHTS_HANDLE)
@require_POST
def correct_asked(request: OfficerRequest, inquiry_id: UUID) -> HttpResponse:
    """A correction beside one fact that this unit holds, for another unit's request."""
    asked = inquiries.inquiry_of(inquiry_id, request.officer.unit_id)
    _corrected(request, asked, asked.request_id, inquiries.held(asked, request.officer.unit_id))
    return redirect("desk-inquiry", inquiry_id=inquiry_id)


def _corrected(
    request: OfficerRequest, asked: rights.RequestRow | inquiries.Inquiry, request_id: UUID, held: Sequence[rights.Held]
) -> None:
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        raise OfficerError(_("Say in a sentence what the fact should be."))
    found = next((one for one in held if one.sighting == form.cleaned_data["sighting"]), None)
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    with acting(request.officer.id, name=request.officer.name, purpose=asked.reference):
        rights.correct(request_id, found, form.cleaned_data["note"])
    messages.success(request, _("The correction stands beside the fact."))


@requires(Permission.DESK_RIGHTS_HANDLE)
@require_POST
def answer(request: OfficerRequest, request_id: UUID) -> HttpResponse:
    """The answer file, for the person: asked first, handed out once a second person has said yes."""
    asked, officer = rights.request_of(request_id), request.officer
    found = rights.held(asked.selectors)
    written = rights_written.in_answer(rights_written.written(asked.selectors))
    kind = approvals.ApprovalKind.EXPORT
    try:
        spent = approvals.spend(kind, request_id, officer)
    except approvals.NeedsSecondPerson:
        what = Reason("approval-export-person", {"reference": asked.reference, "sightings": len(found) + len(written)})
        purpose = _("To answer the request of a person: %(reference)s") % {"reference": asked.reference}
        approvals.ask(
            kind, request_id, None, purpose, officer, what=what, page=reverse("desk-person", args=[request_id])
        )
        messages.success(request, _("A second person is asked. When they have said yes, take the file here."))
        return redirect("desk-person", request_id=request_id)
    with acting(officer.id, name=officer.name, purpose=spent.purpose):
        rights.note_answered(request_id, found, len(written))
    out = io.StringIO()
    write_csv(out, rights.HEADINGS, [*rights.answer(found), *rights_written.answer(written)])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="answer-{request_id}.csv"'
    return response


counted_by("desk-rights", inquiries.SQL["waiting"])

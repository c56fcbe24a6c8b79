"""Looking at a file: nothing is shown until it is asked for, on a lawful basis, one step at a time, each step recorded."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.custody import look_actions, looks
from abhaya.custody.look_actions import open_look
from abhaya.custody.look_reasons import NEEDS, RESULTS, SENTENCES, STEPS, STEPS_SHOWN, VIEWED
from abhaya.custody.looks import Look
from abhaya.custody.viewing import Step, next_step
from abhaya.desk.forms_look import LookForm, PassOnForm, ResultForm
from abhaya.desk.looking import FilePage, file_page, question
from abhaya.errors import NotPermitted, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.matching import stacks
from abhaya.triage import actions as triage

PICTURE_POLICY = "default-src 'none'; sandbox"  # should it be opened by itself, it can do nothing
WORDS = {
    "look_sentences": SENTENCES,
    "results": RESULTS,
    "step_words": STEPS,
    "steps_shown": STEPS_SHOWN,
    "needs_words": NEEDS,
    "viewed_words": VIEWED,
}


@requires(Permission.DESK_REPORT_READ)
@require_safe
def file(request: OfficerRequest, file_id: UUID) -> HttpResponse:
    """What is known of a file, and what came of earlier looks. Never the file."""
    page = file_page(file_id, request.officer)
    asked = question(page, request.officer)
    record([Act(Event.DESK_REPORT_VIEWED, page.report.id, page.report.compartment, {"file": page.number})])
    context = {
        "shown": page,
        "report": page.report,
        "asked": asked,
        "may_part": page.file.is_alike and request.officer.may(Permission.CUSTODY_MEDIA_VIEW),
        "may_take_back": request.officer.may(Permission.CUSTODY_MEDIA_VIEW),
        "partings": stacks.partings(file=file_id),
        **WORDS,
    }
    return render(request, "desk/file.html", context)


@requires(Permission.DESK_REPORT_READ)
@require_http_methods(["GET", "POST"])
def look_open(request: OfficerRequest, file_id: UUID) -> HttpResponse:
    """What is asked before a file is opened, and why; given, a look begins, with nothing on the screen yet."""
    officer = request.officer
    page = file_page(file_id, officer)
    if page.going is not None:
        going = looks.look(page.going, officer)
        if not look_actions.must_pause(officer, going):
            return redirect("desk-look", look_id=page.going)
    asked = question(page, officer)
    form = LookForm(request.POST or None, asks=asked.verdict.asks)
    if request.method == "POST":
        if asked.verdict.refusals:
            raise NotPermitted(_("This file stays closed; its page says why."))
        if form.is_valid():
            if page.going is not None:  # ended for a pause; the new one says why it goes on
                look_actions.end(officer, looks.look(page.going, officer), "", "")
            return redirect("desk-look", look_id=open_look(officer, page.subject, form.given()))
    context = {"shown": page, "report": page.report, "asked": asked, "form": form, **WORDS}
    return render(request, "desk/look_open.html", context, status=422 if form.errors else 200)


@requires(Permission.CUSTODY_MEDIA_VIEW)
@require_http_methods(["GET", "POST"])
def look(request: OfficerRequest, look_id: UUID) -> HttpResponse:
    """The look itself. Got, it shows no picture; only the answer to a step that was asked for carries one, once."""
    officer = request.officer
    own, page = _own(look_id, request)
    if own.ended_at is not None:
        return redirect("desk-file", file_id=own.file_id)
    token, step = "", None
    choice = looks.own(officer.id).choice
    if request.method == "POST":
        try:
            step = Step(request.POST.get("step", ""))
        except ValueError:
            raise OfficerError(_("This step cannot be shown now. Go one step at a time.")) from None
        token = look_actions.ask_for(officer, own, step, choice)
    else:
        look_actions.settle(officer)
    further = (
        next_step(choice, own.reached) if step is None else next_step(choice, _further(choice.steps, own.reached, step))
    )
    context = {
        "look": own,
        "shown": page,
        "report": page.report,
        "token": token,
        "step": step,
        "further": further,
        "before": [
            one for one in choice.steps if own.reached and choice.steps.index(one) <= _place(choice.steps, own.reached)
        ],
        "choice": choice,
        "must_pause": look_actions.must_pause(officer, own),
        "meter": looks.meter_of(officer),
        "form": ResultForm(),
        **WORDS,
    }
    return render(request, "desk/look.html", context)


def _place(steps: tuple[Step, ...], reached: str) -> int:
    return steps.index(Step(reached)) if reached in steps else -1


def _further(steps: tuple[Step, ...], reached: str, step: Step) -> str:
    """The further of the two."""
    return reached if _place(steps, reached) > _place(steps, step.value) else step.value


@requires(Permission.CUSTODY_MEDIA_VIEW)
@require_GET
def picture(request: OfficerRequest, look_id: UUID, token: str) -> HttpResponse:
    """The one picture behind an address that works once. As part of its page only: opened by itself it is refused."""
    if request.headers.get("Sec-Fetch-Dest", "image") != "image":
        raise NotPermitted(_("A picture is shown on its page only."))
    officer = request.officer
    own, _page = _own(look_id, request)
    drawn = look_actions.show(officer, own, token, looks.own(officer.id).choice)
    if drawn.why_not is not None:
        response = HttpResponse(drawn.why_not.value, content_type="text/plain", status=422)
    else:
        response = HttpResponse(drawn.webp, content_type="image/webp")
        response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "no-store, private, max-age=0"
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@requires(Permission.CUSTODY_MEDIA_VIEW)
@require_POST
def hide(request: OfficerRequest, look_id: UUID) -> HttpResponse:
    """The picture is off the screen: the meter stops. Sent by the page itself, or by its button where no script runs."""
    own, _page = _own(look_id, request)
    look_actions.settle(request.officer)
    if request.POST.get("beacon"):
        return HttpResponse(status=204)
    return redirect("desk-look", look_id=own.id)


@requires(Permission.CUSTODY_MEDIA_VIEW)
@require_POST
def look_end(request: OfficerRequest, look_id: UUID) -> HttpResponse:
    """What came of it, for everybody who would else look again."""
    own, page = _own(look_id, request)
    form = ResultForm(request.POST)
    if not form.is_valid():
        raise OfficerError(_("Choose one of the results on the page, and keep the note short."))
    look_actions.end(request.officer, own, form.cleaned_data["result"], form.cleaned_data["note"])
    messages.success(request, _("Kept. Nobody need look at this file again."))
    return redirect("desk-file", file_id=page.subject.file_id)


@requires(Permission.TRIAGE_QUEUE_WORK)
@require_http_methods(["GET", "POST"])
def pass_on(request: OfficerRequest, file_id: UUID) -> HttpResponse:
    """Hands the report on: to the queue or a colleague. No reason is asked, none is kept, and no page counts it."""
    officer = request.officer
    page = file_page(file_id, officer)
    colleagues = [one for one in looks.rota(officer.unit_id) if not one.prefers_not_now and one.id != officer.id]
    form = PassOnForm(request.POST or None, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        if page.going is not None:
            look_actions.end(officer, looks.look(page.going, officer), "", "")
        colleague = form.colleague()
        if colleague is not None:
            triage.hand_on(page.report.id, officer, colleague)
        elif page.is_in_hands:
            triage.release(page.report.id, officer)
        messages.success(request, _("Passed on. Nothing more is needed."))
        return redirect("desk-home")
    context = {"form": form, "shown": page, "report": page.report}
    return render(request, "desk/pass_on.html", context, status=422 if form.errors else 200)


def _own(look_id: UUID, request: OfficerRequest) -> tuple[Look, FilePage]:
    """The officer's own look and its file, while the report is still theirs to see and to work on."""
    own = looks.look(look_id, request.officer)
    return own, file_page(own.file_id, request.officer)

"""Accounts under cover: the liaison's own list. Nobody else's page says that there is one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from abhaya.access import approvals, session
from abhaya.access.actions import ApprovalKind
from abhaya.access.gate import OfficerRequest, requires, with_road
from abhaya.access.permissions import Permission
from abhaya.errors import OfficerError
from abhaya.linking.actions import personas as actions
from abhaya.linking.forms import EndForm, PersonaForm, ReviewForm
from abhaya.selectors import queries
from abhaya.selectors.queries import Persona
from abhaya.selectors.reasons import KIND_NAMES

REVIEW_DAYS = 90


@requires(Permission.LINKING_PERSONA_KEEP)
@session.confirmed_within(minutes=session.GRAVE_ACT_MINUTES)
@with_road("what an account under cover hides is marked by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def personas(request: OfficerRequest) -> HttpResponse:
    """The officer's own, and declaring one more."""
    form = PersonaForm(request.POST or None)
    refused: OfficerError | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            persona = actions.declare(
                given["kind"], given["value"], given["purpose"], request.officer, page=request.path
            )
        except OfficerError as refusal:
            refused = refusal
        else:
            messages.success(request, _("Asked. A supervisor finds it under “Second person”."))
            return redirect("linking-persona", persona_id=persona)
    rows = [(one, _asked(one, request), _is_due(one)) for one in queries.personas(request.officer.id)]
    context = {"rows": rows, "form": form, "refused": refused.sentence if refused else "", "kind_names": KIND_NAMES}
    return render(request, "linking/personas.html", context, status=_status(form, refused))


@requires(Permission.LINKING_PERSONA_KEEP)
@session.confirmed_within(minutes=session.GRAVE_ACT_MINUTES)
@with_road("what an account under cover hides is marked by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def persona(request: OfficerRequest, persona_id: UUID) -> HttpResponse:
    """One of the officer's own, with what became of it, and the next step."""
    one = actions.of(persona_id, request.officer)
    act = request.POST.get("act", "")
    review = ReviewForm(request.POST if act == "review" else None, auto_id="review-%s")
    end = EndForm(request.POST if act == "ask" else None, auto_id="end-%s")
    refused: OfficerError | None = None
    try:
        if _done(request, one, act, review, end):
            return redirect("linking-persona", persona_id=persona_id)
    except OfficerError as refusal:
        refused = refusal
    reports = queries.reports_open_with(one.selector_id)
    context = {
        "one": one,
        "reports": reports,
        "more_reports": reports == queries.REPORTS_COUNTED_MAX,
        "asked": _asked(one, request),
        "is_due": _is_due(one),
        "review_days": REVIEW_DAYS,
        "review_form": review,
        "end_form": end,
        "refused": refused.sentence if refused else "",
        "kind_names": KIND_NAMES,
    }
    return render(request, "linking/persona.html", context, status=_status(end if act == "ask" else review, refused))


def _done(request: OfficerRequest, one: Persona, act: str, review: ReviewForm, end: EndForm) -> bool:
    """Whether the step that was sent is done; what comes of it is said on the next page."""
    if act == "keep":
        actions.keep(one.id, request.officer)
        messages.success(request, _("Protected. Everything of it that is here, and whatever comes, is yours alone."))
    elif act == "end":
        actions.end(one.id, request.officer)
        messages.success(request, _("Ended. Whoever sees a report sees it there again."))
    elif act == "review" and review.is_valid():
        actions.review(one.id, review.cleaned_data["note"], request.officer)
        messages.success(request, _("Noted, with your reason."))
    elif act == "ask" and end.is_valid():
        here = reverse("linking-persona", args=[one.id])
        actions.ask_to_end(one.id, end.cleaned_data["why"], request.officer, page=here)
        messages.success(
            request,
            _("Taken back.") if one.state == "asked" else _("Asked. A supervisor finds it under “Second person”."),
        )
    else:
        return False
    return True


def _asked(one: Persona, request: OfficerRequest) -> approvals.Approval | None:
    """The request for a second person that waits, or can be used now."""
    if one.state == "ended":
        return None
    return approvals.standing(ApprovalKind.PERSONA.value, one.id, request.officer.id)


def _is_due(one: Persona) -> bool:
    looked = one.reviewed_at or one.kept_at
    return one.state == "kept" and looked is not None and looked < datetime.now(UTC) - timedelta(days=REVIEW_DAYS)


def _status(form: PersonaForm | ReviewForm | EndForm, refused: OfficerError | None) -> int:
    if refused is not None:
        return refused.status
    return 422 if form.errors else 200

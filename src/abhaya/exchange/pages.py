"""Blinded comparisons with partners: begun, brought, made, taken in, and what met. Each officer sees their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from abhaya.access import approvals, session
from abhaya.access.actions import ApprovalKind
from abhaya.access.gate import OfficerRequest, requires, with_road
from abhaya.access.limits import costly
from abhaya.access.permissions import Permission
from abhaya.cases import queries as cases
from abhaya.errors import NotThere, OfficerError, OperatorError
from abhaya.exchange import actions, queries
from abhaya.exchange.forms import AnswerForm, FileForm, NewForm
from abhaya.exchange.queries import Comparison
from abhaya.exchange.rules import OPEN_DAYS_MAX
from abhaya.exchange.words import SCOPES, SIDES, STATES
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.selectors.reasons import KIND_NAMES

CASES_OFFERED_MAX = 100
WORDS = {"states": STATES, "sides": SIDES, "scopes": SCOPES, "kind_names": KIND_NAMES}


@requires(Permission.EXCHANGE_COMPARISON_WORK)
@require_safe
def comparisons(request: OfficerRequest) -> HttpResponse:
    """The officer's own, and our key for partners."""
    context = {"rows": queries.comparisons(), "key": _key(), **WORDS}
    return render(request, "exchange/comparisons.html", context)


@requires(Permission.EXCHANGE_COMPARISON_WORK)
@session.confirmed_within(minutes=session.GRAVE_ACT_MINUTES)
@with_road("how often a partner was asked is counted by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OfficerRequest) -> HttpResponse:
    """Asks a partner."""
    form = NewForm(request.POST or None, mine=_brought_in(request))
    begun: list[UUID] = []
    refused = ""
    if form.is_bound and form.is_valid():
        refused = _refused(lambda: begun.append(actions.begin(form.said(), request.officer)))
        if begun:
            return _asked(request, begun[0])
    return _form(request, form, refused, is_answer=False)


@requires(Permission.EXCHANGE_COMPARISON_WORK)
@session.confirmed_within(minutes=session.GRAVE_ACT_MINUTES)
@with_road("how often a partner was answered is counted by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: OfficerRequest) -> HttpResponse:
    """Answers a partner's question."""
    is_sent = request.method == "POST"
    form = AnswerForm(request.POST if is_sent else None, request.FILES if is_sent else None, mine=_brought_in(request))
    begun: list[UUID] = []
    refused = ""
    if is_sent and form.is_valid():
        content = form.content()
        refused = _refused(lambda: begun.append(actions.bring_question(content, form.said(), request.officer)))
        if begun:
            return _asked(request, begun[0])
    return _form(request, form, refused, is_answer=True)


@requires(Permission.EXCHANGE_COMPARISON_WORK)
@session.confirmed_within(minutes=session.GRAVE_ACT_MINUTES)
@costly
@with_road("what is under cover stays out, and who asks too often is told, by the road")
@require_http_methods(["GET", "HEAD", "POST"])
def comparison(request: OfficerRequest, comparison_id: UUID) -> HttpResponse:
    """One of them: the next step, or what met."""
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = FileForm(request.POST if act == "take" else None, request.FILES if act == "take" else None)
    refused = ""
    one = _one(comparison_id)
    if act == "make":
        refused = _refused(lambda: actions.make(one.id, request.officer))
        said = _("Made. Take the file and have it carried to the partner.")
    elif act == "take" and form.is_valid():
        content, found = form.content(), [0]
        refused = _refused(lambda: found.append(actions.take(one.id, content, request.officer)))
        said = ngettext(
            "Compared. %(count)d of your identifiers is with the partner too.",
            "Compared. %(count)d of your identifiers are with the partner too.",
            found[-1],
        ) % {"count": found[-1]}
    elif act == "end":
        refused = _refused(lambda: actions.end(one.id, request.officer))
        said = _("Deleted. That there was a comparison stays on record; its files are never taken in again.")
    else:
        return _shown(request, one, form, "")
    if not refused:
        messages.success(request, said)
        return redirect("exchange-comparison", comparison_id=one.id)
    return _shown(request, one, form, refused)


@requires(Permission.EXCHANGE_COMPARISON_WORK)
@require_safe
def file(request: OfficerRequest, comparison_id: UUID) -> HttpResponse:
    """The file to be carried to the partner."""
    one, content = actions.take_out(comparison_id, request.officer)
    response = HttpResponse(content, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{one.file_name}"'
    return response


def _shown(request: OfficerRequest, one: Comparison, form: FileForm, refused: str) -> HttpResponse:
    met = queries.met(one.id)
    ids = [common.selector_id for common in met]
    reports: defaultdict[UUID, list[queries.InReport]] = defaultdict(list)
    held: defaultdict[UUID, list[queries.InCase]] = defaultdict(list)
    for report in queries.reports_of(ids) if ids else ():
        reports[report.selector_id].append(report)
    for case in queries.cases_of(ids) if ids else ():
        held[case.selector_id].append(case)
    record([Act(Event.EXCHANGE_COMPARISON_VIEWED, one.id, None, {"met": one.met})])
    context = {
        "one": one,
        "asked": approvals.standing(ApprovalKind.EXPORT.value, one.id, request.officer.id),
        "met": [(common, reports[common.selector_id], held[common.selector_id]) for common in met],
        "form": form,
        "refused": refused,
        "open_days": OPEN_DAYS_MAX,
        **WORDS,
    }
    return render(request, "exchange/comparison.html", context, status=422 if refused or form.errors else 200)


def _form(request: OfficerRequest, form: NewForm, refused: str, *, is_answer: bool) -> HttpResponse:
    context = {"form": form, "refused": refused, "is_answer": is_answer, "key": _key()}
    return render(request, "exchange/new.html", context, status=422 if refused or form.errors else 200)


def _asked(request: OfficerRequest, begun: UUID) -> HttpResponse:
    messages.success(request, _("Asked. A supervisor finds it under “Second person”."))
    return redirect("exchange-comparison", comparison_id=begun)


def _brought_in(request: OfficerRequest) -> list[cases.CaseRow]:
    """The officer's open cases; a covert one only for its liaison."""
    mine = cases.my_cases(most=CASES_OFFERED_MAX)
    return [case for case in mine if case.is_open and (not case.covert or case.liaison_id == request.officer.id)]


def _one(comparison_id: UUID) -> Comparison:
    found = queries.comparison(comparison_id)
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    return found


def _key() -> str:
    """Our key, once the ledger has one."""
    try:
        return actions.own_line()
    except OperatorError:
        return ""


def _refused(act: Callable[[], object]) -> str:
    """Why it was not done; what was half done then is undone."""
    try:
        with transaction.atomic():
            act()
    except OfficerError as refusal:
        return refusal.sentence
    return ""

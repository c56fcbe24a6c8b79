"""The report page, and what an officer does there. Opening a report of one's own unit's queue takes it in hand."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abhaya.access import emergencies, session
from abhaya.access.gate import OfficerRequest, requires, with_road
from abhaya.access.permissions import Permission
from abhaya.access.queries import SignedIn, trace
from abhaya.cases import queries as cases
from abhaya.cases.words import THINGS
from abhaya.custody.holds import on_compartment
from abhaya.desk import whose, words
from abhaya.desk.dossier import Dossier, gather, open_report
from abhaya.desk.forms import DecideForm, ReasonForm, ReturnForm
from abhaya.desk.in_hand import is_anothers, may_read_along
from abhaya.desk.unmasking import Wanted, permitted
from abhaya.intake import queries as intake
from abhaya.intake.admiralty import CREDIBILITY, RELIABILITY
from abhaya.intake.reasons import LACKS
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking.reasons import LEAD
from abhaya.routing.reasons import SENTENCES as ROUTING
from abhaya.routing.reasons import STRENGTH_WORDS
from abhaya.selectors.reasons import KIND_NAMES
from abhaya.shared import sql
from abhaya.shared.identity import acting
from abhaya.shared.reason import Reason, sentence
from abhaya.triage import actions as triage_actions
from abhaya.triage import queries as triage
from abhaya.triage.reasons import LANE_NAMES, SENTENCES, TEXT_LABELS

WORDS = {
    "sentences": SENTENCES,
    "routing_sentences": ROUTING,
    "strength_words": STRENGTH_WORDS,
    "text_labels": TEXT_LABELS,
    "lane_names": LANE_NAMES,
    "lacks": LACKS,
    "reliability": RELIABILITY,
    "credibility": CREDIBILITY,
    "lead_words": {"lead": LEAD},
    "kind_names": KIND_NAMES,
    "things": THINGS,
    "words": {"roles": words.ROLES, "events": words.EVENTS},
}


@requires(Permission.DESK_REPORT_READ)
@require_safe
def report(request: OfficerRequest, report_id: UUID) -> HttpResponse:
    """One report. Where a colleague has it in hand, the page says who and until when, and nothing of the report."""
    row = open_report(report_id)
    standing, assessment, together = triage.of_report(report_id)
    if standing is not None and is_anothers(standing, request.officer) and not _reads_along(request):
        return _held(request, row, standing)
    with sql.together():
        if standing is not None and _takes_by_opening(standing, request.officer):
            standing = triage_actions.claim(report_id, request.officer, before=standing)
        _viewed(row)
        dossier = gather(row, standing, assessment)
    return _page(request, dossier, together)


@requires(Permission.DESK_IDENTITY_SHOW)
@session.confirmed_within(minutes=session.GRAVE_ACT_MINUTES)
@require_http_methods(["GET", "HEAD", "POST"])
def show_identity(request: OfficerRequest, report_id: UUID) -> HttpResponse:
    """Shows the masked persons of a report once: a second person has granted it, or alone in an emergency. Later pages
    mask again.
    """
    row = open_report(report_id)
    standing, assessment, together = triage.of_report(report_id)
    if standing is not None and is_anothers(standing, request.officer) and not may_read_along(request.officer):
        return _held(request, row, standing)
    masked = frozenset(
        (person.role, person.number) for person in gather(row, standing, assessment).everybody if person.masked
    )
    if not masked:
        return redirect("desk-report", report_id=report_id)
    what = Reason("approval-unmask-report", {"number": str(row.number), "persons": len(masked)})
    answer = permitted(request, Wanted(row.id, row, what, _("Show who is masked")))
    if isinstance(answer, HttpResponse):
        return answer
    with acting(request.officer.id, name=request.officer.name, purpose=answer):
        record([Act(Event.DESK_IDENTITY_SHOWN, row.id, trace(row.compartment), {"persons": len(masked)})])
    return _page(request, gather(row, standing, assessment, unmasked=masked), together, is_unmasked=True)


@requires(Permission.TRIAGE_QUEUE_WORK)
@require_POST
def release(request: OfficerRequest, report_id: UUID) -> HttpResponse:
    triage_actions.release(report_id, request.officer)
    messages.success(request, _("The report is back in the queue."))
    return redirect("desk-queue")


@requires(Permission.TRIAGE_QUEUE_WORK)
@require_http_methods(["GET", "POST"])
def decide(request: OfficerRequest, report_id: UUID) -> HttpResponse:
    """A decision with its reason. The form stands on the report's page too; alone, it is the page without scripts."""
    row = open_report(report_id)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        triage_actions.decide(report_id, request.officer, form.cleaned_data["decision"], form.cleaned_data["reason"])
        messages.success(request, _("Decided, with your reason."))
        return redirect("desk-queue")
    context = {"form": form, "report": row, "heading": _("Decide on this report"), "action": _("Decide")}
    return render(request, "desk/ask.html", context, status=422 if form.errors else 200)


@requires(Permission.TRIAGE_QUEUE_WORK)
@with_road("the report is ranked anew")
@require_http_methods(["GET", "POST"])
def reopen(request: OfficerRequest, report_id: UUID) -> HttpResponse:
    row = open_report(report_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        triage_actions.reopen(report_id, request.officer, form.cleaned_data["reason"])
        messages.success(request, _("The decision is taken back; the report waits again."))
        return redirect("desk-report", report_id=report_id)
    context = {"form": form, "report": row, "heading": _("Take the decision back"), "action": _("Take it back")}
    return render(request, "desk/ask.html", context, status=422 if form.errors else 200)


def _page(request: OfficerRequest, dossier: Dossier, together: int, *, is_unmasked: bool = False) -> HttpResponse:
    officer, row, standing = request.officer, dossier.report, dossier.standing
    mine = standing is not None and standing.is_held and standing.claimed_by == officer.id
    routed = whose.gather(row.id, officer, dossier.masking, dossier.history)
    context = {
        "dossier": dossier,
        "report": row,
        "title": _title(dossier, routed),
        "whose": routed,
        "holds": on_compartment(row.compartment),
        "talk_to": cases.told(officer.unit_id, row.id),
        "my_cases": cases.on_report(row.id) if officer.may(Permission.CASES_CASE_WORK) else [],
        "in_my_hands": mine,
        "is_ours": standing is not None and standing.holder_unit_id == officer.unit_id,
        "is_unmasked": is_unmasked,
        "together": together,
        "more_together": together == triage.COUNT_MAX,
        "may_see_looks": officer.may(Permission.LEDGER_LOOKS_READ),
        "decide_form": DecideForm(auto_id="decide-%s") if mine else None,
        "return_form": ReturnForm(auto_id="return-%s"),
        "emergencies": emergencies.of_compartment(row.compartment),
        **_forwarding(routed, officer),
        **WORDS,
    }
    return render(request, "desk/report.html", context)


def _title(dossier: Dossier, routed: whose.Whose) -> str:
    """What an officer would say of it: what, and where it points."""
    language = get_language() or "en"
    if dossier.assessment is None:
        platform = dossier.report.platform or dossier.report.sender
        return (
            sentence(Reason("title_test", {"platform": platform}), SENTENCES, language)
            if dossier.report.is_test
            else ""
        )
    said = sentence(dossier.assessment.title, SENTENCES, language)
    placed = whose.title_with_place(said, routed)
    return sentence(placed, whose.POINTS, language) if placed else said


def _forwarding(routed: whose.Whose, officer: SignedIn) -> dict[str, object]:
    """Whether the officer may hand it over, and the unit that the first proposal names where that is another's."""
    may = officer.may(Permission.ROUTING_REFERRAL_OFFER)
    unit = next((one for one in routed.proposals if one.shown.unit_id is not None), None)
    other = unit if may and unit is not None and unit.shown.unit_id != officer.unit_id else None
    hindi = (get_language() or "en").startswith("hi")
    return {
        "may_decide": officer.may(Permission.ROUTING_REFERRAL_DECIDE),
        "may_forward": may,
        "forward_unit": other.shown.unit_id if other else None,
        "forward_name": ((hindi and other.shown.unit_name_hi) or other.shown.unit_name) if other else "",
    }


def _held(request: OfficerRequest, row: intake.ReportRow, standing: triage.Standing) -> HttpResponse:
    context = {
        "standing": standing,
        "report": row,
        "may_read_along": may_read_along(request.officer),
        "lane_names": LANE_NAMES,
    }
    return render(request, "desk/held.html", context, status=409)


def _viewed(row: intake.ReportRow) -> None:
    record([Act(Event.DESK_REPORT_VIEWED, row.id, trace(row.compartment), {})])


def _takes_by_opening(standing: triage.Standing, officer: SignedIn) -> bool:
    return (
        officer.may(Permission.TRIAGE_QUEUE_WORK)
        and standing.holder_unit_id == officer.unit_id
        and standing.state in {"waiting", "claimed"}
        and not is_anothers(standing, officer)
    )


def _reads_along(request: OfficerRequest) -> bool:
    return may_read_along(request.officer) and request.GET.get("along") == "1"

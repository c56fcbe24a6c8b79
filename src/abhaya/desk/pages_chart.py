"""The link chart of a case: what its reports, accounts and identifiers have in common, to arrange, keep and take along."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

import msgspec
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from abhaya.access import purposes
from abhaya.access.actions import WORK
from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.leaving import leave
from abhaya.access.limits import costly
from abhaya.access.permissions import Permission
from abhaya.cases import actions
from abhaya.cases import queries as cases
from abhaya.desk import chart as charts
from abhaya.desk import chart_rules as rules
from abhaya.desk.chart_file import as_graph
from abhaya.desk.forms_chart import KeepForm
from abhaya.errors import NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking.formats import gexf, graphml
from abhaya.selectors.reasons import KIND_NAMES, ROLE_NAMES
from abhaya.shared.identity import acting
from abhaya.shared.reason import Reason
from abhaya.web.words import when

FORMS = {"graphml": graphml.write, "gexf": gexf.write}
MOMENTS_MAX = 500


@requires(Permission.CASES_CASE_WORK)
@require_safe
def chart(request: OfficerRequest, case_id: UUID) -> HttpResponse:
    """The chart as the newest arrangement has it, or the one asked for, with a table of all its lines beside it."""
    case = _mine(case_id)
    saved = cases.charts(case_id, _id(request.GET.get("arrangement", "")))
    shown = next((one for one in saved if one.arranged), None)
    arranged = msgspec.json.decode(shown.arranged, type=rules.Kept) if shown and shown.arranged else rules.Kept()
    found, opened = _read(case_id, [*arranged.opened, *_asked(request)])
    record([Act(Event.CASES_CHART_VIEWED, case_id, case_id, {"things": len(found.things)})])
    named = found.named()
    context = {
        "case": case,
        "works": case.level == WORK,
        "found": found,
        "rows": [(line, named[line.a], named[line.b]) for line in found.lines],
        "moments": rules.moments(found)[:MOMENTS_MAX],
        "named": named,
        "data": _data(found, arranged, opened),
        "saved": saved,
        "shown": shown,
        "keep_form": KeepForm(auto_id="keep-%s", initial={"title": shown.title if shown else case.title}),
        "purpose": purposes.kept(request),
        "bases": purposes.BASES,
        "purpose_form": purposes.PurposeFields(auto_id="export-%s"),
        "kind_names": _kinds(),
        "role_names": ROLE_NAMES,
    }
    return render(request, "desk/chart.html", context)


@requires(Permission.CASES_CASE_WORK)
@require_safe
def more(request: OfficerRequest, case_id: UUID) -> JsonResponse:
    """The chart as data; with `of`, one of its identifiers, also the other reports in which that stands, as far as they are
    open to the officer.
    """
    _mine(case_id)
    found, opened = _read(case_id, _asked(request))
    further: list[UUID] = []
    if "of" in request.GET:
        further = _others(found, _id(request.GET["of"]))
        found, opened = _read(case_id, [*map(str, opened), *map(str, further)])
    record([Act(Event.CASES_CHART_VIEWED, case_id, case_id, {"things": len(found.things), "reports": len(further)})])
    return JsonResponse(_data(found, rules.Kept(), opened))


@requires(Permission.CASES_CASE_WORK)
@require_POST
def keep(request: OfficerRequest, case_id: UUID) -> HttpResponse:
    """Keeps how the chart is arranged. What stands on it is not kept: each viewer reads it anew."""
    _mine(case_id)
    form = KeepForm(request.POST)
    if not form.is_valid():
        raise OfficerError(_("Give the arrangement a title."))
    try:
        arranged = rules.kept(form.cleaned_data["arranged"].encode())
    except rules.NotKept as error:
        raise OfficerError(_("This is no arrangement of a chart: %(why)s.") % {"why": error}) from error
    actions.save_chart(case_id, request.officer.id, form.cleaned_data["title"], msgspec.json.encode(arranged))
    messages.success(request, _("The arrangement is kept. Earlier ones stay."))
    return redirect("desk-chart", case_id=case_id)


@requires(Permission.CASES_CASE_WORK)
@costly
@require_POST
def export(request: OfficerRequest, case_id: UUID) -> HttpResponse:
    """The chart as GraphML or GEXF, with what it is for; nobody who is masked is in it by name."""
    case, form = _mine(case_id), request.POST.get("form", "")
    if form not in FORMS:
        raise OfficerError(_("Choose GraphML or GEXF."))
    found, _opened = _read(case_id, request.POST.get("with", "").split(","))
    reports = sum(thing.kind == rules.REPORT for thing in found.things)
    what, page = (
        Reason("approval-export-chart", {"form": form, "reports": reports}),
        reverse("desk-chart", args=[case_id]),
    )
    going = leave(request, uuid5(case_id, f"chart {form}"), case_id, reports=reports, what=what, page=page)
    if going is None:
        return redirect(page)
    facts: dict[str, object] = {"form": form, "things": len(found.things), **going.facts}
    with acting(request.officer.id, name=request.officer.name, purpose=going.purpose.text):
        record([Act(Event.CASES_CHART_EXPORTED, case_id, case_id, facts)])
    answer = HttpResponse(
        FORMS[form](as_graph(found, rules.places(found))), content_type="application/xml; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="chart-{case.reference}.{form}"'
    return answer


def _mine(case_id: UUID) -> cases.CaseRow:
    found = cases.case(case_id)
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    return found


def _read(case_id: UUID, opened: Iterable[str]) -> tuple[rules.Chart, list[UUID]]:
    allowed = charts.open_to_me(one for one in map(_id, opened) if one is not None)
    return charts.of_case(cases.attached(case_id), cases.watched(case_id), allowed), allowed


def _others(found: rules.Chart, selector: UUID | None) -> list[UUID]:
    held = {thing.id.partition(":")[2]: thing for thing in found.things if thing.kind != rules.REPORT}
    if selector is None or str(selector) not in held or held[str(selector)].is_masked:
        raise NotThere(_("There is nothing here for you."))
    on_it = [UUID(thing.id.partition(":")[2]) for thing in found.things if thing.kind == rules.REPORT]
    return charts.others(selector, on_it)


def _asked(request: OfficerRequest) -> list[str]:
    """Reports opened beside those of the case, as the address names them."""
    return request.GET.get("with", "").split(",")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text.rpartition(":")[2])
    except ValueError:
        return None


def _kinds() -> dict[str, tuple[str, str]]:
    return {**KIND_NAMES, rules.REPORT: ("Report", "रिपोर्ट"), rules.ACCOUNT: KIND_NAMES["account"]}


def _data(found: rules.Chart, arranged: rules.Kept, opened: Iterable[UUID]) -> dict[str, Any]:
    """What the script draws: things with their places and words, lines with where each was read."""
    language, kinds, stands = get_language() or "en", _kinds(), rules.places(found)
    at = 1 if language == "hi" else 0
    return {
        "things": [
            {
                "id": thing.id,
                "kind": thing.kind,
                "kindName": kinds[thing.kind][at],
                "label": _label(thing),
                "masked": thing.is_masked,
                "watched": thing.is_watched,
                "elsewhere": thing.elsewhere,
                "place": arranged.at.get(thing.id, stands[thing.id]),
                "href": reverse("desk-report", args=[thing.id.partition(":")[2]]) if thing.kind == rules.REPORT else "",
            }
            for thing in found.things
        ],
        "lines": [
            {"id": line.id, "a": line.a, "b": line.b, "sources": [_source(one, at) for one in line.sources]}
            for line in found.lines
        ],
        "opened": [str(one) for one in opened],
        "pinned": arranged.pinned,
        "hidden": arranged.hidden,
        "groups": arranged.groups,
        "leftOut": found.left_out,
    }


def _label(thing: rules.Thing) -> str:
    if thing.is_masked:
        return _("masked")
    return thing.label or _("no account named")


def _source(one: rules.Source, language_at: int) -> dict[str, str]:
    names = ROLE_NAMES.get(one.role, (one.role, one.role))
    return {
        "report": one.number,
        "href": reverse("desk-report", args=[one.report]),
        "role": names[language_at],
        "locator": one.locator,
        "at": _moment(one),
    }


def _moment(one: rules.Source) -> str:
    if one.at is None:
        return ""
    return when(one.at, one.precision) + ("" if one.zone_known else f" ({_('no time zone given; UTC assumed')})")

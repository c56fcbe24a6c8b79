"""The link chart of a case: what its reports, accounts and identifiers have in common, to arrange, keep and take along."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

import msgspec
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
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
from abhaya.desk import chart_layout as layout
from abhaya.desk import chart_rules as rules
from abhaya.desk import chart_shown as shown_as
from abhaya.desk import chart_times as times
from abhaya.desk.chart_file import as_graph
from abhaya.desk.chart_rules import ADDRESS
from abhaya.desk.forms_chart import KeepForm
from abhaya.errors import NotThere, OfficerError
from abhaya.ledger import queries as ledger
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking.formats import gexf, graphml
from abhaya.selectors.reasons import ROLE_NAMES
from abhaya.shared.identity import acting
from abhaya.shared.reason import Reason

FORMS = {"graphml": graphml.write, "gexf": gexf.write}
MOMENTS_MAX = 500
REPORTS_ALONE_MAX = 50  # in one file, of the 200 that a chart holds: a file of persons, each with all they have (0011)
SEEN_BY_MAX = 30
PICTURE = "png"  # drawn by the browser; what it is for and that it left is written down here
SEEN = {Event.CASES_CHART_VIEWED.value, Event.CASES_CHART_EXPORTED.value}


@requires(Permission.CASES_CASE_WORK)
@require_safe
def chart(request: OfficerRequest, case_id: UUID) -> HttpResponse:
    """The chart as the newest arrangement has it, or the one asked for, with tables of all its lines beside it."""
    case = _mine(case_id)
    saved = cases.charts(case_id, _id(request.GET.get("arrangement", "")))
    shown = next((one for one in saved if one.arranged), None)
    arranged = msgspec.json.decode(shown.arranged, type=rules.Kept) if shown and shown.arranged else rules.Kept()
    found, opened = _read(case_id, [*arranged.opened, *_asked(request)], addresses=arranged.addresses)
    seen_by = _who_saw(case_id)
    record([Act(Event.CASES_CHART_VIEWED, case_id, case_id, {"things": len(found.things)})])
    context = {
        "case": case,
        "works": case.level == WORK,
        **_tables(found),
        "data": shown_as.data(found, arranged, opened),
        "saved": saved,
        "shown": shown,
        "seen_by": seen_by,
        "zone": timezone.get_current_timezone_name(),
        "keep_form": KeepForm(auto_id="keep-%s", initial={"title": shown.title if shown else case.title}),
        "purpose": purposes.kept(request),
        "bases": purposes.BASES,
        "purpose_form": purposes.PurposeFields(auto_id="export-%s"),
    }
    return render(request, "desk/chart.html", context)


@requires(Permission.CASES_CASE_WORK)
@require_safe
def more(request: OfficerRequest, case_id: UUID) -> JsonResponse:
    """The chart as data, with its tables; with `of`, one of its identifiers, also the other reports in which that stands, as
    far as they are open to the officer; with `addresses`, internet addresses too.
    """
    _mine(case_id)
    attached, watched = cases.attached(case_id), cases.watched(case_id)
    opened = charts.open_to_me(one for one in map(_id, _asked(request)) if one is not None)
    further: list[UUID] = []
    if "of" in request.GET:
        selector = _id(request.GET["of"])
        found_in = charts.others(selector, charts.on_chart(attached, opened), watched) if selector else None
        if found_in is None:
            raise NotThere(_("There is nothing here for you."))
        further = found_in
    opened = [*opened, *further]
    found = charts.of_case(attached, watched, opened, addresses="addresses" in request.GET)
    record([Act(Event.CASES_CHART_VIEWED, case_id, case_id, {"things": len(found.things), "reports": len(further)})])
    tables = render_to_string("desk/chart_tables.html", _tables(found), request)
    return JsonResponse({**shown_as.data(found, rules.Kept(), opened), "tables": tables})


@requires(Permission.CASES_CASE_WORK)
@require_POST
def keep(request: OfficerRequest, case_id: UUID) -> HttpResponse:
    """Keeps how the chart is arranged. What stands on it is not kept: each viewer reads it anew."""
    _mine(case_id)
    form = KeepForm(request.POST)
    if not form.is_valid():
        raise OfficerError(_("Give the arrangement a title."))
    arranged = _arranged(form.cleaned_data["arranged"])
    actions.save_chart(case_id, request.officer.id, form.cleaned_data["title"], msgspec.json.encode(arranged))
    messages.success(request, _("The arrangement is kept. Earlier ones stay."))
    return redirect("desk-chart", case_id=case_id)


@requires(Permission.CASES_CASE_WORK)
@costly
@require_POST
def export(request: OfficerRequest, case_id: UUID) -> HttpResponse:
    """The chart as GraphML or GEXF, or leave to save the drawing, with what it is for; as the officer has arranged it, and
    nobody who is masked is in it by name.
    """
    case, form = _mine(case_id), request.POST.get("form", "")
    if form not in {*FORMS, PICTURE}:
        raise OfficerError(_("Choose GraphML, GEXF or an image."))
    arranged = _arranged(request.POST.get("arranged", "") or "{}")
    found, _opened = _read(case_id, arranged.opened, addresses=arranged.addresses)
    found = rules.as_arranged(found, arranged)
    reports = sum(thing.kind == rules.REPORT for thing in found.things)
    what, page = (
        Reason("approval-export-chart", {"form": form, "reports": reports}),
        reverse("desk-chart", args=[case_id]),
    )
    target = uuid5(case_id, f"chart {form} {reports}")  # a larger one than was agreed to is asked for anew
    going = leave(request, target, case_id, reports=reports, what=what, page=page, alone=REPORTS_ALONE_MAX)
    if going is None:
        return redirect(page)
    facts: dict[str, object] = {"form": form, "things": len(found.things), **going.facts}
    with acting(request.officer.id, name=request.officer.name, purpose=going.purpose.text):
        record([Act(Event.CASES_CHART_EXPORTED, case_id, case_id, facts)])
    if form == PICTURE:
        return HttpResponse(status=204)  # the browser may now save what it has drawn
    written = FORMS[form](as_graph(found, _stands(found, arranged)))
    answer = HttpResponse(written, content_type="application/xml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="chart-{case.reference}.{form}"'
    return answer


def _mine(case_id: UUID) -> cases.CaseRow:
    found = cases.case(case_id)
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    return found


def _read(case_id: UUID, opened: Iterable[str], *, addresses: bool) -> tuple[rules.Chart, list[UUID]]:
    allowed = charts.open_to_me(one for one in map(_id, opened) if one is not None)
    return charts.of_case(cases.attached(case_id), cases.watched(case_id), allowed, addresses=addresses), allowed


def _arranged(text: str) -> rules.Kept:
    try:
        return rules.kept(text.encode())
    except rules.NotKept as error:
        raise OfficerError(_("This is no arrangement of a chart: %(why)s.") % {"why": error}) from error


def _stands(found: rules.Chart, arranged: rules.Kept) -> layout.Places:
    """Where things stand in a file: as arranged, else as laid out."""
    timed = arranged.layout == "time"
    places = layout.in_time(found, timezone.get_current_timezone()).places if timed else layout.places(found)
    return places | {thing: place for thing, place in arranged.at.items() if thing in places}


def _tables(found: rules.Chart) -> dict[str, object]:
    """What the tables beside the drawing say: the same as it."""
    named, dressed = found.named(), shown_as.dressed(found)
    joined = {end for line in found.lines for end in (line.a, line.b)}
    moments = times.moments(found)
    return {
        "found": found,
        "ties": [(tie, dressed[tie.a], dressed[tie.b], shown_as.tie_word(tie)) for tie in found.ties],
        "rows": [
            (
                line,
                dressed[line.a],
                dressed[line.b],
                named[line.b].elsewhere,
                shown_as.doubts(line.sources) if named[line.b].kind == ADDRESS else (),
            )
            for line in found.lines
        ],
        "alone": [dressed[thing.id] for thing in found.things if thing.id not in joined],
        "moments": [(one, dressed[one.thing.id]) for one in moments[:MOMENTS_MAX]],
        "moments_more": max(0, len(moments) - MOMENTS_MAX),
        "report_pages": shown_as.report_pages(found),
        "role_names": ROLE_NAMES,
    }


def _who_saw(case_id: UUID) -> list[tuple[str, str, datetime, int]]:
    """Who looked at the chart or took it out: (name, event, last time, how often), the latest first, as far as the viewer
    reads the ledger of this case.
    """
    found: dict[tuple[str, str], list[datetime]] = {}
    for line in ledger.looks(case_id, ledger.Filter(), item=case_id):
        if line.event in SEEN:
            found.setdefault((line.actor_name, line.event), []).append(line.at)
    return [(name, event, times_[0], len(times_)) for (name, event), times_ in found.items()][:SEEN_BY_MAX]


def _asked(request: OfficerRequest) -> list[str]:
    """Reports opened beside those of the case, as the address names them."""
    return request.GET.get("with", "").split(",")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text.rpartition(":")[2])
    except ValueError:
        return None

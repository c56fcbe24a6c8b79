"""Search: a report by its number at once; anything that can name a person only with a purpose, which the ledger keeps."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_http_methods

from abhaya.access import purposes
from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.limits import costly
from abhaya.access.permissions import Permission
from abhaya.cases.actions import note_asked
from abhaya.desk import alike, finding, queries, words
from abhaya.desk.forms import SearchForm, SearchWithPurposeForm, in_reader_language
from abhaya.intake import queries as intake
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking import queries_names as names
from abhaya.linking.names.reasons import LEAD as NAMES_LEAD
from abhaya.linking.names.reasons import SENTENCES as NAMES
from abhaya.selectors.reasons import KIND_NAMES, ROLE_NAMES
from abhaya.shared.identity import acting
from abhaya.triage import queries as triage
from abhaya.triage.reasons import LANE_NAMES, SENTENCES

NEEDLES_KEPT_MAX = 5
NEEDLE_LETTERS = 32  # 128 bits


@requires(Permission.DESK_REPORT_SEARCH)
@costly
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: OfficerRequest) -> HttpResponse:
    """A report by its number or reference is found at once. Whatever can name a person asks what for, unless that was
    said within the last half hour.
    """
    typed = (request.POST or request.GET).get("q", "").replace("\0", "").strip()
    if request.POST.get("act") == "change":
        purposes.forget(request)
        return redirect("desk-search")
    report = _by_number(typed)
    if report is not None:
        return redirect("desk-report", report_id=report)
    said = purposes.kept(request)
    wants = bool(request.POST) or (said is not None and bool(typed))
    form: SearchForm
    if said is None:
        asking = SearchWithPurposeForm(request.POST or None, initial={"q": typed})
        if asking.is_bound and asking.is_valid():
            said = purposes.keep(request, asking)
        form = asking
    else:
        form = SearchForm({"q": typed} if wants else None)
    if said is None or not wants or not form.is_valid():
        context = {"form": form, "asked": False, "purpose": said, "bases": purposes.BASES}
        return render(request, "desk/search.html", context, status=422 if form.errors else 200)
    return _found(request, form.cleaned_data["q"].replace("\0", "").strip(), said)


def _found(request: OfficerRequest, typed: str, said: purposes.Purpose) -> HttpResponse:
    candidates = finding.candidates(typed, queries.platforms())
    found = queries.search(candidates, finding.digest(typed), intake.reports_with_reference(typed))
    similar = _besides(alike.of_text(typed), {report.id for report in found})
    kinds = sorted({candidate.kind for candidate in candidates})
    with acting(request.officer.id, name=request.officer.name, purpose=said.text):
        facts = {
            "basis": said.basis,
            "kinds": kinds,
            "needles": [needle(candidate) for candidate in candidates[:NEEDLES_KEPT_MAX]],
            "found": len(found),
            "similar": len(similar.alike) if similar else 0,
        }
        record([Act(Event.DESK_SEARCH_MADE, None, None, facts)])
    note_asked(request.officer.id, [candidate.selector for candidate in candidates])
    context = {
        "form": SearchForm(initial={"q": typed}),
        "purpose": said,
        "bases": purposes.BASES,
        "asked": True,
        "found": found,
        "similar": similar,
        "name_sentences": NAMES,
        "name_lead": {"lead": NAMES_LEAD},
        "words": {"roles": words.ROLES},
        "titles": triage.titles([report.id for report in found]),
        "kinds": [in_reader_language(KIND_NAMES.get(kind, (kind, kind))) for kind in kinds],
        "most": queries.FOUND_MAX,
        "sentences": SENTENCES,
        "lane_names": LANE_NAMES,
        "kind_names": KIND_NAMES,
        "role_names": ROLE_NAMES,
    }
    return render(request, "desk/search.html", context)


def _besides(similar: names.Found | None, reports: AbstractSet[UUID]) -> names.Found | None:
    """Names alike in reports that were not found by what was typed itself."""
    if similar is None:
        return None
    return replace(
        similar, alike=[one for one in similar.alike if not reports >= {seat.report_id for seat in one.seats}]
    )


def needle(candidate: finding.Candidate) -> str:
    """What was searched for, as the ledger keeps it: under this installation's key. Who has the ledger alone cannot try
    all telephone numbers against it; who may ask this installation can ask for one.
    """
    keyed = salted_hmac("abhaya.desk.needle", f"{candidate.kind}:{candidate.value}", algorithm="sha256")
    return keyed.hexdigest()[:NEEDLE_LETTERS]


def _by_number(text: str) -> UUID | None:
    """The one report with this number, or with this reference of its sender."""
    if not text:
        return None
    number = finding.number(text)
    report = intake.report_numbered(number) if number is not None else None
    if report is None:
        referred = intake.reports_with_reference(text)
        report = referred[0] if len(referred) == 1 else None
    return report

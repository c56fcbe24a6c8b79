"""Search: a report by its number at once; anything that can name a person only with a purpose, which the ledger keeps."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.desk import finding, queries
from abhaya.desk.forms import SearchForm, in_reader_language
from abhaya.intake import queries as intake
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.selectors.reasons import KIND_NAMES, ROLE_NAMES
from abhaya.shared.identity import acting
from abhaya.triage import queries as triage
from abhaya.triage.reasons import LANE_NAMES, SENTENCES

PURPOSE_KEY = "desk-search-purpose"  # of the session: the officer's last purpose, offered again


@requires(Permission.DESK_REPORT_SEARCH)
@require_http_methods(["GET", "POST"])
def search(request: OfficerRequest) -> HttpResponse:
    """GET finds a report by number or reference and asks for a purpose otherwise; POST searches."""
    if request.method == "GET":
        typed = request.GET.get("q", "").replace("\0", "").strip()
        report = _by_number(typed)
        if report is not None:
            return redirect("desk-report", report_id=report)
        initial = {"q": typed, "purpose": request.session.get(PURPOSE_KEY, "")}
        return render(request, "desk/search.html", {"form": SearchForm(initial=initial), "asked": False})
    form = SearchForm(request.POST)
    if not form.is_valid():
        return render(request, "desk/search.html", {"form": form, "asked": False}, status=422)
    typed, purpose = form.cleaned_data["q"].strip(), form.cleaned_data["purpose"]
    request.session[PURPOSE_KEY] = purpose
    candidates = finding.candidates(typed, queries.platforms())
    found = queries.search(candidates, finding.digest(typed), intake.reports_with_reference(typed))
    kinds = sorted({candidate.kind for candidate in candidates})
    with acting(request.officer.id, name=request.officer.name, purpose=purpose):
        # The value itself stays out of the ledger; its selector id lets an auditor ask “was this one searched for?”
        facts = {
            "kinds": kinds,
            "selectors": [str(candidate.selector) for candidate in candidates[:5]],
            "found": len(found),
        }
        record([Act(Event.DESK_SEARCH_MADE, None, None, facts)])
    context = {
        "form": form,
        "asked": True,
        "found": found,
        "titles": triage.titles([report.id for report in found]),
        "kinds": [in_reader_language(KIND_NAMES.get(kind, (kind, kind))) for kind in kinds],
        "most": queries.FOUND_MAX,
        "sentences": SENTENCES,
        "lane_names": LANE_NAMES,
        "kind_names": KIND_NAMES,
        "role_names": ROLE_NAMES,
    }
    return render(request, "desk/search.html", context)


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

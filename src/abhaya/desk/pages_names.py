"""Names, addresses and screen names of a report that are alike in other reports. Looked at when asked for: each look at a name is written down where it stands."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.desk import alike, words
from abhaya.desk.dossier import open_report
from abhaya.desk.in_hand import is_anothers, may_read_along
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking import subject_shown
from abhaya.linking.names.reasons import DOUBTS, SENTENCES
from abhaya.selectors.reasons import KIND_NAMES
from abhaya.triage import queries as triage

WORDS = {"sentences": SENTENCES, "doubts": DOUBTS, "kinds": KIND_NAMES, "words": {"roles": words.ROLES}}


@requires(Permission.DESK_REPORT_READ)
@require_safe
def names(request: OfficerRequest, report_id: UUID) -> HttpResponse:
    """For each named person of a report who is not masked, who in other reports open to the reader is alike by name, address or screen name."""
    row = open_report(report_id)
    standing, assessment, _together = triage.of_report(report_id)
    if standing is not None and is_anothers(standing, request.officer) and not may_read_along(request.officer):
        return redirect("desk-report", report_id=report_id)  # which says who has it
    found = alike.of_report(row, assessment)
    seats = [seat for one in found for hit in one.alike for seat in hit.seats]
    facts = {"names": sum(len(one.alike) for one in found)}
    traces = subject_shown.traces_in([row.compartment, *(seat.compartment for seat in seats)])
    record([Act(Event.DESK_NAMES_VIEWED, row.id, trace, facts) for trace in traces])
    context = {
        "report": row,
        "found": found,
        "may_judge": request.officer.may(Permission.LINKING_ACCOUNTS_JUDGE),
        **WORDS,
    }
    return render(request, "desk/names.html", context)

"""Who audited what, and what administrators did: read by those who answer for the unit, and itself on record."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.desk.ledger_words import WORDS
from abhaya.ledger import queries
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.web.pager import PAGE_ROWS, after_of, page_of

READINGS = (
    Event.LEDGER_LEDGER_READ, Event.LEDGER_LEDGER_CHECKED, Event.LEDGER_EXPORT_MADE, Event.LEDGER_CHECKPOINT_LEFT,
)  # fmt: skip
ADMINISTERED = (
    Event.ACCESS_OFFICER_ADDED, Event.ACCESS_OFFICER_CHANGED, Event.ACCESS_SIGN_IN_RESET, Event.ACCESS_UNIT_ADDED,
    Event.ACCESS_UNIT_CHANGED,
)  # fmt: skip
ASKED = ("event", "who", "first", "last", "page", "rows")  # facts of a reading, as the page shows them


@requires(Permission.ACCESS_AUDIT_READ)
@require_safe
def audited(request: OfficerRequest) -> HttpResponse:
    """Newest first; the officers are those of the supervisor's unit and of the units below it."""
    after = after_of(request, 1)
    chosen = READINGS if request.GET.get("show") != "administration" else ADMINISTERED
    before = UUID(str(after[0])) if after else None
    found = queries.newest_of(
        [event.value for event in chosen], reader=request.officer.id, before=before, most=PAGE_ROWS + 1
    )
    paged = page_of(found, lambda line: [str(line.id)], after=after)
    record([Act(Event.LEDGER_LEDGER_READ, facts={"page": "audit", "rows": len(paged.rows)})])
    language = get_language() or "en"
    rows = [
        (line, line.sentence(language, WORDS), [(name, line.facts[name]) for name in ASKED if line.facts.get(name)])
        for line in paged.rows
    ]
    context = {"rows": rows, "paged": paged, "administration": chosen is ADMINISTERED}
    return render(request, "desk/audited.html", context)

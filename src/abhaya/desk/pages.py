"""My desk and the queue: what is mine, what waits, and what to do next."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from abhaya.access import emergencies
from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.desk import changes, lists, queries
from abhaya.desk.forms import QueueFilterForm
from abhaya.desk.forms_subject import SeenForm
from abhaya.errors import NotThere
from abhaya.linking.news import mark_heard
from abhaya.linking.words import CAUSES, NEWS
from abhaya.matching import bundles
from abhaya.matching.reasons import SENTENCES as MATCHING
from abhaya.routing import queries as routing
from abhaya.routing.reasons import SENTENCES as ROUTING
from abhaya.triage import lines
from abhaya.triage import queries as triage
from abhaya.triage.reasons import LANE_NAMES, SENTENCES, TEXT_LABELS
from abhaya.web.pager import PAGE_ROWS, after_of, page_of
from abhaya.web.rooms import counted_by

MINE_SHOWN_MAX = 50
NEXT_SHOWN_MAX = 5
OFFERED_SHOWN_MAX = 10
EMERGENCIES_SHOWN_MAX = 5
FOUND_LATER_SHOWN_MAX = 10
CHANGES_SHOWN_MAX = 5
WORDS = {
    "lane_names": LANE_NAMES,
    "sentences": SENTENCES,
    "text_labels": TEXT_LABELS,
    "apart_sentences": MATCHING,
    "news_words": NEWS,
    "causes": CAUSES,
}


@requires(Permission.DESK_REPORT_READ)
@require_safe
def home(request: OfficerRequest) -> HttpResponse:
    """What is in the officer's hands, what was offered to the unit, and the next of its queue."""
    officer = request.officer
    works_queue = officer.may(Permission.TRIAGE_QUEUE_WORK)
    lanes = triage.lanes(officer.unit_id) if works_queue else []
    waiting = lines.rows(officer.unit_id, lines.Filters(), after=None, limit=NEXT_SHOWN_MAX) if works_queue else []
    reads_referrals = officer.may(Permission.ROUTING_REFERRAL_READ)
    offered = queries.offers(officer.unit_id, limit=OFFERED_SHOWN_MAX) if reads_referrals else []
    news = changes.waiting(officer)
    context = {
        "offered": lists.offered(offered),
        "offered_counts": routing.inbox_counts(officer.unit_id) if reads_referrals else None,
        "routing_sentences": ROUTING,
        "found_later": queries.found_later(officer.unit_id, limit=FOUND_LATER_SHOWN_MAX) if works_queue else [],
        "emergencies": emergencies.to_review()[:EMERGENCIES_SHOWN_MAX],
        "changed": news,
        "changed_shown": news[:CHANGES_SHOWN_MAX],
        "mine": lists.listed(lines.mine(officer.id, limit=MINE_SHOWN_MAX)),
        "waiting": lists.listed(row for row in waiting if row.claimed_by != officer.id or row.state != "claimed"),
        "counts": lists.counts(lanes, triage.oldest(officer.unit_id) if works_queue else None),
        "lanes": lanes,
        "works_queue": works_queue,
        **WORDS,
    }
    return render(request, "desk/home.html", context)


@requires(Permission.DESK_REPORT_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def changed(request: OfficerRequest) -> HttpResponse:
    """What became of persons whom the officer's reports and cases name, until they mark it as seen."""
    form = SeenForm(request.POST or None)
    if form.is_bound and form.is_valid():
        mark_heard(request.officer.id, form.cleaned_data["first"], form.cleaned_data["last"])
        return redirect("desk-changed")
    found = changes.waiting(request.officer)
    return render(request, "desk/changed.html", {"changed": found, **WORDS})


@requires(Permission.TRIAGE_QUEUE_WORK)
@require_safe
def queue(request: OfficerRequest) -> HttpResponse:
    """The unit's queue in the order of work, narrowed as asked."""
    form = QueueFilterForm(request.GET)
    filters = form.filters()
    unit = request.officer.unit_id
    after = after_of(request, parts=lines.key_parts(oldest_first=filters.oldest_first))
    rows = lines.rows(unit, filters, after=after, limit=PAGE_ROWS + 1)
    paged = page_of(rows, lambda row: lines.key_of(row, oldest_first=filters.oldest_first), after=after, most=PAGE_ROWS)
    lanes = triage.lanes(unit)
    context = {
        "paged": paged,
        "rows": lists.listed(paged.rows),
        "filters": filters,
        "form": form,
        "is_narrowed": filters != lines.Filters(oldest_first=filters.oldest_first),
        "lanes": lanes,
        "counts": lists.counts(lanes, triage.oldest(unit)),
        "senders": triage.senders(unit),
        "places": lists.places_of(unit),
        **WORDS,
    }
    return render(request, "desk/queue.html", context)


@requires(Permission.TRIAGE_QUEUE_WORK)
@require_safe
def together(request: OfficerRequest, report_id: UUID) -> HttpResponse:
    """The reports of the unit's queue that bring the same as this one, one by one: who stands alone first, with why."""
    unit = request.officer.unit_id
    bundle = lines.bundle_of(report_id)
    after = after_of(request, parts=3)
    rows = lines.together(unit, bundle, after=after, limit=PAGE_ROWS + 1) if bundle else []
    counted = lines.together_counted(unit, bundle) if bundle else None
    if counted is None or not counted.reports:
        raise NotThere(_("There is nothing here for you."))
    paged = page_of(rows, lines.together_key, after=after, most=PAGE_ROWS)
    is_likeness = bool(bundles.by_likeness([bundle])) if bundle else False
    listed = lists.listed(paged.rows, with_stacks=is_likeness)
    context = {
        "paged": paged,
        "alone": [one for one in listed if one.row.stands_alone],
        "folded": [one for one in listed if not one.row.stands_alone],
        "counted": counted,
        "is_likeness": is_likeness,
        **WORDS,
    }
    return render(request, "desk/together.html", context)


counted_by("desk-home", triage.SQL["mine_counted"])
counted_by("desk-queue", triage.SQL["waiting"])

"""Referrals: what was offered to the unit, what it sent, what is nobody's, and where everything is."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abhaya.access.gate import OfficerRequest, requires, with_road
from abhaya.access.permissions import Permission
from abhaya.errors import NotThere, OfficerError
from abhaya.intake import queries as intake
from abhaya.routing import actions, queries
from abhaya.routing.forms import ClockForm, ForwardForm, ReturnForm
from abhaya.routing.listing import listed, listed_nobodys
from abhaya.routing.reasons import SENTENCES
from abhaya.routing.rules import ACCEPT_MINUTES, Tree
from abhaya.triage.reasons import LANE_NAMES
from abhaya.triage.reasons import SENTENCES as TRIAGE
from abhaya.triage.rules import LANES
from abhaya.web.pager import PAGE_ROWS, after_of, page_of
from abhaya.web.rooms import counted_by
from abhaya.web.templatetags.abhaya import in_language
from abhaya.web.words import age

WORDS = {"sentences": SENTENCES, "triage_sentences": TRIAGE, "lane_names": LANE_NAMES}


@requires(Permission.ROUTING_REFERRAL_READ)
@require_safe
def inbox(request: OfficerRequest) -> HttpResponse:
    """What was offered to the unit, by its clock; under “decided” what it accepted or returned, newest first."""
    decided = request.GET.get("show") == "decided"
    unit, after = request.officer.unit_id, _after(request)
    rows = (queries.received if decided else queries.inbox)(unit, after=after, limit=PAGE_ROWS + 1)
    paged = page_of(rows, _key, after=after_of(request, 2))
    context = {
        "rows": listed(paged.rows),
        "paged": paged,
        "counts": queries.inbox_counts(unit),
        "decided": decided,
        "may_decide": request.officer.may(Permission.ROUTING_REFERRAL_DECIDE),
    }
    return render(request, "routing/inbox.html", context | WORDS)


@requires(Permission.ROUTING_REFERRAL_OFFER)
@require_safe
def outbox(request: OfficerRequest) -> HttpResponse:
    """What the unit sent and waits elsewhere, by its clock; under “decided” what became of it, newest first."""
    decided = request.GET.get("show") == "decided"
    unit, after = request.officer.unit_id, _after(request)
    rows = (queries.sent if decided else queries.waiting_elsewhere)(unit, after=after, limit=PAGE_ROWS + 1)
    paged = page_of(rows, _key, after=after_of(request, 2))
    context = {"rows": listed(paged.rows), "paged": paged, "counts": queries.outbox_counts(unit), "decided": decided}
    return render(request, "routing/outbox.html", context | WORDS)


@requires(Permission.ROUTING_REFERRAL_OFFER)
@require_safe
def nobodys(request: OfficerRequest) -> HttpResponse:
    """Reports of the unit's queue that belong to nobody yet, oldest first, each with the reason why."""
    unit, after = request.officer.unit_id, _after(request)
    rows = queries.nobodys(unit, after=after, limit=PAGE_ROWS + 1)
    paged = page_of(rows, lambda row: [row.received_at.isoformat(), str(row.report_id)], after=after_of(request, 2))
    context = {"rows": listed_nobodys(paged.rows), "paged": paged, "counts": queries.nobodys_counts(unit)}
    return render(request, "routing/nobodys.html", context | WORDS)


@requires(Permission.ROUTING_REFERRAL_OFFER)
@require_safe
def where(request: OfficerRequest) -> HttpResponse:
    """Where everything is that the unit has: with itself, and with each unit below it."""
    rows = queries.where(request.officer.unit_id)
    context = {
        "rows": [row for row in rows if row.depth == 0 or not row.is_empty],
        "silent": [row.unit for row in rows if row.depth and row.is_empty],
        "days": queries.DECIDED_DAYS,
    }
    return render(request, "routing/where.html", context)


@requires(Permission.ROUTING_REFERRAL_DECIDE)
@with_road("whatever comes after routing is asked again")
@require_POST
def accept(request: OfficerRequest, referral_id: UUID) -> HttpResponse:
    report = actions.accept(referral_id, request.officer)
    messages.success(
        request, _("Accepted for %(unit)s. It stands in your queue.") % {"unit": request.officer.unit_name}
    )
    return HttpResponseRedirect(reverse("desk-report", args=[report]))


@requires(Permission.ROUTING_REFERRAL_DECIDE)
@with_road("openings that the standing rule made are the road's to end")
@require_http_methods(["GET", "HEAD", "POST"])
def return_(request: OfficerRequest, referral_id: UUID) -> HttpResponse:
    """The form with the reason; alone, and as a dialog on the report's page."""
    found = queries.referral(referral_id)
    if found is None or found.to_unit_id != request.officer.unit_id:
        raise NotThere(_("There is nothing here for you."))
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.return_(referral_id, request.officer, form.cleaned_data["reason"])
        messages.success(
            request, _("Returned to %(unit)s with your reason.") % {"unit": in_language(found.from_unit, "name")}
        )
        return HttpResponseRedirect(reverse("routing-inbox"))
    context = {"form": form, "referral": found, "row": listed([found])[0]}
    return render(request, "routing/return.html", context | WORDS, status=422 if form.errors else 200)


@requires(Permission.ROUTING_REFERRAL_OFFER)
@with_road("whatever comes after routing is asked again")
@require_http_methods(["GET", "HEAD", "POST"])
def forward(request: OfficerRequest, report_id: UUID) -> HttpResponse:
    """To which unit, with a word to it. The units that the rules propose stand first."""
    report = intake.report(report_id)
    if report is None:
        raise NotThere(_("There is nothing here for you."))
    proposed = [one.unit_id for one in queries.proposals(report_id) if one.unit_id is not None]
    tree = queries.tree()
    form = ForwardForm(request.POST or None, tree=tree, own=request.officer.unit_id, proposed=proposed)
    if request.method == "POST" and form.is_valid():
        try:
            actions.offer(report_id, form.chosen(), request.officer, form.cleaned_data["note"])
        except NotThere:
            raise
        except OfficerError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(
                request, _("Forwarded. You will find it under “Sent on” until it is accepted or returned.")
            )
            return HttpResponseRedirect(reverse("routing-outbox"))
    context = {"form": form, "report": report}
    return render(request, "routing/forward.html", context | WORDS, status=422 if form.errors else 200)


@requires(Permission.ACCESS_UNIT_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def clocks(request: OfficerRequest) -> HttpResponse:
    """How long each unit has for each lane; a unit without its own clock has that of the unit above it."""
    tree, kept = queries.tree(), queries.clocks()
    unit = _unit_asked(request.GET.get("unit", ""), tree) or request.officer.unit_id
    given = {lane: kept.get((unit, lane)) for lane in LANES}
    form = ClockForm(request.POST or None, tree=tree, initial={"unit": str(unit), **given})
    if request.method == "POST" and form.is_valid():
        chosen = UUID(form.cleaned_data["unit"])
        for lane, minutes in form.clocks().items():
            if minutes != kept.get((chosen, lane)):
                actions.set_clock(chosen, lane, minutes)
        messages.success(request, _("The clocks are set."))
        return HttpResponseRedirect(f"{reverse('routing-clocks')}?unit={chosen}")
    own = sorted({tree.units[one].name for one, _lane in kept if one is not None and one in tree.units})
    context = {
        "form": form,
        "with_own": own,
        "general": [(lane, age(timedelta(minutes=ACCEPT_MINUTES[lane]))) for lane in LANES],
    }
    return render(request, "routing/clocks.html", context | WORDS, status=422 if form.errors else 200)


def _unit_asked(text: str, tree: Tree) -> UUID | None:
    try:
        asked = UUID(text)
    except ValueError:
        return None
    return asked if asked in tree.units else None


def _key(row: queries.Handed) -> list[str | int | float | None]:
    return [(row.due_at if row.state == "offered" else row.offered_at).isoformat(), str(row.id)]


def _after(request: OfficerRequest) -> tuple[datetime, UUID] | None:
    key = after_of(request, 2)
    return None if key is None else (datetime.fromisoformat(str(key[0])), UUID(str(key[1])))


counted_by("routing-inbox", queries.INBOX_COUNTED)
counted_by("routing-outbox", queries.LATE_COUNTED)  # the rest of what was sent on waits for others
counted_by("routing-nobodys", queries.NOBODYS_COUNTED)

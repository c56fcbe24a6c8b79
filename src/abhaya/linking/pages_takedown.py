"""After a takedown: when a group was taken down, says who, and which groups its actors were in from then on."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.access.queries import trace
from abhaya.errors import NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking import network_queries as queries
from abhaya.linking.actions import takedowns
from abhaya.linking.forms import TakedownForm, WithdrawForm


@requires(Permission.DESK_REPORT_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def after(request: OfficerRequest, group_id: UUID) -> HttpResponse:
    """Groups with actors of this one that began once it was gone, those that look most like it first."""
    told = queries.reports_of(group_id)
    if not told:
        raise NotThere(_("There is nothing here for you."))
    form = TakedownForm(request.POST or None, told=told)
    refused: OfficerError | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            takedowns.say(
                group_id, UUID(given["report"]), given["day"], given["said_by"], request.officer, now=datetime.now(UTC)
            )
        except OfficerError as refusal:
            refused = refusal
        else:
            messages.success(request, _("Written down. What came after it is counted from that day."))
            return redirect("linking-group-after", group_id=group_id)
    said = queries.takedowns_of(group_id)
    standing = next((one for one in said if one.withdrawn_at is None), None)
    others = sorted(
        queries.others_of(group_id), key=lambda one: (one.strength != "strong", one.strength == "", -one.after)
    )
    by_id = {row.id: row for row in queries.groups()}
    record([Act(Event.LINKING_GROUP_VIEWED, group_id, trace(told[0].compartment), {"shown": len(others)})])
    context = {
        "group_id": group_id,
        "name": told[0].name or told[0].platform,
        "said": said,
        "standing": standing,
        "acts_since": queries.acts_since(group_id, standing.day) if standing else 0,
        "last_act": by_id[group_id].last_at if group_id in by_id else None,
        "after": [(one, by_id.get(one.group_id)) for one in others if one.strength],
        "before": sum(not one.strength for one in others),
        "form": form,
        "refused": refused.sentence if refused else "",
    }
    return render(request, "linking/after.html", context, status=_status(form, refused))


@requires(Permission.DESK_REPORT_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: OfficerRequest, takedown_id: UUID) -> HttpResponse:
    """It was wrong: taken back with the reason."""
    one = queries.takedown(takedown_id)
    if one is None:
        raise NotThere(_("There is nothing here for you."))
    form = WithdrawForm(request.POST or None)
    refused: OfficerError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            takedowns.withdraw(takedown_id, form.cleaned_data["why"], request.officer)
        except OfficerError as refusal:
            refused = refusal
        else:
            messages.success(request, _("Taken back. It counts no more, and stays on record."))
            return redirect("linking-group-after", group_id=one.group_id)
    record([Act(Event.LINKING_GROUP_VIEWED, one.group_id, trace(one.compartment), {"shown": 1})])
    context = {"one": one, "form": form, "refused": refused.sentence if refused else ""}
    return render(request, "linking/takedown.html", context, status=_status(form, refused))


def _status(form: TakedownForm | WithdrawForm, refused: OfficerError | None) -> int:
    if refused is not None:
        return refused.status
    return 422 if form.errors else 200

"""Originals kept at another unit: asked for with a purpose, allowed for a time or not, and the log of both."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.custody import grants
from abhaya.custody.queries import item
from abhaya.errors import NotPermitted, OfficerError
from abhaya.web.rooms import counted_by


class AskForm(forms.Form):
    """What the officer needs an original for."""

    purpose = forms.CharField(
        label=gettext_lazy("What you need it for"),
        help_text=gettext_lazy("The keeping unit reads this and answers. The ledger keeps both."),
        max_length=grants.PURPOSE_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    """For how long, or no and why. `grant` says which request."""

    grant = forms.UUIDField(widget=forms.HiddenInput)
    hours = forms.TypedChoiceField(
        label=gettext_lazy("Your answer"),
        coerce=lambda text: int(text) or None,
        empty_value=None,
        choices=[
            (4, gettext_lazy("Yes, for 4 hours")),
            (24, gettext_lazy("Yes, for one day")),
            (72, gettext_lazy("Yes, for three days")),
            (168, gettext_lazy("Yes, for a week")),
            (0, gettext_lazy("No")),
        ],
    )
    answer = forms.CharField(
        label=gettext_lazy("A word to them; if no, why"), max_length=grants.PURPOSE_CHARACTERS_MAX, required=False
    )


@requires(Permission.DESK_REPORT_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: OfficerRequest, item_id: UUID) -> HttpResponse:
    """An item as a pointer: its hashes, name and size, who keeps it, and the request to open it."""
    asked, form, status = item(item_id), AskForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                grants.ask(item_id, asked.compartment, form.cleaned_data["purpose"])
            except OfficerError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                messages.success(request, _("The request is with %(unit)s.") % {"unit": asked.kept_at or "–"})
                return redirect("custody-grants")
    return render(request, "custody/ask.html", {"item": asked, "form": form}, status=status)


@requires(Permission.DESK_REPORT_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: OfficerRequest) -> HttpResponse:
    """Requests to this unit with their answer, those of this unit, and the log of both."""
    may_decide = request.officer.may(Permission.CUSTODY_GRANT_DECIDE)
    status, refused = 200, ""
    if request.method == "POST":
        if not may_decide:
            raise NotPermitted(_("Your role does not include this."))
        form = AnswerForm(request.POST)
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                grants.decide(given["grant"], hours=given["hours"], answer=given["answer"])
            except OfficerError as refusal:
                refused = refusal.sentence
            else:
                messages.success(request, _("Your answer is recorded."))
                return redirect("custody-grants")
        else:
            refused = _("Choose an answer.")
    lines = grants.listed()
    context = {
        "to_decide": [(line, AnswerForm(initial={"grant": line.id}, auto_id=f"a-{line.id.hex[-8:]}-%s"))
                      for line in lines if line.to_us and line.state == "asked"],
        "mine": [line for line in lines if not line.to_us],
        "decided": [line for line in lines if line.to_us and line.state != "asked"],
        "may_decide": may_decide,
        "refused": refused,
    }  # fmt: skip
    return render(request, "custody/grants.html", context, status=status)


counted_by("custody-grants", grants.SQL["waiting"], permission=Permission.CUSTODY_GRANT_DECIDE)

"""Waiting for a second person: what others ask of me, with exactly what, for whom and why; and what I asked."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from abhaya.access import approvals, session
from abhaya.access.actions.approvals import PURPOSE_CHARACTERS_MAX, decide
from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.errors import NotThere, OfficerError
from abhaya.web.rooms import counted_by


class DecisionForm(forms.Form):
    """Granted or refused, and why."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=[("granted", gettext_lazy("Yes, once, within the hour")), ("refused", gettext_lazy("No"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("You answer for this together with who asks. The ledger keeps both names."),
        max_length=PURPOSE_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@requires(Permission.ACCESS_APPROVAL_DECIDE, Permission.ACCESS_APPROVAL_DECIDE_FINAL)
@require_safe
def waiting(request: OfficerRequest) -> HttpResponse:
    """Requests of others that wait for this officer, and the officer's own."""
    context = {
        "to_decide": approvals.to_decide(request.officer.id),
        "mine": approvals.asked_by(request.officer.id),
        "decided": approvals.decided_lately(request.officer.id),
    }
    return render(request, "access/approvals.html", context)


@requires(Permission.ACCESS_APPROVAL_DECIDE, Permission.ACCESS_APPROVAL_DECIDE_FINAL)
@session.confirmed_within(minutes=session.GRAVE_ACT_MINUTES)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: OfficerRequest, approval_id: UUID) -> HttpResponse:
    """One request: exactly what, for whom, why; and the answer, with its reason."""
    found = approvals.approval(approval_id)
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    may_decide = found.asked_by != request.officer.id and found.state == "waiting"
    form = DecisionForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            granted = form.cleaned_data["answer"] == "granted"
            try:
                decide(approval_id, request.officer, granted, form.cleaned_data["reason"])
            except OfficerError as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(
                    request,
                    _("Granted, once, for an hour. Both names are in the ledger.")
                    if granted
                    else _("Refused, with your reason."),
                )
                return redirect("access-approvals")
    context = {"form": form if may_decide or form.is_bound else None, "approval": found, "may_decide": may_decide}
    return render(request, "access/approval.html", context, status=status)


counted_by("access-approvals", approvals.SQL["waiting_for"])

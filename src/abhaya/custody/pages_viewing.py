"""How media are shown to me and when it is enough; the unit's limits and rota; the rules about opening files.

The meter stands on its officer's own page and on no other. The rota says who would rather not now, and nothing more.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abhaya.access.gate import OfficerRequest, any_officer, requires
from abhaya.access.permissions import Permission
from abhaya.custody import look_actions, looks
from abhaya.custody.formats import lawful_csv
from abhaya.custody.forms_viewing import HOUSE, LawfulForm, LimitsForm, ViewingForm
from abhaya.custody.look_reasons import NEEDS
from abhaya.errors import OfficerError


@requires(Permission.CUSTODY_MEDIA_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: OfficerRequest) -> HttpResponse:
    """The officer's own settings and meter."""
    officer = request.officer
    form = ViewingForm(request.POST) if request.method == "POST" else ViewingForm.of(looks.own(officer.id))
    if request.method == "POST" and form.is_valid():
        look_actions.choose(officer, form.choice(), form.lowered())
        messages.success(request, _("Kept. Only you see this."))
        return redirect("custody-viewing")
    context = {
        "form": form,
        "meter": looks.meter_of(officer),
        "caps": looks.caps_of(officer),
        "not_now": any(one.prefers_not_now for one in looks.rota(officer.unit_id) if one.id == officer.id),
    }
    return render(request, "custody/viewing.html", context, status=422 if form.errors else 200)


@requires(Permission.CUSTODY_MEDIA_VIEW)
@require_POST
def availability(request: OfficerRequest) -> HttpResponse:
    """Free for media, or rather not now: no reason, and it can be changed at any time."""
    look_actions.set_availability(request.officer, prefers_not_now=request.POST.get("prefers") == "not-now")
    return redirect("custody-viewing")


@requires(Permission.CUSTODY_VIEWING_SET)
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: OfficerRequest) -> HttpResponse:
    """The unit's limits, and who may look at media: free, or rather not now. No count of anybody's."""
    officer = request.officer
    initial = LimitsForm.initial_of(looks.unit_caps(officer.unit_id))
    form = LimitsForm(request.POST) if request.method == "POST" else LimitsForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        look_actions.set_unit_caps(officer, form.lowered())
        messages.success(request, _("Kept, for everybody in the unit alike."))
        return redirect("custody-viewing-unit")
    context = {"form": form, "house": HOUSE, "rota": looks.rota(officer.unit_id)}
    return render(request, "custody/viewing_unit.html", context, status=422 if form.errors else 200)


@any_officer("which rules stand is no secret: whoever is asked for a warrant may read why")
@require_http_methods(["GET", "HEAD", "POST"])
def lawful(request: OfficerRequest) -> HttpResponse:
    """The rules about opening files, and a new version of them."""
    officer = request.officer
    may_set = officer.may(Permission.CUSTODY_LAWFUL_BASIS_SET)
    form = LawfulForm(request.POST or None, request.FILES or None) if may_set else None
    if request.method == "POST":
        if form is None:
            raise OfficerError(_("The rules are brought in by an administrator."))
        if form.is_valid():
            try:
                look_actions.import_rules(officer, form.cleaned_data["file"], form.cleaned_data["version"])
            except OfficerError as refusal:
                form.add_error("file", refusal.sentence)
            else:
                messages.success(request, _("In force from now on."))
                return redirect("custody-lawful")
    context = {"form": form, "force": looks.in_force(), "needs_words": NEEDS}
    return render(request, "custody/lawful.html", context, status=422 if form is not None and form.errors else 200)


@any_officer("as the page of the rules")
@require_safe
def lawful_file(request: OfficerRequest) -> HttpResponse:  # noqa: ARG001 — the gate has used it
    """The rules in force as CSV, to be corrected by a lawyer and brought back."""
    table = looks.in_force().table
    response = HttpResponse(lawful_csv.written(table.rules), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="rules-about-opening-files.csv"'
    return response

"""Officers: who there is, added, changed, and helped when the telephone is lost. An administrator reads no content."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abhaya.access.actions import NewOfficer, add_officer, change_officer, reset_sign_in
from abhaya.access.forms import OfficerForm
from abhaya.access.gate import requires
from abhaya.access.permissions import Permission
from abhaya.access.queries import OfficerRow, officer_by_id, officers, units
from abhaya.access.rules import TEMPORARY_PASSWORD_DAYS_MAX
from abhaya.access.words import ROLE_NAMES
from abhaya.errors import NotThere, OfficerError

OFFICERS_SHOWN_MAX = 500
TEMPORARY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look like another
TEMPORARY_GROUPS, TEMPORARY_GROUP_LETTERS = 4, 4  # 79 random bits


def temporary_password() -> str:
    """A password to be handed over in person: sixteen letters in groups of four."""
    groups = (
        "".join(secrets.choice(TEMPORARY_LETTERS) for _letter in range(TEMPORARY_GROUP_LETTERS))
        for _group in range(TEMPORARY_GROUPS)
    )
    return "-".join(groups)


@requires(Permission.ACCESS_OFFICER_MANAGE)
@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip().casefold()
    every = officers()
    found = [officer for officer in every if not wanted or wanted in _letters_of(officer)]
    shown = [
        (officer, ", ".join(str(ROLE_NAMES.get(role, role)) for role in officer.roles))
        for officer in found[:OFFICERS_SHOWN_MAX]
    ]
    counted = {"count": sum(officer.is_active for officer in every), "left_out": len(found) - len(shown)}
    return render(request, "access/officers.html", {"officers": shown, "q": request.GET.get("q", ""), **counted})


def _letters_of(officer: OfficerRow) -> str:
    return (
        f"{officer.username} {officer.name} {officer.unit_name} {officer.unit_name_hi} {officer.unit_code}".casefold()
    )


@requires(Permission.ACCESS_OFFICER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new officer with a temporary password, shown once to be handed over."""
    form = OfficerForm(request.POST if request.method == "POST" else None, units=units())
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            password = temporary_password()
            given = form.cleaned_data
            new = NewOfficer(
                given["username"], given["name"], UUID(given["unit_id"]), given["roles"], password, given["language"]
            )
            try:
                officer_id = add_officer(new)
            except OfficerError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                return _handed_over(request, officer_id, password)
    return render(request, "access/officer.html", {"form": form, "officer": None}, status=status)


@requires(Permission.ACCESS_OFFICER_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, officer_id: UUID) -> HttpResponse:
    officer = _known(officer_id)
    fields = ("name", "username", "roles", "is_active")
    form = OfficerForm(
        request.POST if request.method == "POST" else None,
        units=units(),
        known=True,
        initial={field: getattr(officer, field) for field in fields} | {"unit_id": str(officer.unit_id)},
    )
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                change_officer(
                    officer_id,
                    name=given["name"],
                    unit_id=UUID(given["unit_id"]),
                    roles=given["roles"],
                    is_active=given["is_active"],
                )
            except OfficerError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                messages.success(request, _("“{name}” is changed.").format(name=given["name"]))
                return HttpResponseRedirect(reverse("access-officers"))
    return render(request, "access/officer.html", {"form": form, "officer": officer}, status=status)


@requires(Permission.ACCESS_OFFICER_MANAGE)
@never_cache
@require_POST
def reset(request: HttpRequest, officer_id: UUID) -> HttpResponse:
    """The telephone is lost, or the password forgotten: a temporary password, and the second factor set up anew."""
    _known(officer_id)
    password = temporary_password()
    reset_sign_in(officer_id, password)
    return _handed_over(request, officer_id, password)


def _handed_over(request: HttpRequest, officer_id: UUID, password: str) -> HttpResponse:
    shown = {"officer": _known(officer_id), "password": password, "days": TEMPORARY_PASSWORD_DAYS_MAX}
    return render(request, "access/handed_over.html", shown)


def _known(officer_id: UUID) -> OfficerRow:
    officer = officer_by_id(officer_id)
    if officer is None:
        raise NotThere(_("There is no such officer."))
    return officer

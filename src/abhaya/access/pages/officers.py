"""Officers: who there is, added, changed, and helped when the telephone is lost. An administrator reads no content."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abhaya.access.actions import NewOfficer, add_officer, change_officer
from abhaya.access.actions.officers_file import import_officers, temporary_password
from abhaya.access.actions.resets import ask_reset, decide_reset, give_password, reset_of, resets
from abhaya.access.forms import OfficerForm, OfficersFileForm, ResetForm
from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.access.queries import SQL, OfficerRow, officer_by_id, officers, units
from abhaya.access.rules import TEMPORARY_PASSWORD_DAYS_MAX
from abhaya.access.session import confirmed_within
from abhaya.access.words import RESET_STATES, ROLE_NAMES
from abhaya.errors import NotThere, OfficerError
from abhaya.web.rooms import counted_by

OFFICERS_SHOWN_MAX = 500
IMPORTED_ON_A_PAGE_MAX = 100  # a tenth of a second each, while the page waits


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
def change(request: OfficerRequest, officer_id: UUID) -> HttpResponse:
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
    asked = reset_of(officer_id)
    shown = {"form": form, "officer": officer, "reset_form": ResetForm(), "reset": asked, "me": request.officer.id}
    return render(request, "access/officer.html", shown, status=status)


@requires(Permission.ACCESS_OFFICER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """Many officers from one file. Their temporary passwords stand on the answer, to be printed, and nowhere after that."""
    form = OfficersFileForm(request.POST or None, request.FILES or None)
    imported = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                imported = import_officers(form.cleaned_data["file"], officers_max=IMPORTED_ON_A_PAGE_MAX)
            except OfficerError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                status = 200
    shown = {"form": form, "imported": imported, "days": TEMPORARY_PASSWORD_DAYS_MAX}
    return render(request, "access/officers_import.html", shown, status=status)


@requires(Permission.ACCESS_OFFICER_MANAGE)
@require_POST
@confirmed_within()
def reset(request: OfficerRequest, officer_id: UUID) -> HttpResponse:
    """The telephone is lost, or the password forgotten: asks a second person that the sign-in begin anew."""
    _known(officer_id)
    asked = ask_reset(officer_id, request.POST.get("reason", ""))
    if asked.state == "granted":
        messages.warning(request, _("Nobody else could decide this, so you go on alone. The ledger says so."))
    else:
        messages.success(request, _("It is asked. A second person decides it on the page “Sign-in resets”."))
    return HttpResponseRedirect(reverse("access-officer", args=[officer_id]))


@requires(Permission.ACCESS_OFFICER_MANAGE)
@never_cache
@require_POST
@confirmed_within()
def reset_give(request: OfficerRequest, officer_id: UUID) -> HttpResponse:
    """A second person has allowed it: the temporary password, once."""
    _known(officer_id)
    return _handed_over(request, officer_id, give_password(officer_id))


@requires(Permission.ACCESS_RESET_CONFIRM)
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_within()
def all_resets(request: OfficerRequest) -> HttpResponse:
    """What waits for a second person, and what became of the others in the last three months."""
    if request.method == "POST":
        try:
            reset_id = UUID(request.POST.get("reset", ""))
        except ValueError as error:
            raise NotThere(_("There is nothing here for you.")) from error
        decide_reset(reset_id, granted=request.POST.get("answer") == "granted")
        return HttpResponseRedirect(reverse("access-resets"))
    listed = [(one, RESET_STATES[one.state]) for one in resets()]
    return render(request, "access/resets.html", {"resets": listed, "me": request.officer.id})


counted_by("access-resets", SQL["resets_waiting"])


def _handed_over(request: HttpRequest, officer_id: UUID, password: str) -> HttpResponse:
    shown = {"officer": _known(officer_id), "password": password, "days": TEMPORARY_PASSWORD_DAYS_MAX}
    return render(request, "access/handed_over.html", shown)


def _known(officer_id: UUID) -> OfficerRow:
    officer = officer_by_id(officer_id)
    if officer is None:
        raise NotThere(_("There is no such officer."))
    return officer

"""The tree of units: seen, added to, changed, and filled from a CSV file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from abhaya.access.actions import add_unit, change_unit, import_units
from abhaya.access.forms import UnitForm, UnitsFileForm
from abhaya.access.gate import requires
from abhaya.access.permissions import Permission
from abhaya.access.queries import UnitRow, units
from abhaya.access.words import FORWARD_RULES, KINDS
from abhaya.errors import NotThere, OfficerError

UNITS_SHOWN_MAX = 2_000  # a country's hub, states and districts; stations are found by the filter


@requires(Permission.ACCESS_UNIT_MANAGE)
@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """Every unit under the one it belongs to."""
    wanted = request.GET.get("q", "").strip().casefold()
    every = units()
    found = [unit for unit in every if not wanted or wanted in _letters_of(unit)]
    shown = [(unit, KINDS[unit.kind], FORWARD_RULES[unit.forward_rule]) for unit in found[:UNITS_SHOWN_MAX]]
    return render(
        request,
        "access/units.html",
        {"units": shown, "q": request.GET.get("q", ""), "count": len(every), "left_out": len(found) - len(shown)},
    )


def _letters_of(unit: UnitRow) -> str:
    return f"{unit.code} {unit.name} {unit.name_hi} {unit.place_code}".casefold()


@requires(Permission.ACCESS_UNIT_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = UnitForm(
        request.POST if request.method == "POST" else None,
        units=units(),
        initial={"parent_code": request.GET.get("under", ""), "forward_rule": "off"},
    )
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                add_unit(form.facts())
            except OfficerError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                messages.success(request, _("“{name}” is added.").format(name=form.cleaned_data["name"]))
                return HttpResponseRedirect(reverse("access-units"))
    return render(request, "access/unit.html", {"form": form, "unit": None}, status=status)


@requires(Permission.ACCESS_UNIT_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    every = units()
    unit = next((unit for unit in every if unit.id == unit_id), None)
    if unit is None:
        raise NotThere(_("There is no such unit."))
    parent = next((other.code for other in every if other.id == unit.parent_id), "")
    fields = (
        "name",
        "name_hi",
        "code",
        "kind",
        "place_code",
        "forward_rule",
        "duty_contact",
        "holds_files",
        "is_active",
    )
    form = UnitForm(
        request.POST if request.method == "POST" else None,
        units=[other for other in every if other.id != unit_id],
        known=True,
        initial={field: getattr(unit, field) for field in fields} | {"parent_code": parent},
    )
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                change_unit(unit_id, form.facts())
            except OfficerError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                messages.success(request, _("“{name}” is changed.").format(name=form.cleaned_data["name"]))
                return HttpResponseRedirect(reverse("access-units"))
    return render(request, "access/unit.html", {"form": form, "unit": unit}, status=status)


@requires(Permission.ACCESS_UNIT_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """Many units from one file; what was set aside is listed with its line and its reason."""
    form = UnitsFileForm(request.POST or None, request.FILES or None)
    imported = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                imported = import_units(form.cleaned_data["file"])
            except OfficerError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                status = 200
    return render(request, "access/units_import.html", {"form": form, "imported": imported}, status=status)

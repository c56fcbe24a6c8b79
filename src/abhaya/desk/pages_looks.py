"""Who looked at a report and its items, day by day: one click from the report, and a file that proves it.

The auditor asks it of anything, a supervisor of what is open to them; row security decides. Asking is an entry itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.desk.forms_ledger import LooksFilter, ProofForm
from abhaya.desk.ledger_words import WORDS
from abhaya.errors import NotThere, OfficerError
from abhaya.ledger import queries
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.ledger.proof_file import mark_proven, proof_of
from abhaya.shared.identity import acting


@dataclass(frozen=True, slots=True)
class Look:
    """One reading, in words."""

    line: queries.Line
    sentence: str


@requires(Permission.LEDGER_LOOKS_READ)
@require_safe
def looks(request: OfficerRequest, compartment: UUID) -> HttpResponse:
    """Every reading of a report and its items that the reader may know of, under its day.

    That an auditor asked is not told to whom they ask about: the entry names the compartment and does not lie in it.
    """
    form, found = _found(request, compartment)
    record([Act(Event.LEDGER_LOOKS_READ, compartment, None, {**_asked(form), "found": len(found)})])
    return render(request, "desk/looks.html", _context(form, found, compartment, ProofForm()))


@requires(Permission.LEDGER_LOOKS_READ)
@require_http_methods(["GET", "POST"])
def proof(request: OfficerRequest, compartment: UUID) -> HttpResponse:
    """The same as a file for a court: each entry with its way up to a signed checkpoint."""
    form, found = _found(request, compartment)
    handed = ProofForm(request.POST or None)
    if request.method == "POST" and handed.is_valid():
        entries = [line.id for line in found]
        asked = " ".join(f"{name} {value}" for name, value in _asked(form).items())
        try:
            text = proof_of(entries, f"who looked at {compartment} {asked}".strip())
        except OfficerError as refusal:
            handed.add_error(None, refusal.sentence)
        else:
            officer = request.officer
            with acting(officer.id, name=officer.name, purpose=handed.cleaned_data["purpose"]):
                mark_proven(entries, compartment, handed.cleaned_data["recipient"])
            response = HttpResponse(text, content_type="application/json")
            response["Content-Disposition"] = f'attachment; filename="who-looked-{compartment}.json"'
            return response
    status = 422 if handed.errors else 200
    return render(request, "desk/looks.html", _context(form, found, compartment, handed), status=status)


def _found(request: OfficerRequest, compartment: UUID) -> tuple[LooksFilter, list[queries.Line]]:
    if not queries.is_known(compartment):
        raise NotThere(_("There is nothing here."))
    form = LooksFilter(request.GET)
    item = form.cleaned_data["item"] if form.is_valid() else None
    return form, queries.looks(compartment, form.asked(), item=item)


def _asked(form: LooksFilter) -> dict[str, str]:
    return {name: str(value) for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}


def _context(form: LooksFilter, found: list[queries.Line], compartment: UUID, handed: ProofForm) -> dict[str, object]:
    language = get_language() or "en"
    days = groupby(found, lambda line: timezone.localdate(line.at))
    return {
        "form": form,
        "days": [(day, [Look(line, line.sentence(language, WORDS)) for line in lines]) for day, lines in days],
        "found": len(found),
        "people": len({line.actor_name for line in found}),
        "is_all": len(found) < queries.LOOKS_MAX,
        "compartment": compartment,
        "asked": _asked(form),
        "handed": handed,
    }

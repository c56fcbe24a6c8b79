"""The gazetteer: what it stands on, with dates and licences, and a look-up of one address, telephone or place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.places import queries, special
from abhaya.places.addresses import Country, place_of_address
from abhaya.places.bundle import country_codes
from abhaya.places.forms import AskForm
from abhaya.places.networks import locate, public_tables
from abhaya.places.reasons import IMPORT_KINDS, SENTENCES
from abhaya.places.telephones import place_of_phone
from abhaya.shared.reason import Reason


@dataclass(frozen=True, slots=True)
class Answer:
    """What the tables say to one question."""

    places: list[dict[str, str]]  # each with code, name, name_hi
    reasons: list[Reason]
    against: list[Reason]


@requires(Permission.PLACES_GAZETTEER_READ)
@require_safe
def gazetteer(request: OfficerRequest) -> HttpResponse:
    """Nothing here is about a report: what is asked is not kept."""
    form = AskForm(request.GET or None)
    asked = form.cleaned_data.get("q", "").strip() if form.is_bound and form.is_valid() else ""
    context = {
        "form": form,
        "asked": asked,
        "answer": _answer(asked, form.cleaned_data.get("at")) if asked else None,
        "sentences": SENTENCES,
        "tables": list(public_tables().values()),
        "imports": queries.imports(),
        "counts": queries.counts(),
        "zone": settings.TIME_ZONE,
        "kinds": IMPORT_KINDS,
    }
    return render(request, "places/gazetteer.html", context, status=422 if form.errors else 200)


def _answer(asked: str, at: datetime | None) -> Answer:
    if special.parse(asked) is not None:
        [found] = locate([asked], [at])
        return Answer(_named(found.district or found.state or found.country), list(found.reasons), [])
    home = next((country for code in country_codes() if (country := queries.country(code))), None)
    if asked.startswith("+"):
        phone = place_of_phone(asked, queries.world(), home)
        return Answer(_named(phone.country), list(phone.reasons), list(phone.against))
    return _place(asked, home)


def _place(asked: str, home: Country | None) -> Answer:
    country = queries.world().find(asked)
    if home is None or (country.candidates and not country.ambiguous and not home.gazetteer.find(asked).candidates):
        return Answer([one for found in country.candidates for one in _named(found.place.code)], [], [])
    code = asked if home.postal_states(asked) is not None else ""
    read = place_of_address(home, city="" if code else asked, postal_code=code)
    codes = [read.district] if read.district else list(read.possible) or ([read.state] if read.state else [])
    return Answer([one for found in codes for one in _named(found)], list(read.reasons), list(read.against))


def _named(code: str) -> list[dict[str, str]]:
    if not code:
        return []
    english, hindi = queries.namer([code])(code)
    return [{"code": code, "name": english, "name_hi": hindi}]

"""A country from within: its states as tiles, a state's districts as a table, and what stands behind every number."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.access.queries import trace
from abhaya.desk import placed
from abhaya.errors import NotThere
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking import tiles
from abhaya.places.bundle import tiles_of
from abhaya.routing.reasons import SENTENCES, STRENGTH_WORDS
from abhaya.web.pager import PAGE_ROWS, BadPage, after_of, page_of

CELL = "reports"  # where none is asked for
NO_COUNTRY = "none"  # in an address
TRACED_MAX = 8  # compartments in which one view is written down
REST = "rest"  # in an address: what nothing places any closer
WORDS = {"cells": placed.CELLS, "routing_sentences": SENTENCES, "strengths": STRENGTH_WORDS, "rest": REST}


@requires(Permission.DESK_REPORT_READ)
@require_safe
def within(request: OfficerRequest, country: str) -> HttpResponse:
    """The states of a country; with `in`, the districts of one of them."""
    cell, state = _cell(request), request.GET.get("in", "")
    found = placed.within(_code(country), state, cell=cell)
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    by_code = {line.code: line for line in found.lines}
    named = {place.code: place for place in (*found.empty, *(line.place for line in found.lines if line.place))}
    rows = () if state else tiles_of(country)
    counts = {code: line.counts.get(cell, 0) for code, line in by_code.items()}
    tiled = tiles.of_places(country, [[one.code for one in row] for row in rows], counts) if rows else None
    shorts = [one.short for row in rows for one in row]
    context = {
        "found": found,
        "country": country,
        "state": state,
        "cell": cell,
        "tiled": tiled,
        "drawn": [
            (tile, short, named.get(tile.code), by_code.get(tile.code))
            for tile, short in zip(tiled.tiles if tiled else (), shorts, strict=True)
        ],
        "most": max((line.counts.get(cell, 0) for line in found.lines), default=0),
        "looked_at_most": placed.REPORTS_LOOKED_AT_MAX,
        **WORDS,
    }
    return render(request, "desk/within.html", context)


@requires(Permission.DESK_REPORT_READ)
@require_safe
def sightings(request: OfficerRequest, country: str) -> HttpResponse:
    """What stands behind one number; each leads to its report. `in` a state, `at` a district or a state, or the rest."""
    cell, state, at = _cell(request), request.GET.get("in", ""), request.GET.get("at", "")
    named = placed.named(_code(country), state, "" if at == REST else at)
    if named is None:
        raise NotThere(_("There is nothing here for you."))
    after = after_of(request, 2)
    place = placed.NOWHERE if at == REST else at or None
    last = (_uuid(after[0]), _uuid(after[1])) if after else None
    rows = placed.sightings(_code(country), cell, state=state, place=place, after=last, most=PAGE_ROWS + 1)
    paged = page_of(rows, lambda row: [str(row.thing), str(row.id)], after=after)
    shown_of = sorted({row.compartment for row in paged.rows})[:TRACED_MAX]
    traces: list[UUID | None] = [*sorted({trace(one) for one in shown_of})]
    facts: dict[str, str | int] = {"country": named.country.code if named.country else "", "shown": len(paged.rows)}
    record([Act(Event.LINKING_NETWORK_VIEWED, None, one, dict(facts)) for one in traces or [None]])
    context = {
        "named": named,
        "country": country,
        "state": state,
        "at": at,
        "cell": cell,
        "paged": paged,
        "rows": paged.rows,
        **WORDS,
    }
    return render(request, "desk/within_sightings.html", context)


def _code(country: str) -> str:
    """Of a country in an address."""
    return "" if country == NO_COUNTRY else country


def _cell(request: OfficerRequest) -> str:
    asked = request.GET.get("of", "")
    return asked if asked in placed.CELLS else CELL


def _uuid(part: object) -> UUID:
    try:
        return UUID(str(part))
    except ValueError as problem:
        raise BadPage(_("There is nothing here for you.")) from problem

"""Groups and channels: who acted in them and what they did, who joins them, which came after, and from which countries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from abhaya.access.gate import OfficerRequest, requires
from abhaya.access.permissions import Permission
from abhaya.access.queries import trace
from abhaya.errors import NotThere
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking import network_queries as queries
from abhaya.linking import tiles
from abhaya.linking.network_words import ACTS, CELLS, CONDUCTS, DOUBTS, GROUP_KINDS, PEOPLE, REGIONS
from abhaya.places.bundle import country_codes
from abhaya.places.queries import world
from abhaya.web.pager import PAGE_ROWS, BadPage, Key, after_of, page_of

WORDS = {"acts": ACTS, "conducts": CONDUCTS, "doubts": DOUBTS, "group_kinds": GROUP_KINDS, "cells": CELLS}
NO_COUNTRY = "none"  # in an address
TRACED_MAX = 8  # compartments in which one view is written down


@requires(Permission.DESK_REPORT_READ)
@require_safe
def networks(request: OfficerRequest) -> HttpResponse:
    """Every group open to the officer, a line each."""
    rows = queries.groups()
    context = {
        "groups": rows,
        "more": len(rows) >= queries.GROUPS_SHOWN_MAX,
        "newest": max((row.last_at for row in rows if row.last_at), default=None),
        **WORDS,
    }
    return render(request, "linking/networks.html", context)


@requires(Permission.DESK_REPORT_READ)
@require_safe
def people(request: OfficerRequest) -> HttpResponse:
    """Who runs several groups, and who joins groups that nobody else does."""
    found = queries.connections()
    _viewed(Event.LINKING_NETWORK_VIEWED, None, (), {"shown": len(found.people)})
    runs = sorted((one for one in found.people if one.runs > 1), key=lambda one: (-one.runs, -one.groups))
    return render(request, "linking/people.html", {"found": found, "runs": runs})


@requires(Permission.DESK_REPORT_READ)
@require_safe
def countries(request: OfficerRequest) -> HttpResponse:
    """Numbers, accounts and persons by country, over every group open to the officer: as a map of tiles and as a table."""
    rows = queries.countries()
    cell = request.GET.get("of", "")
    cell = cell if cell in CELLS else "numbers"
    by_code = {row.country: row for row in rows}
    counts: dict[str, int] = {row.country: getattr(row, cell) for row in rows}
    context = {
        "cell": cell,
        "blocks": [
            (
                block,
                REGIONS[block.name],
                [(tile, country_name(tile.code), by_code.get(tile.code)) for tile in block.tiles],
            )
            for block in tiles.drawn(counts)
        ],
        "beside": [
            (country_name(code), code or NO_COUNTRY, counts[code]) for code in tiles.beside(counts) if counts[code]
        ],
        "rows": _named(rows),
        "most": max((row.numbers for row in rows), default=0),
        "numbers": sum(row.numbers for row in rows),
        "mapped": [(code, country_name(code)) for code in country_codes()],
        "known": sum(bool(row.country) for row in rows),
        **WORDS,
    }
    return render(request, "linking/countries.html", context)


@requires(Permission.DESK_REPORT_READ)
@require_safe
def country(request: OfficerRequest, country: str, cell: str) -> HttpResponse:
    """The sightings behind one cell; each leads to its report."""
    called = {**CELLS, **PEOPLE}
    if cell not in called:
        raise NotThere(_("There is nothing here for you."))
    code = "" if country == NO_COUNTRY else country
    after = after_of(request, 2)
    rows = queries.sightings(cell, code, after=_pair(after), most=PAGE_ROWS + 1)
    paged = page_of(rows, lambda row: [str(row.value_id), str(row.id)], after=after)
    facts: dict[str, str | int] = {"country": code, "shown": len(paged.rows)}
    _viewed(Event.LINKING_NETWORK_VIEWED, None, {row.compartment for row in paged.rows}, facts)
    context = {**WORDS, "name": country_name(code), "cell": cell, "cells": called, "paged": paged, "rows": paged.rows}
    return render(request, "linking/country.html", context)


@requires(Permission.DESK_REPORT_READ)
@require_safe
def group(request: OfficerRequest, group_id: UUID) -> HttpResponse:
    """One group: its actors with what each did, a count of the rest, groups with the same actors, its countries."""
    told = _told(group_id)
    after = after_of(request, 1)
    skip = int(str(after[0])) if after and str(after[0]).isdigit() else 0
    rows = queries.actors_of(group_id, most=PAGE_ROWS + 1, skip=skip)
    paged = page_of(rows, lambda _row: [skip + PAGE_ROWS], after=after)
    _viewed(Event.LINKING_GROUP_VIEWED, group_id, {one.compartment for one in told}, {"shown": len(paged.rows)})
    by_id = {row.id: row for row in queries.groups()}
    context = {
        "group_id": group_id,
        "told": told,
        "name": told[0].name,
        "conducts_found": [(CONDUCTS[code], count) for code, count in queries.conducts_of(group_id).items() if count],
        "paged": paged,
        "actors": [(row, country_name(row.country)) for row in paged.rows],
        "others": [(other, by_id.get(other.group_id)) for other in queries.others_of(group_id)],
        "countries": _named(queries.countries(group_id)),
        **WORDS,
    }
    return render(request, "linking/group.html", context)


@requires(Permission.DESK_REPORT_READ)
@require_safe
def member(request: OfficerRequest, group_id: UUID, person_id: UUID) -> HttpResponse:
    """What one actor did in a group, act by act, each with the report and the line where it stands."""
    told = _told(group_id)
    called = queries.label_of(person_id, group_id)
    if called is None:
        raise NotThere(_("There is nothing here for you."))
    after = after_of(request, 1)
    last = _uuid(after[0]) if after else None
    rows = queries.acts_of(group_id, person_id, after=last, most=PAGE_ROWS + 1)
    paged = page_of(rows, lambda row: [str(row.id)], after=after)
    _viewed(Event.LINKING_GROUP_VIEWED, group_id, {row.compartment for row in paged.rows}, {"shown": len(paged.rows)})
    context = {
        "group_id": group_id,
        "name": told[0].name,
        "called": called,
        "paged": paged,
        "rows": paged.rows,
        **WORDS,
    }
    return render(request, "linking/member.html", context)


def country_name(code: str) -> str:
    """In the reader's language; "" is nobody's country."""
    place = world().places.get(code)
    if place is None:
        return code or str(_("Country not known"))
    return place.name_hi or place.name if (get_language() or "en").startswith("hi") else place.name


def _named(rows: Sequence[queries.CountryRow]) -> list[tuple[queries.CountryRow, str, str, float]]:
    """Each with its name, its code in an address, and its share of all numbers in percent."""
    numbers = sum(row.numbers for row in rows) or 1
    return [(row, country_name(row.country), row.country or NO_COUNTRY, 100 * row.numbers / numbers) for row in rows]


def _told(group_id: UUID) -> list[queries.ReportOf]:
    told = queries.reports_of(group_id)
    if not told:
        raise NotThere(_("There is nothing here for you."))
    return told


def _viewed(event: Event, subject: UUID | None, compartments: Iterable[UUID], facts: dict[str, str | int]) -> None:
    """One view: written down in every compartment that showed something, else in none."""
    listed: list[UUID | None] = [*sorted({trace(one) for one in sorted(compartments)[:TRACED_MAX]})]
    record([Act(event, subject, one, dict(facts)) for one in listed or [None]])


def _pair(after: Key | None) -> tuple[UUID, UUID] | None:
    return (_uuid(after[0]), _uuid(after[1])) if after else None


def _uuid(part: object) -> UUID:
    try:
        return UUID(str(part))
    except ValueError as problem:
        raise BadPage(_("There is nothing here for you.")) from problem

"""Where within a country: reports by the place that routing found for the reported person, and the accounts and telephone
numbers that those reports name, beside those that groups know of whom no report says a place.

A telephone number alone places nobody: it keeps its digits when its holder moves (see `places`). Nothing is drawn but tiles,
and what nothing places is counted as just that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from abhaya.desk.redaction import MASK
from abhaya.desk.whose import masked_reason
from abhaya.linking.network_queries import end_hidden, shielded
from abhaya.linking.queries_subjects import protected_among
from abhaya.places import queries as places
from abhaya.places.names import Place
from abhaya.routing.rules import RIVAL_POINTS
from abhaya.shared.ids import since
from abhaya.shared.reason import Reason
from abhaya.shared.sql import NamedSql, as_row, fetch, value

SQL = NamedSql(__file__, "placed.sql")
REPORTS_LOOKED_AT_MAX = 10_000  # compartments open to the viewer, the newest
AGAINST_SHOWN_MAX = 3
NOWHERE = ""  # a place that nothing says

CELLS: dict[str, Promise] = {"reports": _("Reports"), "accounts": _("Accounts"), "numbers": _("Telephone numbers")}
EVIDENCE: dict[str, Promise] = {
    "ip_own": _("an internet address in the unit’s own table"),
    "ip_public": _("an internet address in a public table: the country alone"),
    "address_points": _("a stated address"),
    "estimated_points": _("the sender’s estimate"),
    "text_names": _("a name of a place in a text"),
    "phone_points": _("a telephone number: the country alone"),
    "phone_points_verified": _("a telephone number: the country alone"),
    "group": _("a member of a group, by the number: the country alone"),
}
OTHERWISE = _("other evidence")


@dataclass(slots=True)
class Line:
    """One place and what lies there, by cell. `by`: which kind of evidence says so, and of how many."""

    code: str  # "" where nothing says a place
    place: Place | None
    counts: dict[str, int] = field(default_factory=dict)
    doubtful: dict[str, int] = field(default_factory=dict)
    by: dict[str, list[tuple[Promise, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Within:
    """A country, or one state of it: `lines` in the order of the cell that is asked for, and where nothing lies."""

    country: Place | None
    state: Place | None
    lines: Sequence[Line]
    unknown: Line  # in this country or state, nothing closer said
    empty: Sequence[Place]

    @property
    def has_places(self) -> bool:
        """Whether the gazetteer knows places of this one at all."""
        return bool(self.lines or self.empty)


class _Row(NamedTuple):
    thing: UUID
    id: UUID
    value: str
    conduct: str
    report_id: UUID
    compartment: UUID
    number: int
    state: str
    district: str
    code: str
    is_doubtful: bool
    strength: str
    against: str
    is_child: bool  # of the reported person, as their report has it
    group_id: UUID | None
    group_name: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """What stands behind a number of the table. `value` is masked where it is, or may be, a child's."""

    thing: UUID
    id: UUID
    value: str
    report_id: UUID
    compartment: UUID
    number: int
    place: Place | None
    by: Promise
    is_doubtful: bool
    strength: str
    against: Sequence[Reason]
    group_id: UUID | None
    group_name: str

    @property
    def is_masked(self) -> bool:
        return self.value == MASK


class Named(NamedTuple):
    """What a page of sightings is called after: each None where the gazetteer does not know it, or none is meant."""

    country: Place | None
    state: Place | None
    place: Place | None


def named(country: str, state: str, place: str) -> Named | None:
    """None where the state is none of the country."""
    listed = _listed(country)
    if state and (state not in listed or listed[state].kind != "state"):
        return None
    return Named(places.world().places.get(country), listed.get(state), listed.get(place))


def within(country: str, state: str = "", *, cell: str) -> Within | None:
    """What the viewer may see of a country, or of a state of it; None where the state is none of it."""
    called = named(country, state, "")
    if called is None:
        return None
    listed = _listed(country)
    lines: dict[str, Line] = {}
    rows = fetch(as_row, SQL["counted"].replace("{things}", SQL["things"]), _asked(country, state))
    for of, code, by, count, doubtful in rows:
        line = lines.setdefault(code, Line(code, listed.get(code)))
        if by is None:
            line.counts[of], line.doubtful[of] = count, doubtful
        else:
            line.by.setdefault(of, []).append((EVIDENCE.get(by, OTHERWISE), count))
    unknown = lines.pop(NOWHERE, Line(NOWHERE, None))
    inside = [one for one in listed.values() if one.parent == (state or country) and one.kind in {"state", "district"}]
    return Within(
        called.country,
        called.state,
        sorted(lines.values(), key=lambda one: (-one.counts.get(cell, 0), one.code)),
        unknown,
        sorted((one for one in inside if one.code not in lines), key=lambda one: one.name),
    )


def sightings(
    country: str, cell: str, *, state: str = "", place: str | None, after: tuple[UUID, UUID] | None, most: int
) -> list[Sighting]:
    """The sightings behind a cell. `place`: a state's code, with `state` a district's; "" those that nothing places; None all."""
    last, last_id = after or (UUID(int=0), UUID(int=0))
    asked = _asked(country, state) | {
        "cell": cell, "place": place, "after": last, "after_id": last_id, "limit": most,
    }  # fmt: skip
    rows = fetch(_Row, SQL["sightings"].replace("{things}", SQL["things"]), asked)
    listed = _listed(country)
    things = [row.thing for row in rows]
    hidden = protected_among(things) if cell == "accounts" else shielded(things)
    return [_sighting(row, listed, is_masked=row.thing in hidden) for row in rows]


def _listed(country: str) -> Mapping[str, Place]:
    known = places.country(country)
    return known.gazetteer.places if known else {}


def _asked(country: str, state: str) -> dict[str, object]:
    oldest = value(SQL["oldest"], {"most": REPORTS_LOOKED_AT_MAX})
    return {
        "country": country,
        "state": state,
        "rival": RIVAL_POINTS,
        "most": REPORTS_LOOKED_AT_MAX,
        "since": since([oldest or UUID(int=0)]),
    }


def _sighting(row: _Row, listed: Mapping[str, Place], *, is_masked: bool) -> Sighting:
    shown = row.value
    if shown and (is_masked or row.is_child):
        shown = MASK
    elif row.conduct not in {"", "acted"}:
        shown = end_hidden(shown)
    said = msgspec.json.decode(row.against, type=list[Reason])[:AGAINST_SHOWN_MAX]
    return Sighting(
        row.thing, row.id, shown, row.report_id, row.compartment, row.number, listed.get(row.district or row.state),
        EVIDENCE.get(row.code, OTHERWISE), row.is_doubtful, row.strength, [masked_reason(one) for one in said],
        row.group_id, row.group_name,
    )  # fmt: skip

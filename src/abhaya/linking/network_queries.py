"""Readers of groups. Row security decides whom a viewer's counts count: a covert compartment's members alone count what is
in it, and a protected persona is counted by nobody but its liaison.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import numpy as np
from django.utils.translation import gettext

from abhaya.linking.network_rules import CONDUCTS, successor
from abhaya.shared.late import late
from abhaya.shared.sql import NamedSql, as_row, fetch, fetch_one, value, values

if TYPE_CHECKING:
    from abhaya.linking import network_kernels as kernels
else:
    kernels = late("abhaya.linking.network_kernels")  # the compiler

SQL = NamedSql(__file__, "network.sql")
GROUPS_SHOWN_MAX = 500
REPORTS_SHOWN_MAX = 50
STANDINGS_MAX = 200_000  # memberships looked at for who connects groups
PEOPLE_SHOWN_MAX = 50
OTHERS_SHOWN_MAX = 20
ACTS_SINCE_MAX = 1000


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group as its viewer may see it."""

    id: UUID
    platform: str
    kind: str
    name: str
    is_named: bool
    reports: int
    members: int
    actors: int
    administrators: int
    first_at: datetime | None
    last_at: datetime | None

    @property
    def without_act(self) -> int:
        """Who came, was there, talked or left: never an actor."""
        return self.members - self.actors


@dataclass(frozen=True, slots=True)
class ReportOf:
    """A report that tells of a group. `item_id`: its original."""

    report_id: UUID
    compartment: UUID
    number: int
    platform: str
    kind: str
    name: str
    is_named: bool
    locator: str
    received_at: datetime
    item_id: UUID | None


@dataclass(frozen=True, slots=True)
class ActorRow:
    """Somebody who acted in a group, with how often they did what."""

    person_id: UUID
    label: str
    country: str
    standing: str
    posted: int
    offered: int
    asked: int
    paid: int
    forwarded: int
    administered: int
    said: int
    first_at: datetime | None
    last_at: datetime | None
    doubt: str


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act and where it stands."""

    id: UUID
    report_id: UUID
    compartment: UUID
    number: int
    act: str
    at: datetime | None
    at_precision: str
    zone_known: bool
    word: str
    locator: str
    other: str
    item_id: UUID | None
    other_id: UUID | None


@dataclass(frozen=True, slots=True)
class CountryRow:
    """What one country has; "" is the row of those whose number says none, or who have none."""

    country: str
    numbers: int
    doubtful: int
    accounts: int
    members: int
    actors: int
    sightings: int
    people: int  # as far as known: members whose accounts stand in one subject are one


class Standing(NamedTuple):
    """Somebody who acted in a group."""

    person_id: UUID
    group_id: UUID
    administered: bool


@dataclass(frozen=True, slots=True)
class Other:
    """Another group with actors of this one. `after`: of those, who first acted there once this one was gone: taken down,
    or silent for good.
    """

    group_id: UUID
    shared: int
    share_percent: int  # of this group's actors
    after: int
    is_successor: bool  # it began only then
    began: datetime | None
    actors: int  # of that group

    @property
    def strength(self) -> str:
        """How far it looks like this group again: `successor` of network_rules."""
        return successor(self.shared, self.share_percent, self.after, is_later=self.is_successor)


@dataclass(frozen=True, slots=True)
class TakedownRow:
    """That a group was taken down, says who."""

    id: UUID
    compartment: UUID
    report_id: UUID
    number: int
    group_id: UUID
    day: date
    said_by: str
    by_name: str
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_by_name: str
    withdrawn_why: str


@dataclass(frozen=True, slots=True)
class Connector:
    """Somebody who acted in several groups, with how firmly their rank stands."""

    person_id: UUID
    label: str
    groups: int
    runs: int  # groups they administer
    bridges: float
    strength: float
    core: int
    rank: int
    rank_low: int
    rank_high: int


@dataclass(frozen=True, slots=True)
class Connections:
    """All actors of all groups that the viewer may see, together."""

    people: Sequence[Connector]
    actors: int
    components: int
    largest: int
    too_large: int  # groups that bind nobody, for their size


@dataclass(frozen=True, slots=True)
class SightingRow:
    """One sighting behind a cell of the table of countries."""

    value_id: UUID
    id: UUID
    value: str
    doubt: str
    conduct: str
    group_id: UUID
    group_name: str
    report_id: UUID
    compartment: UUID
    number: int
    locator: str
    person_id: UUID
    is_masked: bool = False  # a child's, or a victim's, as some report has it

    @property
    def shown(self) -> str:
        """Whole for who acted; of whoever was only there, the end is hidden; of a child or a victim, all."""
        if self.is_masked:
            return gettext("masked")
        return self.value if self.conduct == "acted" else end_hidden(self.value)


def end_hidden(text: str) -> str:
    """What is shown of an identifier of somebody who did nothing."""
    kept = max(3, len(text) // 2)
    return text[:kept] + "•" * (len(text) - kept)


def groups() -> list[GroupRow]:
    """Groups open to the viewer, those with most actors first."""
    return fetch(GroupRow, SQL["groups"], {"most": GROUPS_SHOWN_MAX})


def reports_of(group_id: UUID) -> list[ReportOf]:
    """Reports that tell of this group, newest first; none where it is not open to the viewer."""
    return fetch(ReportOf, SQL["group_reports"], {"group": group_id, "most": REPORTS_SHOWN_MAX})


def actors_of(group_id: UUID, *, most: int, skip: int = 0) -> list[ActorRow]:
    """Who acted in a group, the busiest first; a child or a victim is called nothing."""
    rows = fetch(ActorRow, SQL["members"], {"group": group_id, "most": most, "skip": skip})
    hidden = shielded(row.person_id for row in rows)
    return [replace(row, label=gettext("masked")) if row.person_id in hidden else row for row in rows]


def conducts_of(group_id: UUID) -> dict[str, int]:
    """Conduct -> how many of the group's members did that at most."""
    found = dict(fetch(as_row, SQL["conducts"], {"group": group_id, "conducts": list(CONDUCTS)}))
    return {conduct: found.get(place, 0) for place, conduct in enumerate(CONDUCTS, start=1)}


def acts_of(group_id: UUID, person_id: UUID, *, after: UUID | None, most: int) -> list[ActRow]:
    """What one member did in a group, in the order in which it was read."""
    wanted = {"group": group_id, "person": person_id, "after": after or UUID(int=0), "most": most}
    rows = fetch(ActRow, SQL["acts"], wanted)
    hidden = shielded(row.other_id for row in rows if row.other_id)
    return [replace(row, other=gettext("masked")) if row.other and row.other_id in hidden else row for row in rows]


def label_of(person_id: UUID, group_id: UUID) -> str | None:
    """What an actor of the group is called; None for whoever did not act in it, or is not open to the viewer."""
    label: str | None = value(SQL["label_of"], {"group": group_id, "person": person_id})
    return gettext("masked") if label and shielded([person_id]) else label


def shielded(people: Iterable[UUID]) -> frozenset[UUID]:
    """Of these members those whom some report, open to the viewer or not, calls a child or a victim: by the account or the
    number they go by. They are called nothing on any page.
    """
    asked = sorted(set(people))
    return frozenset(values(SQL["shielded"], {"people": asked})) if asked else frozenset()


def countries(group_id: UUID | None = None) -> list[CountryRow]:
    """By country, most numbers first, the row without a country last among its equals; of one group or of all."""
    return fetch(CountryRow, SQL["countries"], {"group": group_id})


def sightings(kind: str, country: str, *, after: tuple[UUID, UUID] | None, most: int) -> list[SightingRow]:
    """The sightings behind a cell: `kind` is numbers, accounts, members or people."""
    last, last_id = after or (UUID(int=0), UUID(int=0))
    wanted = {"country": country, "after": last, "after_id": last_id, "most": most}
    rows = fetch(SightingRow, SQL[f"{kind}_of"], wanted)
    hidden = shielded(row.person_id for row in rows)
    return [replace(row, is_masked=True) if row.person_id in hidden else row for row in rows]


def others_of(group_id: UUID) -> list[Other]:
    """Groups in which actors of this one acted too, most of them first."""
    return fetch(_other, SQL["others"], {"group": group_id, "most": OTHERS_SHOWN_MAX})


def takedowns_of(group_id: UUID) -> list[TakedownRow]:
    """What was said of a group's end: the first counts, unless it was withdrawn."""
    return fetch(TakedownRow, SQL["takedowns"], {"group": group_id, "id": None, "most": OTHERS_SHOWN_MAX})


def takedown(takedown_id: UUID) -> TakedownRow | None:
    return fetch_one(TakedownRow, SQL["takedowns"], {"group": None, "id": takedown_id, "most": 1})


def acts_since(group_id: UUID, day: date) -> int:
    """Acts of a group that are dated on that day (UTC) or later, counted up to a number."""
    since = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return int(value(SQL["acts_since"], {"group": group_id, "since": since, "most": ACTS_SINCE_MAX}))


def connections() -> Connections:
    """Who runs several groups and who joins groups, from what the viewer may see. Only who acted is somebody here."""
    rows = fetch(Standing, SQL["standings"], {"most": STANDINGS_MAX})
    if not rows:
        return Connections([], 0, 0, 0, 0)
    people, person = np.unique([row.person_id.bytes for row in rows], return_inverse=True)
    _groups, group = np.unique([row.group_id.bytes for row in rows], return_inverse=True)
    made = kernels.network(person, group, len(people), len(_groups))
    count = np.bincount(person, minlength=len(people))
    runs = np.bincount(person, [row.administered for row in rows], len(people)).astype(int)
    rank = kernels.rank(made.bridges)
    best = [int(one) for one in np.lexsort((-made.strength, -count, rank)) if count[one] > 1][:PEOPLE_SHOWN_MAX]
    ids = {one: rows[int(np.flatnonzero(person == one)[0])].person_id for one in best}
    labels = dict(fetch(as_row, SQL["labels"], {"people": list(ids.values())}))
    labels |= dict.fromkeys(shielded(ids.values()), gettext("masked"))
    listed = [
        Connector(
            ids[one], labels.get(ids[one], ""), int(count[one]), int(runs[one]), float(made.bridges[one]),
            float(made.strength[one]), int(made.core[one]), int(rank[one]), int(made.rank_low[one]), int(made.rank_high[one]),
        )
        for one in best
    ]  # fmt: skip
    _roots, sizes = np.unique(made.component, return_counts=True)
    too_large = int((np.bincount(group) > kernels.GROUP_MEMBERS_MAX).sum())
    return Connections(listed, len(people), len(sizes), int(sizes.max()), too_large)


def _other(
    group_id: UUID, shared: int, mine: int, after: int, is_later: bool, began: datetime | None, actors: int
) -> Other:
    share = round(100 * shared / mine) if mine else 0
    return Other(group_id, shared, share, after, is_later and after > 0, began, actors)

"""The network as a drawing, from what its viewer may see and from nothing else: read and laid out anew for each of them, so
that no place on it tells of anybody who is hidden from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import numpy as np
from django.utils.translation import gettext

from abhaya.linking.network_queries import shielded
from abhaya.shared.late import late
from abhaya.shared.sql import NamedSql, fetch

if TYPE_CHECKING:
    from abhaya.linking import layout_kernels as layout
    from abhaya.linking import network_kernels as kernels
else:
    layout, kernels = late("abhaya.linking.layout_kernels"), late("abhaya.linking.network_kernels")  # the compiler

SQL = NamedSql(__file__, "network_graph.sql")
THINGS_MAX = 5_000  # groups and actors drawn at once
GROUPS_MAX = 500
TRACED_MAX = 8  # compartments in which one file that leaves is written down


class _Group(NamedTuple):
    id: UUID
    platform: str
    kind: str
    name: str
    members: int
    actors: int
    in_all: int


class _Actor(NamedTuple):
    id: UUID
    label: str
    country: str
    doubt: str
    runs: bool
    acts: int
    in_all: int
    groups: list[str]


class Told(NamedTuple):
    """What a file tells of: how many reports, and some of the compartments they lie in."""

    reports: int
    compartments: list[UUID]


@dataclass(frozen=True, slots=True)
class Spot:
    """A group on the drawing; who did not act is a count. `part`: which connected part, the largest 0."""

    id: UUID
    name: str
    platform: str
    kind: str
    actors: int
    without_act: int
    x: float
    y: float
    radius: float
    part: int


@dataclass(frozen=True, slots=True)
class Figure:
    """An actor on the drawing. `groups` are places in `Drawing.groups`."""

    id: UUID
    label: str
    country: str
    doubt: str
    runs: bool
    acts: int
    groups: tuple[int, ...]
    x: float
    y: float
    part: int


class Overlap(NamedTuple):
    """Two groups with actors in common; `weight`: of each 1/(groups they acted in - 1), summed (Newman 2001)."""

    a: int
    b: int
    shared: int
    weight: float


@dataclass(frozen=True, slots=True)
class Drawing:
    groups: Sequence[Spot] = ()
    people: Sequence[Figure] = ()
    overlaps: Sequence[Overlap] = ()
    groups_left_out: int = 0
    people_left_out: int = 0

    @property
    def parts(self) -> int:
        return len({group.part for group in self.groups})


def drawn(around: UUID | None = None, *, is_leaving: bool = False) -> Drawing:
    """Every group with its actors, or one group's actors with all their groups; the most telling first where it is too much.
    `is_leaving`: for a file, in which no protected persona stands.
    """
    asked = {"around": around, "is_leaving": is_leaving}
    groups = fetch(_Group, SQL["groups"], {**asked, "most": GROUPS_MAX})
    actors = fetch(_Actor, SQL["actors"], {**asked, "most": THINGS_MAX - len(groups)})
    if not groups:
        return Drawing()
    hidden = shielded(actor.id for actor in actors)
    masked = gettext("masked")
    place = {str(group.id): at for at, group in enumerate(groups)}
    joined = [tuple(place[one] for one in actor.groups if one in place) for actor in actors]
    known = [(actor, of) for actor, of in zip(actors, joined, strict=True) if of]
    at, person, group = placed([of for _actor, of in known], len(groups))
    spots = [
        Spot(
            one.id, one.name, one.platform, one.kind, one.actors, one.members - one.actors, float(at.group_x[n]),
            float(at.group_y[n]), float(at.radius[n]), int(at.group_part[n]),
        )
        for n, one in enumerate(groups)
    ]  # fmt: skip
    figures = [
        Figure(
            one.id, masked if one.id in hidden else one.label, one.country, one.doubt, one.runs, one.acts, of, float(at.person_x[n]),
            float(at.person_y[n]), int(at.person_part[n]),
        )
        for n, (one, of) in enumerate(known)
    ]  # fmt: skip
    left, right, shared, weight = kernels.overlaps(person, group, len(known))
    pairs = [
        Overlap(*each) for each in zip(left.tolist(), right.tolist(), shared.tolist(), weight.tolist(), strict=True)
    ]
    pairs.sort(key=lambda one: (-one.shared, one.a, one.b))
    in_all = actors[0].in_all if actors else 0
    return Drawing(spots, figures, pairs, groups[0].in_all - len(groups), in_all - len(known))


def placed(joined: Sequence[Sequence[int]], groups: int) -> tuple[layout.Places, kernels.Ints, kernels.Ints]:
    """Where everybody stands; and each membership as person and group. `joined`: the groups of each person."""
    person = np.repeat(np.arange(len(joined)), [len(of) for of in joined]).astype(np.int64)
    group = np.array([each for of in joined for each in of], np.int64)
    return layout.places(person, group, len(joined), groups), person, group


def told_by(drawing: Drawing) -> Told:
    """How many reports a file of this drawing would tell of."""
    asked = {"groups": [group.id for group in drawing.groups], "traced": TRACED_MAX}
    (told,) = fetch(Told, SQL["told_by"], asked)
    return told if told.compartments else Told(0, [])

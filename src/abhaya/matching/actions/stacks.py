"""Our own pictures in stacks, beside the road: each is asked once, by position, for the first that it looks like.

What stood in a stack whose first was deleted is asked anew. A report whose picture joins other bytes comes to matching once
more, so that its bundle and its line of the queue say so; nothing here is shown, and nothing is taken for the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol
from uuid import UUID, uuid4

from abhaya.matching import near_rules
from abhaya.matching.kernels.bits import codes_of
from abhaya.matching.near_index import FILES
from abhaya.matching.near_index import SQL as NEAR
from abhaya.matching.near_rules import First
from abhaya.matching.nearness import QUALITY_MIN, RADIUS_BUILT_FOR
from abhaya.matching.stacks import SQL
from abhaya.shared import road
from abhaya.shared.sql import execute, fetch

STAGE = "matching"
PICTURES_PER_ROUND, FILES_PER_ROUND = 300, 2000


class _Picture(NamedTuple):
    """A picture with the files of it that were not asked yet; `stood`: in a stack before. `may`: stand in one at all."""

    position: int
    pdq: bytes
    forms: bytes
    sha256: bytes
    files: Sequence[UUID]
    reports: Sequence[UUID]
    stood: Sequence[bool]
    may: Sequence[bool]
    is_parted: bool  # an officer took it out of its stack: it joins none


class Place(NamedTuple):
    """Where a file stands; without a stack, in none."""

    stack: UUID | None = None
    first: UUID | None = None
    distance_bits: int | None = None
    form: str = ""


class Asked(Protocol):
    """A picture or a film with the files of it that were not asked yet."""

    @property
    def files(self) -> Sequence[UUID]: ...
    @property
    def reports(self) -> Sequence[UUID]: ...
    @property
    def stood(self) -> Sequence[bool]: ...
    @property
    def may(self) -> Sequence[bool]: ...


def oldest_that_may(asked: Asked) -> UUID | None:
    """The file that would begin a stack of its own."""
    return next((file for file, may in zip(asked.files, asked.may, strict=True) if may), None)


@dataclass(slots=True)
class Round:
    """What one round found: a place for each file, and the reports that have to be looked at again."""

    places: dict[UUID, Place] = field(default_factory=dict)
    moved: set[UUID] = field(default_factory=set)

    def put(self, asked: Asked, place: Place) -> None:
        """All of its files that may stand in a stack, beside each other."""
        for file, report, stood, may in zip(asked.files, asked.reports, asked.stood, asked.may, strict=True):
            self.places[file] = place if may else Place()
            if may and (stood or place.form):
                self.moved.add(report)

    def settle(self) -> int:
        """Writes the places and sends on whose place changed. Returns how many files it settled."""
        told = {
            "files": list(self.places),
            "stacks": [one.stack for one in self.places.values()],
            "firsts": [one.first for one in self.places.values()],
            "distances": [one.distance_bits for one in self.places.values()],
            "forms": [one.form for one in self.places.values()],
        }
        execute(SQL["stack"], told)
        road.again(STAGE, sorted(self.moved))
        return len(self.places)


def stack_pictures() -> int:
    """One round of what was not asked yet, in the caller's transaction. Returns how many files it settled."""
    execute(NEAR["lock"])
    execute(SQL["parted"])
    if not FILES.follow():
        return 0  # the index is being built; the pictures wait for it
    asked = {"limit": PICTURES_PER_ROUND, "files": FILES_PER_ROUND, "quality": QUALITY_MIN}
    pictures = fetch(_Picture, SQL["unasked"], asked)
    if not pictures:
        return 0
    near = _near(pictures)
    firsts = {one.position: one for one in fetch(First, SQL["firsts"], {"positions": sorted(set().union(*near))})}
    stand = {
        position: Place(*place)
        for position, *place in fetch(
            lambda *row: row, SQL["at_positions"], {"positions": [one.position for one in pictures]}
        )
    }
    found = Round()
    for picture, at in zip(pictures, near, strict=True):
        found.put(picture, stand.get(picture.position) or _anew(picture, firsts, at))
    return found.settle()


def _anew(picture: _Picture, firsts: dict[int, First], at: Iterable[int]) -> Place:
    """A picture of whose bytes none stands in a stack yet: where it begins one, those that follow in this round find it."""
    oldest = oldest_that_may(picture)
    if oldest is None:
        return Place()
    near = [] if picture.is_parted else [firsts[position] for position in at if position in firsts]
    met = near_rules.joined(bytes(picture.pdq), near)
    if met is not None:
        first, nearest = met
        return Place(first.stack_id, first.file_id, nearest.distance_bits, nearest.form)
    firsts[picture.position] = begun = First(uuid4(), oldest, picture.position, bytes(picture.forms))
    return Place(begun.stack_id, oldest, 0)


def _near(pictures: Sequence[_Picture]) -> list[set[int]]:
    """For each picture, the positions of those that look like it, in whichever form."""
    near: list[set[int]] = [set() for _ in pictures]
    answer = FILES.search(codes_of(b"".join(bytes(one.pdq) for one in pictures)), RADIUS_BUILT_FOR)
    for query, position in zip(answer.queries.tolist(), answer.ids.tolist(), strict=True):
        near[query].add(position)
    return near

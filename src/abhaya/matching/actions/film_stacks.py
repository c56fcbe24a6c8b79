"""Our own films in stacks, beside those of pictures and in the same columns: each is asked once for the first it looks like.

A film joins the stack whose first shares most with it (`film_rules`), else it begins one. Deleting a first asks those behind it
anew, as of pictures; covert and test films are asked and stand in none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID, uuid4

from abhaya.matching import film_index, film_reasons, film_rules
from abhaya.matching.actions.stacks import Place, Round, oldest_that_may
from abhaya.matching.film_index import FILMS, SQL
from abhaya.matching.film_rules import Shares
from abhaya.matching.kernels import film
from abhaya.matching.near_index import SQL as NEAR
from abhaya.matching.nearness import QUALITY_MIN, RADIUS_BUILT_FOR
from abhaya.shared.sql import execute, fetch, fetch_one

FIRSTS_AT_ONCE = 50  # films in memory, with all their frames


class _Film(NamedTuple):
    """A film with the files of it that were not asked yet; `stood`: in a stack before. `may`: stand in one at all."""

    position: int
    frames: bytes
    mirrored: bytes
    files: Sequence[UUID]
    reports: Sequence[UUID]
    stood: Sequence[bool]
    may: Sequence[bool]
    is_parted: bool  # an officer took it out of its stack: it joins none


class _First(NamedTuple):
    position: int
    stack: UUID
    file: UUID


def stack_films() -> int:
    """The film that waits longest, in the caller's transaction. Returns how many files it settled."""
    execute(NEAR["lock"])
    shown = fetch_one(_Film, SQL["unasked"])
    if shown is None:
        return 0
    oldest = oldest_that_may(shown)
    place = fetch_one(Place, SQL["stands"], {"position": shown.position})
    if place is None and oldest is not None:
        place = (None if shown.is_parted else _met(shown)) or Place(uuid4(), oldest, 0)
    found = Round()
    found.put(shown, place or Place())
    return found.settle()


def _met(shown: _Film) -> Place | None:
    """The stack to which the film belongs: of those whose first looks like it, the one that shares most."""
    film_index.follow(FILMS)
    own, mirrored = film.unpacked(bytes(shown.frames)), film.unpacked(bytes(shown.mirrored))
    near = FILMS.search(film.told(own, QUALITY_MIN).codes, RADIUS_BUILT_FOR)
    firsts = fetch(_First, SQL["firsts"], {"positions": sorted(set(near.ids.tolist()) - {shown.position})})
    met: list[tuple[Shares, _First]] = []
    for begin in range(0, len(firsts), FIRSTS_AT_ONCE):
        at = {one.position: one for one in firsts[begin : begin + FIRSTS_AT_ONCE]}
        for position, frames, *_rest in fetch(lambda *row: row, SQL["films_at"], {"positions": sorted(at)}):
            shares = film_rules.in_either_form(own, mirrored, film.unpacked(bytes(frames)))
            if shares.is_alike:
                met.append((shares, at[position]))
    if not met:
        return None
    shares, first = max(met, key=lambda one: (film_rules.shared(one[0]), -one[1].position))
    counts = [shares.near, shares.of, shares.other_near, shares.other_of]
    return Place(first.stack, first.file, shares.nearest_bits, film_reasons.form_of(shares.form, counts))

"""Our pictures against the frames of films on lists: what was cut out of a listed film looks known, never more.

Asked by `pictures`, in its round and under its lock: here are the pairs that may meet, there is the writer of what does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from abhaya.matching import film_rules, lists, near_rules
from abhaya.matching.film_index import SQL, STILLS, listed_frames
from abhaya.matching.film_rules import Still
from abhaya.matching.kernels import film
from abhaya.matching.kernels.bits import codes_of
from abhaya.matching.kernels.film import Told
from abhaya.matching.lists import Found
from abhaya.matching.near_index import FILES
from abhaya.matching.nearness import QUALITY_MIN, RADIUS_BUILT_FOR
from abhaya.shared.sql import values

FILMS_AT_ONCE = 50  # in memory, with all their frames


class Listed(NamedTuple):
    """An entry that names a film, with what the film says."""

    entry: Found
    told: Told

    def met_by(self, forms: bytes) -> Still | None:
        """Where a picture meets the film; None where it does not."""
        still = film_rules.of_frames(forms, self.told)
        return still if still.near else None


def near_pictures(forms: Sequence[bytes]) -> Iterator[tuple[int, Listed]]:
    """The place of a picture in `forms`, and a listed film that shares a frame with it."""
    found = STILLS.search(codes_of(b"".join(forms)), RADIUS_BUILT_FOR)
    pictures: defaultdict[int, set[int]] = defaultdict(set)
    for query, position in zip(found.queries.tolist(), found.ids.tolist(), strict=True):
        pictures[position].add(query // near_rules.FORMS)
    for one in _films(lists.resolve(sorted(pictures))):
        for place in sorted(pictures[one.entry.position]):
            yield place, one


def with_frames(entries: Sequence[Found]) -> list[Found]:
    """Those of the entries that name a film."""
    named = set(values(SQL["with_frames"], {"positions": [one.position for one in entries]}))
    return [one for one in entries if one.position in named]


def near_films(entries: Sequence[Found]) -> Iterator[tuple[int, Listed]]:
    """The position of a picture of ours, and the film of one of the entries that shares a frame with it."""
    for one in _films(entries):
        met = FILES.search(one.told.codes, RADIUS_BUILT_FOR)
        for position in np.unique(met.ids).tolist():
            yield position, one


def _films(entries: Sequence[Found]) -> Iterator[Listed]:
    for begin in range(0, len(entries), FILMS_AT_ONCE):
        some = entries[begin : begin + FILMS_AT_ONCE]
        frames = listed_frames([one.position for one in some])
        for one in some:
            if one.position in frames:
                yield Listed(one, film.told(film.unpacked(frames[one.position]), QUALITY_MIN))

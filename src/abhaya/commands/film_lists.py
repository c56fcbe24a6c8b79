"""Films held against the entries of hash lists, on a workstation: films that look alike, and pictures that are in a film."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from abhaya.matching import film_rules
from abhaya.matching.film_rules import FORMS
from abhaya.matching.films import FilmHashes
from abhaya.matching.index import Index
from abhaya.matching.kernels import film
from abhaya.matching.kernels.film import Frames
from abhaya.matching.nearness import QUALITY_MIN


class FilmHit(NamedTuple):
    """An entry that a film meets: by the distance of the nearest frame, and how, in words for the table."""

    number: int
    hash_type: str
    distance_bits: int
    mode: str


class FilmLists:
    """The frames of all films that lists name, and what finds them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._frames: dict[int, bytes] = {}

    def keep(self, number: int, frames: bytes) -> None:
        """`number`: of the entry, in the order read."""
        self._frames[number] = frames

    def build(self) -> None:
        """Makes the index of what was read."""
        ids, codes = array("q"), []
        for number, packed in self._frames.items():
            told = film.told(film.unpacked(packed), QUALITY_MIN)
            codes.append(told.codes)
            ids.extend([number] * len(told.codes))
        words = np.concatenate(codes) if codes else np.zeros((0, 4), np.uint64)
        self._index = Index.create(self._folder / "films", "pdq", words, np.array(ids, np.int64))

    def hits(self, shown: FilmHashes, pictures: Index, radius: int) -> Iterator[FilmHit]:
        """`pictures`: the index of the pictures that lists name. Films first."""
        forms = film.unpacked(shown.frames), film.unpacked(shown.mirrored)
        yield from self._alike(*forms, shown.mode, radius)
        nearest: dict[int, FilmHit] = {}
        for frames, form in zip(forms, FORMS, strict=True):
            for hit in _with_pictures(frames, f"{form}, {shown.mode}", pictures, radius):
                before = nearest.get(hit.number)
                if before is None or hit.distance_bits < before.distance_bits:
                    nearest[hit.number] = hit
        yield from sorted(nearest.values(), key=lambda hit: (hit.distance_bits, hit.number))

    def _alike(self, own: Frames, mirrored: Frames, mode: str, radius: int) -> Iterator[FilmHit]:
        codes = film.told(np.concatenate([own, mirrored]), QUALITY_MIN).codes
        for number in sorted(set(self._index.search(codes, radius).ids.tolist())):
            shares = film_rules.in_either_form(own, mirrored, film.unpacked(self._frames[number]), radius)
            if shares.is_alike:
                counts = f"{shares.near} of {shares.of} frames, {shares.other_near} of {shares.other_of} of the list’s"
                yield FilmHit(number, "vpdq", shares.nearest_bits, f"{shares.form}, {mode}, {counts}")


def _with_pictures(frames: Frames, mode: str, pictures: Index, radius: int) -> Iterator[FilmHit]:
    told = film.told(frames, QUALITY_MIN)
    answer = pictures.search(told.codes, radius)
    for number in np.unique(answer.ids).tolist():
        of_it = answer.ids == number
        near = np.zeros(len(told.codes), np.bool_)
        near[answer.queries[of_it]] = True
        met, of = told.counted(near)
        least = answer.distances[of_it].argmin()
        second = told.second_of[told.code_of == answer.queries[of_it][least]].min()
        counts = f"{met} of {of} frames, the nearest at {second} s"
        yield FilmHit(number, "pdq", int(answer.distances[of_it][least]), f"{mode}, {counts}")

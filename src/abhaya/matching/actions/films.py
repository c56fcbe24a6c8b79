"""Our films: decoded apart, a frame a second hashed, the same bytes once; then held against the lists by nearness.

One film a round, in a thread of the worker's own, since a long one takes minutes. Nothing is locked while it is decoded, and what
was found is written as a whole or not at all. What meets a list looks known, never more (`film_rules`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from abhaya.custody import film as reader
from abhaya.custody.damage import OriginalDamaged
from abhaya.custody.queries import read_object
from abhaya.custody.why_not import WhyNot
from abhaya.errors import NotThere
from abhaya.matching import film_index, film_rules, films, lists
from abhaya.matching.actions import listed
from abhaya.matching.actions.listed import Named
from abhaya.matching.film_index import SQL
from abhaya.matching.film_reasons import FRAMES_TYPE
from abhaya.matching.films import FilmHashes
from abhaya.matching.kernels import film
from abhaya.matching.kernels.bits import Codes, codes_of
from abhaya.matching.lists import Found
from abhaya.matching.near_index import SQL as NEAR_SQL
from abhaya.matching.near_index import Followed
from abhaya.matching.near_reasons import NOT_HELD, UNREADABLE
from abhaya.matching.nearness import QUALITY_MIN, RADIUS_BUILT_FOR
from abhaya.matching.rules import ARRIVAL, NEAR, RECHECK
from abhaya.shared.sql import execute, fetch, value, values

FILES_PER_ROUND = 2000
FILMS_AT_ONCE = 50  # in memory, with all their frames

_COLUMNS = (
    "position", "frames", "mirrored", "frame_count", "every_ms", "width", "height", "reader", "mode", "why_not",
)  # fmt: skip


class _Waiting(NamedTuple):
    file_id: UUID
    report_id: UUID
    compartment: UUID
    sha256: bytes
    object_id: UUID


class _Film(NamedTuple):
    position: int
    frames: bytes
    mirrored: bytes
    mode: str


class _File(NamedTuple):
    position: int
    file_id: UUID
    report_id: UUID
    compartment: UUID


class _Seen(NamedTuple):
    """How a film meets an entry of a list."""

    hash_type: str
    digest: bytes | None
    distance_bits: int
    mode: str
    frames: list[int]


def hash_films() -> int:
    """The film that waits longest, in the caller's transaction. Returns how many files it settled. Without ffmpeg they wait."""
    files = fetch(_Waiting, SQL["waiting"], {"limit": FILES_PER_ROUND})
    if not files or reader.program() is None:
        return 0
    made = fetch(lambda *row: row, SQL["hashed_before"], {"sha256": files[0].sha256})
    row = dict(zip(_COLUMNS, made[0], strict=True)) if made else _row_of(_hashes(files[0]))
    execute(NEAR_SQL["lock"])
    execute(SQL["hashed"], {**row, "files": [one.file_id for one in files]})
    if row["position"] is not None:
        shown = _Film(row["position"], bytes(row["frames"]), bytes(row["mirrored"]), row["mode"])
        _hold_against_lists(shown, [_File(shown.position, *one[:3]) for one in files])
    return len(files)


def compare_entries(entries: Sequence[Found]) -> None:
    """Entries of a list that came later, films and pictures, against all our films."""
    with_pdq = [one for one in entries if one.pdq and _says_something(one)]
    with_frames = values(SQL["with_frames"], {"positions": [one.position for one in entries]})
    if not with_pdq and not with_frames:
        return
    execute(NEAR_SQL["lock"])
    film_index.follow(film_index.FILMS)
    at = {one.position: one for one in entries}
    for begin in range(0, len(with_frames), FILMS_AT_ONCE):
        listed_films = film_index.listed_frames(with_frames[begin : begin + FILMS_AT_ONCE])
        pairs: defaultdict[int, set[int]] = defaultdict(set)
        for position, frames in listed_films.items():
            for met in _found(film_index.FILMS, _telling(frames)):
                pairs[met].add(position)
        _compare(pairs, at, listed_films)
    pairs = defaultdict(set)
    if with_pdq:
        answer = film_index.FILMS.search(
            codes_of(b"".join(bytes(one.pdq or b"") for one in with_pdq)), RADIUS_BUILT_FOR
        )
        for query, met in zip(answer.queries.tolist(), answer.ids.tolist(), strict=True):
            pairs[met].add(with_pdq[query].position)
    _compare(pairs, at, {})


# --- what a film says ---


def _hashes(file: _Waiting) -> FilmHashes | str:
    """The fingerprints of a film's bytes, or the code of the sentence that says why there are none."""
    try:
        found = films.hashes(read_object(file.object_id, file.compartment))
    except NotThere:
        return NOT_HELD
    except OriginalDamaged:
        return UNREADABLE
    return found.value if isinstance(found, WhyNot) else found


def _row_of(found: FilmHashes | str) -> dict[str, Any]:
    if isinstance(found, str):
        return dict.fromkeys(_COLUMNS) | {"reader": "", "mode": "", "why_not": found}
    frames = film.unpacked(found.frames)
    position = value(SQL["next_position"]) if len(film.telling(frames, QUALITY_MIN)) else None
    return {
        "position": position, "frames": found.frames, "mirrored": found.mirrored, "frame_count": len(frames),
        "every_ms": found.every_ms, "width": found.width, "height": found.height, "reader": found.reader,
        "mode": found.mode, "why_not": "",
    }  # fmt: skip


def _says_something(entry: Found) -> bool:
    return entry.quality is None or entry.quality >= QUALITY_MIN


def _telling(*packed: bytes) -> Codes:
    frames = film.unpacked(b"".join(packed))
    return film.codes(frames[film.telling(frames, QUALITY_MIN)])


# --- what it meets ---


def _hold_against_lists(shown: _Film, files: Sequence[_File]) -> None:
    """A film that was just hashed, with all files of these bytes, against every list there is."""
    film_index.follow(film_index.LISTED, film_index.PICTURES)
    codes = _telling(shown.frames, shown.mirrored)
    near = sorted(_found(film_index.LISTED, codes) | _found(film_index.PICTURES, codes))
    named: list[Named] = []
    for begin in range(0, len(near), FILMS_AT_ONCE):
        positions = near[begin : begin + FILMS_AT_ONCE]
        frames = film_index.listed_frames(positions)
        named += [one for entry in lists.resolve(positions) for one in _named(shown, files, entry, frames)]
    listed.looked_known(listed.write(named, ARRIVAL))


def _compare(
    pairs: Mapping[int, Iterable[int]], entries: Mapping[int, Found], listed_films: Mapping[int, bytes]
) -> None:
    """`pairs`: the position of a film of ours, and those of the entries that it may meet."""
    near = sorted(pairs)
    for begin in range(0, len(near), FILMS_AT_ONCE):
        positions = near[begin : begin + FILMS_AT_ONCE]
        files: defaultdict[int, list[_File]] = defaultdict(list)
        for one in fetch(_File, SQL["files_at"], {"positions": positions}):
            files[one.position].append(one)
        named = [
            one
            for shown in _films_at(positions)
            for position in sorted(pairs[shown.position])
            for one in _named(shown, files[shown.position], entries[position], listed_films)
        ]
        listed.write(named, RECHECK)


def _named(shown: _Film, files: Sequence[_File], entry: Found, listed_films: Mapping[int, bytes]) -> Iterator[Named]:
    seen = _seen(shown, entry, listed_films.get(entry.position))
    if seen is not None:
        for one in files:
            yield Named(
                one.compartment, one.report_id, one.file_id, entry, NEAR, seen.hash_type, seen.digest, seen.distance_bits,
                seen.mode, seen.frames,
            )  # fmt: skip


def _seen(shown: _Film, entry: Found, frames: bytes | None) -> _Seen | None:
    own, mirrored = film.unpacked(shown.frames), film.unpacked(shown.mirrored)
    if frames is not None:
        shares = film_rules.in_either_form(own, mirrored, film.unpacked(frames))
        if shares.is_alike:
            counts = [shares.near, shares.of, shares.other_near, shares.other_of]
            return _Seen(FRAMES_TYPE, None, shares.nearest_bits, f"{shares.form}, {shown.mode}", counts)
    if entry.pdq and _says_something(entry):
        still = film_rules.with_picture(own, mirrored, bytes(entry.pdq))
        if still.near:
            return _Seen(
                "pdq", bytes(entry.pdq), still.nearest_bits, f"{still.form}, {shown.mode}",
                [still.near, still.of, still.at_second],
            )  # fmt: skip
    return None


def _found(index: Followed, codes: Codes) -> set[int]:
    return set(np.unique(index.search(codes, RADIUS_BUILT_FOR).ids).tolist()) if len(codes) else set()


def _films_at(positions: Sequence[int]) -> list[_Film]:
    return [
        _Film(one.position, bytes(one.frames), bytes(one.mirrored), one.mode)
        for one in fetch(_Film, SQL["films_at"], {"positions": list(positions)})
    ]

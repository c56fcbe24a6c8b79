"""The two indexes of films' frames, following the database as those of pictures do: of our own films, of films on lists.

A position stands for a film and all its frames. What is found is a film that shares some frame; `film_rules` says of how many.
"""

from __future__ import annotations

from collections.abc import Sequence

from abhaya.matching.kernels import film
from abhaya.matching.near_index import SQL as NEAR
from abhaya.matching.near_index import Followed
from abhaya.matching.nearness import QUALITY_MIN
from abhaya.shared.sql import NamedSql, execute, fetch

SQL = NamedSql(__file__, "films.sql")
TAIL_ROWS = 100  # films at a time: of the longest, 50 MB


def _codes(packed: bytes) -> bytes:
    frames = film.unpacked(packed)
    return bytes(frames["code"][film.telling(frames, QUALITY_MIN)].tobytes())


FILMS = Followed("films", SQL, TAIL_ROWS, _codes)
LISTED = Followed("listed_films", SQL, TAIL_ROWS, _codes)
# Films are read in a thread of their own, so what both threads ask is opened by each.
PICTURES = Followed("lists")  # the index of listed pictures, for films
STILLS = Followed("listed_films", SQL, TAIL_ROWS, _codes)  # that of listed films, for pictures


def follow(*indexes: Followed) -> None:
    """Takes in all that the database has. The caller holds the lock of `near.sql`, and has written nothing of theirs itself."""
    for one in indexes:
        while not one.follow():
            pass


def listed_frames(positions: Sequence[int]) -> dict[int, bytes]:
    """Position -> the packed frames of the film that a live entry names, for those that name one."""
    rows = fetch(lambda *row: row, SQL["listed_frames"], {"positions": list(positions)}) if positions else []
    return {position: bytes(frames) for position, frames in rows}


def merge_indexes() -> None:
    """A duty of the worker's: searches stay as quick as they are."""
    execute(NEAR["lock"])  # they are searched in another thread
    for one in (FILMS, LISTED):
        one.merge()

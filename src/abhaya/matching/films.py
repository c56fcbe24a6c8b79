"""A film's fingerprints: PDQ of its frames, as vPDQ has them, from pictures that ffmpeg decoded in its own walls.

Frames are taken at 0, 1, 2, … seconds, as vPDQ does, and three more in each (why: `film_rules`), in colour and as large as they are in the film (on the longer side 4,096 pixels at most): made
smaller first they would lie 10 bits beside what others' lists have (at 512 pixels; 27 at 256). One frame is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from abhaya.custody import film
from abhaya.custody.film import FRAME_SIDE_PIXELS_MAX, FRAMES_MAX, Frame
from abhaya.custody.why_not import WhyNot
from abhaya.matching.kernels import pdq
from abhaya.matching.kernels.film import FRAME
from abhaya.matching.near_rules import TURNS
from abhaya.shared.confined import Source

PER_SECOND = 4
FRAMES_KEPT_MAX = 7_200  # half an hour; of a longer film every second frame is kept, then every fourth, …
MIRRORED = TURNS.index("columns reversed")

_Hashed = tuple[int, int, int, tuple[bytes, bytes]]  # when (ms), number, quality, and its codes: as it is, mirrored


@dataclass(frozen=True, slots=True)
class FilmHashes:
    """`frames`: packed, see `kernels.film.FRAME`; `mirrored`: the same frames as a mirror shows them. `ended`: the code of
    why a film was read in part only, "" where it was read to its end.
    """

    frames: bytes
    mirrored: bytes
    every_ms: int
    width: int
    height: int
    reader: str
    ended: str = ""

    @property
    def mode(self) -> str:
        """How it was sampled, for the record."""
        return f"a frame every {self.every_ms / 1000:g} s" + (f", read in part: {self.ended}" if self.ended else "")


def hashes(source: Source, *, frames_kept_max: int = FRAMES_KEPT_MAX) -> FilmHashes | WhyNot:
    """The fingerprints of a film, or why there are none. `source`: bytes, pieces of them (512 MiB at most), or a path."""
    taken = film.frames(
        source, per_second=PER_SECOND, side_pixels_max=FRAME_SIDE_PIXELS_MAX, is_grey=False,
        frames_max=FRAMES_MAX,
    )  # fmt: skip
    with closing(taken):
        kept, width, height = _Kept(frames_kept_max), 0, 0
        for frame in taken:
            kept.take(frame)
            width, height = frame.width, frame.height
    if not kept.frames:
        return taken.why_not or WhyNot.DAMAGED
    ended = WhyNot.TOO_COSTLY if taken.is_cut else taken.why_not
    return FilmHashes(
        _packed(kept.frames, 0),
        _packed(kept.frames, 1),
        kept.step * 1000 // PER_SECOND,
        width,
        height,
        taken.reader,
        str(ended or ""),
    )


def _packed(kept: Iterable[_Hashed], form: int) -> bytes:
    return np.array([(*told, codes[form]) for *told, codes in kept], FRAME).tobytes()


class _Kept:
    """Frames within a budget: where there are too many, every second one is let go, and from then on not taken."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.step = 1
        self.frames: list[_Hashed] = []

    def take(self, frame: Frame) -> None:
        if frame.number % self.step:
            return
        self.frames.append(_hashed(frame))
        if len(self.frames) > self._most:
            self.frames = self.frames[::2]
            self.step *= 2


def _hashed(frame: Frame) -> _Hashed:
    pixels = np.frombuffer(frame.pixels, np.uint8).reshape(frame.height, frame.width, 3)
    found = pdq.full(pixels)
    codes = found.hash().code, found.eight()[MIRRORED]
    return round(frame.at_seconds * 1000), frame.number, found.quality, codes

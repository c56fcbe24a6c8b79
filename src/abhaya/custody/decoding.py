"""Pictures and film for an officer's eyes: decoded apart, small, without metadata or sound, as blurred as asked.

Nothing of a stranger's file is decoded in the server. The bytes go, a piece at a time, to a confined process
(`shared.confined`) that knows no key and reaches no network and no file; back comes a new picture, or why there is none.
Film is shown as a sheet of stills (`custody.film`), where ffmpeg is on this machine; sound is never played.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from abhaya.custody import film
from abhaya.custody.viewing import Drawing, Kind, kind_of
from abhaya.custody.why_not import OF_ENDING, WhyNot
from abhaya.shared import confined

WORKER = Path(__file__).with_name("decoding_worker.py")
THREADS = 64  # of everybody who is nobody; the HEIC decoder does not work without a thread of its own
PICTURE_LIMITS = confined.Limits(
    memory_bytes=768 * confined.MIB, cpu_seconds=10, wall_seconds=20, answer_bytes=8 * confined.MIB,
    source_bytes=128 * confined.MIB, threads=THREADS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """The new picture as WebP; empty where `why_not` says why."""

    webp: bytes = b""
    why_not: WhyNot | None = None
    width: int = 0
    height: int = 0
    more: bool = False  # only the first picture of several is shown


def draw(source: Iterable[bytes], media_type: str, drawing: Drawing) -> Drawn:
    """The file as a picture to look at. `source` is read once, from its beginning, and not kept."""
    kind = kind_of(media_type)
    if kind is Kind.PICTURE:
        return _drawn(source, drawing)
    if kind is not Kind.FILM:
        return Drawn(why_not=WhyNot.NEVER)
    stills = film.stills(source)
    return Drawn(why_not=stills) if isinstance(stills, WhyNot) else _drawn([stills], drawing)


def _drawn(source: Iterable[bytes], drawing: Drawing) -> Drawn:
    order = {"side_pixels": drawing.side_pixels, "cells": drawing.cells, "is_grey": drawing.is_grey}
    outcome = confined.run(WORKER, source, order, PICTURE_LIMITS)
    if outcome.ended is not confined.Ended.DONE:
        return Drawn(why_not=OF_ENDING[outcome.ended])
    line, _, webp = outcome.answer.partition(b"\n")
    told = msgspec.json.decode(line)
    if "refused" in told:
        return Drawn(why_not=WhyNot(told["refused"]))
    return Drawn(webp, None, told["width"], told["height"], told["more"])

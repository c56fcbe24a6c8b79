"""Pictures and film for an officer's eyes: decoded apart, small, without metadata or sound, as blurred as asked.

Nothing of a stranger's file is decoded in the server. The bytes go, a piece at a time, to a confined process
(`shared.confined`) that knows no key and reaches no network and no file; back comes a new picture, or why there is none.
Film is shown as a sheet of stills, where ffmpeg is on this machine; sound is never decoded.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from abhaya.custody.viewing import Drawing, Kind, kind_of
from abhaya.shared import confined

WORKER = Path(__file__).with_name("decoding_worker.py")
PICTURE_LIMITS = confined.Limits(
    memory_bytes=768 * confined.MIB, cpu_seconds=10, wall_seconds=20, answer_bytes=8 * confined.MIB,
    source_bytes=128 * confined.MIB,
)  # fmt: skip
FILM_LIMITS = confined.Limits(
    memory_bytes=1536 * confined.MIB, cpu_seconds=40, wall_seconds=60, answer_bytes=32 * confined.MIB,
    source_bytes=512 * confined.MIB, threads=64,
)  # fmt: skip
STILL_SIDE_PIXELS, STILLS_ACROSS = 320, 3
FILM_OF_STILLS = f"{STILLS_ACROSS}x{STILLS_ACROSS}"


class WhyNot(StrEnum):
    """Why there is nothing to show."""

    NO_PICTURE = "no-picture"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_LARGE = "too-large"
    TOO_COSTLY = "too-costly"
    CRASHED = "crashed"
    NO_FFMPEG = "no-ffmpeg"
    NEVER = "never"  # sound, and what is neither picture nor film


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
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        return Drawn(why_not=WhyNot.NO_FFMPEG)
    stills = confined.run_program(_stills(ffmpeg), source, FILM_LIMITS)
    if stills.ended is not confined.Ended.DONE:
        return Drawn(why_not=WhyNot.DAMAGED if stills.ended is confined.Ended.CRASHED else _WHY_NOT[stills.ended])
    return _drawn([stills.answer], drawing) if stills.answer else Drawn(why_not=WhyNot.DAMAGED)


def _stills(ffmpeg: str) -> list[str]:
    """The first nine pictures that stand for themselves, beside one another; no sound, no subtitles, no other file."""
    side = STILL_SIDE_PIXELS
    return [
        ffmpeg, "-nostdin", "-v", "error", "-threads", "1", "-protocol_whitelist", "file,pipe,fd",
        "-skip_frame", "nokey", "-i", "/dev/stdin", "-an", "-sn", "-dn", "-map_metadata", "-1",
        "-vf", f"scale={side}:{side}:force_original_aspect_ratio=decrease,pad={side}:{side}:-1:-1,tile={FILM_OF_STILLS}",
        "-frames:v", "1", "-f", "image2pipe", "-c:v", "png", "pipe:1",
    ]  # fmt: skip


_WHY_NOT = {
    confined.Ended.TIME: WhyNot.TOO_COSTLY,
    confined.Ended.MEMORY: WhyNot.TOO_COSTLY,
    confined.Ended.TOO_MUCH: WhyNot.TOO_COSTLY,
    confined.Ended.TOO_LARGE: WhyNot.TOO_LARGE,
    confined.Ended.CRASHED: WhyNot.CRASHED,
}


def _drawn(source: Iterable[bytes], drawing: Drawing) -> Drawn:
    order = {"side_pixels": drawing.side_pixels, "cells": drawing.cells, "is_grey": drawing.is_grey}
    outcome = confined.run(WORKER, source, order, PICTURE_LIMITS)
    if outcome.ended is not confined.Ended.DONE:
        return Drawn(why_not=_WHY_NOT[outcome.ended])
    line, _, webp = outcome.answer.partition(b"\n")
    told = msgspec.json.decode(line)
    if "refused" in told:
        return Drawn(why_not=WhyNot(told["refused"]))
    return Drawn(webp, None, told["width"], told["height"], told["more"])

"""A picture as bare pixels, for what computes with it: decoded apart, by the same decoder that draws it to be looked at.

How it was decoded is part of the answer, since a fingerprint is worth no more than the pixels it was made of: which library,
which version, at which scale, and what was done to its colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from abhaya.custody.decoding import THREADS, WORKER
from abhaya.custody.why_not import OF_ENDING, WhyNot
from abhaya.shared import confined
from abhaya.shared.confined import MIB, Ended, Source

LIMITS = confined.Limits(
    memory_bytes=1024 * MIB, cpu_seconds=20, wall_seconds=40, answer_bytes=181 * MIB, source_bytes=128 * MIB,
    threads=THREADS,
)  # fmt: skip
_LINE_BYTES_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Pixels:
    """Rows without gaps, a byte each in grey, three in colour; empty where `why_not` says why."""

    pixels: bytes | bytearray = b""
    why_not: WhyNot | None = None
    width: int = 0
    height: int = 0
    is_grey: bool = False
    decoder: str = ""  # "Pillow 13.0.0, libjpeg 3.1.2"
    how: str = ""  # for the record: "JPEG CMYK, 1/4, turned from 6, transparency dropped"
    scale: int = 1  # one pixel for so many of the original's, on each side
    more: bool = False  # this is the first picture of several


def pixels(source: Source, *, is_grey: bool = False, side_pixels_min: int = 0, is_turned: bool = True) -> Pixels:
    """The picture, whole or, where `side_pixels_min` allows and its format can, at a half, quarter or eighth.

    Both sides then are at least `side_pixels_min`. `is_turned`: as its EXIF orientation says. Grey is ITU-R 601-2 of RGB.
    """
    order = {"mode": "L" if is_grey else "RGB", "side_pixels_min": side_pixels_min, "is_turned": is_turned}
    flow = confined.answering(WORKER, source, order, LIMITS)
    held = bytearray()
    told: dict[str, Any] | None = None
    for piece in flow:
        held += piece
        if told is None and b"\n" in held[:_LINE_BYTES_MAX]:
            line, _, _ = held.partition(b"\n")
            told = msgspec.json.decode(line, type=dict)
            del held[: len(line) + 1]
    if flow.ended is not Ended.DONE or told is None:
        return Pixels(why_not=OF_ENDING.get(flow.ended or Ended.CRASHED, WhyNot.CRASHED))
    if "refused" in told:
        return Pixels(why_not=WhyNot(told["refused"]))
    if len(held) != told["width"] * told["height"] * (1 if is_grey else 3):
        return Pixels(why_not=WhyNot.CRASHED)
    return Pixels(
        held, None, told["width"], told["height"], is_grey, told["decoder"], _how(told, is_turned=is_turned),
        told["scale"], told["more"],
    )  # fmt: skip


def _how(told: dict[str, Any], *, is_turned: bool) -> str:
    said = [f"{told['format']} {told['mode']}", f"1/{told['scale']}"]
    if told["orientation"] != 1:
        said.append(f"{'turned from' if is_turned else 'not turned from'} {told['orientation']}")
    return ", ".join([*said, told["how"]] if told["how"] else said)

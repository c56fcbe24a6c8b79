"""vPDQ as text: the frames of one film, as `threatexchange` and the C++ program write them, and back.

`threatexchange` (`extensions/vpdq/vpdq_util.py`): a JSON list of "PDQ,quality,seconds"; before, a JSON object of frame number to
`hash`, `quality`, `timestamp`. The C++ program: a line "number,quality,PDQ,seconds" for each frame.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator

from abhaya.matching.nearness import QUALITY_MIN

FRAME = struct.Struct(">IIB32s")  # milliseconds, number, quality, PDQ: as `kernels.film.FRAME`, without loading numpy
FRAMES_MAX = 20_000  # of one entry of a list
CHARACTERS_MAX = 100 * FRAMES_MAX
SECONDS_MAX = 4_000_000
QUALITY_MAX = 100
_HEX = re.compile(r"[0-9A-Fa-f]{64}")


def read(text: str) -> bytes:
    """The frames, packed (`FRAME`). Raises ValueError with a sentence for the loss report."""
    if len(text) > CHARACTERS_MAX:
        raise ValueError(f"a vPDQ longer than {CHARACTERS_MAX:,} characters")
    try:
        rows = list(_rows(text.strip()))
    except (ValueError, TypeError, LookupError, RecursionError) as problem:
        raise ValueError(f"no vPDQ that is known here: {str(problem)[:100]}") from problem
    if not rows:
        raise ValueError("a vPDQ without any frame")
    if len(rows) > FRAMES_MAX:
        raise ValueError(f"a vPDQ of more than {FRAMES_MAX:,} frames")
    return b"".join(FRAME.pack(*row) for row in rows)


def says_something(frames: bytes) -> bool:
    """Whether any frame's quality is enough to be compared."""
    return any(quality >= QUALITY_MIN for _, _, quality, _ in FRAME.iter_unpack(frames))


def written(frames: bytes) -> str:
    """As `threatexchange` reads it."""
    return json.dumps(
        [f"{code.hex()},{quality},{at_ms / 1000:.3f}" for at_ms, _, quality, code in FRAME.iter_unpack(frames)]
    )


def _rows(text: str) -> Iterator[tuple[int, int, int, bytes]]:
    """The frames in their order, each numbered by its place: every program counts in its own way."""
    told = json.loads(text) if text.startswith(("[", "{")) else text.split()
    for place, one in enumerate(told.values() if isinstance(told, dict) else told):
        if isinstance(one, dict):
            code, quality, seconds = one["hash"], one["quality"], one["timestamp"]
        else:
            code, quality, seconds, *more = str(one).split(",")
            if more:
                code, seconds = seconds, more[0]
        if not isinstance(code, str) or not _HEX.fullmatch(code):
            raise ValueError(f"“{str(code)[:80]}” is not PDQ")
        at, how_good = float(str(seconds)), int(str(quality))
        if not (0 <= at <= SECONDS_MAX and 0 <= how_good <= QUALITY_MAX):
            raise ValueError(f"frame {place}: quality {how_good} at {at} s")
        yield round(at * 1000), place, how_good, bytes.fromhex(code)

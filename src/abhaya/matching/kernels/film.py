"""Films as rows of frames: packed as they are stored, and two of them compared in all pairs. Arrays in, arrays out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from abhaya.matching.kernels.bits import WORDS, Codes, codes_of

CODE_BYTES = 32
# One sampled frame as stored: when in milliseconds, its number in the film's own or the sampler's count, quality, PDQ.
FRAME = np.dtype([("at_ms", ">u4"), ("number", ">u4"), ("quality", "u1"), ("code", f"V{CODE_BYTES}")])
PAIRS_AT_ONCE = 1 << 20  # of which each costs 32 bytes for a moment

Frames = npt.NDArray[np.void]  # of FRAME


class Met(NamedTuple):
    """Which frames of each of two films lie near some frame of the other, and the nearest pair of all."""

    own: npt.NDArray[np.bool_]
    other: npt.NDArray[np.bool_]
    nearest_bits: int  # 256 where there is no pair
    nearest: tuple[int, int]


def unpacked(packed: bytes) -> Frames:
    """Raises ValueError where the bytes are no whole number of frames."""
    return np.frombuffer(packed, FRAME)


def codes(frames: Frames) -> Codes:
    return codes_of(np.ascontiguousarray(frames["code"]).tobytes())


def telling(frames: Frames, quality_min: int) -> npt.NDArray[np.int64]:
    """The places of the frames that say something, each code once, in the order of the film."""
    good = np.flatnonzero(frames["quality"] >= quality_min)
    _, first = np.unique(codes(frames[good]), axis=0, return_index=True)
    return good[np.sort(first)]


class Told(NamedTuple):
    """What a film says: its codes, each once, and for each of its frames that say something which code and which second."""

    codes: Codes
    code_of: npt.NDArray[np.int64]
    second_of: npt.NDArray[np.int64]

    def counted(self, near: npt.NDArray[np.bool_]) -> tuple[int, int]:
        """`near`: which codes are. How many seconds have a frame that is, and of how many: seconds that begin with the
        same code are one.
        """
        seconds, first = np.unique(self.second_of, return_index=True)
        _, each = np.unique(self.code_of[first], return_index=True)
        is_near = np.isin(seconds[each], self.second_of[near[self.code_of]])
        return int(is_near.sum()), len(each)


def told(frames: Frames, quality_min: int) -> Told:
    good = frames[frames["quality"] >= quality_min]
    each, code_of = np.unique(codes(good), axis=0, return_inverse=True)
    return Told(each, code_of.reshape(-1), good["at_ms"].astype(np.int64) // 1000)


def met(own: Codes, other: Codes, radius: int) -> Met:
    """All pairs of two films' frames; in pieces, so that memory stays flat."""
    found = Met(np.zeros(len(own), np.bool_), np.zeros(len(other), np.bool_), 256, (0, 0))
    if not len(own) or not len(other):
        return found
    step = max(1, PAIRS_AT_ONCE // len(other))
    for begin in range(0, len(own), step):
        piece = own[begin : begin + step]
        bits = np.zeros((len(piece), len(other)), np.uint16)
        for word in range(WORDS):
            bits += np.bitwise_count(piece[:, word, None] ^ other[None, :, word])
        near = bits <= radius
        found.own[begin : begin + step] = near.any(axis=1)
        np.logical_or(found.other, near.any(axis=0), out=found.other)
        at = int(bits.argmin())
        if (least := int(bits.flat[at])) < found.nearest_bits:
            row, column = divmod(at, len(other))
            found = found._replace(nearest_bits=least, nearest=(begin + row, column))
    return found

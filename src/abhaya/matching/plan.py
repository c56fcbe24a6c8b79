"""How the 256 bits of a picture's hash are cut into parts, and which neighbours of each part a search visits.

Two hashes at distance r differ, in at least one of the parts, by few bits: if part i may differ by `t_i` and
sum(t_i + 1) >= r + 1, no pair within r escapes (the general pigeonhole; Qin and others, "GPH", ICDE 2018). More is true:
going round the parts in a ring, from some part on *every* run of parts keeps within its share, d_i + … + d_k <=
sum(t + 1) - 1 (the pigeonring; Qin and Xiao, VLDB 2018). So each entry of a bucket carries `SIGNATURE_BITS` bits of what
follows its part, and nearly all are dismissed without looking at their hash. Both are proven by counting, and `checked`
asserts their condition for every plan that is used: recall is 1.0 by construction.

One set of parts serves every radius: a larger one raises the thresholds alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt

from abhaya.matching.nearness import RADIUS_BUILT_FOR

HASH_BITS = 256
SIGNATURE_BITS = 16
PARTS_MIN, PARTS_MAX = 8, 24
WIDTH_BITS_MIN, WIDTH_BITS_MAX = 8, 28
STEPS_BITS = (1, 2, 4, 6)  # by which wide parts may exceed narrow ones

# Nanoseconds on one core beside other work; only their proportion matters.
PROBE_NS = 60.0  # a bucket's first line of memory
LINE_NS = 10.0  # each further line: 32 signatures
SURVIVOR_NS = 60.0  # a row number and its hash
SCAN_ROW_NS = 1.0  # one row of a scan
SIGNATURES_A_LINE = 32


@dataclass(frozen=True, slots=True)
class Probes:
    """What a search of one radius visits.

    A row of `parts` is one part: where it starts, its width, its first bucket in the offsets of all parts, its threshold
    (-1: not visited), and its share, the bits by which it and the signature after it may differ together.
    """

    parts: npt.NDArray[np.int64]
    masks: npt.NDArray[np.int64]  # per probe: the bits of the part's key to turn over, fewest first
    limits: npt.NDArray[np.uint16]  # per probe: bits by which the signature may differ
    firsts: npt.NDArray[np.int64]  # per part: its first probe; one entry more than parts


def starts_of(widths: tuple[int, ...]) -> tuple[int, ...]:
    """Where each part begins, in bits from the most significant bit of the first word."""
    return tuple(sum(widths[:part]) for part in range(len(widths)))


def checked(widths: tuple[int, ...], thresholds: tuple[int, ...], radius: int) -> None:
    """Asserts what recall rests on: the parts are the whole hash, and the thresholds reach the radius."""
    if sum(widths) != HASH_BITS or len(widths) != len(thresholds):
        raise AssertionError("The parts of a plan are not the whole hash.")
    if sum(threshold + 1 for threshold in thresholds) < radius + 1:
        raise AssertionError(f"The thresholds of a plan do not reach radius {radius}.")


def thresholds_for(widths: tuple[int, ...], radius: int, rows: int) -> tuple[int, ...]:
    """The cheapest thresholds that reach the radius: the part that costs least is raised, again and again. Each further
    bit costs a part more than the one before, so no other choice is cheaper.
    """
    thresholds = [-1] * len(widths)
    next_ns = [_visit_ns(width, 0, rows) for width in widths]
    for _ in range(radius + 1):
        part = next_ns.index(min(next_ns))
        thresholds[part] += 1
        next_ns[part] = _visit_ns(widths[part], thresholds[part] + 1, rows)
    checked(widths, tuple(thresholds), radius)
    return tuple(thresholds)


@lru_cache(maxsize=4096)
def _visit_ns(width: int, flips: int, rows: int, signature_limit: int | None = None) -> float:
    """What it costs to visit the buckets at exactly so many flipped bits, whose signatures may differ by so many."""
    in_bucket = rows / 2.0**width
    limit = flips + 1 if signature_limit is None else signature_limit  # where all parts have the same threshold
    survive = sum(comb(SIGNATURE_BITS, differ) for differ in range(limit + 1)) / 2.0**SIGNATURE_BITS
    each = PROBE_NS + LINE_NS * in_bucket / SIGNATURES_A_LINE + SURVIVOR_NS * survive * in_bucket
    return comb(width, flips) * each


def cost_ns(widths: tuple[int, ...], radius: int, rows: int) -> float:
    """What one search is expected to take, of hashes whose bits are even."""
    thresholds = thresholds_for(widths, radius, rows)
    return sum(
        _visit_ns(width, flips, rows, share - flips)
        for width, threshold, share in zip(
            widths, thresholds, (_share(widths, thresholds, part) for part in range(len(widths))), strict=True
        )
        for flips in range(min(threshold, share) + 1)
    )


@lru_cache(maxsize=64)
def parts_for(rows: int) -> tuple[int, ...]:
    """The widths of the parts to build for so many rows; empty where a scan is as fast."""
    best: tuple[int, ...] = ()
    least = SCAN_ROW_NS * rows
    widest = min(WIDTH_BITS_MAX, max(WIDTH_BITS_MIN, rows.bit_length() + 1))
    for widths in _ways_to_cut():
        if widths[0] <= widest and (cost := cost_ns(widths, RADIUS_BUILT_FOR, rows)) < least:
            best, least = widths, cost
    return best


@lru_cache(maxsize=1)
def _ways_to_cut() -> tuple[tuple[int, ...], ...]:
    """Wide parts and narrow ones, widest first."""
    ways = set()
    for parts in range(PARTS_MIN, PARTS_MAX + 1):
        for wide in range(parts):
            for step in STEPS_BITS if wide else (0,):
                narrow, left = divmod(HASH_BITS - wide * step, parts)
                cut = sorted(
                    (narrow + (step if part < wide else 0) + (part >= parts - left) for part in range(parts)),
                    reverse=True,
                )
                if cut[-1] >= WIDTH_BITS_MIN and cut[0] <= WIDTH_BITS_MAX:
                    ways.add(tuple(cut))
    return tuple(sorted(ways))


@lru_cache(maxsize=64)
def probes_for(widths: tuple[int, ...], radius: int, rows: int) -> Probes:
    """The probes of one radius over these parts."""
    thresholds = thresholds_for(widths, radius, rows)
    masks: list[int] = []
    limits: list[int] = []
    firsts = [0]
    parts: list[tuple[int, ...]] = []
    bucket = 0
    for part, width in enumerate(widths):
        share = _share(widths, thresholds, part)
        parts.append((starts_of(widths)[part], width, bucket, thresholds[part], share))
        bucket += (1 << width) + 1
        for flips in range(min(thresholds[part], share) + 1):
            for bits in combinations(range(width), flips):
                masks.append(sum(1 << bit for bit in bits))
                limits.append(share - flips)
        firsts.append(len(masks))
    return Probes(
        np.array(parts, np.int64),
        np.array(masks, np.int64),
        np.array(limits, np.uint16),
        np.array(firsts, np.int64),
    )


def _share(widths: tuple[int, ...], thresholds: tuple[int, ...], part: int) -> int:
    """Bits by which this part and those its signature reaches into may differ together, by the pigeonring."""
    covered, last, share = 0, part, thresholds[part] + 1
    while covered < SIGNATURE_BITS:
        last = (last + 1) % len(widths)
        covered += widths[last]
        share += thresholds[last] + 1
    return share - 1

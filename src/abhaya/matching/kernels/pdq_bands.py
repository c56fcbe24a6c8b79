"""PDQ's blur and sampling as banded matrices, and the one pass over the pixels that multiplies by them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abhaya.matching.kernels.compiled import IS_COMPILED, compiled

Pixels = NDArray[np.uint8]  # (height, width, 3), or (height, width) for luma alone

SIDE = 64  # samples a side
NEAREST_SIDE_PIXELS = 512
LUMA_RED, LUMA_GREEN, LUMA_BLUE = 0.299, 0.587, 0.114
SCALES = (1, 2, 4, 8)
_BANDS_KEPT = 512  # of as many lengths; 50 kB each at 4000 pixels
MULTIPLES_SUM_MAX = 65535 // 255
_RATIO_OFF_MAX = 1e-4  # weights are fractions of small numbers: what is no whole multiple is off by much more
_ROWS_AT_ONCE = 8  # of samples
_WEIGHT_MIN = 1e-9  # what is below is rounding: the smallest real weight is one over the window squared


@dataclass(frozen=True, slots=True)
class Bands:
    """A banded matrix of 64 rows: row i holds `weights[edges[i]:edges[i + 1]]`, at columns `places[…]`. Where those are whole
    multiples of one unit, so small that 16 bits hold the sum over pixels: `multiples` of `units[i]`, else that is 0.
    """

    edges: NDArray[np.int64]
    places: NDArray[np.int64]
    weights: NDArray[np.float32]
    multiples: NDArray[np.uint16]
    units: NDArray[np.float32]


def _tents(length: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Blur and sampling of the reference along one side, two means over a window, edges clipped: (sample, place, weight)."""
    window = (length + 2 * SIDE - 1) // (2 * SIDE)
    right = (window + 2) // 2 - 1
    left = window - 1 - right
    centres = ((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.int64)[:, None]
    middles = centres + np.arange(-left, right + 1)
    is_inside = (middles >= 0) & (middles < length)
    first, behind = np.clip(middles - left, 0, length), np.clip(middles + right + 1, 0, length)
    share = np.where(is_inside, 1 / (is_inside.sum(axis=1, keepdims=True) * np.maximum(behind - first, 1)), 0)
    begin = centres - 2 * left
    steps = np.zeros((SIDE, 2 * window + 2))  # where a mean begins and ends; their sums are the weights
    samples = np.broadcast_to(np.arange(SIDE)[:, None], steps.shape)
    rows = samples[:, :window]
    np.add.at(steps, (rows, np.maximum(first - begin, 0)), share)
    np.add.at(steps, (rows, np.maximum(behind - begin, 0)), -share)
    weights = np.cumsum(steps, axis=1)
    is_meant = weights > _WEIGHT_MIN
    return samples[is_meant], (begin + np.arange(steps.shape[1]))[is_meant], weights[is_meant]


@lru_cache(_BANDS_KEPT)
def bands(length: int, *, is_nearest: bool = False, scale: int = 1) -> Bands:
    """The operator along a side of `length` pixels.

    `is_nearest`: 512 pixels are taken of them first. `scale`: the decoder gave ceil(length / scale) pixels, each the mean of
    a block, so the weights of a block are added.
    """
    samples, places, weights = _tents(NEAREST_SIDE_PIXELS if is_nearest else length)
    if is_nearest:
        places = places * length // NEAREST_SIDE_PIXELS
    places //= scale
    begins = np.flatnonzero(np.diff(samples * (length + 1) + places, prepend=-1))  # of each place of each sample
    edges = np.searchsorted(samples[begins], np.arange(SIDE + 1))
    together = np.add.reduceat(weights, begins)
    made = Bands(edges, places[begins], together.astype(np.float32), *_multiples(edges, together))
    for array in (made.edges, made.places, made.weights, made.multiples, made.units):
        array.flags.writeable = False  # shared by every caller
    return made


def _multiples(
    edges: NDArray[np.int64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    """Of most samples the weights are 1, 2, 3, … 2, 1 of one over the window squared; not at the picture's edges."""
    of_row = np.repeat(np.arange(SIDE), np.diff(edges))
    ratios = weights / np.minimum.reduceat(weights, edges[:-1])[of_row]
    sums = np.add.reduceat(np.rint(ratios), edges[:-1])
    is_off = np.maximum.reduceat(np.abs(ratios - np.rint(ratios)), edges[:-1]) > _RATIO_OFF_MAX
    is_whole = ~is_off & (sums <= MULTIPLES_SUM_MAX)
    units = np.where(is_whole, np.add.reduceat(weights, edges[:-1]) / sums, 0)
    return np.where(is_whole[of_row], np.rint(ratios), 0).astype(np.uint16), units.astype(np.float32)


@compiled(fastmath={"contract", "reassoc", "nsz"})
def _across(
    lumas: NDArray[np.float32], edges: NDArray[np.int64], places: NDArray[np.int64], weights: NDArray[np.float32],
    rows: NDArray[np.float32],
) -> None:  # fmt: skip
    """Eight rows side by side: bands are short, and a sum alone would wait for itself."""
    for sample in range(SIDE):
        a = b = c = d = e = f = g = h = np.float32(0)
        for k in range(edges[sample], edges[sample + 1]):
            weight, x = weights[k], places[k]
            a += weight * lumas[0, x]
            b += weight * lumas[1, x]
            c += weight * lumas[2, x]
            d += weight * lumas[3, x]
            e += weight * lumas[4, x]
            f += weight * lumas[5, x]
            g += weight * lumas[6, x]
            h += weight * lumas[7, x]
        rows[0, sample], rows[1, sample], rows[2, sample], rows[3, sample] = a, b, c, d
        rows[4, sample], rows[5, sample], rows[6, sample], rows[7, sample] = e, f, g, h


@compiled()
def _down_in_multiples(
    rows: NDArray[np.uint8], places: NDArray[np.int64], multiples: NDArray[np.uint16], sums: NDArray[np.uint16]
) -> None:
    """As `_down`, in whole numbers of 16 bits: twice as many at a time, and no rounding."""
    at, end = 0, len(places)
    sums[:] = np.uint16(0)
    while at + 4 <= end:
        a, b, c, d = multiples[at], multiples[at + 1], multiples[at + 2], multiples[at + 3]
        row_a, row_b = rows[places[at]], rows[places[at + 1]]
        row_c, row_d = rows[places[at + 2]], rows[places[at + 3]]
        for x in range(len(sums)):
            sums[x] += np.uint16(
                a * np.uint16(row_a[x]) + b * np.uint16(row_b[x]) + c * np.uint16(row_c[x]) + d * np.uint16(row_d[x])
            )
        at += 4
    while at < end:
        a, row_a = multiples[at], rows[places[at]]
        for x in range(len(sums)):
            sums[x] += np.uint16(a * np.uint16(row_a[x]))
        at += 1


@compiled(fastmath={"contract", "reassoc", "nsz"})
def _down(
    rows: NDArray[np.uint8], places: NDArray[np.int64], weights: NDArray[np.float32], sums: NDArray[np.float32]
) -> None:
    """Rows of pixels, weighted, four of them at a time."""
    at, end = 0, len(places)
    sums[:] = np.float32(0)
    while at + 4 <= end:
        a, b, c, d = weights[at], weights[at + 1], weights[at + 2], weights[at + 3]
        row_a, row_b = rows[places[at]], rows[places[at + 1]]
        row_c, row_d = rows[places[at + 2]], rows[places[at + 3]]
        for x in range(len(sums)):
            sums[x] += (
                a * np.float32(row_a[x]) + b * np.float32(row_b[x])
                + c * np.float32(row_c[x]) + d * np.float32(row_d[x])
            )  # fmt: skip
        at += 4
    while at < end:
        a, row_a = weights[at], rows[places[at]]
        for x in range(len(sums)):
            sums[x] += a * np.float32(row_a[x])
        at += 1


@compiled(fastmath={"contract", "reassoc", "nsz"})
def _brightness(sums: NDArray[Any], unit: np.float32, channels: int, luma: NDArray[np.float32]) -> None:
    if channels == 3:
        red, green, blue = unit * np.float32(LUMA_RED), unit * np.float32(LUMA_GREEN), unit * np.float32(LUMA_BLUE)
        for x in range(len(luma)):
            luma[x] = (
                red * np.float32(sums[3 * x]) + green * np.float32(sums[3 * x + 1]) + blue * np.float32(sums[3 * x + 2])
            )
    else:
        for x in range(len(luma)):
            luma[x] = unit * np.float32(sums[x])


@compiled()
def _samples_of_pixels(
    rows: NDArray[np.uint8], channels: int,
    row_edges: NDArray[np.int64], row_places: NDArray[np.int64], row_weights: NDArray[np.float32],
    row_multiples: NDArray[np.uint16], row_units: NDArray[np.float32],
    edges: NDArray[np.int64], places: NDArray[np.int64], weights: NDArray[np.float32],
) -> NDArray[np.float32]:  # fmt: skip
    """`rows`: (height, width · channels)."""
    samples = np.empty((SIDE, SIDE), np.float32)
    length = rows.shape[1]
    sums, whole = np.empty(length, np.float32), np.empty(length, np.uint16)
    lumas = np.empty((_ROWS_AT_ONCE, length // channels), np.float32)
    for first in range(0, SIDE, _ROWS_AT_ONCE):
        for number in range(_ROWS_AT_ONCE):
            at, end = row_edges[first + number], row_edges[first + number + 1]
            if row_units[first + number] > 0:
                _down_in_multiples(rows, row_places[at:end], row_multiples[at:end], whole)
                _brightness(whole, row_units[first + number], channels, lumas[number])
            else:
                _down(rows, row_places[at:end], row_weights[at:end], sums)
                _brightness(sums, np.float32(1), channels, lumas[number])
        _across(lumas, edges, places, weights, samples[first : first + _ROWS_AT_ONCE])
    return samples


def _dense(band: Bands, length: int) -> NDArray[np.float32]:
    dense = np.zeros((SIDE, length), np.float32)
    dense[np.repeat(np.arange(SIDE), np.diff(band.edges)), band.places] = band.weights
    return dense


def _samples_with_numpy(pixels: Pixels, down: Bands, across: Bands) -> NDArray[np.float32]:
    """The same in numpy: a band of rows at a time, so that memory stays small."""
    height, width = pixels.shape[:2]
    rows = pixels.reshape(height, -1)
    reduced = np.empty((SIDE, rows.shape[1]), np.float32)
    for sample in range(SIDE):
        band = slice(down.edges[sample], down.edges[sample + 1])
        reduced[sample] = down.weights[band] @ rows[down.places[band]].astype(np.float32)
    if pixels.ndim == 3:
        luma = np.array([LUMA_RED, LUMA_GREEN, LUMA_BLUE], np.float32)
        reduced = reduced.reshape(SIDE, width, 3) @ luma
    return reduced @ _dense(across, width).T


def samples(pixels: Pixels, down: Bands, across: Bands) -> NDArray[np.float32]:
    """A · luma · Bᵀ: the picture's 64 × 64 samples."""
    if not IS_COMPILED:
        return _samples_with_numpy(pixels, down, across)
    rows = np.ascontiguousarray(pixels).reshape(pixels.shape[0], -1)
    channels = 1 if pixels.ndim == 2 else 3
    found: NDArray[np.float32] = _samples_of_pixels(
        rows, channels,
        down.edges, down.places, down.weights, down.multiples, down.units, across.edges, across.places, across.weights,
    )  # fmt: skip
    return found

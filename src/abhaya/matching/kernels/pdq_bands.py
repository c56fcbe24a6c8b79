"""PDQ's blur and sampling as banded matrices, and the one pass over the pixels that multiplies by them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from abhaya.matching.kernels.compiled import IS_COMPILED, compiled

Pixels = NDArray[np.uint8]  # (height, width, 3), or (height, width) for luma alone

SIDE = 64  # samples a side
NEAREST_SIDE_PIXELS = 512
LUMA_RED, LUMA_GREEN, LUMA_BLUE = 0.299, 0.587, 0.114
SCALES = (1, 2, 4, 8)
_BANDS_KEPT = 512  # of as many lengths; 50 kB each at 4000 pixels
_WEIGHT_MIN = 1e-9  # what is below is rounding: the smallest real weight is one over the window squared


@dataclass(frozen=True, slots=True)
class Bands:
    """A banded matrix of 64 rows: row i holds `weights[edges[i]:edges[i + 1]]`, at columns `places[…]`."""

    edges: NDArray[np.int64]
    places: NDArray[np.int64]
    weights: NDArray[np.float32]


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
    made = Bands(edges, places[begins], np.add.reduceat(weights, begins).astype(np.float32))
    for array in (made.edges, made.places, made.weights):
        array.flags.writeable = False  # shared by every caller
    return made


@compiled(fastmath={"contract", "reassoc", "nsz"})
def _across(
    luma: NDArray[np.float32], edges: NDArray[np.int64], places: NDArray[np.int64], weights: NDArray[np.float32],
    row: NDArray[np.float32],
) -> None:  # fmt: skip
    for sample in range(SIDE):
        at, end = edges[sample], edges[sample + 1]
        total = np.float32(0)
        if places[end - 1] - places[at] == end - 1 - at:  # without gaps it goes several at a time
            band, part = weights[at:end], luma[places[at] : places[at] + end - at]
            for k in range(end - at):
                total += band[k] * part[k]
        else:
            for k in range(at, end):
                total += weights[k] * luma[places[k]]
        row[sample] = total


@compiled(fastmath={"contract", "reassoc", "nsz"})
def _samples_of_pixels(
    rows: NDArray[np.uint8], channels: int,
    row_edges: NDArray[np.int64], row_places: NDArray[np.int64], row_weights: NDArray[np.float32],
    edges: NDArray[np.int64], places: NDArray[np.int64], weights: NDArray[np.float32],
) -> NDArray[np.float32]:  # fmt: skip
    """`rows`: (height, width · channels). Four rows of pixels are added at a time."""
    samples = np.empty((SIDE, SIDE), np.float32)
    length = rows.shape[1]
    width = length // channels
    down, luma = np.empty(length, np.float32), np.empty(width, np.float32)
    red, green, blue = np.float32(LUMA_RED), np.float32(LUMA_GREEN), np.float32(LUMA_BLUE)
    for sample in range(SIDE):
        at, end = row_edges[sample], row_edges[sample + 1]
        down[:] = np.float32(0)
        while at + 4 <= end:
            a, b, c, d = row_weights[at], row_weights[at + 1], row_weights[at + 2], row_weights[at + 3]
            row_a, row_b = rows[row_places[at]], rows[row_places[at + 1]]
            row_c, row_d = rows[row_places[at + 2]], rows[row_places[at + 3]]
            for x in range(length):
                down[x] += (
                    a * np.float32(row_a[x]) + b * np.float32(row_b[x])
                    + c * np.float32(row_c[x]) + d * np.float32(row_d[x])
                )  # fmt: skip
            at += 4
        while at < end:
            a, row_a = row_weights[at], rows[row_places[at]]
            for x in range(length):
                down[x] += a * np.float32(row_a[x])
            at += 1
        if channels == 3:
            for x in range(width):
                luma[x] = red * down[3 * x] + green * down[3 * x + 1] + blue * down[3 * x + 2]
        else:
            luma[:] = down
        _across(luma, edges, places, weights, samples[sample])
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
        down.edges, down.places, down.weights, across.edges, across.places, across.weights,
    )  # fmt: skip
    return found

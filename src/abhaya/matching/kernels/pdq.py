"""PDQ as a linear operator: one pass over the pixels, equal to the reference to the bit.

PDQ (facebook/ThreatExchange, `pdq/`) blurs a picture twice with a box, takes 64 × 64 samples, transforms them (DCT) and
asks which of 256 coefficients lie above their median. Everything before the median is linear and separable, so that blur
and sampling are one banded matrix for the height and one for the width: 64 × 64 samples = A · luma · Bᵀ.

Two families of programs disagree with each other, and we compute both: *full* (Java, `pdqhash`, `threatexchange`) uses every pixel;
*512* (C++, WebAssembly) first takes 512 × 512 pixels, nearest neighbour, of whatever is larger. *Scaled* is for bulk: the
picture is a JPEG decoded at 1/2, 1/4 or 1/8, and the operator knows that each pixel is the mean of a block; it is
a bit or two beside the full one.

The reference computes in single precision. Where the median does not lie clearly between two coefficients, its
rounding decides, and so those few pictures are computed again as it does (`exact`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from abhaya.matching.kernels.compiled import IS_COMPILED, compiled

Pixels = NDArray[np.uint8]  # (height, width, 3), or (height, width) for luma alone
Floats = NDArray[np.float32] | NDArray[np.float64]

SIDE, KEPT = 64, 16  # samples a side; coefficients kept of them
BITS = KEPT * KEPT
NEAREST_SIDE_PIXELS = 512
SIDE_PIXELS_MIN = 5  # below it the reference answers zero, quality 0
QUALITY_MAX = 100
LUMA_RED, LUMA_GREEN, LUMA_BLUE = 0.299, 0.587, 0.114
BANDS_KEPT = 512  # of as many lengths; 50 kB each at 4000 pixels
GAP_MIN = 0.004  # between the coefficients around the median: twice the most that rounding was seen to move one
SCALES = (1, 2, 4, 8)
ROWS_AT_ONCE = 256  # of luma in double precision, so that memory stays small
WEIGHT_MIN = 1e-9  # what is below is rounding: the smallest real weight is one over the window squared


@dataclass(frozen=True, slots=True)
class Bands:
    """A banded matrix of 64 rows: row i holds `weights[edges[i]:edges[i + 1]]`, at columns `places[…]`."""

    edges: NDArray[np.int64]
    places: NDArray[np.int64]
    weights: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hash:
    """The coefficients as 256 bits, first bit last, as everyone writes them in hexadecimal; and the quality, 0 to 100."""

    code: bytes
    quality: int


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
    is_meant = weights > WEIGHT_MIN
    return samples[is_meant], (begin + np.arange(steps.shape[1]))[is_meant], weights[is_meant]


@lru_cache(BANDS_KEPT)
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


def _cosines() -> NDArray[np.float32]:
    """The reference's DCT matrix, rounded as it is there: rows 1 to 16 of 64."""
    at = np.arange(1, KEPT + 1)[:, None] * (np.pi / 2 / SIDE) * (2 * np.arange(SIDE) + 1)[None, :]
    return np.asarray(np.float64(np.float32(np.sqrt(2 / SIDE))) * np.cos(at), np.float32)


COSINES = _cosines()
COSINES.flags.writeable = False


# --- from pixels to 64 × 64 samples ---


@compiled(fastmath={"contract", "reassoc", "nsz"})
def _samples_of_pixels(
    rows: NDArray[np.uint8], channels: int, down: NDArray[np.float32],
    row_edges: NDArray[np.int64], row_places: NDArray[np.int64], row_weights: NDArray[np.float32],
    edges: NDArray[np.int64], places: NDArray[np.int64], weights: NDArray[np.float32],
) -> NDArray[np.float32]:  # fmt: skip
    """`rows`: (height, width · channels). `down`: room for one row. Four rows of pixels are added at a time."""
    samples = np.empty((SIDE, SIDE), np.float32)
    length = rows.shape[1]
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
        for across in range(SIDE):
            total = np.float32(0)
            if channels == 1:
                for k in range(edges[across], edges[across + 1]):
                    total += weights[k] * down[places[k]]
            else:
                for k in range(edges[across], edges[across + 1]):
                    x = 3 * places[k]
                    total += weights[k] * (red * down[x] + green * down[x + 1] + blue * down[x + 2])
            samples[sample, across] = total
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
        rows, channels, np.empty(rows.shape[1], np.float32),
        down.edges, down.places, down.weights, across.edges, across.places, across.weights,
    )  # fmt: skip
    return found


# --- from samples to bits ---


@compiled()
def _coefficients(samples: NDArray[np.float32], cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """In the reference's order of additions, each rounded to single precision."""
    half = np.zeros((KEPT, SIDE), np.float32)
    for i in range(KEPT):
        for k in range(SIDE):
            for j in range(SIDE):
                half[i, j] += cosines[i, k] * samples[k, j]
    turned = cosines.T.copy()
    found = np.zeros((KEPT, KEPT), np.float32)
    for i in range(KEPT):
        for k in range(SIDE):
            for j in range(KEPT):
                found[i, j] += half[i, k] * turned[k, j]
    return found


def _coefficients_with_numpy(samples: NDArray[np.float32], cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    half = np.zeros((KEPT, SIDE), np.float32)
    for k in range(SIDE):
        half += cosines[:, k, None] * samples[k]
    found = np.zeros((KEPT, KEPT), np.float32)
    for k in range(SIDE):
        found += half[:, k, None] * cosines[:, k]
    return found


@compiled()
def _quality(samples: NDArray[np.float32]) -> int:
    """The reference's measure of how much there is in a picture: whole steps between neighbours, rounded down."""
    steps = 0
    for i in range(SIDE):
        for j in range(SIDE):
            if i + 1 < SIDE:
                steps += abs(int((samples[i, j] - samples[i + 1, j]) * np.float32(100) / np.float32(255)))
            if j + 1 < SIDE:
                steps += abs(int((samples[i, j] - samples[i, j + 1]) * np.float32(100) / np.float32(255)))
    return min(steps // 90, QUALITY_MAX)


def _quality_with_numpy(samples: NDArray[np.float32]) -> int:
    steps = sum(
        int(np.abs((np.diff(samples, axis=axis) * np.float32(100) / np.float32(255)).astype(np.int64)).sum())
        for axis in (0, 1)
    )
    return min(steps // 90, QUALITY_MAX)


@dataclass(frozen=True, slots=True)
class Spectrum:
    """256 coefficients and the quality: what the bits, and the bits of the turned and mirrored picture, follow from."""

    coefficients: NDArray[np.float32]
    quality: int
    lower: float  # the two coefficients around the median
    upper: float

    @property
    def is_certain(self) -> bool:
        """Whether no rounding, the reference's or ours, can move a coefficient across the median."""
        return self.upper - self.lower > GAP_MIN

    def hash(self) -> Hash:
        return Hash(_code(self.coefficients, self.lower), self.quality)

    def eight(self) -> tuple[bytes, ...]:
        """The codes of the picture as it is, turned by 90, 180 and 270 degrees counter-clockwise, with its rows reversed, its
        columns reversed, and mirrored at either diagonal: only signs and order of the coefficients change.
        """
        return tuple(_code(form, _around_median(form)[0]) for form in forms(self.coefficients))


def forms(a: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
    """The coefficients of a picture in its eight forms, see `Spectrum.eight`."""
    odd = np.where(np.arange(KEPT) % 2, np.float32(1), np.float32(-1))  # plus where the row, or column, is odd
    down, across = odd[:, None], odd[None, :]
    return a, (a * across).T, a * down * across, (a * down).T, a * down, a * across, a.T, (a * down * across).T


def _around_median(coefficients: NDArray[np.float32]) -> tuple[float, float]:
    ordered = np.partition(coefficients.ravel(), (BITS // 2 - 1, BITS // 2))
    return float(ordered[BITS // 2 - 1]), float(ordered[BITS // 2])


def _code(coefficients: NDArray[np.float32], lower: float) -> bytes:
    """A bit for each coefficient above the lower median; the first is the last bit of the last byte."""
    return np.packbits((coefficients.ravel() > lower)[::-1]).tobytes()


def _spectrum(samples: NDArray[np.float32]) -> Spectrum:
    if IS_COMPILED:
        coefficients, quality = _coefficients(samples, COSINES), int(_quality(samples))
    else:
        coefficients, quality = _coefficients_with_numpy(samples, COSINES), _quality_with_numpy(samples)
    return Spectrum(coefficients, quality, *_around_median(coefficients))


# --- as the reference computes ---


@compiled()
def _boxed(across: NDArray[np.float32], window: int) -> NDArray[np.float32]:
    """The mean over a window along the first axis, kept as a running sum, in the reference's order of roundings."""
    length, width = across.shape
    blurred = np.empty_like(across)
    total = np.zeros(width, np.float32)
    right = (window + 2) // 2 - 1
    for place in range(right):
        total += across[place]
    count = right
    for place in range(length):
        coming, going = place + right, place + right - window
        if coming < length:
            total += across[coming]
            count += 1
        if going >= 0:
            total -= across[going]
            count -= 1
        blurred[place] = total / np.float32(count)
    return blurred


def _luma(pixels: Pixels, *, is_nearest: bool) -> NDArray[np.float32]:
    """The C++ family multiplies in single precision, the other rounds once at the end."""
    if pixels.ndim == 2:
        return pixels.astype(np.float32)
    kind = np.dtype(np.float32 if is_nearest else np.float64)
    luma = np.empty(pixels.shape[:2], np.float32)
    for top in range(0, len(luma), ROWS_AT_ONCE):
        red, green, blue = (
            pixels[top : top + ROWS_AT_ONCE, :, channel].astype(kind) * np.asarray(factor, kind)
            for channel, factor in enumerate((LUMA_RED, LUMA_GREEN, LUMA_BLUE))
        )
        luma[top : top + ROWS_AT_ONCE] = red + green + blue
    return luma


def exact(pixels: Pixels, *, is_nearest: bool = False) -> Spectrum:
    """The same with every rounding of the reference, some seventy times slower."""
    height, width = pixels.shape[:2]
    luma = _luma(pixels, is_nearest=is_nearest)
    for _ in range(0 if (height, width) == (SIDE, SIDE) else 2):  # samples already, as the reference too has it
        luma = _boxed(np.ascontiguousarray(luma.T), (width + 2 * SIDE - 1) // (2 * SIDE))
        luma = _boxed(np.ascontiguousarray(luma.T), (height + 2 * SIDE - 1) // (2 * SIDE))
    rows, columns = (((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.int64) for length in (height, width))
    return _spectrum(np.ascontiguousarray(luma[np.ix_(rows, columns)]))


# --- what is asked for ---

NOTHING = Spectrum(np.zeros((KEPT, KEPT), np.float32), 0, 0.0, 0.0)  # of a picture too small to say anything


def full(pixels: Pixels) -> Spectrum:
    """From every pixel: equal to Java, `pdqhash` and `threatexchange`."""
    height, width = pixels.shape[:2]
    if min(height, width) < SIDE_PIXELS_MIN:
        return NOTHING
    found = _spectrum(samples(pixels, bands(height), bands(width)))
    return found if found.is_certain else exact(pixels)


def nearest(pixels: Pixels) -> Spectrum:
    """From 512 × 512 pixels of a picture that is larger on either side: equal to C++ and WebAssembly."""
    height, width = pixels.shape[:2]
    if min(height, width) < SIDE_PIXELS_MIN and max(height, width) <= NEAREST_SIDE_PIXELS:
        return NOTHING
    is_larger = max(height, width) > NEAREST_SIDE_PIXELS
    found = _spectrum(samples(pixels, bands(height, is_nearest=is_larger), bands(width, is_nearest=is_larger)))
    if found.is_certain:
        return found
    if is_larger:
        rows, columns = (np.arange(NEAREST_SIDE_PIXELS) * length // NEAREST_SIDE_PIXELS for length in (height, width))
        pixels = np.ascontiguousarray(pixels[np.ix_(rows, columns)])
    return exact(pixels, is_nearest=True)


def both(pixels: Pixels) -> tuple[Spectrum, Spectrum]:
    """`full` and `nearest`; one pass where they cannot differ."""
    found = full(pixels)
    if max(pixels.shape[:2]) <= NEAREST_SIDE_PIXELS and (found.is_certain or found is NOTHING):
        return found, found
    return found, nearest(pixels)


def scaled(pixels: Pixels, height: int, width: int, scale: int, *, is_nearest: bool = False) -> Spectrum:
    """From a JPEG of `height` × `width` that was decoded at 1/`scale`: within a bit or two of `full`, or of `nearest`."""
    if pixels.shape[:2] != (-(-height // scale), -(-width // scale)):
        raise ValueError(f"{pixels.shape[:2]} is not 1/{scale} of {height} × {width}")
    is_nearest = is_nearest and max(height, width) > NEAREST_SIDE_PIXELS
    if min(height, width) < SIDE_PIXELS_MIN and not is_nearest:
        return NOTHING
    down, across = (bands(length, is_nearest=is_nearest, scale=scale) for length in (height, width))
    return _spectrum(samples(pixels, down, across))


def warm() -> None:
    """Compiles, or loads, every kernel in every form: before a process is confined, or a clock is started."""
    pixels = np.zeros((SIDE + 1, SIDE, 3), np.uint8)
    exact(pixels)
    full(pixels)
    pixels.flags.writeable = False  # as a decoder's own memory is; to numba that is another type
    full(pixels)

"""PDQ as a linear operator: one pass over the pixels, equal to the reference to the bit.

PDQ (facebook/ThreatExchange, `pdq/`) blurs a picture twice with a box, takes 64 × 64 samples, transforms them (DCT) and
asks which of 256 coefficients lie above their median. Everything before the median is linear and separable, so that blur
and sampling are one banded matrix for the height and one for the width: 64 × 64 samples = A · luma · Bᵀ.

Two families of programs disagree with each other, and we compute both: *full* (Java, `pdqhash`, `threatexchange`) uses every pixel;
*512* (C++, WebAssembly) first takes 512 × 512 pixels, nearest neighbour, of whatever is larger. *Scaled* is for bulk: the
picture is a JPEG decoded at 1/2, 1/4 or 1/8, and the operator knows that each pixel is the mean of a block; it is
a bit or two beside the full one.

The reference computes in single precision. Where the median does not lie clearly between two coefficients, its
rounding decides, and so those few pictures are computed again as it does (`pdq_exact`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abhaya.matching.kernels.compiled import IS_COMPILED, compiled
from abhaya.matching.kernels.pdq_bands import NEAREST_SIDE_PIXELS, SIDE, Pixels, bands, samples
from abhaya.matching.kernels.pdq_exact import samples_exactly

KEPT = 16  # coefficients a side, of as many as there are samples
BITS = KEPT * KEPT
SIDE_PIXELS_MIN = 5  # below it the reference answers zero, quality 0
QUALITY_MAX = 100
SCALED_SIDE_PIXELS_MIN = 2 * SIDE
GAP_MIN = 0.006  # between the coefficients around the median: twice the most that rounding was seen to move one there


@dataclass(frozen=True, slots=True)
class Hash:
    """The coefficients as 256 bits, first bit last, as everyone writes them in hexadecimal; and the quality, 0 to 100."""

    code: bytes
    quality: int


def _cosines() -> NDArray[np.float32]:
    """The reference's DCT matrix, rounded as it is there: rows 1 to 16 of 64."""
    at = np.arange(1, KEPT + 1)[:, None] * (np.pi / 2 / SIDE) * (2 * np.arange(SIDE) + 1)[None, :]
    return np.asarray(np.float64(np.float32(np.sqrt(2 / SIDE))) * np.cos(at), np.float32)


COSINES = _cosines()
COSINES.flags.writeable = False


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
    steps = np.int32(0)  # 32 bits, so that the compiler takes several at a time
    for i in range(SIDE):
        for j in range(SIDE):
            if i + 1 < SIDE:
                steps += abs(np.int32((samples[i, j] - samples[i + 1, j]) * np.float32(100) / np.float32(255)))
            if j + 1 < SIDE:
                steps += abs(np.int32((samples[i, j] - samples[i, j + 1]) * np.float32(100) / np.float32(255)))
    return min(int(steps) // 90, QUALITY_MAX)


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

    @property
    def is_certain_in_all_forms(self) -> bool:
        """As `is_certain`, of each of the eight: with other signs other coefficients lie around the median."""
        around = [_around_median(form) for form in forms(self.coefficients)]
        return all(upper - lower > GAP_MIN for lower, upper in around)

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


# --- what is asked for ---


def exact(pixels: Pixels, *, is_nearest: bool = False) -> Spectrum:
    """The same with every rounding of the reference, some fifteen times slower."""
    return _spectrum(samples_exactly(pixels, is_nearest=is_nearest))


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


def eight(pixels: Pixels, found: Spectrum | None = None) -> tuple[bytes, ...]:
    """The codes of `full` in all forms, see `Spectrum.eight`; equal to `pdqhash.compute_dihedral`. `found`: `full`, if known."""
    found = full(pixels) if found is None else found
    if found is not NOTHING and not found.is_certain_in_all_forms:
        found = exact(pixels)
    return found.eight()


def scaled(pixels: Pixels, height: int, width: int, scale: int, *, is_nearest: bool = False) -> Spectrum:
    """From a JPEG of `height` × `width` that was decoded at 1/`scale`: within a bit or two of `full`, or of `nearest`."""
    if pixels.shape[:2] != (-(-height // scale), -(-width // scale)):
        raise ValueError(f"{pixels.shape[:2]} is not 1/{scale} of {height} × {width}")
    is_nearest = is_nearest and max(height, width) > NEAREST_SIDE_PIXELS
    if min(height, width) < SIDE_PIXELS_MIN and not is_nearest:
        return NOTHING
    down, across = (bands(length, is_nearest=is_nearest, scale=scale) for length in (height, width))
    return _spectrum(samples(pixels, down, across))


def scale_for(height: int, width: int, most: int) -> int:
    """How many times smaller a JPEG of this size may be decoded, at most `most`: two pixels are left for each sample."""
    scale = most
    while scale > 1 and min(height, width) // scale < SCALED_SIDE_PIXELS_MIN:
        scale //= 2
    return scale


def warm() -> None:
    """Compiles, or loads, every kernel in every form: before a process is confined, or a clock is started."""
    pixels = np.zeros((SIDE + 1, SIDE, 3), np.uint8)
    exact(pixels)
    full(pixels)
    pixels.flags.writeable = False  # as a decoder's own memory is; to numba that is another type
    full(pixels)

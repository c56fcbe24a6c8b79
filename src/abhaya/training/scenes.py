"""Pictures that are arithmetic, as arrays of pixels: fractals, shapes, gradients, checks. What hashing is tested and measured with.

Every one is `(height, width, 3)` of bytes and the same for the same seed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def fractal(seed: int, height: int, width: int, roughness: float = 0.55) -> Pixels:
    """Noise in octaves, each finer and fainter, as detail is in photographs; the colours differ in the coarse ones."""
    rng = np.random.default_rng(seed)
    octaves = max(4, int(np.log2(max(height, width))) - 1)
    common = sum(roughness**octave * _noise(rng, 3 * 2**octave, height, width) for octave in range(octaves))
    colours = [_noise(rng, 3, height, width) for _ in range(3)]
    return np.stack([np.clip(128 + 60 * (common + 0.5 * own), 0, 255).astype(np.uint8) for own in colours], -1)


def _noise(rng: np.random.Generator, cells: int, height: int, width: int) -> NDArray[np.float32]:
    """Values on a lattice, and straight lines between them."""
    lattice = rng.uniform(-1, 1, (cells + 1, cells + 1)).astype(np.float32)
    rows, columns = (np.linspace(0, cells, length, endpoint=False) for length in (height, width))
    left, above = columns.astype(np.int64), rows.astype(np.int64)
    part = (columns - left).astype(np.float32)
    across = lattice[:, left] * (1 - part) + lattice[:, left + 1] * part
    part = (rows - above).astype(np.float32)[:, None]
    return np.asarray(across[above] * (1 - part) + across[above + 1] * part)


def shapes(seed: int, height: int, width: int, count: int = 24) -> Pixels:
    """Discs and boxes of one colour over a gradient, as in a drawing or a screen."""
    rng = np.random.default_rng(seed)
    picture = gradient(seed, height, width)
    rows, columns = np.mgrid[0:height, 0:width]
    for _ in range(count):
        y, x = rng.uniform(0, height), rng.uniform(0, width)
        tall, wide = rng.uniform(0.04, 0.3, 2) * (height, width)
        if rng.random() < 0.5:
            is_inside = ((rows - y) / tall) ** 2 + ((columns - x) / wide) ** 2 < 1
        else:
            is_inside = (abs(rows - y) < tall) & (abs(columns - x) < wide)
        picture[is_inside] = rng.integers(0, 256, 3)
    return picture


def gradient(seed: int, height: int, width: int) -> Pixels:
    """From one colour to another, across and down."""
    rng = np.random.default_rng(seed)
    first, across, down = rng.integers(0, 256, (3, 3))
    y, x = np.linspace(0, 1, height)[:, None, None], np.linspace(0, 1, width)[None, :, None]
    return np.asarray(first + (across - first) * x / 2 + (down - first) * y / 2).astype(np.uint8)


def checks(seed: int, height: int, width: int) -> Pixels:
    """Squares of two colours."""
    rng = np.random.default_rng(seed)
    many = int(rng.integers(3, 40))
    rows, columns = np.mgrid[0:height, 0:width]
    is_dark = (rows * many // height + columns * many // width) % 2
    colours: Pixels = rng.integers(0, 256, (2, 3)).astype(np.uint8)
    return np.asarray(colours[is_dark])


def flat(seed: int, height: int, width: int) -> Pixels:
    """One colour."""
    return np.full((height, width, 3), np.random.default_rng(seed).integers(0, 256, 3), np.uint8)


SCENES: dict[str, Callable[[int, int, int], Pixels]] = {
    "fractal": fractal, "shapes": shapes, "gradient": gradient, "checks": checks, "flat": flat,
}  # fmt: skip

"""Pictures that are arithmetic and nothing else: gradients, rings and checks, as PNG (ISO/IEC 15948)."""

from __future__ import annotations

import random
import struct
import zlib

import numpy as np

SIDE_PIXELS_DEFAULT = 64


def png(seed: int, side_pixels: int = SIDE_PIXELS_DEFAULT) -> bytes:
    """An RGB picture of `side_pixels` squared, the same for the same seed."""
    rng = random.Random(seed)
    a, b, c, turn = (rng.randrange(1, 9) for _ in range(4))
    base = [rng.randrange(256) for _ in range(3)]
    y, x = np.mgrid[0:side_pixels, 0:side_pixels]
    ring = ((x - side_pixels // 2) ** 2 + (y - side_pixels // 2) ** 2) // (turn * 8)
    pixels = np.stack((base[0] + a * x + ring, base[1] + b * y, base[2] + c * (x ^ y)), axis=-1) & 255
    rows = np.zeros((side_pixels, 1 + 3 * side_pixels), np.uint8)  # each row begins with its filter type: none
    rows[:, 1:] = pixels.reshape(side_pixels, -1)
    header = struct.pack(">IIBBBBB", side_pixels, side_pixels, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows.tobytes(), 6))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

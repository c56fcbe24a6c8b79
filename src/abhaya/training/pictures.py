"""Pictures that are arithmetic and nothing else: gradients, rings and checks, as PNG (ISO/IEC 15948)."""

from __future__ import annotations

import random
import struct
import zlib

SIDE_PIXELS_DEFAULT = 64


def png(seed: int, side_pixels: int = SIDE_PIXELS_DEFAULT) -> bytes:
    """An RGB picture of `side_pixels` squared, the same for the same seed."""
    rng = random.Random(seed)
    a, b, c, turn = (rng.randrange(1, 9) for _ in range(4))
    base = [rng.randrange(256) for _ in range(3)]
    rows = bytearray()
    for y in range(side_pixels):
        rows.append(0)  # filter type none
        for x in range(side_pixels):
            ring = ((x - side_pixels // 2) ** 2 + (y - side_pixels // 2) ** 2) // (turn * 8)
            rows += bytes(((base[0] + a * x + ring) & 255, (base[1] + b * y) & 255, (base[2] + c * (x ^ y)) & 255))
    header = struct.pack(">IIBBBBB", side_pixels, side_pixels, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(bytes(rows), 6))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

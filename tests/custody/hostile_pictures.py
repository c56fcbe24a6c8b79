"""Hostile files, all arithmetic: what asks a decoder for more than it may take, or for what it cannot give."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib

from PIL import Image, PngImagePlugin

from abhaya.training.pictures import png

HONEST = png(7, 300)
# 64 × 48: red is four times the column, green five times the row, blue twice their sum. Made once with libheif's own
# encoder, which is not among what we install.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAA"
    "AAAERAAAEAAQAAAAABoQABAAAAAAAAAGoAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAA"
    "AADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkA"
    "AAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAA"
    "AAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAH"
    "JtZGF0AAAAZigBrxOA9UU+FJ2bjsn2NzRWhOxSrpAa5DtRqh2be/L88OoQZRqiv8k67H1ryN+S2pcexKmcor3HHyt709oEOfBnYRdCRaGKyqWN"
    "caXYYCH/p1WyEbJ6vkLvdZ/wb8eUVjhMytfO7g=="
)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb_png(side: int) -> bytes:
    """A few kilobytes that unpack to side × side pixels of nothing."""
    packer = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def claims(width: int, height: int) -> bytes:
    """A PNG that claims these dimensions and holds almost nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 10))
        + _chunk(b"IEND", b"")
    )


def text_bomb() -> bytes:
    """A PNG whose comment unpacks to a hundred megabytes."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "a" * 100_000_000, zip=True)
    out = io.BytesIO()
    Image.frombytes("L", (8, 8), bytes(64)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def many_frames(frames: int) -> bytes:
    """A GIF of so many pictures of one pixel each."""
    head = b"GIF89a" + struct.pack("<HHBBB", 4000, 4000, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"\x21\xf9\x04\x04\x01\0\0\0" + b"\x2c\0\0\0\0\x01\0\x01\0\0" + b"\x02\x02\x44\x01\0"
    return head + frame * frames + b";"


def tiff_of(width: int, height: int, strips: int) -> bytes:
    """A TIFF that claims dimensions, and points everywhere for its data."""
    entries = [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1), (273, 4, strips, 8),
        (277, 3, 1, 1), (278, 4, 1, 1), (279, 4, strips, 8),
    ]  # fmt: skip
    body = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries) + bytes(4)
    return b"II*\0" + struct.pack("<I", 8) + body


def tiff_that_points_at_itself() -> bytes:
    """A TIFF whose next directory is its first, for ever."""
    entries = struct.pack("<H", 1) + struct.pack("<HHII", 256, 4, 1, 10) + struct.pack("<I", 8)
    return b"II*\0" + struct.pack("<I", 8) + entries


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("zeros", bytes(50_000_000))
    return out.getvalue()


def jpeg(side: int) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(png(3, side))).save(out, "JPEG", exif=_told())
    return out.getvalue()


def _told() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    exif[0x0112] = 6  # turned by a quarter
    return exif


def polyglot() -> bytes:
    """A picture, and behind it a web page and an archive."""
    return HONEST + b"<html><script>alert(1)</script></html>" + zip_bomb()


HOSTILE: dict[str, tuple[bytes, set[str]]] = {
    "a bomb of 900 million pixels": (bomb_png(30_000), {"too-many-pixels"}),
    "dimensions of four thousand million": (claims(2**31 - 1, 2**31 - 1), {"too-many-pixels", "damaged", "no-picture"}),
    "a strip a million wide": (claims(1_000_000, 10), {"too-many-pixels"}),
    "large dimensions and no pixels": (claims(7_000, 7_000), {"damaged"}),
    "a comment of a hundred megabytes": (text_bomb(), {"damaged", "no-picture"}),
    "a TIFF of claims": (tiff_of(60_000, 60_000, 4_000_000), {"damaged", "no-picture", "too-many-pixels"}),
    "a TIFF that goes round": (tiff_that_points_at_itself(), {"damaged", "no-picture"}),
    "cut short": (HONEST[: len(HONEST) // 2], {"damaged"}),
    "only its first bytes": (HONEST[:12], {"damaged", "no-picture"}),
    "an archive called a picture": (zip_bomb(), {"no-picture"}),
    "a program called a picture": (b"\x7fELF" + bytes(5_000), {"no-picture"}),
    "PostScript, which would start a program": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) print", {"no-picture"}),
    "an SVG, which is a program": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {"no-picture"}),
    "noise behind a JPEG's first bytes": (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4_000, {"damaged", "no-picture"}),
    "an HEIC cut short": (HEIC[:-200], {"damaged"}),
    "only the first bytes of an HEIC": (HEIC[:40], {"damaged"}),
    "nothing": (b"", {"no-picture"}),
}  # fmt: skip

"""A stranger's picture, decoded in a confined process and drawn anew: smaller, without its metadata, as asked for.

Answers one line of JSON, `{"width": …, "height": …, "format": …, "more": …}` and after it the new picture as WebP, or
`{"refused": code}`. Blur is loss, not decoration: the picture is first reduced to a few cells, so that what is sent holds
no more than they do.
"""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterator
from importlib import import_module
from typing import Any, BinaryIO

from PIL import AvifImagePlugin, Image, ImageFile, ImageFilter, ImageOps, UnidentifiedImageError

FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "TIFF", "WEBP")
PIXELS_MAX = 60_000_000
SIDE_PIXELS_MAX = 30_000
QUALITY_PERCENT = 80

warnings.simplefilter("ignore")
# What the library would else import when it is too late: a confined process opens no file any more.
Image.preinit()
Image.init()
for _late in ("copy", "mmap", "random", "tempfile", "PIL.ImageCms", "PIL.ImageColor", "PIL.ImagePalette"):
    import_module(_late)
Image.MAX_IMAGE_PIXELS = PIXELS_MAX  # beyond twice this the library itself refuses
AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # a confined process starts no thread
ImageFile.LOAD_TRUNCATED_IMAGES = False


def answer(source: BinaryIO, order: dict[str, Any]) -> Iterator[bytes]:
    """`order`: `side_pixels` of the longer side, `cells` of it after blurring (0: sharp), `is_grey`."""
    try:
        yield from _drawn(io.BytesIO(source.read()), order)
    except Image.DecompressionBombError:
        yield _refused("too-many-pixels")
    except UnidentifiedImageError:
        yield _refused("no-picture")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 — a stranger's file: whatever the library meets in it is the file's fault
        yield _refused("damaged")


def _drawn(source: BinaryIO, order: dict[str, Any]) -> Iterator[bytes]:
    with Image.open(source, formats=FORMATS) as opened:
        width, height = opened.size
        kind = opened.format or ""
        if width * height > PIXELS_MAX or max(width, height) > SIDE_PIXELS_MAX:
            yield _refused("too-many-pixels")
            return
        side = order["side_pixels"]
        opened.draft("RGB", (side, side))  # a JPEG is decoded no larger than needed
        opened.load()
        drawn = _flat(ImageOps.exif_transpose(opened))
        more = _has_more(opened)
    drawn.thumbnail((side, side), Image.Resampling.LANCZOS)
    shown = drawn.size
    if order["cells"]:
        drawn.thumbnail((order["cells"], order["cells"]), Image.Resampling.BOX)
        drawn = drawn.resize(shown, Image.Resampling.BICUBIC)
        drawn = drawn.filter(ImageFilter.GaussianBlur(side / order["cells"] / 2))
    if order["is_grey"]:
        drawn = drawn.convert("L").convert("RGB")
    drawn = Image.frombytes("RGB", drawn.size, drawn.tobytes())  # pixels and nothing else
    out = io.BytesIO()
    drawn.save(out, "WEBP", quality=QUALITY_PERCENT, method=2)
    yield json.dumps({"width": width, "height": height, "format": kind, "more": more}).encode() + b"\n"
    yield out.getvalue()


def _flat(opened: Image.Image) -> Image.Image:
    """In three colours; what is transparent is shown on grey."""
    if opened.mode in {"RGBA", "LA", "PA"} or "transparency" in opened.info:
        coloured = opened.convert("RGBA")
        ground = Image.new("RGBA", coloured.size, (128, 128, 128, 255))
        flat = Image.alpha_composite(ground, coloured).convert("RGB")
    elif opened.mode.startswith("I;16") or opened.mode in {"I", "F"}:
        flat = ImageOps.autocontrast(opened.convert("F").convert("L")).convert("RGB")
    else:
        flat = opened.convert("RGB")
    return flat


def _has_more(opened: Image.Image) -> bool:
    """Whether a second picture follows the first. Only the next is looked for: a file may claim a million."""
    try:
        opened.seek(1)
    except (EOFError, ValueError, OSError, SyntaxError):
        return False
    return True


def _refused(code: str) -> bytes:
    return json.dumps({"refused": code}).encode() + b"\n"

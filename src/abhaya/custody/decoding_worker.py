"""A stranger's picture, decoded in a confined process: drawn anew to be looked at, or as bare pixels to compute with.

Answers one line of JSON, `{"width": …, "height": …, "format": …, "more": …}`, and after it the new picture as WebP or the
pixels row by row; or `{"refused": code}`. Every kind of picture has its one answer here, whoever asks.

To look at: turned as it says, what is transparent on grey, deep greys stretched to what a screen can show. Blur is loss, not
decoration: the picture is first reduced to a few cells, so that what is sent holds no more than they do.
To compute with: as other programs that hash pictures read it. Transparency is dropped and 16 bits lose their lower eight.
"""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, BinaryIO

import PIL
from PIL import AvifImagePlugin, Image, ImageFile, ImageFilter, ImageOps, UnidentifiedImageError, features

try:
    import pi_heif
except ImportError:  # no wheel of it for this machine: HEIC has an answer of its own then
    pi_heif = None

FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "TIFF", "WEBP", *(("HEIF",) if pi_heif else ()))
PIXELS_MAX = 60_000_000
SIDE_PIXELS_MAX = 30_000
QUALITY_PERCENT = 80
BAND_ROWS = 256  # of pixels, answered at once
ORIENTATION = 0x0112  # EXIF
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}  # ISO/IEC 23008-12

warnings.simplefilter("ignore")
# What the library would else import when it is too late: a confined process opens no file any more.
Image.preinit()
Image.init()
for _late in ("copy", "mmap", "random", "tempfile", "PIL.ImageCms", "PIL.ImageColor", "PIL.ImagePalette"):
    import_module(_late)
Image.MAX_IMAGE_PIXELS = PIXELS_MAX  # beyond twice this the library itself refuses
AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # a confined process starts no thread
ImageFile.LOAD_TRUNCATED_IMAGES = False
if pi_heif is not None:
    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
VERSIONS = {
    "JPEG": f"libjpeg {features.version('jpg')}", "MPO": f"libjpeg {features.version('jpg')}",
    "PNG": f"zlib {features.version('zlib')}", "WEBP": f"libwebp {features.version('webp')}",
    "AVIF": f"libavif {features.version('avif')}", "JPEG2000": f"openjpeg {features.version('jpg_2000')}",
    "TIFF": f"libtiff {features.version('libtiff')}",
    "HEIF": f"libheif {pi_heif.libheif_version()}" if pi_heif else "",
}  # fmt: skip


def answer(source: BinaryIO, order: dict[str, Any]) -> Iterator[bytes]:
    """`order`: for a picture to look at, `side_pixels` of the longer side, `cells` of it after blurring (0: sharp), `is_grey`;
    for pixels, `mode` (RGB or L), `side_pixels_min` (0: whole) and `is_turned`.
    """
    held = source.read()
    yield from defined(held, lambda: _pixels(held, order) if "mode" in order else _drawn(io.BytesIO(held), order))


def defined(held: bytes, work: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    """What `work` answers of these bytes, or the one word that says what is wrong with them."""
    try:
        yield from work()
    except (Image.DecompressionBombError, _TooManyPixelsError):
        yield _refused("too-many-pixels")
    except UnidentifiedImageError:
        is_heic = held[4:8] == b"ftyp" and held[8:12] in HEIC_BRANDS
        yield _refused("no-heic" if is_heic and pi_heif is None else "damaged" if is_heic else "no-picture")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 — a stranger's file: whatever the library meets in it is the file's fault
        yield _refused("damaged")


class _TooManyPixelsError(Exception):
    pass


def headed(source: BinaryIO) -> Image.Image:
    """The picture as its header tells it; nothing is decoded yet."""
    opened = Image.open(source, formats=FORMATS)
    if opened.width * opened.height > PIXELS_MAX or max(opened.size) > SIDE_PIXELS_MAX:
        raise _TooManyPixelsError
    return opened


def _pixels(held: bytes, order: dict[str, Any]) -> Iterator[bytes]:
    asked = {name: order[name] for name in ("mode", "side_pixels_min", "is_turned")}
    bare, told = decoded(headed(io.BytesIO(held)), **asked)
    yield json.dumps(told).encode() + b"\n"
    for top in range(0, bare.height, BAND_ROWS):
        yield bare.crop((0, top, bare.width, min(top + BAND_ROWS, bare.height))).tobytes()


def decoded(
    opened: Image.Image, *, mode: str, side_pixels_min: int = 0, is_turned: bool = True
) -> tuple[Image.Image, dict[str, Any]]:
    """Bare pixels of the first picture of a file, and how they came to be. For workers that compute with it."""
    told: dict[str, Any] = {"format": opened.format, "original": opened.size, "mode": opened.mode}
    if side_pixels_min:
        opened.draft(None, (side_pixels_min,) * 2)  # a JPEG, by whole parts of its own transform
    opened.load()
    told["scale"] = max(1, round(told["original"][0] / opened.width))
    told["orientation"] = opened.getexif().get(ORIENTATION, 1)
    more = _has_more(opened) if getattr(opened, "is_animated", False) else False
    if more:
        opened.seek(0)
        opened.load()
    bare = ImageOps.exif_transpose(opened) if is_turned and told["orientation"] != 1 else opened
    bare, how = _bare(bare, mode)
    told |= {"width": bare.width, "height": bare.height, "more": more, "how": how, "decoder": _decoder(opened.format)}
    return bare, told


def _decoder(kind: str | None) -> str:
    library = VERSIONS.get(kind or "", "")
    return f"Pillow {PIL.__version__}" + (f", {library}" if library else "")


def _bare(opened: Image.Image, mode: str) -> tuple[Image.Image, str]:
    """In the colours asked for, and what that took."""
    if opened.mode.startswith("I;16"):
        flat, how = opened.convert("I").point(lambda value: value / 256).convert("L"), "16 bits, the upper 8"
    elif opened.mode in {"I", "F"}:
        flat, how = ImageOps.autocontrast(opened.convert("F").convert("L")), "stretched"
    elif opened.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in opened.info:
        flat, how = opened.convert("RGBA").convert("RGB"), "transparency dropped"
    else:
        flat, how = opened, "" if opened.mode in {"RGB", "L"} else f"from {opened.mode}"
    # Grey is made out of RGB, never taken from a JPEG's own brightness: the two differ by rounding.
    if flat.mode not in {"RGB", "L"}:
        flat = flat.convert("RGB")
    return (flat if flat.mode == mode else flat.convert(mode)), how


def _drawn(source: BinaryIO, order: dict[str, Any]) -> Iterator[bytes]:
    with headed(source) as opened:
        width, height = opened.size
        kind = opened.format or ""
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

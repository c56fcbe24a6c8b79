"""A stranger's picture, decoded and hashed in a confined process: what leaves it is one line of JSON.

JPEG is decoded by libjpeg-turbo itself where `simplejpeg` is installed, the rest by Pillow, whose pixels are the same: so says
a test. `{"refused": code}` is the answer where there is no hash.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # started alone, it finds its neighbours by itself

import numpy as np

from abhaya.custody import decoding_worker as decoding
from abhaya.matching.kernels import pdq
from abhaya.matching.kernels.pdq_bands import Pixels

try:
    import simplejpeg
except ImportError:  # no wheel of it for this machine: Pillow has the same pixels, later
    simplejpeg = None

pdq.warm()  # nothing can be compiled or loaded once the process is confined


def answer(source: BinaryIO, order: dict[str, Any]) -> Iterator[bytes]:
    """`order`: `scale`, how many times smaller a JPEG may be decoded: 1, 2, 4 or 8."""
    held = source.read()
    yield from decoding.defined(held, lambda: _hashed(held, order["scale"]))


def _hashed(held: bytes, scale: int) -> Iterator[bytes]:
    opened = decoding.headed(io.BytesIO(held))
    width, height = opened.size
    orientation = opened.getexif().get(decoding.ORIENTATION, 1)
    how = [f"{opened.format} {opened.mode}"]
    if orientation != 1:
        how.append(f"not turned from {orientation}")
    found = _by_turbo(held, (height, width), scale) if opened.format in {"JPEG", "MPO"} else None
    if found is None:
        scale = 1
        bare, told = decoding.decoded(opened, mode="L" if opened.mode == "L" else "RGB", is_turned=False)
        pixels, decoder, more = np.asarray(bare), told["decoder"], told["more"]
        how += [told["how"]] if told["how"] else []
    else:
        (pixels, scale), more = found, bool(getattr(opened, "is_animated", False))
        decoder = f"simplejpeg {simplejpeg.__version__}"
    if scale == 1:
        full, nearest = pdq.both(pixels)
        forms = pdq.eight(pixels, full)
    else:
        full, nearest = (
            pdq.scaled(pixels, height, width, scale, is_nearest=is_nearest) for is_nearest in (False, True)
        )
        forms = full.eight()
    yield json.dumps(
        {
            "pdq": full.hash().code.hex(), "pdq_512": nearest.hash().code.hex(), "quality": full.quality, "width": width,
            "height": height, "decoder": decoder, "mode": "full" if scale == 1 else f"scaled-{scale}",
            "how": ", ".join(how), "orientation": orientation, "more": more,
            "forms": b"".join((*forms, *(forms if nearest is full else nearest.eight()))).hex(),
        }
    ).encode()  # fmt: skip


def _by_turbo(held: bytes, shape: tuple[int, int], scale: int) -> tuple[Pixels, int] | None:
    """Pixels and scale; None where libjpeg-turbo is not here, or leaves it to the other decoder."""
    if simplejpeg is None:
        return None
    scale = pdq.scale_for(*shape, scale)
    small = [-(-side // scale) for side in shape]
    try:
        *told, colours, _ = simplejpeg.decode_jpeg_header(held)
        if tuple(told) != shape or colours not in {"YCbCr", "Gray"}:
            return None
        wanted = "GRAY" if colours == "Gray" or scale > 1 else "RGB"  # scaled: brightness alone, a bit or two beside
        pixels = simplejpeg.decode_jpeg(held, wanted, min_height=small[0], min_width=small[1])
    except ValueError:  # anything unusual: Pillow has the last word
        return None
    if pixels.shape[:2] != tuple(small):
        return None
    return (pixels[:, :, 0] if wanted == "GRAY" else pixels), scale

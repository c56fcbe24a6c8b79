"""Pictures as bare pixels: every kind has one answer, told with how it was decoded."""

from __future__ import annotations

import io
import resource
import time

import numpy as np
import pytest
from PIL import Image
from tests.custody.hostile_pictures import HEIC, HONEST, HOSTILE, jpeg, many_frames

from abhaya.custody import pixels as pixels_module
from abhaya.custody.decoding import draw
from abhaya.custody.pixels import Pixels, pixels
from abhaya.custody.viewing import Drawing
from abhaya.custody.why_not import WhyNot

ROWS, COLUMNS = np.mgrid[0:48, 0:64]
COLOURS = np.stack([COLUMNS * 4, ROWS * 5, (ROWS + COLUMNS) * 2], -1).astype(np.uint8)
GREY = np.asarray(Image.fromarray(COLOURS).convert("L"))


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def array(found: Pixels) -> np.ndarray:
    assert found.why_not is None
    shape = (found.height, found.width) if found.is_grey else (found.height, found.width, 3)
    return np.frombuffer(found.pixels, np.uint8).reshape(shape).astype(int)


@pytest.mark.parametrize(
    ("form", "options"),
    [("PNG", {}), ("BMP", {}), ("TIFF", {"compression": "tiff_lzw"}), ("WEBP", {"lossless": True}), ("JPEG2000", {"irreversible": False})],
)  # fmt: skip
def test_what_loses_nothing_comes_back_to_the_bit(form, options):
    content = saved(Image.fromarray(COLOURS), form, **options)
    assert (array(pixels(content)) == COLOURS).all()
    assert (array(pixels(content, is_grey=True)) == GREY).all()


@pytest.mark.parametrize(("form", "off"), [("JPEG", 6), ("AVIF", 6), ("HEIC", 12)])
def test_what_loses_a_little_comes_back_nearly(form, off):
    content = HEIC if form == "HEIC" else saved(Image.fromarray(COLOURS), form, quality=90)
    found = pixels(content)
    assert np.abs(array(found) - COLOURS).mean() < off
    assert found.decoder.startswith("Pillow ")
    assert {"JPEG": "libjpeg", "AVIF": "libavif", "HEIC": "libheif"}[form] in found.decoder


def test_a_picture_of_a_telephone_is_shown_like_any_other():
    drawn = draw([HEIC], "image/heic", Drawing(side_pixels=320, cells=0, is_grey=False))
    assert (drawn.why_not, drawn.width, drawn.height) == (None, 64, 48)


def test_where_no_decoder_for_it_is_installed_it_says_so(monkeypatch, tmp_path):
    without = tmp_path / "worker.py"
    text = pixels_module.WORKER.read_text()
    assert "import pi_heif\n" in text
    without.write_text(text.replace("import pi_heif\n", "raise ImportError\n"))
    monkeypatch.setattr(pixels_module, "WORKER", without)
    assert pixels(HEIC).why_not is WhyNot.NO_HEIC
    assert pixels(HONEST).why_not is None


def test_four_inks_and_palettes_become_three_colours():
    inks = pixels(saved(Image.fromarray(COLOURS).convert("CMYK"), "TIFF"))
    assert np.abs(array(inks) - COLOURS).mean() < 2
    assert inks.how == "TIFF CMYK, 1/1, from CMYK"
    palette = pixels(saved(Image.fromarray(COLOURS).quantize(64), "PNG"))
    assert np.abs(array(palette) - COLOURS).mean() < 30
    assert palette.how == "PNG P, 1/1, from P"


def test_sixteen_bits_keep_their_upper_eight_whatever_else_the_picture_holds():
    deep = (GREY.astype(np.uint16) << 8) + 77
    found = pixels(saved(Image.fromarray(deep), "PNG"), is_grey=True)
    assert (array(found) == GREY).all()
    assert found.how.endswith("16 bits, the upper 8")


def test_transparency_is_dropped_as_other_programs_drop_it():
    veiled = Image.fromarray(np.dstack([COLOURS, np.zeros((48, 64), np.uint8)]), "RGBA")
    found = pixels(saved(veiled, "PNG"))
    assert (array(found) == COLOURS).all()
    assert found.how.endswith("transparency dropped")


def test_it_is_turned_as_it_says_or_left_as_it_lies():
    exif = Image.Exif()
    exif[0x0112] = 6
    content = saved(Image.fromarray(COLOURS), "PNG", exif=exif)
    turned, lying = pixels(content), pixels(content, is_turned=False)
    assert (turned.width, turned.height) == (48, 64)
    assert (array(turned) == np.rot90(COLOURS, -1)).all()
    assert (array(lying) == COLOURS).all()
    assert (turned.how, lying.how) == ("PNG RGB, 1/1, turned from 6", "PNG RGB, 1/1, not turned from 6")


def test_of_many_pictures_the_first_is_given():
    content = saved(
        Image.fromarray(COLOURS), "WEBP", lossless=True, save_all=True, append_images=[Image.new("RGB", (64, 48))]
    )
    found = pixels(content)
    assert found.more
    assert (array(found) == COLOURS).all()
    assert pixels(many_frames(100_000)).more


def test_a_jpeg_is_decoded_smaller_where_that_is_enough_and_the_scale_is_told():
    found = pixels(jpeg(900), side_pixels_min=200)
    assert (found.scale, min(found.width, found.height)) == (4, 225)
    assert ", 1/4" in found.how
    whole = pixels(jpeg(900))
    assert (whole.scale, whole.width) == (1, 900)
    assert pixels(HONEST, side_pixels_min=20).scale == 1  # only a JPEG can


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_has_the_same_answer_as_when_it_is_looked_at(name):
    content, expected = HOSTILE[name]
    before, busy = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    found = pixels(content)
    assert found.why_not in expected
    assert found.pixels == b""
    assert time.process_time() - busy < 0.5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 24 * 1024  # KiB


def test_a_decoder_that_does_not_keep_its_word_is_not_believed(monkeypatch, tmp_path):
    worker = tmp_path / "worker.py"
    told = b'{"width": 9, "height": 9, "decoder": "", "format": "", "mode": "", "scale": 1, "orientation": 1, "how": "", "more": false}\n'
    for said in (told + b"short", b"", b"no line" * 1000):
        worker.write_text(f"def answer(source, order):\n    yield {said!r}\n")
        monkeypatch.setattr(pixels_module, "WORKER", worker)
        assert pixels(HONEST).why_not is WhyNot.CRASHED

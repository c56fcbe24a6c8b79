"""Pictures decoded apart: drawn anew, as small and as blurred as asked; a hostile one harms nobody and gets an answer."""

from __future__ import annotations

import io
import resource
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageStat
from tests.custody.films import film
from tests.custody.hostile_pictures import HONEST, HOSTILE, jpeg, many_frames, polyglot

from abhaya.custody import decoding
from abhaya.custody.decoding import WhyNot, draw
from abhaya.custody.viewing import Drawing, Kind, kind_of
from abhaya.shared import confined

SHARP = Drawing(side_pixels=320, cells=0, is_grey=False)
BLURRED = Drawing(side_pixels=320, cells=16, is_grey=True)


def picture(drawn) -> Image.Image:
    assert drawn.why_not is None
    return Image.open(io.BytesIO(drawn.webp))


def test_a_picture_is_drawn_anew_and_small():
    drawn = draw([HONEST], "image/png", SHARP)
    assert (drawn.width, drawn.height) == (300, 300)
    assert picture(drawn).format == "WEBP"
    assert max(picture(draw([jpeg(900)], "image/jpeg", SHARP)).size) == 320


def test_nothing_of_its_metadata_is_left():
    drawn = picture(draw([jpeg(400)], "image/jpeg", SHARP))
    assert "exif" not in drawn.info
    assert not drawn.getexif()
    assert b"where it was taken" not in draw([jpeg(400)], "image/jpeg", SHARP).webp


def test_grey_is_grey_and_blurred_holds_no_more_than_its_cells():
    sharp, blurred = (picture(draw([jpeg(640)], "image/jpeg", drawing)) for drawing in (SHARP, BLURRED))
    red, green, blue = blurred.convert("RGB").split()
    assert max(abs(a - b) for a, b in zip(red.tobytes(), green.tobytes(), strict=True)) <= 4  # WebP rounds colours
    assert max(abs(a - b) for a, b in zip(red.tobytes(), blue.tobytes(), strict=True)) <= 4
    assert blurred.size == sharp.size

    def edges(image: Image.Image) -> int:
        pixels, width = image.convert("L").tobytes(), image.width
        return sum(abs(pixels[at] - pixels[at - 1]) for at in range(1, len(pixels)) if at % width)

    assert edges(blurred) * 8 < edges(sharp)


def test_the_first_of_many_pictures_is_shown_and_the_rest_is_not_opened():
    drawn = draw([many_frames(1_000_000)], "image/gif", SHARP)
    assert drawn.why_not is None
    assert drawn.more


def saved(form: str, mode: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(HONEST)).convert(mode).save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "mode", "options"),
    [
        ("PNG", "P", {"transparency": 3}), ("PNG", "RGBA", {}), ("PNG", "I;16", {}), ("PNG", "1", {}), ("PNG", "LA", {}),
        ("JPEG", "CMYK", {}), ("JPEG", "L", {"progressive": True}), ("GIF", "P", {}), ("BMP", "RGB", {}),
        ("TIFF", "RGB", {"compression": "tiff_lzw"}), ("TIFF", "CMYK", {}), ("TIFF", "F", {}), ("WEBP", "RGBA", {}),
        ("AVIF", "RGB", {}), ("JPEG2000", "RGB", {}),
        *[(form, "RGB", {"save_all": True, "append_images": [Image.new("RGB", (300, 300))]})
          for form in ("GIF", "TIFF", "WEBP", "PNG", "MPO")],
    ],
)  # fmt: skip
def test_every_usual_kind_of_picture_is_shown(form, mode, options):
    drawn = draw([saved(form, mode, **options)], "image/any", SHARP)
    assert picture(drawn).size == (300, 300)
    assert drawn.more == ("save_all" in options)


def test_a_picture_with_a_page_behind_it_leaves_as_a_picture_alone():
    drawn = draw([polyglot()], "image/png", SHARP)
    assert b"<script>" not in drawn.webp
    assert picture(drawn).size == (300, 300)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_plain_answer_and_the_server_does_not_feel_it(name):
    content, expected = HOSTILE[name]
    draw([HONEST], "image/png", SHARP)
    memory_before, busy_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    since = time.monotonic()
    drawn = draw([content], "image/png", SHARP)
    assert drawn.why_not in expected
    assert drawn.webp == b""
    assert time.monotonic() - since < decoding.PICTURE_LIMITS.wall_seconds
    assert time.process_time() - busy_before < 0.5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory_before < 24 * 1024  # KiB


@settings(max_examples=15, deadline=None)
@given(st.integers(0, len(HONEST) - 1), st.binary(min_size=1, max_size=40))
def test_a_damaged_picture_is_shown_or_refused_never_worse(at, noise):
    drawn = draw([HONEST[:at] + noise + HONEST[at + len(noise) :]], "image/png", SHARP)
    assert drawn.webp or drawn.why_not in {WhyNot.DAMAGED, WhyNot.NO_PICTURE, WhyNot.TOO_MANY_PIXELS}


@pytest.mark.parametrize(
    ("ended", "why_not"),
    [
        (confined.Ended.CRASHED, WhyNot.CRASHED),
        (confined.Ended.MEMORY, WhyNot.TOO_COSTLY),
        (confined.Ended.TIME, WhyNot.TOO_COSTLY),
    ],
)
def test_a_decoder_that_is_ended_is_told_as_such(ended, why_not, monkeypatch, tmp_path):
    worker = tmp_path / "worker.py"
    body = {
        confined.Ended.CRASHED: "import ctypes\n    ctypes.string_at(0)",
        confined.Ended.MEMORY: "bytearray(1 << 40)",
        confined.Ended.TIME: "while True: pass",
    }[ended]
    worker.write_text(
        "import ctypes\ndef answer(source, order):\n    "
        + body.replace("import ctypes\n    ", "")
        + "\n    yield b''\n"
    )
    monkeypatch.setattr(decoding, "WORKER", worker)
    monkeypatch.setattr(decoding, "PICTURE_LIMITS", confined.Limits(cpu_seconds=1, wall_seconds=3))
    assert draw([HONEST], "image/png", SHARP).why_not is why_not


def test_a_file_too_large_is_not_even_begun():
    endless = (bytes(1 << 20) for _ in range(10**9))
    assert draw(endless, "image/png", SHARP).why_not is WhyNot.TOO_LARGE


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("image/png", Kind.PICTURE), ("video/mp4", Kind.FILM), ("audio/mpeg", Kind.SOUND), ("image/svg+xml", Kind.OTHER),
        ("application/zip", Kind.OTHER), ("", Kind.OTHER),
    ],
)  # fmt: skip
def test_what_a_file_is_follows_from_its_bytes(media_type, kind):
    assert kind_of(media_type) is kind


def test_sound_is_never_played():
    assert draw([b"ID3\x03"], "audio/mpeg", SHARP).why_not is WhyNot.NEVER


def test_a_film_is_a_sheet_of_stills_as_grey_and_blurred_as_asked():
    sharp, blurred = (picture(draw([film()], "video/mp4", drawing)) for drawing in (SHARP, BLURRED))
    assert sharp.size == blurred.size == (320, 320)
    assert ImageStat.Stat(sharp.convert("L")).stddev[0] > 20


def test_a_film_that_is_none_says_so():
    assert draw([b"\0\0\0\x18ftypmp42" + bytes(5000)], "video/mp4", SHARP).why_not is WhyNot.DAMAGED


def test_without_the_program_a_film_stays_closed_and_says_why(settings):
    settings.FFMPEG = ""
    assert draw([film()], "video/mp4", SHARP).why_not is WhyNot.NO_FFMPEG

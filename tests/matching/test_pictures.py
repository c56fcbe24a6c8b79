"""Every kind of picture has one defined fingerprint, made where nothing but computing is possible."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import numpy as np
import pdqhash
import pytest
from PIL import Image
from tests.custody.hostile_pictures import HEIC, HOSTILE

from abhaya.custody.why_not import WhyNot
from abhaya.matching import pictures as pictures_module
from abhaya.matching import pictures_worker as worker
from abhaya.matching.pictures import BULK, PictureHashes, Pictures
from abhaya.training.scenes import fractal, shapes

SCENE = shapes(41, 420, 560)
BITS_SCALED_MAX = 4
BITS_SCALED_512_MAX = 12  # what one takes of blocks is not the pixels that the C++ family takes


@pytest.fixture(scope="module")
def pictures() -> Iterator[Pictures]:
    with Pictures() as made:
        yield made


def saved(pixels: np.ndarray | Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    (pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)).save(out, form, **options)
    return out.getvalue()


def hashed(pictures: Pictures, content: bytes, **options: int) -> PictureHashes:
    found = pictures.hashes(content, **options)
    assert isinstance(found, PictureHashes), found
    return found


def as_others_do(content: bytes) -> tuple[bytes, int]:
    """As `threatexchange` does: Pillow, three colours, `pdqhash`."""
    bits, quality = pdqhash.compute(np.asarray(Image.open(io.BytesIO(content)).convert("RGB")))
    return np.packbits(bits).tobytes(), quality


def distance(a: bytes, b: bytes) -> int:
    return (int.from_bytes(a, "big") ^ int.from_bytes(b, "big")).bit_count()


IMAGE = Image.fromarray(SCENE)
KINDS = {
    "PNG": saved(SCENE, "PNG"),
    "PNG with a palette": saved(IMAGE.quantize(32), "PNG"),
    "PNG with transparency": saved(Image.fromarray(np.dstack([SCENE, SCENE[:, :, 0]]), "RGBA"), "PNG"),
    "PNG in grey": saved(IMAGE.convert("L"), "PNG"),
    "BMP": saved(SCENE, "BMP"),
    "GIF": saved(SCENE, "GIF"),
    "TIFF": saved(SCENE, "TIFF", compression="tiff_lzw"),
    "TIFF in four inks": saved(IMAGE.convert("CMYK"), "TIFF"),
    "WebP": saved(SCENE, "WEBP", quality=80),
    "JPEG 2000": saved(SCENE, "JPEG2000"),
    "AVIF": saved(SCENE, "AVIF"),
    "JPEG 4:4:4": saved(SCENE, "JPEG", quality=92, subsampling=0),
    "JPEG 4:2:2": saved(SCENE, "JPEG", quality=85, subsampling=1),
    "JPEG 4:2:0": saved(SCENE, "JPEG", quality=40, subsampling=2),
    "JPEG, progressive": saved(SCENE, "JPEG", progressive=True),
    "JPEG in grey": saved(IMAGE.convert("L"), "JPEG"),
    "JPEG in four inks": saved(IMAGE.convert("CMYK"), "JPEG"),
    "JPEG with a letter behind it": saved(SCENE, "JPEG") + b"a letter",
    "JPEG of a camera's several": saved(IMAGE, "MPO", save_all=True, append_images=[Image.new("RGB", IMAGE.size)]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_usual_kind_has_the_hash_that_others_give_it(pictures, kind):
    found = hashed(pictures, KINDS[kind])
    assert (found.pdq, found.quality) == as_others_do(KINDS[kind])
    assert (found.width, found.height, found.mode) == (560, 420, "full")
    by = "simplejpeg" if "JPEG" in kind and "inks" not in kind and "2000" not in kind else "Pillow"
    assert found.decoder.startswith(by)
    assert found.more == ("several" in kind)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "JPEG " in kind])
def test_both_decoders_of_jpeg_lead_to_one_hash(kind, monkeypatch):
    def told() -> dict[str, object]:
        (line,) = worker.answer(io.BytesIO(KINDS[kind]), {"scale": 1})
        return json.loads(line)

    fast = told()
    monkeypatch.setattr(worker, "simplejpeg", None)
    slow = told()
    assert str(slow["decoder"]).startswith("Pillow")
    assert fast | {"decoder": ""} == slow | {"decoder": ""}


def test_a_picture_of_a_telephone_is_hashed_or_said_to_need_a_decoder(pictures):
    found = pictures.hashes(HEIC)
    assert found is WhyNot.NO_HEIC or (isinstance(found, PictureHashes) and found.how.startswith("HEIF"))


def test_sixteen_bits_have_the_hash_of_their_upper_eight(pictures):
    grey = fractal(6, 300, 240)[:, :, 1]
    deep, shallow = (
        hashed(pictures, saved((grey.astype(np.uint16) << 8) + 91, "PNG")),
        hashed(pictures, saved(grey, "PNG")),
    )
    assert (deep.pdq, deep.quality) == (shallow.pdq, shallow.quality)
    assert "16 bits, the upper 8" in deep.how


def test_it_is_hashed_as_it_lies_and_says_how_it_would_be_turned(pictures):
    exif = Image.Exif()
    exif[0x0112] = 6
    lying, upright = hashed(pictures, saved(SCENE, "JPEG", exif=exif)), hashed(pictures, saved(SCENE, "JPEG"))
    assert (lying.pdq, lying.width, lying.height) == (upright.pdq, 560, 420)
    assert (lying.orientation, upright.orientation) == (6, 1)
    assert lying.how == "JPEG RGB, not turned from 6"


def test_of_what_moves_the_first_picture_is_hashed(pictures):
    moving = saved(SCENE, "WEBP", lossless=True, save_all=True, append_images=[Image.new("RGB", (560, 420))])
    found = hashed(pictures, moving)
    assert found.pdq == hashed(pictures, KINDS["PNG"]).pdq
    assert found.more


@pytest.mark.parametrize("shape", [(1500, 2000), (1041, 1999)])
def test_in_bulk_a_large_jpeg_is_decoded_smaller_and_stays_within_a_few_bits(pictures, shape):
    content = saved(fractal(12, *shape), "JPEG", quality=88)
    whole, small = hashed(pictures, content), hashed(pictures, content, scale=BULK)
    assert (whole.mode, small.mode) == ("full", "scaled-8")
    assert (small.width, small.height) == (shape[1], shape[0])
    assert distance(whole.pdq, small.pdq) <= BITS_SCALED_MAX
    assert distance(whole.pdq_512, small.pdq_512) <= BITS_SCALED_512_MAX


def test_in_bulk_a_small_one_is_decoded_whole(pictures):
    assert hashed(pictures, saved(SCENE[:200, :200], "JPEG"), scale=BULK).mode == "full"
    assert hashed(pictures, KINDS["PNG"], scale=BULK).mode == "full"


def test_one_cut_short_gets_no_hash_in_either_way(pictures):
    for kind in ("JPEG 4:2:0", "JPEG, progressive", "PNG", "WebP"):
        for scale in (1, BULK):
            assert pictures.hashes(KINDS[kind][: len(KINDS[kind]) * 2 // 3], scale=scale) is WhyNot.DAMAGED


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_its_plain_answer(pictures, name):
    content, expected = HOSTILE[name]
    assert pictures.hashes(content) in expected


def test_a_picture_may_lie_in_a_file_or_be_open_already(pictures, tmp_path):
    (tmp_path / "one.png").write_bytes(KINDS["PNG"])
    with (tmp_path / "one.png").open("rb") as opened:
        opened.seek(9)
        found = [hashed(pictures, source) for source in (KINDS["PNG"], tmp_path / "one.png", opened.fileno())]
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    "word", [b"", b"{}", b'{"pdq": "00", "pdq_512": "00"}', b'{"quality": "high"}', b'{"refused": "new"}']
)
def test_a_decoder_that_was_taken_over_is_not_believed(word, monkeypatch, tmp_path):
    (tmp_path / "worker.py").write_text(f"def answer(source, order):\n    yield {word!r}\n", encoding="utf-8")
    monkeypatch.setattr(pictures_module, "WORKER", tmp_path / "worker.py")
    with Pictures() as pictures:
        assert pictures.hashes(b"") is WhyNot.CRASHED

"""PDQ: equal to the bit to what the other programs compute, each in its own mode, with numba and without."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pdqhash
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from abhaya.matching.kernels import pdq
from abhaya.matching.kernels.compiled import IS_COMPILED
from abhaya.matching.kernels.pdq_bands import SCALES, bands
from abhaya.training.scenes import SCENES, fractal, shapes

# Made by `pdqhash` 0.2.8 (full) and by ThreatExchange's own C++ program, `pdq-photo-hasher`, as in that package's sources
# (nearest): of pictures as PPM, so that no decoder comes between.
with (Path(__file__).with_name("pdq_vectors.csv")).open(newline="") as table:
    VECTORS = list(csv.DictReader(table))
# Published with ThreatExchange (pdq/data/reg-test-input/dih, PDQHasherTest.java): a photograph, and its copy turned by 90°.
BRIDGE = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
BRIDGE_TURNED = "30a10efd71cc3d429013d48d0ffffc52e34e0e17ada952a9d29685211ea9e5af"
BITS_OF_A_JPEG = 16  # the turned copy was compressed again


def distance(a: bytes, b: bytes) -> int:
    return (int.from_bytes(a, "big") ^ int.from_bytes(b, "big")).bit_count()


def reference(pixels: np.ndarray) -> pdq.Hash:
    bits, quality = pdqhash.compute(pixels)
    return pdq.Hash(np.packbits(bits).tobytes(), quality)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['scene']}-{v['height']}x{v['width']}")
def test_both_families_are_met_to_the_bit(vector):
    pixels = SCENES[vector["scene"]](*(int(vector[name]) for name in ("seed", "height", "width")))
    full, nearest = pdq.both(pixels)
    assert full.hash() == pdq.Hash(bytes.fromhex(vector["full"]), int(vector["full_quality"]))
    assert nearest.hash() == pdq.Hash(bytes.fromhex(vector["nearest"]), int(vector["nearest_quality"]))


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(sorted(SCENES)), st.integers(0, 2**32), st.integers(pdq.SIDE_PIXELS_MIN, 700),
    st.integers(pdq.SIDE_PIXELS_MIN, 700),
)  # fmt: skip
def test_any_picture_has_the_hash_of_the_library_everyone_uses(scene, seed, height, width):
    pixels = SCENES[scene](seed, height, width)
    found, expected = pdq.full(pixels).hash(), reference(pixels)
    assert found.code == expected.code
    assert (
        abs(found.quality - expected.quality) <= 1
    )  # of thousands of steps rounded down, one may fall on the other side
    assume((height, width) != (pdq.SIDE, pdq.SIDE))  # the reference forgets here that these are samples already
    assert list(pdq.eight(pixels)) == [np.packbits(bits).tobytes() for bits in pdqhash.compute_dihedral(pixels)[0]]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.integers(5, 400), st.integers(5, 400))
def test_where_the_operator_calls_itself_certain_the_slow_way_says_the_same(seed, height, width):
    pixels = fractal(seed, height, width)
    found, slow = pdq.full(pixels), pdq.exact(pixels)
    assert found.hash().code == slow.hash().code
    assert abs(found.quality - slow.quality) <= 1


def test_noise_too_has_the_same_hash():
    pixels = np.random.default_rng(4).integers(0, 256, (333, 517, 3), dtype=np.uint8)
    assert pdq.full(pixels).hash() == reference(pixels)


def test_most_pictures_need_no_second_computation():
    spectra = [pdq.full(fractal(seed, 200, 150)) for seed in range(60)]
    assert sum(found.is_certain for found in spectra) >= 56


def test_luma_alone_gives_the_hash_of_a_grey_picture():
    grey = fractal(3, 300, 200)[:, :, 0]
    assert pdq.full(grey).hash() == reference(np.repeat(grey[:, :, None], 3, axis=2))


def test_a_picture_that_is_a_window_into_a_larger_one_is_read_by_its_strides():
    large = fractal(5, 300, 400)
    assert pdq.full(large[20:220, 30:330]).hash() == reference(np.ascontiguousarray(large[20:220, 30:330]))


@pytest.mark.parametrize("shape", [(4, 900), (900, 4), (1, 1), (4, 4)])
def test_a_picture_of_a_few_pixels_says_nothing(shape):
    pixels = fractal(1, *shape)
    assert pdq.full(pixels).hash() == pdq.Hash(bytes(32), 0) == reference(pixels)


def test_small_pictures_of_both_families_are_one():
    full, nearest = pdq.both(shapes(1, 512, 400))
    assert full is nearest


def test_turning_the_picture_turns_the_published_hash():
    """The forms follow from the coefficients; of a published hash only their signs are known, so some bits may differ."""
    code = np.frombuffer(bytes.fromhex(BRIDGE), np.uint8)
    signs = np.unpackbits(code)[::-1].reshape(pdq.KEPT, pdq.KEPT) * np.float32(2) - np.float32(1)
    forms = [np.packbits((form.ravel() > 0)[::-1]).tobytes() for form in pdq.forms(signs)]
    distances = [distance(form, bytes.fromhex(BRIDGE_TURNED)) for form in forms]
    assert forms[0].hex() == BRIDGE
    assert distances[0] == 120  # as PDQHasherTest.java has it
    assert distances[1] <= BITS_OF_A_JPEG
    assert min(distances[2:]) > 100


def test_the_forms_are_the_hashes_of_the_turned_and_mirrored_picture():
    """But for the blur's own crookedness: its window lies half a pixel or more beside the middle of what it samples."""
    pixels = fractal(8, 896, 896)
    turns = (
        pixels, np.rot90(pixels), np.rot90(pixels, 2), np.rot90(pixels, 3), pixels[::-1], pixels[:, ::-1],
        pixels.transpose(1, 0, 2), np.rot90(pixels, 2).transpose(1, 0, 2),
    )  # fmt: skip
    codes = [pdq.full(np.ascontiguousarray(turned)).hash().code for turned in turns]
    for number, form in enumerate(pdq.eight(pixels)):
        distances = [distance(form, code) for code in codes]
        assert distances[number] <= 10
        assert min(distances[:number] + distances[number + 1 :]) > 60


@pytest.mark.parametrize("scale", [2, 4, 8])
@pytest.mark.parametrize("shape", [(1200, 900), (1237, 811)])
def test_a_picture_of_block_means_has_almost_the_hash_of_the_whole(scale, shape):
    """What a decoder gives at 1/8 is the mean of each block; the operator knows where those blocks lie."""
    pixels = fractal(11, *shape)[:, :, 0]
    height, width = shape
    padded = np.pad(pixels, ((0, -height % scale), (0, -width % scale)), mode="edge").astype(np.float64)
    means = padded.reshape(padded.shape[0] // scale, scale, -1, scale).mean(axis=(1, 3)).round().astype(np.uint8)
    assert distance(pdq.scaled(means, height, width, scale).hash().code, pdq.full(pixels).hash().code) <= 2
    naive = distance(pdq.full(means).hash().code, pdq.full(pixels).hash().code)
    assert naive >= distance(pdq.scaled(means, height, width, scale).hash().code, pdq.full(pixels).hash().code)


def test_the_scaled_picture_must_be_of_that_scale():
    with pytest.raises(ValueError, match="is not 1/8 of 100 × 100"):
        pdq.scaled(fractal(1, 50, 50), 100, 100, 8)


@given(st.integers(5, 6000), st.booleans(), st.sampled_from(SCALES))
def test_every_row_of_the_operator_is_a_mean(length, is_nearest, scale):
    band = bands(length, is_nearest=is_nearest, scale=scale)
    sums = np.add.reduceat(band.weights.astype(np.float64), band.edges[:-1])
    assert np.abs(sums - 1).max() < 1e-5
    assert band.places.min() >= 0
    assert band.places.max() < -(-length // scale)


HASHING = """
import sys
from abhaya.matching.kernels import pdq
from abhaya.matching.kernels.compiled import IS_COMPILED
from abhaya.matching.kernels.pdq_bands import SCALES, bands
from abhaya.training.scenes import SCENES
print(IS_COMPILED)
for scene, make in SCENES.items():
    for height, width in ((300, 200), (640, 530), (40, 90)):
        full, nearest = pdq.both(make(7, height, width))
        print(scene, full.hash().code.hex(), full.quality, *(code.hex() for code in pdq.eight(make(7, height, width))), nearest.hash().code.hex())
"""


def hashed(**environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", HASHING], env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_with_numba_and_without_the_answers_are_the_same():
    with_numba, without = hashed(ABHAYA_WITHOUT_NUMBA=""), hashed(ABHAYA_WITHOUT_NUMBA="1")
    assert with_numba[0] == str(IS_COMPILED)
    assert without[0] == "False"
    assert with_numba[1:] == without[1:]


KERNEL = """
from abhaya.matching.kernels.compiled import compiled

@compiled()
def twice(number):
    return 2 * number
"""


@pytest.mark.parametrize("trouble", ["nowhere to keep it", "no file may be written"])
def test_where_nothing_can_be_kept_a_kernel_is_compiled_all_the_same(trouble, tmp_path):
    (tmp_path / "kernel.py").write_text(KERNEL, encoding="utf-8")
    script = {
        "nowhere to keep it": KERNEL,  # there is no folder beside a text
        "no file may be written": "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "from kernel import twice",
    }[trouble]
    done = subprocess.run(
        [sys.executable, "-c", f"{script}\nprint(twice(21), len(twice.nopython_signatures))"], cwd=tmp_path,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "42 1\n", "")
    assert [path for path in tmp_path.rglob("*.nb*") if path.stat().st_size] == []

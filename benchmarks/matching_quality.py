"""How well PDQ tells pictures apart, and knows an edited one again, at every radius: curves, on pictures that are arithmetic.

    python benchmarks/matching_quality.py [--pictures 400] [--kind pages] [--csv curves.csv]

Each as a share in percent over the radius: how often two pictures that are not the same fall within it (all pairs); how often two
of one place do, in whose middle stands another thing, and two pages of other words; and how often an edit of one picture
falls outside. Only pictures of quality 50 and more take part, as everywhere; how many were left out is told. What is
inside the radius is still only *near*: never the same bytes.

Arithmetic is not what cameras see. The curves of edits carry over; those of chance meetings are a floor: series, letters and
screens lie nearer to one another, and have to be measured again on a collection of one's own.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from abhaya.matching.kernels import pdq
from abhaya.matching.kernels.pdq_bands import Pixels
from abhaya.training.scenes import fractal, shapes

QUALITY_MIN = 50
RADII = (0, 8, 15, 23, 31, 39, 47, 63)
HEIGHT, WIDTH = 480, 640
KINDS: dict[str, Callable[[int, int, int], Pixels]] = {"fractals": fractal, "drawings": shapes}

Edit = Callable[[Image.Image], Image.Image]


def recompressed(quality: int) -> Edit:
    def edit(picture: Image.Image) -> Image.Image:
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality)
        return Image.open(io.BytesIO(out.getvalue())).convert("RGB")

    return edit


def smaller(percent: int) -> Edit:
    return lambda picture: picture.resize((picture.width * percent // 100, picture.height * percent // 100))


def cropped(percent: float) -> Edit:
    """So much is cut off at each side."""

    def edit(picture: Image.Image) -> Image.Image:
        across, down = (round(side * percent / 100) for side in picture.size)
        return picture.crop((across, down, picture.width - across, picture.height - down))

    return edit


def bordered(percent: float) -> Edit:
    def edit(picture: Image.Image) -> Image.Image:
        across, down = (round(side * percent / 100) for side in picture.size)
        framed = Image.new("RGB", (picture.width + 2 * across, picture.height + 2 * down), (0, 0, 0))
        framed.paste(picture, (across, down))
        return framed

    return edit


def captioned(percent: float) -> Edit:
    """White letters on a black strip over the lower edge, this high."""

    def edit(picture: Image.Image) -> Image.Image:
        written = picture.copy()
        high = round(picture.height * percent / 100)
        draw = ImageDraw.Draw(written)
        draw.rectangle((0, picture.height - high, picture.width, picture.height), fill=(0, 0, 0))
        draw.text(
            (picture.width // 8, picture.height - high), "SOME WORDS", (255, 255, 255), font_size=max(8, high * 0.7)
        )
        return written

    return edit


def turned(degrees: float) -> Edit:
    return lambda picture: picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(0, 0, 0))


EDITS: dict[str, Edit] = {
    "JPEG, quality 80": recompressed(80),
    "JPEG, quality 30": recompressed(30),
    "half as large": smaller(50),
    "a fifth as large": smaller(20),
    "grey": lambda picture: picture.convert("L").convert("RGB"),
    "brighter by 30 %": lambda picture: ImageEnhance.Brightness(picture).enhance(1.3),
    "more contrast, 30 %": lambda picture: ImageEnhance.Contrast(picture).enhance(1.3),
    "blurred, 3 pixels": lambda picture: picture.filter(ImageFilter.GaussianBlur(3)),
    "caption, 5 %": captioned(5),
    "caption, 15 %": captioned(15),
    "cropped, 1 % a side": cropped(1),
    "cropped, 3 % a side": cropped(3),
    "cropped, 10 % a side": cropped(10),
    "border, 2 % a side": bordered(2),
    "border, 5 % a side": bordered(5),
    "turned by 1 degree": turned(1),
    "turned by 5 degrees": turned(5),
    "mirrored": lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "turned by 90 degrees": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
}


def hashed(picture: Pixels | Image.Image) -> pdq.Spectrum:
    return pdq.full(np.asarray(picture))


def words(codes: list[bytes]) -> NDArray[np.uint64]:
    return np.frombuffer(b"".join(codes), np.uint64).reshape(-1, 4)


def pairs_within(codes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """How many pairs of different pictures lie at each distance."""
    counts = np.zeros(257, np.int64)
    for number, code in enumerate(codes[:-1]):
        distances = np.bitwise_count(codes[number + 1 :] ^ code).sum(axis=1)
        counts += np.bincount(distances, minlength=257)
    return counts


def nearest(edited: pdq.Spectrum, code: bytes, *, in_eight_forms: bool) -> int:
    asked = edited.eight() if in_eight_forms else (edited.hash().code,)
    return min((int.from_bytes(form) ^ int.from_bytes(code)).bit_count() for form in asked)


def shares(distances: NDArray[np.int64], *, outside: bool) -> list[float]:
    """In percent, at each radius. `distances`: how many lie at each."""
    within = np.cumsum(distances) / distances.sum() * 100
    return [float(100 - within[radius] if outside else within[radius]) for radius in RADII]


def line(what: str, percents: list[float], note: str = "") -> list[str]:
    cells = [f"{percent:.3g}" if 0 < percent < 1 else f"{percent:.1f}" for percent in percents]
    print(f"  {what:<34}" + "".join(f"{cell:>9}" for cell in cells) + (f"   {note}" if note else ""), flush=True)
    return [what, *cells, note]


def another_thing(make: Callable[[int, int, int], Pixels], seed: int, percent: int, turn: int) -> Pixels:
    """One place, and in its middle a thing of so many percent of each side: another for each `turn`."""
    picture = make(seed, HEIGHT, WIDTH).copy()
    high, wide = HEIGHT * percent // 100, WIDTH * percent // 100
    top, left = (HEIGHT - high) // 2, (WIDTH - wide) // 2
    picture[top : top + high, left : left + wide] = make(1_000_000 + 2 * seed + turn, high, wide)
    return picture


def page(seed: int, height: int, width: int) -> Pixels:
    """Black words of random letters on white, as a page or a chat on a screen is seen from far."""
    rng = np.random.default_rng(seed)
    sheet = Image.new("RGB", (width, height), (255, 255, 255))
    draw = ImageDraw.Draw(sheet)
    for top in range(24, height - 24, 20):
        letters = "".join(rng.choice(list("aeinorst  "), int(rng.integers(20, 70))))
        draw.text((24, top), letters, (0, 0, 0), font_size=14)
    return np.asarray(sheet)


def siblings(make: Callable[[int, int, int], Pixels], pictures: int) -> list[list[str]]:
    print("  two of one place fall within, %")
    told = []
    for percent in (10, 20, 30, 50):
        apart = np.zeros(257, np.int64)
        for seed in range(pictures):
            one, other = (hashed(another_thing(make, seed, percent, turn)) for turn in (0, 1))
            if min(one.quality, other.quality) >= QUALITY_MIN:
                apart[nearest(one, other.hash().code, in_eight_forms=False)] += 1
        told.append(line(f"another thing in it, {percent} % a side", shares(apart, outside=False)))
    return told


def curves(name: str, make: Callable[[int, int, int], Pixels], pictures: int) -> list[list[str]]:
    originals = [
        (seed, found) for seed in range(pictures) if (found := hashed(make(seed, HEIGHT, WIDTH))).quality >= QUALITY_MIN
    ]
    print(f"{name}: {pictures} pictures, {pictures - len(originals)} of them below quality {QUALITY_MIN} and left out")
    print(f"  {'radius':<34}" + "".join(f"{radius:>9}" for radius in RADII))
    apart = pairs_within(words([found.hash().code for _, found in originals]))
    least = int(np.flatnonzero(apart)[0])
    told = [
        line(
            "two different ones fall within, %",
            shares(apart, outside=False),
            f"{apart.sum():,} pairs, the nearest {least} apart",
        )
    ]
    if make is page:
        return [[name, *row] for row in told]
    told += siblings(make, pictures)
    print("  an edit of one falls outside, %")
    for edit_name, edit in EDITS.items():
        plain, forms, low = np.zeros(257, np.int64), np.zeros(257, np.int64), 0
        for seed, original in originals:
            edited = hashed(edit(Image.fromarray(make(seed, HEIGHT, WIDTH))))
            low += edited.quality < QUALITY_MIN
            plain[nearest(edited, original.hash().code, in_eight_forms=False)] += 1
            forms[nearest(edited, original.hash().code, in_eight_forms=True)] += 1
        note = f"{low} of them below quality {QUALITY_MIN}" if low else ""
        told.append(line(edit_name, shares(plain, outside=True), note))
        if edit_name in {"mirrored", "turned by 90 degrees"}:
            told.append(line(f"{edit_name}, asked in 8 forms", shares(forms, outside=True)))
    return [[name, *row] for row in told]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pictures", type=int, default=400, help="of each kind")
    options.add_argument("--csv", type=Path, help="the same as a table")
    kinds = KINDS | {"pages": page}
    options.add_argument("--kind", choices=sorted(kinds), action="append", help="one kind alone; may be said again")
    told = options.parse_args()
    rows = [row for name in told.kind or kinds for row in curves(name, kinds[name], told.pictures)]
    if told.csv:
        with told.csv.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(["pictures", "what", *(f"radius_{radius}" for radius in RADII), "note"])
            table.writerows(rows)


if __name__ == "__main__":
    main()

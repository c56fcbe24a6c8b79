"""Films by their frames: how fast beside ffmpeg's bare decoding, and how often a changed film is found.

    python benchmarks/matching_video.py [--films 8] [--seconds 24]

First the pace: seconds of film hashed in a second, beside what `ffmpeg` takes to decode the same film and throw it away, in the same
confined process and with one thread: nothing that hashes a film's frames can be faster. Then the quality: pairs of a film and the
same film changed (found, of all), and pairs of two different films (found, of all: should be none), held against a list that
has a frame a second. `vPDQ`: our film sampled once a second, as the reference does; `ours`: four times. The films are arithmetic
(fractals, a scene every three seconds) and pan: slowly (2 % of the width in a second) or quickly (10 %). What cameras see is
kinder and harder in its own ways; the curve over trims at broken seconds is what shows why there are four.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "abhaya.settings")

import imageio_ffmpeg
from django.conf import settings

from abhaya.custody import film as reader
from abhaya.matching import film_rules, films
from abhaya.matching.films import FilmHashes
from abhaya.matching.kernels import film, pdq
from abhaya.matching.kernels.film import Frames
from abhaya.shared import confined
from abhaya.training.scenes import fractal

FFMPEG = os.environ.get("ABHAYA_FFMPEG") or imageio_ffmpeg.get_ffmpeg_exe()
WIDTH, HEIGHT, PACE, SCENE_SECONDS = 640, 360, 25, 3
PANS = {"slow": 0.02, "quick": 0.10}  # of the width in a second
QUICK = ["-c:v", "libx264", "-preset", "veryfast"]
CHANGES: dict[str, dict[str, list[str]]] = {
    "rate, kbit/s": {str(rate): ["-c:v", "libx264", "-preset", "veryfast", "-b:v", f"{rate}k"] for rate in (400, 100, 50, 25)},
    "width, pixels": {str(width): ["-vf", f"scale={width}:-2", *QUICK] for width in (320, 160, 80, 40)},
    "head cut, s": {str(cut): ["-ss", str(cut), *QUICK] for cut in (1, 2.1, 2.25, 2.5, 12.4)},
    "left, s": {str(left): ["-ss", "1.4", "-t", str(left), *QUICK] for left in (12, 6, 3, 1)},
    "frames a second": {str(pace): ["-r", str(pace), *QUICK] for pace in (30, 10, 3, 1)},
    "bars, % of the height": {
        str(bars): ["-vf", f"pad=iw:ih*{1 + bars / 100}:0:(oh-ih)/2", *QUICK] for bars in (1, 2, 4, 8)
    },
    "cut away at each side, %": {
        str(cut): ["-vf", f"crop=iw*{1 - 2 * cut / 100}:ih*{1 - 2 * cut / 100}", *QUICK] for cut in (0.5, 1, 2, 4)
    },
    "sign in a corner, % of the width": {
        str(side): ["-vf", f"drawbox=10:10:iw*{side / 100}:iw*{side / 200}:white:fill", *QUICK] for side in (5, 10, 20)
    },
    "mirrored": {"": ["-vf", "hflip", *QUICK]},
}  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--films", type=int, default=8, help="of each pan")
    asked.add_argument("--seconds", type=int, default=24, help="of each film")
    asked.add_argument("--pace-seconds", type=int, default=30, help="of the films whose hashing is timed")
    told = asked.parse_args()
    settings.FFMPEG = FFMPEG
    pdq.warm()
    with tempfile.TemporaryDirectory() as folder:
        pace(Path(folder), told.pace_seconds)
        quality(Path(folder), told.films, told.seconds)


# --- pace ---


def pace(folder: Path, seconds: int) -> None:
    print(f"{'film':14} {'decode, s CPU':>14} {'hashed, s CPU':>14} {'more':>6} {'film s a s':>11}   of {seconds} s")
    for width, height in ((640, 360), (1280, 720), (1920, 1080)):
        path = folder / f"{width}.mp4"
        path.write_bytes(made(1, seconds, PANS["slow"], width, height))
        bare, whole = [], []
        for _ in range(3):
            bare.append(used(partial(decoded, path)))
            whole.append(used(partial(films.hashes, path)))
        floor, cost = min(bare), min(whole)
        print(f"{f'{width} × {height}':14} {floor:14.2f} {cost:14.2f} {cost / floor - 1:6.0%} {seconds / cost:11.0f}")


def decoded(path: Path) -> None:
    """The same program, walls and thread; the pictures are thrown away where they are made."""
    ffmpeg = reader.program()
    assert ffmpeg
    command = [ffmpeg.path, "-nostdin", "-v", "error", "-threads", "1", *ffmpeg.reading, "-an", "-f", "null", "-"]
    confined.run_program(command, path, reader.FRAME_LIMITS)


def used(act: Callable[[], object]) -> float:
    """Seconds of processor, of this process and of those that ended meanwhile."""

    def now() -> float:
        return sum(
            one.ru_utime + one.ru_stime
            for one in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        )

    since = now()
    act()
    return now() - since


# --- quality ---


def quality(folder: Path, count: int, seconds: int) -> None:
    for pan, speed in PANS.items():
        whole = {seed: made(seed, seconds, speed) for seed in range(count)}
        listed = {seed: once_a_second(hashed(folder, content).frames) for seed, content in whole.items()}
        print(f"\n{pan} pan, {count} films of {seconds} s; true pairs found, pairs of different films found")
        print(f"{'change':34} {'by':>6} {'vPDQ':>6} {'ours':>6} {'false':>6}")
        for change, steps in CHANGES.items():
            for step, words in steps.items():
                once = often = false = 0
                for seed, content in whole.items():
                    found = hashed(folder, content, words)
                    once += alike(found, listed[seed], is_once=True)
                    often += alike(found, listed[seed])
                    false += sum(alike(found, other) for at, other in listed.items() if at != seed)
                print(f"{change:34} {step:>6} {once / count:6.0%} {often / count:6.0%} {false:6}")


def alike(found: FilmHashes, listed: Frames, *, is_once: bool = False) -> bool:
    read = once_a_second if is_once else film.unpacked
    return film_rules.in_either_form(read(found.frames), read(found.mirrored), listed).is_alike


def once_a_second(frames: bytes) -> Frames:
    told = film.unpacked(frames)
    kept: Frames = told[told["at_ms"] % 1000 == 0]
    return kept


def hashed(folder: Path, content: bytes, words: list[str] | None = None) -> FilmHashes:
    path = folder / "film.mp4"
    path.write_bytes(content)
    if words is not None:
        changed = folder / "changed.mp4"
        subprocess.run([FFMPEG, "-y", "-v", "error", "-i", path, *words, changed], check=True)
        path = changed
    found = films.hashes(path)
    assert isinstance(found, FilmHashes), found
    return found


def made(seed: int, seconds: int, speed: float, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """A film of fractals, written as it is made."""
    with tempfile.NamedTemporaryFile(suffix=".mp4") as out:
        words = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(PACE), "-i", "-"]
        ffmpeg = subprocess.Popen(
            [FFMPEG, "-y", "-v", "error", *words, *QUICK, "-pix_fmt", "yuv420p", out.name], stdin=subprocess.PIPE
        )
        assert ffmpeg.stdin
        for picture in pictures(seed, seconds, speed, width, height):
            ffmpeg.stdin.write(picture.tobytes())
        ffmpeg.stdin.close()
        assert not ffmpeg.wait()
        return Path(out.name).read_bytes()


def pictures(seed: int, seconds: int, speed: float, width: int, height: int) -> Iterator[np.ndarray]:
    more = int(width * speed * SCENE_SECONDS) + 1
    for number in range(seconds * PACE):
        scene, at = divmod(number, SCENE_SECONDS * PACE)
        if at == 0:
            wide = fractal(seed * 1000 + scene, height, width + more)
        begin = round(at / PACE * speed * width)
        yield wide[:, begin : begin + width]


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"\n{time.monotonic() - started:.0f} s in all")

"""Film read apart by ffmpeg: pictures at a pace, a sheet of stills; a hostile film reaches nothing and ends in time."""

from __future__ import annotations

import io
import resource
import socket
import subprocess
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.custody import films
from tests.custody.films import HEIGHT, KINDS, PACE, WIDTH, gradient, that_points_elsewhere

from abhaya.custody import care, film
from abhaya.custody.film import frames, stills
from abhaya.custody.why_not import WhyNot
from abhaya.shared import confined
from abhaya.shared.checks import Level

FILM = films.film()


def shown(source, **options):
    taken = frames(source, **{"per_second": PACE, "side_pixels_max": WIDTH} | options)
    return list(taken), taken


@pytest.fixture
def by_name(monkeypatch):
    """The film is handed over as before ffmpeg 6: by a file's name, so that the protocol for files is open."""
    found = film.program()
    assert found is not None
    monkeypatch.setattr(film, "program", lambda: replace(found, has_descriptors=False))


@pytest.mark.parametrize("kind", KINDS)
def test_every_usual_film_is_read_and_its_pictures_are_its_own(kind):
    pictures, taken = shown(films.film(kind))
    assert taken.why_not is None
    assert not taken.is_cut
    assert abs(len(pictures) - 2 * PACE) <= 2
    first = pictures[0]
    pixels = np.frombuffer(first.pixels, np.uint8).reshape(first.height, first.width).astype(int)
    expected = gradient(0) if (first.width, first.height) == (WIDTH, HEIGHT) else None
    if expected is not None:
        assert np.abs(pixels - expected).mean() < 16
    assert pixels.std() > 20


def test_a_film_s_pictures_come_in_order_at_the_pace_asked_for():
    pictures, taken = shown(FILM, per_second=2)
    assert [(picture.number, picture.at_seconds) for picture in pictures] == [(0, 0.0), (1, 0.5), (2, 1.0), (3, 1.5)]
    assert taken.reader.startswith("ffmpeg ")
    assert taken.reader.endswith(f"area to {WIDTH}, gray")


def test_a_picture_is_made_smaller_never_larger_and_keeps_its_shape():
    (small, *_), _ = shown(FILM, side_pixels_max=48)
    assert (small.width, small.height) == (48, 32)
    (whole, *_), _ = shown(FILM, side_pixels_max=4000)
    assert (whole.width, whole.height, len(whole.pixels)) == (WIDTH, HEIGHT, WIDTH * HEIGHT)
    (coloured, *_), taken = shown(FILM, is_grey=False)
    assert len(coloured.pixels) == WIDTH * HEIGHT * 3
    assert taken.reader.endswith("rgb24")


def test_the_same_film_gives_the_same_pictures_again_in_pieces_and_from_where_it_lies(tmp_path):
    once, _ = shown(FILM)
    lying = tmp_path / "film"
    lying.write_bytes(FILM)
    lying.chmod(0o600)
    assert shown([FILM[:1000], FILM[1000:]])[0] == once
    assert shown(lying)[0] == once


def test_an_older_ffmpeg_gives_the_same_pictures(by_name):
    assert len(shown(FILM)[0]) == 2 * PACE
    assert isinstance(stills(FILM), bytes)


def tiles(sheet) -> list[np.ndarray]:
    assert isinstance(sheet, bytes), sheet
    shown = Image.open(io.BytesIO(sheet))
    assert (shown.format, shown.size) == ("PNG", (960, 960))
    grey = np.asarray(shown.convert("L")).astype(int)
    return [grey[row : row + 320, column : column + 320] for row in (0, 320, 640) for column in (0, 320, 640)]


@pytest.mark.parametrize(
    "kind", ["MP4, H.264", "Matroska, AV1", "AVI, MPEG-4", "MPEG programme stream", "Windows Media"]
)
def test_stills_are_nine_and_spread_over_the_whole_film(kind):
    """The slope moves by eight pictures in two seconds' ninth: each still is another one, in the film's order."""
    shown = tiles(stills(films.film(kind)))
    expected = [gradient(round(number * 2 * PACE / 9)) for number in range(9)]
    for number, tile in enumerate(shown):
        inner = np.asarray(Image.fromarray(tile[54:266].astype(np.uint8)).resize((WIDTH, HEIGHT))).astype(int)
        off = [np.abs(inner - whole).mean() for whole in expected]
        assert abs(off.index(min(off)) - number) <= 1
        assert min(off) < 30


def test_of_a_long_film_the_stills_are_spread_too_and_of_one_too_costly_its_first(monkeypatch):
    monkeypatch.setattr(film, "WHOLE_SECONDS_MAX", 1)
    assert all(tile.std() > 20 for tile in tiles(stills(FILM))[:7])  # the last such picture is at a second and a half
    monkeypatch.setattr(film, "_seconds", lambda *_: 0.0)
    first = tiles(stills(FILM))  # of two seconds, with a picture that stands for itself every half
    assert [bool(tile.std() > 20) for tile in first] == [True] * 4 + [False] * 5


def test_stills_of_a_film_with_sound_and_of_one_where_it_lies(tmp_path):
    lying = tmp_path / "film"
    lying.write_bytes(films.with_sound())
    assert stills(lying) == stills([films.with_sound()])


def test_enough_is_enough_and_one_may_turn_away():
    pictures, taken = shown(FILM, frames_max=5)
    assert (len(pictures), taken.is_cut, taken.why_not) == (5, True, None)
    with closing(frames(films.bomb(), per_second=10, side_pixels_max=64)) as endless:
        assert next(iter(endless)).number == 0


def test_a_film_cut_short_gives_what_it_has_and_one_without_its_index_says_that_it_is_damaged():
    whole, _ = shown(films.film("Matroska, AV1"))
    half, taken = shown(films.film("Matroska, AV1")[: len(films.film("Matroska, AV1")) // 2])
    assert 0 < len(half) < len(whole)
    assert taken.why_not is None
    for cut in (FILM[: len(FILM) // 2], FILM[:12], b"", b"no film at all", films.only_sound()):
        pictures, taken = shown(cut)
        assert (pictures, taken.why_not) == ([], WhyNot.DAMAGED)
        assert stills(cut) is WhyNot.DAMAGED


def test_a_picture_of_too_many_pixels_is_not_decoded():
    assert shown(films.claims_pixels(96))[1].why_not is None
    for side in (7_000, 65_000):
        pictures, taken = shown(films.claims_pixels(side))
        assert (pictures, taken.why_not) == ([], WhyNot.DAMAGED)


def test_years_between_two_pictures_are_not_filled():
    pictures, taken = shown(films.two_pictures_years_apart(), per_second=60, side_pixels_max=16, frames_max=2000)
    assert len(pictures) == 2000
    assert taken.is_cut


def felt(attempt) -> tuple[float, float, object]:
    """Processor seconds and memory (MiB) of the server while something hostile was read, and what came of it."""
    before, busy = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    came = attempt()
    return time.process_time() - busy, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, came


def test_a_film_that_would_take_hours_is_ended_and_the_server_does_not_feel_it(monkeypatch):
    bomb = films.bomb()
    assert len(bomb) < 4 << 20
    shown(FILM)
    monkeypatch.setattr(film, "FRAME_LIMITS", replace(film.FRAME_LIMITS, cpu_seconds=2, wall_seconds=20))
    monkeypatch.setattr(film, "SPREAD_LIMITS", replace(film.SPREAD_LIMITS, cpu_seconds=2))
    busy, memory, (pictures, taken) = felt(lambda: shown(bomb, side_pixels_max=64))
    assert taken.why_not is WhyNot.TOO_COSTLY
    assert pictures  # what came before the end is the film's all the same
    assert busy < 1
    assert memory < 32
    busy, memory, sheet = felt(lambda: stills(bomb))
    assert isinstance(sheet, bytes)
    assert busy < 1
    assert memory < 32


def test_a_film_that_asks_for_too_much_memory_is_ended(monkeypatch):
    monkeypatch.setattr(film, "FRAME_LIMITS", replace(film.FRAME_LIMITS, memory_bytes=400 * confined.MIB))
    _, taken = shown(films.bomb(), side_pixels_max=64)
    assert taken.why_not in {WhyNot.TOO_COSTLY, WhyNot.DAMAGED}


def test_a_film_too_large_is_not_begun():
    assert shown(bytes(1 << 20) for _ in range(10**6))[1].why_not is WhyNot.TOO_LARGE


class Listener:
    """A server of this machine that nobody may call."""

    def __enter__(self):
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/film.ts"
        threading.Thread(target=self._count, daemon=True).start()
        return self

    def _count(self):
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            caller.close()

    def __exit__(self, *_):
        self._socket.close()


@pytest.fixture
def other():
    """A film that anybody on this machine may read."""
    with tempfile.TemporaryDirectory(prefix="abhaya-film-") as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "other.ts"
        path.write_bytes(films.film("AVI, MPEG-4"))
        path.chmod(0o644)
        yield path


def test_a_film_that_names_other_files_gets_none_of_them(by_name, other):
    with Listener() as listener:
        for target in (str(other), "/etc/passwd", listener.address):
            for name, content in that_points_elsewhere(target).items():
                pictures, taken = shown(content, frames_max=3)
                assert (pictures, taken.why_not) == ([], WhyNot.DAMAGED), (name, target)
        assert listener.calls == 0


ANY_PROTOCOL = "file,fd,pipe,http,tcp,crypto,data"


@pytest.mark.parametrize("name", films.FORCED)
def test_even_an_ffmpeg_that_follows_every_word_of_it_gets_nothing(by_name, name, other, monkeypatch):
    """The process by itself holds, without the lists of formats and protocols; the same words outside it reach their aim."""
    made = film._command

    def following(*given):
        words = made(*given)
        words[words.index("-protocol_whitelist") + 1] = ANY_PROTOCOL
        at = words.index("-format_whitelist")
        words[at : at + 2] = films.FORCED[name]
        return words

    monkeypatch.setattr(film, "_command", following)
    with Listener() as listener:
        for target in (listener.address, str(other)):
            content = that_points_elsewhere(target)[name]
            assert shown(content, frames_max=3)[0] == []
            assert listener.calls == 0
            reached = outside(films.FORCED[name], content)
            assert listener.calls or reached
            listener.calls = 0


def outside(forced: list[str], content: bytes) -> bytes:
    """What the program answers without any wall."""
    words = [films.FFMPEG, "-v", "error", "-nostdin", "-protocol_whitelist", ANY_PROTOCOL, *forced, "-i", "/dev/stdin"]
    with tempfile.TemporaryFile() as held:
        held.write(content)
        held.seek(0)
        return subprocess.run(
            [*words, "-f", "rawvideo", "-"], stdin=held, capture_output=True, timeout=60, check=False
        ).stdout


@settings(max_examples=10, deadline=None)
@given(st.integers(0, len(FILM) - 1), st.binary(min_size=1, max_size=60))
def test_a_damaged_film_is_shown_or_refused_never_worse(at, noise):
    pictures, taken = shown(FILM[:at] + noise + FILM[at + len(noise) :], frames_max=30)
    assert pictures or taken.why_not in {WhyNot.DAMAGED, WhyNot.TOO_COSTLY}


def test_a_program_that_answers_anything_but_pictures_is_not_believed(monkeypatch):
    monkeypatch.setattr(film, "program", lambda: film.Program("/bin/echo", "9", has_descriptors=True))
    pictures, taken = shown(FILM)
    assert (pictures, taken.why_not) == ([], WhyNot.CRASHED)


@pytest.mark.parametrize("path", ["", "/nowhere/ffmpeg", "/bin/echo", "a script"])
def test_without_the_program_film_stays_closed_and_the_check_says_so(path, settings, tmp_path):
    if path == "a script":
        (tmp_path / "ffmpeg").write_text("#!/bin/sh\necho ffmpeg version 9\n")
        (tmp_path / "ffmpeg").chmod(0o755)
        path = str(tmp_path / "ffmpeg")
    settings.FFMPEG = path
    assert stills(FILM) is WhyNot.NO_FFMPEG
    assert shown(FILM)[1].why_not is WhyNot.NO_FFMPEG
    found = care.film()
    assert found.level is Level.WARN
    assert "ffmpeg" in found.said("en")


def test_the_check_names_the_program_and_its_version():
    assert care.film().level is Level.OK
    assert film.program().version in care.film().said("hi")


def test_nothing_is_left_running_or_open():
    before = len(list(Path("/proc/self/fd").iterdir()))
    shown(FILM)
    frames(FILM, per_second=1, side_pixels_max=16).close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before

"""Film, read by the program ffmpeg in a confined process: a sheet of stills to look at, or pictures at a pace to compute with.

ffmpeg is called, never linked. It reads one film from one descriptor: no protocol but that descriptor's, no format that
names other files (playlists, lists of pictures), no sound, no subtitles. Whatever a film claims, what comes out is limited in
pictures, pixels and seconds, and what comes in between in memory and processor time. Answers are as `why_not` says.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from abhaya.custody.why_not import OF_ENDING, WhyNot
from abhaya.shared import confined
from abhaya.shared.confined import MIB, Ended, Source

STILL_SIDE_PIXELS, STILLS_ACROSS = 320, 3
PIXELS_MAX = 36_000_000  # of one picture of the film: 8K is 33 million
FRAMES_MAX = 50_000
FRAME_SIDE_PIXELS_MAX = 4_096
FILM_SECONDS_MAX = 6 * 3600  # what lies behind is not read
# Containers of one film each. None of them reads another file; `hls`, `concat`, `dash`, `image2` and `tty` would.
FORMATS = (
    "asf", "avi", "dv", "flv", "h264", "hevc", "ivf", "matroska", "mov", "mpeg", "mpegts", "mpegvideo", "mxf", "ogg", "rm",
)  # fmt: skip
STILL_LIMITS = confined.Limits(
    memory_bytes=1536 * MIB, cpu_seconds=40, wall_seconds=60, answer_bytes=32 * MIB, source_bytes=512 * MIB, threads=64,
)  # fmt: skip
FRAME_LIMITS = replace(STILL_LIMITS, cpu_seconds=900, wall_seconds=1800)
# To spread stills over a film, all of a short one is decoded, and of a longer one the pictures that stand for themselves.
SPREAD_LIMITS = replace(STILL_LIMITS, cpu_seconds=15, wall_seconds=25)
WHOLE_SECONDS_MAX = 90
WHOLE: list[str] = []
KEYS = ["-skip_frame", "nokey"]
_PACKET = re.compile(
    rb"^0, +-?\d+, +(-?\d{1,18}), +(\d{1,18}),", re.MULTILINE
)  # of `framecrc`: stream, dts, pts, duration
_HEAD = re.compile(
    rb"P([56])\n(\d{1,5}) (\d{1,5})\n255\n"
)  # PGM and PPM, as netpbm defines them and ffmpeg writes them
_HEAD_BYTES_MAX = 20


@dataclass(frozen=True, slots=True)
class Program:
    """The ffmpeg of this machine."""

    path: str
    version: str
    has_descriptors: bool  # since ffmpeg 6 it reads and seeks in a descriptor; before, only in a file named /dev/stdin

    @property
    def reading(self) -> list[str]:
        protocol, source = ("fd", "fd:") if self.has_descriptors else ("file", "/dev/stdin")
        return ["-protocol_whitelist", protocol, "-format_whitelist", ",".join(FORMATS), "-i", source]


@lru_cache(maxsize=4)
def _program(path: str) -> Program | None:
    version = confined.run_program([path, "-version"], b"", STILL_LIMITS)
    found = re.match(rb"ffmpeg version (\S+)", version.answer)
    protocols = confined.run_program([path, "-protocols"], b"", STILL_LIMITS).answer.split(b"Output:")[0].split()
    return Program(path, found[1].decode(errors="replace")[:40], b"fd" in protocols) if found else None


def program() -> Program | None:
    """What `ABHAYA_FFMPEG` or the path of this machine names, if it runs under confinement; asked once in a process."""
    return _program(settings.FFMPEG) if settings.FFMPEG and Path(settings.FFMPEG).is_file() else None


def stills(source: Source) -> bytes | WhyNot:
    """Nine pictures spread over the film, beside one another, as PNG; its first nine where the whole would cost too much."""
    ffmpeg = program()
    if ffmpeg is None:
        return WhyNot.NO_FFMPEG
    if isinstance(source, Path):
        return _stills(ffmpeg, source)
    held = confined.in_memory(source, STILL_LIMITS.source_bytes)
    if held is None:
        return WhyNot.TOO_LARGE
    try:
        return _stills(ffmpeg, Path(f"/proc/self/fd/{held}"))  # it is read more than once
    finally:
        os.close(held)


def _stills(ffmpeg: Program, source: Path) -> bytes | WhyNot:
    side, told = STILL_SIDE_PIXELS, None
    sheet = (
        f"scale={side}:{side}:force_original_aspect_ratio=decrease,pad={side}:{side}:-1:-1:gray,"
        f"tile={STILLS_ACROSS}x{STILLS_ACROSS}:color=gray"
    )
    seconds = _seconds(ffmpeg, source)
    spread = f"fps={STILLS_ACROSS**2 / seconds:.9f},{sheet}" if seconds else ""
    ways = [(WHOLE, spread, SPREAD_LIMITS)] if 0 < seconds <= WHOLE_SECONDS_MAX else []
    ways += [(KEYS, spread, SPREAD_LIMITS)] if seconds else []
    for reading, filters, limits in [*ways, (KEYS, sheet, STILL_LIMITS)]:
        told = confined.run_program(_command(ffmpeg, reading, filters, 1, ["-c:v", "png"]), source, limits)
        if told.answer:
            return told.answer
    return _why_not(told.ended if told else None)


def _seconds(ffmpeg: Program, source: Path) -> float:
    """How long the film is by the instants of its pictures, none of them decoded; 0 where it tells none."""
    command = _command(ffmpeg, [], "", 0, ["-c", "copy"], "framecrc")
    said = confined.run_program(command, source, SPREAD_LIMITS).answer
    base = re.search(rb"^#tb 0: (\d{1,9})/(\d{1,9})$", said, re.MULTILINE)
    instants = [(int(at), int(most)) for at, most in _PACKET.findall(said)]
    if not base or not instants or not int(base[2]):
        return 0.0
    length = max(at + most for at, most in instants) - min(at for at, _ in instants)
    return max(0.0, length * int(base[1]) / int(base[2]))


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a film: rows of pixels without gaps, one byte each in grey, three (RGB) in colour."""

    number: int
    at_seconds: float
    width: int
    height: int
    pixels: bytes


class Frames:
    """The pictures of a film as they are decoded; memory holds one at a time. End it early with `close` or `closing`.

    After the last: `why_not` tells why there are no more, None where the film ended or `is_cut` says that there were enough.
    What came before a fault is the film's all the same. `reader` is for the record: program, version, scale, colours.
    """

    def __init__(self, flow: confined.Flow | None, reader: str, pace: float, frames_max: int) -> None:
        self._flow, self.reader, self._pace, self._frames_max = flow, reader, pace, frames_max
        self.why_not: WhyNot | None = None if flow else WhyNot.NO_FFMPEG
        self.is_cut = False
        self._shown = 0

    def __iter__(self) -> Iterator[Frame]:
        if self._flow is None:
            return
        held = bytearray()
        for piece in self._flow:
            held += piece
            while (cut := self._cut(held)) is not None:
                yield cut
            if self.why_not is not None:
                self.close()
                return
        self.is_cut = self._shown >= self._frames_max
        if self._flow.ended is not Ended.DONE or not self._shown or held:
            self.why_not = _why_not(self._flow.ended)

    def close(self) -> None:
        if self._flow is not None:
            self._flow.close()

    def _cut(self, held: bytearray) -> Frame | None:
        """The next whole picture out of what came. What is no picture as it was asked for is the work of a taken-over ffmpeg."""
        head = _HEAD.match(held)
        if head is None:
            self.why_not = WhyNot.CRASHED if len(held) >= _HEAD_BYTES_MAX else None
            return None
        width, height, depth = int(head[2]), int(head[3]), 3 if head[1] == b"6" else 1
        if not (0 < width <= FRAME_SIDE_PIXELS_MAX and 0 < height <= FRAME_SIDE_PIXELS_MAX):
            self.why_not = WhyNot.CRASHED
            return None
        begin, end = head.end(), head.end() + width * height * depth
        if len(held) < end:
            return None
        number, pixels = self._shown, bytes(held[begin:end])
        del head, held[:end]
        self._shown += 1
        return Frame(number, number / self._pace, width, height, pixels)


def frames(
    source: Source, *, per_second: float, side_pixels_max: int, is_grey: bool = True, frames_max: int = FRAMES_MAX
) -> Frames:
    """Pictures of a film at a steady pace, the first one first, none larger than it is in the film, turned as it says.

    `side_pixels_max`: of the longer side. `source`: a path is read where it lies; bytes are held in memory, 512 MiB at most.
    """
    if not (0 < per_second <= 60 and 0 < side_pixels_max <= FRAME_SIDE_PIXELS_MAX and 0 < frames_max <= FRAMES_MAX):
        raise ValueError("A pace of up to 60 pictures a second, a side of up to 4,096 pixels, up to 50,000 pictures.")
    ffmpeg = program()
    if ffmpeg is None:
        return Frames(None, "", per_second, frames_max)
    side, colours = side_pixels_max, ("gray", "pgm") if is_grey else ("rgb24", "ppm")
    scale = (
        f"scale='min({side},iw)':'min({side},ih)':force_original_aspect_ratio=decrease:flags=area+accurate_rnd+bitexact"
    )
    command = _command(
        ffmpeg, [], f"fps={per_second}:round=up,{scale},format={colours[0]}", frames_max, ["-c:v", colours[1]]
    )
    limits = replace(FRAME_LIMITS, answer_bytes=frames_max * (side * side * (1 if is_grey else 3) + _HEAD_BYTES_MAX))
    reader = f"ffmpeg {ffmpeg.version}, area to {side}, {colours[0]}"
    return Frames(confined.flow(command, source, limits), reader, per_second, frames_max)


def _command(
    ffmpeg: Program, reading: list[str], filters: str, frames_max: int, writing: list[str], form: str = "image2pipe"
) -> list[str]:
    chosen = ["-vf", filters, "-frames:v", str(frames_max), "-threads", "1"] if filters else []
    return [
        ffmpeg.path, "-nostdin", "-v", "error", "-filter_threads", "1",
        "-threads", "1", "-max_pixels", str(PIXELS_MAX), "-t", str(FILM_SECONDS_MAX), *reading, *ffmpeg.reading,
        "-an", "-sn", "-dn", "-map_metadata", "-1", *chosen, *writing, "-f", form, "pipe:1",
    ]  # fmt: skip


def _why_not(ended: Ended | None) -> WhyNot:
    """It ends by itself, well or badly, with nothing to show where it finds no film."""
    return WhyNot.DAMAGED if ended in {None, Ended.DONE, Ended.CRASHED} else OF_ENDING[ended]

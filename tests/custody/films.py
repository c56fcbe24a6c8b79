"""Films for tests, all arithmetic: a gradient that moves, in the containers and codecs that are met; and hostile ones."""

from __future__ import annotations

import functools
import struct
import subprocess
import tempfile
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from tests.custody.hostile_pictures import jpeg

from abhaya.training.scenes import shapes

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
WIDTH, HEIGHT, PACE = 96, 64, 10
# name: (ending, codec and its options, how many of 255 it may be off on average)
KINDS = {
    "MP4, H.264": ("mp4", ["libx264", "-pix_fmt", "yuv420p"]),
    "QuickTime, HEVC": ("mov", ["libx265", "-pix_fmt", "yuv420p", "-x265-params", "log-level=none"]),
    "WebM, VP9": ("webm", ["libvpx-vp9", "-pix_fmt", "yuv420p", "-deadline", "realtime"]),
    "WebM, VP8": ("webm", ["libvpx", "-deadline", "realtime"]),
    "Matroska, AV1": ("mkv", ["libsvtav1", "-preset", "12", "-svtav1-params", "lp=1"]),
    "AVI, MPEG-4": ("avi", ["mpeg4", "-q:v", "3"]),
    "AVI, pictures as JPEG": ("avi", ["mjpeg", "-q:v", "3"]),
    "MPEG programme stream": ("mpg", ["mpeg2video", "-q:v", "3", "-r", "25"]),
    "Windows Media": ("wmv", ["wmv2", "-q:v", "3"]),
    "Flash": ("flv", ["flv1", "-q:v", "3"]),
    "3GP of an old telephone": ("3gp", ["h263", "-s", "128x96", "-q:v", "3"]),
}


def gradient(number: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """One picture in grey: a slope that moves by four every picture, over a slope that stays."""
    rows, columns = np.mgrid[0:height, 0:width]
    return ((columns + 4 * number) % width * 160 // width + rows * 60 // height + 16).astype(np.uint8)


@functools.cache
def film(kind: str = "MP4, H.264", seconds: int = 2, *more: str) -> bytes:
    ending, codec = KINDS[kind]
    raw = b"".join(np.repeat(gradient(number)[..., None], 3, 2).tobytes() for number in range(seconds * PACE))
    taken = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(PACE), "-i", "-"]
    return _made([*taken, "-c:v", *codec, "-g", "5", *more], ending, raw)


def _made(words: list[str], ending: str, raw: bytes = b"") -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"film.{ending}"
        subprocess.run(
            [FFMPEG, "-v", "error", "-threads", "2", *words, path], check=True, input=raw, capture_output=True
        )
        return path.read_bytes()


SCENE_SECONDS, SCENE_MORE = 3, 24  # a new scene every three seconds; how many pixels its picture is larger, to pan over


@functools.cache
def clip(seed: int, seconds: int = 12, *more: str, width: int = 320, height: int = 240) -> bytes:
    """Scenes that no other seed has, each with a slow pan: a film whose frames say something."""
    raw = bytearray()
    for number in range(seconds * PACE):
        scene, at = divmod(number, SCENE_SECONDS * PACE)
        whole = _scene(seed * 1000 + scene, height + SCENE_MORE, width + SCENE_MORE)
        off = at * SCENE_MORE // (SCENE_SECONDS * PACE)
        raw += whole[off : off + height, off : off + width].tobytes()
    taken = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(PACE), "-i", "-"]
    return _made([*taken, "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", *more], "mp4", bytes(raw))


@functools.cache
def _scene(seed: int, height: int, width: int) -> np.ndarray:
    return shapes(seed, height, width)


def remade(content: bytes, *words: str, ending: str = "mp4", before: tuple[str, ...] = ()) -> bytes:
    """The film read and written again by ffmpeg with these words; `before`: those that stand before what is read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film"
        path.write_bytes(content)
        return _made([*before, "-i", str(path), *words], ending)


@functools.cache
def with_sound() -> bytes:
    words = ["-f", "lavfi", "-i", "sine=d=2", "-f", "lavfi", "-i", f"testsrc=d=2:s={WIDTH}x{HEIGHT}:r={PACE}"]
    return _made([*words, "-c:v", "libx264", "-c:a", "aac"], "mp4")


@functools.cache
def only_sound() -> bytes:
    return _made(["-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac"], "mp4")


@functools.cache
def bomb() -> bytes:
    """Thirteen minutes of blackness at 8K, 33 million pixels a picture, in few bytes."""
    with tempfile.TemporaryDirectory() as folder:
        short = Path(folder) / "short.mp4"
        source = ["-f", "lavfi", "-i", "color=black:s=7680x4320:r=1:d=2"]
        coded = ["-c:v", "libx264", "-preset", "veryfast", "-threads", "2"]
        subprocess.run([FFMPEG, "-v", "error", *source, *coded, short], check=True)
        return _made(["-stream_loop", "400", "-i", str(short), "-c", "copy"], "mp4")


@functools.cache
def two_pictures_years_apart() -> bytes:
    """Whoever fills the gap at a steady pace writes pictures for years."""
    source = ["-f", "lavfi", "-i", f"testsrc=s={WIDTH}x{HEIGHT}:r=1:d=2"]
    return _made([*source, "-vf", "setpts=N*18000/TB", "-fps_mode", "passthrough", "-c:v", "mjpeg"], "mkv")


def claims_pixels(side: int) -> bytes:
    """An AVI whose pictures claim a side so long: the size in the JPEG's own header is changed."""
    shown = jpeg(96)
    at = shown.index(b"\xff\xc0") + 5
    shown = shown[:at] + struct.pack(">HH", side, side) + shown[at + 4 :]
    header = struct.pack("<14I", 100_000, 0, 0, 0, 1, 0, 1, 0, side, side, 0, 0, 0, 0)
    stream = struct.pack("<4s4sIHHIIIIIIIIHHHH", b"vids", b"MJPG", 0, 0, 0, 0, 1, 10, 0, 1, 0, 0, 0, 0, 0, 96, 96)
    how = struct.pack("<IiiHH4sIiiII", 40, side, side, 1, 24, b"MJPG", 96 * 96 * 3, 0, 0, 0, 0)

    def box(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    heads = box(b"LIST", b"strl" + box(b"strh", stream) + box(b"strf", how))
    body = box(b"LIST", b"hdrl" + box(b"avih", header) + heads)
    return box(b"RIFF", b"AVI " + body + box(b"LIST", b"movi" + box(b"00dc", shown)))


# How ffmpeg is brought to follow such a film, which it does not do by itself any more.
FORCED = {
    "a playlist": ["-f", "hls", "-allowed_extensions", "ALL", "-extension_picky", "0"],
    "a list of parts": ["-f", "concat", "-safe", "0"],
}


def that_points_elsewhere(target: str) -> dict[str, bytes]:
    """Films that hold no picture, but say where to get one."""
    return {
        "a playlist": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{target}\n#EXT-X-ENDLIST\n".encode(),
        "a playlist in a film's clothes": f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nconcat:{target}|{target}\n".encode(),
        "a list of parts": f"ffconcat version 1.0\nfile '{target}'\n".encode(),
        "a manifest": (
            '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet>'
            f'<Representation id="1" bandwidth="1"><BaseURL>{target}</BaseURL></Representation></AdaptationSet></Period></MPD>'
        ).encode(),
        "a session's description": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 26\n",
        "a text": f"{target}\n".encode() * 40,
    }

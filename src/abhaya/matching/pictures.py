"""A picture's fingerprints: PDQ in both families, made where its bytes were decoded, in a confined process.

What is hashed are the pixels as they lie in the file, not turned as EXIF says: every published list was made so, and a
picture hashed in another way would not meet them. Of several pictures in one file the first is hashed, and `more` says so;
transparency is dropped; 16 bits lose their lower eight; four inks become three colours. A file cut short gets no hash.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import msgspec

from abhaya.custody.why_not import OF_ENDING, WhyNot
from abhaya.shared.confined import MIB, Ended, Limits, Source
from abhaya.shared.nursery import Nursery

WORKER = Path(__file__).with_name("pictures_worker.py")
LIMITS = Limits(
    memory_bytes=2048 * MIB, cpu_seconds=20, wall_seconds=60, answer_bytes=16_384, source_bytes=128 * MIB, threads=2,
)  # fmt: skip
CODE_BYTES = 32
FORMS = 16  # each of the two, as it is, turned and mirrored: `kernels.pdq.eight`, exact of what is decoded whole
WHOLE, BULK = 1, 8  # how much smaller a JPEG may be decoded


@dataclass(frozen=True, slots=True)
class PictureHashes:
    """`pdq` is equal to Java, `pdqhash` and `threatexchange`; `pdq_512` to C++ and WebAssembly. Quality below 50 says little.

    `mode`: "full", or "scaled-2", "-4", "-8" where a JPEG was decoded smaller: within a few bits. `how`: for the record, what
    the picture was and what was done to its colours.
    """

    pdq: bytes
    pdq_512: bytes
    quality: int
    width: int
    height: int
    decoder: str
    mode: str
    how: str = ""
    orientation: int = 1  # EXIF; not applied
    more: bool = False
    forms: bytes = b""  # the eight of `pdq`, then the eight of `pdq_512`, one after the other


class _Told(msgspec.Struct, frozen=True):
    """What the worker may answer."""

    pdq: str = ""
    pdq_512: str = ""
    quality: int = 0
    width: int = 0
    height: int = 0
    decoder: str = ""
    mode: str = ""
    how: str = ""
    orientation: int = 1
    more: bool = False
    refused: str = ""
    forms: str = ""


class Pictures:
    """`with Pictures() as pictures: pictures.hashes(source)`. Serves one caller at a time; starting takes a second."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._nursery = Nursery(WORKER, replace(limits))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._nursery.close()

    def hashes(self, source: Source | int, *, scale: int = WHOLE) -> PictureHashes | WhyNot:
        """The hashes of a picture, or why there are none. `source`: bytes, pieces of them, a path, or an open descriptor.

        `scale`: `BULK` lets a large JPEG be decoded at down to an eighth, several times as fast.
        """
        order: dict[str, Any] = {"scale": scale}
        outcome = self._nursery.run(source, order)
        if outcome.ended is not Ended.DONE:
            return OF_ENDING[outcome.ended]
        try:
            told = msgspec.json.decode(outcome.answer, type=_Told)
            if told.refused:
                return WhyNot(told.refused)
            pdq, pdq_512, forms = (bytes.fromhex(one) for one in (told.pdq, told.pdq_512, told.forms))
        except ValueError:  # no word of ours: a decoder that was taken over
            return WhyNot.CRASHED
        if (len(pdq), len(pdq_512), len(forms)) != (CODE_BYTES, CODE_BYTES, FORMS * CODE_BYTES) or not (
            0 <= told.quality <= 100
        ):
            return WhyNot.CRASHED
        return PictureHashes(
            pdq, pdq_512, told.quality, told.width, told.height, told.decoder, told.mode, told.how, told.orientation,
            told.more, forms,
        )  # fmt: skip

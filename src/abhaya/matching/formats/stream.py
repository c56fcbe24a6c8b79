"""Pieces of bytes, read as a stream once from the beginning: an original of the vault, or what was read already and the rest."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO

READ_BYTES = 64 * 1024


class Pieces(io.RawIOBase):
    """The pieces one after the other, in flat memory."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        into = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # any writable buffer
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        part, self._rest = self._rest[: len(into)], self._rest[len(into) :]
        into[: len(part)] = part
        return len(part)


def stream_of(pieces: Iterable[bytes]) -> BinaryIO:
    """A stream whose `read(n)` gives n bytes as long as there are any."""
    return io.BufferedReader(Pieces(pieces), READ_BYTES)


def with_head(stream: BinaryIO, head_bytes: int) -> tuple[bytes, BinaryIO]:
    """The first bytes, and a stream that begins with them."""
    head = stream.read(head_bytes)
    return head, stream_of(chain([head], _rest(stream)))


def _rest(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(READ_BYTES):
        yield piece

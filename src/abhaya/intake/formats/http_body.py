"""The body of a request as it arrives: with a length or chunked, in pieces, and never more of it than is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol
from urllib.parse import parse_qs

from abhaya.errors import SenderError
from abhaya.intake.formats import multipart

PIECE_BYTES = 64 * 1024
FORM_BYTES_MAX = 64 * 1024  # of a form that holds an id
DRAIN_BYTES_MAX = 1024 * 1024 * 1024  # read on after a refusal, so that the client hears it
INVALID_REQUEST = 4000


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Body:
    """A body to be read once. `length_bytes` is what the client announced; None for a chunked one."""

    def __init__(self, stream: Stream, length_bytes: int | None, content_type: str) -> None:
        self._stream = stream
        self._left = length_bytes
        self._is_over = length_bytes == 0
        self.length_bytes = length_bytes
        self.content_type = content_type

    def pieces(self) -> Iterator[bytes]:
        """The bytes in their order. Raises SenderError when there are fewer than were announced."""
        while not self._is_over:
            piece = self._stream.read(PIECE_BYTES if self._left is None else min(PIECE_BYTES, self._left))
            if not piece:
                self._is_over = True
                if self._left:
                    raise SenderError(
                        f"The connection was lost: {self._left} of {self.length_bytes} bytes never came. Send it again.",
                        code=INVALID_REQUEST,
                    )
                return
            if self._left is not None:
                self._left -= len(piece)
                self._is_over = self._left == 0
            yield piece

    def whole(self, bytes_max: int) -> bytes:
        """All of it. Raises SenderError (413) above the limit, before reading where the length was announced."""
        if self.length_bytes is not None and self.length_bytes > bytes_max:
            raise _too_large(self.length_bytes, bytes_max)
        held = bytearray()
        for piece in self.pieces():
            held += piece
            if len(held) > bytes_max:
                raise _too_large(len(held), bytes_max)
        return bytes(held)

    def parts(self) -> Iterator[multipart.Part]:
        """The parts of a multipart body. Raises SenderError where it is none."""
        pieces = self.pieces()
        first = next(pieces, b"")
        boundary = multipart.boundary_of(self.content_type, first)
        if not boundary:
            raise SenderError("The body is not multipart/form-data with a boundary.", code=multipart.MALFORMED_FILE)
        yield from multipart.parts(_chained(first, pieces), boundary)

    def field(self, name: str) -> str:
        """One field of a form, urlencoded or multipart, whatever the Content-Type says. Empty if it is not there."""
        body = self.whole(FORM_BYTES_MAX)
        boundary = multipart.boundary_of(self.content_type, body)
        if boundary and body.lstrip().startswith(b"--"):
            for part in multipart.parts([body], boundary):
                if part.name == name:
                    return part.text().strip()
            return ""
        fields = parse_qs(body.decode("utf-8", errors="replace"), max_num_fields=multipart.PARTS_MAX)
        return fields.get(name, [""])[0].strip()

    def drain(self) -> None:
        """Reads what is left, up to DRAIN_BYTES_MAX: a client that is still sending would not hear the answer."""
        left = DRAIN_BYTES_MAX
        if self._left is not None and self._left > left:
            return
        try:
            for piece in self.pieces():
                left -= len(piece)
                if left <= 0:
                    return
        except SenderError:
            return


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _too_large(size_bytes: int, bytes_max: int) -> SenderError:
    return SenderError(
        f"The body has {size_bytes} bytes or more; at most {bytes_max} are taken here.",
        code=INVALID_REQUEST,
        status=413,
    )

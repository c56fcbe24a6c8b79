"""`multipart/form-data` (RFC 7578, RFC 2046 §5.1) as a stream: parts one after the other, a file never in memory.

Pulled, not pushed: the caller reads a part's pieces at its own pace, so that they can go straight to the disk. A body that
ends before its closing boundary is refused, which is how a connection lost in mid-upload is told from a whole one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from abhaya.errors import SenderError

MALFORMED_FILE = 4200  # "Malformed file submittal"
BOUNDARY_BYTES_MAX = 200  # RFC 2046 allows 70
PART_HEADERS_BYTES_MAX = 16 * 1024
PARTS_MAX = 16
FIELD_BYTES_MAX = 64 * 1024  # a field that is no file
NAME_CHARACTERS_MAX = 2056  # of a file, as in the reporting API's originalFileName

_BOUNDARY = re.compile(r"""boundary=(?:"([^"]+)"|([^;,\s]+))""", re.IGNORECASE)
_PARAMETER = re.compile(r""";\s*([\w*.-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))""")


@dataclass(slots=True)
class Part:
    """One part. Its pieces can be read once, before the next part is asked for."""

    name: str
    filename: str | None
    media_type: str
    pieces: Iterator[bytes] = field(repr=False)

    def text(self) -> str:
        """A field's whole value. Raises SenderError above FIELD_BYTES_MAX."""
        held = bytearray()
        for piece in self.pieces:
            held += piece
            if len(held) > FIELD_BYTES_MAX:
                raise _refused(f"the field '{self.name[:40]}' is longer than {FIELD_BYTES_MAX} bytes")
        return held.decode("utf-8", errors="replace")


def boundary_of(content_type: str, head: bytes = b"") -> bytes:
    """The boundary told by the Content-Type or, where that is silent, by the body's first line; empty if neither."""
    found = _BOUNDARY.search(content_type)
    if found:
        boundary = (found.group(1) or found.group(2)).encode("latin-1", errors="replace")
    elif head.startswith(b"--"):
        boundary = head[2:].split(b"\n", 1)[0].rstrip(b"\r ")
    else:
        return b""
    return boundary if 0 < len(boundary) <= BOUNDARY_BYTES_MAX else b""


def parts(pieces: Iterable[bytes], boundary: bytes) -> Iterator[Part]:
    """The parts of a body in their order. Raises SenderError (4200) for a body that is none, or that breaks off."""
    stream = _Stream(iter(pieces), boundary)
    if not stream.begin():
        raise _refused("it does not begin with its boundary")
    count = 0
    while not stream.is_last():
        count += 1
        if count > PARTS_MAX:
            raise _refused(f"it has more than {PARTS_MAX} parts")
        part = _part(stream.headers(), stream.content())
        yield part
        for _ in part.pieces:  # what the caller left
            pass


class _Stream:
    """The bytes of the body, with the boundary looked for in them."""

    def __init__(self, pieces: Iterator[bytes], boundary: bytes) -> None:
        self._pieces = pieces
        self._held = b""
        self._mark = b"\r\n--" + boundary

    def _more(self) -> bool:
        """Reads on. Returns False at the end of the body."""
        for piece in self._pieces:
            if piece:
                self._held += piece
                return True
        return False

    def begin(self) -> bool:
        """Steps over the first boundary, and a preamble before it where there is one."""
        self._held = b"\r\n" + self._held
        while (at := self._held.find(self._mark)) < 0:
            if len(self._held) > PART_HEADERS_BYTES_MAX or not self._more():
                return False
        self._held = self._held[at + len(self._mark) :]
        return True

    def is_last(self) -> bool:
        """After a boundary: `--` closes the body, else spaces and a line end begin a part."""
        while b"\n" not in self._held[:BOUNDARY_BYTES_MAX] and not self._held.startswith(b"--"):
            if len(self._held) > BOUNDARY_BYTES_MAX or not self._more():
                raise _refused("it ends before its last boundary")
        if self._held.startswith(b"--"):
            return True
        padding, _, rest = self._held.partition(b"\n")
        if padding.strip(b" \t\r"):
            raise _refused("something follows a boundary on its line")
        self._held = rest
        return False

    def headers(self) -> bytes:
        """The head of a part, up to its empty line."""
        if self._held.startswith(b"\r\n"):
            self._held = self._held[2:]
            return b""
        while (end := self._held.find(b"\r\n\r\n")) < 0:
            if len(self._held) > PART_HEADERS_BYTES_MAX:
                raise _refused(f"the head of a part is longer than {PART_HEADERS_BYTES_MAX} bytes")
            if not self._more():
                raise _refused("it ends before its last boundary")
            if self._held.startswith(b"\r\n"):
                self._held = self._held[2:]
                return b""
        if end > PART_HEADERS_BYTES_MAX:
            raise _refused(f"the head of a part is longer than {PART_HEADERS_BYTES_MAX} bytes")
        head, self._held = self._held[:end], self._held[end + 4 :]
        # The line end of an empty part's head is that of its boundary too.
        if self._held.startswith(self._mark[2:]):
            self._held = b"\r\n" + self._held
        return head

    def content(self) -> Iterator[bytes]:
        """Pieces up to the next boundary, which is stepped over."""
        keep = len(self._mark) - 1
        while (at := self._held.find(self._mark)) < 0:
            if len(self._held) > keep:
                ready, self._held = self._held[:-keep], self._held[-keep:]
                yield ready
            if not self._more():
                raise _refused("it ends before its last boundary: the connection was lost, or the body cut off")
        ready, self._held = self._held[:at], self._held[at + len(self._mark) :]
        if ready:
            yield ready


def _part(head: bytes, pieces: Iterator[bytes]) -> Part:
    name, filename, media_type = "", None, ""
    for line in head.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ").split(b"\r\n"):
        key, _, rest = line.partition(b":")
        word, value = key.strip().lower(), rest.strip().decode("utf-8", errors="replace")
        if word == b"content-disposition":
            name, filename = _disposition(value)
        elif word == b"content-type":
            media_type = value[:200]
        elif word == b"content-transfer-encoding" and value.lower() not in {"binary", "8bit", "7bit", ""}:
            raise _refused(f"a part is encoded as {value[:40]!r}; send its bytes as they are")
    return Part(name, filename, media_type, pieces)


def _disposition(value: str) -> tuple[str, str | None]:
    name, filename = "", None
    for found in _PARAMETER.finditer(value):
        key = found.group(1).lower()
        text = re.sub(r"\\([\"\\])", r"\1", found.group(2)) if found.group(2) is not None else found.group(3)
        if key == "name":
            name = text
        elif key == "filename" and filename is None:
            filename = text
        elif key == "filename*":
            filename = _extended(text)
    return name, filename if filename is None else filename.replace("\0", "\ufffd")[:NAME_CHARACTERS_MAX]


def _extended(text: str) -> str:
    """RFC 5987: `UTF-8''na%C3%AFve.txt`."""
    charset, _, rest = text.partition("'")
    raw = unquote_to_bytes(rest.partition("'")[2])
    return raw.decode("latin-1" if charset.lower() == "iso-8859-1" else "utf-8", errors="replace")


def _refused(why: str) -> SenderError:
    return SenderError(f"The multipart body cannot be read: {why}.", code=MALFORMED_FILE)

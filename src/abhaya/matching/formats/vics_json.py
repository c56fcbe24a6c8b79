"""VICS 1.1 to 2.0 (Project VIC, CAID): a hash set (`#Media`) or a case (`#Cases`), streamed, one Media object an entry.

No official schema can be had; the fields are those that four open implementations read and write. Traps that real
exports set: a byte-order mark, booleans as words, counts that count something else, `IsPrecategorized` without a
category, hashes in upper case, PhotoDNA inline or among `AlternativeHashes`.
"""

from __future__ import annotations

import re
from typing import BinaryIO, NamedTuple

import ijson

from abhaya.errors import SenderError
from abhaya.matching.formats.plain_csv import media_of
from abhaya.matching.formats.record import (
    CATEGORY_CHARACTERS_MAX,
    LOSS_TEXT_CHARACTERS_MAX,
    REF_CHARACTERS_MAX,
    About,
    Aside,
    Entry,
    Reader,
    entry_or_aside,
    hashes,
    instant,
    said,
    short,
)

HEAD_BYTES = 4096  # the marker key is the first of the document
ITEM_BYTES_MAX = 16 * 1024 * 1024  # one Media object, with all its files and Exif
_MARKER = re.compile(rb'^(?:\xef\xbb\xbf)?\s*\{\s*"@?odata\.(?:context|metadata)"\s*:\s*"([^"]{1,300})"')
_VERSION = re.compile(r"/([0-9](?:\.[0-9])?)\.xml(?:/([A-Za-z]{1,20}))?")
_BOM = b"\xef\xbb\xbf"

_HASHES = ("MD5", "SHA1", "SHA256", "PhotoDNA", "PDQ")
FLAGS = {
    "VictimIdentified": "victim-identified", "OffenderIdentified": "offender-identified", "IsDistributed": "distributed",
    "IsSuspected": "suspected", "SelfGenerated": "self-generated",
}  # fmt: skip
_UNDERSTOOD = frozenset({*_HASHES, *FLAGS, "MediaID", "Category", "MimeType", "DateUpdated", "AlternativeHashes"})
_OF_ONE_PLACE = frozenset({  # says where one copy lay, not what the entry is: kept in the original, no loss to matching
    "MediaSize", "RelativeFilePath", "MediaFiles", "Exifs", "MediaMetadata", "Segments", "Repositories", "IsPrecategorized",
})  # fmt: skip


def is_vics(head: bytes) -> bool:
    found = _MARKER.match(head[:HEAD_BYTES])
    return bool(found and b"ProjectVic" in found[1])


def read(stream: BinaryIO, about: About) -> Reader:
    """Every Media object. Raises SenderError where the document breaks off; what came before has been given."""
    document = opened(stream, about)
    try:
        for number, media in enumerate(ijson.items(document.stream, document.prefix), start=1):
            document.stream.begin()
            yield entry_of(f"media {number}", media, about)
    except ijson.JSONError as problem:
        raise document.stream.broken(problem) from problem


def opened(stream: BinaryIO, about: About) -> Opened:
    """The document, what it says of itself noted in `about`."""
    measured = _Measured(stream)
    about.form = "vics"
    context = _context(measured.head)
    version = _VERSION.search(context)
    if version:
        about.version, about.country = version[1], (version[2] or "").upper()
    about.scheme = f"vics-{about.country.lower()}" if about.country in {"US", "UK"} else "vics"
    return Opened(measured, "value.item.Media.item" if context.endswith("#Cases") else "value.item")


def entry_of(locator: str, media: object, about: About) -> Entry | Aside:
    """What is understood of a Media object."""
    if not isinstance(media, dict):
        return Aside(locator, "not a Media object", short(media, LOSS_TEXT_CHARACTERS_MAX))
    about.unknown.update(
        key for key, value in media.items()
        if key not in _UNDERSTOOD and key not in _OF_ONE_PLACE and "odata." not in key and value not in (None, "", [])
    )  # fmt: skip
    named = {name: str(media[name]) for name in _HASHES if media.get(name)}
    for other in media.get("AlternativeHashes") or ():
        if isinstance(other, dict) and other.get("HashName") and other.get("HashValue"):
            named.setdefault(str(other["HashName"]), str(other["HashValue"]))
    try:
        fixed, opaque = hashes(named)
    except ValueError as problem:
        return Aside(locator, str(problem), short(media.get("MD5"), LOSS_TEXT_CHARACTERS_MAX))
    category = media.get("Category")
    return entry_or_aside(
        Entry(
            locator=locator,
            ref=short(media.get("MD5"), REF_CHARACTERS_MAX).lower(),  # the model's key; MediaID counts within one file
            fixed=fixed,
            opaque=opaque,
            category=short(category, CATEGORY_CHARACTERS_MAX),
            media=media_of(str(media.get("MimeType") or "")),
            marks=tuple(sorted(mark for name, mark in FLAGS.items() if said(media.get(name)) is True)),
            dated=instant(str(media.get("DateUpdated") or "")),
        )
    )


def _context(head: bytes) -> str:
    found = _MARKER.match(head)
    return found[1].decode("utf-8", "replace") if found else ""


class _Measured:
    """The stream without its byte-order mark; refuses an object that does not end."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.head = stream.read(HEAD_BYTES)
        self._waiting = self.head.removeprefix(_BOM)
        self.taken = 0
        self._began = 0

    def begin(self) -> None:
        """Another object has ended."""
        self._began = self.taken

    def broken(self, problem: Exception) -> SenderError:
        """Where the document broke off."""
        return SenderError(f"The JSON breaks off near byte {self.taken:,}: {' '.join(str(problem).split())[:200]}")

    def read(self, size: int = -1) -> bytes:
        if self._waiting:
            part, self._waiting = self._waiting[:size], self._waiting[size:]
        else:
            part = self._stream.read(size)
        self.taken += len(part)
        if self.taken - self._began > ITEM_BYTES_MAX:
            raise SenderError(
                f"One object of the list is longer than {ITEM_BYTES_MAX // 2**20} MiB; it was not read on."
            )
        return part


class Opened(NamedTuple):
    """A document's stream, and where in it its Media objects stand."""

    stream: _Measured
    prefix: str

"""Hash lists as an answer of a hash-sharing exchange (API v2): an original's elements as they are, or new ones; tombstones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from lxml import etree

from abhaya.matching.formats import hash_sharing_xml
from abhaya.matching.formats.form import Frame, Head, Part, lost_of, without_votes
from abhaya.matching.formats.hash_sharing_answers import (
    FINGERPRINT_CHARACTERS_MAX,
    HEAD,
    Member,
    Said,
    Shown,
    element_of,
    voted,
)
from abhaya.matching.formats.hash_sharing_xml import NAMESPACE
from abhaya.matching.formats.record import About, Entry
from abhaya.matching.votes import NAMES

_DECLARED = f' xmlns="{NAMESPACE}"'.encode()


class HashSharing:
    """One `queryResult`: pictures and what is neither, then films."""

    name, joiner = "hash-sharing", b"\n"
    has_tombstones = needs_own_refs = film_apart = True
    carries_votes = True
    carries = frozenset({"ref", "category", "media", "dated"})
    kinds = frozenset(NAMES)
    marks = frozenset[str]()

    def __init__(self) -> None:
        self._list = ""

    def begin(self, head: Head) -> bytes:
        self._list = head.name
        return f'{HEAD}<queryResult xmlns="{NAMESPACE}">'.encode() + _opens("images", head, "")

    def turn(self, head: Head) -> bytes:
        return b"\n</images>" + _opens("videos", head, "video")

    def end(self, head: Head) -> bytes:
        del head
        return b"\n</videos></queryResult>\n"

    def entry(self, entry: Entry, number: int, said: Sequence[Said] = ()) -> bytes:
        del number
        prints = {kind: value.hex() for kind, value in entry.fixed.items()} | dict(entry.opaque)
        prints = {
            kind: text for kind, text in prints.items() if kind in NAMES and len(text) <= FINGERPRINT_CHARACTERS_MAX
        }
        return self._element(entry, prints, said) if prints else b""

    def tombstone(self, entry: Entry) -> bytes:
        return self._element(entry._replace(withdrawn=True), {})

    def lost(self, entry: Entry, said: Sequence[Said] = ()) -> Iterator[str]:
        apart = without_votes(entry, said)
        yield from lost_of(self, apart._replace(media="") if entry.media == "image" else apart)
        if any(len(text) > FINGERPRINT_CHARACTERS_MAX for text in entry.opaque.values()):
            yield "hashes"

    def parts(self, stream: BinaryIO, about: About) -> Iterator[Frame | Part]:
        for element, item in hash_sharing_xml.read_elements(stream, about):
            text = etree.tostring(element, encoding="utf-8", with_tail=False)
            yield Part(text.replace(_DECLARED, b"", 1), item)

    def part(self, raw: bytes, said: Sequence[Said] = ()) -> bytes:
        return voted(raw.decode(), said).encode() if said else raw

    def _element(self, entry: Entry, prints: dict[str, str], said: Sequence[Said] = ()) -> bytes:
        member, _, number = entry.ref.partition("/")
        own = member.isascii() and member.isdecimal() and bool(number)
        return element_of(
            Shown(
                member=Member(int(member), "") if own else Member(0, self._list),
                id=number if own else entry.ref,
                is_video=entry.media == "video",
                at=entry.dated,
                withdrawn=entry.withdrawn,
                classification=entry.category,
                fingerprints=prints,
                said=said,
            )
        ).encode()


def _opens(name: str, head: Head, media: str) -> bytes:
    return f'\n<{name} count="{head.counts.get(media, 0)}" maxTimestamp="{head.dated}">\n'.encode()

"""Hash lists as threat updates (JSON), an original's indicators as they are, or as a signal file, one hash a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson

from abhaya.matching.formats import json_parts, threatexchange
from abhaya.matching.formats.form import Frame, Head, Part, lost_of
from abhaya.matching.formats.json_parts import encoded
from abhaya.matching.formats.record import BYTES_OF, About, Entry, written

_SIGNAL_KINDS = ("pdq", "md5", "sha1", "sha256", "vpdq")
_TYPES = {"vpdq": "HASH_VIDEO_VPDQ"}  # else the kind's own name


class Updates:
    """`{"data": […]}`. Of an original its indicators alone: what stands around them may hold its owner's key."""

    name, joiner = "threat-updates", b",\n"
    has_tombstones = needs_own_refs = True
    film_apart = False
    carries = frozenset({"ref", "category", "dated"})
    kinds = frozenset({*BYTES_OF, "vpdq", "photodna", "tmk"})
    marks = frozenset[str]()

    def begin(self, head: Head) -> bytes:
        del head
        return b'{"data":[\n'

    def turn(self, head: Head) -> bytes:
        del head
        return b""

    def end(self, head: Head) -> bytes:
        del head
        return b"\n]}\n"

    def entry(self, entry: Entry, number: int) -> bytes:
        del number
        descriptors = {"descriptors": {"data": [_descriptor(entry)]}}
        return self.joiner.join(
            encoded(said | {"type": _TYPES.get(kind, f"HASH_{kind.upper()}"), "indicator": text} | descriptors)
            for said, kind, text in self._told(entry)
        )

    def tombstone(self, entry: Entry) -> bytes:
        return self.joiner.join(encoded(said | {"should_delete": True}) for said, _kind, _text in self._told(entry))

    def lost(self, entry: Entry) -> Iterator[str]:
        yield from lost_of(self, entry)
        if len(self._prints(entry)) > 1:
            yield "together"

    def parts(self, stream: BinaryIO, about: About) -> Iterator[Frame | Part]:
        about.form, about.complete = self.name, False
        number = 0
        try:
            for one in json_parts.parts(stream, "data.item"):
                if isinstance(one, json_parts.Item):
                    number += 1
                    yield Part(one.value, threatexchange.update_of(f"update {number}", one.value, about))
        except ijson.JSONError as problem:
            raise threatexchange.broken(problem) from problem

    def part(self, raw: Any) -> bytes:
        return encoded(raw)

    def _prints(self, entry: Entry) -> dict[str, str]:
        prints = {kind: written(kind, value) for kind, value in entry.fixed.items()} | dict(entry.opaque)
        return {kind: text for kind, text in prints.items() if kind in self.kinds}

    def _told(self, entry: Entry) -> Iterator[tuple[dict[str, Any], str, str]]:
        """An indicator has one hash: where the entry has several, the kind stands in its number."""
        prints = self._prints(entry)
        dated = {"last_updated": int(entry.dated.timestamp())} if entry.dated else {}
        for kind, text in prints.items():
            yield {"id": f"{entry.ref}-{kind}" if len(prints) > 1 else entry.ref} | dated, kind, text


def _descriptor(entry: Entry) -> dict[str, Any]:
    tags = {"tags": {"data": [{"text": entry.category}]}} if entry.category else {}
    return {"owner": {"id": "0"}, "status": "MALICIOUS", **tags}


class Signals:
    """Nothing but hashes."""

    name, joiner = "signals", b""
    has_tombstones = needs_own_refs = film_apart = False
    carries = frozenset[str]()
    kinds = frozenset({*_SIGNAL_KINDS, "photodna"})
    marks = frozenset[str]()

    def begin(self, head: Head) -> bytes:
        del head
        return b""

    turn = end = begin

    def entry(self, entry: Entry, number: int) -> bytes:
        del number
        prints = {kind: written(kind, entry.fixed[kind]) for kind in _SIGNAL_KINDS if kind in entry.fixed}
        prints |= {kind: text for kind, text in entry.opaque.items() if kind in self.kinds and "\n" not in text}
        return "".join(f"{kind} {text}\n" for kind, text in prints.items()).encode()

    def tombstone(self, entry: Entry) -> bytes:
        del entry
        return b""

    def lost(self, entry: Entry) -> Iterator[str]:
        yield from lost_of(self, entry)
        if len(entry.fixed) + len(entry.opaque) > 1:
            yield "together"

    def parts(self, stream: BinaryIO, about: About) -> Iterator[Frame | Part]:
        for line, item in threatexchange.read_lines(stream, about):
            yield Part(line, item)

    def part(self, raw: str) -> bytes:
        return f"{raw}\n".encode()

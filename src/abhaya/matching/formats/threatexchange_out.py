"""Hash lists as threat updates (JSON), an original's indicators as they are, or as a signal file, one hash a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import ijson

from abhaya.matching.formats import json_parts, threatexchange
from abhaya.matching.formats.form import Frame, Head, Part, lost_of, without_votes
from abhaya.matching.formats.hash_sharing_answers import Said
from abhaya.matching.formats.json_parts import encoded
from abhaya.matching.formats.record import BYTES_OF, About, Entry, written

_SIGNAL_KINDS = ("pdq", "md5", "sha1", "sha256", "vpdq")
_TYPES = {"vpdq": "HASH_VIDEO_VPDQ"}  # else the kind's own name


class Updates:
    """`{"data": […]}`. Of an original its indicators alone: what stands around them may hold its owner's key."""

    name, joiner = "threat-updates", b",\n"
    has_tombstones = needs_own_refs = True
    film_apart = False
    carries_votes = True
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

    def entry(self, entry: Entry, number: int, said: Sequence[Said] = ()) -> bytes:
        """Each hash with the votes on it: there is no indicator for all of them."""
        del number
        return self.joiner.join(
            encoded(
                told
                | {"type": _TYPES.get(kind, f"HASH_{kind.upper()}"), "indicator": text}
                | {
                    "descriptors": {
                        "data": [_descriptor(entry), *_voices(one for one in said if one.hash_type == kind)]
                    }
                }
            )
            for told, kind, text in self._told(entry)
        )

    def tombstone(self, entry: Entry) -> bytes:
        return self.joiner.join(encoded(told | {"should_delete": True}) for told, _kind, _text in self._told(entry))

    def lost(self, entry: Entry, said: Sequence[Said] = ()) -> Iterator[str]:
        yield from lost_of(self, without_votes(entry, said))
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

    def part(self, raw: Any, said: Sequence[Said] = ()) -> bytes:
        if not said:
            return encoded(raw)
        held = raw.get("descriptors")
        others = held.get("data") if isinstance(held, Mapping) else held
        listed = [*(others if isinstance(others, list) else ()), *_voices(said)]
        return encoded({**raw, "descriptors": {**held, "data": listed} if isinstance(held, Mapping) else listed})

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


def _voices(said: Iterable[Said]) -> Iterator[dict[str, Any]]:
    """Votes as what their owners say of an indicator."""
    for one in said:
        owner = {"id": str(one.by.number), "name": one.by.name}
        why = (
            {"tags": {"data": []}, "description": "; ".join(reason.name for reason in one.reasons)}
            if one.reasons
            else {}
        )
        yield {"owner": owner, "status": "MALICIOUS" if one.affirmative else "NON_MALICIOUS", **why}


class Signals:
    """Nothing but hashes."""

    name, joiner = "signals", b""
    has_tombstones = needs_own_refs = film_apart = carries_votes = False
    carries = frozenset[str]()
    kinds = frozenset({*_SIGNAL_KINDS, "photodna"})
    marks = frozenset[str]()

    def begin(self, head: Head) -> bytes:
        del head
        return b""

    turn = end = begin

    def entry(self, entry: Entry, number: int, said: Sequence[Said] = ()) -> bytes:
        del number, said
        prints = {kind: written(kind, entry.fixed[kind]) for kind in _SIGNAL_KINDS if kind in entry.fixed}
        prints |= {kind: text for kind, text in entry.opaque.items() if kind in self.kinds and "\n" not in text}
        return "".join(f"{kind} {text}\n" for kind, text in prints.items()).encode()

    def tombstone(self, entry: Entry) -> bytes:
        del entry
        return b""

    def lost(self, entry: Entry, said: Sequence[Said] = ()) -> Iterator[str]:
        yield from lost_of(self, without_votes(entry, said))
        if len(entry.fixed) + len(entry.opaque) > 1:
            yield "together"

    def parts(self, stream: BinaryIO, about: About) -> Iterator[Frame | Part]:
        for line, item in threatexchange.read_lines(stream, about):
            yield Part(line, item)

    def part(self, raw: str, said: Sequence[Said] = ()) -> bytes:
        del said
        return f"{raw}\n".encode()

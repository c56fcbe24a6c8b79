"""Hash lists as VICS: an original's Media objects as they are, in the frame they came in, or new ones, as VICS 2.0 or 1.2."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import ijson

from abhaya.matching.formats import json_parts, vics_json
from abhaya.matching.formats.form import Frame, Head, Part, lost_of, without_votes
from abhaya.matching.formats.hash_sharing_answers import Said
from abhaya.matching.formats.json_parts import encoded
from abhaya.matching.formats.record import About, Entry

PHOTODNA_CHARACTERS = 288  # 144 bytes in hexadecimal
_CONTEXT_2 = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/{country}/$metadata#{what}"
_CONTEXT_1 = "http://github.com/ICMEC/ProjectVic/DataModels/1.2.xml#{what}"
_COUNTRIES = {"vics-us": "US", "vics-uk": "UK"}
_KINDS = frozenset({"md5", "sha1", "sha256", "pdq", "photodna", "tmk", "netclean", "videntifier"})
_NAMES = {"sha256": "SHA256", "pdq": "PDQ", "photodna": "PhotoDNA", "tmk": "TMK", "netclean": "NetClean",
          "videntifier": "Videntifier"}  # fmt: skip
_FLAG_OF = {mark: name for name, mark in vics_json.FLAGS.items()}


class Vics:
    """One document. `old`: version 1.2, as CAID exports have it."""

    joiner = b",\n"
    has_tombstones = needs_own_refs = film_apart = carries_votes = False
    carries = frozenset({"category", "media", "dated"})
    kinds = _KINDS
    marks = frozenset(_FLAG_OF)

    def __init__(self, *, old: bool = False) -> None:
        self.name = "caid" if old else "vics"
        self._old = old

    def begin(self, head: Head) -> bytes:
        return begin("Media", _COUNTRIES.get(head.scheme, "Default"), old=self._old) + b"[\n"

    def turn(self, head: Head) -> bytes:
        del head
        return b""

    def end(self, head: Head) -> bytes:
        del head
        return b"\n]}\n"

    def entry(self, entry: Entry, number: int, said: Sequence[Said] = ()) -> bytes:
        del said  # no field for who verified it
        md5 = entry.fixed.get("md5")
        if md5 is None:
            return b""  # the model's key
        told = media(number, md5, entry.fixed.get("sha1"))
        told |= {"Category": int(entry.category) if _is_code(entry.category) else None}
        told |= {"MimeType": f"{entry.media}/unknown"} if entry.media else {}
        told |= {_FLAG_OF[mark]: True for mark in entry.marks if mark in _FLAG_OF}
        told |= {"DateUpdated": entry.dated.isoformat()} if entry.dated else {}
        hashes = {kind: entry.fixed[kind].hex() for kind in ("sha256", "pdq") if kind in entry.fixed}
        hashes |= {kind: text for kind, text in entry.opaque.items() if kind in _NAMES}
        return encoded(with_hashes(told, hashes, old=self._old))

    def tombstone(self, entry: Entry) -> bytes:
        del entry
        return b""

    def lost(self, entry: Entry, said: Sequence[Said] = ()) -> Iterator[str]:
        entry = without_votes(entry, said)
        md5 = entry.fixed.get("md5", b"").hex()
        yield from lost_of(self, entry._replace(ref="") if entry.ref == md5 else entry)
        if entry.category and not _is_code(entry.category):
            yield "category"

    def parts(self, stream: BinaryIO, about: About) -> Iterator[Frame | Part]:
        number = 0
        opened = vics_json.opened(stream, about)
        try:
            for one in json_parts.parts(opened.stream, opened.prefix):
                if isinstance(one, Frame):
                    yield one
                    continue
                number += 1
                opened.stream.begin()
                yield Part(one.value, vics_json.entry_of(f"media {number}", one.value, about))
        except ijson.JSONError as problem:
            raise opened.stream.broken(problem) from problem

    def part(self, raw: Any, said: Sequence[Said] = ()) -> bytes:
        del said
        return encoded(raw)


def begin(what: str, country: str, *, old: bool = False) -> bytes:
    """The document's beginning, up to its `value`."""
    key, context = ("odata.metadata", _CONTEXT_1) if old else ("@odata.context", _CONTEXT_2)
    return b'{"%s":%s,"value":' % (key.encode(), encoded(context.format(country=country, what=what)))


def media(number: int, md5: bytes, sha1: bytes | None) -> dict[str, Any]:
    """What every Media object has; hashes in capitals, as most tools write them."""
    return {"MediaID": number, "MD5": md5.hex().upper(), "SHA1": sha1.hex().upper() if sha1 else ""}


def with_hashes(told: dict[str, Any], hashes: Mapping[str, str], *, old: bool = False) -> dict[str, Any]:
    """The Media object with its other hashes, PhotoDNA beside MD5 where the version has it there."""
    others = []
    for kind, text in hashes.items():
        plain = text
        if kind == "photodna" and len(text) == PHOTODNA_CHARACTERS:
            plain = base64.b64encode(bytes.fromhex(text)).decode()
        if kind == "photodna" and not old:
            told["PhotoDNA"] = plain
        else:
            others.append({"MD5": told["MD5"], "HashName": _NAMES[kind], "HashValue": plain})
    return told | ({"AlternativeHashes": others} if others else {})


def _is_code(category: str) -> bool:
    return category.isascii() and category.isdecimal() and category == str(int(category[:9]))

"""Answers of a hash-sharing exchange as NCMEC's API v2 gives them (`queryResult`), streamed, one image or video an entry.

Namespace `https://hashsharing.ncmec.org/hashsharing/v2`. Tombstones (`deletedImage`, `deletedVideo`) withdraw. Votes of
members are counted, the member that entered it among those for it. Large fingerprints stand there as addresses only.
Source: facebook/ThreatExchange, `exchanges/clients/ncmec`; NCMEC's manual where it is public.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from abhaya.errors import SenderError
from abhaya.matching.formats.record import (
    CATEGORY_CHARACTERS_MAX,
    REF_CHARACTERS_MAX,
    About,
    Aside,
    Entry,
    Reader,
    entry_or_aside,
    hashes,
    instant,
    short,
)

NAMESPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
HEAD_BYTES = 4096
_ROOT = re.compile(rb"<(?:[A-Za-z]{1,10}:)?queryResult[\s>]")
_ENTRIES = ("image", "video")
_TOMBSTONES = ("deletedImage", "deletedVideo")
_UNDERSTOOD = frozenset({"member", "timestamp", "id", "classification", "fingerprints", "feedback"})


def is_hash_sharing(head: bytes) -> bool:
    return NAMESPACE.encode() in head[:HEAD_BYTES] and bool(_ROOT.search(head[:HEAD_BYTES]))


def read(stream: BinaryIO, about: About) -> Reader:
    """Every entry and tombstone; `about.next_page` is the page that follows. Raises SenderError where it breaks off."""
    return (item for _element, item in read_elements(stream, about))


def read_elements(stream: BinaryIO, about: About) -> Iterator[tuple[etree._Element, Entry | Aside]]:
    """The same, each with its element, which is gone when the next one is asked for."""
    about.form, about.scheme, about.complete, about.version = "hash-sharing", "ncmec", False, "2"
    tags = {f"{{{NAMESPACE}}}{name}": name for name in (*_ENTRIES, *_TOMBSTONES, "next")}
    document = etree.iterparse(
        _NoDoctype(stream), events=("end",), tag=list(tags), resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for _, element in document:
            name = tags[element.tag]
            if name == "next":
                about.next_page = short(element.text, 2000)
            else:
                yield element, _entry(element, name, about)
            element.clear()
            while element.getprevious() is not None:  # what has been read is let go: memory stays flat
                del element.getparent()[0]
    except etree.XMLSyntaxError as problem:
        line, column = problem.position
        raise SenderError(f"The XML breaks off at line {line}, column {column}: {problem.msg}") from problem


def _entry(element: etree._Element, name: str, about: About) -> Entry | Aside:
    def text(tag: str) -> str:
        return element.findtext(f"{{{NAMESPACE}}}{tag}", "")

    member = element.find(f"{{{NAMESPACE}}}member")
    by = member.get("id", "") if member is not None else ""
    ref = short(f"{by}/{text('id')}", REF_CHARACTERS_MAX)
    media, locator = ("video" if name.endswith("ideo") else "image"), f"{name} {ref}"
    if name in _TOMBSTONES:
        return Entry(locator, ref, {}, media=media, dated=instant(text("timestamp")), withdrawn=True)
    about.unknown.update(local for child in element if (local := etree.QName(child).localname) not in _UNDERSTOOD)
    prints = element.find(f"{{{NAMESPACE}}}fingerprints")
    named = {}
    for child in prints if prints is not None else ():
        kind = etree.QName(child).localname
        if child.get("href"):
            about.unknown[f"{kind} (an address, not fetched)"] += 1
        elif child.text:
            named[kind] = child.text
    try:
        fixed, opaque = hashes(named)
    except ValueError as problem:
        return Aside(locator, str(problem), ref)
    for_it, against = _votes(element)
    return entry_or_aside(
        Entry(
            locator=locator, ref=ref, fixed=fixed, opaque=opaque,
            category=short(text("classification"), CATEGORY_CHARACTERS_MAX), media=media,
            vouched=len(for_it | {by}), disputed=len(against), dated=instant(text("timestamp")),
        )
    )  # fmt: skip


def _votes(element: etree._Element) -> tuple[set[str], set[str]]:
    """The members that voted for it and against it, over all its fingerprints."""
    found: tuple[set[str], set[str]] = (set(), set())
    for which, tag in enumerate(("affirmativeFeedback", "negativeFeedback")):
        for feedback in element.iterfind(f"{{{NAMESPACE}}}feedback/{{{NAMESPACE}}}{tag}"):
            found[which].update(one.get("id", "") for one in feedback.iter(f"{{{NAMESPACE}}}member"))
    return found


class _NoDoctype:
    """The stream; a document type is refused before libxml2 sees it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._before = b""
        self._in_prolog = True

    def read(self, size: int = -1) -> bytes:
        part = self._stream.read(size)
        if self._in_prolog:
            seen = self._before + part
            if b"<!DOCTYPE" in seen.upper():
                raise SenderError("The XML has a document type (DOCTYPE), which is not accepted; remove it.")
            self._before, self._in_prolog = seen[-HEAD_BYTES:], not _ROOT.search(seen)
        return part

"""What `threatexchange` exchanges keep and hand on: `/threat_updates` as JSON, and signal files, one hash a line.

A signal file has "pdq <hash>", "md5 <hash>" or "vpdq <frames>" a line. In JSON each indicator is one object with `id`, `type`
(`HASH_MD5`, `HASH_PDQ`, …), `indicator`, `last_updated`, and `should_delete` for a tombstone; `descriptors` say who
vouches. Source: facebook/ThreatExchange, `exchanges/impl/file_api.py`, `clients/fb_threatexchange/threat_updates.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import ijson

from abhaya.errors import SenderError
from abhaya.matching.formats import vpdq
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
    kind_of,
    said,
    short,
)

HEAD_BYTES = 4096
LINE_BYTES_MAX = vpdq.CHARACTERS_MAX + 100
_SIGNAL = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:(?:pdq|md5|video_md5|sha1|sha256|photodna)[ \t]+[0-9A-Za-z+/=]{8,}|(?:video_)?vpdq[ \t]+[\[{])",
    re.IGNORECASE,
)
_UPDATES = re.compile(rb'^(?:\xef\xbb\xbf)?\s*\{\s*"data"\s*:\s*\[')
_UNDERSTOOD = frozenset({"id", "indicator", "type", "last_updated", "should_delete", "descriptors", "creation_time"})
_FOR = frozenset({"MALICIOUS", "SUSPICIOUS"})
_AGAINST = frozenset({"NON_MALICIOUS"})


def is_signals(head: bytes) -> bool:
    return bool(_SIGNAL.match(head))


def is_updates(head: bytes) -> bool:
    return bool(_UPDATES.match(head)) and b'"indicator"' in head


def read_signals(stream: BinaryIO, about: About) -> Reader:
    return (item for _line, item in read_lines(stream, about))


def read_lines(stream: BinaryIO, about: About) -> Iterator[tuple[str, Entry | Aside]]:
    """One hash a line, with the line; empty lines and lines beginning with # say nothing."""
    about.form = "signals"
    number = 0
    while line := stream.readline(LINE_BYTES_MAX):
        number += 1
        text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").strip()
        if not text or text.startswith("#"):
            continue
        kind, _, value = text.partition(" ")
        try:
            fixed, opaque = hashes({kind: value})
        except ValueError as problem:
            yield text, Aside(f"line {number}", str(problem), short(text, LOSS_TEXT_CHARACTERS_MAX))
            continue
        media = "video" if kind.startswith("v") else ""
        yield text, entry_or_aside(Entry(f"line {number}", "", fixed, opaque, media=media))


def read_updates(stream: BinaryIO, about: About) -> Reader:
    """Every indicator. Raises SenderError where the document breaks off."""
    about.form, about.complete = "threat-updates", False
    try:
        for number, update in enumerate(ijson.items(stream, "data.item"), start=1):
            yield update_of(f"update {number}", update, about)
    except ijson.JSONError as problem:
        raise broken(problem) from problem


def broken(problem: Exception) -> SenderError:
    """The document breaks off."""
    return SenderError(f"The JSON breaks off: {' '.join(str(problem).split())[:200]}")


def update_of(locator: str, update: object, about: About) -> Entry | Aside:
    """What is understood of an indicator."""
    if not isinstance(update, dict) or not update.get("id"):
        return Aside(locator, "not an indicator with an id", short(update, LOSS_TEXT_CHARACTERS_MAX))
    ref, dated = short(update["id"], REF_CHARACTERS_MAX), instant(str(update.get("last_updated") or ""))
    if said(update.get("should_delete")) or "descriptors" not in update:
        return Entry(locator, ref, {}, dated=dated, withdrawn=True)
    about.unknown.update(key for key in update if key not in _UNDERSTOOD)
    kind = str(update.get("type") or "")
    try:
        fixed, opaque = hashes({kind_of(kind).removeprefix("hash"): str(update.get("indicator") or "")})
    except ValueError as problem:
        return Aside(locator, str(problem), ref)
    voices = list(_descriptors(update["descriptors"]))
    return entry_or_aside(
        Entry(
            locator=locator, ref=ref, fixed=fixed, opaque=opaque,
            category=short(",".join(sorted({tag for _, _, tags in voices for tag in tags})), CATEGORY_CHARACTERS_MAX),
            media="video" if "VIDEO" in kind.upper() else "",
            vouched=len({owner for owner, status, _ in voices if status in _FOR}),
            disputed=len({owner for owner, status, _ in voices if status in _AGAINST}),
            dated=dated,
        )
    )  # fmt: skip


def _descriptors(value: object) -> Iterator[tuple[str, str, list[str]]]:
    """Who says what of an indicator: (owner, status, tags)."""
    listed = value.get("data") if isinstance(value, Mapping) else value
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, Mapping):
            owner, tags = one.get("owner"), one.get("tags")
            names = tags.get("data") if isinstance(tags, Mapping) else tags
            yield (
                str(owner.get("id") if isinstance(owner, Mapping) else owner),
                str(one.get("status") or "").upper(),
                [str(tag.get("text") if isinstance(tag, Mapping) else tag) for tag in names or ()],
            )

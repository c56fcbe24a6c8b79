"""One entry of a hash list as read, whatever form the list had, and what a reader could not take.

A list's words are kept as the list says them: its own number of an entry, its own category codes. What they mean in one
country is a table (`schemes`), never code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from abhaya.matching.formats import vpdq
from abhaya.selectors import file_hash

BYTES_OF = {"md5": 16, "sha1": 20, "sha256": 32, "pdq": 32}  # what the index finds; anything else is equality of text
PDQ_QUALITY_MAX = 100
VALUE_CHARACTERS_MAX = 100_000  # a fingerprint of a film is long; more than this is not one
REF_CHARACTERS_MAX = 200
CATEGORY_CHARACTERS_MAX = 100
LOSS_TEXT_CHARACTERS_MAX = 300

PLACEHOLDER_LETTERS_MAX = 4  # "0000…", "1234 1234 …": perhaps no hash at all

_EMPTY_FILE = frozenset(map(bytes.fromhex, file_hash.EMPTY_FILE))
_HEX = re.compile(r"[0-9A-Fa-f]+")
_DOTNET = re.compile(r"/Date\((-?[0-9]{1,17})(?:[+-][0-9]{4})?\)/")
_FRACTION = re.compile(r"\.([0-9]+)")
_LATEST_SECONDS = 253_402_300_799  # the last second of the year 9999


class Entry(NamedTuple):
    """One entry. `fixed` holds the hashes that are found by their bytes, `opaque` the rest, as normalised text."""

    locator: str  # where it stands in the original: "line 12", "media 3", "image 42/image1"
    ref: str  # the list's own number of it; "" where it has none
    fixed: Mapping[str, bytes]  # md5 | sha1 | sha256 | pdq | vpdq (a film's frames, `kernels.film.FRAME`)
    opaque: Mapping[str, str] = {}  # photodna, tmk, netclean, …: equality only
    category: str = ""  # the list's own code
    media: str = ""  # image | video | ""
    marks: tuple[str, ...] = ()  # what the list says besides, in our words (see MARKS)
    vouched: int = 0  # how many people or members the list itself names for this entry; 0: the list does not say
    disputed: int = 0  # how many it names against
    dated: datetime | None = None  # when the list last changed it
    withdrawn: bool = False  # the list takes it back
    quality: int | None = None  # of the PDQ hash, 0 to 100, where the list says it


# What lists say of an entry besides its category, told apart from what they do not say.
MARKS = frozenset({
    "victim-identified", "offender-identified", "distributed", "suspected", "self-generated", "baseline",
    "file-available", "generated",
})  # fmt: skip


class Aside(NamedTuple):
    """An item of a list that was not taken, and why; the import's loss report shows it."""

    locator: str
    why: str
    text: str = ""


@dataclass(slots=True)
class About:
    """What the list says of itself, and which of its fields nobody here understood: the rest of the loss report."""

    form: str = ""
    version: str = ""
    scheme: str = ""  # whose category codes these are, as far as the file says
    country: str = ""
    next_page: str = ""
    complete: bool = True  # False: changes since another version (a page of an exchange), not the whole list
    unknown: Counter[str] = field(default_factory=Counter)  # field -> in how many entries


Reader = Iterator[Entry | Aside]


def fixed_hash(kind: str, text: str) -> bytes | None:
    """The bytes of a hash in hexadecimal; None if it is empty. Raises ValueError with a sentence for the loss report."""
    plain = text.strip()
    if not plain:
        return None
    if len(plain) == 2 * BYTES_OF[kind] and _HEX.fullmatch(plain) and len(set(plain)) > PLACEHOLDER_LETTERS_MAX:
        value = bytes.fromhex(plain)
        if value not in _EMPTY_FILE:
            return value  # nearly always; what is left is looked at with care
    read = file_hash.normalise(plain[:VALUE_CHARACTERS_MAX], hash_type=kind)
    if not read.value or not read.value.startswith(f"{kind}:"):
        raise ValueError(f"“{plain[:80]}” is not {kind.upper()}: {read.why_not or 'another kind of hash'}")
    return bytes.fromhex(read.value.partition(":")[2])


def hashes(named: Mapping[str, str]) -> tuple[dict[str, bytes], dict[str, str]]:
    """Hashes by the names a list gives them, as (fixed, opaque). Raises ValueError with a sentence."""
    fixed: dict[str, bytes] = {}
    opaque: dict[str, str] = {}
    for name, text in named.items():
        kind = kind_of(name)
        if kind in BYTES_OF:
            value = fixed_hash(kind, text)
            if value is not None:
                fixed[kind] = value
        elif kind == "vpdq" and text.strip():
            frames = vpdq.read(text)
            fixed |= {kind: frames} if vpdq.says_something(frames) else {}
        elif text.strip():
            if len(text) > VALUE_CHARACTERS_MAX:
                raise ValueError(f"{name} is longer than {VALUE_CHARACTERS_MAX:,} characters")
            read = file_hash.normalise(text, hash_type=kind)
            opaque[kind] = read.value.partition(":")[2] if read.value else text.strip()
    return fixed, opaque


def written(kind: str, value: bytes) -> str:
    """A fixed hash as lists write it."""
    return vpdq.written(value) if kind == "vpdq" else value.hex()


def kind_of(name: str) -> str:
    """One name for each kind of hash, as `selectors.file_hash` has it."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    return _KINDS.get(plain, plain)


_KINDS = {
    "pdna": "photodna", "photodna": "photodna", "sha1": "sha1", "sha256": "sha256", "md5": "md5", "pdq": "pdq",
    "tmkpdqf": "tmk", "videomd5": "md5", "hashmd5": "md5", "hashsha1": "sha1", "hashsha256": "sha256", "hashpdq": "pdq",
    "videovpdq": "vpdq", "hashvideovpdq": "vpdq", "vpdqhash": "vpdq",
}  # fmt: skip


def entry_or_aside(entry: Entry) -> Entry | Aside:
    """An entry that holds no hash at all finds nothing: it is set aside, unless the list only takes it back."""
    if entry.fixed or entry.opaque or entry.withdrawn:
        return entry
    return Aside(entry.locator, "no hash in it", entry.ref)


def short(text: object, characters: int) -> str:
    """A text of a list, fit to be stored: no NUL, no half characters, not longer than that."""
    plain = str(text).replace("\x00", "").strip()[:characters] if text is not None else ""
    return plain.encode("utf-8", "replace").decode()


def instant(text: str) -> datetime | None:
    """An instant as lists write them: ISO 8601 (also "…+05:00Z"), seconds since 1970, .NET's "/Date(ms)/". None: unreadable."""
    plain = text.strip()
    dotnet = _DOTNET.fullmatch(plain)
    if dotnet or plain.isdecimal():
        seconds = int(dotnet.group(1)) / 1000 if dotnet else int(plain[:17])
        return datetime.fromtimestamp(seconds, UTC) if 0 <= seconds <= _LATEST_SECONDS else None
    if plain.endswith("Z") and re.search(r"[+-][0-9]{2}:?[0-9]{2}Z$", plain):
        plain = plain[:-1]
    plain = _FRACTION.sub(lambda found: "." + found.group(1)[:6].ljust(6, "0"), plain)
    try:
        read = datetime.fromisoformat(plain)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def said(value: object) -> bool | None:
    """Yes, no, or nothing said: lists write booleans as words, too, and what is not said is not "no"."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower() if value is not None else ""
    return True if word in _YES else False if word in _NO else None


_YES = frozenset({"true", "1", "yes", "y", "t"})
_NO = frozenset({"false", "0", "no", "n", "f"})

"""Hashes of files as senders write them: the type by its name and by its length, hexadecimal or base64, as "md5:…".

A hash that somebody claims is not a hash that we computed. Which is which is said where it is used (`matching`).
"""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache

from abhaya.selectors import placeholder
from abhaya.selectors.normal import (
    CACHE_VALUES_MAX,
    WHY_EMPTY,
    WHY_PLACEHOLDER,
    WHY_TOO_LONG,
    Normal,
    fold,
    refused,
    tidy,
)

TEXT_CHARACTERS_MAX = 2083
BYTES_OF = {"md5": 16, "sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64, "pdq": 32}
PHOTODNA_BYTES = 144
PERCEPTUAL = frozenset({"pdq", "photodna", "tmk", "vpdq", "netclean", "videntifier", "phash", "ssvh"})

WHY_LENGTH = "The value has not the length of a hash of the type that was named."
WHY_UNKNOWN = "No type was named, and no known hash has this length."
WHY_NOT_HEX = "Neither hexadecimal nor base64."
WHY_NOTHING = "The hash of an empty file: it says nothing about any picture."
NOTE_BY_LENGTH = "No type was named; read by its length as: "
NOTE_BASE64 = "Was written in base64."
NOTE_OTHER = "A kind of hash that is kept and shown but not computed here: "

_BY_LENGTH = {16: "md5", 20: "sha1", 32: "sha256", 48: "sha384", 64: "sha512"}  # bytes; SHA-224 only when named
EMPTY_FILE = frozenset({
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
})  # fmt: skip
_TYPE_NAMES = {
    "md5": "md5", "md5sum": "md5", "md5hash": "md5", "sha1": "sha1", "sha": "sha1", "sha160": "sha1", "sha1hash": "sha1",
    "sha256": "sha256", "sha2": "sha256", "sha2256": "sha256", "sha256hash": "sha256", "sha512": "sha512",
    "sha384": "sha384", "sha224": "sha224", "pdq": "pdq", "pdqhash": "pdq", "pdna": "photodna", "photodna": "photodna",
    "photodnahash": "photodna", "tmk": "tmk", "tmkpdqf": "tmk", "vpdq": "vpdq", "phash": "phash",
    "ssvhpdna": "ssvh", "ssvhsaferhash": "ssvh",
}  # fmt: skip
_KINDS = frozenset(_TYPE_NAMES.values())
_PREFIX = re.compile(r"([A-Za-z][A-Za-z0-9_\- ]{1,15})\s*[:=]\s*(?=\S)")
_NOT_NAME = re.compile(r"[^a-z0-9]+")
_HEX_GAPS = re.compile(r"[\s:\-]+")
_HEX = re.compile(r"[0-9a-f]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_\-]+={0,2}")


def normalise(raw: str, *, hash_type: str = "") -> Normal:
    """`hash_type` as the sender named it ("MD5", "sha-1", "PhotoDNA"), free text."""
    return _normalise(raw, hash_type)


@lru_cache(maxsize=CACHE_VALUES_MAX)
def _normalise(raw: str, hash_type: str) -> Normal:
    text = tidy(raw)
    if not text:
        return refused(WHY_EMPTY)
    if len(text) > TEXT_CHARACTERS_MAX:
        return refused(WHY_TOO_LONG)
    prefix = _PREFIX.match(text)
    named = type_name(hash_type)
    written = type_name(prefix[1]) if prefix else ""
    if prefix and written in _KINDS and written == (named or written):
        named, text = written, text[prefix.end() :]
    if placeholder.is_word(fold(text)) or placeholder.is_identifier(text):
        return refused(WHY_PLACEHOLDER)
    if named and named not in BYTES_OF:
        return Normal(f"{named}:{_one_spelling(named, text)}", "", (NOTE_OTHER + named,))
    return _digest(text, named)


def type_name(written: str) -> str:
    """From "SHA-256 hash" to "sha256"; a name we do not know comes back tidied, "" for none."""
    close = _NOT_NAME.sub("", fold(tidy(written)))[:32]
    return _TYPE_NAMES.get(close) or _TYPE_NAMES.get(close.removesuffix("hash").removesuffix("sum")) or close


def _one_spelling(kind: str, text: str) -> str:
    """A PhotoDNA hash is 144 bytes; VICS 2.0 writes them in base64, VICS 1.x and the exchanges in hexadecimal."""
    if kind != "photodna":
        return text
    plain = _HEX_GAPS.sub("", text).lower()
    if _HEX.fullmatch(plain):
        return plain
    decoded = _from_base64(text)
    return decoded.hex() if decoded is not None and len(decoded) == PHOTODNA_BYTES else text


def _digest(text: str, named: str) -> Normal:  # noqa: PLR0911 — a list of refusals, read from top to bottom
    hexadecimal = _HEX_GAPS.sub("", text).lower()
    notes: tuple[str, ...] = ()
    if not _HEX.fullmatch(hexadecimal):
        decoded = _from_base64(text)
        if decoded is None:
            return refused(WHY_NOT_HEX)
        hexadecimal, notes = decoded.hex(), (NOTE_BASE64,)
    if len(hexadecimal) % 2:
        return refused(WHY_LENGTH if named else WHY_UNKNOWN)
    kind = named or _BY_LENGTH.get(len(hexadecimal) // 2, "")
    if not kind:
        return refused(WHY_UNKNOWN)
    if BYTES_OF[kind] * 2 != len(hexadecimal):
        return refused(WHY_LENGTH)
    if hexadecimal in EMPTY_FILE:
        return refused(WHY_NOTHING)
    if placeholder.is_identifier(hexadecimal):
        return refused(WHY_PLACEHOLDER)
    return Normal(f"{kind}:{hexadecimal}", "", notes if named else (*notes, NOTE_BY_LENGTH + kind))


def _from_base64(text: str) -> bytes | None:
    if not _BASE64.fullmatch(text):
        return None
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error:
        return None

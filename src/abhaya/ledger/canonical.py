"""An entry's exact bytes: canonical JSON (RFC 8785) without floats, and the salted commitment a leaf is made of.

Keys are sorted, nothing is escaped that need not be, numbers are whole and at most 53 bits, instants are UTC text with
six digits of a second. The same facts give the same bytes in every language; the verifier hashes the bytes as they lie.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import msgspec

INTEGER_MAX = 2**53 - 1  # the largest whole number every JSON reader holds exactly
DEPTH_MAX = 16
SALT_BYTES = 32
_SIMPLE = {str, bool, type(None)}
_simple = msgspec.json.Encoder(order="deterministic")  # sorts names by code point: the same for ASCII

COMMITMENT_DOMAIN = b"abhaya ledger entry v1\n"


def encode(value: object) -> bytes:
    """Canonical bytes of a value.

    TypeError for a float or a foreign type, ValueError beyond the limits: facts that cannot be written the same way
    twice are a programming error, not input.
    """
    if type(value) is dict and _is_simple(value):
        try:
            return _simple.encode(value)
        except UnicodeEncodeError:
            pass  # as below
    text = json.dumps(_plain(value, 0), ensure_ascii=False, separators=(",", ":"), check_circular=False)
    try:
        return text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, from a sender's broken JSON: no UTF-8 can hold it
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def instant(at: datetime) -> str:
    """UTC with microseconds, always 27 characters. ValueError without a zone."""
    if at.tzinfo is None:
        raise ValueError("an instant in the ledger needs its time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def commitment(salt: bytes, body: bytes) -> bytes:
    """SHA-256 over a fixed domain, 32 bytes of salt and the body.

    Equal acts give different leaves, and whoever holds only the leaf cannot guess the act.
    """
    return sha256(COMMITMENT_DOMAIN + salt + body).digest()


def _is_simple(facts: dict[object, object]) -> bool:
    """Nearly all facts are: ASCII names, text, whole numbers, lists of text. They are written ten times as fast."""
    for name, fact in facts.items():
        kind = type(fact)
        if type(name) is not str or not name.isascii():
            return False
        if kind is int:
            if not -INTEGER_MAX <= fact <= INTEGER_MAX:  # type: ignore[operator]  # it is an int
                return False
        elif kind is list:
            if any(type(each) is not str for each in fact):  # type: ignore[attr-defined]  # it is a list
                return False
        elif kind not in _SIMPLE:
            return False
    return True


def _plain(value: object, depth: int) -> object:
    if isinstance(value, Mapping | list | tuple):
        if depth >= DEPTH_MAX:
            raise ValueError(f"facts nest deeper than {DEPTH_MAX}")
        if isinstance(value, Mapping):
            return {key: _plain(value[key], depth + 1) for key in sorted(value, key=_utf16)}
        return [_plain(each, depth + 1) for each in value]
    return _scalar(value)


def _scalar(value: object) -> str | int | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str | UUID):
        return str(value)  # of an enumeration its value, not its name
    if isinstance(value, int):
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise ValueError(f"{value} does not fit 53 bits: write it as text")
        return int(value)
    if isinstance(value, datetime):
        return instant(value)
    raise TypeError(
        "a ledger fact is text, a whole number, true, false, null, an id, an instant, a list or a mapping,"
        f" not {type(value).__name__}"
    )


def _utf16(key: object) -> bytes:
    """RFC 8785 §3.2.3 sorts keys by their UTF-16 code units."""
    if not isinstance(key, str):
        raise TypeError(f"the name of a fact is text, not {type(key).__name__}")
    return key.encode("utf-16-be", "surrogatepass")

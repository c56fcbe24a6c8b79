"""One sighting as a row of values, and the id of the selector it shows."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from abhaya.selectors.normal import CACHE_VALUES_MAX


class Sighting(NamedTuple):
    """A selector seen in an item, in a role, at an instant. `value` is None where it would not normalise."""

    compartment: UUID
    report_id: UUID
    item_id: UUID | None
    kind: str
    value: str | None
    raw: str
    role: str
    person: int
    locator: str
    event: str = ""
    at: datetime | None = None
    at_precision: str = ""
    at_original: str = ""
    zone_known: bool = True
    port: int | None = None
    platform: str = ""
    possible_proxy: bool | None = None
    verified: bool | None = None
    mined: bool = False
    assumed: bool = False  # part of the value was not written but assumed
    why_not: str = ""
    account_id: UUID | None = None  # the account that this person of this report acted by: whose sighting it is


@lru_cache(maxsize=CACHE_VALUES_MAX)
def selector_id(kind: str, value: str) -> UUID:
    """UUIDv8 (RFC 9562 §5.8) of SHA-256(kind NUL value): the same here and in PostgreSQL's `selectors_intern`."""
    digest = bytearray(hashlib.sha256(f"{kind}\0{value}".encode()).digest()[:16])
    digest[6] = (digest[6] & 0x0F) | 0x80
    digest[8] = (digest[8] & 0x3F) | 0x80
    return UUID(bytes=bytes(digest))

"""Ids of what is linked: the account that stands for a person without one, and the value under which evidence meets (pure).

Both are UUIDv8 (RFC 9562 §5.8) of SHA-256, as the ids of selectors are: the same in every run and on every machine.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from abhaya.linking.weights import IP, KINDS
from abhaya.selectors.sighting import selector_id

MINUTES_MAX = 60 * ((1 << 20) - 1)  # since 1970, until 2089: what the kernels count hours in
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def unnamed(report_id: UUID, role: str, person: int) -> UUID:
    """The stand-in for the account of a person of a report for whom none is named."""
    return selector_id("unnamed", f"{report_id}\0{role}\0{person}")


def value_id(kind: int, key: str, at: datetime) -> UUID:
    """Under which id a value meets others: an IPv4 address only within one hour, anything else whenever."""
    if kind == IP:
        return selector_id("ip hour", f"{key}\0{minutes(at) // 60}")
    return selector_id(KINDS[kind], key)


def minutes(at: datetime) -> int:
    """Minutes since 1970, within what the kernels count."""
    return min(max(int((at - _EPOCH).total_seconds() // 60), 0), MINUTES_MAX)

"""Ids are UUIDv7 (RFC 9562 §5.7), made in Python: PostgreSQL before 18 has none, and the partition key is the time in it."""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

SINCE_DAYS = 2  # how far the clocks of two machines of one installation may ever have differed
PUBLIC_NUMBER_BITS = 53  # the largest integer every JSON and JavaScript client holds exactly

_lock = threading.Lock()
_next = 0  # milliseconds and a counter of 12 bits, as one number


def uuid7() -> uuid.UUID:
    """One id; ids of one process sort in the order they were made."""
    return uuid7s(1)[0]


def uuid7s(count: int) -> list[uuid.UUID]:
    """`count` ids in rising order. 12 bits of counter follow the millisecond, 62 random bits follow the variant."""
    noise = secrets.token_bytes(8 * count)
    first = reserved(count)
    made: list[uuid.UUID] = []
    for index in range(count):
        ordinal = first + index
        low = int.from_bytes(noise[8 * index : 8 * index + 8], "big") & ((1 << 62) - 1)
        made.append(uuid.UUID(int=(ordinal >> 12 << 80) | (0x7 << 76) | ((ordinal & 0xFFF) << 64) | (0b10 << 62) | low))
    return made


def reserved(count: int) -> int:
    """The first of `count` numbers in a row that no other id of this process has: its millisecond since 1970 times 4,096, and a
    counter. Whoever takes more than 4,096 within a millisecond runs ahead of the clock by so much.
    """
    global _next  # noqa: PLW0603 — the clock of this process
    with _lock:
        first = max(time.time_ns() // 1_000_000 << 12, _next)
        _next = first + count
    return first


def month_edge(year: int, month: int) -> uuid.UUID:
    """The smallest id of a month: where its partition begins."""
    milliseconds = int(datetime(year, month, 1, tzinfo=UTC).timestamp() * 1000)
    return uuid.UUID(int=milliseconds << 80)


def since(report_ids: Sequence[uuid.UUID]) -> uuid.UUID:
    """An id that no row written for these reports lies below: PostgreSQL then leaves the earlier months unread."""
    milliseconds = max(0, (min(report_ids).int >> 80) - SINCE_DAYS * 86_400_000)
    return uuid.UUID(int=milliseconds << 80)


def until() -> uuid.UUID:
    """An id that no row written so far lies above: PostgreSQL then leaves the months to come unread."""
    return uuid.UUID(int=(time.time_ns() // 1_000_000 + SINCE_DAYS * 86_400_000) << 80)


def made_at(identifier: uuid.UUID) -> datetime:
    """When an id was made, to the millisecond."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, tz=UTC)


def public_number() -> int:
    """A random positive number of 53 bits, for what is shown outside: it says nothing about how many there are."""
    return secrets.randbits(PUBLIC_NUMBER_BITS - 1) | (1 << (PUBLIC_NUMBER_BITS - 1))

"""Who learns what in a blinded comparison: three steps, values in and points out (pure; private set intersection by
Diffie–Hellman: Meadows 1986; Huberman, Franklin and Hogg 1999).

The question has the asker's identifiers, raised by the asker alone. The answer gives them back raised by both, in the
order in which they came, and beside them the answerer's, raised by the answerer alone. The result gives those back raised
by both. What both raised is the same where the identifier is the same, so each side learns which of *its own* the other
has. All lists are shuffled and filled with points of nothing up to a power of two.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from typing import NamedTuple

from abhaya.exchange.kernels import NoPoint, padding, points, raised

VALUES_MAX = 16_384  # of one side: a few seconds on one core, and files of a megabyte
POINTS_MIN = 256  # the smallest size: whether somebody asks about one identifier or two hundred looks the same
TINY_VALUES_MAX = 8  # so few of one's own ask about persons, not about a desk's work
TINY_IN_WINDOW_MIN = 3  # so many of those from one officer within the window are told to the auditor
TINY_WINDOW_HOURS = 7 * 24
BEGUN_PER_PARTNER_DAY_MAX = 4  # in one installation, with one partner's key
ANSWERED_PER_PARTNER_DAY_MAX = 4  # a partner can ask about numbers it made up: 65,536 a day at most
OPEN_DAYS_MAX = 30  # then an unfinished comparison ends, and its secrets with it

NOTHING = -1  # the place of a point that belongs to no identifier
_random = secrets.SystemRandom()

Own = tuple[str, str]  # kind, normalised value


class Blinded(NamedTuple):
    """One side's points as they leave the house, and which of its identifiers each is (`NOTHING`: none)."""

    points: list[bytes]
    places: list[int]


def message(comparison: bytes, kind: str, value: str) -> bytes:
    """What becomes a point: bound to this comparison and this kind, so that nothing carries over to another."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in (comparison, kind.encode(), value.encode()))


def size_for(values: int) -> int:
    """The next power of two, `POINTS_MIN` at least."""
    return max(POINTS_MIN, 1 << (values - 1).bit_length()) if values else POINTS_MIN


def blinded(comparison: bytes, own: Sequence[Own], secret: bytes) -> Blinded:
    """One's own identifiers, raised, filled up and shuffled."""
    mine = raised(points(message(comparison, kind, value) for kind, value in own), secret)
    fill = size_for(len(mine)) - len(mine)
    mixed = [*enumerate(mine), *((NOTHING, point) for point in padding(fill))]
    _random.shuffle(mixed)
    return Blinded([point for _place, point in mixed], [place for place, _point in mixed])


def given_back(theirs: Sequence[bytes], secret: bytes) -> list[bytes]:
    """The other side's points, raised by ours too, in their order. NoPoint for what no honest side sends."""
    if not well_sized(len(theirs)):
        raise NoPoint("a list is a power of two long, within the limits")
    if len(set(theirs)) < len(theirs):
        raise NoPoint("a list has the same point twice")
    return raised(theirs, secret)


def well_sized(count: int) -> bool:
    return POINTS_MIN <= count <= VALUES_MAX and count & (count - 1) == 0


def met(places: Sequence[int], ours_by_both: Sequence[bytes], theirs_by_both: Collection[bytes]) -> list[int]:
    """Which of our identifiers the other side has too. `ours_by_both` stand in the order of `places`."""
    if len(ours_by_both) != len(places):
        raise NoPoint("the other side gave back another number of points than it was given")
    other = set(theirs_by_both)
    return sorted(
        place for place, point in zip(places, ours_by_both, strict=True) if place != NOTHING and point in other
    )


def is_probing(earlier_tiny: int, values: int) -> bool:
    """Whether this comparison of so few makes it one too many. `earlier_tiny`: those within the window before it."""
    return values <= TINY_VALUES_MAX and earlier_tiny + 1 >= TINY_IN_WINDOW_MIN

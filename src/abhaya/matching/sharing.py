"""What a partner may read at the hash-sharing door: changes of the lists shared with it, page after page. Readers.

A page is found by where the last one ended, so that the ten-thousandth costs what the first does. Where it ended travels
with the client, signed: nothing is kept here between two calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.core import signing

from abhaya.errors import SenderError
from abhaya.matching.formats.hash_sharing_answers import Member, Said, Shown
from abhaya.matching.formats.record import BYTES_OF, fixed_hash
from abhaya.matching.votes import REASONS
from abhaya.shared.sql import NamedSql, fetch, value, values

SQL = NamedSql(__file__, "sharing.sql")
ENTRIES_PER_PAGE = 1000
NEXT_SECONDS_MAX = 12 * 3600  # as long as clients keep it
CLOCK_SKEW = timedelta(minutes=1)
LOCAL_TIME = timedelta(days=1)  # how far a client's clock can be ahead that writes local time and calls it UTC
_SALT = "abhaya.hashsharing.next"


class Shared(NamedTuple):
    """A list that a partner may read."""

    compartment: UUID
    given_at: datetime
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A range of time, and after which row of it to go on."""

    begin: datetime
    until: datetime  # exclusive
    seen: datetime
    at: datetime
    position: int


@dataclass(frozen=True, slots=True)
class Page:
    """`given`: per list, how many entries and tombstones are in it. `following`: where the next one begins."""

    entries: Sequence[Shown]
    given: dict[UUID, int]
    following: Place | None


class _Row(NamedTuple):
    compartment: UUID
    number: int
    name: str
    seen: datetime
    at: datetime
    position: int
    key: bytes
    media: str
    category: str
    md5: bytes | None
    sha1: bytes | None
    sha256: bytes | None
    pdq: bytes | None
    opaque: list[str]
    withdrawn: bool
    votes: list[list[Any]] | None


def shares(sender_id: UUID) -> list[Shared]:
    return fetch(Shared, SQL["shares"], {"sender": sender_id})


def opened(begin: datetime, end: datetime) -> Place:
    """The beginning of a range as a client asks for it, both seconds included. Waits for whoever is writing entries."""
    _, now = fetch(lambda *row: row, SQL["quiet"])[0]
    if end > now + CLOCK_SKEW:  # local time under the name of UTC: what was missed by it is told, too
        begin = max(begin, _EARLIEST + LOCAL_TIME) - LOCAL_TIME
    return Place(begin, min(end + timedelta(seconds=1), now), begin, _EARLIEST, 0)


def page(partner: UUID, lists: Sequence[Shared], place: Place, size: int = ENTRIES_PER_PAGE) -> Page:
    """The changes after a place, of the lists given."""
    if not lists:
        return Page((), {}, None)
    rows = fetch(
        _Row,
        SQL["page"],
        {
            "lists": [one.compartment for one in lists], "numbers": [one.number for one in lists],
            "names": [one.name for one in lists], "given": [one.given_at for one in lists],
            "from": place.begin, "until": place.until, "seen": place.seen, "at": place.at, "position": place.position,
            "limit": size + 1,
        },
    )  # fmt: skip
    shown = rows[:size]
    given: dict[UUID, int] = {}
    for row in shown:
        given[row.compartment] = given.get(row.compartment, 0) + 1
    last = shown[-1] if len(rows) > size else None
    following = Place(place.begin, place.until, last.seen, last.at, last.position) if last else None
    return Page([_shown(row, partner) for row in shown], given, following)


def sealed(place: Place, sender_id: UUID) -> str:
    """A place as a client carries it: signed, for this partner, for some hours."""
    instants = [one.isoformat() for one in (place.begin, place.until, place.seen, place.at)]
    return signing.dumps([str(sender_id), *instants, place.position], salt=_SALT, compress=True)


def unsealed(text: str, sender_id: UUID) -> Place:
    """Raises SenderError where it is not ours, not this partner's, or too old."""
    try:
        whose, *instants, position = signing.loads(text, salt=_SALT, max_age=NEXT_SECONDS_MAX)
    except signing.BadSignature as problem:
        raise SenderError("This page is not known, or it is too old; begin the range again.") from problem
    if whose != str(sender_id):
        raise SenderError("This page is not known, or it is too old; begin the range again.")
    begin, until, seen, at = map(datetime.fromisoformat, instants)
    return Place(begin, until, seen, at, position)


def member_number(subject: UUID) -> int:
    """Under which number the door names a list, a partner or a unit; made on first use."""
    return int(value(SQL["member"], {"subject": subject}))


def keys_with(list_id: UUID, key: str) -> list[bytes]:
    """The keys of a list's live entries that have a hash ("md5:…")."""
    kind, _, text = key.partition(":")
    asked = {"list": list_id, "kind": kind, "digest": fixed_hash(kind, text) if kind in BYTES_OF else None, "text": key}
    return [bytes(one) for one in values(SQL["keys_with"], asked)]


def unit_name(unit: UUID) -> str:
    return str(value(SQL["unit_name"], {"unit": unit}))


_EARLIEST = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


def _shown(row: _Row, partner: UUID) -> Shown:
    fixed = (("md5", row.md5), ("sha1", row.sha1), ("sha256", row.sha256), ("pdq", row.pdq))
    prints = {kind: bytes(held).hex() for kind, held in fixed if held is not None}
    prints |= {kind: text for kind, _, text in (one.partition(":") for one in row.opaque)}
    return Shown(
        member=Member(row.number, row.name),
        id=bytes(row.key).hex(),
        is_video=row.media == "video",
        at=row.seen,
        withdrawn=row.withdrawn,
        classification=row.category,
        fingerprints=prints,
        said=[_said(vote, partner) for vote in row.votes or ()],
    )


def _said(vote: list[Any], partner: UUID) -> Said:
    """Other partners are numbers to a partner: whom else a list is shared with is nobody's concern."""
    number, voter, name, hash_type, affirmative, reasons, at = vote
    by = Member(number, name if voter == str(partner) else f"Member {number}")
    why = [one for one in REASONS if one.name in reasons]
    return Said(by, hash_type, affirmative, why, datetime.fromisoformat(at))

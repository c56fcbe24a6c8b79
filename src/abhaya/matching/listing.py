"""Hash lists as their pages show them: readers, everything as far as the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import msgspec

from abhaya.shared.sql import NamedSql, fetch, values

SQL = NamedSql(__file__, "listing.sql")
LISTS_SHOWN_MAX, VERSIONS_SHOWN_MAX, ASIDES_SHOWN_MAX, CHANGES_SHOWN_MAX = 200, 20, 50, 20
HITS_COUNTED_MAX = 1000  # matches looked at for a count; beyond, "1,000+"
OLD_AFTER_DAYS = 30  # a list that nobody has renewed for so long finds less than people think


@dataclass(frozen=True, slots=True)
class ListShown:
    """One list. `matches` and `reports`: those that this viewer may see; `later`: found by the re-check that is under way."""

    id: UUID
    name: str
    source: str
    licence: str
    scheme: str
    purpose: str
    vouched: int
    vouched_basis: str
    ended_at: datetime | None
    end_reason: str
    unit_name: str
    unit_name_hi: str
    version: str
    dated: date | None
    live: int | None
    withdrawn: int
    set_aside: int
    is_reading: bool
    matches: int
    reports: int
    later: int
    recheck_entries: int | None
    recheck_done: int | None
    unit_id: UUID
    poll_address: str
    poll_problem: str
    poll_tried_at: datetime | None
    poll_checkpoint: datetime | None
    poll_state: str  # on | paused; "" where it is read from nowhere

    @property
    def days_old(self) -> int:
        return max(0, (datetime.now(UTC).date() - self.dated).days) if self.dated else 0

    @property
    def is_old(self) -> bool:
        return self.ended_at is None and self.days_old > OLD_AFTER_DAYS

    @property
    def is_capped(self) -> bool:
        return self.matches >= HITS_COUNTED_MAX

    @property
    def is_rechecking(self) -> bool:
        return self.recheck_entries is not None

    @property
    def is_busy(self) -> bool:
        """Something about it changes by itself: the page looks for news."""
        return self.is_rechecking or self.is_reading


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version with its loss report."""

    version: str
    dated: date
    form: str
    file_name: str
    sha256: str
    complete: bool
    state: str
    why: str
    rows: int
    taken: int
    repeated: int
    withdrawn: int
    set_aside: int
    live: int | None
    unknown_text: str
    begun_at: datetime
    done_at: datetime | None
    asides_text: str

    @property
    def unknown(self) -> dict[str, int]:
        """Fields nobody here understood, each with the number of entries that have it."""
        return msgspec.json.decode(self.unknown_text, type=dict[str, int])

    @property
    def asides(self) -> list[tuple[str, str, str]]:
        """(where it stands, why it was not taken, what it says), the first ones."""
        return msgspec.json.decode(self.asides_text, type=list[tuple[str, str, str]])

    @property
    def more_aside(self) -> int:
        return max(0, self.set_aside - len(self.asides))


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """What a list said of itself before somebody changed it."""

    field: str  # source | licence | scheme
    before: str
    after: str
    reason: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CategoryShown:
    code: str
    label: str
    label_hi: str
    severity: int | None
    unlawful: bool | None
    source: str


@dataclass(frozen=True, slots=True)
class FoundShown:
    """One file of a report that the list names."""

    id: UUID
    report_id: UUID
    number: int
    sender: str
    file_number: int
    answer: str
    hash_kind: str
    hash_type: str
    distance: int
    frames: list[int] | None  # of a film, see `models.ListMatch`
    version: str
    found_by: str
    found_at: datetime
    ended_at: datetime | None
    end_reason: str


@dataclass(frozen=True, slots=True)
class OpeningShown:
    """A unit, or an officer, to which a list is open. `can_end`: the opening was made by an officer."""

    viewer: UUID
    name: str
    name_hi: str
    basis: str
    made_at: datetime
    can_end: bool


@dataclass(frozen=True, slots=True)
class ShareShown:
    """A partner that may read a list at the door."""

    partner: str
    given_by: str
    given_at: datetime
    until: datetime | None


def lists(only: UUID | None = None) -> list[ListShown]:
    """The lists open to the viewer, or the one of that id."""
    return fetch(ListShown, SQL["lists"], {"list": only, "most": HITS_COUNTED_MAX, "lists": LISTS_SHOWN_MAX})


def versions(list_id: UUID) -> list[VersionShown]:
    return fetch(
        VersionShown, SQL["versions"], {"list": list_id, "asides": ASIDES_SHOWN_MAX, "versions": VERSIONS_SHOWN_MAX}
    )


def changes(list_id: UUID) -> list[ChangeShown]:
    return fetch(ChangeShown, SQL["changes"], {"list": list_id, "most": CHANGES_SHOWN_MAX})


def categories(scheme: str) -> list[CategoryShown]:
    return fetch(CategoryShown, SQL["categories"], {"scheme": scheme})


def found(list_id: UUID, *, after: UUID | None, limit: int) -> list[FoundShown]:
    """What the list found, newest first, in reports that the viewer may see."""
    return fetch(FoundShown, SQL["found"], {"list": list_id, "after": after, "limit": limit})


def schemes() -> list[str]:
    return values(SQL["schemes"])


def openings(list_id: UUID) -> list[OpeningShown]:
    """On the road: an officer sees only their own unit's openings."""
    return fetch(OpeningShown, SQL["openings"], {"list": list_id})


def shares(list_id: UUID) -> list[ShareShown]:
    """On the road."""
    return fetch(ShareShown, SQL["shares"], {"list": list_id})


def partners() -> list[str]:
    """On the road."""
    return values(SQL["partners"])

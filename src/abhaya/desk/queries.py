"""What the desk's pages read across rooms. Row security decides, row by row, what there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from django.utils.translation import get_language

from abhaya.desk.finding import Candidate
from abhaya.selectors import queries as selectors
from abhaya.selectors.queries import SightingRow
from abhaya.selectors.reasons import in_language
from abhaya.shared.reason import Reason
from abhaya.shared.sql import NamedSql, fetch, values

SQL = NamedSql(__file__)
FOUND_MAX = 100
PLATFORMS_MAX = 200
FOUND_LATER_DAYS = 7
PLATFORM_REPORTS_MAX = 2000  # newest reports asked for the names of their platforms
HASH_COLUMNS = {16: "md5", 20: "sha1", 32: "sha256"}  # length in bytes -> column


@dataclass(frozen=True, slots=True)
class Sighting:
    """One identifier of a report, as its page shows it."""

    row: SightingRow

    @property
    def role(self) -> str:
        return self.row.role

    @property
    def person(self) -> int:
        return self.row.person

    @property
    def kind(self) -> str:
        return self.row.kind

    @property
    def why_not(self) -> str:
        """Why it is not compared with others, in the reader's language."""
        return in_language(self.row.why_not, get_language() or "en")


@dataclass(frozen=True, slots=True)
class FoundReport:
    """One report that a search found."""

    id: UUID
    number: int
    received_at: datetime
    platform: str
    sender_name: str
    external_ref: str
    by: str = ""  # kind of the identifier, "file_hash" for bytes we hold, "" for the sender's reference
    role: str = ""


@dataclass(frozen=True, slots=True)
class FoundLater:
    """A report in which a hash list that came later found files."""

    report_id: UUID
    number: int
    platform: str
    list_name: str
    files: int
    found_at: datetime
    is_decided: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A report that waits for a unit to accept or return it."""

    report_id: UUID
    lane: str
    why_json: str | None
    note: str
    offered_at: datetime
    due_at: datetime
    from_name: str
    from_name_hi: str
    number: int
    platform: str

    @property
    def why(self) -> Reason | None:
        return msgspec.json.decode(self.why_json, type=Reason) if self.why_json else None

    @property
    def from_unit(self) -> dict[str, str]:
        return {"name": self.from_name, "name_hi": self.from_name_hi}


@dataclass(frozen=True, slots=True)
class Numbered:
    """A report by its compartment, as lists of other rooms link it."""

    compartment: UUID
    id: UUID
    number: int


def sightings(report_id: UUID) -> list[Sighting]:
    """A report's identifiers, each with in how many other reports that the reader may see it stands."""
    return [Sighting(row) for row in selectors.of_report(report_id)]


def search(candidates: Sequence[Candidate], digest: bytes | None, referred: Sequence[UUID]) -> list[FoundReport]:
    """Each report once, the newest first, with what it was found by."""
    by: dict[UUID, tuple[str, str]] = dict.fromkeys(referred, ("", ""))
    if digest is not None and len(digest) in HASH_COLUMNS:
        column = HASH_COLUMNS[len(digest)]
        for report in values(SQL["with_hash"].replace("{column}", column), {"hash": digest, "most": FOUND_MAX}):
            by.setdefault(report, ("file_hash", "file"))
    kinds = {candidate.selector: candidate.kind for candidate in candidates}
    for found in selectors.reports_with(candidates, most=FOUND_MAX):
        by.setdefault(found.report_id, (kinds.get(found.selector_id, ""), found.role))
    if not by:
        return []
    rows = fetch(FoundReport, SQL["found"], {"reports": list(by), "most": FOUND_MAX})
    return [
        FoundReport(row.id, row.number, row.received_at, row.platform, row.sender_name, row.external_ref, *by[row.id])
        for row in rows
    ]


def platforms() -> list[str]:
    return values(SQL["platforms"], {"most": PLATFORMS_MAX, "newest": PLATFORM_REPORTS_MAX})


def offers(unit: UUID, *, limit: int) -> list[Offer]:
    """The soonest due first."""
    return fetch(Offer, SQL["offers"], {"unit": unit, "most": limit})


def found_later(unit: UUID, *, limit: int) -> list[FoundLater]:
    """Reports of a unit in which a later list found something within the last days, decided ones too."""
    earliest = datetime.now(UTC) - timedelta(days=FOUND_LATER_DAYS)
    first = UUID(int=int(earliest.timestamp() * 1000) << 80)
    return fetch(FoundLater, SQL["found_later"], {"unit": unit, "since": first, "most": limit})


def reports_of(compartments: Sequence[UUID]) -> dict[UUID, Numbered]:
    """The reports of these compartments, as far as the reader may see them."""
    return {row.compartment: row for row in fetch(Numbered, SQL["reports_of"], {"compartments": list(compartments)})}


def reports_in(compartment: UUID) -> list[UUID]:
    """Reports of a compartment, the oldest first."""
    return values(SQL["reports_in"], {"compartment": compartment, "most": FOUND_MAX})

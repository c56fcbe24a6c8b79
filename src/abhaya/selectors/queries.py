"""Readers of sightings. Row security decides what there is; nothing here counts what the viewer may not see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from abhaya.selectors.kinds import KINDS, WEAK
from abhaya.selectors.sighting import selector_id
from abhaya.shared.sql import NamedSql, as_row, fetch, value, values

SQL = NamedSql(__file__)
REPORTS_COUNTED_MAX = 1000
SIGHTINGS_OF_REPORT_MAX = 5000
COUNTED_SIGHTINGS_MAX = 1000  # newest sightings looked at per selector; a count that reaches it is shown as "1,000+"
OTHERS_SHOWN_MAX = 50
PERSONAS_SHOWN_MAX = 200


@dataclass(frozen=True, slots=True)
class SightingRow:
    """A sighting as the report page shows it. `value` is None where `why_not` says why."""

    id: UUID
    item_id: UUID | None
    selector_id: UUID | None
    kind: str
    value: str | None
    raw: str
    role: str
    person: int
    locator: str
    event: str
    at: datetime | None
    at_precision: str
    at_original: str
    zone_known: bool
    port: int | None
    platform: str
    possible_proxy: bool | None
    verified: bool | None
    mined: bool
    assumed: bool
    why_not: str
    elsewhere: int  # in how many other reports that the viewer may see
    elsewhere_more: bool  # more sightings than are counted: say "1,000+"

    @property
    def elsewhere_text(self) -> str:
        return f"{self.elsewhere:,}+" if self.elsewhere_more else f"{self.elsewhere:,}"

    @property
    def strength(self) -> str:
        """How far the kind says who somebody is; what was mined or assumed is never strong."""
        kind = KINDS.get(self.kind)
        return WEAK if kind is None or self.mined or self.assumed else kind.strength


@dataclass(frozen=True, slots=True)
class OtherSighting:
    report_id: UUID
    compartment: UUID
    role: str
    person: int
    event: str
    at: datetime | None
    at_precision: str
    zone_known: bool
    port: int | None
    platform: str
    mined: bool
    assumed: bool
    raw: str


@dataclass(frozen=True, slots=True)
class Found:
    """A report in which a selector that was searched for was seen."""

    report_id: UUID
    compartment: UUID
    selector_id: UUID
    role: str
    mined: bool


@dataclass(frozen=True, slots=True)
class Persona:
    """A protected persona, as its liaison sees it."""

    id: UUID
    selector_id: UUID
    kind: str
    value: str
    purpose: str
    asked_at: datetime
    kept_at: datetime | None
    second_name: str
    reviewed_at: datetime | None
    review: str
    ended_at: datetime | None
    end_reason: str

    @property
    def state(self) -> str:
        if self.ended_at is not None:
            return "ended"
        return "asked" if self.kept_at is None else "kept"


class Written(NamedTuple):
    """How a report writes something of a persona. `is_own`: that person of the report is the persona."""

    report_id: UUID
    role: str
    person: int
    is_own: bool
    kind: str
    raw: str
    value: str


def personas(officer: UUID) -> list[Persona]:
    """The officer's own, acting: what waits first, then those longest without a look."""
    return fetch(Persona, SQL["personas"], {"officer": officer, "most": PERSONAS_SHOWN_MAX})


def kept(selectors: Collection[UUID]) -> dict[UUID, UUID]:
    """Of these identifiers the protected personas -> whose. On the road."""
    return dict(fetch(as_row, SQL["kept"], {"selectors": list(selectors)})) if selectors else {}


def reports_of_selector(selector: UUID) -> list[UUID]:
    return values(SQL["reports_of_selector"], {"selector": selector})


def reports_open_with(selector: UUID) -> int:
    """In how many reports that are open to the acting officer an identifier stands, counted to `REPORTS_COUNTED_MAX`."""
    return int(value(SQL["reports_open_with"], {"selector": selector, "most": REPORTS_COUNTED_MAX}))


def written_of_personas(compartment: UUID) -> list[Written]:
    """What stands in a compartment's reports of personas that are not the reader's own."""
    return fetch(Written, SQL["written_of_personas"], {"compartment": compartment})


def of_report(report_id: UUID) -> list[SightingRow]:
    """Everything seen in a report, at most `SIGHTINGS_OF_REPORT_MAX`."""
    wanted = {"report": report_id, "most": SIGHTINGS_OF_REPORT_MAX, "window": COUNTED_SIGHTINGS_MAX}
    return fetch(SightingRow, SQL["of_report"], wanted)


def sightings_of_selector(
    selector: UUID, *, besides: UUID | None = None, most: int = OTHERS_SHOWN_MAX
) -> list[OtherSighting]:
    """The newest sightings of one selector, `besides` one report."""
    return fetch(OtherSighting, SQL["sightings"], {"selector": selector, "besides": besides, "most": most})


def reports_with(wanted: Sequence[tuple[str, str]], *, most: int = OTHERS_SHOWN_MAX) -> list[Found]:
    """Reports with one of these (kind, normalised value): what a search answers. See `kinds.readings`."""
    selectors = [selector_id(kind, value) for kind, value in wanted]
    return fetch(Found, SQL["reports_with"], {"selectors": selectors, "most": most}) if selectors else []

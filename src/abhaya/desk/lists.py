"""Rows of lists as the desk shows them: the queue's row with its clock, its place and its three heaviest reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from abhaya.desk.queries import Offer
from abhaya.matching import bundles, stacks
from abhaya.places.queries import place
from abhaya.shared.reason import Reason
from abhaya.triage import queries as triage
from abhaya.triage.lines import Row
from abhaya.triage.queries import LaneCount, Titled
from abhaya.triage.rules import FIRST_LOOK_MINUTES
from abhaya.triage.signals import LINKED

REASONS_SHOWN_MAX = 3
LANE_STATES = {
    "imminent": "danger",
    "child-sender": "danger",
    "both-children": "warn",
    "viral": "",
    "thin": "",
    "normal": "",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a list."""

    row: Row
    look_by: datetime | None  # until when somebody should have looked; None once somebody has
    place_name: str
    place_name_hi: str
    reasons: tuple[Reason, ...]
    is_linked: bool  # a strong identifier stands in an earlier report
    apart: tuple[Reason, ...] = ()  # why it stands apart from others that bring the same
    is_likeness: bool = False  # of those in its line some bring a picture that only looks alike
    stacks: Sequence[tuple[int, UUID]] = ()  # where asked for: number of a file of it, and in which stack that stands

    @property
    def lane_state(self) -> str:
        return LANE_STATES.get(self.row.lane, "")

    @property
    def is_unseen(self) -> bool:
        return self.row.first_opened_at is None


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A place in a list of choices, set in by how far down it lies."""

    code: str
    name: str
    name_hi: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A referral that waits for the unit."""

    row: Offer
    titled: Titled | None

    @property
    def lane_state(self) -> str:
        return LANE_STATES.get(self.row.lane, "")


@dataclass(frozen=True, slots=True)
class Counts:
    """A queue's honest line."""

    waiting: int
    unseen: int
    oldest: datetime | None


def places_of(unit: UUID) -> list[PlaceChoice]:
    """Places to narrow a queue by: those its reports point to, and what these lie in, in the order of their codes."""
    codes: set[str] = set()
    for code in triage.places(unit):
        parts = code.split("-")
        codes.update("-".join(parts[: count + 1]) for count in range(len(parts)))
    return [
        PlaceChoice(
            code, "\u2003" * code.count("-") + found.name, "\u2003" * code.count("-") + (found.name_hi or found.name)
        )
        for code in sorted(codes)
        if (found := place(code)) is not None
    ]


def listed(rows: Iterable[Row], *, with_stacks: bool = False) -> list[Listed]:
    """Rows with all that is said of each: why one stands apart is asked once for all of them, and so are their stacks."""
    shown = list(rows)
    stood = stacks.of_reports([row.report_id for row in shown]) if with_stacks and shown else {}
    apart = bundles.standing_apart([row.report_id for row in shown if row.bundle_id and row.stands_alone])
    likeness = bundles.by_likeness({row.bundle_id for row in shown if row.bundle_id and row.together > 1})
    return [
        replace(
            _listed(row, apart.get(row.report_id, ()), is_likeness=row.bundle_id in likeness),
            stacks=stood.get(row.report_id, ()),
        )
        for row in shown
    ]


def offered(rows: Sequence[Offer]) -> list[Offered]:
    titles = triage.titles([row.report_id for row in rows])
    return [Offered(row, titles.get(row.report_id)) for row in rows]


def counts(lanes: Sequence[LaneCount], oldest: datetime | None) -> Counts:
    """Sums of the lanes; a lane that stopped counting makes the sum “at least”."""
    return Counts(sum(lane.waiting for lane in lanes), sum(lane.unseen for lane in lanes), oldest)


def _listed(row: Row, apart: tuple[Reason, ...], *, is_likeness: bool) -> Listed:
    minutes = FIRST_LOOK_MINUTES.get(row.lane)
    known = place(row.place_code) if row.place_code else None
    return Listed(
        row=row,
        look_by=row.arrived_at + timedelta(minutes=minutes) if minutes and row.first_opened_at is None else None,
        place_name=known.name if known else "",
        place_name_hi=known.name_hi if known else "",
        reasons=tuple(reason for reason in row.reasons if reason.weight)[:REASONS_SHOWN_MAX],
        is_linked=any(reason.code in LINKED for reason in row.reasons),
        apart=apart,
        is_likeness=is_likeness,
    )

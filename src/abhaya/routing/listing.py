"""Rows of referrals as lists show them: with the report's title and the name of the place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from abhaya.routing import queries
from abhaya.routing.queries import Handed, Nobodys
from abhaya.shared.reason import Reason
from abhaya.triage import queries as triage
from abhaya.triage.queries import Titled

LANE_STATES = {"imminent": "danger", "child-sender": "danger", "both-children": "warn"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A referral in a list. `title` is None where the report is no longer open to the reader."""

    row: Handed
    titled: Titled | None
    place: dict[str, str]

    @property
    def title(self) -> Reason | None:
        return self.titled.title if self.titled else None

    @property
    def lane(self) -> str:
        return self.titled.lane if self.titled else self.row.lane

    @property
    def lane_state(self) -> str:
        return LANE_STATES.get(self.lane, "")


@dataclass(frozen=True, slots=True)
class ListedNobodys:
    row: Nobodys
    titled: Titled | None
    place: dict[str, str]

    @property
    def title(self) -> Reason | None:
        return self.titled.title if self.titled else None

    @property
    def lane_state(self) -> str:
        return LANE_STATES.get(self.row.lane, "")


def listed(rows: Sequence[Handed]) -> list[Listed]:
    titles = triage.titles([row.report_id for row in rows])
    labels = queries.labels([row.place for row in rows])
    return [Listed(row, titles.get(row.report_id), labels.get(row.place, {})) for row in rows]


def listed_nobodys(rows: Sequence[Nobodys]) -> list[ListedNobodys]:
    titles = triage.titles([row.report_id for row in rows])
    labels = queries.labels([row.place for row in rows])
    return [ListedNobodys(row, titles.get(row.report_id), labels.get(row.place, {})) for row in rows]

"""Bundles as they stand: what folds into one line, for whoever asks. Row security counts only what they may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from abhaya.matching.reasons import SENTENCES
from abhaya.shared.reason import Reason, sentence
from abhaya.shared.sql import NamedSql, fetch, values

SQL = NamedSql(__file__, "bundles.sql")


@dataclass(frozen=True, slots=True)
class Bundle:
    """The bundle of a report. `reports` and `standing_apart` are counts of what the viewer may see, this report too."""

    bundle_id: UUID
    reports: int
    standing_apart: int
    apart: tuple[Reason, ...]

    def why_apart(self, language: str) -> list[str]:
        """Why this report does not fold with the others, in sentences."""
        return [sentence(reason, SENTENCES, language) for reason in self.apart]


def of_reports(report_ids: Sequence[UUID]) -> Mapping[UUID, Bundle]:
    """Report -> its bundle, where it has one and others that the viewer may see are in it."""
    found = fetch(lambda *row: row, SQL["of_reports"], {"reports": list(report_ids)})
    return {
        report: Bundle(bundle_id, reports, apart, msgspec.json.decode(why, type=tuple[Reason, ...]))
        for report, bundle_id, reports, apart, why in found
    }


def members(bundle_id: UUID, *, after: UUID | None, limit: int) -> list[UUID]:
    """Its reports one by one, the newest first."""
    return values(SQL["members"], {"bundle": bundle_id, "after": after, "limit": limit})

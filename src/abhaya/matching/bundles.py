"""Bundles as they stand, for whoever asks. Row security counts only what they may see; what folds, the queue says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from abhaya.matching.reasons import SENTENCES
from abhaya.shared.reason import Reason, sentence
from abhaya.shared.sql import NamedSql, fetch, values

SQL = NamedSql(__file__, "bundles.sql")
COUNT_MAX = 1000  # of one bundle's reports; beyond, "1,000+"


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
    found = fetch(lambda *row: row, SQL["of_reports"], {"reports": list(report_ids), "most": COUNT_MAX})
    return {
        report: Bundle(bundle_id, reports, apart, _reasons(why)) for report, bundle_id, reports, apart, why in found
    }


def standing_apart(report_ids: Sequence[UUID]) -> Mapping[UUID, tuple[Reason, ...]]:
    """Report -> why it stands apart from others that bring the same, for those that do."""
    if not report_ids:
        return {}
    found = fetch(lambda *row: row, SQL["apart"], {"reports": list(report_ids)})
    return {report: _reasons(why) for report, why in found}


def by_likeness(bundle_ids: Collection[UUID]) -> set[UUID]:
    """Of these bundles, those in which some pictures only look alike, as far as the viewer may see."""
    return set(values(SQL["by_likeness"], {"bundles": list(bundle_ids)})) if bundle_ids else set()


def _reasons(text: str) -> tuple[Reason, ...]:
    return msgspec.json.decode(text, type=tuple[Reason, ...])

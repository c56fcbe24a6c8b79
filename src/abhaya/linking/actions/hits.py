"""The stage of the road that asks who else had these identifiers, and the only writer of hits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking import queries, rules
from abhaya.linking.actions import groups, subjects
from abhaya.linking.actions.evidence import write_evidence
from abhaya.linking.rules import COMMON, STRONG, WEAK, Hit
from abhaya.shared import road
from abhaya.shared.bulk import add
from abhaya.shared.ids import uuid7s
from abhaya.shared.sql import together

STAGE = "linking"
EARLIER_SIGHTINGS_MAX = 1000  # looked at per identifier; a count that reaches it is shown as "1,000+"

COLUMNS = [
    "id", "compartment", "report_id", "selector_id", "kind", "role", "earlier_reports", "more", "earlier_roles",
    "first_report_id", "strength", "reason", "added_at",
]  # fmt: skip


def compare_reports(report_ids: Sequence[UUID]) -> None:
    """Holds the strong identifiers of these reports against earlier reports and writes each hit with its reason; then
    decides anew about the subjects of their persons. One ledger line per report, hits or none; then the road. A report
    that comes again, because more came for it, keeps what it has.
    """
    if not report_ids:
        return
    known = queries.compared(report_ids, EARLIER_SIGHTINGS_MAX)
    hits = [hit for hit in rules.hits(known.seen, known.before, EARLIER_SIGHTINGS_MAX) if _is_new(hit, known.written)]
    with together():
        _write(hits, known.where, report_ids)
        groups.record_groups([report for report in report_ids if known.where[report][1] in groups.CHANNELS])
        subjects.lock()
        moved = write_evidence(report_ids)
        subjects.settle(moved.accounts, moved.lost, subjects.REPORT)
        road.passed(STAGE, report_ids)


def _write(hits: Sequence[Hit], where: Mapping[UUID, tuple[UUID, str]], report_ids: Sequence[UUID]) -> None:
    add("linking_hit", COLUMNS, [_row(row_id, hit) for row_id, hit in zip(uuid7s(len(hits)), hits, strict=True)])
    counts = Counter((hit.report_id, hit.strength) for hit in hits)
    record(
        [
            Act(
                Event.LINKING_REPORT_COMPARED,
                report,
                where[report][0],
                {strength: counts[report, strength] for strength in (STRONG, WEAK, COMMON)},
            )
            for report in report_ids
        ]
    )


def _is_new(hit: Hit, had: Mapping[tuple[UUID, UUID, str], set[str]]) -> bool:
    """Not there yet, or stronger by what came later: the weaker stays beside it."""
    strengths = had.get((hit.report_id, hit.selector_id, hit.role), set())
    return not strengths or (hit.strength == STRONG and STRONG not in strengths)


def _row(row_id: UUID, hit: Hit) -> tuple[object, ...]:
    return (
        row_id, hit.compartment, hit.report_id, hit.selector_id, hit.kind, hit.role, hit.reports, hit.more,
        list(hit.earlier_roles), hit.first, hit.strength, msgspec.json.encode(hit.reason).decode(), hit.added_at,
    )  # fmt: skip

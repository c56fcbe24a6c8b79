"""Names, addresses and screen names of a report that are alike elsewhere: whose are compared at all, and what the reader may see of the others."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from abhaya.desk import masking
from abhaya.intake import queries as intake
from abhaya.linking import queries_names as names
from abhaya.triage import queries as triage

ALIKE_SHOWN_MAX = 8  # persons for one name


def of_report(report: intake.ReportRow, assessment: triage.Assessed | None) -> list[names.Found]:
    """For each name, address and screen name of somebody who is not masked here, whom it may be in other reports open to the officer."""
    laid, _ = masking.lay_out(report, assessment)
    shown = {(one.role, one.number) for one in laid.persons if not one.masked}
    named = [one for one in names.of_report(report.id, report.compartment) if (one.role, one.person) in shown]
    return names.alike(named, besides=report.id, hides=reported_children, most=ALIKE_SHOWN_MAX)


def of_text(text: str) -> names.Found | None:
    """Whom a typed name may be, in reports open to the officer; None where it reads as no name of two parts."""
    named = names.typed(text)
    return names.alike([named], hides=reported_children, most=names.TYPED_SHOWN_MAX)[0] if named else None


def reported_children(reports: Collection[UUID]) -> list[UUID]:
    """Of these reports, those whose reported persons are or may be children: masked on every page."""
    return [one.report_id for one in triage.titles(sorted(reports)).values() if one.reported_is_child]

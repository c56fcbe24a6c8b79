"""Who is masked in a report, and what a text of it must not show. The one place that decides it for every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from msgspec import structs

from abhaya.desk import queries, redaction, rules
from abhaya.intake import queries as intake
from abhaya.intake.formats.record import FilePart, Loss, Text
from abhaya.selectors.kinds import KINDS
from abhaya.triage import queries as triage

SHARED_KINDS = frozenset({"ip", "file_hash", "url"})  # not a person's own: a household's address stays readable


@dataclass(frozen=True, slots=True)
class Masking:
    """The masked persons of a compartment's reports, and how a text is freed of them."""

    persons: Sequence[rules.Shown[queries.Sighting]] = ()
    hidden: redaction.Hidden = field(default_factory=lambda: redaction.hidden_of(()))
    reports: Sequence[intake.ReportRow] = ()

    @property
    def is_needed(self) -> bool:
        return any(person.hidden for person in self.persons)

    @property
    def selectors(self) -> frozenset[UUID]:
        """Identifiers of the masked persons that are theirs alone."""
        return frozenset(
            sighting.row.selector_id
            for person in self.persons
            for sighting in person.sightings
            if sighting.row.selector_id is not None and sighting.kind not in SHARED_KINDS
        )

    def text(self, text: str) -> str:
        return redaction.redact(text, self.hidden).text

    def texts(self, texts: Sequence[Text]) -> list[Text]:
        """Texts of the incident and of others; a masked person's own are not shown at all."""
        own = {id(text) for person in self.persons for text in person.texts}
        return [structs.replace(text, text=self.text(text.text)) for text in texts if id(text) not in own]

    def losses(self, losses: Sequence[Loss]) -> list[Loss]:
        own = {id(loss) for person in self.persons for loss in person.losses}
        return [structs.replace(loss, text=self.text(loss.text)) for loss in losses if id(loss) not in own]

    def file(self, part: FilePart) -> FilePart:
        return structs.replace(
            part,
            name=self.text(part.name),
            original_name=self.text(part.original_name),
            note=self.text(part.note),
            location=self.text(part.location),
        )


def lay_out(
    report: intake.ReportRow,
    assessment: triage.Assessed | None,
    *,
    unmasked: frozenset[tuple[str, int]] = frozenset(),
) -> tuple[rules.Laid[queries.Sighting], Masking]:
    """A report's persons as a page shows them, and what its texts must not."""
    laid = rules.lay_out(
        report.record(),
        queries.sightings(report.id),
        report.received_at,
        reported_is_child=assessment is not None and assessment.reported_is_child,
        unmasked=unmasked,
    )
    return laid, masking_of(laid.persons, [report])


def masking_of(persons: Sequence[rules.Shown[queries.Sighting]], reports: Sequence[intake.ReportRow]) -> Masking:
    masked = [person for person in persons if person.masked]
    raws = [
        (sighting.kind, written)
        for person in masked
        for sighting in person.sightings
        for written in (sighting.row.raw, sighting.row.value or "")
        if sighting.kind in KINDS and written
    ]
    return Masking(masked, redaction.hidden_of(masked, raws), reports)


def masked_in(compartment: UUID) -> Masking:
    """Who is masked in whatever reports lie in a compartment."""
    reports = [row for report in queries.reports_in(compartment) if (row := intake.report(report)) is not None]
    persons = [person for report in reports for person in lay_out(report, triage.assessment(report.id))[0].persons]
    return masking_of(persons, reports)


def unseen(report: intake.ReportRow, masking: Masking) -> intake.ReportRow:
    """The report's own columns without a masked person's values."""
    return replace(report, escalation=masking.text(report.escalation)) if report.escalation else report

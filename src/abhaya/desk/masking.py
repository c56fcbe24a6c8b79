"""Who is masked in a report, and what a text of it must not show. The one place that decides it for every page.

A protected persona is left out of texts in the very way a masked person is, and stands among nobody's persons: what is
left out does not say whether a child's name or an officer's stood there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from msgspec import structs

from abhaya.desk import queries, redaction, rules
from abhaya.intake import queries as intake
from abhaya.intake.formats.record import FilePart, Loss, Record, Text
from abhaya.selectors.kinds import KINDS
from abhaya.selectors.queries import Written, written_of_personas
from abhaya.triage import queries as triage

SHARED_KINDS = frozenset({"ip", "file_hash", "url"})  # not a person's own: a household's address stays readable


@dataclass(frozen=True, slots=True)
class Masking:
    """The masked persons of a compartment's reports, and how a text is freed of them."""

    persons: Sequence[rules.Shown[queries.Sighting]] = ()
    hidden: redaction.Hidden = field(default_factory=lambda: redaction.hidden_of(()))
    reports: Sequence[intake.ReportRow] = ()
    written: Sequence[Written] = ()  # of protected personas that are not the reader's

    @property
    def is_needed(self) -> bool:
        return bool(self.written) or any(person.hidden for person in self.persons)

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
    record = report.record()
    laid = rules.lay_out(
        record,
        queries.sightings(report.id),
        report.received_at,
        reported_is_child=assessment is not None and assessment.reported_is_child,
        unmasked=unmasked,
    )
    written = [one for one in written_of_personas(report.compartment) if one.report_id == report.id]
    seats = {(one.role, one.person or 1) for one in written if one.is_own}
    shown = [person for person in laid.persons if (person.role, person.number) not in seats]
    personas = [_persona(record, laid, seat) for seat in sorted(seats)]
    return replace(laid, persons=shown), masking_of([*shown, *personas], [report], written)


def _persona(
    record: Record, laid: rules.Laid[queries.Sighting], seat: tuple[str, int]
) -> rules.Shown[queries.Sighting]:
    """What stands of a protected persona in a record, masked."""
    described = next((person for person in laid.persons if (person.role, person.number) == seat), None)
    if described is not None:
        return replace(described, masked=True)
    texts = [text for text in record.texts if (text.role, text.person or 1) == seat]
    return rules.Shown(*seat, None, masked=True, may_be_child=False, person=None, texts=texts)


def masking_of(
    persons: Sequence[rules.Shown[queries.Sighting]],
    reports: Sequence[intake.ReportRow],
    written: Sequence[Written] = (),
) -> Masking:
    masked = [person for person in persons if person.masked]
    raws = [
        (sighting.kind, text)
        for person in masked
        for sighting in person.sightings
        for text in (sighting.row.raw, sighting.row.value or "")
        if sighting.kind in KINDS and text
    ]
    raws += [(one.kind, text) for one in written for text in (one.raw, one.value) if one.kind in KINDS and text]
    return Masking(masked, redaction.hidden_of(masked, raws), reports, written)


def masked_in(compartment: UUID) -> Masking:
    """Who is masked in whatever reports lie in a compartment."""
    reports = [row for report in queries.reports_in(compartment) if (row := intake.report(report)) is not None]
    each = [lay_out(report, triage.assessment(report.id))[1] for report in reports]
    return masking_of(
        [person for one in each for person in one.persons], reports, [row for one in each for row in one.written]
    )


def unseen(report: intake.ReportRow, masking: Masking) -> intake.ReportRow:
    """The report's own columns without a masked person's values."""
    return replace(report, escalation=masking.text(report.escalation)) if report.escalation else report

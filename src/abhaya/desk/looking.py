"""What the pages about one file show: the file, what its report says of it, earlier looks, and whether it may be opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.access.queries import SignedIn
from abhaya.custody import looks
from abhaya.custody import queries as custody
from abhaya.custody.lawful import Rule, Table
from abhaya.custody.look_actions import Given, Subject, decided
from abhaya.custody.viewing import Meter, Pause, Verdict
from abhaya.desk import masking
from abhaya.desk.dossier import ShownFile, files_of, open_report
from abhaya.errors import NotThere, OfficerError
from abhaya.intake import queries as intake
from abhaya.matching import stacks
from abhaya.triage import queries as triage

IMMINENT = "imminent"


@dataclass(frozen=True, slots=True)
class FilePage:
    """One file of a report. Nothing of its content."""

    report: intake.ReportRow
    file: ShownFile
    subject: Subject
    earlier: Sequence[looks.Earlier]
    going: UUID | None  # a look of the officer's own that has not ended
    is_in_hands: bool  # the officer has the report in hand

    @property
    def number(self) -> int:
        return self.file.row.position + 1


@dataclass(frozen=True, slots=True)
class Question:
    """Whether the file may be opened now, and in plain words why something is asked."""

    verdict: Verdict
    rule: Rule
    table: Table
    meter: Meter

    @property
    def pause_is_due(self) -> bool:
        return self.meter.pause in {Pause.BREAK, Pause.ENOUGH}


def file_page(file_id: UUID, officer: SignedIn) -> FilePage:
    """Raises `NotThere` where the reader may not see the report, whatever the reason, and `OfficerError` where a colleague
    has it in hand: nobody does the same work twice, and nobody looks who need not.
    """
    report_id = intake.report_of_file(file_id)
    if report_id is None:
        raise NotThere(_("There is nothing here for you."))
    report = open_report(report_id)
    standing = triage.standing(report_id)
    is_held = standing is not None and standing.is_held and standing.holder_unit_id == officer.unit_id
    if standing is not None and is_held and standing.claimed_by != officer.id:
        raise OfficerError(_("%(name)s has this report in hand.") % {"name": standing.claimed_name})
    _laid, masked = masking.lay_out(report, triage.assessment(report.id))
    file = next(one for one in files_of(report_id, report.record(), masked) if one.row.id == file_id)
    item = custody.item(file.row.item_id) if file.row.item_id is not None else None
    subject = Subject(
        file_id=file_id,
        item=item,
        viewed_by_sender=file.row.viewed_by_sender,
        severity=file.row.classification,
        is_imminent=standing is not None and standing.lane == IMMINENT,
        alike=stacks.alike(file_id) if item is not None else (),
    )
    earlier = looks.earlier(item.object_id, subject.alike) if item is not None else []
    return FilePage(report, file, subject, earlier, looks.going(file_id, officer), is_held)


def question(page: FilePage, officer: SignedIn) -> Question:
    """The one decision, before anything was given: what stands against it, and what is asked for."""
    weighed = decided(officer, page.subject, Given())
    return Question(weighed.verdict, weighed.circumstances.rule, weighed.table, weighed.meter)

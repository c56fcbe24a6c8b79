"""What the report page shows, gathered once: the record, its persons, files, reasons, place in the queue and road."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abhaya.custody import queries as custody
from abhaya.desk import masking, queries, rights, rules, words
from abhaya.desk.ledger_words import WORDS as LEDGER_WORDS
from abhaya.errors import NotThere
from abhaya.intake import queries as intake
from abhaya.intake import queries_grades
from abhaya.intake.admiralty import Grade
from abhaya.intake.formats.record import FilePart, Loss, Record, Text
from abhaya.ledger import queries as ledger
from abhaya.ledger.events import Event
from abhaya.linking import queries as linking
from abhaya.linking.rules import NAMED_ROLES
from abhaya.matching import answers
from abhaya.routing import queries as routing
from abhaya.triage import persons
from abhaya.triage import queries as triage
from abhaya.triage.signals import joined

LOSSES_SHOWN_MAX = 200
EARLIER_SHOWN_MAX = 8
SHORT_TEXT_CHARACTERS_MAX = 60
LOOKS = frozenset({
    Event.DESK_REPORT_VIEWED.value, Event.DESK_NAMES_VIEWED.value, Event.DESK_SUBJECT_VIEWED.value, Event.CUSTODY_ITEM_VIEWED.value, Event.CUSTODY_LOOK_OPENED.value,
    Event.CUSTODY_LOOK_ENDED.value, Event.CUSTODY_LOOK_REPEATED.value, Event.CUSTODY_PAUSE_PASSED.value,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file as hash, type and state; never its picture."""

    row: intake.FileRow
    part: FilePart | None
    answer: str  # known | looks-known | new; "" where nothing can be said
    why: Sequence[Sequence[str]]  # sentences, those of one entry of a list together
    is_alike: bool = False  # it stands in a stack behind another picture
    stack: UUID | None = None  # where it stands beside others that the viewer may know of

    @property
    def number(self) -> int:
        return self.row.position + 1

    @property
    def media(self) -> str:
        return words.said(words.MEDIA, self.row.media_type.partition("/")[0]) if self.row.media_type else ""

    @property
    def annotations(self) -> list[str]:
        return [words.said(words.FILE_ANNOTATIONS, code) for code in self.row.annotations]

    @property
    def hashes(self) -> list[tuple[str, str]]:
        held = (("SHA-256", self.row.sha256), ("SHA-1", self.row.sha1), ("MD5", self.row.md5))
        return [(name, bytes(digest).hex()) for name, digest in held if digest]


@dataclass(frozen=True, slots=True)
class Hit:
    """An identifier that stands in earlier reports, with those that the reader may see."""

    row: linking.HitRow
    masked: bool
    text: str
    earlier: Sequence[tuple[UUID, int]]  # (report, its number), the newest first

    @property
    def more(self) -> int:
        return max(0, len(self.row.seen_in) - len(self.earlier))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the road so far, as `web/chain.html` shows it."""

    text: str
    by: str
    at: object
    note: str
    ref: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything on the page of one report."""

    report: intake.ReportRow
    record: Record
    grade: Grade
    standing: triage.Standing | None
    assessment: triage.Assessed | None
    everybody: Sequence[rules.Shown[queries.Sighting]]
    mentioned: Sequence[queries.Sighting]
    mentioned_masked: int  # how many of those named in texts are a masked person's, and not shown
    all_texts: Sequence[Text]
    files: Sequence[ShownFile]
    hits: Sequence[Hit]
    seen_before: linking.SeenBefore
    stands: Sequence[linking.Standing]  # where its reported accounts stand: subjects, and what waits for a look
    names_alike: int  # persons elsewhere whose names are worth comparing with one that is shown here
    originals: Sequence[custody.Item]  # what it was read from; its files stand apart
    history: Sequence[routing.Handed]
    steps: Sequence[Step]
    looks: Sequence[Step]  # who read it, apart: they would bury the road
    corrections: Mapping[str, Sequence[rights.CorrectionRow]]  # by the place of the fact in the original
    masking: masking.Masking

    @property
    def incident(self) -> str:
        return words.said(words.INCIDENTS, self.report.incident_type) if self.report.incident_type else ""

    @property
    def annotations(self) -> list[str]:
        return [words.said(words.ANNOTATIONS, code) for code in self.report.annotations]

    @property
    def channel(self) -> str:
        return words.said(words.CHANNELS, self.report.channel)

    @property
    def reporters(self) -> list[rules.Shown[queries.Sighting]]:
        """Who reports, unless it is a child: then that child stands first, among the persons."""
        return [person for person in self.everybody if person.role == "reporter" and not person.may_be_child]

    @property
    def persons(self) -> list[rules.Shown[queries.Sighting]]:
        return [person for person in self.everybody if person.role != "reporter" or person.may_be_child]

    @property
    def short_texts(self) -> list[Text]:
        """A few words of the sender's, such as the name of the chat; shown at once."""
        return [text for text in self.all_texts if _is_short(text)]

    @property
    def texts(self) -> list[Text]:
        """What somebody has to read, folded until asked for."""
        return [text for text in self.all_texts if not _is_short(text)]

    @property
    def losses(self) -> Sequence[Loss]:
        return self.masking.losses(self.record.losses)[:LOSSES_SHOWN_MAX]

    @property
    def is_masked(self) -> bool:
        return self.masking.is_needed


def open_report(report_id: UUID) -> intake.ReportRow:
    """The report, where the reader may see it. Raises `NotThere` otherwise, whatever the reason."""
    report = intake.report(report_id)
    if report is None:
        raise NotThere(_("There is nothing here for you."))
    return report


def gather(
    report: intake.ReportRow,
    standing: triage.Standing | None,
    assessment: triage.Assessed | None,
    *,
    unmasked: frozenset[tuple[str, int]] = frozenset(),
) -> Dossier:
    """`standing`, `assessment`: as the page has read them."""
    linked = linking.on_page(report.id)
    laid, masked = masking.lay_out(report, assessment, unmasked=unmasked)
    record = report.record()
    history = routing.history(report.id)
    steps, looks = road(report.compartment, history)
    shown = [one for one in laid.rest if one.row.selector_id not in masked.selectors]
    return Dossier(
        report=masking.unseen(report, masked),
        record=record,
        grade=queries_grades.of_reports([report.id])[report.id],
        standing=standing,
        assessment=persons.as_open(report.id, assessment),
        everybody=laid.persons,
        mentioned=shown,
        mentioned_masked=len(laid.rest) - len(shown),
        all_texts=joined(masked.texts(record.texts)),
        files=files_of(report.id, record, masked),
        hits=_hits(linked.hits, laid.persons),
        seen_before=linking.seen_before(linked.hits),
        stands=linked.stands,
        names_alike=0 if any(one.masked and one.role in NAMED_ROLES for one in laid.persons) else linked.names_alike,
        originals=[item for item in custody.items_of(report.compartment) if item.id in report.read_from],
        history=history,
        steps=steps,
        looks=looks,
        corrections=_corrections(report.id, masked),
        masking=masked,
    )


def _corrections(report_id: UUID, masked: masking.Masking) -> dict[str, list[rights.CorrectionRow]]:
    """What was noted beside facts of the report, freed of masked persons as every text is."""
    beside: dict[str, list[rights.CorrectionRow]] = {}
    for one in rights.corrections(report_id):
        beside.setdefault(one.locator, []).append(replace(one, note=masked.text(one.note)))
    return beside


def road(compartment: UUID, history: Sequence[routing.Handed]) -> tuple[list[Step], list[Step]]:
    """The ledger's lines of this report as sentences: what was done, and apart who looked. `history` knows the Hindi names
    of the units it went to.
    """
    language = get_language() or "en"
    units = {one.to_name: (one.to_name, one.to_name_hi or one.to_name) for one in history}
    known = {**LEDGER_WORDS, "to_unit": units}
    done: list[Step] = []
    looks: list[Step] = []
    for line in ledger.lines_of(compartment):
        step = Step(
            text=line.sentence(language, known),
            by=line.actor_name if line.actor_id else "",
            at=line.at,
            note=line.purpose if line.actor_id else "",
            ref=f"{line.index:,}" if line.index is not None else "",
        )
        (looks if line.event in LOOKS else done).append(step)
    return done, looks


def _is_short(text: Text) -> bool:
    return len(text.text) <= SHORT_TEXT_CHARACTERS_MAX and text.role == "incident" and text.label != "content"


def files_of(report_id: UUID, record: Record, masked: masking.Masking) -> list[ShownFile]:
    language = get_language() or "en"
    said = answers.of_report(report_id)
    nothing = answers.Answer()
    return [
        ShownFile(
            replace(row, name=masked.text(row.name)),
            masked.file(record.files[row.position]) if row.position < len(record.files) else None,
            said.get(row.id, nothing).word(is_held=row.is_held),
            said.get(row.id, nothing).why(language),
            said.get(row.id, nothing).alike is not None,
            said.get(row.id, nothing).stack,
        )
        for row in intake.files(report_id)
    ]


def _hits(rows: Sequence[linking.HitRow], persons: Sequence[rules.Shown[queries.Sighting]]) -> list[Hit]:
    """Strong identifiers that stand in earlier reports; the value of a masked person's stays masked."""
    language = get_language() or "en"
    masked = {sighting.row.selector_id for person in persons if person.masked for sighting in person.sightings}
    return [
        Hit(
            row=row,
            masked=row.selector_id in masked,
            text=row.sentence(language),
            earlier=list(zip(row.seen_in, row.numbers, strict=True))[:EARLIER_SHOWN_MAX],
        )
        for row in rows
        if row.seen_in or row.elsewhere
    ]

"""Deconfliction: two sides that have the same identifier, file or person are told to talk, and nothing else.

On the road by sets of reports, and for what a case notes or attaches by a duty. Whatever an officer does, the answer comes later and from
here: no page takes longer because somebody else has something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.cases.queries import SQL, SUBJECTS, TalkTo
from abhaya.cases.rules import CaseSide, ReportSide, Side, Thing, between_cases, case_and_report, hears
from abhaya.errors import OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking.rules import NEVER_LINKED_ROLES
from abhaya.linking.weights import ASSUMED, HOLDERS_MAX, MINED
from abhaya.selectors.kinds import LINKING, identifies
from abhaya.selectors.sighting import selector_id
from abhaya.shared.bulk import insert
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import since, until, uuid7, uuid7s
from abhaya.shared.road import passed
from abhaya.shared.sql import execute, fetch, fetch_one, value, values

SERVICE = "road:cases"
REPORTS_OF_WATCH_MAX = (
    200  # the newest reports looked at for one identifier: a busy one is told as one busy unit or ten
)
FILE_REPORTS_MAX = 20  # a file that more reports than this hold is passed from hand to hand: no reason to talk
SPOKEN, SILENT = "spoken", "silent"
REASON_CHARACTERS_MIN = 10
FILE, SUBJECT = "file_hash", "subject"
STANDINGS_MAX = 500  # persons looked at in one statement
_KINDS = sorted(LINKING)
_NEVER = sorted(NEVER_LINKED_ROLES)
_NOTHING: Mapping[str, object] = {
    "watches": [],
    "attachments": [],
    "unit": None,
    "case": None,
    "watched": None,
    "digest": None,
}


class NewWatch(NamedTuple):
    id: UUID
    officer: UUID
    selector: UUID


class ReportPair(NamedTuple):
    """One case's identifier, or a file of it, in one report that another unit works on."""

    case: UUID
    watched: UUID | None
    kind: str
    value: str
    digest: bytes | None
    covert: bool
    unit: UUID
    liaison: UUID
    contact: str
    report: UUID
    compartment: UUID
    holder: UUID
    said: str  # the state of the case's hit with this holder, "" for none yet


class CasePair(NamedTuple):
    """One identifier, or one file, in two cases of different units."""

    case: UUID
    watched: UUID | None
    kind: str
    value: str
    digest: bytes | None
    covert: bool
    liaison: UUID
    contact: str
    unit: UUID
    other: UUID
    other_covert: bool
    other_liaison: UUID
    other_contact: str
    other_unit: UUID


class Made(NamedTuple):
    id: UUID
    compartment: UUID
    report_id: UUID | None
    told_unit: UUID | None
    other: UUID


class Decided(NamedTuple):
    case: UUID
    watched: UUID
    kind: str
    digest: bytes | None
    other: UUID


class Speaker(NamedTuple):
    liaison: UUID
    contact: str
    unit: UUID
    other_is_case: bool
    other_is_covert: bool


def compare_with_cases(report_ids: Sequence[UUID]) -> None:
    """The road's last stage: what open cases watch, and the files that their reports hold, in this set of reports. A
    statement for each, and none where nobody watches and no case has a file. Whom they name is looked at by a duty.
    """
    bounds = {"reports": list(report_ids), "since": since(report_ids), "until": until()}
    if value(SQL["any_watch"]):
        _tell(_report_pairs("from_reports", **bounds))
    if value(SQL["any_file"]):
        execute(SQL["read_again"], {"reports": list(report_ids)})
        _tell(_report_pairs("files_from_reports", **bounds))
    execute(SUBJECTS["note_reports"], bounds)
    passed("cases", report_ids)


def compare_new_watches() -> None:
    """The duty: identifiers noted and reports attached since the last round, against everything held and every other case."""
    watches = fetch(NewWatch, SQL["new_watches"])
    attachments = values(SQL["new_attachments"])
    new = {"watches": [watch.id for watch in watches], "attachments": attachments}
    if watches:
        _tell(_report_pairs("from_watches", watches=new["watches"], until=until()))
        _meet("watched_twice", new)
        # Noting an identifier asks as much as a search does.
        asked = [(uuid7(), one.officer, [one.selector]) for one in watches]
        insert("cases_asked", ["id", "officer_id", "selectors"], asked)
    if attachments:
        _tell(_report_pairs("files_from_attachments", attachments=attachments, until=until()))
        _meet("held_twice", new)
    if watches or attachments:
        _compare_persons(new)


def _compare_persons(new: Mapping[str, object]) -> None:
    """Whom these cases have something of now, for these cases alone: nobody else is told sooner because one of them asked."""
    standings = values(SUBJECTS["of_new"], given(**new))
    cases = values(SQL["of_which_cases"], new)
    for at in range(0, len(standings), STANDINGS_MAX):
        tell_cases(standings[at : at + STANDINGS_MAX], cases)


def tell_cases(standings: Sequence[UUID], cases: Sequence[UUID] | None = None) -> None:
    """Open cases (by default all) and other units' reports and cases that have something of the persons who stand together
    under these ids.
    """
    asked: dict[str, object] = {"standings": list(standings), "cases": None if cases is None else list(cases)}
    _tell(_report_pairs("with_reports", **asked))
    _meet("with_cases", asked)


def decide_hit(asked: TalkTo, officer: UUID, decision: str, reason: str) -> None:
    """A covert side's liaison speaks, and the other side is told whom to talk to; or keeps silent, and nobody learns."""
    reason = reason.strip()
    if decision not in {SPOKEN, SILENT}:
        raise OfficerError(_("Choose: speak, or keep silent."))
    if len(reason) < REASON_CHARACTERS_MIN:
        raise OfficerError(_("Give the reason in a sentence."))
    if asked.liaison_id != officer:
        raise OfficerError(_("Only the liaison of the case decides this."))
    with on_the_road(SERVICE):
        decided = fetch_one(Decided, SQL["decide"], {"id": asked.id, "state": decision, "reason": reason})
        if decided is None:
            raise OfficerError(_("This was decided already; what was said cannot be taken back."))
        if decision == SPOKEN:
            _speak(decided)
    facts = {"decision": decision, "reason": reason}
    record([Act(Event.CASES_HIT_DECIDED, asked.id, asked.compartment, facts)])


def _speak(decided: Decided) -> None:
    speaker = fetch_one(Speaker, SQL["speaker"], {"case": decided.case, "other": decided.other})
    if speaker is None:
        return
    if not speaker.other_is_case:
        about: dict[str, object] = {"case": decided.case, "watched": decided.watched, "digest": decided.digest}
        about |= {"unit": decided.other, "standings": [decided.watched], "cases": [decided.case]}
        kinds = {FILE: "files_from_attachments", SUBJECT: "with_reports"}
        _tell(_report_pairs(kinds.get(decided.kind, "from_watches"), **about))
        return
    voice = CaseSide(decided.case, covert=True, liaison=speaker.liaison, contact=speaker.contact, unit=speaker.unit)
    side = hears(decided.other, voice, Thing(decided.watched, decided.kind, decided.digest))
    if speaker.other_is_covert:
        execute(SQL["speak_to_twin"], side._asdict())
    else:
        add_sides([side])


def _report_pairs(source: str, **asked: object) -> list[ReportPair]:
    return [pair for pair in fetch(ReportPair, _from("report_pairs", source), given(**asked)) if _says_who(pair)]


def _meet(source: str, new: Mapping[str, object]) -> None:
    """Tells cases of different units that have the same thing of each other."""
    pairs = fetch(CasePair, _from("case_pairs", source), given(**new))
    add_sides([side for pair in pairs if _says_who(pair) for side in _sides(pair)])


def _from(statement: str, source: str) -> str:
    return SQL[statement].format(source=put_together(source), holder=put_together("holder"))


def put_together(name: str) -> str:
    """A statement without its description, with the parts that it names."""
    text = (SUBJECTS if name in SUBJECTS else SQL)[name].partition("\n")[2]
    parts = [part for part in ("grouped", "in_cases", "few_hold", "holder") if f"{{{part}}}" in text]
    return text.format(**{part: put_together(part) for part in parts}) if parts else text


def given(**asked: object) -> dict[str, object]:
    """What the statements of hits know, besides what is asked."""
    limits = {"never": _NEVER, "kinds": _KINDS, "most": REPORTS_OF_WATCH_MAX, "common": FILE_REPORTS_MAX}
    return {**_NOTHING, **limits, "soft": ASSUMED | MINED, "holders": HOLDERS_MAX, "until": until(), **asked}


def _says_who(pair: ReportPair | CasePair) -> bool:
    """The same bytes are the same file, and a person is one; not every value of an identifier says who somebody is."""
    return pair.digest is not None or pair.kind == SUBJECT or identifies(pair.kind, pair.value)


def _thing(pair: ReportPair | CasePair) -> Thing:
    if pair.digest is None:
        assert pair.watched is not None  # noqa: S101 — an identifier's pair has it, see the statements
        return Thing(pair.watched, pair.kind)
    digest = bytes(pair.digest)
    return Thing(selector_id(FILE, f"sha256:{digest.hex()}"), FILE, digest)


def _tell(pairs: Sequence[ReportPair]) -> None:
    sides: list[Side] = []
    for pair in pairs:
        case = CaseSide(pair.case, pair.covert, pair.liaison, pair.contact, pair.unit)
        report = ReportSide(pair.compartment, pair.report, pair.holder)
        sides += case_and_report(case, report, _thing(pair), pair.said)
    add_sides(sides)


def _sides(pair: CasePair) -> list[Side]:
    one = CaseSide(pair.case, pair.covert, pair.liaison, pair.contact, pair.unit)
    other = CaseSide(pair.other, pair.other_covert, pair.other_liaison, pair.other_contact, pair.other_unit)
    return between_cases(one, other, _thing(pair))


def add_sides(sides: Sequence[Side]) -> None:
    """Writes the sides that were not told yet, each with its entry in its own road; what a covert case says, in the case's."""
    once = list({(side.compartment, side.watched, side.other, side.told_unit): side for side in sides}.values())
    if not once:
        return
    columns = {name: [getattr(side, name) for side in once] for name in Side._fields}
    made = fetch(Made, SQL["add_hits"], {"id": uuid7s(len(once)), **columns})
    record(
        [
            Act(Event.CASES_HIT_TOLD, row.report_id, row.other if row.told_unit else row.compartment)
            if row.report_id
            else Act(Event.CASES_HIT_FOUND, row.id, row.compartment)
            for row in made
        ]
    )

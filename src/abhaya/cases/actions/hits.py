"""Deconfliction: two sides that have the same identifier are told to talk, and nothing else.

On the road by sets of reports, and for new watches by a duty. Whatever an officer does, the answer comes later and from
here: no page takes longer because somebody else has something.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.cases.queries import SQL, TalkTo
from abhaya.cases.rules import CaseSide, ReportSide, Side, between_cases, case_and_report, hears
from abhaya.errors import OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking.rules import NEVER_LINKED_ROLES
from abhaya.selectors.kinds import LINKING, identifies
from abhaya.shared.bulk import insert
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import since, until, uuid7, uuid7s
from abhaya.shared.road import passed
from abhaya.shared.sql import execute, fetch, fetch_one, value

SERVICE = "road:cases"
REPORTS_OF_WATCH_MAX = (
    200  # the newest reports looked at for one identifier: a busy one is told as one busy unit or ten
)
SPOKEN, SILENT = "spoken", "silent"
REASON_CHARACTERS_MIN = 10
_KINDS = sorted(LINKING)
_NEVER = sorted(NEVER_LINKED_ROLES)


class NewWatch(NamedTuple):
    id: UUID
    officer: UUID
    selector: UUID


class ReportPair(NamedTuple):
    """One case's identifier in one report that another unit works on."""

    case: UUID
    watched: UUID
    kind: str
    value: str
    covert: bool
    unit: UUID
    liaison: UUID
    contact: str
    report: UUID
    compartment: UUID
    holder: UUID
    said: str  # the state of the case's hit with this holder, "" for none yet


class CasePair(NamedTuple):
    """One identifier in two cases of different units."""

    case: UUID
    watched: UUID
    kind: str
    value: str
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


class Decided(NamedTuple):
    case: UUID
    watched: UUID
    kind: str
    other: UUID


class Speaker(NamedTuple):
    liaison: UUID
    contact: str
    unit: UUID
    other_is_case: bool
    other_is_covert: bool


def compare_with_cases(report_ids: Sequence[UUID]) -> None:
    """The road's last stage: what open cases watch, in this set of reports. One statement, and none where nobody watches."""
    if value(SQL["any_watch"]):
        bounds = {"reports": list(report_ids), "since": since(report_ids), "until": until()}
        _tell(_report_pairs("from_reports", **bounds))
    passed("cases", report_ids)


def compare_new_watches() -> None:
    """The duty: identifiers noted since the last round, against everything held and every other case."""
    new = fetch(NewWatch, SQL["new_watches"])
    if not new:
        return
    watches = [watch.id for watch in new]
    _tell(_report_pairs("from_watches", watches=watches, until=until()))
    pairs = fetch(CasePair, SQL["case_pairs"], {"watches": watches, "kinds": _KINDS})
    _add([side for pair in pairs if identifies(pair.kind, pair.value) for side in _sides(pair)])
    # Noting an identifier asks as much as a search does.
    insert("cases_asked", ["id", "officer_id", "selectors"], [(uuid7(), one.officer, [one.selector]) for one in new])


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
        _tell(
            _report_pairs("from_watches", case=decided.case, watched=decided.watched, unit=decided.other, until=until())
        )
        return
    voice = CaseSide(decided.case, covert=True, liaison=speaker.liaison, contact=speaker.contact, unit=speaker.unit)
    side = hears(decided.other, voice, decided.watched, decided.kind)
    if speaker.other_is_covert:
        execute(SQL["speak_to_twin"], side._asdict())
    else:
        _add([side])


def _report_pairs(source: str, **asked: object) -> list[ReportPair]:
    given = {"watches": [], "unit": None, "case": None, "watched": None, "never": _NEVER, "kinds": _KINDS, **asked}
    statement = SQL["report_pairs"].format(source=SQL[source].partition("\n")[2])
    found = fetch(ReportPair, statement, {**given, "most": REPORTS_OF_WATCH_MAX})
    return [pair for pair in found if identifies(pair.kind, pair.value)]


def _tell(pairs: Sequence[ReportPair]) -> None:
    sides: list[Side] = []
    for pair in pairs:
        case = CaseSide(pair.case, pair.covert, pair.liaison, pair.contact, pair.unit)
        report = ReportSide(pair.compartment, pair.report, pair.holder)
        sides += case_and_report(case, report, pair.watched, pair.kind, pair.said)
    _add(sides)


def _sides(pair: CasePair) -> list[Side]:
    one = CaseSide(pair.case, pair.covert, pair.liaison, pair.contact, pair.unit)
    other = CaseSide(pair.other, pair.other_covert, pair.other_liaison, pair.other_contact, pair.other_unit)
    return between_cases(one, other, pair.watched, pair.kind)


def _add(sides: Sequence[Side]) -> None:
    """Writes the sides that were not told yet, each with its entry in its own road."""
    once = list({(side.compartment, side.watched, side.other): side for side in sides}.values())
    if not once:
        return
    columns = {name: [getattr(side, name) for side in once] for name in Side._fields}
    made = fetch(Made, SQL["add_hits"], {"id": uuid7s(len(once)), **columns})
    record(
        [
            Act(Event.CASES_HIT_TOLD, row.report_id, row.compartment)
            if row.report_id
            else Act(Event.CASES_HIT_FOUND, row.id, row.compartment)
            for row in made
        ]
    )

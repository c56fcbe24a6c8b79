"""A case from its first row to its end, and what its members put into it. Every act has its entry in the case's own road."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.access.actions import found_case, hide_again, show_through
from abhaya.access.queries import SignedIn, works_on
from abhaya.cases.queries import SQL, Attached, CaseRow, Watched, case, is_working_member
from abhaya.errors import NotThere, OfficerError
from abhaya.intake import queries as intake
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.selectors.kinds import KINDS, normalise
from abhaya.selectors.sighting import selector_id
from abhaya.shared.bulk import insert
from abhaya.shared.identity import current_actor, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute

TEXT_CHARACTERS_MAX = 10_000
LINE_CHARACTERS_MAX = 300
REASON_CHARACTERS_MIN = 10
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that look like another
ATTACHED = "attached to a case"  # the basis of an opening; which case is said by the viewer it was made for


def open_case(officer: SignedIn, *, title: str, contact: str, covert: bool) -> UUID:
    """A case of the officer's unit, with the officer as its first member and its liaison."""
    compartment = uuid7()
    reference = "-".join("".join(secrets.choice(REFERENCE_LETTERS) for _letter in range(4)) for _group in range(2))
    found_case(compartment, officer.id, _("Opened the case"), covert=covert)
    row = {
        "compartment": compartment, "reference": reference, "title": _line(title), "unit_id": officer.unit_id,
        "covert": covert, "liaison_id": officer.id, "contact": _line(contact), "made_by": officer.id,
    }  # fmt: skip
    actor = current_actor()
    with on_the_road(actor.name, officer=actor.id, purpose=actor.purpose):
        insert("cases_case", list(row), [list(row.values())])
    record([Act(Event.CASES_CASE_OPENED, compartment, compartment, {"reference": reference})])
    return compartment


def change_case(case_id: UUID, *, title: str, contact: str, liaison: UUID) -> None:
    """New title, contact or liaison. Whoever was told to talk to the old liaison is told the new one."""
    _working(case_id)
    if not is_working_member(case_id, liaison):
        raise OfficerError(_("The liaison must be a working member without an end date."))
    execute(SQL["change_case"], {"case": case_id, "title": _line(title), "contact": _line(contact), "liaison": liaison})
    actor = current_actor()
    with on_the_road(actor.name, officer=actor.id, purpose=actor.purpose):
        execute(SQL["hand_over_own_hits"], {"case": case_id, "liaison": liaison})
        execute(SQL["hand_over_told_hits"], {"case": case_id, "liaison": liaison})
    record([Act(Event.CASES_CASE_CHANGED, case_id, case_id)])


def close_case(case_id: UUID, reason: str) -> None:
    """Nothing of it watches any more; its members still read it."""
    _set_state(case_id, "closed", reason, Event.CASES_CASE_CLOSED)


def reopen_case(case_id: UUID, reason: str) -> None:
    """What came while it was closed is looked through by a worker, as for what is new in it."""
    _set_state(case_id, "open", reason, Event.CASES_CASE_REOPENED)
    actor = current_actor()
    with on_the_road(actor.name, officer=actor.id, purpose=actor.purpose):
        execute(SQL["compare_again"], {"case": case_id})


def add_note(case_id: UUID, officer: UUID, text: str) -> None:
    _working(case_id)
    text = text.strip()
    if not text or len(text) > TEXT_CHARACTERS_MAX:
        raise OfficerError(_("A note has between 1 and %(most)d letters.") % {"most": TEXT_CHARACTERS_MAX})
    note = uuid7()
    insert("cases_note", ["id", "compartment", "text", "by_id"], [(note, case_id, text, officer)])
    record([Act(Event.CASES_NOTE_ADDED, note, case_id)])


def save_chart(case_id: UUID, officer: UUID, title: str, arranged: bytes) -> UUID:
    """Keeps an arrangement of the case's link chart (JSON of `desk.chart_rules.Kept`). Earlier ones stay."""
    _working(case_id)
    chart = uuid7()
    row = (chart, case_id, _line(title), arranged.decode(), officer)
    insert("cases_chart", ["id", "compartment", "title", "arranged", "by_id"], [row])
    record([Act(Event.CASES_CHART_SAVED, chart, case_id)])
    return chart


def attach(case_id: UUID, officer: UUID, number: int, reason: str) -> None:
    """Puts a report into the case. Its members may read it from now on; nothing is moved, and the report's page says
    nothing: only the case knows.
    """
    _working(case_id)
    reason = _because(reason)
    report_id = intake.report_numbered(number)
    report = intake.report(report_id) if report_id is not None else None
    if report is None:
        raise OfficerError(_("No report with this number is open to you."))
    show_through(case_id, report.compartment, ATTACHED)
    row = (uuid7(), case_id, report.id, reason, officer)
    if not insert(
        "cases_attachment", ["id", "compartment", "report_id", "reason", "attached_by"], [row],
        conflict="on conflict do nothing",
    ):  # fmt: skip
        raise OfficerError(_("This report is attached already."))
    record([Act(Event.CASES_REPORT_ATTACHED, report.id, case_id, {"number": number, "reason": reason})])


def detach(attachment: Attached, officer: UUID, reason: str) -> None:
    """Undoes an attachment: members see the report only as far as their own unit does."""
    _working(attachment.compartment)
    reason = _because(reason)
    report = intake.report(attachment.report_id)
    if not execute(SQL["detach"], {"id": attachment.id, "officer": officer, "reason": reason}) or report is None:
        raise OfficerError(_("This report is not attached any more."))
    hide_again(attachment.compartment, report.compartment)
    facts = {"number": report.number, "reason": reason}
    record([Act(Event.CASES_REPORT_DETACHED, attachment.report_id, attachment.compartment, facts)])


def watch(case_id: UUID, officer: UUID, *, kind: str, raw: str, platform: str, role: str, source: str) -> None:
    """Notes an identifier. Whether anybody else has it is found out later, by a worker: the answer here, and how long
    it takes, are the same for all.
    """
    _working(case_id)
    if kind not in KINDS:
        raise OfficerError(_("Choose a kind of identifier."))
    normal = normalise(kind, raw.strip(), platform=platform.strip())
    if normal.value is None:
        raise OfficerError(_("This does not read as that kind of identifier. Check how it is written."))
    columns = ["id", "compartment", "watched", "kind", "value", "raw", "role", "source", "added_by"]
    watched = selector_id(kind, normal.value)
    row = (uuid7(), case_id, watched, kind, normal.value, raw.strip(), role, _line(source), officer)
    if not insert("cases_watch", columns, [row], conflict="on conflict do nothing"):
        raise OfficerError(_("This case watches it already."))
    record([Act(Event.CASES_WATCH_ADDED, row[0], case_id, {"kind": kind})])


def end_watch(watched: Watched, officer: UUID, reason: str) -> None:
    _working(watched.compartment)
    reason = _because(reason)
    if not execute(SQL["end_watch"], {"id": watched.id, "officer": officer, "reason": reason}):
        raise OfficerError(_("This identifier is struck out already."))
    record([Act(Event.CASES_WATCH_ENDED, watched.id, watched.compartment, {"reason": reason})])


def _working(case_id: UUID) -> CaseRow:
    """The case, where the officer works on it. Whoever reads along is told so; to all others there is nothing."""
    row = case(case_id)
    if row is None:
        raise NotThere(_("There is nothing here for you."))
    if not works_on(case_id):
        raise OfficerError(_("You read this case along; only its working members change it."))
    return row


def _set_state(case_id: UUID, state: str, reason: str, event: Event) -> None:
    _working(case_id)
    reason = _because(reason)
    if not execute(SQL["set_state"], {"case": case_id, "state": state}):
        raise OfficerError(_("Somebody was faster: the case is so already."))
    record([Act(event, case_id, case_id, {"reason": reason})])


def _because(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < REASON_CHARACTERS_MIN:
        raise OfficerError(_("Give the reason in a sentence."))
    return reason[:LINE_CHARACTERS_MAX]


def _line(text: str) -> str:
    return " ".join(text.split())[:LINE_CHARACTERS_MAX]

"""The only writers of triage: the stage of the road, and what officers do in a queue.

A report is in one officer's hands at a time. Taking it is one conditional update, so of two who press at once one wins
and the other reads who did; what is not worked on comes back by itself when its time has run out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from abhaya.access.queries import SignedIn
from abhaya.errors import NotThere, OfficerError
from abhaya.intake.formats.record import Record, decode
from abhaya.intake.queries import Added, added_by_report
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking.actions.subjects import stir_persons_of, take_stirred
from abhaya.shared import road
from abhaya.shared.bulk import insert
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import uuid7s
from abhaya.shared.sql import execute, fetch_one, values
from abhaya.triage import persons, queries, rules, signals
from abhaya.triage.queries import LANE_STEP, SQL, Input, Standing
from abhaya.triage.titles import title

STAGE = "triage"
WEIGHTS_MAX = LANE_STEP // 2 - 1  # no sum of the table comes near it
CLAIM_MINUTES = 30
REASON_CHARACTERS_MIN, REASON_CHARACTERS_MAX = 10, 2000

# What an officer may decide at the desk, in both languages. “Forwarded” is not among them: that is routing's act.
DECISIONS: dict[str, tuple[str, str]] = {
    "work": ("Work on it in this unit", "इसी इकाई में कार्रवाई करें"),
    "not-actionable": ("Nothing can be done with what was sent", "जो भेजा गया उससे कुछ नहीं किया जा सकता"),
    "not-an-offence": ("No offence is visible in it", "इसमें कोई अपराध नहीं दिखता"),
    "duplicate": ("Already being worked on in another report", "इस पर दूसरी रिपोर्ट में काम चल रहा है"),
}

_ASSESSMENT = [
    "id", "compartment", "report_id", "lane", "score", "lane_reason", "reasons", "raise_by", "title", "reported_is_child",
    "rules_version", "assessed_at",
]  # fmt: skip
_QUEUE = [
    "report_id", "compartment", "holder_unit_id", "sender_id", "lane", "score", "urgency", "files", "place_code", "state",
    "assessment_id", "received_at", "arrived_at", "decision", "decision_reason", "opened_by", "bundle_id", "fold_id",
    "stands_with", "tells", "says",
]  # fmt: skip
# A later assessment moves the report within the queue; who holds it and what was decided stay.
_AGAIN = """on conflict (report_id) do update set lane = excluded.lane, score = excluded.score, urgency = excluded.urgency,
    files = excluded.files, assessment_id = excluded.assessment_id, bundle_id = excluded.bundle_id,
    fold_id = excluded.fold_id, stands_with = excluded.stands_with, tells = excluded.tells, says = excluded.says"""
PERSONS_PER_ROUND = 200


def assess_reports(report_ids: Sequence[UUID]) -> None:
    """The stage of the road: lane, score and reasons for a set of reports. Test reports are assessed and go no further."""
    now = datetime.now(UTC)
    inputs = queries.inputs(report_ids)
    added = added_by_report(report_ids)
    standing = queries.as_assessed([one.report_id for one in inputs if one.said_before is not None])
    assessments, acts, assessed = [], [], []
    for given, new_id in zip(inputs, uuid7s(len(inputs)), strict=True):
        assessment, told, row = _assess(given, added.get(given.report_id, ()), new_id, now)
        assessment_id = new_id
        if (was := standing.get(given.report_id)) is not None and was.says == queries.said_by(row[3:-1]):
            assessment_id = was.id  # it came again, and is judged as it was: one assessment for each reason
        else:
            assessments.append(row)
            act = Act(Event.TRIAGE_REPORT_ASSESSED, given.report_id, given.compartment, _facts(given, assessment))
            acts.append(act)
        if not given.is_test:
            assessed.append((given, assessment, assessment_id, told))
    insert("triage_assessment", _ASSESSMENT, assessments)
    # Before the queue's rows, which routing holds still while it has a report in hand: nobody waits in a circle.
    road.passed(STAGE, [given.report_id for given in inputs if not given.is_test])
    folds = folded([(given.report_id, assessment) for given, assessment, *_ in assessed])
    queue = [
        (*_queue_row(given, assessment, row_id), *folds.get(given.report_id, (None, None, None)), told, given.says)
        for given, assessment, row_id, told in assessed
    ]
    insert("triage_queue", _QUEUE, queue, conflict=_AGAIN)
    # What others of the same person are ranked by, if there are others: they are looked at by a duty.
    stir_persons_of([one.report_id for one, *_, told in assessed if one.says and told != (one.told_before or 0)])
    record(acts)


def rank_anew() -> None:
    """A duty: reports that wait to be worked on come to this stage again where what is known of their persons has changed:
    a subject was born, joined, split, moved or ended, or another report of the same person came or tells something else.
    """
    stirred = take_stirred(PERSONS_PER_ROUND)
    if stirred:
        road.again(STAGE, persons.stale(stirred, STAGE), after_who_is_at_it=True)


def _facts(given: Input, assessment: rules.Assessment) -> dict[str, object]:
    facts: dict[str, object] = {"lane": assessment.lane, "score": assessment.score, "rules": rules.RULES_VERSION}
    if given.said_before is not None and given.said_before != given.says:
        facts |= {"before": given.score_before, "anew": "persons"}
    return facts


def _assess(
    given: Input, added: Sequence[Added], assessment_id: UUID, now: datetime
) -> tuple[rules.Assessment, int, tuple[object, ...]]:
    """The assessment, what the report tells of its persons to their others, and the row that keeps it."""
    report = decode(given.record)
    later = [(one.record(), one.at) for one in added]
    found = signals.read(report, given.received_at, given.held, added=later)
    assessment = rules.assess(found)
    row = (
        assessment_id,
        given.compartment,
        given.report_id,
        assessment.lane,
        assessment.score,
        _json(assessment.lane_reason),
        _json(assessment.reasons),
        None if assessment.raise_by is None else _json(assessment.raise_by),
        _json(title(_told(report, later), found, assessment.lane, files=given.held.files, is_test=given.is_test)),
        "reported_is_child" in found or "minor_to_minor" in found,
        rules.RULES_VERSION,
        now,
    )
    told = signals.told(found, is_imminent=assessment.lane == rules.IMMINENT, is_covert=given.is_covert)
    return assessment, told, row


def folded(
    assessed: Sequence[tuple[UUID, rules.Assessment]],
) -> dict[UUID, tuple[UUID, UUID | None, UUID | None]]:
    """Report -> its bundle, the line into which it folds, and the report beside which that line stands: one that is in the
    queue already, else the first of these. A line that two workers begin at once has two; lists show the first of them.
    """
    bundles = queries.bundles([report for report, _ in assessed])
    folds = {
        report: rules.fold_of(brings.bundle_id, assessment.lane, assessment.reasons)
        for report, assessment in assessed
        if (brings := bundles.get(report)) is not None and not brings.stands_apart
    }
    first = queries.first_of({(bundles[report].holder, bundles[report].bundle_id, folds[report]) for report in folds})
    found: dict[UUID, tuple[UUID, UUID | None, UUID | None]] = {}
    for report, brings in sorted(bundles.items()):
        fold = folds.get(report)
        stands_with = None if fold is None else first.setdefault((brings.holder, fold), report)
        found[report] = (brings.bundle_id, fold, stands_with)
    return found


def _told(report: Record, later: Sequence[tuple[Record, datetime]]) -> Record:
    """What a title is made of: the report, with the words and facts of what came later for it."""
    if not later:
        return report
    readings = [report, *(record for record, _ in later)]
    return msgspec.structs.replace(
        report,
        platform=next((one.platform for one in readings if one.platform), ""),
        facts=tuple(fact for one in readings for fact in one.facts),
        texts=tuple(text for one in readings for text in one.texts),
    )


def _queue_row(given: Input, assessment: rules.Assessment, assessment_id: UUID) -> tuple[object, ...]:
    held = given.held
    files = (
        "none"
        if not held.files
        else "new"
        if not held.known_files
        else "known"
        if held.known_files >= held.files
        else "part"
    )
    return (
        given.report_id,
        given.compartment,
        given.unit_id,
        given.sender_id,
        assessment.lane,
        assessment.score,
        urgency(assessment.lane, sum(reason.weight for reason in assessment.reasons)),
        files,
        "",
        "waiting",
        assessment_id,
        given.received_at,
        given.received_at,
        "",
        "",
        [],
    )


def urgency(lane: str, weights: int) -> int:
    """The order of work as one number, the most urgent lowest: lane first, within it the sum of the weights.

    Scores stop at 100; the sum does not, so that the heaviest of many at 100 still comes first.
    """
    return rules.LANES.index(lane) * LANE_STEP + LANE_STEP // 2 - max(-WEIGHTS_MAX, min(WEIGHTS_MAX, weights))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def claim(report_id: UUID, officer: SignedIn, *, before: Standing | None = None) -> Standing:
    """Takes a report of the officer's own unit into their hands alone, or keeps it there. Returns where it stands now.

    `before`: where it stood, if the caller has read it. Raises `OfficerError` (409) with the name of whoever holds it,
    `NotThere` where it is not in this unit's queue.
    """
    before = before or queries.standing(report_id)
    given = {"report": report_id, "officer": officer.id, "unit": officer.unit_id, "minutes": CLAIM_MINUTES}
    taken = fetch_one(Standing, SQL["claim"].format(standing=SQL["standing"].format(queue="taken")), given)
    if taken is None:
        raise _why_not(report_id, officer)
    held_already = before is not None and before.is_held and before.claimed_by == officer.id
    if not held_already:
        record([Act(Event.TRIAGE_REPORT_CLAIMED, report_id, taken.compartment, {"minutes": CLAIM_MINUTES})])
    return taken


def release(report_id: UUID, officer: SignedIn) -> None:
    """Puts a report back into the queue."""
    compartments = values(SQL["release"], {"report": report_id, "officer": officer.id})
    if not compartments:
        raise _why_not(report_id, officer)
    record([Act(Event.TRIAGE_REPORT_RELEASED, report_id, compartments[0], {})])


def hand_on(report_id: UUID, officer: SignedIn, colleague: UUID) -> None:
    """Gives a report into a colleague's hands. No reason is asked, none is kept, and nothing counts it."""
    given = {"report": report_id, "officer": officer.id, "unit": officer.unit_id, "colleague": colleague}
    compartments = values(SQL["hand_on"], given | {"minutes": CLAIM_MINUTES})
    if not compartments:
        raise _why_not(report_id, officer)
    record([Act(Event.TRIAGE_REPORT_HANDED_ON, report_id, compartments[0], {})])


def decide(report_id: UUID, officer: SignedIn, decision: str, reason: str) -> None:
    """Closes a report that the officer holds. The reason is mandatory, and is read by whoever asks why."""
    if decision not in DECISIONS:
        raise OfficerError(_("Choose one of the decisions on the page."))
    given = _reason(reason)
    parameters = {
        "report": report_id,
        "officer": officer.id,
        "unit": officer.unit_id,
        "decision": decision,
        "reason": given,
    }
    compartments = values(SQL["decide"], parameters)
    if not compartments:
        raise _why_not(report_id, officer)
    record([Act(Event.TRIAGE_REPORT_DECIDED, report_id, compartments[0], {"decision": decision})])


def reopen(report_id: UUID, officer: SignedIn, reason: str) -> None:
    """Takes a decision of the officer's own unit back: the report waits again, ranked by what is known now. The ledger keeps
    both.
    """
    _reason(reason)
    compartments = values(SQL["reopen"], {"report": report_id, "unit": officer.unit_id})
    if not compartments:
        raise _why_not(report_id, officer)
    record([Act(Event.TRIAGE_REPORT_REOPENED, report_id, compartments[0], {})])
    with on_the_road(f"road:{STAGE}", officer=officer.id):
        road.again(STAGE, [report_id])


def forwarded(moves: Sequence[tuple[UUID, UUID]]) -> None:
    """Reports were offered to other units (report, unit): they leave the queue and wait there to be accepted."""
    _hand_over(moves, "forwarded", ["waiting", "claimed", "decided", "forwarded"])


def set_holder(moves: Sequence[tuple[UUID, UUID]]) -> None:
    """Reports stand in another unit's queue at once, with nothing to accept (a hub's own state desk)."""
    _hand_over(moves, "waiting", ["waiting", "claimed", "forwarded"])


def returned(moves: Sequence[tuple[UUID, UUID]]) -> None:
    """Offers were returned or taken back: the reports wait again with the unit named (report, unit)."""
    _hand_over(moves, "waiting", ["forwarded", "waiting", "claimed"])


def accepted(report_ids: Sequence[UUID]) -> None:
    """The unit they were offered to has accepted: they stand in its queue."""
    execute(SQL["accepted"].replace("{stands_with}", SQL["stands_with"]), {"reports": list(report_ids)})


def set_places(places: Mapping[UUID, str]) -> None:
    """Where the first routing proposal of each report points, for the queue's filter. Codes of `places_place`."""
    if places:
        execute(SQL["placed"], {"reports": list(places), "places": list(places.values())})


def _hand_over(moves: Sequence[tuple[UUID, UUID]], state: str, from_states: list[str]) -> None:
    if moves:
        reports, units = [move[0] for move in moves], [move[1] for move in moves]
        statement = SQL["hand_over"].replace("{stands_with}", SQL["stands_with"])
        execute(statement, {"reports": reports, "units": units, "state": state, "from_states": from_states})


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if len(reason) < REASON_CHARACTERS_MIN:
        raise OfficerError(_("Say why, in a sentence that another officer can follow."))
    if len(reason) > REASON_CHARACTERS_MAX:
        raise OfficerError(_("The reason is longer than %(most)d characters.") % {"most": REASON_CHARACTERS_MAX})
    return reason


def _why_not(report_id: UUID, officer: SignedIn) -> OfficerError:
    """Why a report could not be taken, put back or decided, in one sentence for the officer."""
    standing = queries.standing(report_id)
    if standing is None:
        return NotThere(_("There is nothing here for you."))
    if standing.holder_unit_id != officer.unit_id:
        return OfficerError(_("This report is with %(unit)s now.") % {"unit": standing.holder_name})
    if standing.state == "decided":
        return OfficerError(_("%(name)s has decided this report already.") % {"name": standing.decided_name})
    if standing.state == "forwarded":
        return OfficerError(_("Accept this report first; it was offered to your unit."))
    if standing.is_held and standing.claimed_by != officer.id:
        until = standing.claimed_until.astimezone() if standing.claimed_until else None
        return OfficerError(
            _("%(name)s has this report in hand until %(until)s.")
            % {"name": standing.claimed_name, "until": f"{until:%H:%M}" if until else "–"}
        )
    return OfficerError(_("Take this report first; it is not in your hands."))

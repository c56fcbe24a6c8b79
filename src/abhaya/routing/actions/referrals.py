"""What officers do with referrals: forward, accept, return. Of two who press at once, one wins and the other reads who did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abhaya.access.actions import close_to, open_to
from abhaya.access.queries import SignedIn
from abhaya.errors import NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.routing import queries, rules
from abhaya.routing.actions.placing import STAGE, hand_over, openings
from abhaya.routing.queries import SQL
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.road import passed
from abhaya.shared.sql import execute, fetch, fetch_one, values
from abhaya.triage import actions as triage

REASON_CHARACTERS_MIN, NOTE_CHARACTERS_MAX = 10, 2000


class Standing(NamedTuple):
    report_id: UUID
    compartment: UUID
    holder: UUID
    state: str
    lane: str
    place: str
    claimed_by: UUID | None
    claimed_name: str
    claim_runs: bool
    holder_name: str
    holder_name_hi: str


class Decided(NamedTuple):
    id: UUID
    compartment: UUID
    report_id: UUID
    from_unit: UUID
    from_name: str
    to_unit: UUID
    to_name: str

    @property
    def facts(self) -> dict[str, object]:
        """For the ledger's line."""
        return hand_over(self.id, self.from_unit, self.from_name, self.to_unit, self.to_name)


class Viewer(NamedTuple):
    viewer: UUID
    compartment: UUID


def offer(report_id: UUID, to_unit: UUID, officer: SignedIn, note: str = "") -> UUID:
    """Forwards a report that the officer's unit holds. Returns the referral's id. Nothing moves: the unit may now read it
    and must accept or return it by its clock.
    """
    words = " ".join(note.split())
    if len(words) > NOTE_CHARACTERS_MAX:
        raise OfficerError(_("The note is longer than %(most)d characters.") % {"most": NOTE_CHARACTERS_MAX})
    standing = fetch_one(Standing, SQL["standing"], {"report": report_id})
    _may_offer(standing, officer)
    assert standing is not None  # noqa: S101 — _may_offer refuses without one
    units = queries.tree()
    if to_unit not in units.units:
        raise OfficerError(_("Choose an active unit."))
    if to_unit == officer.unit_id:
        raise OfficerError(_("Choose another unit than your own."))
    now = datetime.now(UTC)
    line = [one.id for one in units.line(to_unit)]
    due = now + timedelta(minutes=rules.accept_minutes(standing.lane, queries.clocks(), line))
    given = {
        "id": uuid7(),
        "compartment": standing.compartment,
        "report": report_id,
        "from_unit": officer.unit_id,
        "to_unit": to_unit,
        "lane": standing.lane,
        "place": standing.place,
        "note": words,
        "officer": officer.id,
        "now": now,
        "due": due,
    }
    made = values(SQL["offer"], given)
    if not made:
        raise OfficerError(_("Somebody else has just forwarded this report."))
    referral = UUID(str(made[0]))
    execute(SQL["settle"], {"reports": [report_id]})
    open_to(openings(referral, standing.compartment, to_unit, officer.unit_id, units))
    triage.forwarded([(report_id, to_unit)])
    named = units.units
    facts = hand_over(referral, officer.unit_id, named[officer.unit_id].name, to_unit, named[to_unit].name)
    facts |= {"due_at": due.isoformat()}
    record([Act(Event.ROUTING_REFERRAL_OFFERED, report_id, standing.compartment, facts)])
    _placed([report_id], officer)
    return referral


def accept(referral_id: UUID, officer: SignedIn) -> UUID:
    """Takes a report that was offered to the officer's unit. Returns the report's id; the clock stops."""
    taken = _decide(referral_id, officer, "accepted", "")
    triage.accepted([taken.report_id])
    _record(Event.ROUTING_REFERRAL_ACCEPTED, taken)
    _placed([taken.report_id], officer)
    return taken.report_id


def return_(referral_id: UUID, officer: SignedIn, reason: str) -> UUID:
    """Sends a report back to the unit it came from, with the reason. Returns the report's id.

    The unit, and the state that watched it there, see the report no longer; the hand-over itself stays in their view. A
    case that it was attached to meanwhile keeps it for its members: they alone know, and they alone detach it.
    """
    why = " ".join(reason.split())
    if len(why) < REASON_CHARACTERS_MIN:
        raise OfficerError(_("Say why, in a sentence that the unit you return it to can follow."))
    if len(why) > NOTE_CHARACTERS_MAX:
        raise OfficerError(_("The reason is longer than %(most)d characters.") % {"most": NOTE_CHARACTERS_MAX})
    sent = _decide(referral_id, officer, "returned", why)
    triage.returned([(sent.report_id, sent.from_unit)])
    _record(Event.ROUTING_REFERRAL_RETURNED, sent)
    basis = {"compartment": sent.compartment, "basis": f"referral {sent.id}"}
    with on_the_road("road:routing", officer=officer.id):  # the rule's openings are the road's to end
        opened = fetch(Viewer, SQL["opened_by_referral"], basis)
        close_to([(one.viewer, one.compartment) for one in opened if one.viewer != sent.from_unit])
    _placed([sent.report_id], officer)
    return sent.report_id


def _placed(report_ids: Sequence[UUID], officer: SignedIn) -> None:
    """Who holds these reports has changed: whatever comes after routing is asked again, by a worker."""
    with on_the_road("road:routing", officer=officer.id):
        passed(STAGE, report_ids)


def _decide(referral_id: UUID, officer: SignedIn, state: str, reason: str) -> Decided:
    given = {"id": referral_id, "state": state, "officer": officer.id, "unit": officer.unit_id, "reason": reason}
    decided = fetch_one(Decided, SQL["decide"], given)
    if decided is None:
        raise _why_not(referral_id, officer)
    return decided


def _record(event: Event, decided: Decided) -> None:
    record([Act(event, decided.report_id, decided.compartment, decided.facts)])


def _may_offer(standing: Standing | None, officer: SignedIn) -> None:
    """Raises why the report cannot be forwarded, in one sentence for the officer."""
    if standing is None:
        raise NotThere(_("There is nothing here for you."))
    if standing.holder != officer.unit_id:
        hindi = (get_language() or "en").startswith("hi")
        unit = (hindi and standing.holder_name_hi) or standing.holder_name
        raise OfficerError(_("This report is with %(unit)s now.") % {"unit": unit})
    if standing.state == "forwarded":
        raise OfficerError(_("This report was offered to your unit: accept it first, or return it."))
    if standing.state == "claimed" and standing.claim_runs and standing.claimed_by != officer.id:
        raise OfficerError(_("%(name)s has this report in hand.") % {"name": standing.claimed_name})


def _why_not(referral_id: UUID, officer: SignedIn) -> OfficerError:
    """Why a referral could not be accepted or returned."""
    found = queries.referral(referral_id)
    if found is None or officer.unit_id not in {found.to_unit_id, found.from_unit_id}:
        return NotThere(_("There is nothing here for you."))
    if found.to_unit_id != officer.unit_id:
        return OfficerError(_("This report waits for %(unit)s to decide.") % {"unit": found.to_name})
    if found.state == "accepted":
        return OfficerError(_("%(name)s has accepted this report already.") % {"name": found.decided_by})
    return OfficerError(_("%(name)s has returned this report already.") % {"name": found.decided_by})

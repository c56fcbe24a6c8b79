"""Clocks of referrals: how long a unit has, and what is late."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.errors import OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.routing.actions.referrals import Decided
from abhaya.routing.queries import SQL
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, fetch
from abhaya.triage.rules import LANES

MINUTES_MAX = 90 * 24 * 60
OVERDUE_PER_ROUND_MAX = 1000


def note_overdue() -> int:
    """A duty of the clock: marks offers whose time has run out, each with its ledger line, and lets go of nobody's
    reports that a desk has closed. Returns how many were newly late.
    """
    late = fetch(Decided, SQL["overdue"], {"most": OVERDUE_PER_ROUND_MAX})
    record([Act(Event.ROUTING_REFERRAL_OVERDUE, one.report_id, one.compartment, one.facts) for one in late])
    execute(SQL["settle_decided"])
    return len(late)


def set_clock(unit: UUID, lane: str, minutes: int | None) -> None:
    """How long a unit, and those below it without a clock of their own, has for a lane; None takes its own away."""
    if lane not in LANES:
        raise OfficerError(_("Choose one of the lanes on the page."))
    if minutes is not None and not 1 <= minutes <= MINUTES_MAX:
        raise OfficerError(_("A clock runs from one minute to %(days)d days.") % {"days": MINUTES_MAX // (24 * 60)})
    given = {"id": uuid7(), "unit": unit, "lane": lane, "minutes": minutes}
    execute(SQL["unset_clock"] if minutes is None else SQL["set_clock"], given)
    facts = {"unit": str(unit), "lane": lane, "minutes": minutes}
    record([Act(Event.ROUTING_CLOCK_SET, unit, None, facts)])

"""The only writer of takedowns: when a group was taken down, as an officer read it in a report open to them for work."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.access.actions.approvals import sound
from abhaya.access.queries import SignedIn, trace, works_on
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking import network_queries as queries
from abhaya.shared.bulk import insert
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute

SAID_BY_CHARACTERS_MAX = 200
COLUMNS = ["id", "compartment", "report_id", "group_id", "day", "said_by", "by_officer", "by_name"]


def say(group_id: UUID, report_id: UUID, day: date, said_by: str, officer: SignedIn, *, now: datetime) -> UUID:
    """That the group was taken down on that day (UTC), as this report, or what came with it, says."""
    told = next((one for one in queries.reports_of(group_id) if one.report_id == report_id), None)
    if told is None:
        raise NotThere(_("There is nothing here for you."))
    compartment = trace(told.compartment)
    if not works_on(compartment):
        raise NotPermitted(_("Only a unit that works on a report of this group may say this."))
    if day > now.date():
        raise OfficerError(_("This day is still to come."))
    said_by = " ".join(said_by.split())[:SAID_BY_CHARACTERS_MAX]
    takedown = uuid7()
    insert(
        "linking_takedown",
        COLUMNS,
        [(takedown, compartment, report_id, group_id, day, said_by, officer.id, officer.name)],
    )
    record([Act(Event.LINKING_TAKEDOWN_ENTERED, group_id, compartment, {"day": day.isoformat()})])
    return takedown


def withdraw(takedown_id: UUID, why: str, officer: SignedIn) -> None:
    """It was wrong: it stays on record, and counts no more."""
    why = sound(why)
    found = queries.takedown(takedown_id)
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    said = {"id": takedown_id, "officer": officer.id, "name": officer.name, "why": why}
    if not execute(queries.SQL["withdraw_takedown"], said):
        raise OfficerError(
            _("This was taken back already.")
            if found.withdrawn_at is not None
            else _("Only a unit that works on a report of this group may say this.")
        )
    record([Act(Event.LINKING_TAKEDOWN_WITHDRAWN, found.group_id, found.compartment, {})])

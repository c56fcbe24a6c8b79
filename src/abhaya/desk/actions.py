"""The desk's one act of its own: a report opened to one officer for hours, by the number somebody told them.

It stands here because only above `intake` and `cases` is it known by which numbers people call what they speak of.
"""

from __future__ import annotations

from uuid import UUID

from abhaya.access.actions.approvals import noted, sound
from abhaya.access.actions.emergencies import OPEN, stop_if_used_up
from abhaya.access.queries import SignedIn
from abhaya.intake import queries as intake
from abhaya.ledger.actions import Act
from abhaya.ledger.events import Event
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import NamedSql, value

SQL = NamedSql(__file__, "actions.sql")


def open_in_emergency(reference: str, reason: str, officer: SignedIn) -> UUID | None:
    """Opens the report of this number to the officer, to read, for four hours. None where there is none, where it is
    covert, and where two go by that number: one and the same answer, and each time a request that is counted and kept.

    Raises `UsedUp` before anything is looked up, `OfficerError` where the reason is none.
    """
    reference, reason = " ".join(reference.replace("\0", "").split()), sound(reason)
    stop_if_used_up(OPEN)
    emergency = uuid7()
    opened: UUID | None = value(SQL["open_in_emergency"], [emergency, reference, reason])
    # A number of ours names nobody; what a sender numbered by, or somebody mistyped, may: it stays in the request alone.
    facts = {"id": str(emergency), **({"reference": reference} if reference.isdigit() else {})}
    if opened is None:
        noted(officer, reason, Act(Event.ACCESS_EMERGENCY_REFUSED, None, None, facts))
        return None
    report = intake.report(opened)
    assert report is not None  # noqa: S101 — opened by the line above, in this transaction
    act = Act(Event.ACCESS_EMERGENCY_OPENED, opened, report.compartment, {"emergency": OPEN, **facts})
    noted(officer, reason, act)
    return opened

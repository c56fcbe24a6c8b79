"""Members of a case: openings of its compartment for single officers, for a time. The only writer of them.

Who is a member now follows from `until` alone: nothing has to run for a membership to end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.access.actions.openings import WATCH, WORK
from abhaya.access.queries import SQL, works_on
from abhaya.errors import NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import insert
from abhaya.shared.identity import current_actor, on_the_road
from abhaya.shared.sql import execute, value

CASE = "case"  # the kind of compartment that has members
BASIS_CHARACTERS_MAX = 300


def found_case(compartment: UUID, officer: UUID, basis: str, *, covert: bool) -> None:
    """A new case's compartment and its first working member, in one step: it is never there without its walls."""
    with _as_the_road():
        insert("access_compartment", ["id", "kind", "covert"], [(compartment, CASE, covert)])
        _let_in(compartment, officer, WORK, basis, None)
    _noted(compartment, officer, WORK, basis, None)


def admit(compartment: UUID, officer: UUID, *, level: str, basis: str, until: datetime | None) -> None:
    """Lets an officer in, or changes how far and how long. Only a working member may; somebody must stay for good."""
    if not works_on(compartment):
        raise NotThere(_("There is nothing here for you."))
    if level not in {WORK, WATCH}:
        raise OfficerError(_("A member works on the case or reads along."))
    basis = basis.strip()[:BASIS_CHARACTERS_MAX]
    if not basis:
        raise OfficerError(_("Say why this officer needs to know."))
    if until is not None and until <= datetime.now(UTC):
        raise OfficerError(_("The last day of the membership is already over."))
    with _as_the_road():
        if not value(SQL["may_be_member"], [officer]):
            raise OfficerError(_("Only an active officer who may read reports can be a member."))
        execute(SQL["one_at_a_time"], [f"case {compartment}"])
        _let_in(compartment, officer, level, basis, until)
        _somebody_stays(compartment)
    _noted(compartment, officer, level, basis, until)


def end_membership(compartment: UUID, officer: UUID, reason: str) -> None:
    """Ends it now. The last working member who stays for good cannot be removed: the case would be nobody's."""
    if not works_on(compartment):
        raise NotThere(_("There is nothing here for you."))
    if not reason.strip():
        raise OfficerError(_("Say why the membership ends."))
    with _as_the_road():
        execute(SQL["one_at_a_time"], [f"case {compartment}"])
        if not execute(SQL["end_membership"], {"officer": officer, "compartment": compartment}):
            raise OfficerError(_("This officer is no member any more."))
        _somebody_stays(compartment)
    facts = {"reason": reason.strip()}
    record([Act(Event.ACCESS_MEMBER_ENDED, subject=officer, compartment=compartment, facts=facts)])


def show_through(case: UUID, compartment: UUID, basis: str) -> None:
    """Opens a report to a case: its members read it from now on. Only who works on both may say so."""
    if not (works_on(case) and works_on(compartment)):
        raise OfficerError(_("Only a unit that works on this report can attach it to a case."))
    with _as_the_road():
        execute(SQL["show_through"], {"case": case, "compartment": compartment, "level": WATCH, "basis": basis})


def hide_again(case: UUID, compartment: UUID) -> None:
    """Ends what `show_through` opened."""
    if not works_on(case):
        raise NotThere(_("There is nothing here for you."))
    with _as_the_road():
        execute(SQL["close_on_the_road"], [[case], [compartment]])


def _let_in(compartment: UUID, officer: UUID, level: str, basis: str, until: datetime | None) -> None:
    facts = {"officer": officer, "compartment": compartment, "level": level, "basis": basis, "until": until}
    execute(SQL["let_in"], {**facts, "giver": current_actor().id})


def _somebody_stays(compartment: UUID) -> None:
    if not value(SQL["somebody_stays"], [compartment]):
        raise OfficerError(
            _("At least one working member must stay without an end date, or the case would be nobody’s.")
        )


def _noted(compartment: UUID, officer: UUID, level: str, basis: str, until: datetime | None) -> None:
    facts = {"level": level, "basis": basis, "until": until.date().isoformat() if until else ""}
    record([Act(Event.ACCESS_MEMBER_ADMITTED, subject=officer, compartment=compartment, facts=facts)])


@contextmanager
def _as_the_road() -> Iterator[None]:
    """The road writes openings; the act stays the officer's."""
    actor = current_actor()
    with on_the_road(actor.name, officer=actor.id, purpose=actor.purpose):
        yield

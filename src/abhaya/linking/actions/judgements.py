"""An officer's word on two accounts: the same person's, different persons', or unsure; and taking it back.

The word stands in the compartment where it was given. One given in a covert compartment moves nothing for anybody outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from abhaya.access.actions.approvals import ApprovalKind, NeedsSecondPerson, ask, sound, spend
from abhaya.access.approvals import standing
from abhaya.access.permissions import Permission
from abhaya.access.queries import SignedIn, trace, works_on
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking.actions import subjects
from abhaya.linking.statements import JUDGING as SQL
from abhaya.selectors.sighting import selector_id
from abhaya.shared.bulk import insert
from abhaya.shared.identity import current_actor, on_the_road
from abhaya.shared.ids import until, uuid7
from abhaya.shared.reason import Reason
from abhaya.shared.sql import as_row, execute, fetch, fetch_one, value

SAME, DIFFERENT, UNSURE = "same", "different", "unsure"
ANSWERS = (SAME, DIFFERENT, UNSURE)
ACCOUNTS_ALONE_MAX = 8  # taken together by one officer; above, a second one decides


@dataclass(frozen=True, slots=True)
class Place:
    """Where a judgement is made: a report, or a case."""

    compartment: UUID
    report_id: UUID | None


class _Sides(NamedTuple):
    accounts: int
    is_one_already: bool
    across_units: bool

    @property
    def needs_second(self) -> bool:
        return not self.is_one_already and (self.accounts > ACCOUNTS_ALONE_MAX or self.across_units)


class Outgrown(NeedsSecondPerson):
    """More accounts would be taken together than the colleague read of. The grant is not used up."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence = _("Since a colleague agreed, more accounts have come to these persons. Ask again.")


class _Judgement(NamedTuple):
    id: UUID
    compartment: UUID
    report_id: UUID | None
    a: UUID
    b: UUID
    answer: str
    is_undone: bool


def judge(
    a: UUID,
    b: UUID,
    answer: str,
    why: str,
    officer: SignedIn,
    *,
    report_id: UUID | None = None,
    case: UUID | None = None,
) -> UUID:
    """Writes down what the officer says of two accounts, and lets subjects follow it. Returns the judgement's id.

    Made in `case`, else in the report (by default the newest in which the officer sees one of the accounts). Raises
    `NotThere` where the officer does not see both accounts, `OfficerError` where it may not be said, and
    `NeedsSecondPerson` where taking two persons for one needs a colleague first (`ask_for_merge`).
    """
    _permitted(officer, Permission.LINKING_ACCOUNTS_JUDGE)
    a, b = sorted((a, b))
    why = sound(why)
    if answer not in ANSWERS or a == b:
        raise OfficerError(_("Choose two accounts, and whether they are the same person’s."))
    shielded = _seen(a, b)
    place = _place(a, b, report_id, case)
    _alone()
    is_covert = bool(value(SQL["is_covert"], {"compartment": place.compartment}))
    _free(a, b, answer, place)
    approved = None
    if answer == SAME:
        _never_across(a, b, shielded)
        if not is_covert and (sides := _sides(a, b)).needs_second:
            _not_outgrown(a, b, sides.accounts, officer)
            approved = spend(ApprovalKind.MERGE, merge_target(a, b), officer)
    row = {
        "id": uuid7(), "compartment": place.compartment, "report_id": place.report_id, "a": a, "b": b,
        "answer": answer, "by_officer": officer.id, "by_name": officer.name, "by_unit": officer.unit_id, "by_rule": "",
        "why": why, "approval_id": approved.id if approved else None,
    }  # fmt: skip
    insert("linking_judgement", list(row), [list(row.values())])
    facts: dict[str, object] = {"answer": answer, "a": str(a), "b": str(b)}
    if approved:
        facts["approved_by"] = approved.decided_by_name
    record([Act(Event.LINKING_ACCOUNTS_JUDGED, UUID(str(row["id"])), place.compartment, facts)])
    if not is_covert:
        _follow(a, b)
    return UUID(str(row["id"]))


def undo(judgement_id: UUID, why: str, officer: SignedIn) -> None:
    """Takes a judgement back: it stays on record, and subjects are as they were without it."""
    _permitted(officer, Permission.LINKING_JUDGEMENT_UNDO)
    why = sound(why)
    found = fetch_one(_Judgement, SQL["one"], {"id": judgement_id})
    if found is None:
        raise NotThere(_("There is nothing here for you."))
    _alone()
    said = {"id": found.id, "officer": officer.id, "name": officer.name, "why": why}
    if not execute(SQL["undo"], said):
        raise OfficerError(
            _("This was taken back already.")
            if found.is_undone
            else _("Only a unit that works on the report where this was said may take it back.")
        )
    facts = {"answer": found.answer, "a": str(found.a), "b": str(found.b)}
    record([Act(Event.LINKING_JUDGEMENT_UNDONE, found.id, found.compartment, facts)])
    if not value(SQL["is_covert"], {"compartment": found.compartment}):
        _follow(found.a, found.b)


def needs_second(a: UUID, b: UUID) -> bool:
    """Whether taking these two for one person needs a colleague: many accounts, or reports of different units."""
    a, b = sorted((a, b))
    _seen(a, b)
    return _sides(a, b).needs_second


def ask_for_merge(a: UUID, b: UUID, why: str, officer: SignedIn, *, said: tuple[str, str], page: str = "") -> UUID:
    """Asks a colleague whether the two may be taken for one person. `said`: what the asker calls each, masked where it
    has to be; `page`: where the asker uses the answer.
    """
    _permitted(officer, Permission.LINKING_ACCOUNTS_JUDGE)
    a, b = sorted((a, b))
    _never_across(a, b, _seen(a, b))
    place = _place(a, b, None, None)
    what = Reason("approval-merge-accounts", {"accounts": _sides(a, b).accounts, "a": said[0], "b": said[1]})
    return ask(ApprovalKind.MERGE, merge_target(a, b), place.compartment, why, officer, what=what, page=page)


def merge_target(a: UUID, b: UUID) -> UUID:
    """What a request for a second person is about."""
    a, b = sorted((a, b))
    return selector_id("merge", f"{a}\0{b}")


def _permitted(officer: SignedIn, permission: Permission) -> None:
    if not officer.may(permission):
        raise NotPermitted(_("There is nothing here for you."))


def _seen(a: UUID, b: UUID) -> dict[UUID, bool]:
    """Whether each is protected, as far as the officer sees; raises where one of them is not to be seen."""
    seen: dict[UUID, bool] = dict(fetch(as_row, SQL["protected_here"], {"accounts": [a, b]}))
    if seen.keys() != {a, b}:
        raise NotThere(_("There is nothing here for you."))
    return seen


def _place(a: UUID, b: UUID, report_id: UUID | None, case: UUID | None) -> Place:
    """Where it is written down: where nobody outside a covert case reads it, if that is the officer's only way in."""
    if case is not None:
        if not works_on(case):
            raise NotThere(_("There is nothing here for you."))
        return Place(case, None)
    rows: list[tuple[UUID, UUID]] = fetch(as_row, SQL["named_in"], {"accounts": [a, b], "until": until()})
    for report, compartment in rows:
        where = trace(compartment)
        if (report_id is None or report == report_id) and works_on(where):
            return Place(where, report)
    raise NotPermitted(_("Only a unit that works on a report with one of these accounts may say this."))


def _free(a: UUID, b: UUID, answer: str, place: Place) -> None:
    for _id, compartment, stands in fetch(as_row, SQL["in_force"], {"a": a, "b": b}):
        if stands == answer and compartment == place.compartment:
            raise OfficerError(_("This was said already, and stands."))
        if {stands, answer} == {SAME, DIFFERENT}:
            raise OfficerError(_("The opposite was said before and stands. Read why; it can be taken back."))


def _never_across(a: UUID, b: UUID, seen: dict[UUID, bool]) -> None:
    """A child is never taken for a suspect, by nobody's word."""
    actor = current_actor()
    with on_the_road(actor.name, officer=actor.id, purpose=actor.purpose):
        known = subjects.standing({"accounts": [a, b], "until": until()})
    protected = {account: seen[account] or known.get(account, False) for account in (a, b)}
    if protected[a] != protected[b]:
        raise OfficerError(
            _(
                "One of these accounts belongs to a victim or to somebody who may be a child, the other does not. They are"
                " never taken for one person. If a report describes somebody wrongly, have the report corrected."
            )
        )


def _not_outgrown(a: UUID, b: UUID, accounts: int, officer: SignedIn) -> None:
    held = standing(ApprovalKind.MERGE.value, merge_target(a, b), officer.id)
    if held is None or held.state != "granted":
        return  # which `spend` says
    if int(str(msgspec.json.decode(held.what_json, type=Reason).values.get("accounts", 0))) < accounts:
        raise Outgrown


def _sides(a: UUID, b: UUID) -> _Sides:
    actor = current_actor()
    with on_the_road(actor.name, officer=actor.id, purpose=actor.purpose):
        [sides] = fetch(_Sides, SQL["sides"], {"a": a, "b": b})
    return sides


def _alone() -> None:
    """From here to the end of the act nobody else says anything of accounts: what was said before is there to be read."""
    actor = current_actor()
    with on_the_road(actor.name, officer=actor.id, purpose=actor.purpose):
        subjects.lock()


def _follow(a: UUID, b: UUID) -> None:
    """The road writes what follows, in the officer's name."""
    actor = current_actor()
    with on_the_road(actor.name, officer=actor.id, purpose=actor.purpose):
        subjects.settle({a, b}, (), subjects.JUDGEMENT)

"""Protected personas: declared by their liaison with a second person, looked at again, ended with a second person.

Both directions need two people: a declared identifier leaves every colleague's sight, and could be a friend's; an ended
one puts an officer under cover before everybody's eyes. Whether somebody else keeps the same identifier nobody learns:
each declares for themselves, and what is hidden already stays the first one's.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.access.actions import ApprovalKind, ask, spend
from abhaya.access.actions.approvals import sound
from abhaya.access.permissions import Permission
from abhaya.access.queries import SignedIn
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.linking.actions import groups, subjects
from abhaya.linking.actions.evidence import write_evidence
from abhaya.selectors import actions as selectors
from abhaya.selectors import queries
from abhaya.selectors.queries import Persona
from abhaya.selectors.sighting import selector_id
from abhaya.shared.identity import current_actor, on_the_road
from abhaya.shared.reason import Reason

KINDS = ("phone", "account", "email")  # what names one account; a screen name is many people's
END_SHOWN_CHARACTERS = 4


def declare(kind: str, value: str, purpose: str, officer: SignedIn, *, page: str = "") -> UUID:
    """Asks a second person whether this identifier is an officer's under cover. Until it is kept it hides nothing.

    The answer is the same whether somebody else keeps it or not. Raises where the officer's own list has it already.
    """
    _permitted(officer)
    purpose = sound(purpose)
    mine = queries.personas(officer.id)
    if any(one.selector_id == selector_id(kind, value) and one.state != "ended" for one in mine):
        raise OfficerError(_("This stands in your list already."))
    actor = current_actor()
    with on_the_road(actor.name, officer=officer.id, purpose=purpose):
        persona = selectors.ask_for_persona(kind, value, officer.id, officer.unit_id, purpose)
    return _ask("approval-persona", persona, value, purpose, officer, page)


def keep(persona_id: UUID, officer: SignedIn) -> None:
    """Uses the second person's word: from now on every row of it is the liaison's alone, those that are there and those to come."""
    _permitted(officer)
    one = of(persona_id, officer, "asked")
    approved = spend(ApprovalKind.PERSONA, one.id, officer)
    actor = current_actor()
    with on_the_road(actor.name, officer=officer.id, purpose=one.purpose):
        _keep(one.id, one.selector_id, approved.decided_by_name)


def protect(kind: str, value: str, liaison: UUID, unit: UUID, purpose: str) -> None:
    """As the operator declares one before there are pages, and training worlds. On the road."""
    _keep(selectors.ask_for_persona(kind, value, liaison, unit, purpose), selector_id(kind, value), "")


def review(persona_id: UUID, note: str, officer: SignedIn) -> None:
    """The liaison looked, and it is needed still."""
    _permitted(officer)
    one, note = of(persona_id, officer, "kept"), sound(note)
    actor = current_actor()
    with on_the_road(actor.name, officer=officer.id, purpose=note):
        selectors.review_persona(one.id, note)
        record([Act(Event.LINKING_PERSONA_REVIEWED, one.id, None, {})])


def ask_to_end(persona_id: UUID, why: str, officer: SignedIn, *, page: str = "") -> None:
    """Asks a second person whether everybody may see it again. What was never kept just goes."""
    _permitted(officer)
    one, why = of(persona_id, officer, "kept", "asked"), sound(why)
    if one.state == "kept":
        _ask("approval-persona-end", one.id, one.value, why, officer, page)
        return
    actor = current_actor()
    with on_the_road(actor.name, officer=officer.id, purpose=why):
        selectors.end_persona(one.id, why)


def end(persona_id: UUID, officer: SignedIn) -> None:
    """Uses the second person's word: whoever sees the report sees it again."""
    _permitted(officer)
    one = of(persona_id, officer, "kept")
    approved = spend(ApprovalKind.PERSONA, one.id, officer)
    actor = current_actor()
    with on_the_road(actor.name, officer=officer.id, purpose=approved.purpose):
        selectors.end_persona(one.id, approved.purpose)
        record([Act(Event.LINKING_PERSONA_ENDED, one.id, None, {})])
        _follow(one.selector_id)


def of(persona_id: UUID, officer: SignedIn, *states: str) -> Persona:
    """One of the officer's own. Somebody else's is nothing, like one that never was."""
    one = next((each for each in queries.personas(officer.id) if each.id == persona_id), None)
    if one is None:
        raise NotThere(_("There is nothing here for you."))
    if states and one.state not in states:
        raise OfficerError(_("This was done already."))
    return one


def _ask(code: str, persona: UUID, value: str, purpose: str, officer: SignedIn, page: str) -> UUID:
    what = Reason(code, {"end": value[-END_SHOWN_CHARACTERS:]})
    ask(ApprovalKind.PERSONA, persona, None, purpose, officer, what=what, page=page)
    return persona


def _keep(persona: UUID, selector: UUID, second_name: str) -> None:
    selectors.keep_persona(persona, second_name)
    record([Act(Event.LINKING_PERSONA_PROTECTED, persona, None, {})])
    _follow(selector)


def _follow(selector: UUID) -> None:
    """Everything that stands of it: sightings, groups, then persons and evidence, of which subjects are made."""
    reports = queries.reports_of_selector(selector)
    if not reports:
        return
    selectors.hide(reports)
    groups.hide(reports)
    subjects.lock()
    moved = write_evidence(reports)
    subjects.settle(moved.accounts, moved.lost, subjects.RETRACTION)


def _permitted(officer: SignedIn) -> None:
    if not officer.may(Permission.LINKING_PERSONA_KEEP):
        raise NotPermitted(_("There is nothing here for you."))

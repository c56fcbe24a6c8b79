"""Officers: added, changed, and what each changes of their own. Every change is a line in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.access import passwords, rules
from abhaya.access.queries import SQL, OfficerRow, officer_by_id
from abhaya.access.reasons import in_words
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.identity import current_actor
from abhaya.shared.ids import uuid7
from abhaya.shared.reason import Reason
from abhaya.shared.sql import execute, value

NO_PASSWORD = ""  # matches nothing: an officer of the training world is stepped into, never signed in as


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """What an administrator says about an officer. Without a password nobody can sign in as them."""

    username: str
    name: str
    unit_id: UUID
    roles: Sequence[str]
    password: str | None = None
    language: str = "en"
    is_ready_made: bool = False
    keeps_password: bool = False  # the password is the officer's own already: the first administrator's


def add_officer(new: NewOfficer) -> UUID:
    """A new officer, in the caller's transaction. Raises `OfficerError` with what is wrong, or when the name is taken."""
    username, name = new.username.strip().lower(), new.name.strip()
    faults = rules.username_faults(username) + rules.role_faults(new.roles)
    if not name or len(name) > rules.NAME_LETTERS_MAX:
        faults.append(Reason("officer-name", {"most": rules.NAME_LETTERS_MAX}))
    if new.password is not None:
        faults += rules.password_faults(
            new.password, username=username, name=name, is_common=passwords.is_common(new.password)
        )
    if faults:
        raise OfficerError(in_words(faults))
    officer = uuid7()
    added = execute(
        SQL["add_officer"],
        {
            "id": officer,
            "unit": new.unit_id,
            "username": username,
            "name": name,
            "roles": sorted(set(new.roles)),
            "language": new.language,
            "password": NO_PASSWORD if new.password is None else passwords.hashed(new.password),
            "must_change": new.password is not None and not new.keeps_password,
            "ready_made": new.is_ready_made,
        },
    )
    if not added:
        raise OfficerError(_("There is an officer with the user name “{username}” already.").format(username=username))
    facts = {"username": username, "unit": str(new.unit_id), "roles": sorted(set(new.roles))}
    record([Act(Event.ACCESS_OFFICER_ADDED, subject=officer, facts=facts)])
    return officer


def change_officer(officer_id: UUID, *, name: str, unit_id: UUID, roles: Sequence[str], is_active: bool) -> None:
    """Changes an officer as an administrator. A change of unit, name or service ends their sessions.

    Nobody changes their own roles, unit or service: so an administrator can neither rise nor be the last to go.
    """
    before = _known(officer_id)
    name = name.strip()
    faults = rules.role_faults(roles)
    if not name or len(name) > rules.NAME_LETTERS_MAX:
        faults.append(Reason("officer-name", {"most": rules.NAME_LETTERS_MAX}))
    if faults:
        raise OfficerError(in_words(faults))
    after = {"name": name, "unit": unit_id, "roles": sorted(set(roles)), "is_active": is_active}
    was = {"name": before.name, "unit": before.unit_id, "roles": sorted(before.roles), "is_active": before.is_active}
    changed = {key: [_plain(was[key]), _plain(after[key])] for key in after if was[key] != after[key]}
    if current_actor().id == officer_id and changed.keys() - {"name"}:
        raise OfficerError(_("Your own unit, roles and service are changed by another administrator."))
    if not changed:
        return
    if not execute(SQL["change_officer"], {"id": officer_id, **after}):
        raise NotPermitted(_("Your role does not include this."))
    record([Act(Event.ACCESS_OFFICER_CHANGED, subject=officer_id, facts={"changed": changed})])


def reset_sign_in(officer_id: UUID, temporary_password: str) -> None:
    """A new temporary password and no second factor: for a lost telephone. Ends the officer's sessions."""
    known = _known(officer_id)
    faults = rules.password_faults(
        temporary_password, username=known.username, name=known.name, is_common=passwords.is_common(temporary_password)
    )
    if faults:
        raise OfficerError(in_words(faults))
    if not execute(SQL["reset_sign_in"], {"id": officer_id, "password": passwords.hashed(temporary_password)}):
        raise NotPermitted(_("Your role does not include this."))
    execute(SQL["forget_factors"], [officer_id])
    record([Act(Event.ACCESS_SIGN_IN_RESET, subject=officer_id)])


def change_password(officer_id: UUID, old: str, new: str) -> int:
    """The officer's own password. Ends every session but the one that is given the returned epoch."""
    known = _known(officer_id)
    stored = value(SQL["own_password"], [known.username])
    if not passwords.matches(old, stored or ""):
        raise OfficerError(_("The present password is not right."))
    faults = rules.password_faults(new, username=known.username, name=known.name, is_common=passwords.is_common(new))
    if new == old:
        faults.append(Reason("password-same"))
    if faults:
        raise OfficerError(in_words(faults))
    epoch = value(SQL["change_password"], {"id": officer_id, "password": passwords.hashed(new)})
    record([Act(Event.ACCESS_PASSWORD_CHANGED, subject=officer_id)])
    return int(epoch)


def change_language(officer_id: UUID, language: str) -> None:
    """The language the officer reads in; no act on anything, so no ledger line."""
    execute(SQL["change_language"], {"id": officer_id, "language": language})


def _known(officer_id: UUID) -> OfficerRow:
    known = officer_by_id(officer_id)
    if known is None:
        raise NotThere(_("There is no such officer."))
    return known


def _plain(thing: object) -> object:
    return str(thing) if isinstance(thing, UUID) else thing

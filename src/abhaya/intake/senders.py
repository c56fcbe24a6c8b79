"""Actions on senders: who may submit, with which credential and limits. Passwords are argon2; none is ever shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from argon2 import PasswordHasher
from django.utils.translation import gettext as _

from abhaya.errors import OfficerError
from abhaya.intake.actions import From
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import NamedSql, execute, fetch_one, value

PASSWORD_CHARACTERS_MIN = 16
NAME_CHARACTERS_MAX = 200
KINDS = ("platform", "hotline", "partner", "public", "officer")
SQL = NamedSql(__file__, "senders.sql")
_hasher = PasswordHasher()


def add_sender(
    name: str,
    unit_id: UUID,
    *,
    kind: str = "platform",
    username: str | None = None,
    password: str = "",
    is_test: bool = False,
    duty_contact: str = "",
) -> UUID:
    """A new sender of the given hub. A username makes it a client of the door and needs a password."""
    name = name.strip()
    if not name or len(name) > NAME_CHARACTERS_MAX or kind not in KINDS:
        raise OfficerError(
            _("A sender needs a name of at most %(most)d characters and one of these kinds: %(kinds)s.")
            % {"most": NAME_CHARACTERS_MAX, "kinds": ", ".join(KINDS)}
        )
    if username is not None and len(password) < PASSWORD_CHARACTERS_MIN:
        raise _password_short()
    if username is not None and (":" in username or not username.strip()):
        raise OfficerError(_("A sender’s user name is not empty and has no colon: HTTP Basic could not carry it."))
    identifier = uuid7()
    added = execute(
        SQL["add"],
        {
            "id": identifier, "name": name, "kind": kind, "username": username, "unit": unit_id, "is_test": is_test,
            "password_hash": _hasher.hash(password) if username is not None else "",
            "duty_contact": duty_contact, "now": datetime.now(UTC),
        },
    )  # fmt: skip
    if not added:
        raise OfficerError(
            _("There is a sender named “%(name)s”, or one with that user name, already.") % {"name": name}
        )
    record([Act(Event.INTAKE_SENDER_ADDED, identifier, None, {"name": name, "kind": kind, "test": is_test})])
    return identifier


def _password_short() -> OfficerError:
    return OfficerError(
        _("A sender’s password has at least %(least)d characters.") % {"least": PASSWORD_CHARACTERS_MIN}
    )


def set_active(sender_id: UUID, is_active: bool) -> None:
    """Switches a sender on or off; what it sent stays."""
    if not execute(SQL["set_active"], {"id": sender_id, "is_active": is_active}):
        raise OfficerError(_("There is no such sender."))
    record([Act(Event.INTAKE_SENDER_CHANGED, sender_id, None, {"active": is_active})])


def set_password(sender_id: UUID, password: str) -> None:
    """A new password for the door; the old one stops at once."""
    if len(password) < PASSWORD_CHARACTERS_MIN:
        raise _password_short()
    if not execute(SQL["set_password"], {"id": sender_id, "password_hash": _hasher.hash(password)}):
        raise OfficerError(_("There is no such sender, or it has no user name at the door."))
    record([Act(Event.INTAKE_SENDER_CHANGED, sender_id, None, {"password": "replaced"})])


def sender_named(name: str) -> From | None:
    """The active sender of that name."""
    return fetch_one(From, SQL["named"], {"name": name})


def sender_for_drop(name: str, unit_id: UUID, kind: str) -> From:
    """The sender that a dropped file belongs to when nobody names one: made on first use.

    Several units load what the same clearing house sent; each receives for itself, whoever loaded first.
    """
    found = sender_named(name)
    if found is None:
        add_sender(name, unit_id, kind=kind)
        found = sender_named(name)
    if found is None:
        raise OfficerError(_("The sender “%(name)s” is switched off.") % {"name": name})
    return replace(found, unit_id=unit_id)


def receiving_hub() -> UUID:
    """The unit that receives what nobody else is named for: the oldest active hub."""
    hub = value(SQL["hub"])
    if hub is None:
        raise OfficerError(_("There is no unit of kind “hub” yet: add one first, on the page of the units."))
    return UUID(str(hub))

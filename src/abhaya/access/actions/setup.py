"""The first administrator: made on a page that exists only while there is no officer at all."""

from __future__ import annotations

import hmac
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from abhaya.access.actions.officers import NewOfficer, add_officer
from abhaya.access.actions.units import add_unit
from abhaya.access.permissions import Role
from abhaya.access.queries import SQL, has_officers
from abhaya.access.rules import UnitFacts
from abhaya.errors import NotThere
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.secret import secret, secret_path
from abhaya.shared.sql import execute

SETUP_CODE = "setup-code"


def is_setup_code(typed: str) -> bool:
    """Whether it is the code in the file `secrets/setup-code`, which is made when it is first asked for."""
    return hmac.compare_digest(typed.strip().encode(), secret(settings.DATA_DIR, SETUP_CODE).encode())


def first_administrator(unit: UnitFacts, name: str, username: str, password: str, *, language: str) -> UUID:
    """The first unit and its administrator, on the road. Of two who try at once, one is told that there is nothing here."""
    execute(SQL["one_at_a_time"], ["access setup"])
    if has_officers():
        raise NotThere(_("Abhaya is set up already. Sign in instead."))
    new = NewOfficer(
        username, name, add_unit(unit), [Role.ADMINISTRATOR.value], password, language=language, keeps_password=True
    )
    officer = add_officer(new)
    record([Act(Event.ACCESS_SETUP_DONE, subject=officer)])
    return officer


def forget_setup_code() -> None:
    """The code has done its work."""
    secret_path(settings.DATA_DIR, SETUP_CODE).unlink(missing_ok=True)

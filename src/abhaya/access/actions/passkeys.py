"""An officer's passkeys: added, used, removed. Every one of these is a line in the ledger, but the use at a sign-in is
the sign-in's own line.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from abhaya.access import passkeys
from abhaya.access.actions.sign_in import new_codes
from abhaya.access.passkeys import NewPasskey, WrongPasskey
from abhaya.access.queries import SQL
from abhaya.access.queries import passkeys as own_passkeys
from abhaya.errors import OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.identity import acting
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, values

PASSKEYS_MAX = 10


def add_first_passkey(officer: UUID, name: str, called: str, new: NewPasskey) -> Sequence[str]:
    """The officer's first second factor. Returns the recovery codes, shown this once.

    Only where there is none: of two who hold the temporary password, one becomes the officer.
    """
    with acting(officer, name=name):
        _add(officer, called, new, is_first=True)
        return new_codes(officer)


def add_passkey(officer: UUID, called: str, new: NewPasskey) -> None:
    """One more, for the acting officer."""
    if len(own_passkeys(officer)) >= PASSKEYS_MAX:
        raise OfficerError(_("You have ten passkeys already. Remove one that you no longer use."))
    _add(officer, called, new, is_first=False)


def _add(officer: UUID, called: str, new: NewPasskey, *, is_first: bool) -> None:
    added = execute(
        SQL["add_passkey"],
        {
            "id": uuid7(),
            "officer": officer,
            "name": called.strip()[: passkeys.PASSKEY_NAME_LETTERS_MAX],
            "credential": new.credential_id,
            "public_key": new.public_key,
            "sign_count": new.sign_count,
            "transports": list(new.transports),
        },
    )
    if not added:
        raise WrongPasskey(_("This passkey cannot be used here. Make another one."))
    if not execute(SQL["count_passkeys"], {"id": officer, "is_first": is_first}):
        raise WrongPasskey(_("A second factor was set up meanwhile. Sign in again."))
    record([Act(Event.ACCESS_SECOND_FACTOR_SET, subject=officer, facts={"kind": "passkey"})])


def remove_passkey(officer: UUID, passkey: UUID) -> None:
    """Takes away one of the acting officer's passkeys, never the last second factor."""
    values(SQL["hold_officer"], [officer])
    if not execute(SQL["remove_passkey"], {"officer": officer, "passkey": passkey}):
        raise OfficerError(
            _("This passkey is your last second step. Add another one, or an app, before you remove it.")
        )
    execute(SQL["count_passkeys"], {"id": officer, "is_first": False})
    record([Act(Event.ACCESS_SECOND_FACTOR_REMOVED, subject=officer, facts={"kind": "passkey"})])


def remove_telephone(officer: UUID) -> None:
    """The acting officer's authenticator app is no second step any more; never the last one."""
    if not execute(SQL["drop_telephone"], [officer]):
        raise OfficerError(_("The app is your last second step. Add a passkey before you remove it."))
    record([Act(Event.ACCESS_SECOND_FACTOR_REMOVED, subject=officer, facts={"kind": "totp"})])


def check_passkey(request: HttpRequest, officer: UUID, name: str, answer: str) -> None:
    """Whether one of the officer's passkeys signed the page's challenge. Raises `WrongPasskey`.

    A count that does not move on says that the key may have been copied: refused, and a line in the ledger that stays.
    """
    challenge = passkeys.take_challenge(request, passkeys.SIGN, officer, answer)
    with acting(officer, name=name):
        passkey, count = passkeys.signed(request, challenge, answer, own_passkeys(officer))
        is_used = execute(SQL["use_passkey"], {"id": passkey.id, "sign_count": count})
        if not is_used:
            facts = {"why": "count", "passkey": str(passkey.id), "count": count}
            record([Act(Event.ACCESS_PASSKEY_REFUSED, subject=officer, facts=facts)])
    if not is_used:
        raise WrongPasskey(
            _(
                "This passkey may have been copied, and was refused. Use another second step, and tell your administrator."
            )
        )

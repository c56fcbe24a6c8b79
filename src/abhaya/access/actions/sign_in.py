"""Signing in, step by step: the password, then always a second factor.

`attempts` says how failures are counted. Nothing here tells an unknown user name from a wrong password, in words or in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from abhaya.access import passwords, rules, second_factor
from abhaya.access.actions import attempts
from abhaya.access.actions.attempts import SERVICE, Locked, Place
from abhaya.access.oidc import NotSignedIn
from abhaya.access.queries import SQL, Credentials, credentials, has_officers
from abhaya.errors import OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import insert
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute

CODE_LETTERS_MAX = 40

__all__ = ["SERVICE", "Locked", "Place", "WrongCode", "WrongPassword", "check_code", "check_password"]


class WrongPassword(OfficerError):  # noqa: N818 — as above
    """The user name or the password is wrong; which of them is not said."""

    status = 422


class WrongCode(OfficerError):  # noqa: N818 — as above
    """The code is not the one of this moment, or was used before."""

    status = 422


def check_password(username: str, password: str, place: Place) -> Credentials:
    """Whose password it is. Raises `WrongPassword`, `Locked`, or `passwords.Busy` when nothing was tried."""
    username = username.strip().lower()[: rules.USERNAME_LETTERS_MAX]
    with passwords.a_place_to_hash(passwords.KNOWN if place.is_known else passwords.STRANGERS):
        key, charge = attempts.charged_password(username, place)
        found = credentials(username)
        is_right = passwords.compared(password, found.password if found else "")
    if found is None or not is_right:
        attempts.password_failed(username, found.id if found else None, place, charge)
        raise WrongPassword(_("The user name or the password is not right."))
    attempts.succeeded(key)
    oldest = datetime.now(UTC) - timedelta(days=rules.TEMPORARY_PASSWORD_DAYS_MAX)
    if found.must_change_password and found.password_set_at < oldest:
        raise WrongPassword(_("This temporary password has run out. Ask your administrator for a new one."))
    return found


def vouched(username: str, subject: str) -> Credentials:
    """The officer whom the unit's sign-in service names. Raises `NotSignedIn`, alike for unknown, inactive and unlinked.

    The first time binds the account to the service's own name for the person, so that a user name or an e-mail address
    that is given to somebody else later does not give them the account too.
    """
    found = credentials(username)
    if found is not None and not found.oidc_subject:
        try:
            with acting(found.id, name=found.name):
                execute(SQL["bind_subject"], {"id": found.id, "subject": subject})
        except IntegrityError:  # the service's name for the person is another account's
            found = None
        else:
            found = credentials(username)
    if found is None or found.oidc_subject != subject:
        raise NotSignedIn(_("No account here is linked with this sign-in. Ask your administrator."))
    return found


def check_code(username: str, officer: UUID, code: str, place: Place) -> str:
    """Takes a code of the app or a recovery code, each once. Returns which it was: `code` or `recovery`."""
    typed = second_factor.as_typed(code[:CODE_LETTERS_MAX])
    counted = attempts.charged_code(officer, place, guessable=len(typed) < second_factor.RECOVERY_CODE_LETTERS)
    found = credentials(username)
    used = _used(found, typed) if found is not None and found.id == officer else None
    if used is None:
        for _key, charge in counted:
            attempts.note_lock(charge, officer, place, "code")
        raise WrongCode(_("This code is not right, or was used before. Wait for the next one."))
    attempts.succeeded(*[key for key, _charge in counted])
    return used


def _used(found: Credentials, typed: str) -> str | None:
    if not found.has_second_factor:
        return None
    with acting(found.id, name=found.name):
        if found.totp_step:
            secret = second_factor.unsealed(found.totp_secret, found.id)
            step = second_factor.step_of(secret, typed, after=found.totp_step)
            if step is not None and execute(SQL["use_step"], {"id": found.id, "step": step}):
                return "code"
        if execute(SQL["use_recovery_code"], [found.id, second_factor.recovery_hash(typed, found.id)]):
            return "recovery"
    return None


def confirm_code_of(secret: str, code: str) -> int:
    """The step of a code made with a new secret. Raises `WrongCode` when the app shows another."""
    step = second_factor.step_of(secret, second_factor.as_typed(code[:CODE_LETTERS_MAX]), after=0)
    if step is None:
        raise WrongCode(_("This is not the code the app shows for this secret. Check the clock of the telephone."))
    return step


def enrol(officer: UUID, name: str, secret: str, code: str, *, is_first: bool) -> Sequence[str]:
    """Sets up the second factor, confirmed by a first code. Returns the recovery codes, shown this once.

    `is_first` sets up only where there is none: of two who hold the temporary password, one becomes the officer.
    """
    step = confirm_code_of(secret, code)
    with acting(officer, name=name):
        sealed = second_factor.sealed(secret, officer)
        facts = {"id": officer, "secret": sealed, "step": step, "is_first": is_first}
        if not execute(SQL["set_second_factor"], facts):
            raise WrongCode(_("A second factor was set up meanwhile. Sign in again."))
        codes = new_codes(officer)
        record([Act(Event.ACCESS_SECOND_FACTOR_SET, subject=officer, facts={"kind": "totp"})])
    return codes


def new_recovery_codes(officer: UUID) -> Sequence[str]:
    """Ten new recovery codes for the acting officer; the old ones stop working."""
    codes = new_codes(officer)
    record([Act(Event.ACCESS_SECOND_FACTOR_SET, subject=officer, facts={"kind": "recovery"})])
    return codes


def new_codes(officer: UUID) -> Sequence[str]:
    """Ten codes in the place of those there were; whose line in the ledger the caller writes."""
    codes = second_factor.new_recovery_codes()
    execute(SQL["drop_recovery_codes"], [officer])
    rows = [(uuid7(), officer, second_factor.recovery_hash(code, officer)) for code in codes]
    insert("access_recovery_code", ["id", "officer_id", "code_hash"], rows)
    return codes


def note_sign_in(officer: UUID, name: str, *, username: str, address: str, by: str) -> None:
    """The officer is in: noted on their row and in the ledger, and the network as one they use.

    `by`: code, recovery, passkey, enrolled, oidc or training.
    """
    with acting(officer, name=name):
        execute(SQL["signed_in_at"], [officer])
        record([Act(Event.ACCESS_OFFICER_SIGNED_IN, subject=officer, facts={"address": address, "by": by})])
    attempts.remember_place(username, address)
    attempts.forget_old()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def note_sign_out(officer: UUID) -> None:
    record([Act(Event.ACCESS_OFFICER_SIGNED_OUT, subject=officer)])


def known(username: str) -> Credentials | None:
    """The account as it is now: deactivated or reset since the password was given, it is another or none."""
    return credentials(username)


def nobody_yet() -> bool:
    """Whether the set-up page still exists: no officer was ever made."""
    with on_the_road(SERVICE, apart=True):
        return not has_officers()

"""Signing in, step by step: the password, then always a second factor. Failures are counted per account and place.

Counting comes before looking, in a statement of its own, so that a hundred guesses at once count as a hundred. Nothing
here tells an unknown user name from a wrong password, in words or in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abhaya.access import passwords, rules, second_factor
from abhaya.access.queries import SQL, Credentials, credentials, has_officers
from abhaya.errors import OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.bulk import insert
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, fetch_one, value

SERVICE = "service:sign-in"
CODE_LETTERS_MAX = 40
LOCK_TABLE = list(rules.LOCK_TABLE_SECONDS)


class Locked(OfficerError):  # noqa: N818 — reads as what it says at the place of raising
    """Too many failures from this place: the next attempt must wait. Says nothing about whether the account exists."""

    status = 429

    def __init__(self, seconds: int) -> None:
        minutes = max(1, -(-seconds // 60))
        super().__init__(
            ngettext(
                "Too many attempts. Wait %(minutes)d minute, then try again.",
                "Too many attempts. Wait %(minutes)d minutes, then try again.",
                minutes,
            )
            % {"minutes": minutes}
        )
        self.seconds = seconds


class WrongPassword(OfficerError):  # noqa: N818 — as above
    """The user name or the password is wrong; which of them is not said."""

    status = 422


class WrongCode(OfficerError):  # noqa: N818 — as above
    """The code is not the one of this moment, or was used before."""

    status = 422


@dataclass(frozen=True, slots=True)
class Charge:
    """An attempt that was counted: how many by now, and how long the next must wait."""

    count: int
    seconds: int


def check_password(username: str, password: str, *, address: str, place: str) -> Credentials:
    """Whose password it is. Raises `WrongPassword`, `Locked`, or `passwords.Busy` when nothing was tried.

    `place` is what failures are counted by: the browser's mark if this officer used it before, else its network.
    """
    username = username.strip().lower()[: rules.USERNAME_LETTERS_MAX]
    key = second_factor.bucket("password", username, place)
    with passwords.a_place_to_hash():
        charge = _charged(key)
        found = credentials(username)
        is_right = passwords.compared(password, found.password if found else "")
    if found is None or not is_right:
        _note_lock(charge, found.id if found else None, address, "password")
        raise WrongPassword(_("The user name or the password is not right."))
    execute(SQL["forget_failures"], [key])
    oldest = datetime.now(UTC) - timedelta(days=rules.TEMPORARY_PASSWORD_DAYS_MAX)
    if found.must_change_password and found.password_set_at < oldest:
        raise WrongPassword(_("This temporary password has run out. Ask your administrator for a new one."))
    return found


def check_code(username: str, officer: UUID, code: str, *, address: str) -> str:
    """Takes a code of the app or a recovery code, each once. Returns which it was: `code` or `recovery`.

    Counted per account alone: only who knows the password comes this far, so nobody else can be locked out here.
    """
    key = second_factor.bucket("code", str(officer))
    charge = _charged(key)
    found = credentials(username)
    used = _used(found, code) if found is not None and found.id == officer else None
    if used is None:
        _note_lock(charge, officer, address, "code")
        raise WrongCode(_("This code is not right, or was used before. Wait for the next one."))
    execute(SQL["forget_failures"], [key])
    return used


def _used(found: Credentials, code: str) -> str | None:
    typed = second_factor.as_typed(code[:CODE_LETTERS_MAX])
    if not found.totp_secret:
        return None
    with acting(found.id, name=found.name):
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
        codes = _new_codes(officer)
        record([Act(Event.ACCESS_SECOND_FACTOR_SET, subject=officer, facts={"kind": "totp"})])
    return codes


def new_recovery_codes(officer: UUID) -> Sequence[str]:
    """Ten new recovery codes for the acting officer; the old ones stop working."""
    codes = _new_codes(officer)
    record([Act(Event.ACCESS_SECOND_FACTOR_SET, subject=officer, facts={"kind": "recovery"})])
    return codes


def _new_codes(officer: UUID) -> Sequence[str]:
    codes = second_factor.new_recovery_codes()
    execute(SQL["drop_recovery_codes"], [officer])
    rows = [(uuid7(), officer, second_factor.recovery_hash(code, officer)) for code in codes]
    insert("access_recovery_code", ["id", "officer_id", "code_hash"], rows)
    return codes


def note_sign_in(officer: UUID, name: str, *, address: str, by: str) -> None:
    """The officer is in: noted on their row and in the ledger. `by`: code, recovery, enrolled or training."""
    with acting(officer, name=name):
        execute(SQL["signed_in_at"], [officer])
        record([Act(Event.ACCESS_OFFICER_SIGNED_IN, subject=officer, facts={"address": address, "by": by})])
    execute(SQL["forget_old_failures"], [2 * rules.FAILURE_MEMORY_SECONDS])
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def note_sign_out(officer: UUID) -> None:
    record([Act(Event.ACCESS_OFFICER_SIGNED_OUT, subject=officer)])


def known(username: str) -> Credentials | None:
    """The account as it is now: deactivated or reset since the password was given, it is another or none."""
    return credentials(username)


def nobody_yet() -> bool:
    """Whether the set-up page still exists: no officer was ever made."""
    with on_the_road(SERVICE):
        return not has_officers()


def _charged(key: bytes) -> Charge:
    """Counts the attempt, or raises `Locked` without counting it."""
    charge = fetch_one(Charge, SQL["charge"], {"key": key, "memory": rules.FAILURE_MEMORY_SECONDS, "table": LOCK_TABLE})
    if charge is None:
        raise Locked(int(value(SQL["seconds_locked"], [key]) or 1))
    return charge


def _note_lock(charge: Charge, officer: UUID | None, address: str, step: str) -> None:
    """A lock is a line in the ledger. A name that is no officer's is not written down: it may be a mistyped password."""
    if not charge.seconds:
        return
    facts = {"address": address, "failures": charge.count, "seconds": charge.seconds, "step": step}
    with on_the_road(SERVICE):
        record([Act(Event.ACCESS_OFFICER_LOCKED, subject=officer, facts=facts)])

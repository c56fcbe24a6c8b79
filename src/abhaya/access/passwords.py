"""Hashing passwords, never more than a few at once: one argon2 costs 100 MB and a core for a tenth of a second, and a
flood of sign-ins must not take the server from those who are signed in.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from abhaya.access.rules import PASSWORD_LETTERS_MAX
from abhaya.errors import OfficerError

HASHING_AT_ONCE_MAX = 2
WAITING_MAX = 4  # threads that may stand in line; the others are told to come back
WAIT_SECONDS_MAX = 3.0


class Busy(OfficerError):  # noqa: N818 — reads as what it says at the place of raising
    """Too many sign-ins at this moment."""

    status = 503


_places = threading.BoundedSemaphore(HASHING_AT_ONCE_MAX)
_line = threading.BoundedSemaphore(HASHING_AT_ONCE_MAX + WAITING_MAX)


@contextmanager
def a_place_to_hash() -> Iterator[None]:
    """Raises `Busy` when the line is full or does not move; nothing was tried then."""
    if not _line.acquire(blocking=False):
        raise Busy(_("Many people are signing in at this moment. Try again in a few seconds."))
    try:
        if not _places.acquire(timeout=WAIT_SECONDS_MAX):
            raise Busy(_("Many people are signing in at this moment. Try again in a few seconds."))
        try:
            yield
        finally:
            _places.release()
    finally:
        _line.release()


def hashed(password: str) -> str:
    """The password as it is stored (argon2id, parameters and salt inside)."""
    with a_place_to_hash():
        return make_password(password)


def matches(password: str, stored: str) -> bool:
    """Whether it is the password."""
    with a_place_to_hash():
        return compared(password, stored)


def compared(password: str, stored: str) -> bool:
    """As `matches`, for a caller who has a place already. Without a stored one, or with an overlong one, the same work
    is done and the answer is no.
    """
    nobodys = _nobodys_password()  # made at the first sign-in of a process, whoever's it is
    is_possible = bool(stored) and len(password) <= PASSWORD_LETTERS_MAX
    same = check_password(password[:PASSWORD_LETTERS_MAX], stored if is_possible else nobodys)
    return same and is_possible


def is_common(password: str) -> bool:
    """On the list of 20,000 common passwords that Django carries."""
    try:
        _common().validate(password)
    except ValidationError:
        return True
    return False


@cache
def _common() -> CommonPasswordValidator:
    return CommonPasswordValidator()


@cache
def _nobodys_password() -> str:
    """A hash that no password was made from on purpose; checked against so that an unknown name costs the same."""
    return make_password("nobody signs in with this")

"""Hashing passwords, never more than a few at once on this machine: one argon2 costs 100 MB and a core for a tenth of a
second, and a flood of sign-ins must not take the server from those who are signed in.

The places are locks on files in the data folder, so that all server processes share them, and a process that dies leaves its
place free. Each lane has its own: strangers cannot take the place of officers at a browser they use, nor of platforms at
the door.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from abhaya.access.rules import PASSWORD_LETTERS_MAX
from abhaya.errors import OfficerError

WAIT_SECONDS_MAX = 3.0
LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Lane:
    """How many may hash at once, and how many more may stand in line; the others are told to come back."""

    name: str
    at_once: int
    waiting: int


STRANGERS = Lane("strangers", 1, 4)  # whoever types a name and a password
KNOWN = Lane("known", 1, 4)  # at a browser or in a network the officer has signed in from, or signed in already
DOOR = Lane("door", 1, 6)  # platforms at the reporting door


class Busy(OfficerError):  # noqa: N818 — reads as what it says at the place of raising
    """Too many sign-ins at this moment."""

    status = 503

    def __init__(self) -> None:
        super().__init__(_("Many people are signing in at this moment. Try again in a few seconds."))


@contextmanager
def a_place_to_hash(lane: Lane) -> Iterator[None]:
    """Raises `Busy` when the line is full or does not move; nothing was tried then."""
    folder = settings.DATA_DIR / "places"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    in_line = _taken(folder, f"{lane.name}-line", lane.at_once + lane.waiting)
    if in_line is None:
        raise Busy
    try:
        until = time.monotonic() + WAIT_SECONDS_MAX
        while (place := _taken(folder, lane.name, lane.at_once)) is None:
            if time.monotonic() > until:
                raise Busy
            time.sleep(LOOK_SECONDS)
        try:
            yield
        finally:
            os.close(place)
    finally:
        os.close(in_line)


def _taken(folder: Path, name: str, count: int) -> int | None:
    """The open, locked file of a free place; closing it, or dying, frees the place. None when all are taken."""
    for number in range(count):
        place = os.open(folder / f"{name}-{number}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(place)
        else:
            return place
    return None


def hashed(password: str) -> str:
    """The password as it is stored (argon2id, parameters and salt inside)."""
    with a_place_to_hash(KNOWN):
        return make_password(password)


def matches(password: str, stored: str) -> bool:
    """Whether it is the password."""
    with a_place_to_hash(KNOWN):
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

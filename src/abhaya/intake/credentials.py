"""Who stands at the door: HTTP Basic, as the reporting API demands (RFC 7617).

An argon2 check costs a core for a tenth of a second, so a password that was right is remembered for some minutes, as a
keyed hash of it and of the stored one: a changed password is another key, and a sender who was switched off is read
from the database at each call.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import threading
import time
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from abhaya.access.passwords import DOOR, a_place_to_hash
from abhaya.errors import SenderError
from abhaya.intake.actions import From
from abhaya.intake.formats.ispws_answers import AUTHENTICATION_REQUIRED, INVALID_REQUEST, MAY_NOT_SUBMIT
from abhaya.shared.sql import NamedSql, fetch_one
from abhaya.shared.throttle import Throttle

REMEMBERED_SECONDS = 600.0
REMEMBERED_MAX = 2000
FAILURES_PER_MINUTE_MAX = 20  # wrong passwords for one user name from one address, before no more are looked at
ADDRESS_FAILURES_PER_MINUTE_MAX = 200  # the same for all names from one address, which may be a whole company's
PASSWORD_CHARACTERS_MAX = 1024
SQL = NamedSql(__file__, "senders.sql")

_secret = secrets.token_bytes(32)
_remembered: dict[bytes, float] = {}
_lock = threading.Lock()
_failures = Throttle()


@dataclass(frozen=True, slots=True)
class Caller:
    """A sender at the door, with its limits."""

    id: UUID
    name: str
    unit_id: UUID
    is_test: bool
    username: str
    password_hash: str
    is_active: bool
    requests_per_minute_max: int
    file_bytes_max: int

    def sender(self) -> From:
        return From(self.id, self.name, self.unit_id, self.is_test)


def caller_named(username: str) -> Caller | None:
    """The sender of that user name, switched off or not, asked anew at every call. Needs no transaction."""
    return fetch_one(Caller, SQL["at_the_door"], {"username": username})


def verified(caller: Caller | None, password: str, address: str) -> Caller:
    """The caller, if this is its password. Raises SenderError: 401, 403 or 429. Holds no transaction: it may take long."""
    if caller is None:
        username, stored = "", _nobodys()
    else:
        username, stored = caller.username, caller.password_hash
    right = _is_right(password, stored, username, address)
    if caller is None or not right:  # an unknown name has taken as long as a wrong password
        raise _refused("The user name or the password is wrong.")
    if not caller.is_active:
        raise SenderError("This sender is switched off here; ask its duty contact.", code=MAY_NOT_SUBMIT, status=403)
    return caller


def basic(authorization: str) -> tuple[str, str]:
    """User name and password of an Authorization header. Raises SenderError (401)."""
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise _refused("Authentication required: send HTTP Basic credentials with each call.")
    try:
        raw = base64.b64decode(rest.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _refused("The credentials are not HTTP Basic.") from error
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    username, colon, password = text.partition(":")
    if not colon or "\0" in text or len(password) > PASSWORD_CHARACTERS_MAX:
        raise _refused("The credentials are not HTTP Basic.")
    return username, password


def _is_right(password: str, stored: str, username: str, address: str) -> bool:
    key = hmac.digest(_secret, stored.encode() + b"\0" + password.encode(), hashlib.sha256)
    now = time.monotonic()
    with _lock:
        if _remembered.get(key, 0.0) > now:
            return True
    limits = {(address, username): FAILURES_PER_MINUTE_MAX, (address, None): ADDRESS_FAILURES_PER_MINUTE_MAX}
    wait = max(_failures.wait_seconds(one, per_minute_max) for one, per_minute_max in limits.items())
    if wait:
        raise SenderError(
            f"Too many wrong passwords from {address}; try again in {wait:.0f} seconds.",
            code=INVALID_REQUEST,
            status=429,
        )
    with a_place_to_hash(DOOR):
        try:
            PasswordHasher().verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False
    for one in limits:
        _failures.give_back(one)
    with _lock:
        _remembered[key] = now + REMEMBERED_SECONDS
        while len(_remembered) > REMEMBERED_MAX:
            del _remembered[next(iter(_remembered))]
    return True


@cache
def _nobodys() -> str:
    """The hash of a password that nobody has."""
    return PasswordHasher().hash(secrets.token_hex(16))


def _refused(sentence: str) -> SenderError:
    return SenderError(sentence, code=AUTHENTICATION_REQUIRED, status=401)

"""What a browser session holds: nobody, somebody halfway through signing in, or an officer.

The key changes at every step up. A session ends after one shift, after two idle hours, and when the officer's epoch
moves on (password changed, deactivated, moved, reset).
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

PENDING_SECONDS_MAX = 600  # between the password and the second factor
IDLE_SECONDS_MAX = 2 * 3600
SEEN_EVERY_SECONDS = 300  # how often a session in use is written
DEVICE_COOKIE = f"{settings.COOKIE_PREFIX}abhaya_device"
DEVICE_DAYS = 90
DEVICE_SALT = "abhaya.access.device"


@dataclass(frozen=True, slots=True)
class Claim:
    """Who a session says it is; the officer's row decides whether that still holds."""

    officer: UUID
    name: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Pending:
    """The password was right; the second factor is still to come."""

    officer: str
    username: str
    name: str
    epoch: int
    next: str
    at: int
    secret: str = ""  # sealed, while a second factor is being set up


def claim(request: HttpRequest) -> Claim | None:
    """Who is signed in according to the session. None when nobody is, or the session has outlived itself."""
    held = request.session.get("officer")
    if not held:
        return None
    now = int(time.time())
    since, seen = int(request.session.get("since", 0)), int(request.session.get("seen", 0))
    if now - since > settings.SESSION_COOKIE_AGE or now - seen > IDLE_SECONDS_MAX:
        request.session.flush()
        return None
    if now - seen > SEEN_EVERY_SECONDS:
        request.session["seen"] = now
    return Claim(UUID(held), str(request.session.get("name", "")), int(request.session.get("epoch", -1)))


def start(request: HttpRequest, officer: UUID, name: str, epoch: int) -> None:
    """The officer is signed in from here on, under a new session key."""
    request.session.flush()
    now = int(time.time())
    request.session.update({"officer": str(officer), "name": name, "epoch": epoch, "since": now, "seen": now})


def keep(request: HttpRequest, epoch: int) -> None:
    """Goes on after the officer's epoch moved (their own change of password), under a new key."""
    request.session.cycle_key()
    request.session["epoch"] = epoch


def end(request: HttpRequest) -> None:
    request.session.flush()


def wait(request: HttpRequest, pending: Pending) -> None:
    """Remembers who gave the right password, under a new session key."""
    chosen = request.session.get("language_chosen", False)
    request.session.flush()
    request.session["pending"] = asdict(pending)
    request.session["language_chosen"] = chosen


def waiting(request: HttpRequest) -> Pending | None:
    """Who is halfway through signing in, for at most ten minutes."""
    held = request.session.get("pending")
    if not held:
        return None
    pending = Pending(**held)
    if time.time() - pending.at > PENDING_SECONDS_MAX:
        request.session.flush()
        return None
    return pending


def device_of(request: HttpRequest, username: str) -> str | None:
    """The mark of a browser this officer signed in with before: such a browser cannot be locked out by its neighbours."""
    try:
        held = signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=DEVICE_SALT, max_age=DEVICE_DAYS * 86_400)
    except signing.BadSignature:
        return None
    if isinstance(held, list) and len(held) == 2 and held[0] == username:
        return str(held[1])
    return None


def mark_device(response: HttpResponseBase, username: str, mark: str) -> None:
    """Remembers the browser as one this officer signs in with."""
    response.set_cookie(
        DEVICE_COOKIE,
        signing.dumps([username, mark], salt=DEVICE_SALT),
        max_age=DEVICE_DAYS * 86_400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )

"""What a browser session holds: nobody, somebody halfway through signing in, or an officer.

The key changes at every step up. A session ends after one shift, after two idle hours, when the officer's epoch moves on
(password changed, deactivated, moved, reset), when its row among the officer's open sessions is gone, and when its cookie
comes from another kind of browser. It is not bound to a network: a telephone changes its address many times a day.
"""

from __future__ import annotations

import functools
import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from abhaya.access.actions.sessions import IDLE_SECONDS_MAX, open_session
from abhaya.access.address import client_address
from abhaya.access.gate import OfficerRequest
from abhaya.access.rules import PLACE_DAYS

PENDING_SECONDS_MAX = 600  # between the password and the second factor
SEEN_EVERY_SECONDS = 300  # how often a session in use is written
CONFIRMED_MINUTES = 10
GRAVE_ACT_MINUTES = 30  # unmasking, answering as second person, emergency access: not by a browser that was left open
DEVICE_COOKIE = f"{settings.COOKIE_PREFIX}abhaya_device"
DEVICE_SALT = "abhaya.access.device"
AGENT_LETTERS_MAX = 1000

Arguments = ParamSpec("Arguments")
OfficerView = Callable[Concatenate[OfficerRequest, Arguments], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Claim:
    """Who a session says it is; the officer's row decides whether that still holds."""

    officer: UUID
    name: str
    epoch: int
    session: UUID
    is_due: bool  # to be written as in use
    is_of_this_browser: bool


@dataclass(frozen=True, slots=True)
class Pending:
    """The password was right, or the unit's own sign-in service vouched; the second factor is still to come."""

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
    if not held or not request.session.get("id"):
        return None
    now = int(time.time())
    since, seen = int(request.session.get("since", 0)), int(request.session.get("seen", 0))
    if now - since > settings.SESSION_COOKIE_AGE or now - seen > IDLE_SECONDS_MAX:
        request.session.flush()
        return None
    is_due = now - seen > SEEN_EVERY_SECONDS
    if is_due:
        request.session["seen"] = now
    return Claim(
        UUID(held),
        str(request.session.get("name", "")),
        int(request.session.get("epoch", -1)),
        UUID(request.session["id"]),
        is_due,
        request.session.get("agent") == _mark_of(request),
    )


def start(request: HttpRequest, officer: UUID, name: str, epoch: int, *, confirmed: bool = True) -> None:
    """The officer is signed in from here on, under a new session key. `confirmed`: by a second factor just now."""
    request.session.flush()
    now = int(time.time())
    opened = open_session(officer, name, address=client_address(request), agent=agent_of(request))
    request.session.update(
        {"officer": str(officer), "name": name, "epoch": epoch, "since": now, "seen": now, "id": str(opened),
         "agent": _mark_of(request), "confirmed": now if confirmed else 0}
    )  # fmt: skip


def keep(request: HttpRequest, epoch: int) -> None:
    """Goes on after the officer's epoch moved (their own change of password), under a new key."""
    request.session.cycle_key()
    request.session["epoch"] = epoch


def id_of(request: HttpRequest) -> UUID:
    """Which of the officer's open sessions this is."""
    return UUID(request.session["id"])


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


# --- asked again: an act that a stolen or unlocked browser must not be enough for ---


def confirm(request: HttpRequest) -> None:
    """The officer has just proved their second factor again."""
    request.session["confirmed"] = int(time.time())


def recently_confirmed(request: OfficerRequest, *, minutes: int = CONFIRMED_MINUTES) -> bool:
    """Whether the officer proved their second factor in this session within so many minutes; signing in counts.

    A ready-made officer of a training world has none to prove.
    """
    if settings.TRAINING and request.officer.is_ready_made:
        return True
    return time.time() - int(request.session.get("confirmed", 0)) <= minutes * 60


def confirmed_within(minutes: int = CONFIRMED_MINUTES) -> Callable[[OfficerView[Arguments]], OfficerView[Arguments]]:
    """`@confirmed_within(minutes=10)`, under the gate: else the officer is first asked for their second factor again.

    What a form held is lost then, so ask for its page under the same words.
    """

    def asked(view: OfficerView[Arguments]) -> OfficerView[Arguments]:
        @functools.wraps(view)
        def shown(request: OfficerRequest, /, *args: Arguments.args, **named: Arguments.kwargs) -> HttpResponseBase:
            if recently_confirmed(request, minutes=minutes):
                return view(request, *args, **named)
            here = request.get_full_path()
            if request.method not in {"GET", "HEAD"}:
                here = urlsplit(request.headers.get("Referer", "")).path or "/"
                messages.warning(request, _("Nothing was changed yet: confirm that it is you, then do it again."))
            return HttpResponseRedirect(reverse("access-confirm") + "?" + urlencode({"next": here}))

        return shown

    return asked


# --- the browser ---


def agent_of(request: HttpRequest) -> str:
    """The kind of browser in words a person knows, for the list of their sessions."""
    told = request.headers.get("User-Agent", "")[:AGENT_LETTERS_MAX]
    browsers = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
               ("Mac OS", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip
    words = [next((word for sign, word in table if sign in told), "") for table in (browsers, systems)]
    return " · ".join(word for word in words if word)


def _mark_of(request: HttpRequest) -> str:
    """The browser without its versions, which change under a session when it is brought up to date."""
    told = request.headers.get("User-Agent", "")[:AGENT_LETTERS_MAX]
    return hashlib.sha256(re.sub(r"[\d._]+", "", told).encode()).hexdigest()[:32]


def device_of(request: HttpRequest, username: str) -> str | None:
    """The mark of a browser this officer signed in with before: such a browser cannot be locked out by its neighbours."""
    try:
        held = signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=DEVICE_SALT, max_age=PLACE_DAYS * 86_400)
    except signing.BadSignature:
        return None
    if isinstance(held, list) and len(held) == 2 and held[0] == username:
        return str(held[1])
    return None


def mark_device(request: HttpRequest, response: HttpResponseBase, username: str) -> None:
    """Remembers the browser as one this officer signs in with."""
    response.set_cookie(
        DEVICE_COOKIE,
        signing.dumps([username, device_of(request, username) or uuid4().hex], salt=DEVICE_SALT),
        max_age=PLACE_DAYS * 86_400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )

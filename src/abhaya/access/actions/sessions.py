"""The browsers an officer is signed in with: opened, seen, listed for themselves, ended. At most five at once."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from abhaya.access.queries import SQL
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.identity import acting
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, fetch

SESSIONS_AT_ONCE_MAX = 5
IDLE_SECONDS_MAX = 2 * 3600


def open_session(officer: UUID, name: str, *, address: str, agent: str) -> UUID:
    """A session more; the longest unused beyond the most that may be is ended, and that stands in the ledger."""
    opened = uuid7()
    with acting(officer, name=name):
        execute(SQL["open_session"], [opened, officer, address, agent])
        limits = {"idle": IDLE_SECONDS_MAX, "whole": settings.SESSION_COOKIE_AGE, "most": SESSIONS_AT_ONCE_MAX}
        gone = fetch(_Gone, SQL["end_sessions_beyond"], {"officer": officer, **limits})
        _write(officer, sum(one.was_in_use for one in gone), "too many")
    return opened


class _Gone:
    def __init__(self, session: UUID, was_in_use: bool) -> None:
        self.session, self.was_in_use = session, was_in_use


def see_session(session: UUID, address: str) -> None:
    """The session is in use, from there; no act on anything, so no ledger line."""
    execute(SQL["see_session"], [address, session])


def end_session(officer: UUID, session: UUID, *, why: str = "") -> bool:
    """Ends one of the acting officer's sessions; False if there is none like it. `why` stands in the ledger."""
    ended = execute(SQL["end_sessions"], {"officer": officer, "only": session, "but": None})
    if why:
        _write(officer, ended, why)
    return bool(ended)


def end_other_sessions(officer: UUID, session: UUID) -> int:
    """Ends all the acting officer's sessions but this one. Returns how many."""
    ended = execute(SQL["end_sessions"], {"officer": officer, "only": None, "but": session})
    _write(officer, ended, "by the officer")
    return ended


def _write(officer: UUID, count: int, why: str) -> None:
    if count:
        record([Act(Event.ACCESS_SESSION_ENDED, subject=officer, facts={"count": count, "why": why})])

"""Counting attempts: what is guessed is slowed where it comes from, and nobody can lock another person out.

An attempt is counted before it is looked at, in a statement of its own, so that a hundred guesses at once count as a
hundred. It is counted by account and place: a browser the officer used before, else the network. Whoever guesses from one
place locks that place. Whoever guesses from many is counted per account too, and that count makes the next strange place
wait longer after a wrong guess; it never makes a first, right attempt wait. The one exception, an authenticator app's code,
is guessable by whoever knows the password: from strange places these wait for the whole account, and a passkey, a recovery
code or a browser used before still opens it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abhaya.access import rules, second_factor
from abhaya.access.queries import SQL
from abhaya.errors import OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import execute, fetch_one, value

SERVICE = "service:sign-in"
NEVER = (0,)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an attempt comes from. `is_known`: a browser or a network this officer has signed in from."""

    key: str
    address: str
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """An attempt that was counted: how many by now, and how long the next must wait."""

    count: int
    seconds: int


class Locked(OfficerError):  # noqa: N818 — reads as what it says at the place of raising
    """Too many failures from this place: the next attempt must wait. Says nothing about whether the account exists."""

    status = 429

    def __init__(self, seconds: int, sentence: str = "") -> None:
        minutes = max(1, -(-seconds // 60))
        wait = ngettext(
            "Too many attempts. Wait %(minutes)d minute, then try again.",
            "Too many attempts. Wait %(minutes)d minutes, then try again.",
            minutes,
        ) % {"minutes": minutes}
        super().__init__(f"{wait} {sentence}".strip())
        self.seconds = seconds


def place_of(username: str, address: str, device: str | None) -> Place:
    """The browser's mark if this officer used it before, else its network."""
    if device is not None:
        return Place(device, address, is_known=True)
    network = rules.network_of(address)
    known = {"key": _known_key(username, network), "days": rules.PLACE_DAYS}
    return Place(network, address, is_known=bool(value(SQL["is_known_place"], known)))


def remember_place(username: str, address: str) -> None:
    """The officer signed in from there: from now on it is no strange place."""
    execute(SQL["know_place"], [_known_key(username, rules.network_of(address))])


def _known_key(username: str, network: str) -> bytes:
    return second_factor.bucket("known", username, network)


def spread_key(username: str) -> bytes:
    """Under which wrong passwords from strange places are counted, all together."""
    return second_factor.bucket("spread", username)


def strange_failures(username: str) -> int:
    """Wrong passwords for this account within a day, from places it was never used from."""
    asked = {"key": spread_key(username), "memory": rules.FAILURE_MEMORY_SECONDS}
    return int(value(SQL["failures"], asked))


def charged(key: bytes, table: Sequence[int] = rules.LOCK_TABLE_SECONDS, *, sentence: str = "") -> Charge:
    """Counts the attempt, or raises `Locked` without counting it."""
    facts = {"key": key, "memory": rules.FAILURE_MEMORY_SECONDS, "table": list(table)}
    charge = fetch_one(Charge, SQL["charge"], facts)
    if charge is None:
        raise Locked(int(value(SQL["seconds_locked"], [key]) or 1), sentence)
    return charge


def charged_password(username: str, place: Place) -> tuple[bytes, Charge]:
    """Counts a password. From a strange place, while many strange places guess, one wrong guess locks for long."""
    key = second_factor.bucket("password", username, place.key)
    is_under_attack = not place.is_known and strange_failures(username) >= rules.SPREAD_FAILURES_MAX
    return key, charged(key, rules.SPREAD_LOCK_TABLE_SECONDS if is_under_attack else rules.LOCK_TABLE_SECONDS)


def password_failed(username: str, officer: UUID | None, place: Place, charge: Charge) -> None:
    """A wrong password: counted for the account too if its place is strange; a lock is a line in the ledger."""
    note_lock(charge, officer, place, "password")
    if not place.is_known:
        spread = charged(spread_key(username), NEVER)
        if spread.count == rules.SPREAD_FAILURES_MAX:
            _write_lock(officer, place, {"failures": spread.count, "step": "spread"})


def charged_code(officer: UUID, place: Place, *, guessable: bool) -> list[tuple[bytes, Charge]]:
    """Counts a code, and says under which keys. Only an app's code is `guessable`: six digits."""
    key = second_factor.bucket("code" if guessable else "recovery", str(officer), place.key)
    counted = [(key, charged(key))]
    if guessable and not place.is_known:
        account = second_factor.bucket("code", str(officer))
        sentence = _(
            "Somebody who knows the password is trying codes. A passkey, a recovery code, or a browser you have signed in"
            " with before still works; then change your password."
        )
        counted.append((account, charged(account, rules.STRANGE_CODE_TABLE_SECONDS, sentence=sentence)))
    return counted


def succeeded(key: bytes, *shared: bytes) -> None:
    """A right attempt: its place begins anew; what is counted for the whole account is only given back."""
    execute(SQL["forget_failures"], [key])
    for one in shared:
        execute(SQL["refund"], [one])


def forget_old() -> None:
    """Counts, places and challenges nobody needs any more."""
    execute(SQL["forget_old_failures"], [2 * rules.FAILURE_MEMORY_SECONDS])
    execute(SQL["forget_old_places"], [rules.PLACE_DAYS])


def note_lock(charge: Charge, officer: UUID | None, place: Place, step: str) -> None:
    """A lock is a line in the ledger. A name that is no officer's is not written down: it may be a mistyped password."""
    if charge.seconds:
        _write_lock(officer, place, {"failures": charge.count, "seconds": charge.seconds, "step": step})


def _write_lock(officer: UUID | None, place: Place, facts: dict[str, object]) -> None:
    with on_the_road(SERVICE, apart=True):
        record([Act(Event.ACCESS_OFFICER_LOCKED, subject=officer, facts={"address": place.address, **facts})])

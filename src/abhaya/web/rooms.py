"""The rail: every room an officer can enter, in the order they stand on the page.

A room adds itself by one line in `ROOMS` (its page's URL name and the permission that page asks for) and, where the rail
should say how much waits there, by `counted_by("url-name", statement)` beside its page. Only what the officer may use is
shown. All counts of a page are one question to the database, inside the page's own transaction, so row security decides
what they count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from abhaya.shared.sql import fetch_one

COUNT_SHOWN_MAX = 1000  # a count may stop here; the rail then says "1,000+"


class Officer(Protocol):
    """What the frame of a page needs of `access.queries.SignedIn`."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def unit_id(self) -> UUID: ...
    @property
    def unit_name(self) -> str: ...
    @property
    def permissions(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the rail."""

    group: str  # a name in GROUPS: entries of one group stand together, in that order
    label: Promise
    url_name: str
    permission: str
    icon: str  # an id in static/icons.svg


@dataclass(frozen=True, slots=True)
class Entry:
    """A room as shown to one officer."""

    room: Room
    href: str
    current: bool
    count: int | None

    @property
    def count_text_is_capped(self) -> bool:
        return self.count is not None and self.count >= COUNT_SHOWN_MAX


GROUPS: dict[str, Promise | str] = {
    "": "",
    "care": _("Open with care"),
    "enter": _("Bring in"),
    "account": _("Give account"),
    "prove": _("Prove"),
    "unit": _("Set up"),
}

ROOMS: tuple[Room, ...] = (
    Room("", _("My desk"), "desk-home", "desk:report:read", "desk"),
    Room("", _("Queue"), "desk-queue", "triage:queue:work", "queue"),
    Room("", _("Forwarded"), "routing-inbox", "routing:referral:read", "inbox"),
    Room("", _("Sent on"), "routing-outbox", "routing:referral:offer", "outbox"),
    Room("", _("Nobody’s yet"), "routing-nobodys", "routing:referral:offer", "nobody"),
    Room("", _("Cases"), "cases-mine", "cases:case:work", "case"),
    Room("", _("Networks"), "linking-networks", "desk:report:read", "people"),
    Room("", _("Search"), "desk-search", "desk:report:search", "search"),
    Room("care", _("Second person"), "access-approvals", "access:approval:decide", "people"),
    Room("care", _("Emergency access"), "desk-emergencies", "access:emergency:read", "lock"),
    Room("care", _("Under cover"), "linking-personas", "linking:persona:keep", "lock"),
    Room("care", _("Blinded comparisons"), "exchange-comparisons", "exchange:comparison:work", "people"),
    Room("care", _("Originals kept elsewhere"), "custody-grants", "desk:report:read", "file"),
    Room("care", _("Looking at media"), "custody-viewing", "custody:media:view", "person"),
    Room("enter", _("Enter a report"), "intake-form", "intake:report:enter", "pen"),
    Room("enter", _("Load files"), "intake-load", "intake:report:load", "load"),
    Room("enter", _("Hash lists"), "matching-lists", "matching:list:read", "table"),
    Room("enter", _("Senders"), "intake-senders", "intake:sender:read", "senders"),
    Room("account", _("Actions taken"), "routing-action-taken", "routing:action-taken:write", "table"),
    Room("account", _("Requests of persons"), "desk-rights", "desk:rights:handle", "person"),
    Room("account", _("Keeping and deleting"), "desk-deletions", "custody:deletion:handle", "clock"),
    Room("prove", _("Ledger"), "ledger-entries", "ledger:ledger:read", "ledger"),
    Room("prove", _("Who audited what"), "ledger-audited", "access:audit:read", "ledger"),
    Room("prove", _("Searches that stand out"), "cases-probing", "cases:probing:read", "search"),
    Room("prove", _("Ledger check"), "ledger-check", "ledger:ledger:check", "check"),
    Room("unit", _("Health"), "desk-health", "desk:health:read", "check"),
    Room("unit", _("Units"), "access-units", "access:unit:manage", "units"),
    Room("unit", _("Clocks"), "routing-clocks", "access:unit:manage", "clock"),
    Room("unit", _("Media: limits"), "custody-viewing-unit", "custody:viewing:set", "clock"),
    Room("unit", _("Rules: files"), "custody-lawful", "custody:lawful-basis:set", "file"),
    Room("unit", _("Officers"), "access-officers", "access:officer:manage", "people"),
    Room("unit", _("Sign-in resets"), "access-resets", "access:reset:confirm", "lock"),
    Room("unit", _("Places"), "places-gazetteer", "places:gazetteer:read", "place"),
)


@dataclass(frozen=True, slots=True)
class _Count:
    statement: str
    permission: str  # asked besides the room's own; "" for none


_counts: dict[str, _Count] = {}


def counted_by(url_name: str, statement: str, *, permission: str = "") -> None:
    """Says how many things wait in a room, for the rail. Called once, where the room's pages are defined.

    `statement` selects one number; it knows `%(officer)s`, `%(unit)s` and `%(most)s`, at which it may stop counting.
    """
    _counts[url_name] = _Count(statement, permission)


def rail(officer: Officer | None, current: str, *, with_counts: bool = True) -> list[tuple[Promise | str, list[Entry]]]:
    """The groups of rooms open to this officer. `current` is the URL name of the page shown."""
    if officer is None:
        return []
    open_rooms = [
        (room, href) for room in ROOMS if room.permission in officer.permissions and (href := _address(room.url_name))
    ]
    waiting = _waiting(officer, (room.url_name for room, _href in open_rooms)) if with_counts else {}
    shown: dict[str, list[Entry]] = {group: [] for group in GROUPS}
    for room, href in open_rooms:
        shown[room.group].append(Entry(room, href, room.url_name == current, waiting.get(room.url_name)))
    return [(GROUPS[group], entries) for group, entries in shown.items() if entries]


def _waiting(officer: Officer, url_names: Iterable[str]) -> dict[str, int]:
    """How much waits in each of these rooms, where anything does."""
    counted = {
        name: count.statement
        for name in url_names
        if (count := _counts.get(name)) and (not count.permission or count.permission in officer.permissions)
    }
    if not counted:
        return {}
    asked = "select " + ", ".join(f"(\n{statement}\n)" for statement in counted.values())
    known = {"officer": officer.id, "unit": officer.unit_id, "most": COUNT_SHOWN_MAX}
    numbers = fetch_one(lambda *row: row, asked, known) or ()
    return {name: int(number) for name, number in zip(counted, numbers, strict=True) if number}


def _address(url_name: str) -> str | None:
    """None for a room that this installation has not opened."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None

"""The rail: every room an officer can enter, in the order they stand on the page.

A room adds itself by one line in `ROOMS` (its page's URL name and the permission that page asks for) and, where the rail
should say how much waits there, by `counted_by("url-name", count)` beside its page. Only what the officer may use is
shown; a count runs inside the page's own transaction, so row security decides what it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COUNT_SHOWN_MAX = 1000  # a provider may stop counting here; the rail then says "1,000+"


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


Count = Callable[[Officer], int | None]


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
    Room("", _("Search"), "desk-search", "desk:report:search", "search"),
    Room("care", _("Second person"), "access-approvals", "access:approval:decide", "people"),
    Room("care", _("Emergency access"), "desk-emergencies", "access:emergency:read", "lock"),
    Room("care", _("Originals kept elsewhere"), "custody-grants", "desk:report:read", "file"),
    Room("care", _("Looking at media"), "custody-viewing", "custody:media:view", "person"),
    Room("enter", _("Enter a report"), "intake-form", "intake:report:enter", "pen"),
    Room("enter", _("Load files"), "intake-load", "intake:report:load", "load"),
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

_counts: dict[str, Count] = {}


def counted_by(url_name: str, count: Count) -> None:
    """Says how many things wait in a room, for the rail. Called once, where the room's pages are defined."""
    _counts[url_name] = count


def rail(officer: Officer | None, current: str, *, with_counts: bool = True) -> list[tuple[Promise | str, list[Entry]]]:
    """The groups of rooms open to this officer. `current` is the URL name of the page shown."""
    if officer is None:
        return []
    shown: dict[str, list[Entry]] = {group: [] for group in GROUPS}
    for room in ROOMS:
        href = _address(room.url_name)
        if href is None or room.permission not in officer.permissions:
            continue
        count = _counts.get(room.url_name)
        waiting = count(officer) if count is not None and with_counts else None
        shown[room.group].append(Entry(room, href, room.url_name == current, waiting))
    return [(GROUPS[group], entries) for group, entries in shown.items() if entries]


def _address(url_name: str) -> str | None:
    """None for a room that this installation has not opened."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None

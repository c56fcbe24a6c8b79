"""Units, officers, senders and reports for tests: each test makes its own, so that none depends on being alone.

A room's owner adds `make_…` here when the room lands. Names are invented, codes are random, and every function returns
what was made.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pyotp
from django.conf import settings
from django.db import connections
from django.http import HttpRequest
from django.test import Client

from abhaya.access import second_factor, session
from abhaya.access.actions import NewOfficer, add_officer, open_compartments, open_to
from abhaya.access.sessions import SessionStore
from abhaya.errors import OfficerError
from abhaya.intake.actions import Arrival, From, Original, Receipt, number_key, receive
from abhaya.intake.formats.record import Fact, FilePart, Record
from abhaya.intake.formats.record import Person as Person_
from abhaya.intake.senders import add_sender, sender_named
from abhaya.shared.bulk import insert
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, value


def name(kind: str) -> str:
    """A name nobody else in this run has: `name("unit")` → `unit-3f9a1c0b7d`."""
    return f"{kind}-{uuid4().hex[:10]}"


# --- access: units, officers, and a browser in which one is signed in ---


@dataclass(frozen=True, slots=True)
class Person:
    """An officer of a test. `password` and `totp` are set when they can sign in by hand."""

    id: UUID
    username: str
    name: str
    unit: UUID
    password: str = ""
    totp: str = ""

    def code(self, *, steps_ahead: int = 0) -> str:
        """What their authenticator app shows now, or so many half minutes later."""
        return str(pyotp.TOTP(self.totp).at(int(time.time()) + 30 * steps_ahead))


def make_unit(kind: str = "district", *, parent: UUID | None = None, place: str = "", **more: object) -> UUID:
    """A unit of the tree with a code of its own."""
    columns = {
        "id": uuid7(),
        "kind": kind,
        "parent_id": parent,
        "name": name(kind),
        "code": name("U"),
        "place_code": place,
    }
    columns |= more
    with on_the_road("test:unit"):
        insert("access_unit", list(columns), [list(columns.values())])
    return UUID(str(columns["id"]))


def make_officer(unit: UUID, *roles: str, can_sign_in: bool = False, called: str = "Alice") -> Person:
    """An officer of the unit; with `can_sign_in`, with a password and a telephone."""
    username = name(called.lower())
    password = f"pass phrase of {name('x')}" if can_sign_in else None
    new = NewOfficer(username, called, unit, list(roles) or ["officer"], password, keeps_password=True)
    with on_the_road("test:officer"):
        officer = add_officer(new)
    person = Person(officer, username, called, unit, password or "")
    if can_sign_in:
        secret = second_factor.new_secret()
        with acting(officer):
            execute(
                "update access_officer set totp_secret = %s, totp_step = 1 where id = %s",
                [second_factor.sealed(secret, officer), officer],
            )
        person = replace(person, totp=secret)
    return person


def browser_of(person: Person | None = None, **defaults: str) -> Client:
    """A browser in which this officer is signed in; a stranger's without one."""
    client = Client(**defaults)
    if person is not None:
        request = HttpRequest()
        request.META |= {"REMOTE_ADDR": "192.0.2.10"} | defaults  # the session is this browser's and no other's
        request.session = SessionStore()
        session.start(request, person.id, person.name, epoch_of(person))
        request.session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return client


def epoch_of(person: Person) -> int:
    with on_the_road("test:epoch"):
        return int(value("select epoch from access_officer where id = %s", [person.id]))


def make_compartment(*viewers: UUID, level: str = "work", kind: str = "report") -> UUID:
    """A compartment open to these units or officers."""
    compartment = uuid7()
    with on_the_road("test:compartment"):
        open_compartments([(compartment, kind, False)])
        open_to([(viewer, compartment, level, "test") for viewer in viewers])
    return compartment


# --- intake: senders, and whole reports through the one way in ---


def make_sender(unit: UUID, *, is_test: bool = False, username: str | None = None, password: str = "") -> From:
    """A sender of the unit; with a username, a client of the door."""
    called = name("sender")
    with on_the_road("test:sender"):
        add_sender(called, unit, username=username, password=password, is_test=is_test)
        found = sender_named(called)
    assert found is not None
    return found


def make_report(sender: From, *, held: Sequence[bytes] = (), **fields: object) -> Receipt:
    """A report received from the sender: one reported account and e-mail of its own unless `fields` say otherwise.
    `held`: what its files hold, in the order of `files`; without `files`, each is a file without claims.
    """
    number = name("number")
    facts = (
        Fact("email", f"{name('a')}@example.com", "/report/email", "reported", 1),
        Fact("account", name("id"), "/report/id", "reported", 1, platform="ChatLine"),
    )
    told = {"external_ref": number, "persons": (Person_("reported", 1, "/report"),), "facts": facts} | fields
    told.setdefault("files", tuple(FilePart(f"/file[{place}]") for place, _ in enumerate(held, start=1)))
    contents = tuple(Original("file.png", content) for content in held)
    record = Record("ncmec_json", 1, **told)  # type: ignore[arg-type]  # a test's own words
    one = Arrival(
        record, sender, "json", number_key("test", number), (Original("report.json", number.encode()),), contents
    )
    with on_the_road("test:report"):
        return receive([one])[0]


# --- races ---


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each said, all begun at the same moment in threads with connections of their own."""
    start, said = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            said[place] = act()
        except OfficerError as refusal:
            said[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def older_transactions_ended() -> None:
    """Waits until no transaction of the whole server began before now, another test worker's among them: what was erased
    settles only then.
    """
    with on_the_road("test"):
        mine = value("select pg_current_xact_id()::text::bigint")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with on_the_road("test"):
            if value("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint") > mine:
                return
        time.sleep(0.05)
    raise AssertionError("a transaction has been open for a minute")

"""Reports of invented persons who share identifiers, and what the database then says of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.factory import From, Person, Receipt, make_report

from abhaya.access.permissions import PERMISSIONS, Role
from abhaya.access.queries import SignedIn
from abhaya.intake.formats.record import Fact, Instant
from abhaya.intake.formats.record import Person as Described
from abhaya.linking import actions
from abhaya.linking.actions.rebuild import derive
from abhaya.linking.actions.subjects import lock, settle_touched
from abhaya.selectors.sighting import selector_id
from abhaya.shared.identity import Actor, acting, on_the_road
from abhaya.shared.sql import fetch

BEGAN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def account(called: str) -> UUID:
    return selector_id("account", f"chatline:{called}")


def fact(kind: str, raw: str, role: str = "reported", person: int = 1, *, day: int = 0, **more: object) -> Fact:
    instant = Instant(f"day {day}", BEGAN + timedelta(days=day))
    return Fact(kind, raw, f"/{role}/{kind}", role, person, instant=instant, **more)


def who(
    called: str, role: str = "reported", person: int = 1, *, day: int = 0, **has: str | Sequence[str]
) -> list[Fact]:
    """An account and its identifiers, each seen on two days: `who("a", phone="+91 98200 00001", email=[…])`."""
    facts = [Fact("account", called, f"/{role}/account", role, person, platform="ChatLine")]
    for kind, values in has.items():
        listed: Iterable[str] = [values] if isinstance(values, str) else values
        facts += [fact(kind, one, role, person, day=seen) for one in listed for seen in (day, day + 1)]
    return facts


def report(sender: From, *facts: list[Fact], ages: dict[tuple[str, int], int] | None = None, **more: object) -> Receipt:
    """A report of these persons, received and not yet walked on."""
    every = tuple(one for person in facts for one in person)
    seats = dict.fromkeys((one.role, one.person) for one in every)
    persons = tuple(Described(*seat, f"/{seat[0]}", age=(ages or {}).get(seat)) for seat in seats)
    return make_report(sender, facts=every, persons=persons, **more)


def walk(*receipts: Receipt) -> None:
    """The stage of the road, for all of them as one set."""
    with on_the_road("road:linking"):
        actions.compare_reports([one.report_id for one in receipts])


def settled() -> None:
    """What the duty does, to the end."""
    for _ in range(20):
        with on_the_road("road:linking"):
            settle_touched()


def rebuilt() -> tuple[int, int]:
    """How many links and subjects a computation of everything would have changed; it does change them."""
    with on_the_road("road:linking"):
        lock()
        return derive()


def subjects_of(*called: str) -> list[UUID | None]:
    with on_the_road("test"):
        found = dict(
            fetch(
                lambda *row: row,
                "select account_id, subject_id from linking_membership where account_id = any (%s) and until is null",
                [[account(one) for one in called]],
            )
        )
    return [found.get(account(one)) for one in called]


def are_one(*called: str) -> bool:
    found = set(subjects_of(*called))
    return len(found) == 1 and None not in found


def link(one: str, other: str) -> tuple[str, int] | None:
    a, b = sorted((account(one), account(other)))
    with on_the_road("test"):
        rows = fetch(
            lambda *row: row, "select outcome, weight_millibits from linking_link where a = %s and b = %s", [a, b]
        )
    return rows[0] if rows else None


def acts(person: Person) -> AbstractContextManager[Actor]:
    """The officer's act on a page that writes with the road."""
    return acting(person.id, name=person.name, with_road=True)


def signed(person: Person, role: Role = Role.OFFICER) -> SignedIn:
    return SignedIn(
        person.id, person.username, person.name, person.unit, "unit", "district", (role.value,), PERMISSIONS[role], "en"
    )

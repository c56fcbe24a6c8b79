"""Cases for tests: two units that know nothing of each other, and what each has."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from uuid import UUID

from tests.factory import Person, make_report, make_sender, make_unit, name

from abhaya.access.actions import open_to
from abhaya.access.queries import signed_in
from abhaya.cases import actions, queries
from abhaya.intake import queries as intake
from abhaya.intake.actions import Receipt
from abhaya.intake.formats.record import Fact
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value

REASON = "needed for the inquiry"


def as_(person: Person) -> AbstractContextManager[object]:
    return acting(person.id, name=person.name, with_road=True)


def make_case(person: Person, *, covert: bool = False, title: str = "") -> UUID:
    """A case of the person's unit, who is its liaison."""
    with as_(person):
        officer = signed_in(person.id)
        assert officer is not None
        return actions.open_case(officer, title=title or name("case"), contact=name("ext"), covert=covert)


def watch(person: Person, case: UUID, email: str) -> None:
    with as_(person):
        actions.watch(
            case, person.id, kind="email", raw=email, platform="", role="reported", source="seen in an invented chat"
        )


def attach(person: Person, case: UUID, report: UUID) -> None:
    with as_(person):
        found = intake.report(report)
        assert found is not None
        actions.attach(case, person.id, found.number, REASON)


def report_with(email: str, unit: UUID | None = None, *, held: Sequence[bytes] = ()) -> Receipt:
    """A report whose reported person has this address, with these files, worked on by the unit."""
    sender = make_sender(unit or make_unit())
    receipt = make_report(sender, facts=(Fact("email", email, "/report/email", "reported", 1),), held=held)
    with on_the_road("test:open"):
        open_to([(unit or sender.unit_id, receipt.compartment, "work", "test")])
    return receipt


def compared() -> None:
    """One round of the duty."""
    with on_the_road("road:cases"):
        actions.compare_new_watches()


def persons_compared() -> None:
    """The duty on persons, until nothing waits."""
    with on_the_road("road:cases"):
        while value("select exists (select 1 from cases_regrouped)"):
            actions.compare_subjects()


def on_road(*receipts: Receipt) -> None:
    with on_the_road("road:cases"):
        actions.compare_with_cases([one.report_id for one in receipts])


def hits(person: Person, case: UUID) -> list[queries.TalkTo]:
    with as_(person):
        return queries.hits(case)


def told(person: Person, report: UUID) -> list[queries.Told]:
    with as_(person):
        return queries.told(person.unit, report)

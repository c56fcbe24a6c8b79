"""Two sides of a comparison: units that know nothing of each other, each with a key of its own, as installations have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.cases.world import report_with
from tests.factory import Person, make_officer, make_unit

from abhaya.access.actions.approvals import decide
from abhaya.access.queries import SignedIn, signed_in
from abhaya.exchange import actions, queries
from abhaya.exchange.actions import comparing, keys
from abhaya.exchange.actions.comparing import New
from abhaya.intake.actions import Receipt
from abhaya.ledger.note import Key
from abhaya.linking.actions import compare_reports
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value

PURPOSE = "whether both of us work on the same people"


@dataclass(frozen=True, slots=True)
class Side:
    """One partner: an officer, the second person of their unit, and the key their installation signs with."""

    officer: Person
    second: Person
    key: Key

    @contextmanager
    def acting(self) -> Iterator[SignedIn]:
        with acting(self.officer.id, name=self.officer.name, with_road=True):
            found = signed_in(self.officer.id)
            assert found is not None
            with (
                patch.object(comparing, "own_key", lambda: self.key),
                patch.object(comparing, "own_line", self.key.verifier),
                patch.object(keys, "own_key", lambda: self.key),
            ):
                yield found

    def new(self, partner: Side, /, **said: object) -> New:
        wanted = {
            "partner": "the other state", "partner_key": partner.key.verifier(), "contact": f"{self.officer.name}, ext 7",
            "kinds": queries.KINDS, "scope": "reports", "case": None, "purpose": PURPOSE,
        }  # fmt: skip
        return New(**(wanted | said))

    def begin(self, partner: Side, /, **said: object) -> UUID:
        with self.acting() as officer:
            return actions.begin(self.new(partner, **said), officer)

    def bring(self, partner: Side, content: bytes, /, **said: object) -> UUID:
        with self.acting() as officer:
            return actions.bring_question(content, self.new(partner, **said), officer)

    def make(self, comparison: UUID) -> bytes:
        """Agreed to by the second person, made, taken out."""
        agree(comparison, self.second)
        with self.acting() as officer:
            actions.make(comparison, officer)
            return actions.take_out(comparison, officer)[1]

    def take(self, comparison: UUID, content: bytes) -> int:
        with self.acting() as officer:
            return actions.take(comparison, content, officer)

    def carried(self, comparison: UUID) -> bytes:
        with self.acting() as officer:
            return actions.take_out(comparison, officer)[1]

    def met(self, comparison: UUID) -> list[str | None]:
        with self.acting():
            return sorted(one.value for one in queries.met(comparison))


def make_side(called: str, *, kind: str = "state") -> Side:
    unit = make_unit(kind)
    officer, second = make_officer(unit, "supervisor", called=called), make_officer(unit, "supervisor", called="Bob")
    return Side(officer, second, Key(f"{called.lower()}.example", Ed25519PrivateKey.generate()))


def linked(*receipts: Receipt) -> None:
    """Linking has looked at them: only then is it known who in them is a child."""
    with on_the_road("road:linking"):
        compare_reports([one.report_id for one in receipts])


def holds(side: Side, *emails: str) -> None:
    """Reports whose reported persons have these addresses, worked on by the side's unit."""
    linked(*(report_with(email, side.officer.unit) for email in emails))


def agree(target: UUID, second: Person) -> None:
    with acting(second.id, name=second.name):
        officer = signed_in(second.id)
        approval = value("select id from access_approval where target = %s and decided_at is null", [target])
        assert officer
        decide(approval, officer, granted=True, reason="the partner asked in writing")


def whole(asks: Side, answers: Side) -> tuple[UUID, UUID, Sequence[bytes]]:
    """All three files carried: both comparisons, and what the carrier had in hand."""
    ours = asks.begin(answers)
    question = asks.make(ours)
    theirs = answers.bring(asks, question)
    answer = answers.make(theirs)
    asks.take(ours, answer)
    result = asks.carried(ours)
    answers.take(theirs, result)
    return ours, theirs, (question, answer, result)


def ask_a_partner(mark: str, officer: Person, second: Person) -> None:
    """A question of the officer's, agreed to and made: of what stands in reports of their unit."""
    here, there = (Side(officer, second, Key(end, Ed25519PrivateKey.generate())) for end in ("here", "there"))
    here.make(here.begin(there, partner=f"Partner {mark}", contact=f"ext {mark}"))

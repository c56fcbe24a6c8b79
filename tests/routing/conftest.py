"""A country in little: a hub, two states, three districts, with officers who really act, and reports really received."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest
from tests.factory import make_officer, make_sender, make_unit, name

from abhaya.access.queries import SignedIn, signed_in
from abhaya.intake.actions import Arrival, Original, Receipt, number_key, receive
from abhaya.intake.formats.record import Fact, Instant, Place, Record, Text
from abhaya.places.actions import import_file
from abhaya.routing import actions, queries
from abhaya.shared.bulk import insert
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import values
from abhaya.triage import actions as triage

NIGHT = datetime(2026, 11, 20, 20, 44, 9, tzinfo=UTC)
JALGAON, PATNA = "IN-27-478", "IN-10-212"


@dataclass
class Country:
    """Places are real; so that tests may run beside each other, each country has its own copies of them."""

    hub: UUID
    maharashtra: UUID
    bihar: UUID
    jalgaon: UUID
    patna: UUID
    sender: object
    states: dict[str, str]
    districts: dict[str, str]
    jalgaon_range: str
    mobile_range: str
    officers: dict[UUID, SignedIn] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        """What the two states, and their districts, are called after State and District."""
        return [word(int(code.removeprefix("IN-"))) for code in self.states.values()]

    def officer(self, unit: UUID, called: str = "Alice", role: str = "analyst") -> SignedIn:
        person = make_officer(unit, role, called=called)
        with acting(person.id):
            found = signed_in(person.id)
        assert found is not None
        return found

    def receive(
        self,
        *facts: Fact,
        places: Sequence[Place] = (),
        texts: Sequence[Text] = (),
        channel: str = "ispws",
        **more: object,
    ) -> Receipt:
        """A report received and waiting in the hub's queue."""
        number = name("r")
        record = Record("ncmec_xml", 1, external_ref=number, platform="Example", facts=facts, places=tuple(places), texts=tuple(texts), persons=tuple(more.pop("persons", ())))  # fmt: skip
        sender = more.pop("sender", self.sender)
        arrival = Arrival(record, sender, channel, number_key(str(sender.id), number), (Original("r.xml", b"<r/>"),))
        with on_the_road("road:intake"):
            [receipt] = receive([arrival])
        queue(receipt, more.pop("holder", self.hub), **more)
        return receipt

    def place(self, *receipts: Receipt) -> None:
        with on_the_road("road:routing"):
            actions.place_reports([receipt.report_id for receipt in receipts])

    def upload(self, address: str, event: str = "Upload", **more: object) -> Fact:
        instant = more.pop("instant", Instant(NIGHT.isoformat(), NIGHT))
        return Fact("ip", address, "/ip", more.pop("role", "reported"), 1, event=event, instant=instant, port=more.pop("port", 41822), **more)  # fmt: skip


def queue(receipt: Receipt, holder: UUID, *, lane: str = "normal", state: str = "waiting", decision: str = "") -> None:
    """The report in its holder's queue, as triage leaves it."""
    now = datetime.now(UTC)
    assessment = uuid7()
    with on_the_road("road:triage"):
        insert(
            "triage_assessment",
            triage._ASSESSMENT,
            [(assessment, receipt.compartment, receipt.report_id, lane, 40, '{"code": "lane_normal"}', "[]", None, '{"code": "title_account", "values": {"platform": "Example"}}', False, "t", now)],
        )  # fmt: skip
        row = (receipt.report_id, receipt.compartment, holder, uuid7(), lane, 40, triage.urgency(lane, 40), "none", "", state, assessment, now, now, "", "", [], None, None, None, 0, 0)  # fmt: skip
        insert("triage_queue", triage._QUEUE, [row])


def events(receipt: Receipt) -> list[str]:
    with on_the_road("test:routing"):
        return values("select event from ledger_entry where subject_id = %s and event like 'routing:%%' order by id", [receipt.report_id])  # fmt: skip


@pytest.fixture
def country() -> Country:
    return make_country()


POOL_STATES = 120
_pool: list[int] = []


def two_states() -> tuple[int, int]:
    """Two invented states with a district each that no other test has. They are imported once, many at a time: a
    gazetteer that changes is read again by everybody."""
    if len(_pool) < 2:
        first = Random().randrange(10_000, 9_000_000)
        _pool.extend(range(first, first + POOL_STATES))
        rows = [
            f"IN-{number},state,State{word(number)},,IN\nIN-{number}-1,district,District{word(number)},,IN-{number}\n"
            for number in _pool
        ]
        with on_the_road("operator:gazetteer"):
            assert (
                import_file(("code,kind,name,name_hi,parent\n" + "".join(rows)).encode(), "places.csv").taken
                == len(_pool) * 2
            )
    return _pool.pop(), _pool.pop()


def make_country(rule: str = "district") -> Country:
    a, b = two_states()
    hub = make_unit("hub", place="IN", forward_rule=rule)
    maharashtra = make_unit("state", parent=hub, place=f"IN-{a}", name="Maharashtra Cyber", name_hi="महाराष्ट्र साइबर")
    bihar = make_unit("state", parent=hub, place=f"IN-{b}", name="Bihar Cyber", name_hi="बिहार साइबर")
    jalgaon = make_unit("district", parent=maharashtra, place=f"IN-{a}-1", name="Jalgaon Cyber", name_hi="जलगांव साइबर")
    patna = make_unit("district", parent=bihar, place=f"IN-{b}-1", name="Patna Cyber", name_hi="पटना साइबर")
    prefix = f"2001:db8:{Random().randrange(2**16):x}"
    ranges = (
        "cidr,country,state,district,operator,kind\n"
        f"{prefix}:1::/64,IN,IN-{a},IN-{a}-1,Example Broadband,fixed\n"
        f"{prefix}:2::/64,IN,IN-{a},,Example Mobile,mobile\n"
    )
    with on_the_road("operator:gazetteer"):
        assert import_file(ranges.encode(), "ranges.csv").taken == 2
    return Country(
        hub, maharashtra, bihar, jalgaon, patna, make_sender(hub), {"a": f"IN-{a}", "b": f"IN-{b}"},
        {"a": f"IN-{a}-1", "b": f"IN-{b}-1"}, f"{prefix}:1::", f"{prefix}:2::",
    )  # fmt: skip


def word(number: int) -> str:
    """A number in letters, for names of places that no other country has."""
    return "".join("bcdfghjklm"[int(digit)] for digit in str(number))


def outcome(receipt: Receipt) -> queries.Placed:
    with on_the_road("test:routing"):
        found = queries.placement(receipt.report_id)
    assert found is not None
    return found

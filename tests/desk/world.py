"""A unit at work: Alice and Bob of one district, a supervisor, Charlie elsewhere, and reports in their queue."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from tests.factory import Person, browser_of, make_officer, make_report, make_sender, make_unit, name

from abhaya.access import approvals
from abhaya.access.actions import decide
from abhaya.access.queries import signed_in
from abhaya.intake.formats.record import Fact, FilePart, Instant, Place, Text
from abhaya.intake.formats.record import Person as Described
from abhaya.journey import open_road
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.road import drain
from abhaya.shared.sql import execute, values


@dataclass
class Desk:
    """Units, people and their browsers. The hub's standing rule is off: reports stay where they came in."""

    unit: UUID = field(default_factory=lambda: make_unit("hub"))
    elsewhere: UUID = field(default_factory=lambda: make_unit("district"))

    def __post_init__(self) -> None:
        self.alice = make_officer(self.unit, "analyst", called="Alice")
        self.bob = make_officer(self.unit, "analyst", called="Bob")
        self.sita = make_officer(self.unit, "supervisor", called="Sita")
        self.charlie = make_officer(self.elsewhere, "officer", called="Charlie")
        self.sender = make_sender(self.unit)

    def browser(self, person: Person):
        return browser_of(person)

    def report(self, **fields: object) -> UUID:
        """A received report, moved along the whole road."""
        receipt = make_report(self.sender, **fields)
        self.road()
        return receipt.report_id

    def road(self) -> None:
        open_road()
        drain()

    def events(self, report: UUID) -> list[str]:
        with on_the_road("test"):
            return values("select event from ledger_entry where subject_id = %s order by id", [report])

    def unmasked(self, asker: Person, second: Person, address: str, purpose: str) -> str:
        """What the asker is shown, once, after the second person has granted it."""
        browser = browser_of(asker)
        assert browser.post(address, {"act": "ask", "purpose": purpose}).status_code == 302
        with acting(second.id, name=second.name):
            [asked] = [one.id for one in approvals.to_decide(second.id) if one.page == address]
            officer = signed_in(second.id)
            assert officer is not None
            decide(asked, officer, granted=True, reason="I know the case and agree")
        return browser.post(address, {"act": "show"}).content.decode()

    def let_time_pass(self, report: UUID) -> None:
        with on_the_road("test"):
            execute(
                "update triage_queue set claimed_until = now() - interval '1 minute' where report_id = %s", [report]
            )


def a_threat(mark: str = "") -> dict[str, object]:
    """A conversation with a threat, a masked child, and everything a page can show."""
    tag = mark or name("t")
    return {
        "platform": "ChatLine",
        "sender_name": "ChatLine",
        "incident_type": "Online Enticement of Children for Sexual Acts",
        "incident": Instant("21.11.2026 9.40 pm", None, why_not="the day and month could be swapped"),
        "annotations": ("sextortion",),
        "escalation": "The sender says why it is urgent.",
        "persons": (
            Described("reported", 1, "/p", display_names=(f"casting {tag}",), service="ChatLine"),
            Described("victim", 1, "/v", name=f"Hidden {tag}", age=13, school=f"School {tag}"),
        ),
        "facts": (
            Fact("email", f"{tag}@example.com", "/p/email", "reported", 1, verified=True),
            Fact("account", f"id{tag}", "/p/id", "reported", 1, platform="ChatLine"),
            Fact("ip", "192.0.2.77", "/p/ip", "reported", 1, event="Login", port=41822),
            Fact("phone", "+91 90000 00077", "/v/phone", "victim", 1),
            Fact("email", f"hidden.{tag}@example.org", "/v/email", "victim", 1),
        ),
        "places": (Place("address", "/v/address", "victim", 1, text=f"Lane {tag}", country="IN"),),
        "texts": (
            Text("content", "1: asks age; 2: says 13; 3: threatens to post within 24 hours <script>", "/c", "incident"),
        ),
        "files": (FilePart("/f[1]", name="one.png", annotations=("viral",), viewed_by_sender=False),),
    }

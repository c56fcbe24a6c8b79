"""Promise 2 for officers under cover: a protected persona is nobody's but its liaison's, on every page and in every table.

Not hidden, and said in docs/security.md: the original's own bytes, which two people may open in full.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from psycopg import sql
from tests.factory import Person, browser_of, make_officer, make_sender, make_unit, name
from tests.promises.walk import ALL, BEHIND_SIGN_IN, ask, text_of
from tests.promises.world import FREE

from abhaya.access.actions import decide, open_to
from abhaya.access.approvals import asked_by
from abhaya.access.queries import SignedIn, signed_in
from abhaya.errors import NotThere, OfficerError
from abhaya.intake.actions import Arrival, Original, receive
from abhaya.intake.formats.record import Fact, Group, GroupAct, GroupMember, Record, Text
from abhaya.intake.formats.record import Person as Described
from abhaya.linking.actions import personas
from abhaya.selectors import queries
from abhaya.selectors.sighting import selector_id
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.road import drain
from abhaya.shared.sql import value

ROLES = ("officer", "analyst", "supervisor", "media-viewer")
# As received, and why a report was placed somewhere before anybody said so: pages leave it out of what they show. And by
# whom somebody was added: an id alone, of nobody who is seen.
SPARED = {
    "intake_report": {"record"}, "intake_original": {"record"}, "linking_act": {"other_id"},
    "routing_proposal": {"reasons", "against"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class World:
    mark: str
    phone: str
    compartments: list[UUID]
    reports: list[UUID]
    liaison: Person
    second: Person
    bob: Person
    gita: Person

    @property
    def marks(self) -> tuple[str, ...]:
        return (self.mark, self.phone, self.phone[3:], f"{self.phone[3:8]} {self.phone[8:]}")

    @property
    def persona(self) -> UUID:
        return selector_id("phone", self.phone)


def officer(person: Person) -> SignedIn:
    found = signed_in(person.id)
    assert found is not None
    return found


def described(mark: str, phone: str) -> Record:
    """A suspect, and whom they wrote to: the officer under cover."""
    return Record(
        "ncmec_json", 1, external_ref=name("number"), platform="Chat", sender_name="Platform",
        persons=(
            Described("reported", 1, "/report/1", name="Suspect One"),
            Described("reported", 2, "/report/2", name=f"Cover {mark}", display_names=(f"nick_{mark}",), note=f"is {mark}"),
        ),
        facts=(
            Fact("account", name("s"), "/report/1/id", "reported", 1, platform="ChatLine"),
            Fact("account", f"id-{mark}", "/report/2/id", "reported", 2, platform="ChatLine"),
            Fact("phone", phone, "/report/2/phone", "reported", 2),
            Fact("email", f"{mark}@example.com", "/report/2/email", "reported", 2),
        ),
        texts=(
            Text("chat content", f"asks for money, call {phone} or nick_{mark}", "/report/1/text", "reported", 1),
            Text("chat content", f"says hello, {mark}", "/report/2/text", "reported", 2),
        ),
    )  # fmt: skip


def chat(mark: str, phone: str) -> Record:
    """A group that the officer under cover founded."""
    own, other = name("a"), name("b")
    return Record(
        "chat_text", 1, platform="WhatsApp",
        groups=(Group(1, "WhatsApp", "line 1", f"Group of {own}, created by {phone}", f"Group of {own}", "group"),),
        members=(
            GroupMember(1, 1, f"nick_{mark}", "line 1", phone, (phone,)),
            GroupMember(2, 1, f"Other {other}", "line 2", other),
        ),
        facts=(
            Fact("group", f"Group of {own}, created by {phone}", "line 1", "incident", platform="WhatsApp"),
            Fact("account", phone, "line 1", "actor", 1, platform="WhatsApp"),
            Fact("phone", phone, "line 1", "actor", 1),
            Fact("screen_name", f"nick_{mark}", "line 1", "actor", 1, platform="WhatsApp"),
            Fact("account", other, "line 2", "actor", 2, platform="WhatsApp"),
        ),
        acts=(
            GroupAct(1, 1, "created", "line 1"),
            GroupAct(1, 2, "offered", "line 2", word="offers"),
            GroupAct(1, 2, "added_by_another", "line 2", other=1),
        ),
    )  # fmt: skip


def arrive(world: World, *records: Record) -> None:
    """Each with its original, and open to Gita's unit too."""
    sender = make_sender(world.bob.unit)
    for record in records:
        written = f'{{"who": "nick_{world.mark}", "phone": "{world.phone}", "said": "asks for money"}}'.encode()
        with on_the_road("test:personas"):
            original = Original("report.json", written, media_type="application/json")
            channel = "json" if record.format == "ncmec_json" else "chat"
            (one,) = receive([Arrival(record, sender, channel, uuid4().bytes, (original,))])
            open_to([(world.gita.unit, one.compartment, "work", "test")])
        world.reports.append(one.report_id)
        world.compartments.append(one.compartment)
    drain()


def make() -> World:
    unit = make_unit("hub")
    mark, phone = f"zp{uuid4().hex[:12]}", f"+9198{uuid4().int % 10**8:08d}"
    return World(
        mark, phone, [], [],
        liaison=make_officer(unit, *ROLES, called="Lata"),
        second=make_officer(unit, *ROLES, called="Sunil"),
        bob=make_officer(unit, *ROLES, called="Bob"),
        gita=make_officer(make_unit("district"), *ROLES, called="Gita"),
    )  # fmt: skip


def declared(world: World) -> UUID:
    """By the liaison, with the second person's word."""
    with acting(world.liaison.id, name="Lata", with_road=True):
        persona = personas.declare(
            "phone", world.phone, "she is in the groups for us since May", officer(world.liaison)
        )
    granted(world)
    with acting(world.liaison.id, name="Lata", with_road=True):
        personas.keep(persona, officer(world.liaison))
    return persona


def granted(world: World) -> None:
    with acting(world.liaison.id):
        waiting = next(one for one in asked_by(world.liaison.id) if one.decided_at is None)
    with acting(world.second.id, name="Sunil"):
        decide(waiting.id, officer(world.second), True, "I know the officer, and the number")


@pytest.fixture(scope="module")
def world() -> World:
    """Two reports came before anybody said so, two after."""
    world = make()
    arrive(world, described(world.mark, world.phone), chat(world.mark, world.phone))
    assert any(mark in shown(world.bob, f"/reports/{world.reports[0]}") for mark in world.marks)
    assert world.mark in shown(world.bob, "/networks") or world.mark in shown(world.bob, f"/reports/{world.reports[1]}")
    declared(world)
    arrive(world, described(world.mark, world.phone), chat(world.mark, world.phone))
    return world


def shown(person: Person, address: str) -> str:
    return text_of(browser_of(person).get(address))


def parts_of(world: World, place: int) -> dict[str, object]:
    """What the addresses of one report are filled with; what it does not have is an id of nothing."""
    report = world.reports[place]
    with on_the_road("test"):
        found = {
            "report_id": report,
            "compartment": world.compartments[place],
            "item_id": value("select item_id from intake_original where report_id = %s", [report]),
            "group_id": value("select group_id from linking_group where report_id = %s", [report]) or uuid4(),
            "number": value("select number from intake_report where id = %s", [report]),
            "subject_id": value("select account_id from linking_person where report_id = %s and persona_id is null", [report]),
            "selector_id": world.persona,
            "person_id": world.persona,
        }  # fmt: skip
    return {part: found.get(part, FREE.get(part, uuid4())) for address in ALL for part in address.parts}


@pytest.mark.parametrize("who", ["bob", "gita"])
def test_no_page_of_anybody_else_says_a_word_of_it(who, world):
    browser = browser_of(getattr(world, who))
    for place in range(4):
        parts = parts_of(world, place)
        about = [each for each in BEHIND_SIGN_IN if place == 0 or set(each.parts) - set(FREE)]
        for address in about:
            if address.name == "desk-original-whole":
                continue  # two people's
            text = text_of(ask(browser, "get", address.filled(parts)))
            assert not [mark for mark in world.marks if mark in text], (address.name, place)
    for needle in (world.phone, f"{world.mark}@example.com", f"nick_{world.mark}", f"id-{world.mark}"):
        answer = text_of(browser.post("/search", {"q": needle, "basis": "1", "purpose": "an inquiry into a seller"}))
        assert not [report for report in world.reports if str(report) in answer]


def test_its_liaison_sees_it_so_that_its_absence_means_something(world):
    for report in world.reports[::2]:
        assert world.mark in shown(world.liaison, f"/reports/{report}?along=1")
        assert "Suspect One" in shown(world.bob, f"/reports/{report}")
    with acting(world.liaison.id):
        assert value("select count(*) from selectors_sighting where persona_id is not null") > 0


def test_an_original_is_read_without_it_and_downloaded_by_two(world):
    browser, item = browser_of(world.bob), parts_of(world, 0)["item_id"]
    text = text_of(browser.get(f"/items/{item}/text"))
    assert "asks for money" in text
    assert not [mark for mark in world.marks if mark in text]
    assert browser.get(f"/items/{item}/original").status_code == 302
    assert browser_of(world.liaison).get(f"/items/{item}/original").status_code == 200


def test_no_row_of_any_table_names_it_but_the_record_as_it_was_received(world, owner, ask_as):
    tables = owner.execute(
        "select c.relname, array_agg(a.attname::text) from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0"
        " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and not a.attisdropped"
        " and has_column_privilege('abhaya_app', c.oid, a.attnum, 'select') group by 1 order by 1"
    ).fetchall()
    connected = ask_as("abhaya_app")
    connected.execute("select set_config('abhaya.officer', %s, true)", [str(world.bob.id)])
    found = "|".join([world.mark, world.phone[3:], str(world.persona)])
    for table, columns in tables:
        row = sql.SQL(" || '|' || ").join(
            sql.SQL("coalesce({}::text, '')").format(sql.Identifier(column))
            for column in set(columns) - SPARED.get(table, set())
        )
        statement = sql.SQL("select count(*) from {} t where ({}) ~ %s").format(sql.Identifier(table), row)
        assert connected.execute(statement, [found]).fetchone() == (0,), table


def test_no_subject_is_made_of_it(world):
    with on_the_road("test"):
        assert value("select count(*) from linking_person where persona_id is not null and is_base") == 0
        of_it = value("select count(*) from linking_person where report_id = any (%s) and persona_id is not null", [world.reports])  # fmt: skip
        others = value("select count(*) from linking_person where report_id = any (%s) and persona_id is null", [world.reports])  # fmt: skip
    assert (of_it, others) == (4, 4)


def test_who_else_declares_it_learns_nothing_and_sees_no_more(world):
    gita = world.gita
    with acting(gita.id, name="Gita", with_road=True):
        personas.declare("phone", world.phone, "to see whether somebody refuses", officer(gita))
        nothing = personas.declare("phone", "+919800000000", "to see whether somebody refuses", officer(gita))
        with pytest.raises(OfficerError, match="in your list already"):
            personas.declare("phone", world.phone, "to see whether somebody refuses", officer(gita))
        assert queries.reports_open_with(world.persona) == 0  # what she may read, and nothing else, is counted for her
        with pytest.raises(NotThere):
            personas.of(uuid4(), officer(gita))
        personas.ask_to_end(nothing, "it was only a question of mine", officer(gita))
    with acting(world.liaison.id):
        assert queries.reports_open_with(world.persona) == len(world.reports)
    with on_the_road("test"):  # and had somebody granted it to her
        personas.protect("phone", world.phone, gita.id, gita.unit, "")
    assert not [mark for mark in world.marks if mark in shown(gita, f"/reports/{world.reports[0]}")]


def test_ended_by_two_it_is_as_it_was():
    world = make()
    arrive(world, described(world.mark, world.phone), chat(world.mark, world.phone))
    persona = declared(world)
    address = f"/reports/{world.reports[0]}"
    assert world.mark not in shown(world.bob, address)
    with acting(world.liaison.id, name="Lata", with_road=True):
        personas.review(persona, "she is still in three of the groups", officer(world.liaison))
        personas.ask_to_end(persona, "she has left, and nobody can find her", officer(world.liaison))
        with pytest.raises(OfficerError):
            personas.end(persona, officer(world.liaison))
    granted(world)
    with acting(world.liaison.id, name="Lata", with_road=True):
        personas.end(persona, officer(world.liaison))
    assert world.mark in shown(world.bob, address)
    with on_the_road("test"):
        marked = (
            "select (select count(*) from selectors_sighting where report_id = any (%(r)s) and persona_id is not null)"
        )
        for table in (
            "linking_person",
            "linking_evidence",
            "linking_group_member",
            "linking_group_number",
            "linking_act",
        ):
            marked += f" + (select count(*) from {table} where report_id = any (%(r)s) and persona_id is not null)"
        assert value(marked, {"r": world.reports}) == 0

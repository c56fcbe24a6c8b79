"""Names that are alike in reports open to the officer: proposed with their reasons, to nobody else, and never a child's."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from tests.factory import (
    From,
    Person,
    Receipt,
    make_officer,
    make_report,
    make_sender,
    make_unit,
    name,
    older_transactions_ended,
)
from tests.linking.people import account, link, walk

from abhaya.access.queries import signed_in
from abhaya.custody import erasure
from abhaya.intake.formats.record import Fact, Place
from abhaya.intake.formats.record import Person as Described
from abhaya.ledger.sequencer import sequence_all
from abhaya.linking import queries_names as names
from abhaya.linking.actions.judgements import judge
from abhaya.linking.names.compare import Band
from abhaya.linking.names.parts import keys
from abhaya.linking.queries import on_page
from abhaya.selectors.sighting import selector_id
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import execute, values

pytestmark = pytest.mark.usefixtures("closed_road")
ROAD_WORDS = "H. No. 12/4, Shivaji Nagar, Near Bus Stand, Pune 411005"
AGAIN = "12/4 Shivaji Nagar, opp. bus stand, Pune - 411 005"


def person(
    called: str, as_: str, role: str = "reported", number: int = 1, *, age: int | None = None, address: str = ""
):
    fact = Fact("account", as_, f"/{role}[{number}]/account", role, number, platform="ChatLine")
    place = (Place("address", f"/{role}[{number}]/address", role, number, text=address),) if address else ()
    return fact, Described(role, number, f"/{role}[{number}]", name=called, age=age), place


def report(sender: From, *persons, **more: object) -> Receipt:
    return make_report(
        sender, facts=tuple(one[0] for one in persons), persons=tuple(one[1] for one in persons),
        places=tuple(place for one in persons for place in one[2]), **more,
    )  # fmt: skip


def found(officer: Person, receipt: Receipt) -> list[names.Found]:
    with acting(officer.id):
        own = names.of_report(receipt.report_id, receipt.compartment)
        return names.alike(own, besides=receipt.report_id, hides=lambda _: (), most=8)


def waits(officer: Person, receipt: Receipt) -> int:
    with acting(officer.id):
        return on_page(receipt.report_id).names_alike


def codes(one: names.Alike) -> list[str]:
    return [reason.code for reason in one.reasons]


@dataclass(frozen=True)
class Desk:
    sender: From
    other: From
    alice: Person
    bob: Person
    charlie: Person


@pytest.fixture(scope="module")
def desk() -> Desk:
    sender, other = make_sender(make_unit("hub")), make_sender(make_unit("hub"))
    return Desk(
        sender, other, make_officer(sender.unit_id, "officer", "analyst"), make_officer(sender.unit_id, called="Bob"),
        make_officer(other.unit_id, called="Charlie"),
    )  # fmt: skip


def test_a_name_in_devanagari_finds_its_latin_spelling_with_order_title_and_address_in_reasons(desk):
    a, b = name("a"), name("b")
    latin = report(desk.sender, person("Mr. Kothiyal Tanishq", a, address=ROAD_WORDS))
    hindi = report(desk.sender, person("तनिष्क कोठियाल", b, address=AGAIN))
    walk(latin, hindi)
    for officer in (desk.alice, desk.bob):
        [one] = found(officer, latin)
        [hit] = one.alike
        assert (hit.account_id, hit.name, hit.is_strong) == (account(b), "तनिष्क कोठियाल", True)
        assert {"name_script", "name_order", "name_titles", "address_pin", "address_number"} <= set(codes(hit))
        assert [seat.report_id for seat in hit.seats] == [hindi.report_id]
        assert waits(officer, latin) == waits(officer, hindi) == 1
    assert link(a, b) is None, "a name never links"


def test_what_is_not_open_is_neither_shown_nor_counted(desk):
    """Charlie has a report with the same name; neither he nor Alice learns of the other's."""
    mine = report(desk.sender, person("Zorawar Quazimi", name("a")))
    theirs = report(desk.other, person("Zorawar Quazimi", name("b")))
    walk(mine, theirs)
    for officer, own in ((desk.alice, mine), (desk.charlie, theirs)):
        [one] = found(officer, own)
        assert (one.alike, one.people, waits(officer, own)) == ((), 0, 0)
        with acting(officer.id):
            held = values(
                "select distinct report_id from linking_name where selector_id = %s", [_id("zorawar quazimi")]
            )
        assert held == [own.report_id]
    with acting(make_officer(make_unit("district")).id):
        for table in ("linking_name", "linking_name_key"):
            assert not values(f"select count(*) from {table}")[0]


def _id(text: str) -> UUID:
    return selector_id("name", text)


def test_no_child_is_proposed_by_name_and_their_names_are_not_even_written_down(desk):
    called, same = "Ovandria Plessith", name("same")
    grown = report(desk.sender, person(called, name("a")))
    victim = report(desk.sender, person(called, name("v"), "victim"), person("Vikrul Tomsar", name("x")))
    minor = report(desk.sender, person(called, name("m"), age=15))
    written_to = report(desk.sender, person(called, name("w"), "recipient"), person("Besmal Orchit", name("y")))
    walk(grown, victim, minor, written_to)
    [one] = found(desk.alice, grown)
    assert (one.alike, waits(desk.alice, grown)) == ((), 0)
    # Nor the account that another report, not open to Alice, calls a child's.
    elsewhere = report(desk.other, person("Somebody Else", same, age=14))
    shared = report(desk.sender, person(called, same))
    walk(elsewhere, shared)
    [one] = found(desk.alice, grown)
    assert one.alike == ()


def test_a_report_that_learns_the_age_forgets_the_name_and_its_keys(desk, ask_as):
    receipt = report(desk.sender, person("Ebrinka Vashtomir", name("a")))
    walk(receipt)
    with on_the_road("test"):
        assert values("select key from linking_name_key where selector_id = %s", [_id("ebrinka vashtomir")])
    owner = ask_as("abhaya_owner")
    owner.execute(
        "update intake_report set record = jsonb_set(record, '{persons,0,age}', '15') where id = %s",
        [receipt.report_id],
    )
    owner.commit()
    walk(receipt)
    with on_the_road("test"):
        for table in ("linking_name", "linking_name_key"):
            assert not values(f"select count(*) from {table} where selector_id = %s", [_id("ebrinka vashtomir")])[0]


def test_a_name_that_many_bear_says_so_and_proposes_only_where_an_address_meets(desk):
    called = "Quibresh Talmorix"
    first = report(desk.sender, person(called, name("a"), address=ROAD_WORDS))
    many = [report(desk.sender, person(called, name("n"))) for _ in range(10)]
    neighbour = report(desk.sender, person(called, name("b"), address=AGAIN))
    walk(first, *many, neighbour)
    [one] = found(desk.alice, first)
    assert (one.is_common, one.people) == (True, 11)
    assert [hit.seats[0].report_id for hit in one.alike] == [neighbour.report_id]
    assert one.alike[0].is_strong and "address_pin" in codes(one.alike[0])


def test_initials_are_weak_and_what_an_officer_parted_is_not_proposed_again(desk):
    a, b = name("a"), name("b")
    whole, short = (report(desk.sender, person("Drovnik Halmestri", a)), report(desk.sender, person("D. Halmestri", b)))
    walk(whole, short)
    [one] = found(desk.alice, whole)
    [hit] = one.alike
    assert (hit.verdict.band, hit.is_strong, codes(hit)[-1]) == (Band.POSSIBLE, False, "name_initial")
    with acting(desk.alice.id, with_road=True):
        judge(account(a), account(b), "different", "two brothers", signed_in(desk.alice.id), report_id=whole.report_id)
    assert found(desk.alice, whole)[0].alike == ()


def test_a_deleted_report_takes_its_name_and_the_keys_of_a_name_that_nobody_else_bears(desk):
    kept = report(desk.sender, person("Yollmar Grevandi", name("a")))
    gone = report(
        desk.sender, person("Yollmar Grevandi", name("b")), person("Ostrim Valkenau", name("c"), "associated")
    )
    walk(kept, gone)
    supervisor, second = (make_officer(desk.sender.unit_id, "supervisor") for _ in range(2))
    with acting(supervisor.id, name="Alice", with_road=True):
        wanted = (gone.compartment, desk.sender.unit_id, "decision", "decision", "court", "Order 12 of 2026", "")
        erasure.decide(erasure.ask(erasure.Asked(*wanted)), second.id, "Bob")
    erasure.carry_on_to_the_end()
    sequence_all()
    older_transactions_ended()
    erasure.carry_on_to_the_end()
    with on_the_road("test"):
        held = "select report_id from linking_name where selector_id = any (%s)"
        both = [_id("yollmar grevandi"), _id("ostrim valkenau")]
        assert values(held, [both]) == [kept.report_id]
        assert set(values("select selector_id from linking_name_key where selector_id = any (%s)", [both])) == {both[0]}


def test_a_test_report_proposes_nobody(desk):
    own = report(desk.sender, person("Ulvenka Pristorel", name("a")))
    tested = report(make_sender(desk.sender.unit_id, is_test=True), person("Ulvenka Pristorel", name("b")))
    walk(own, tested)
    assert (found(desk.alice, own)[0].alike, waits(desk.alice, own)) == ((), 0)


def test_computing_everything_anew_writes_what_is_missing_and_changes_nothing_else(desk):
    receipt = report(desk.sender, person("Wexandru Omkarel", name("a")))
    walk(receipt)
    own = "select key from linking_name_key where selector_id = %s order by 1"
    with on_the_road("test"):
        assert values(own, [_id("wexandru omkarel")]) == sorted(keys("wexandru omkarel"))
        execute("delete from linking_name_key where selector_id = %s", [_id("wexandru omkarel")])
        execute("insert into linking_name_key values (%s, '1OLD')", [_id("wexandru omkarel")])
    walk(receipt)
    with on_the_road("test"):
        assert values(own, [_id("wexandru omkarel")]) == sorted(keys("wexandru omkarel"))

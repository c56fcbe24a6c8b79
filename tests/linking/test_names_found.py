"""Names, addresses and screen names that are alike in reports open to the officer: proposed with their reasons, to nobody else, and never a child's."""

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
FARM = "Plot 31-B, Kesar Bagh, Near Water Tank, Nagpur 440022"
FARM_AGAIN = "31-B केसर बाग, पानी टंकी के पास, नागपुर 440022"


def person(
    called: str, as_: str, role: str = "reported", number: int = 1, *, age: int | None = None, address: str = "",
    screen: str = "",
):  # fmt: skip
    fact = Fact("account", as_, f"/{role}[{number}]/account", role, number, platform="ChatLine")
    place = (Place("address", f"/{role}[{number}]/address", role, number, text=address),) if address else ()
    return (
        fact,
        Described(role, number, f"/{role}[{number}]", name=called, age=age, display_names=(screen,) if screen else ()),
        place,
    )


def report(sender: From, *persons, **more: object) -> Receipt:
    return make_report(
        sender, facts=tuple(one[0] for one in persons), persons=tuple(one[1] for one in persons),
        places=tuple(place for one in persons for place in one[2]), **more,
    )  # fmt: skip


def found(officer: Person, receipt: Receipt, kind: str = "name") -> list[names.Found]:
    with acting(officer.id):
        own = [one for one in names.of_report(receipt.report_id, receipt.compartment) if one.kind == kind]
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
        assert (hit.account_id, hit.written, hit.is_strong) == (account(b), "तनिष्क कोठियाल", True)
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


def held(receipt: Receipt) -> list[str]:
    """The kinds of what is written down of a report."""
    of = "select d.kind from linking_name n join selectors_selector d on d.id = n.selector_id where n.report_id = %s"
    with on_the_road("test"):
        return sorted(values(of, [receipt.report_id]))


def test_an_address_and_a_screen_name_propose_by_themselves_and_stay_weak(desk):
    a, b = name("a"), name("b")
    first = report(desk.sender, person("Ishvandra Teloquin", a, address=FARM, screen="Dusk_Heron88"))
    again = report(desk.sender, person("Parmeet Dhoruvane", b, address=FARM_AGAIN, screen="dusk.heron"))
    theirs = report(desk.other, person("Lokvir Ashtamere", name("c"), address=FARM, screen="DuskHeron"))
    walk(first, again, theirs)
    for kind, written, code in (
        ("address", FARM_AGAIN, "address_number"),
        ("screen_name", "dusk.heron", "screen_name_tail"),
    ):
        [one] = found(desk.alice, first, kind)
        [hit] = one.alike
        assert (hit.account_id, hit.written, hit.called) == (account(b), written, "Parmeet Dhoruvane")
        assert code in codes(hit)
        assert not hit.is_strong
        assert found(desk.charlie, theirs, kind)[0].alike == (), "what is not open to Charlie proposes nobody to him"
    assert waits(desk.alice, first) == waits(desk.alice, again) == 1, "one person, by whatever they are alike"
    assert waits(desk.charlie, theirs) == 0
    assert link(a, b) is None, "neither links"


def test_a_childs_address_and_screen_name_are_written_for_nobody_in_the_report(desk):
    """A household has one address: the offender's would lead to the child."""
    home = "7 Meenakshi Kunj, Wardha 442001"
    grown = report(desk.sender, person("Jolvika Pharsteen", name("a"), address=home, screen="salt_meadow1"))
    family = report(
        desk.sender, person("Harlovik Jentru", name("f"), address=home, screen="salt_meadow2"),
        person("Vendra Jentru", name("v"), "victim", address="H.No. 7, Minakshi Kunj Wardha-442 001", screen="Salt.Meadow"),
    )  # fmt: skip
    minor = report(desk.sender, person("Trivesh Okombe", name("m"), age=15, address=home, screen="saltmeadow"))
    walk(grown, family, minor)
    assert held(grown) == ["address", "name", "screen_name"]
    assert held(family) == ["name"]
    assert held(minor) == []
    for kind in ("address", "screen_name"):
        assert found(desk.alice, grown, kind)[0].alike == ()


def test_an_address_or_a_screen_name_of_many_says_so_and_shows_nobody(desk):
    many = [
        report(desk.sender, person(called, name("h"), address="Hostel 3, Lakeview Campus, Bhopal 462003", screen="KiteRunner9"))
        for called in ("Adrik Vole", *(f"Berun {letter * 3}ovian" for letter in "bdfgklmprst"))
    ]  # fmt: skip
    walk(*many)
    for kind in ("address", "screen_name"):
        [one] = found(desk.alice, many[0], kind)
        assert (one.is_common, one.people, one.alike) == (True, 11, ())


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
    first = report(desk.sender, person(called, name("a"), address=ROAD_WORDS.replace("411005", "422001")))
    many = [report(desk.sender, person(called, name("n"))) for _ in range(10)]
    neighbour = report(desk.sender, person(called, name("b"), address=AGAIN.replace("411 005", "422 001")))
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
        desk.sender, person("Yollmar Grevandi", name("b"), address="5 Moti Bagh, Satara 415001", screen="reed_otter"),
        person("Ostrim Valkenau", name("c"), "associated"),
    )  # fmt: skip
    walk(kept, gone)
    with on_the_road("test"):
        stated = (
            "select selector_id from selectors_sighting where report_id = %s and kind in ('address', 'screen_name')"
        )
        others = values(stated, [gone.report_id])
        assert len(others) == 2
        asked = "select selector_id from linking_name_key where selector_id = any (%s)"
        assert set(values(asked, [others])) == set(others)
    supervisor, second = (make_officer(desk.sender.unit_id, "supervisor") for _ in range(2))
    with acting(supervisor.id, name="Alice", with_road=True):
        wanted = (gone.compartment, desk.sender.unit_id, "decision", "decision", "court", "Order 12 of 2026", "")
        erasure.decide(erasure.ask(erasure.Asked(*wanted)), second.id, "Bob")
    erasure.carry_on_to_the_end()
    sequence_all()
    older_transactions_ended()
    erasure.carry_on_to_the_end()
    with on_the_road("test"):
        bearers = "select report_id from linking_name where selector_id = any (%s)"
        every = [_id("yollmar grevandi"), _id("ostrim valkenau"), *others]
        assert values(bearers, [every]) == [kept.report_id]
        assert set(values(asked, [every])) == {every[0]}


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

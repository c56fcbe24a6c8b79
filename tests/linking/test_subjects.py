"""Subjects follow from evidence and judgements, and from nothing else: not from the order in which reports came."""

from __future__ import annotations

import random

import pytest
from tests.factory import From, Receipt, make_officer, make_sender, make_unit, name
from tests.linking.people import (
    account,
    acts,
    are_one,
    link,
    rebuilt,
    report,
    settled,
    signed,
    subjects_of,
    walk,
    who,
)

from abhaya.linking.actions import judgements
from abhaya.linking.weights import EMAIL, HOLDERS_MAX, PARAMETERS
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import execute, fetch, value, values

pytestmark = pytest.mark.usefixtures("closed_road")


@pytest.fixture
def sender() -> From:
    return make_sender(make_unit("hub"))


def number() -> str:
    return f"+91 98{random.randrange(10**8):08}"


def mail() -> str:
    return f"{name('p')}@example.org"


def test_two_accounts_that_share_telephone_and_address_are_one_subject_and_its_history_says_since_when(sender):
    one, other, phone, box = name("a"), name("b"), number(), mail()
    walk(report(sender, who(one, phone=phone, email=box)))
    assert subjects_of(one) == [None]  # a person alone is no subject
    walk(report(sender, who(other, phone=phone, email=box)))
    assert link(one, other)[0] == "same"
    [subject, same] = subjects_of(one, other)
    assert subject == same
    with on_the_road("test"):
        changes = fetch(
            lambda *row: row,
            "select kind, accounts, cause from linking_change where subject_id = %s", [subject],
        )  # fmt: skip
        told = values("select event from ledger_entry where subject_id = %s", [subject])
    assert changes == [("born", 2, "report")]
    assert told == ["linking:subject:changed"]
    assert rebuilt() == (0, 0)


def test_an_address_that_many_telephones_share_makes_nobody_one(sender):
    called = [name("nat") for _ in range(3)]
    for each in called:
        walk(report(sender, who(each, ip="192.0.2.77", email=mail())))
    assert subjects_of(*called) == [None, None, None]
    assert rebuilt() == (0, 0)


def test_a_victim_and_a_suspect_who_share_everything_are_related_and_never_one(sender):
    child, suspect, phone, box = name("child"), name("suspect"), number(), mail()
    walk(report(sender, who(child, "victim", phone=phone, email=box), who(suspect, phone=phone, email=box)))
    assert link(child, suspect)[0] == "related"
    assert subjects_of(child, suspect) == [None, None]


def test_who_turns_out_to_be_a_minor_leaves_the_subject(sender):
    one, other, phone, box = name("a"), name("b"), number(), mail()
    walk(report(sender, who(one, phone=phone, email=box)), report(sender, who(other, phone=phone, email=box)))
    assert are_one(one, other)
    walk(report(sender, who(one), ages={("reported", 1): 15}))
    assert subjects_of(one, other) == [None, None]
    assert link(one, other)[0] == "related"
    assert rebuilt() == (0, 0)


def test_a_value_that_becomes_everybodys_links_nobody_any_more(sender):
    phone, first, second = number(), name("a"), name("b")
    box = mail()
    walk(report(sender, who(first, phone=phone, email=box)), report(sender, who(second, phone=phone, email=box)))
    assert are_one(first, second)
    walk(*(report(sender, who(name("c"), phone=phone, email=box)) for _ in range(HOLDERS_MAX - 1)))
    assert subjects_of(first, second) == [None, None]
    assert link(first, second) is None
    assert rebuilt() == (0, 0)


def test_what_everybody_has_speaks_neither_for_two_accounts_nor_against_them(sender):
    everybodys, one, other, box = number(), name("a"), name("b"), mail()
    walk(*(report(sender, who(name("c"), phone=everybodys)) for _ in range(HOLDERS_MAX + 1)))
    walk(report(sender, who(one, phone=everybodys, email=box)))
    walk(report(sender, who(other, phone=number(), email=box)))
    assert rebuilt() == (0, 0)
    assert link(one, other)[1] == PARAMETERS.agreement(EMAIL, 2)


def test_what_becomes_everybodys_ceases_to_speak_against_two_of_its_holders(sender):
    common, one, other, box, shared = number(), name("a"), name("b"), mail(), number()
    walk(report(sender, who(one, phone=common, email=box)), report(sender, who(other, phone=shared, email=box)))
    before = link(one, other)[1]
    crowd = [report(sender, who(name("c"), phone=common)) for _ in range(HOLDERS_MAX)]
    walk(*crowd[:-1])
    walk(crowd[-1])
    assert link(one, other)[1] > before
    assert rebuilt() == (0, 0)
    taken_away(crowd[3])
    settled()
    assert link(one, other)[1] == before
    assert rebuilt() == (0, 0)


def test_a_person_without_an_account_is_somebody_too(sender):
    phone, box, named = number(), mail(), name("a")
    unnamed = report(sender, who(named, phone=phone, email=box)[1:])
    walk(unnamed, report(sender, who(named, phone=phone, email=box)))
    with on_the_road("test"):
        [(stand_in, selector)] = fetch(
            lambda *row: row, "select account_id, selector_id from linking_person where report_id = %s",
            [unnamed.report_id],
        )  # fmt: skip
        subject = value("select subject_id from linking_membership where account_id = %s and until is null", [stand_in])
    assert selector is None
    assert [subject] == subjects_of(named) != [None]


def test_a_test_report_and_a_covert_one_make_nobody_a_subject(sender):
    one, other, phone, box = name("a"), name("b"), number(), mail()
    walk(report(sender, who(one, phone=phone, email=box)))
    walk(report(make_sender(make_unit("hub"), is_test=True), who(other, phone=phone, email=box)))
    assert subjects_of(one, other) == [None, None]


def test_the_same_report_again_changes_nothing(sender):
    one, other, phone, box = name("a"), name("b"), number(), mail()
    first = report(sender, who(one, phone=phone, email=box))
    second = report(sender, who(other, phone=phone, email=box))
    walk(first, second)
    before = everything()
    walk(first)
    walk(second, first)
    assert everything() == before


def everything() -> list[tuple[object, ...]]:
    with on_the_road("test"):
        return [
            *fetch(lambda *row: row, "select a, b, weight_millibits, outcome, at from linking_link order by 1, 2"),
            *fetch(lambda *row: row, "select id, account_id, subject_id, until from linking_membership order by 1"),
            *fetch(lambda *row: row, "select id, report_id, account_id from linking_person order by 1"),
            *fetch(lambda *row: row, "select id, report_id, value_id from linking_evidence order by 1"),
        ]


def taken_away(receipt: Receipt) -> None:
    """What a deletion does to this room's rows; the duty does the rest."""
    with on_the_road("road:linking"):
        for table in ("linking_evidence", "linking_person"):
            execute(f"delete from {table} where report_id = %s", [receipt.report_id])


def test_how_many_people_a_value_looks_like_is_counted_the_same_live_and_anew(sender):
    common, busy = number(), [mail() for _ in range(2)]
    for place in range(7):
        has = {"phone": common} | ({"email": busy[place % 2]} if place < 5 else {})
        walk(report(sender, who(name("n"), **has)))
        assert rebuilt() == (0, 0)
    walk(report(sender, who(name("n"), phone=common, email=busy)))
    assert rebuilt() == (0, 0)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_in_whatever_order_everything_computed_anew_says_the_same(sender, seed):
    chance = random.Random(seed)
    alice = make_officer(sender.unit_id)
    called = [name("r") for _ in range(8)]
    pool = {"phone": [number() for _ in range(4)], "email": [mail() for _ in range(3)], "device": ["490154203237518"],
            "ip": ["198.51.100.9"]}  # fmt: skip
    waiting, there, said = [], [], []
    for each in [chance.choice(called) for _ in range(24)]:
        has = {kind: chance.choice(values) for kind, values in pool.items() if chance.random() < 0.6}
        role = "victim" if chance.random() < 0.08 else "reported"
        waiting.append(report(sender, who(each, role, day=chance.randrange(200), **has)))
    chance.shuffle(waiting)
    while waiting:
        count = chance.randrange(1, 5)
        some, waiting = waiting[:count], waiting[count:]
        walk(*some)
        there += some
        if chance.random() < 0.5:
            pair = chance.sample(called, 2)
            try:
                with acts(alice):
                    answer = chance.choice(["same", "different", "unsure"])
                    said.append(
                        judgements.judge(*map(account, pair), answer, "because of what both wrote", signed(alice))
                    )
            except judgements.OfficerError:
                pass
        if said and chance.random() < 0.3:
            with acts(alice):
                judgements.undo(said.pop(chance.randrange(len(said))), "it was a mistake of mine", signed(alice))
        if there and chance.random() < 0.4:
            taken_away(there.pop(chance.randrange(len(there))))
            settled()
    settled()
    assert rebuilt() == (0, 0)
    with on_the_road("test"):
        assert value(
            "select count(*) from linking_membership where account_id = any (%s)", [list(map(account, called))]
        )


def test_computed_in_one_go_and_one_by_one_the_same_persons_come_out(sender):
    """The other half of the promise: the kernels over everything, in a database where nothing was decided yet."""
    called = [name("o") for _ in range(6)]
    phones, boxes = [number() for _ in range(2)], [mail() for _ in range(2)]
    receipts = [
        report(sender, who(each, phone=phones[place % 2], email=boxes[place % 2])) for place, each in enumerate(called)
    ]
    for receipt in receipts:
        walk(receipt)
    step_by_step = [are_one(called[0], other) for other in called[1:]]
    with on_the_road("road:linking"):
        execute("delete from linking_link")
    links, changed = rebuilt()
    assert links >= 6
    assert changed == 0, "the same groups: every subject kept its id"
    assert [are_one(called[0], other) for other in called[1:]] == step_by_step == [False, True, False, True, False]

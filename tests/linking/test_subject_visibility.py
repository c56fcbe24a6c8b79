"""Alice (owner) and Bob (same unit) see a subject by the evidence that is open to them; Charlie learns nothing."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest
from tests.factory import Person, make_officer, make_sender, make_unit, name
from tests.linking.people import account, are_one, link, report, subjects_of, walk, who

from abhaya.access.actions import open_to
from abhaya.linking import queries_subjects as readers
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import fetch, value

pytestmark = pytest.mark.usefixtures("closed_road")
TABLES = {
    "linking_person": "account_id", "linking_evidence": "account_id", "linking_membership": "account_id",
    "linking_link": "a", "linking_constraint": "a",
}  # fmt: skip


@dataclass(frozen=True)
class Chain:
    """a and b share something in Alice's reports; b and c in reports of another unit, of which Alice has none."""

    alice: Person
    bob: Person
    charlie: Person
    gita: Person
    a: str
    b: str
    c: str


@pytest.fixture
def chain() -> Chain:
    hub, other = make_sender(make_unit("hub")), make_sender(make_unit("hub"))
    a, b, c = name("a"), name("b"), name("c")
    near, far = (
        {"email": f"{name('p')}@example.org", "upi": f"{name('u')}@okbank"},
        {"email": f"{name('p')}@example.org", "upi": f"{name('u')}@okbank"},
    )
    walk(report(hub, who(a, **near)), report(hub, who(b, **near)))
    walk(report(other, who(b, **far)), report(other, who(c, **far)))
    assert are_one(a, b, c)
    return Chain(
        make_officer(hub.unit_id), make_officer(hub.unit_id, called="Bob"),
        make_officer(make_unit("district"), called="Charlie"), make_officer(other.unit_id, called="Gita"), a, b, c,
    )  # fmt: skip


def seen_by(person: Person, called: str) -> readers.SubjectView | None:
    with acting(person.id):
        return readers.as_seen(account(called))


def test_alice_and_bob_see_who_stands_together_by_their_own_reports(chain):
    for person in (chain.alice, chain.bob):
        view = seen_by(person, chain.a)
        assert set(view.accounts) == {account(chain.a), account(chain.b)}
        [(_pair, weighed)] = view.links.items()
        assert weighed.outcome == "same"
        assert len(view.reports()) == 2
    assert set(seen_by(chain.gita, chain.b).accounts) == {account(chain.b), account(chain.c)}


def test_the_numbers_are_those_that_count_for_everybody_and_their_waterfall_sums_to_them(chain):
    view = seen_by(chain.alice, chain.a)
    told = view.explain(account(chain.a), account(chain.b))
    assert (told.millibits, view.links[tuple(sorted((account(chain.a), account(chain.b))))].millibits) == (
        link(chain.a, chain.b)[1],
    ) * 2
    assert sum(line.reason.weight for line in told.lines) == told.millibits
    shown = [line for line in told.lines if line.value is not None]
    assert shown and all(view.rows_of(line.value, account(chain.a)) for line in shown)
    assert view.chain(account(chain.a), account(chain.b)) == [(account(chain.a), account(chain.b), told.millibits)]


def test_charlie_learns_nothing_from_readers_or_tables(chain):
    subject = subjects_of(chain.a)[0]
    assert [seen_by(chain.charlie, one) for one in (chain.a, chain.b, chain.c)] == [None] * 3
    accounts = [account(one) for one in (chain.a, chain.b, chain.c)]
    with acting(chain.charlie.id):
        assert readers.subject_of(accounts[0]) is None
        assert readers.members(subject) == readers.changes(subject) == readers.judgements(accounts) == []
        found = {
            table: value(f"select count(*) from {table} where {column} = any (%s)", [accounts])
            for table, column in TABLES.items()
        }
        found["linking_subject"] = value("select count(*) from linking_subject where id = %s", [subject])
        found["linking_change"] = value("select count(*) from linking_change where subject_id = %s", [subject])
    assert set(found.values()) == {0}, found


def test_the_number_of_holders_is_told_of_what_one_sees_and_of_nothing_else(chain):
    with on_the_road("test"):
        mine, theirs = (
            fetch(lambda *row: row[0], "select distinct value_id from linking_evidence where account_id = %s", [account(one)])
            for one in (chain.a, chain.c)
        )  # fmt: skip
    ask = "select value_id from linking_holders(%s, 11)"
    with acting(chain.alice.id):
        assert set(fetch(lambda one: one, ask, [[*mine, *theirs]])) == set(mine)
    with acting(chain.charlie.id):
        assert fetch(lambda one: one, ask, [[*mine, *theirs]]) == []


def test_alice_does_not_see_a_link_that_rests_on_what_she_may_not_read(chain):
    """A report of Charlie's unit names all three, without what links them: then its readers see accounts, and no link."""
    unit = make_sender(make_unit("hub"))
    walk(report(unit, who(chain.a, person=1), who(chain.c, person=2)))
    dev = make_officer(unit.unit_id, called="Dev")
    view = seen_by(dev, chain.a)
    assert view.accounts == (account(chain.a),)
    assert view.links == view.near == {}
    assert are_one(chain.a, chain.c), "for everybody's subject they stay together"


def test_what_a_covert_report_tells_joins_for_its_readers_alone(owner):
    hub = make_sender(make_unit("hub"))
    alice, bob = make_officer(hub.unit_id), make_officer(hub.unit_id, called="Bob")
    one, other = name("a"), name("b")
    shared = {"email": f"{name('p')}@example.org", "upi": f"{name('u')}@okbank"}
    walk(report(hub, who(one)), report(hub, who(other, **shared)))
    quiet = report(hub, who(one, **shared))
    make_covert(owner, quiet.report_id, alice)
    walk(quiet)
    assert subjects_of(one, other) == [None, None]
    assert set(seen_by(alice, one).accounts) == {account(one), account(other)}
    assert seen_by(bob, one).accounts == (account(one),)


def test_a_child_by_a_report_that_is_not_open_is_shown_as_one_with_nobody_all_the_same(owner):
    hub, elsewhere = make_sender(make_unit("hub")), make_sender(make_unit("hub"))
    alice = make_officer(hub.unit_id)
    one, child = name("a"), name("child")
    shared = {"email": f"{name('p')}@example.org", "upi": f"{name('u')}@okbank"}
    walk(report(elsewhere, who(child, "victim")), report(hub, who(child, **shared)))
    quiet = report(hub, who(one, **shared))
    make_covert(owner, quiet.report_id, alice)
    walk(quiet)
    view = seen_by(alice, one)
    assert view.accounts == (account(one),)
    assert view.protected[account(child)]
    charlie = make_officer(make_unit("district"), called="Charlie")
    with acting(charlie.id):
        assert fetch(lambda found: found, "select linking_protected(%s)", [[account(child)]]) == []


def make_covert(owner: psycopg.Connection, report_id: UUID, reader: Person) -> None:
    """As if it had come in covertly: open to one officer, and to no unit."""
    with on_the_road("test"):
        compartment = value("select compartment from intake_report where id = %s", [report_id])
        open_to([(reader.id, compartment, "work", "test")])
    owner.execute("update access_compartment set covert = true where id = %s", [compartment])
    owner.execute("delete from access_opening where compartment = %s and viewer <> %s", [compartment, reader.id])
    owner.commit()

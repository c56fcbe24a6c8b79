"""An officer's word: subjects follow it, it survives every computation, it can be taken back, and it never joins a child
with a suspect."""

from __future__ import annotations

import os
import signal
import threading
from uuid import UUID

import pytest
from django.db import OperationalError, connections
from tests.factory import From, Person, Receipt, at_once, make_officer, make_sender, make_unit, name
from tests.linking.people import (
    account,
    acts,
    are_one,
    rebuilt,
    report,
    signed,
    subjects_of,
    walk,
    who,
)

from abhaya.access.actions import open_to
from abhaya.access.actions.approvals import NeedsSecondPerson, decide
from abhaya.access.approvals import to_decide
from abhaya.cases.actions import attach, open_case
from abhaya.errors import NotThere, OfficerError
from abhaya.linking import queries_subjects as readers
from abhaya.linking.actions import judgements
from abhaya.linking.actions.subjects import lock
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import fetch, value, values

pytestmark = pytest.mark.usefixtures("closed_road")
WHY = "both write the same unusual words on the same day"


@pytest.fixture
def sender() -> From:
    return make_sender(make_unit("hub"))


@pytest.fixture
def alice(sender) -> Person:
    return make_officer(sender.unit_id)


def judged(person: Person, one: str, other: str, answer: str, **more: UUID) -> UUID:
    with acts(person):
        return judgements.judge(account(one), account(other), answer, WHY, signed(person), **more)


def undone(person: Person, judgement: UUID) -> None:
    with acts(person):
        judgements.undo(judgement, "it was another person after all", signed(person))


def two(sender: From, **shared: str) -> tuple[str, str]:
    one, other = name("a"), name("b")
    walk(report(sender, who(one, **shared)), report(sender, who(other, **shared)))
    return one, other


def alike() -> dict[str, str]:
    return {"email": f"{name('p')}@example.org", "upi": f"{name('u')}@okbank"}


def test_same_makes_one_of_two_and_taking_it_back_parts_them_with_who_and_why_on_record(sender, alice):
    one, other = two(sender)
    word = judged(alice, one, other, "same")
    assert are_one(one, other)
    subject = subjects_of(one)[0]
    assert rebuilt() == (0, 0)
    undone(alice, word)
    assert subjects_of(one, other) == [None, None]
    assert rebuilt() == (0, 0)
    with acting(alice.id):
        [row] = readers.judgements([account(one)])
        history = readers.changes(subject)
    assert (row.by_name, row.why, row.undone_by_name) == ("Alice", WHY, "Alice")
    assert [(change.kind, change.cause) for change in history] == [("ended", "judgement"), ("born", "judgement")]
    with on_the_road("test"):
        told = set(values("select event from ledger_entry where subject_id = any (%s)", [[word, subject]]))
    assert told == {"linking:accounts:judged", "linking:judgement:undone", "linking:subject:changed"}


def test_different_parts_two_and_survives_whatever_comes_after(sender, alice):
    shared = alike()
    one, other = two(sender, **shared)
    assert are_one(one, other)
    before = subjects_of(one)[0]
    judged(alice, one, other, "different")
    assert subjects_of(one, other) == [None, None]
    walk(report(sender, who(one, **shared), who(other, "associated", **shared)))
    assert subjects_of(one, other) == [None, None]
    assert rebuilt() == (0, 0)
    third = name("c")
    walk(report(sender, who(third, **shared)))
    found = subjects_of(one, other, third)
    assert found[2] in found[:2] and found[0] != found[1]
    assert before not in found, "an id that ended is never used again"


def test_unsure_moves_nobody(sender, alice):
    one, other = two(sender)
    judged(alice, one, other, "unsure")
    assert subjects_of(one, other) == [None, None]


def test_a_child_is_never_taken_for_a_suspect_and_the_refusal_says_so(sender, alice):
    child, suspect = name("child"), name("suspect")
    walk(report(sender, who(child, "victim"), who(suspect)))
    with pytest.raises(OfficerError, match="never taken for one person"):
        judged(alice, child, suspect, "same")
    judged(alice, child, suspect, "different")


def test_who_turns_out_to_be_a_child_leaves_even_by_a_word(sender, alice):
    one, other = two(sender)
    judged(alice, one, other, "same")
    walk(report(sender, who(one), ages={("reported", 1): 14}))
    assert subjects_of(one, other) == [None, None]
    assert rebuilt() == (0, 0)


def test_the_opposite_of_what_stands_is_refused_until_that_is_taken_back(sender, alice):
    one, other = two(sender)
    word = judged(alice, one, other, "different")
    with pytest.raises(OfficerError, match="opposite was said"):
        judged(alice, one, other, "same")
    with pytest.raises(OfficerError, match="said already"):
        judged(alice, one, other, "different")
    undone(alice, word)
    with pytest.raises(OfficerError, match="taken back already"):
        undone(alice, word)
    judged(alice, one, other, "same")
    assert are_one(one, other)


def test_a_stranger_judges_nothing_and_takes_nothing_back(sender, alice):
    one, other = two(sender)
    word = judged(alice, one, other, "same")
    charlie = make_officer(make_unit("district"), called="Charlie")
    with pytest.raises(NotThere):
        judged(charlie, one, other, "different")
    with pytest.raises(NotThere):
        undone(charlie, word)
    assert are_one(one, other)


def test_persons_of_different_units_are_joined_by_two_officers(sender, alice):
    one, other = name("a"), name("b")
    first, second = report(sender, who(one)), report(sender, who(other))
    walk(first, second)
    with on_the_road("test"):
        district = make_unit("district", parent=sender.unit_id)
        compartment = value("select compartment from intake_report where id = %s", [second.report_id])
        open_to([(district, compartment, "work", "test")])
    with pytest.raises(NeedsSecondPerson):
        judged(alice, one, other, "same")
    bob = make_officer(sender.unit_id, called="Bob")
    with acts(alice):
        asked = judgements.ask_for_merge(account(one), account(other), WHY, signed(alice), said=("a", "b"))
    with acting(bob.id, name="Bob"):
        decide(asked, signed(bob), True, "I read both reports, and agree")
    judged(alice, one, other, "same")
    assert are_one(one, other)
    with acting(alice.id):
        assert readers.judgements([account(one)])[0].approval_id == asked


def test_many_accounts_are_joined_by_two_officers(sender, alice):
    left, right = [name("l") for _ in range(5)], [name("r") for _ in range(5)]
    for side in (left, right):
        shared = alike()
        walk(*(report(sender, who(each, **shared)) for each in side))
        assert are_one(*side)
    with pytest.raises(NeedsSecondPerson):
        judged(alice, left[0], right[0], "same")
    assert not are_one(left[0], right[0])


def test_who_came_since_a_colleague_agreed_is_agreed_to_anew(sender, alice):
    """What the colleague read was a number of accounts: no more are taken together by it."""
    left, right, shared = [name("l") for _ in range(5)], [name("r") for _ in range(5)], alike()
    walk(*(report(sender, who(each, **shared)) for each in left))
    walk(*(report(sender, who(each, **other)) for other in [alike()] for each in right))
    bob = make_officer(sender.unit_id, called="Bob")

    def asked() -> str:
        pair = account(left[0]), account(right[0])
        with acts(alice):
            one = judgements.ask_for_merge(*pair, WHY, signed(alice), said=("a", "b"))
        with acting(bob.id, name=bob.name):
            [waiting] = [each for each in to_decide(bob.id) if each.id == one]
            decide(one, signed(bob), granted=True, reason="I read both, and agree with it.")
        return waiting.what

    assert "of 10 accounts" in asked()
    walk(report(sender, who(name("l"), **shared)))
    with pytest.raises(NeedsSecondPerson):
        judged(alice, left[0], right[0], "same")
    assert "of 11 accounts" in asked()
    judged(alice, left[0], right[0], "same")
    assert are_one(*left, *right)


def test_of_two_opposite_words_at_once_one_stands_and_the_other_is_told(sender, alice):
    bob = make_officer(sender.unit_id, called="Bob")
    one, other = two(sender, email=f"{name('p')}@example.org")
    said = at_once(lambda: judged(alice, one, other, "same"), lambda: judged(bob, one, other, "different"))
    [stands], [refused] = ([each for each in said if isinstance(each, kind)] for kind in (UUID, OfficerError))
    assert "The opposite was said before" in refused.sentence
    with acting(alice.id):
        assert [row.id for row in readers.judgements([account(one)])] == [stands]
    assert are_one(one, other) == isinstance(said[0], UUID)
    assert rebuilt() == (0, 0)


def test_taking_back_while_everything_is_computed_anew_ends_as_if_it_was_never_said(sender, alice):
    one, other = two(sender, email=f"{name('p')}@example.org")
    judgement = judged(alice, one, other, "same")
    assert at_once(lambda: undone(alice, judgement), rebuilt)[0] is None
    assert subjects_of(one, other) == [None, None]
    assert rebuilt() == (0, 0)


def test_a_worker_killed_while_it_settles_leaves_nothing_and_the_next_does_it_all(sender, owner):
    shared, one, other = alike(), name("a"), name("b")
    walk(report(sender, who(one, **shared)))
    late = report(sender, who(other, **shared))
    with on_the_road("test"):
        lock()  # as another writer: the worker has written its hits by then, and waits
        worker = threading.Thread(target=died, args=(late,))
        worker.start()
        waits = (
            "select pid from pg_locks where locktype = 'advisory' and not granted"
            " and database = (select oid from pg_database where datname = current_database())"
        )
        while not (found := owner.execute(waits).fetchall()):
            worker.join(0.05)
            assert worker.is_alive(), "it waits for the lock"
        os.kill(found[0][0], signal.SIGTERM)  # its session, by the server's own machine
        worker.join()
    with on_the_road("test"):
        for table in ("linking_hit", "linking_person", "linking_evidence"):
            assert value(f"select count(*) from {table} where report_id = %s", [late.report_id]) == 0, table
    walk(late)
    assert are_one(one, other)
    assert rebuilt() == (0, 0)


def died(late: Receipt) -> None:
    with pytest.raises(OperationalError):
        walk(late)
    connections.close_all()


def test_a_word_in_a_covert_case_is_its_members_and_moves_nothing_outside(sender, alice):
    one, other = name("a"), name("b")
    first, second = report(sender, who(one)), report(sender, who(other))
    walk(first, second)
    bob = make_officer(sender.unit_id, called="Bob")
    with acts(alice):
        case = open_case(signed(alice), title="Quiet", contact="desk 4", covert=True)
        attach(case, alice.id, first.number, "belongs to this case, as it seems")
    judged(alice, one, other, "same", case=case)
    assert subjects_of(one, other) == [None, None]
    assert rebuilt() == (0, 0)
    with acting(alice.id):
        mine = readers.as_seen(account(one))
        assert set(mine.accounts) == {account(one), account(other)}
        assert [row.is_covert for row in readers.judgements([account(one)])] == [True]
    with acting(bob.id):
        assert readers.as_seen(account(one)).accounts == (account(one),)
        assert readers.judgements([account(one)]) == []
        assert (
            fetch(lambda *row: row, "select a, b from linking_constraint where a = %s or b = %s", [account(one)] * 2)
            == []
        )

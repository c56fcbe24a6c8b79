"""Remarks go with the accounts that were meant: to their owners after a split, together after a merge, and with nobody else."""

from __future__ import annotations

from uuid import UUID

import pytest
from tests.factory import From, Person, Receipt, make_officer, make_sender, make_unit, name
from tests.linking.people import account, acts, are_one, rebuilt, report, signed, walk, who
from tests.linking.test_subject_visibility import make_covert

from abhaya.access.actions import open_to
from abhaya.cases.actions import attach, open_case
from abhaya.custody import erasure
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.ledger.sequencer import sequence_all
from abhaya.linking import queries_remarks as readers
from abhaya.linking import queries_subjects as subjects
from abhaya.linking.actions import judgements, remarks
from abhaya.linking.actions.remarks import Written
from abhaya.linking.queries_remarks import RemarkRow
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import fetch, value, values

pytestmark = pytest.mark.usefixtures("closed_road")
WHY = "the mother says that the tablet is the family's"


class Scene:
    """Two accounts of Alice's unit, each with a report of its own, held together by what they share."""

    def __init__(self) -> None:
        self.sender: From = make_sender(make_unit("hub"))
        self.alice = make_officer(self.sender.unit_id, "officer", "supervisor")
        self.bob = make_officer(self.sender.unit_id, "officer", "supervisor", called="Bob")
        self.charlie = make_officer(make_unit("district"), called="Charlie")
        self.shared = {"email": f"{name('p')}@example.org", "upi": f"{name('u')}@okbank"}
        self.one, self.other = name("one"), name("other")
        self.reports: list[Receipt] = [report(self.sender, who(each, **self.shared)) for each in (self.one, self.other)]
        walk(*self.reports)
        assert are_one(self.one, self.other)

    def says(self, person: Person, text: str, *called: str, whole: bool = False, **more: object) -> UUID:
        about = frozenset(map(account, called))
        with acts(person):
            besides = frozenset(subjects.as_seen(account(called[0])).accounts) if whole else None
            return remarks.write(Written(text, about, besides), signed(person), **more)

    def judges(self, answer: str) -> UUID:
        with acts(self.alice):
            return judgements.judge(account(self.one), account(self.other), answer, WHY, signed(self.alice))

    def read(self, person: Person, called: str) -> list[RemarkRow]:
        """What stands on the page of whoever the account stands with."""
        with acting(person.id):
            view = subjects.as_seen(account(called))
            return [one for one in readers.of_accounts(view.accounts) if one.stands] if view else []

    def texts(self, person: Person, called: str) -> list[str]:
        return [one.text for one in self.read(person, called)]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_what_was_written_of_a_person_returns_to_its_owners_and_comes_together_again(scene):
    scene.says(scene.alice, "of one", scene.one)
    scene.says(scene.bob, "of the other", scene.other)
    scene.says(scene.alice, "of both", scene.one, scene.other)
    scene.says(scene.alice, "of the whole", scene.other, whole=True)
    everything = ["of the whole", "of both", "of the other", "of one"]
    assert scene.texts(scene.alice, scene.one) == scene.texts(scene.bob, scene.other) == everything

    word = scene.judges("different")
    assert scene.texts(scene.bob, scene.one) == ["of both", "of one"]
    assert scene.texts(scene.bob, scene.other) == ["of the whole", "of both", "of the other"]
    whole = scene.read(scene.bob, scene.other)[0]
    assert (whole.is_whole, len(whole.then), whole.gone([account(scene.other)])) == (True, 2, 1)
    assert rebuilt() == (0, 0)
    assert scene.texts(scene.bob, scene.one) == ["of both", "of one"]

    with acts(scene.bob):
        judgements.undo(word, "the statement was withdrawn", signed(scene.bob))
    assert scene.texts(scene.alice, scene.one) == everything


def test_a_remark_is_corrected_and_withdrawn_with_who_and_when_and_nothing_lost(scene):
    remark = scene.says(scene.alice, "asks for money", scene.one)
    words = Written("asks for a picture", frozenset({account(scene.other), account(scene.one)}))
    with acts(scene.bob):
        remarks.correct(remark, words, signed(scene.bob), instead_of=1)
    with acts(scene.alice), pytest.raises(OfficerError, match="meanwhile"):
        remarks.correct(remark, words, signed(scene.alice), instead_of=1)
    [now] = scene.read(scene.alice, scene.one)
    assert (now.text, now.version, now.by_name, now.first_by_name) == ("asks for a picture", 2, "Bob", "Alice")
    with acts(scene.alice):
        remarks.withdraw(remark, "it was somebody else's", signed(scene.alice))
        with pytest.raises(OfficerError, match="taken back already"):
            remarks.withdraw(remark, "it was somebody else's", signed(scene.alice))
    assert scene.read(scene.bob, scene.one) == []
    with acting(scene.bob.id):
        rows = readers.versions(remark)
    assert [(one.text, one.withdrawn_by_name) for one in rows] == [
        ("asks for a picture", "Alice"),
        ("asks for money", ""),
    ]
    assert rows[0].withdrawn_why == "it was somebody else's"
    with on_the_road("test"):
        told = values("select event from ledger_entry where subject_id = %s", [remark])
    assert sorted(told) == [f"linking:remark:{verb}" for verb in ("corrected", "withdrawn", "written")]


def test_a_correction_stays_with_its_report(scene):
    remark = scene.says(scene.alice, "of one", scene.one)
    with acts(scene.alice), pytest.raises(OfficerError, match="write it"):
        remarks.correct(
            remark, Written("of another", frozenset({account(scene.other)})), signed(scene.alice), instead_of=1
        )


def test_a_stranger_reads_writes_and_changes_nothing(scene):
    remark = scene.says(scene.alice, "of one", scene.one)
    for act in (
        lambda: remarks.write(Written("x", frozenset({account(scene.one)})), signed(scene.charlie)),
        lambda: remarks.correct(
            remark, Written("x", frozenset({account(scene.one)})), signed(scene.charlie), instead_of=1
        ),
        lambda: remarks.withdraw(remark, "because I can do it", signed(scene.charlie)),
    ):
        with acts(scene.charlie), pytest.raises(NotThere):
            act()
    with acting(scene.charlie.id):
        assert readers.versions(remark) == readers.of_accounts([account(scene.one)]) == []


def test_who_only_reads_the_report_reads_the_remark_and_changes_nothing(scene):
    remark = scene.says(
        scene.alice, "of one and the other", scene.one, scene.other, report_id=scene.reports[0].report_id
    )
    with on_the_road("test"):
        open_to([(scene.charlie.id, scene.reports[0].compartment, "watch", "test")])
    [row] = scene.read(scene.charlie, scene.one)
    assert (row.text, row.about) == ("of one and the other", [account(scene.one)]), (
        "nothing tells that there is another"
    )
    with acts(scene.charlie):
        with pytest.raises(NotPermitted):
            remarks.withdraw(remark, "because I can read it", signed(scene.charlie))
        with pytest.raises(NotPermitted):
            remarks.write(Written("x", frozenset({account(scene.one)})), signed(scene.charlie))


def test_what_is_kept_in_a_covert_case_is_its_members_alone(scene):
    with acts(scene.alice):
        case = open_case(signed(scene.alice), title="Quiet", contact="desk 4", covert=True)
        attach(case, scene.alice.id, scene.reports[0].number, "belongs to this case, as it seems")
    remark = scene.says(scene.alice, "our officer writes with him", scene.one, case=case)
    [row] = scene.read(scene.alice, scene.one)
    assert (row.is_covert, row.is_in_case, row.report_id) == (True, True, scene.reports[0].report_id)
    assert scene.read(scene.bob, scene.one) == []
    with acting(scene.bob.id):
        assert readers.versions(remark) == []
        assert value("select count(*) from linking_remark_account where remark_id = %s", [remark]) == 0


def test_who_sees_a_report_covertly_writes_where_no_outsider_reads(scene, owner):
    third = name("third")
    quiet = report(scene.sender, who(third))
    make_covert(owner, quiet.report_id, scene.alice)
    walk(quiet)
    scene.says(scene.alice, "nobody else", third)
    assert scene.texts(scene.alice, third) == ["nobody else"]
    with acting(scene.bob.id):
        assert readers.of_accounts([account(third)]) == []


def test_a_deleted_report_takes_its_remarks_along_and_leaves_the_others(scene):
    scene.says(scene.alice, "of one", scene.one)
    both = scene.says(scene.alice, "of both", scene.one, scene.other, report_id=scene.reports[1].report_id)
    with acts(scene.alice):
        case = open_case(signed(scene.alice), title="Open", contact="desk 4", covert=False)
        attach(case, scene.alice.id, scene.reports[0].number, "belongs to this case, as it seems")
    scene.says(scene.alice, "in the case", scene.one, case=case)
    gone = scene.reports[0]
    wanted = (gone.compartment, scene.sender.unit_id, "decision", "decision", "court", "order 7", "")
    with acts(scene.alice):
        erasure.decide(erasure.ask(erasure.Asked(*wanted)), scene.bob.id, "Bob")
    erasure.carry_on_to_the_end()
    sequence_all()
    erasure.carry_on_to_the_end()
    with on_the_road("test"):
        left = fetch(
            lambda *row: row,
            "select r.first_id, a.account_id from linking_remark r left join linking_remark_account a on a.remark_id = r.id"
            " where r.by_officer = %s",
            [scene.alice.id],
        )
    assert left == [(both, account(scene.other))]

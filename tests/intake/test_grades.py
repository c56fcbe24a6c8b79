"""Grades after the Admiralty system: of a sender for all it sends, of one report by an officer; both explained, both taken back."""

from __future__ import annotations

from uuid import UUID

import pytest
from tests.factory import Person, make_officer, make_report, make_sender, make_unit
from tests.linking.people import acts, signed
from tests.linking.test_subject_visibility import make_covert

from abhaya.access.actions import open_to
from abhaya.access.queries import signed_in
from abhaya.custody import erasure
from abhaya.errors import NotPermitted, NotThere, OfficerError
from abhaya.intake import queries_grades as grades
from abhaya.intake.admiralty import (
    CREDIBILITY,
    CREDIBILITY_MEANS,
    NOT_GRADED,
    RELIABILITY,
    RELIABILITY_MEANS,
    Grade,
    Word,
    of_report,
)
from abhaya.intake.grades import grade_report, grade_sender, undo_report_grade, undo_sender_grade
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import fetch, value

pytestmark = pytest.mark.usefixtures("closed_road")
WHY = "what it sent in March was right"


class Scene:
    """Two reports of one sender, open to Alice and Bob; Dana sets up senders; Charlie is of another unit."""

    def __init__(self) -> None:
        self.sender = make_sender(make_unit("hub"))
        unit = self.sender.unit_id
        self.alice, self.bob = make_officer(unit, "officer", "supervisor"), make_officer(unit, called="Bob")
        self.dana = make_officer(unit, "administrator", called="Dana")
        self.charlie = make_officer(make_unit("district"), called="Charlie")
        with acting(self.dana.id):
            self.manager = signed_in(self.dana.id)
        self.first, self.second = make_report(self.sender), make_report(self.sender)

    def of_sender(self, reliability: str) -> UUID:
        with acts(self.dana):
            return grade_sender(self.sender.id, reliability, WHY, self.manager)

    def says(self, person: Person, reliability: str, credibility: str) -> UUID:
        with acts(person):
            return grade_report(self.first.report_id, Word(reliability, credibility), WHY, signed(person))

    def read(self, person: Person) -> list[Grade]:
        reports = [self.first.report_id, self.second.report_id]
        with acting(person.id):
            found = grades.of_reports(reports)
        return [found[one] for one in reports if one in found]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_every_grade_has_its_word_and_its_sentence_in_both_languages():
    for words, means in ((RELIABILITY, RELIABILITY_MEANS), (CREDIBILITY, CREDIBILITY_MEANS)):
        assert list(words) == list(means)
        assert all(all(pair) for table in (words, means) for pair in table.values())


@pytest.mark.parametrize(
    ("word", "entered", "sender", "grade"),
    [
        (Word(), Word(), Word(), NOT_GRADED),
        (Word(), Word("F", "6", "x"), Word("B", "", "Dana"), Grade("B", "6", "Dana", "")),
        (Word(), Word("C", "6", "x"), Word("B", "", "Dana"), Grade("C", "6", "x", "")),
        (Word("", "4", "Alice"), Word("C", "2", "x"), Word("B", "", "Dana"), Grade("C", "4", "x", "Alice")),
        (Word("F", "6", "Alice"), Word("C", "2", "x"), Word("B", "", "Dana"), Grade("F", "6", "Alice", "Alice")),
    ],
)
def test_the_word_on_the_report_counts_before_what_was_entered_and_that_before_the_senders(
    word, entered, sender, grade
):
    assert of_report(word, entered, sender) == grade


def test_a_weak_grade_is_whose_word_it_was():
    assert Grade("E", "5", "Dana", "Alice").weak_by == ("Dana", "Alice")
    assert Grade("E", "2", "Dana", "Alice").weak_by == ("Dana",)
    assert NOT_GRADED.weak_by == Grade("C", "3", "Dana", "Alice").weak_by == ()
    assert (NOT_GRADED.code, NOT_GRADED.is_given) == ("F6", False)


def test_a_senders_grade_stands_with_all_its_reports_until_it_is_taken_back(scene):
    assert scene.read(scene.alice) == [NOT_GRADED, NOT_GRADED]
    first = scene.of_sender("B")
    second = scene.of_sender("D")
    assert [one.code for one in scene.read(scene.alice)] == ["D6", "D6"]
    with acts(scene.dana):
        undo_sender_grade(scene.sender.id, second, "that was another platform", scene.manager)
        with pytest.raises(OfficerError, match="taken back already"):
            undo_sender_grade(scene.sender.id, second, "that was another platform", scene.manager)
    assert [one.code for one in scene.read(scene.alice)] == ["B6", "B6"]
    with acting(scene.alice.id):
        rows = grades.said_of_sender(scene.sender.id)
    assert [(one.id, one.undone_by_name, one.undone_why) for one in rows] == [
        (second, "Dana", "that was another platform"),
        (first, "", ""),
    ]
    with acts(scene.alice), pytest.raises(NotPermitted):
        grade_sender(scene.sender.id, "A", WHY, signed(scene.alice))


def test_a_word_on_one_report_is_that_reports_alone_and_a_colleague_takes_it_back(scene):
    scene.of_sender("B")
    graded = scene.says(scene.alice, "E", "5")
    assert scene.read(scene.bob) == [Grade("E", "5", "Alice", "Alice"), Grade("B", "6", "Dana", "")]
    with acts(scene.bob):
        undo_report_grade(scene.first.report_id, graded, "a second report says the same", signed(scene.bob))
    assert [one.code for one in scene.read(scene.alice)] == ["B6", "B6"]
    with acting(scene.alice.id):
        [row] = grades.said_of_report(scene.first.report_id)
    assert (row.by_name, row.why, row.undone_by_name) == ("Alice", WHY, "Bob")
    with on_the_road("test"):
        told = fetch(
            lambda event, body: (event, WHY in body),
            "select event, convert_from(body, 'UTF8') from ledger_entry where subject_id = %s and event like 'intake:report:g%%'"
            " order by id",
            [scene.first.report_id],
        )
    assert told == [("intake:report:graded", False), ("intake:report:grade-undone", False)]


def test_a_stranger_reads_and_says_nothing_and_who_only_reads_grades_nothing(scene):
    graded = scene.says(scene.alice, "", "2")
    assert scene.read(scene.charlie) == []
    with acting(scene.charlie.id):
        assert grades.said_of_report(scene.first.report_id) == []
    with pytest.raises(NotThere):
        scene.says(scene.charlie, "", "1")
    with on_the_road("test"):
        open_to([(scene.charlie.id, scene.first.compartment, "watch", "test")])
    assert [one.code for one in scene.read(scene.charlie)] == ["F2"]
    with pytest.raises(NotPermitted):
        scene.says(scene.charlie, "", "1")
    with acts(scene.charlie), pytest.raises(OfficerError):
        undo_report_grade(scene.first.report_id, graded, "because I can read it", signed(scene.charlie))
    assert [one.code for one in scene.read(scene.alice)] == ["F2", "F6"]


def test_what_is_said_where_nobody_else_reads_is_not_read_by_them(scene, owner):
    make_covert(owner, scene.first.report_id, scene.alice)
    scene.says(scene.alice, "", "1")
    assert [one.code for one in scene.read(scene.alice)] == ["F1", "F6"]
    assert [one.code for one in scene.read(scene.bob)] == ["F6"]


@pytest.mark.parametrize(("reliability", "credibility"), [("", ""), ("G", "1"), ("A", "7")])
def test_what_is_no_grade_is_refused(scene, reliability, credibility):
    with pytest.raises(OfficerError, match="Choose"):
        scene.says(scene.alice, reliability, credibility)


def test_a_deleted_report_takes_its_grades_along(scene):
    scene.says(scene.alice, "", "2")
    wanted = (scene.first.compartment, scene.sender.unit_id, "decision", "decision", "court", "order 7", "")
    with acts(scene.alice):
        erasure.decide(erasure.ask(erasure.Asked(*wanted)), scene.bob.id, "Bob")
    erasure.carry_on_to_the_end()
    sequence_all()
    erasure.carry_on_to_the_end()
    with on_the_road("test"):
        assert value("select count(*) from intake_grade where report_id = %s", [scene.first.report_id]) == 0

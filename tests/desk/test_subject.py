"""A person as far as known, on pages: what holds accounts together, why not, saying so, and taking it back."""

import random

import pytest
from tests.factory import browser_of, make_officer, make_sender, make_unit, name
from tests.linking.people import account, are_one, rebuilt, report, walk, who

from abhaya.intake import queries as intake
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value, values

WHY = "The same man answered on both numbers today."


class Scene:
    """Two accounts that share a telephone and an address, and one that shares another address with the second; a third with the
    telephone alone; a child; one with nothing.
    """

    def __init__(self):
        self.unit, self.elsewhere = make_unit("hub"), make_unit("district")
        self.alice = make_officer(self.unit, "officer", "supervisor")
        self.bob = make_officer(self.unit, "officer", "supervisor", called="Bob")
        self.charlie = make_officer(self.elsewhere, "officer", "supervisor", called="Charlie")
        sender = make_sender(self.unit)
        self.phone, self.box = f"+91 98{random.randrange(10**8):08}", f"{name('p')}@example.org"
        box_too, phone_too = f"{name('r')}@example.org", f"+91 97{random.randrange(10**8):08}"
        self.one, self.other, self.far = name("one"), name("other"), name("far")
        self.third, self.child, self.alone = name("third"), name("child"), name("alone")
        self.reports = [
            report(sender, who(self.one, phone=self.phone, email=self.box)),
            report(sender, who(self.other, phone=[self.phone, phone_too], email=[self.box, box_too])),
            report(sender, who(self.third, phone=self.phone)),
            report(sender, who(self.child, "victim", email=self.box)),
            report(sender, who(self.far, phone=phone_too, email=box_too)),
            report(sender, who(self.alone, email=f"{name('q')}@example.org")),
        ]
        walk(*self.reports)

    def page(self, person, called):
        return browser_of(person).get(f"/subjects/{account(called)}")

    def why(self, person, one, other):
        return browser_of(person).get(f"/subjects/why?a={account(one)}&b={account(other)}")

    def say(self, person, one, other, answer, **more):
        given = {"a": account(one), "b": account(other), "answer": answer, "why": WHY, **more}
        return browser_of(person).post("/subjects/judge", given)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_subjects_page_shows_its_accounts_and_what_waits_and_masks_the_child(scene):
    assert are_one(scene.one, scene.other)
    shown = text(scene.page(scene.alice, scene.one))
    assert "3 accounts, held to be one person’s" in shown
    assert scene.one in shown
    assert scene.other in shown
    assert "A lead, not evidence" in shown
    assert scene.third in shown  # waits: the telephone alone decides nothing
    assert scene.child not in shown
    assert "masked" in shown


def test_why_names_what_is_shared_and_where_it_stands(scene):
    shown = text(scene.why(scene.alice, scene.one, scene.other))
    assert "They are held together by 1 link." in shown
    assert scene.box in shown
    assert "/reported/email" in shown
    for receipt in scene.reports[:2]:
        assert f"/reports/{receipt.report_id}" in shown


def test_a_chain_names_its_weakest_link(scene):
    shown = text(scene.why(scene.alice, scene.one, scene.far))
    assert "They are held together by a chain of 2 links." in shown
    assert shown.count("the weakest link</span>") == 1
    assert "The weakest link:" in shown


def test_two_groups_that_stand_together_by_all_they_show_are_explained_by_both_kinds_of_evidence(scene):
    sender = make_sender(scene.unit)
    a, b, c, d = (name("g") for _ in range(4))
    numbers = [f"+91 96{random.randrange(10**8):08}" for _ in range(3)]
    boxes = [f"{name('b')}@example.org" for _ in range(3)]
    walk(
        report(sender, who(a, phone=[numbers[0], numbers[2]], email=boxes[0])),
        report(sender, who(b, phone=numbers[0], email=[boxes[0], boxes[2]])),
        report(sender, who(c, phone=[numbers[1], numbers[2]], email=boxes[1])),
    )
    assert not are_one(a, c)  # one telephone between them
    walk(report(sender, who(d, phone=numbers[1], email=[boxes[1], boxes[2]])))
    assert are_one(a, b, c, d)
    assert rebuilt()[1] == 0
    shown = text(scene.why(scene.alice, a, c))
    assert "2 and 2 accounts, each already held to be one person’s, are compared by all that they show" in shown
    assert numbers[2] in shown
    assert boxes[2] in shown  # of the two others
    assert scene.why(scene.charlie, a, c).status_code == 404


def test_why_is_asked_by_the_numbers_of_two_reports_too(scene):
    with acting(scene.alice.id):
        numbers = [intake.report(one.report_id).number for one in scene.reports]
    shown = text(browser_of(scene.alice).get(f"/subjects/why?a={numbers[0]}&b={numbers[1]}"))
    assert "They are held together by 1 link." in shown
    asked = browser_of(scene.alice).get(f"/subjects/why?a={numbers[0]}&b=1")
    assert asked.status_code == 404
    assert "Are two reports about one person?" in text(browser_of(scene.alice).get("/subjects/why"))


def test_why_not_says_whose_word_a_strong_link_would_break(scene):
    assert are_one(scene.one, scene.other, scene.far)
    assert scene.say(scene.alice, scene.one, scene.far, "different").status_code == 302
    apart = scene.far if are_one(scene.one, scene.other) else scene.one
    shown = text(scene.why(scene.alice, scene.other, apart))
    assert "Joining them would bring together two accounts of which an officer said that they are different" in shown


def test_why_not_says_what_is_missing_and_never_shows_the_child(scene):
    assert "they share nothing that counts" in text(scene.why(scene.alice, scene.one, scene.alone))
    shown = text(scene.why(scene.alice, scene.one, scene.child))
    assert "One of the two is a victim or may be a minor" in shown
    assert scene.child not in shown
    assert scene.box not in shown
    assert scene.phone not in shown


def test_nobody_else_learns_that_there_is_a_subject(scene):
    absent = text(scene.page(scene.charlie, name("nobody")))
    with on_the_road("test"):
        subject = value("select subject_id from linking_membership where account_id = %s", [account(scene.one)])
    for answer in (
        scene.page(scene.charlie, scene.one),
        browser_of(scene.charlie).get(f"/subjects/{subject}"),
        browser_of(scene.charlie).get(f"/subjects/judge?a={account(scene.one)}&b={account(scene.other)}"),
        scene.say(scene.charlie, scene.one, scene.other, "different"),
    ):
        assert answer.status_code == 404
        assert scene.one not in text(answer)
    assert scene.page(scene.charlie, scene.one).status_code == 404
    assert "There is nothing here for you." in absent
    assert scene.why(scene.charlie, scene.one, scene.other).status_code == 404
    assert are_one(scene.one, scene.other)


def test_what_is_called_different_is_gone_at_once_and_comes_back_when_it_is_taken_back(scene):
    said = scene.say(scene.alice, scene.one, scene.other, "different")
    assert said.status_code == 302
    shown = text(scene.page(scene.alice, scene.one))
    assert scene.other not in shown
    assert "An account that stands alone" in shown
    assert "An officer said that these two are different people" in text(scene.why(scene.alice, scene.one, scene.other))
    with on_the_road("test"):
        [judged] = values("select id from linking_judgement where %s in (a, b)", [account(scene.one)])
    page = browser_of(scene.bob).get(f"/judgements/{judged}")
    assert WHY in text(page)
    assert browser_of(scene.charlie).get(f"/judgements/{judged}").status_code == 404
    assert browser_of(scene.bob).post(f"/judgements/{judged}", {"reason": "no"}).status_code == 422
    taken = browser_of(scene.bob).post(f"/judgements/{judged}", {"reason": "It was a family telephone after all."})
    assert taken.status_code == 302
    assert scene.other in text(scene.page(scene.alice, scene.one))
    assert "Taken back by Bob" in text(browser_of(scene.alice).get(f"/judgements/{judged}"))


def test_a_word_needs_a_reason_and_a_child_is_never_taken_for_a_suspect(scene):
    given = {"a": account(scene.one), "b": account(scene.third), "answer": "same", "why": "no"}
    assert browser_of(scene.alice).post("/subjects/judge", given).status_code == 422
    refused = scene.say(scene.alice, scene.one, scene.child, "same")
    assert refused.status_code >= 400
    assert "never taken for one person" in text(refused)
    assert scene.child not in text(refused)


def test_unsure_leaves_the_pair_waiting_and_says_that_somebody_looked(scene):
    assert scene.say(scene.alice, scene.one, scene.third, "unsure").status_code == 302
    shown = text(scene.page(scene.alice, scene.one))
    assert "looked at: unsure" in shown
    assert scene.third in shown


def test_looking_is_recorded_where_it_was_looked_at(scene, owner):
    scene.page(scene.alice, scene.one)
    scene.why(scene.alice, scene.one, scene.other)
    rows = owner.execute(
        "select compartment from ledger_entry where actor_id = %s and event = 'desk:subject:viewed'", [scene.alice.id]
    ).fetchall()
    owner.rollback()
    assert {compartment for (compartment,) in rows} >= {receipt.compartment for receipt in scene.reports[:2]}


def test_a_reports_page_leads_to_the_person(scene):
    shown = text(browser_of(scene.alice).get(f"/reports/{scene.reports[0].report_id}"))
    assert "/subjects/" in shown
    assert "held to be one person" in shown
    nothing = text(browser_of(scene.alice).get(f"/reports/{scene.reports[-1].report_id}"))
    assert "/subjects/" not in nothing

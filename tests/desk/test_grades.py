"""Grades on pages: next to the sender, in the list of reports, at each step of “why?”, on the chart and in its files."""

from __future__ import annotations

import pytest
from tests.cases.world import attach, make_case
from tests.desk.test_chart import PURPOSE
from tests.desk.test_subject import Scene, text
from tests.factory import browser_of, make_officer

from abhaya.intake import queries as intake
from abhaya.shared.identity import acting
from abhaya.shared.sql import value

WHY = "The platform itself says that this account was a test."


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene()


def grade(scene: Scene, person, at: int, **given: str):
    address = f"/reports/{scene.reports[at].report_id}/grade"
    return browser_of(person).post(address, {"act": "grade", "why": WHY, "reliability": "", **given})


def test_a_report_is_graded_beside_its_sender_with_who_and_why_and_taken_back(scene):
    report = f"/reports/{scene.reports[5].report_id}"
    browser = browser_of(scene.alice)
    assert "not yet graded" in text(browser.get(report))
    assert "speaks neither for it nor against it" in text(browser.get(f"{report}/grade"))
    assert grade(scene, scene.alice, 5, credibility="").status_code == 422
    assert grade(scene, scene.alice, 5, credibility="2", reliability="C").status_code == 302
    shown = text(browser.get(report))
    assert "source C, information 2" in shown
    assert "fairly reliable" in shown
    page = text(browser_of(scene.bob).get(f"{report}/grade"))
    assert WHY in page
    assert "It changes no weight" in page
    [graded] = [part.split('"')[0] for part in page.split('name="grade" value="')[1:]]
    undone = {"act": "undo", "grade": graded, "why": "The test was another account."}
    assert browser_of(scene.bob).post(f"{report}/grade", undone).status_code == 302
    assert browser_of(scene.bob).post(f"{report}/grade", undone).status_code == 409
    assert "not yet graded" in text(browser.get(report))
    assert "The test was another account." in text(browser.get(f"{report}/grade"))
    assert browser_of(scene.charlie).get(f"{report}/grade").status_code == 404


def test_a_childs_name_in_a_reason_is_masked(scene):
    said = f"I know {scene.child} and believe it."
    address = f"/reports/{scene.reports[3].report_id}/grade"
    given = {"act": "grade", "why": said, "reliability": "", "credibility": "2"}
    assert browser_of(scene.alice).post(address, given).status_code == 302
    shown = text(browser_of(scene.alice).get(address))
    assert "and believe it." in shown
    assert scene.child not in shown


def test_why_says_the_grade_of_every_report_and_names_a_weak_one_that_alone_carries_a_link(scene):
    before = text(scene.why(scene.alice, scene.one, scene.other))
    assert "not yet graded" in before
    assert "comes from one report alone" not in before
    assert grade(scene, scene.alice, 0, credibility="5", reliability="E").status_code == 302
    shown = text(scene.why(scene.bob, scene.one, scene.other))
    assert "source E, information 5" in shown
    assert "It changes no weight" in shown
    with acting(scene.bob.id):
        number = intake.report(scene.reports[0].report_id).number
    said = f"On one side the strongest evidence comes from one report alone, {number}, graded E5 by Alice."
    assert said in shown
    bits = [part.split("</span>")[0] for part in shown.split('class="tag accent">')[1:]]
    assert bits == [part.split("</span>")[0] for part in before.split('class="tag accent">')[1:]]
    assert "source E, information 5" in text(scene.page(scene.bob, scene.one))


def test_the_chart_and_its_files_carry_the_grades(scene):
    case = make_case(scene.alice)
    for receipt in scene.reports[:2]:
        attach(scene.alice, case, receipt.report_id)
    assert grade(scene, scene.alice, 1, credibility="2", reliability="B").status_code == 302
    browser = browser_of(scene.alice)
    shown = text(browser.get(f"/cases/{case}/chart"))
    assert shown.count("source B, information 2") >= 2  # in the data of the drawing, and in the tables
    for form in ("graphml", "gexf"):
        written = browser.post(f"/cases/{case}/chart/export", {"form": form, **PURPOSE}).content.decode()
        assert "grades" in written
        assert "B2" in written


def test_a_sender_is_graded_by_whoever_sets_senders_up_and_taken_back(scene):
    with acting(scene.alice.id):
        sender = intake.report(scene.reports[5].report_id).sender_id
    dana = make_officer(scene.unit, "administrator", called="Dana")
    page = f"/senders/{sender}"
    given = {"act": "grade", "reliability": "B", "why": "What it sent in March was right."}
    assert browser_of(scene.alice).post(f"{page}/grade", given).status_code == 403
    assert "Not yet graded (F)" in text(browser_of(dana).get(page))
    assert browser_of(dana).post(f"{page}/grade", {**given, "why": "x"}).status_code == 422
    assert browser_of(dana).post(f"{page}/grade", given).status_code == 302
    shown = text(browser_of(dana).get(page))
    assert "usually reliable" in shown
    assert given["why"] in shown
    report = f"/reports/{scene.reports[5].report_id}"
    assert "source B, information not yet graded" in text(browser_of(scene.alice).get(report))
    assert given["why"] in text(browser_of(scene.alice).get(f"{report}/grade"))
    with acting(dana.id):
        graded = value("select id from intake_sender_grade where sender_id = %s", [sender])
    undone = {"act": "undo", "grade": graded, "why": "That was another platform."}
    assert browser_of(dana).post(f"{page}/grade", undone).status_code == 302
    assert "Not yet graded (F)" in text(browser_of(dana).get(page))
    assert "not yet graded" in text(browser_of(scene.alice).get(report))

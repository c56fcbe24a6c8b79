"""A person's request before other units: who holds something sees it, who asks learns only what is said to them."""

from __future__ import annotations

import re

import pytest
from tests.cases.world import make_case
from tests.desk.test_rights import taken_down
from tests.desk.world import Desk
from tests.factory import Person, browser_of, make_officer, make_report, make_sender, make_unit, name

from abhaya.access.actions import admit
from abhaya.cases import actions as cases
from abhaya.intake import queries as intake
from abhaya.intake.formats.record import Fact
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def mail() -> str:
    return f"{name('asha')}@example.com"


def held_by(unit, mail: str):
    return make_report(make_sender(unit), facts=(Fact("email", mail, "/report/email", "reported", 1),))


def asked(desk: Desk, mail: str, kind: str = "access"):
    """Sita's browser, and the page of her request, which was put before the others."""
    sita, page = taken_down(desk, mail, kind)
    assert sita.post(f"{page}/others").status_code == 302
    return sita, page


def tasks(person: Person) -> list[str]:
    """Addresses of what other units ask of this officer's."""
    return re.findall(r'href="(/rights/asked/[0-9a-f-]{36})"', browser_of(person).get("/rights").content.decode())


def supervisor(unit, called: str) -> Person:
    return make_officer(unit, "supervisor", called=called)


def test_who_holds_something_is_asked_and_answers_in_its_own_words(desk, mail):
    held_by(desk.elsewhere, mail)
    omar = supervisor(desk.elsewhere, "Omar")
    sita, page = asked(desk, mail)
    [task] = tasks(omar)
    browser = browser_of(omar)
    shown = browser.get(task).content.decode()
    assert mail in shown
    assert "Letter 4 of 2026" in shown
    assert browser.post(task, {"outcome": "told", "text": ""}).status_code == 409
    assert browser.post(task, {"outcome": "told", "text": "Held since May, corrected today"}).status_code == 302
    assert browser.post(task, {"outcome": "silent"}).status_code == 409
    assert "Held since May, corrected today" in sita.get(page).content.decode()
    assert f'href="{task}"' in browser.get("/rights").content.decode()


def test_who_holds_nothing_sees_nothing_and_neither_learns_of_the_other(desk, mail):
    held_by(desk.elsewhere, mail)
    stranger, omar = supervisor(make_unit(), "Chitra"), supervisor(desk.elsewhere, "Omar")
    sita, page = asked(desk, mail)
    [task] = tasks(omar)
    assert tasks(stranger) == []
    assert browser_of(stranger).get(task).status_code == 404
    assert browser_of(stranger).post(task, {"outcome": "told", "text": "we hold it all"}).status_code == 404
    assert browser_of(desk.sita).get(task).status_code == 404  # who asks does not find the others' task
    assert "Omar" not in sita.get(page).content.decode()


def test_who_says_nothing_looks_like_who_holds_nothing(desk, mail):
    held_by(desk.elsewhere, mail)
    omar = supervisor(desk.elsewhere, "Omar")
    sita, page = asked(desk, mail)
    sita.get(page)  # says once that it was asked
    before = sita.get(page).content.decode()
    [task] = tasks(omar)
    assert browser_of(omar).post(task, {"outcome": "silent", "text": "our own enquiry"}).status_code == 302
    tokens = r'name="csrfmiddlewaretoken" value="\w+"|[0-9a-f]{12}'
    assert re.sub(tokens, "", sita.get(page).content.decode()) == re.sub(tokens, "", before)
    assert "our own enquiry" in browser_of(omar).get(task).content.decode()


def test_a_covert_case_makes_no_task_for_its_members_unit_and_shows_nothing_in_one(desk, mail):
    secret = held_by(desk.elsewhere, mail)
    omar, rekha = supervisor(desk.elsewhere, "Omar"), supervisor(make_unit(), "Rekha")
    case = make_case(omar, covert=True)
    with acting(omar.id, name="Omar", with_road=True):
        admit(case, rekha.id, level="work", basis="helps", until=None)
        cases.attach(case, omar.id, intake.report(secret.report_id).number, "belongs to it")
    with acting(rekha.id):
        assert intake.report(secret.report_id) is not None  # she sees it, as a member
    asked(desk, mail)
    assert len(tasks(omar)) == 1
    assert tasks(rekha) == []
    own = held_by(rekha.unit, mail)
    [task] = tasks(rekha)
    shown = browser_of(rekha).get(task).content.decode()
    assert str(own.report_id) in shown
    assert str(secret.report_id) not in shown


def test_it_is_asked_once_before_the_answer_and_by_who_handles_requests(desk, mail):
    sita, page = asked(desk, mail)
    assert sita.post(f"{page}/others").status_code == 409
    assert browser_of(desk.alice).post(f"{page}/others").status_code == 403
    assert browser_of(supervisor(desk.elsewhere, "Omar")).post(f"{page}/others").status_code == 404


def test_the_other_unit_corrects_what_it_holds_and_its_report_shows_it(desk, mail):
    report = held_by(desk.elsewhere, mail).report_id
    desk.road()
    omar = supervisor(desk.elsewhere, "Omar")
    asked(desk, mail, "correction")
    [task] = tasks(omar)
    browser = browser_of(omar)
    with on_the_road("test"):
        sighting = value("select id from selectors_sighting where report_id = %s", [report])
    said = {"sighting": str(sighting), "note": "the account was stolen in March"}
    assert browser.post(f"{task}/correct", said).status_code == 302
    page = browser.get(f"/reports/{report}").content.decode()
    fact = page[page.index(mail) :]
    assert "the account was stolen in March" in fact[: fact.index("</dd>")]
    assert "Corrected" in fact

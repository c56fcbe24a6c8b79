"""The link chart of a case as a page: what stands on it for whom, what is kept of it, and how it leaves."""

from __future__ import annotations

import json
import random
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree
from playwright.sync_api import expect
from tests.browser import DESK, TELEPHONE, followed, is_accessible, is_as_wide_as_its_window, signed_in
from tests.cases.world import attach, make_case
from tests.factory import Person, browser_of, make_officer, make_report, make_sender, make_unit, name
from tests.linking import people
from tests.linking.people import signed, who

from abhaya.access.actions import decide, open_to
from abhaya.access.approvals import to_decide
from abhaya.access.permissions import Role
from abhaya.access.purposes import BASES
from abhaya.desk import pages_chart
from abhaya.desk.chart import REPORTS_MAX
from abhaya.intake.actions import Receipt
from abhaya.intake.formats.record import Fact
from abhaya.linking.actions import compare_reports
from abhaya.shared.identity import acting, on_the_road

PURPOSE = {"basis": next(iter(BASES)), "purpose": "FIR 12/2026, who knows whom"}


def report(unit: UUID, *facts: Fact) -> Receipt:
    """A report open to the unit that has passed linking."""
    sender = make_sender(unit)
    receipt = make_report(sender, facts=facts)
    with on_the_road("test:open"):
        open_to([(unit, receipt.compartment, "work", "test")])
    with on_the_road("road:linking"):
        compare_reports([receipt.report_id])
    return receipt


def fact(kind: str, raw: str, role: str = "reported") -> Fact:
    return Fact(kind, raw, f"/report/{role}/{kind}", role, 1, platform="Platform One" if kind == "account" else "")


class Scene:
    """Two reports in Alice's case with one address in common, a third of her unit outside it, and Charlie's own."""

    def __init__(self) -> None:
        self.alice = make_officer(make_unit())
        self.bob = make_officer(self.alice.unit, called="Bob")
        self.charlie = make_officer(make_unit(), called="Charlie")
        self.email, self.child = f"{name('c')}@example.com", f"{name('v')}@example.com"
        unit = self.alice.unit
        self.first = report(
            unit, fact("account", name("1")), fact("email", self.email), fact("email", self.child, "victim")
        )
        self.second = report(unit, fact("email", self.email), fact("ip", "192.0.2.77"))
        self.outside = report(unit, fact("account", name("2")), fact("email", self.email))
        self.hidden = report(self.charlie.unit, fact("account", name("3")), fact("email", self.email))
        self.case = make_case(self.alice)
        attach(self.alice, self.case, self.first.report_id)
        attach(self.alice, self.case, self.second.report_id)
        self.page = f"/cases/{self.case}/chart"


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene()


def data_of(person: Person, address: str) -> dict[str, list[dict[str, object]]]:
    answer = browser_of(person).get(address)
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    if answer["Content-Type"].startswith("application/json"):
        return json.loads(answer.content)
    [block] = etree.HTML(answer.content.decode()).xpath("//script[@id='chart-data']/text()")
    return json.loads(block)


def things(data: dict[str, list[dict[str, object]]], kind: str) -> list[dict[str, object]]:
    return [thing for thing in data["things"] if thing["kind"] == kind]


def test_two_reports_meet_in_the_address_that_both_have(scene):
    data = data_of(scene.alice, scene.page)
    assert {thing["id"] for thing in things(data, "report")} == {
        f"report:{scene.first.report_id}", f"report:{scene.second.report_id}",
    }  # fmt: skip
    [shared] = [thing for thing in things(data, "email") if thing["label"] == scene.email]
    assert len([line for line in data["lines"] if line["b"] == shared["id"]]) == 2
    assert all(
        source["locator"] and source["href"]
        for line in data["lines"]
        if line["b"] == shared["id"]
        for source in line["sources"]
    )


def test_a_victim_stands_on_it_without_a_name(scene):
    answer = browser_of(scene.alice).get(scene.page).content.decode()
    assert scene.child not in answer
    assert [thing["masked"] for thing in things(data_of(scene.alice, scene.page), "email")].count(True) == 1


def test_it_grows_by_what_is_open_to_the_viewer_and_by_nothing_else(scene):
    [shared] = [thing for thing in things(data_of(scene.alice, scene.page), "email") if thing["label"] == scene.email]
    assert shared["elsewhere"] == 1
    grown = data_of(scene.alice, f"{scene.page}/more?of={shared['id']}")
    reports = {thing["id"] for thing in things(grown, "report")}
    assert f"report:{scene.outside.report_id}" in reports
    assert f"report:{scene.hidden.report_id}" not in reports
    named = data_of(scene.alice, f"{scene.page}?with={scene.hidden.report_id},{scene.outside.report_id}")
    assert f"report:{scene.hidden.report_id}" not in {thing["id"] for thing in things(named, "report")}


@pytest.mark.parametrize("of", ["", "email:nothing", "report:", "email:00000000-0000-7000-8000-000000000000"])
def test_what_does_not_stand_on_it_opens_nothing(scene, of):
    assert browser_of(scene.alice).get(f"{scene.page}/more", {"of": of}).status_code == 404


def test_to_whoever_is_no_member_it_is_not_there(scene):
    for person in (scene.bob, scene.charlie):
        browser = browser_of(person)
        assert [browser.get(scene.page).status_code, browser.get(f"{scene.page}/more?of=x").status_code] == [404, 404]
        assert browser.post(f"{scene.page}/keep", {"title": "mine", "arranged": "{}"}).status_code == 404
        assert browser.post(f"{scene.page}/export", {"form": "gexf", **PURPOSE}).status_code == 404


def test_an_arrangement_is_kept_and_an_earlier_one_found_again(scene):
    alice, [first, *_] = browser_of(scene.alice), things(data_of(scene.alice, scene.page), "report")
    for title, x in (("one", 11), ("two", 22)):
        arranged = json.dumps({"at": {first["id"]: [x, 5]}, "hidden": [first["id"]]})
        assert alice.post(f"{scene.page}/keep", {"title": title, "arranged": arranged}).status_code == 302

    def place(address: str) -> list[float]:
        return next(thing["place"] for thing in data_of(scene.alice, address)["things"] if thing["id"] == first["id"])

    assert place(scene.page) == [22, 5]
    root = etree.HTML(alice.get(scene.page).content.decode())
    [earlier] = root.xpath("//a[text()='one']/@href")
    assert place(scene.page + earlier) == [11, 5]


def test_what_is_no_arrangement_is_refused_in_words(scene):
    answer = browser_of(scene.alice).post(f"{scene.page}/keep", {"title": "bad", "arranged": '{"at": 5}'})
    assert answer.status_code == 409
    assert "no arrangement" in answer.content.decode()


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_it_leaves_with_what_it_is_for_and_without_who_is_masked(scene, form):
    alice = browser_of(scene.alice)
    refused = alice.post(f"{scene.page}/export", {"form": form})
    assert refused.status_code == 302
    answer = alice.post(f"{scene.page}/export", {"form": form, **PURPOSE})
    assert answer.status_code == 200, answer.content.decode()[-1000:]
    text = answer.content.decode()
    assert etree.fromstring(answer.content) is not None
    assert scene.email in text
    assert scene.child not in text


def test_the_picture_leaves_only_once_it_is_said_what_for(scene):
    alice = browser_of(scene.alice)
    assert alice.post(f"{scene.page}/export", {"form": "png"}).status_code == 302
    assert alice.post(f"{scene.page}/export", {"form": "png", **PURPOSE}).status_code == 204


def test_a_chart_of_many_reports_leaves_once_a_supervisor_agreed_and_no_other_one_with_it(scene, monkeypatch):
    assert 0 < pages_chart.REPORTS_ALONE_MAX < REPORTS_MAX, "a chart may hold more than one officer takes out alone"
    monkeypatch.setattr(pages_chart, "REPORTS_ALONE_MAX", 1)
    alice, given = browser_of(scene.alice), {"form": "gexf", **PURPOSE}
    asked = alice.post(f"{scene.page}/export", given, follow=True).content.decode()
    assert "A supervisor is asked" in asked
    tara = make_officer(scene.alice.unit, "supervisor", called="Tara")
    with acting(tara.id, name="Tara"):
        [waiting] = to_decide(tara.id)
        assert "2 reports" in waiting.what
        decide(waiting.id, signed(tara, Role.SUPERVISOR), granted=True, reason="The prosecutor asked for the chart.")
    larger = {**given, "arranged": json.dumps({"opened": [str(scene.outside.report_id)]})}
    assert "A supervisor is asked" in alice.post(f"{scene.page}/export", larger, follow=True).content.decode()
    assert alice.post(f"{scene.page}/export", given).status_code == 200
    assert alice.post(f"{scene.page}/export", given).status_code == 302, "agreed to once"


def test_a_file_has_what_is_shown_where_it_was_put_and_not_what_is_hidden(scene):
    first, second, *_ = things(data_of(scene.alice, scene.page), "report")
    arranged = json.dumps({"at": {first["id"]: [77, 5]}, "hidden": [second["id"]]})
    given = {"form": "graphml", "arranged": arranged, **PURPOSE}
    text = browser_of(scene.alice).post(f"{scene.page}/export", given).content.decode()
    assert '<data key="x">77.0</data>' in text
    assert second["id"] not in text
    refused = browser_of(scene.alice).post(f"{scene.page}/export", {**given, "arranged": "{"})
    assert refused.status_code == 409


def test_internet_addresses_stand_on_it_only_when_asked_for_with_their_doubt(scene):
    assert not things(data_of(scene.alice, scene.page), "ip")
    [address] = things(data_of(scene.alice, f"{scene.page}/more?addresses=1"), "ip")
    assert address["label"] == "192.0.2.77"
    assert any("port" in doubt for doubt in address["doubts"])
    assert not address["elsewhere"], "an address alone opens nothing"


def test_who_looked_is_told_to_whoever_reads_the_case(scene):
    browser_of(scene.alice).get(scene.page)
    shown = browser_of(scene.alice).get(scene.page).content.decode()
    assert scene.alice.name in shown[shown.index('id="saw"') :]


class Persons:
    """Two accounts held to be one person's, a third that waits for a look, a child's with the same address."""

    def __init__(self) -> None:
        self.alice = make_officer(make_unit("hub"), "officer", "supervisor")
        sender, phone, box = (
            make_sender(self.alice.unit),
            f"+91 98{random.randrange(10**8):08}",
            f"{name('p')}@example.org",
        )
        self.one, self.other, self.third, self.child = (name(each) for each in ("one", "two", "third", "child"))
        reports = [
            people.report(sender, who(self.one, phone=phone, email=box)),
            people.report(sender, who(self.other, phone=phone, email=box, day=9)),
            people.report(sender, who(self.third, phone=phone, day=20)),
            people.report(sender, who(self.child, "victim", email=box)),
        ]
        people.walk(*reports)
        self.case = make_case(self.alice)
        for one in reports:
            attach(self.alice, self.case, one.report_id)
        self.page = f"/cases/{self.case}/chart"


@pytest.fixture(scope="module")
def persons() -> Persons:
    return Persons()


def test_what_is_held_of_accounts_stands_between_them_and_a_child_in_no_ones_box(persons):
    data = data_of(persons.alice, persons.page)
    one, other, third, child = (
        f"account:{people.account(each)}" for each in (persons.one, persons.other, persons.third, persons.child)
    )
    assert data["together"] == [sorted([one, other])]
    held = {frozenset((tie["a"], tie["b"])): tie for tie in data["ties"]}
    assert held[frozenset((one, other))]["word"] == "same"
    assert held[frozenset((one, third))]["word"] == "review"
    assert not [pair for pair in held if child in pair]
    answer = browser_of(persons.alice).get(held[frozenset((one, other))]["why"])
    assert answer.status_code == 200


def test_a_judgement_stands_on_the_tie_with_who_said_it(persons):
    said = {
        "a": people.account(persons.one),
        "b": people.account(persons.third),
        "answer": "different",
        "why": "Two men, seen together today.",
    }
    assert browser_of(persons.alice).post("/subjects/judge", said).status_code == 302
    data = data_of(persons.alice, persons.page)
    [tie] = [tie for tie in data["ties"] if tie["word"] == "different"]
    assert tie["by"] == persons.alice.name
    assert tie["judgement"].startswith("/judgements/")
    written = browser_of(persons.alice).post(f"{persons.page}/export", {"form": "gexf", **PURPOSE}).content.decode()
    assert "different" in written


@pytest.mark.browser
def test_it_draws_fits_and_reads_in_both_languages_wide_and_narrow(persons, live, chromium):
    with signed_in(chromium, live.url, persons.alice) as page:
        page.goto(live.url + persons.page)
        for language in ("hi", "en"):
            followed(page, f"button[name=language][value={language}]")
            for size in (DESK, TELEPHONE):
                page.set_viewport_size(size)
                expect(page.locator("[data-drawn]")).to_be_visible()
                is_as_wide_as_its_window(page)
                is_accessible(page)
            page.set_viewport_size(DESK)


@pytest.mark.browser
def test_the_keyboard_walks_it_opens_hides_takes_back_and_keeps(live, chromium):
    scene = Scene()
    with signed_in(chromium, live.url, scene.alice) as page:
        page.goto(live.url + scene.page)
        canvas, told = page.locator(".chart-canvas"), page.locator(".chart-told")
        hidden, undo = page.locator("[data-do=unhide]"), page.locator("[data-do=undo]")
        canvas.focus()
        page.keyboard.press("ArrowRight")
        expect(told.locator("h3")).to_be_visible()
        page.locator(f"tr[data-row] button[data-thing]:has-text('{scene.email}')").first.focus()
        page.keyboard.press("Enter")
        expect(told.locator("h3")).to_have_text(scene.email)
        canvas.focus()
        page.keyboard.press("e")
        expect(page.locator(f"tr[data-line] button:has-text('{scene.email}')")).to_have_count(3)
        expect(told.locator("h3")).to_have_text(scene.email)
        page.keyboard.press("h")
        expect(hidden).to_be_visible()
        page.keyboard.press("u")
        expect(hidden).to_be_hidden()
        page.keyboard.press("h")
        page.locator("[data-view=layout]").select_option("time")
        expect(undo).to_be_enabled()
        followed(page, "form[data-keep] button")
        expect(hidden).to_be_visible()
        expect(page.locator("[data-view=layout]")).to_have_value("time")


@pytest.mark.browser
def test_a_period_of_the_timeline_leaves_what_was_seen_in_it_and_the_picture_is_saved(persons, live, chromium):
    with signed_in(chromium, live.url, persons.alice) as page:
        page.goto(live.url + persons.page)
        rows = page.locator("[data-moment]:visible")
        expect(page.locator("[data-drawn]")).to_be_visible()
        every = rows.count()
        page.locator("[data-time=from]").fill("2026-03-10")
        page.locator("[data-time=until]").fill("2026-03-10")
        expect(rows).to_have_count(2)  # what the second account had that day
        faint = "document.querySelector('[data-chart]').chart.nodes('.out').map(one => one.data('text'))"
        assert f"chatline:{persons.one}" in page.evaluate(faint)
        assert f"chatline:{persons.other}" not in page.evaluate(faint)
        page.locator("[data-time=only]").check()
        assert f"chatline:{persons.other}" in page.evaluate(faint.replace("nodes('.out')", "nodes(':visible')"))
        end = page.get_by_role("slider").last
        end.focus()
        end.press("End")
        expect(rows).not_to_have_count(2)
        end.press("Escape")
        expect(rows).to_have_count(every)
        page.locator("[data-export] select[name=basis]").select_option(PURPOSE["basis"])
        page.locator("[data-export] input[name=purpose]").fill(PURPOSE["purpose"])
        with page.expect_download() as saved:
            page.locator("[data-picture]").click()
        assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")

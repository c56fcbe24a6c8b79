"""The link chart of a case as a page: what stands on it for whom, what is kept of it, and how it leaves."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from lxml import etree
from playwright.sync_api import expect
from tests.browser import DESK, TELEPHONE, followed, is_accessible, is_as_wide_as_its_window, signed_in
from tests.cases.world import as_, attach, make_case
from tests.factory import Person, browser_of, make_officer, make_report, make_sender, make_unit, name

from abhaya.access.actions import open_to
from abhaya.access.purposes import BASES
from abhaya.intake.actions import Receipt
from abhaya.intake.formats.record import Fact
from abhaya.linking.actions import compare_reports
from abhaya.shared.identity import on_the_road

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
        self.second = report(unit, fact("email", self.email))
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


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_it_draws_fits_and_reads(scene, live, chromium, size, language):
    with signed_in(chromium, live.url, scene.alice, size=size) as page:
        page.goto(live.url + scene.page)
        if page.locator("html").get_attribute("lang") != language:
            followed(page, f"button[name=language][value={language}]")
        expect(page.locator("[data-drawn]")).to_be_visible()
        is_as_wide_as_its_window(page)
        is_accessible(page)


@pytest.mark.browser
def test_the_keyboard_walks_it_opens_hides_and_keeps(live, chromium):
    scene = Scene()
    with signed_in(chromium, live.url, scene.alice) as page:
        page.goto(live.url + scene.page)
        canvas, told = page.locator(".chart-canvas"), page.locator(".chart-told")
        canvas.focus()
        page.keyboard.press("ArrowRight")
        expect(told.locator("h3")).to_be_visible()
        for _step in range(8):
            if told.locator("h3").inner_text() == scene.email:
                break
            page.keyboard.press("ArrowRight")
            page.keyboard.press("ArrowDown" if _step % 3 == 2 else "ArrowRight")
        page.locator(f"tr[data-thing] .value:text-is('{scene.email}')").first.click()
        expect(told.locator("h3")).to_have_text(scene.email)
        canvas.focus()
        page.keyboard.press("e")
        with as_(scene.alice):
            expect(told).to_contain_text(scene.email)
        page.wait_for_function("document.querySelector('.chart-tools [data-do=expand]').disabled")
        page.keyboard.press("h")
        expect(page.locator("[data-do=unhide]")).to_be_visible()
        followed(page, "form[data-keep] button")
        expect(page.locator("[data-do=unhide]")).to_be_visible()

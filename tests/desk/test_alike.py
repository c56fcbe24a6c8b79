"""Names alike on pages: Alice and Bob are shown whom somebody may be elsewhere and why; Charlie nothing; a child never."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.test import Client
from tests.browser import DESK, TELEPHONE, followed, is_accessible, is_as_wide_as_its_window, signed_in
from tests.factory import Person, Receipt, browser_of, make_officer, make_sender, make_unit, name
from tests.linking.people import account
from tests.linking.test_names_found import AGAIN, ROAD_WORDS, person, report

from abhaya.access.actions import open_to
from abhaya.journey import open_road
from abhaya.linking.names.reasons import DOUBTS, SENTENCES
from abhaya.shared.identity import on_the_road
from abhaya.shared.road import drain
from abhaya.shared.sql import value

CHILD = "Nandika Prolevska"
WHY = {"basis": "case", "purpose": "Case 114/2026"}


@dataclass(frozen=True)
class Scene:
    alice: Person
    bob: Person
    charlie: Person
    hema: Person  # a supervisor, who reads Hindi
    latin: Receipt
    hindi: Receipt
    common: Receipt
    a: str
    b: str

    def page(self, who: Person, address: str) -> str:
        answer = self.browser(who).get(address)
        assert answer.status_code == 200, address
        return answer.content.decode()

    def browser(self, who: Person) -> Client:
        return browser_of(who)

    def search(self, who: Person, typed: str) -> str:
        answer = self.browser(who).post("/search", {"q": typed, **WHY})
        assert answer.status_code == 200
        return answer.content.decode()


@pytest.fixture(scope="module")
def scene() -> Scene:
    sender, other = make_sender(make_unit("hub")), make_sender(make_unit("hub"))
    a, b = name("a"), name("b")
    child = person(CHILD, name("v"), "victim")
    latin = report(sender, person("Mr. Kothiyal Tanishq", a, address=ROAD_WORDS, screen="Hill_Osprey4"), child)
    hindi = report(
        sender, person("तनिष्क कोठियाल", b, address=AGAIN), person("Mahira Quentavo", name("c"), "associated")
    )
    report(sender, person(CHILD, name("d")))  # a grown-up of the child's name
    report(sender, person("T. Kothiyal", name("e")))
    report(sender, person("Bhavro Lintesh", name("i"), screen="hill.osprey"))
    report(other, person("Tanishq Kothiyal", name("f")))
    common = report(sender, person("Rajvendra Malhostri", name("g"), screen="Tin_Sparrow"))
    for number in range(11):
        report(sender, person("राजवेंद्र मल्होस्त्री", name("h"), screen=f"tinsparrow{number}"))
    open_road()
    drain()
    unit = sender.unit_id
    return Scene(
        make_officer(unit, "officer", "analyst", "supervisor"), make_officer(unit, "officer", "analyst", called="Bob"),
        make_officer(make_unit("district"), "officer", "analyst", called="Charlie"), make_officer(unit, "officer", "supervisor", called="Hema"),
        latin, hindi, common, a, b,
    )  # fmt: skip


def test_a_report_leads_to_whom_its_persons_may_be_with_why_and_to_a_judgement(scene):
    own = f"/reports/{scene.latin.report_id}"
    assert f'href="{own}/names"' in scene.page(scene.alice, own)
    shown = scene.page(scene.alice, f"{own}/names")
    assert "तनिष्क कोठियाल" in shown and f"/reports/{scene.hindi.report_id}" in shown
    for code in ("name_order", "address_number"):
        assert SENTENCES[code][0] in shown
    assert f"/subjects/judge?a={account(scene.a)}&amp;b={account(scene.b)}" in shown
    asked = scene.browser(scene.alice).get(f"/subjects/judge?a={account(scene.a)}&b={account(scene.b)}")
    assert asked.status_code == 200
    assert shown.index("तनिष्क कोठियाल") < shown.index("T. Kothiyal"), "what is strong comes first"
    hema = scene.browser(scene.hema)
    hema.post("/language", {"language": "hi"})
    hindi = hema.get(f"{own}/names").content.decode()
    assert SENTENCES["name_order"][1] in hindi and SENTENCES["name_order"][0] not in hindi
    for kind, code in (("address", "address_pin"), ("screen_name", "screen_name_tail")):
        assert DOUBTS[kind][0] in shown
        assert DOUBTS[kind][1] in hindi
        assert SENTENCES[code][0].partition("{")[0] in shown
    assert "hill.osprey" in shown
    assert "Bhavro Lintesh" in shown
    to_bob = scene.browser(scene.bob).get(f"{own}/names")
    assert (to_bob.status_code, to_bob.url) == (302, own), "it is in Alice's hands, and says so"


def test_a_child_is_named_to_nobody_and_proposed_to_nobody(scene):
    shown = scene.page(scene.alice, f"/reports/{scene.latin.report_id}/names")
    assert CHILD not in shown
    assert "Nobody in other reports" not in re.split("<h2", shown)[1]


def test_charlie_is_told_nothing_and_what_he_has_meets_nothing_of_alices(scene):
    charlie = scene.browser(scene.charlie)
    assert charlie.get(f"/reports/{scene.latin.report_id}/names").status_code == 404
    assert "kothiyal" not in re.sub(r'value="[^"]*"', "", scene.search(scene.charlie, "Tanishq Kothiyal")).lower()
    with on_the_road("test"):
        open_to([(scene.charlie.id, scene.hindi.compartment, "work", "test")])
    lone = scene.page(scene.charlie, f"/reports/{scene.hindi.report_id}/names")
    assert "Nobody in other reports open to you is called alike." in lone
    assert str(scene.latin.number) not in lone


def test_a_look_is_written_down_where_each_name_stands(scene):
    count = "select count(*) from ledger_entry where actor_id = %s and event = 'desk:names:viewed' and compartment = %s"
    scene.page(scene.alice, f"/reports/{scene.latin.report_id}/names")
    with on_the_road("test"):
        for one, wanted in ((scene.latin, True), (scene.hindi, True), (scene.common, False)):
            assert bool(value(count, [scene.alice.id, one.compartment])) is wanted


def test_a_common_name_says_so_and_names_nobody(scene):
    shown = scene.page(scene.alice, f"/reports/{scene.common.report_id}/names")
    assert "a common name" in shown and "11 people in reports open to you" in shown
    assert "a common screen name" in shown
    assert "/subjects/judge" not in shown


def test_a_name_typed_in_devanagari_finds_its_latin_spelling_as_similar(scene):
    found = scene.search(scene.alice, "तनिष्क कोठियाल")
    similar = found[found.index('id="similar"') :]
    assert "Mr. Kothiyal Tanishq" in similar and f"/reports/{scene.latin.report_id}" in similar
    assert "Tanishq Kothiyal" not in similar.replace("Kothiyal Tanishq", ""), "another unit's report"
    for typed in ("+91 98200 00001", "somebody@example.com", "kothiyal", str(scene.latin.number)):
        assert 'id="similar"' not in scene.browser(scene.alice).post("/search", {"q": typed, **WHY}).content.decode()


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_the_pages_fit_and_read_in_both_languages(scene, live, chromium, size):
    own = f"/reports/{scene.latin.report_id}"
    with signed_in(chromium, live.url, scene.alice, size=size) as page:
        for language in ("en", "hi"):
            page.goto(f"{live.url}/desk")
            if page.locator("html").get_attribute("lang") != language:
                followed(page, f"button[name=language][value={language}]")
            for address in (own, f"{own}/names", f"/reports/{scene.common.report_id}/names"):
                page.goto(live.url + address)
                is_as_wide_as_its_window(page)
                is_accessible(page)

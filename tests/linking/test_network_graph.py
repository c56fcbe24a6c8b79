"""The network drawn: from what its viewer may see alone, with a table beside it; and what leaves of it, with what for."""

from __future__ import annotations

import json

import pytest
from lxml import etree
from playwright.sync_api import expect
from tests.browser import DESK, TELEPHONE, followed, is_accessible, is_as_wide_as_its_window, signed_in
from tests.factory import browser_of, make_officer, make_unit
from tests.linking.test_network import CHAT, SUCCESSOR, load
from tests.promises.test_query_budget import asks_at_most

from abhaya.access import leaving
from abhaya.access.purposes import BASES
from abhaya.journey import open_road
from abhaya.linking import network_graph
from abhaya.linking.actions.personas import protect
from abhaya.shared.identity import acting, on_the_road

PAGE, FILE = "/networks/graph", "/networks/graph/file"
PURPOSE = {"basis": next(iter(BASES)), "purpose": "FIR 12/2026, who joins groups"}
RUNS, OFFERS, TALKED = "+92 100 1235217", "+94 100 765212", "+92 100 7655211"  # by what they did in CHAT, of group 521


class Scene:
    """Two groups with an actor in common, who is an officer under cover: Bob's. Charlie is of another unit."""

    def __init__(self, folder) -> None:
        open_road()
        (folder / "WhatsApp Chat with Group 521.txt").write_text(CHAT.format(n=521))
        (folder / "WhatsApp Chat with Group 521 again.txt").write_text(SUCCESSOR.format(n=521))
        unit = make_unit("hub")
        self.alice, self.bob = make_officer(unit), make_officer(unit, called="Bob")
        self.charlie = make_officer(make_unit("hub"), called="Charlie")
        with on_the_road("test"):
            protect("phone", OFFERS.replace(" ", ""), self.bob.id, unit, "")
        load(unit, folder)
        with acting(self.alice.id):
            self.group = min(network_graph.drawn().groups, key=lambda one: one.name).id


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> Scene:
    return Scene(tmp_path_factory.mktemp("chats"))


def page_of(person, address=PAGE):
    answer = browser_of(person).get(address)
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    text = answer.content.decode()
    found = etree.HTML(text).xpath("//script[@id='network-data']/text()")
    return text, json.loads(found[0]) if found else None


def names(data):
    return sorted(row[1] for row in data["people"])


def test_actors_stand_on_it_and_the_rest_is_a_count(scene):
    text, data = page_of(scene.alice)
    assert names(data) == [RUNS]
    assert sorted((row[1], row[3], row[4]) for row in data["groups"]) == [
        ("Group 521", 1, 2),
        ("Group 521 again", 1, 0),
    ]
    assert TALKED not in text
    assert RUNS in etree.HTML(text).xpath("string(//table)")


def test_an_officer_under_cover_moves_nobody_elses_drawing(scene):
    with acting(scene.alice.id):
        hers = network_graph.drawn()
    assert OFFERS not in page_of(scene.alice)[0]
    assert names(page_of(scene.bob)[1]) == [RUNS, OFFERS]
    with acting(scene.alice.id):
        assert network_graph.drawn() == hers


def test_groups_by_shared_actors_say_how_many(scene):
    _text, data = page_of(scene.alice, f"{PAGE}?show=groups")
    assert (data["people"], [row[2] for row in data["overlaps"]]) == ([], [1])


def test_to_another_unit_nothing_of_it_is_there(scene):
    text, data = page_of(scene.charlie)
    assert data is None
    assert "Group 521" not in text
    charlie = browser_of(scene.charlie)
    assert charlie.get(f"{PAGE}?around={scene.group}").status_code == 404
    assert charlie.post(FILE, {"form": "gexf", "around": scene.group, **PURPOSE}).status_code == 404
    assert charlie.post(FILE, {"form": "gexf", **PURPOSE}).status_code == 404


@pytest.mark.parametrize("around", ["nothing", "00000000-0000-7000-8000-000000000000"])
def test_around_nothing_there_is_nothing(scene, around):
    assert browser_of(scene.alice).get(PAGE, {"around": around}).status_code == 404


def test_around_one_group_stand_the_groups_of_its_actors(scene):
    text, data = page_of(scene.alice, f"{PAGE}?around={scene.group}")
    assert (len(data["groups"]), names(data)) == (2, [RUNS])
    assert "Around one group" in text


def test_it_asks_the_database_little(scene):
    for address in (PAGE, f"{PAGE}?show=groups", "/networks/countries"):
        asks_at_most(browser_of(scene.alice), address)


@pytest.mark.parametrize("form", ["graphml", "gexf", "svg", "png"])
def test_it_leaves_with_what_it_is_for_and_without_whoever_is_under_cover(scene, owner, form):
    for person in (scene.alice, scene.bob):
        browser = browser_of(person)
        assert browser.post(FILE, {"form": form}).status_code == 302
        answer = browser.post(FILE, {"form": form, **PURPOSE})
        assert answer.status_code == 200, answer.content.decode()[-1000:]
        if form == "png":
            assert answer.content.startswith(b"\x89PNG")
        else:
            root, text = etree.fromstring(answer.content), answer.content.decode()
            assert len(root) > 0
            assert "Group 521" in text
            assert (RUNS in text or form == "svg") and OFFERS not in text and TALKED not in text
        written = owner.execute(
            "select count(*) from ledger_entry where actor_id = %s and event = 'linking:network:exported'", [person.id]
        ).fetchone()
        assert written[0] > 0


def test_many_reports_need_a_second_person(scene, monkeypatch):
    monkeypatch.setattr(leaving, "REPORTS_ALONE_MAX", 1)
    alice = browser_of(scene.alice)
    answer = alice.post(FILE, {"form": "gexf", **PURPOSE}, follow=True)
    assert "A supervisor is asked" in answer.content.decode()
    assert "2 groups and those who acted in them" in alice.get("/second-person").content.decode()


@pytest.mark.browser
def test_it_draws_fits_and_reads_in_both_languages(scene, live, chromium):
    for size in (DESK, TELEPHONE):
        with signed_in(chromium, live.url, scene.alice, size=size) as page:
            for language in ("hi", "en"):
                page.goto(live.url + PAGE)
                if page.locator("html").get_attribute("lang") != language:
                    followed(page, f"button[name=language][value={language}]")
                expect(page.locator("[data-drawn='3']")).to_be_visible()
                for address in (PAGE, "/networks/countries"):
                    page.goto(live.url + address)
                    is_as_wide_as_its_window(page)
                    is_accessible(page)


@pytest.mark.browser
def test_the_keyboard_finds_walks_and_opens(scene, live, chromium):
    with signed_in(chromium, live.url, scene.alice) as page:
        page.goto(live.url + PAGE)
        canvas, told = page.locator(".net-canvas"), page.locator(".net-told")
        page.keyboard.press("f")
        page.keyboard.type("group 521")
        expect(told.locator("li")).to_have_count(2)
        page.keyboard.press("Enter")
        expect(canvas).to_be_focused()
        expect(told.locator("h3")).to_contain_text("Group 521")
        for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
            if told.locator("h3").inner_text() == RUNS:
                break
            page.keyboard.press(key)
        page.keyboard.press("Escape")
        expect(told.locator("h3")).to_have_count(0)
        for _step in range(3):  # two groups, then who acted
            page.keyboard.press("n")
        expect(told.locator("h3")).to_have_text(RUNS)
        page.keyboard.press("Enter")
        page.wait_for_url("**/networks/*/*")
        expect(page.locator("h1")).to_have_text(RUNS)
        page.goto(f"{live.url}/networks/countries")
        page.locator("a.tile").first.focus()
        first = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("was => document.activeElement.textContent !== was", arg=first)

"""A country from within: what lies in which state and district, by which kind of evidence, and for whose eyes."""

from __future__ import annotations

import pytest
from lxml import etree
from tests.factory import browser_of, make_officer, make_report, make_sender, make_unit, name
from tests.linking.test_network import load
from tests.promises.test_query_budget import asks_at_most

from abhaya.desk import placed
from abhaya.desk.redaction import MASK
from abhaya.intake.formats.record import Fact, Person, Place
from abhaya.journey import open_road
from abhaya.linking.actions.personas import protect
from abhaya.places.bundle import country_codes, read_bundle, tiles_of
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.road import drain

INDIA, MAHARASHTRA, BIHAR, JALGAON, PUNE = "/networks/countries/IN/within", "IN-27", "IN-10", "IN-27-478", "IN-27-490"
NAMED, SILENT, OFFICERS = (
    "+919000083101",
    "+919000083102",
    "+919000083103",
)  # numbers; the last an officer's under cover
CHAT = """\
12/03/2026, 15:44 - +91 90000 83101 created group "Group 831"
13/03/2026, 15:45 - +91 90000 83102: offers files
13/03/2026, 15:46 - +91 90000 83103: offers files
"""


def a_report(sender, *places, phone="", age=None, account=""):
    facts = [Fact("account", account or name("id"), "/id", "reported", 1, platform="ChatLine")]
    facts += [Fact("phone", phone, "/phone", "reported", 1)] if phone else []
    return make_report(sender, facts=tuple(facts), places=places, persons=(Person("reported", 1, "/report", age=age),))


def at(city="", region="", kind="address"):
    return Place(kind, "/where", "reported", 1, city=city, region=region, country="IN")


class Scene:
    """Alice's unit: three reports in Maharashtra, one in Bihar, one in India and nobody knows where, and a chat."""

    def __init__(self, folder) -> None:
        open_road()
        (folder / "WhatsApp Chat with Group 831.txt").write_text(CHAT)
        unit = make_unit("hub")
        self.alice, self.bob = make_officer(unit), make_officer(unit, called="Bob")
        self.charlie = make_officer(make_unit("hub"), called="Charlie")
        with on_the_road("test"):
            protect("phone", OFFICERS, self.bob.id, unit, "")
        sender = make_sender(unit)
        self.twice = name("twice")
        self.jalgaon = a_report(sender, at("Jalgaon", "Maharashtra"), phone=NAMED, account=self.twice)
        a_report(sender, at("Pune", "Maharashtra", "estimated"), phone=OFFICERS)
        self.young = name("young")
        self.child = a_report(sender, at(region="Maharashtra"), phone="+919000083104", age=14, account=self.young)
        a_report(sender, at("Patna", "Bihar"), account=self.twice)
        self.nowhere = a_report(sender, at())
        load(unit, folder)
        drain()


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> Scene:
    return Scene(tmp_path_factory.mktemp("chats"))


def counted(person, state="", cell="reports"):
    with acting(person.id):
        found = placed.within("IN", state, cell=cell)
    return {line.code: line.counts for line in (*found.lines, found.unknown)}


def behind(person, cell, place, state=""):
    with acting(person.id):
        return placed.sightings("IN", cell, state=state, place=place, after=None, most=50)


def test_every_state_of_a_country_that_is_drawn_stands_on_its_map_once():
    states = {one.place.code for one in read_bundle().places if one.place.kind == "state"}
    for code in country_codes():
        rows = tiles_of(code)
        drawn = [tile.code for row in rows for tile in row if tile.code]
        assert sorted(drawn) == sorted(state for state in states if state.startswith(f"{code}-"))
        assert len({len(row) for row in rows}) == 1
    assert tiles_of("ZZ") == tiles_of("../in") == ()


def test_states_count_what_reports_place_and_what_nothing_places_is_said(scene):
    assert counted(scene.alice) == {
        MAHARASHTRA: {"reports": 3, "accounts": 2, "numbers": 2},
        BIHAR: {"reports": 1, "accounts": 1},
        "": {"reports": 1, "accounts": 3, "numbers": 1},  # of the group's two numbers one is named by a report
    }


def test_districts_stand_within_their_state_and_a_report_of_the_state_alone_has_none(scene):
    assert counted(scene.alice, MAHARASHTRA) == {
        JALGAON: {"reports": 1, "accounts": 1, "numbers": 1},
        PUNE: {"reports": 1},  # the account is of an officer under cover
        "": {"reports": 1, "accounts": 1, "numbers": 1},
    }


def test_each_says_which_kind_of_evidence_placed_it_and_opens_its_report(scene):
    with acting(scene.alice.id):
        lines = {line.code: line for line in placed.within("IN", MAHARASHTRA, cell="reports").lines}
    assert lines[JALGAON].by["reports"] == [(placed.EVIDENCE["address_points"], 1)]
    assert lines[PUNE].by["reports"] == [(placed.EVIDENCE["estimated_points"], 1)]
    [number] = behind(scene.alice, "numbers", JALGAON, MAHARASHTRA)
    assert (number.value, number.report_id, number.place.name) == (NAMED, scene.jalgaon.report_id, "Jalgaon")
    [unplaced] = behind(scene.alice, "numbers", "")
    assert (unplaced.value, unplaced.group_name, unplaced.place) == (SILENT, "Group 831", None)
    [nowhere] = behind(scene.alice, "reports", "")
    assert nowhere.report_id == scene.nowhere.report_id


def test_what_may_be_a_childs_is_masked(scene):
    for cell in ("accounts", "numbers"):
        [one] = behind(scene.alice, cell, "", MAHARASHTRA)
        assert (one.report_id, one.value) == (scene.child.report_id, MASK)


def test_an_officer_under_cover_is_counted_by_nobody_and_another_unit_sees_nothing(scene):
    assert counted(scene.bob) == counted(scene.alice)
    assert counted(scene.charlie) == {"": {}}
    assert behind(scene.charlie, "numbers", None) == []


def test_a_tile_leads_into_its_state_and_every_number_to_what_stands_behind_it(scene):
    browser = browser_of(scene.alice)
    page = etree.HTML(browser.get(INDIA).content.decode())
    tiles = {" ".join(one.xpath("(b|span[1])//text()")): one.get("href") for one in page.xpath("//a[@data-tile]")}
    assert tiles == {"MH 3": "?in=IN-27", "BR 1": "?in=IN-10"}
    state = etree.HTML(browser.get(INDIA + tiles["MH 3"]).content.decode())
    links = page.xpath("//td[@class='num']/a/@href") + state.xpath("//td[@class='num']/a/@href")
    assert len(links) == 15
    for address in links:
        shown = etree.HTML(browser.get(address).content.decode())
        assert shown.xpath("//tbody/tr//a[starts-with(@href, '/reports/')]"), address
    asks_at_most(browser, f"{INDIA}?in={MAHARASHTRA}&of=numbers")
    asks_at_most(browser, f"{INDIA}/sightings?of=accounts&in={MAHARASHTRA}")


def test_a_country_of_which_no_places_are_known_says_so_and_a_strange_place_is_not_there(scene):
    browser = browser_of(scene.alice)
    assert "knows no places within Pakistan" in browser.get("/networks/countries/PK/within").content.decode()
    for address in (f"{INDIA}?in=IN-99", f"{INDIA}?in={JALGAON}", f"{INDIA}/sightings?in=PK-1"):
        assert browser.get(address).status_code == 404, address
    assert browser.get("/networks/countries/none/within").status_code == 200

"""The network: from raw chats, exports and lists of members, fifty groups, five thousand people, a hundred countries.

Holds when every cell opens its sightings and every sighting its item.
"""

from __future__ import annotations

import html
import re

import pytest
from tests.factory import browser_of, make_officer, make_unit
from tests.promises.test_query_budget import asks_at_most

from abhaya import journey
from abhaya.access.queries import signed_in
from abhaya.commands import demo_network
from abhaya.intake.drops import open_load, run_load
from abhaya.intake.finding import on_disk
from abhaya.shared import road
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import value
from abhaya.training.founding import NUMBERS, founding
from abhaya.training.group_files import write_group

SEED = 20260312
ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.DOTALL)
LINK = re.compile(r'href="([^"]+)"')
NAMED = re.compile(r'<a class="whole" href="([^"]+)">([^<]+)</a>')
TEXT = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def network():
    return founding(SEED)


@pytest.fixture(scope="module")
def unit(network, tmp_path_factory):
    """A unit that was given the files, and nothing else."""
    journey.open_road()
    folder, unit, service = tmp_path_factory.mktemp("groups"), make_unit("hub"), "operator:load"
    for group in network.groups:
        write_group(folder, group)
    with on_the_road(service):
        drop = open_load(unit, "groups", officer=None, service=service)
    counts = run_load(drop, lambda mappings: on_disk([folder], mappings), lambda _line: None)
    assert counts == {"new": 50}
    road.drain()
    return unit


@pytest.fixture(scope="module")
def browser(unit):
    return browser_of(make_officer(unit))


def table_of(page):
    """Rows of a page's first table: (words of its cells, its links)."""
    body = page.content.decode().split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    return [
        ([html.unescape(TEXT.sub("", cell)).strip() for cell in row.split("<td")[1:]], LINK.findall(row))
        for row in ROW.findall(body)
    ]


def test_numbers_by_country_come_out_as_published(browser, network):
    rows = table_of(browser.get("/networks/countries"))
    counted = [int(cells[1].rpartition(">")[2]) for cells, _ in rows]
    assert counted[:9] == sorted(NUMBERS.values(), reverse=True)
    codes = [re.search(r"/countries/(\w+)/", links[0])[1] for _, links in rows if links]
    assert sorted(codes[:9]) == sorted(NUMBERS)
    assert len({code for code in codes if code != "none"}) == 100


def test_a_cell_opens_its_sightings_and_a_sighting_its_item(browser):
    page = browser.get("/networks/countries/MY/numbers")
    rows = table_of(page)
    values = {cells[0] for cells, _ in rows}
    assert len(rows) >= NUMBERS["MY"] or "?after=" in page.content.decode()
    assert values
    links = [link for _, found in rows for link in found if link.startswith("/reports/")]
    assert len(links) == len(rows)
    report = browser.get(links[0])
    assert report.status_code == 200
    assert "/items/" in report.content.decode()


def test_a_group_lists_who_acted_and_each_act_its_line(browser):
    groups = table_of(browser.get("/networks"))
    assert len(groups) == 50
    page = browser.get(groups[0][1][0])
    person = next(link for _, links in table_of(page) for link in links if link.startswith("/networks/"))
    acts = table_of(browser.get(person))
    _cells, links = acts[0]
    assert any(link.startswith("/reports/") for link in links)
    assert browser.get(next(link for link in links if link.startswith("/items/"))).status_code == 200
    asks_at_most(browser, groups[0][1][0])
    asks_at_most(browser, person)


def test_who_runs_several_groups_and_what_came_after_a_takedown(browser, network):
    people = browser.get("/networks/people").content.decode()
    assert "Who runs several groups" in people
    assert table_of(browser.get("/networks/people"))
    fallen = {group.name for group in network.groups if group.taken_down}
    links = {name: link for link, name in NAMED.findall(browser.get("/networks").content.decode())}
    pages = [browser.get(links[name]).content.decode() for name in fallen & links.keys()]
    assert pages
    assert any("began once this one was gone" in page for page in pages)


def test_the_demo_writes_down_one_takedown_and_shows_what_came_after_it(unit, browser, monkeypatch):
    analyst = make_officer(unit, "analyst")
    with on_the_road("test"):
        signed = signed_in(analyst.id)
    monkeypatch.setattr(demo_network, "ready_made", lambda _username: signed)
    demo_network.network_is_taken_down(SEED)
    with on_the_road("test"):
        group = value("select group_id from linking_takedown where by_officer = %s", [analyst.id])
    page = browser.get(f"/networks/{group}/after")
    assert next((one.strength, one.after >= 3) for one, _row in page.context["after"]) == ("strong", True)
    assert page.context["acts_since"] == 0
    assert demo_network.SAID_BY in html.unescape(page.content.decode())


def test_another_unit_sees_none_of_it():
    stranger = browser_of(make_officer(make_unit("hub"), called="Charlie"))
    for address in ("/networks", "/networks/people", "/networks/countries", "/networks/countries/MY/numbers"):
        assert "<tbody>" not in stranger.get(address).content.decode(), address

"""Groups from raw files to counts: who acted, who was only there, and who must not be seen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from lxml import etree
from tests.factory import browser_of, make_officer, make_report, make_sender, make_unit

from abhaya.access.queries import signed_in
from abhaya.errors import NotThere, OfficerError
from abhaya.intake.drops import open_load, run_load
from abhaya.intake.finding import on_disk
from abhaya.intake.formats.record import Fact, Person
from abhaya.journey import open_road
from abhaya.linking import network_queries, network_rules
from abhaya.linking.actions import groups, takedowns
from abhaya.linking.actions.judgements import judge
from abhaya.linking.actions.personas import protect
from abhaya.selectors.sighting import selector_id
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.road import drain
from abhaya.shared.sql import value

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CHAT = """\
12/03/2026, 15:44 - +92 100 123{n}7 created group "Group {n}"
13/03/2026, 15:45 - +92 100 123{n}7 added +94 100 76{n}2
13/03/2026, 15:46 - +94 100 76{n}2: offers files
13/03/2026, 15:47 - +234 100 111{n}3 joined using this group's invite link
13/03/2026, 15:48 - +234 100 111{n}3 left
13/03/2026, 15:49 - +92 100 765{n}1 joined using this group's invite link
13/03/2026, 15:50 - +92 100 765{n}1: says hello
"""
SUCCESSOR = """\
12/04/2026, 15:44 - +92 100 123{n}7 created group "Group {n} again"
13/04/2026, 15:46 - +94 100 76{n}2: offers files
"""


def load(unit, folder):
    service = "operator:load"
    with on_the_road(service):
        drop = open_load(unit, "drop", officer=None, service=service)
    lines = []
    run_load(drop, lambda mappings: on_disk([folder], mappings), lines.append)
    drain()
    return lines


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A unit with two chats, whose numbers no other test has."""
    open_road()
    folder, number = tmp_path_factory.mktemp("chats"), 417
    (folder / f"WhatsApp Chat with Group {number}.txt").write_text(CHAT.format(n=number))
    (folder / f"WhatsApp Chat with Group {number} again.txt").write_text(SUCCESSOR.format(n=number))
    unit = make_unit("hub")
    lines = load(unit, folder)
    assert {line.verdict for line in lines} == {"new"}
    return unit, make_officer(unit), make_officer(make_unit("hub"), called="Charlie")


def test_only_who_acted_is_an_actor_and_the_rest_is_a_count(world):
    _unit, alice, _charlie = world
    with acting(alice.id):
        first, second = sorted(network_queries.groups(), key=lambda one: one.name)
        conducts = network_queries.conducts_of(first.id)
        actors = network_queries.actors_of(first.id, most=10)
    assert (first.name, first.members, first.actors, first.without_act) == ("Group 417", 4, 2, 2)
    assert conducts == {"acted": 2, "left_at_once": 1, "talked": 1, "added": 0, "present": 0}
    assert sorted((one.label, one.country, one.offered, one.administered) for one in actors) == [
        ("+92 100 1234177", "PK", 0, 2),
        ("+94 100 764172", "LK", 1, 0),
    ]
    assert second.actors == 2


def test_every_act_stands_at_its_line(world):
    _unit, alice, _charlie = world
    with acting(alice.id):
        group = min(network_queries.groups(), key=lambda one: one.name)
        person = selector_id("phone", "+921001234177")
        acts = network_queries.acts_of(group.id, person, after=None, most=10)
    assert [(act.act, act.locator, act.other) for act in acts] == [
        ("created", "line 1", ""), ("administered", "line 2", "+94 100 764172"),
    ]  # fmt: skip
    assert all(act.item_id and not act.zone_known for act in acts)


def test_what_came_after_a_group_fell_silent_is_shown_with_the_numbers_behind_it(world):
    _unit, alice, _charlie = world
    with acting(alice.id):
        first, second = sorted(network_queries.groups(), key=lambda one: one.name)
        (after,) = network_queries.others_of(first.id)
        (before,) = network_queries.others_of(second.id)
    assert (after.group_id, after.shared, after.share_percent, after.after, after.is_successor) == (second.id, 2, 100, 2, True)  # fmt: skip
    assert not before.is_successor


def test_what_came_after_a_takedown_is_counted_from_its_day_until_that_is_taken_back(world):
    _unit, alice, charlie = world
    with acting(alice.id, name="Alice"):
        officer = signed_in(alice.id)
        first = min(network_queries.groups(), key=lambda one: one.name)
        report = network_queries.reports_of(first.id)[0].report_id
        with pytest.raises(OfficerError, match="still to come"):
            takedowns.say(first.id, report, NOW.date() + timedelta(days=1), "WhatsApp", officer, now=NOW)
        wrong = takedowns.say(first.id, report, date(2026, 5, 1), "WhatsApp, notice 7", officer, now=NOW)
        (after,) = network_queries.others_of(first.id)
        assert (after.after, after.is_successor, after.strength) == (0, False, "")
        takedowns.withdraw(wrong, "it was the day of our letter", officer)
        takedowns.say(first.id, report, date(2026, 3, 13), "WhatsApp, notice 7", officer, now=NOW)
        (after,) = network_queries.others_of(first.id)
        assert (after.shared, after.after, after.began.date(), after.strength) == (2, 2, date(2026, 4, 12), "weak")
        assert network_queries.acts_since(first.id, date(2026, 3, 13)) == 7
        said = network_queries.takedowns_of(first.id)
        assert [(one.day.month, one.withdrawn_why) for one in said] == [(3, ""), (5, "it was the day of our letter")]
    with acting(charlie.id):
        assert network_queries.takedowns_of(first.id) == []
        with pytest.raises(NotThere):
            takedowns.withdraw(said[0].id, "it is none of my business", signed_in(charlie.id))
        with pytest.raises(NotThere):
            takedowns.say(first.id, report, date(2026, 3, 13), "nobody", signed_in(charlie.id), now=NOW)
    with acting(alice.id, name="Alice"):
        takedowns.withdraw(said[0].id, "the other tests know of none", officer)


@pytest.mark.parametrize(
    ("shared", "share", "after", "later", "strength"),
    [(3, 20, 2, True, "strong"), (3, 19, 3, True, "weak"), (2, 90, 2, True, "weak"), (4, 50, 2, True, "weak"),
     (5, 50, 5, False, ""), (5, 50, 0, True, "")],
)  # fmt: skip
def test_one_shared_actor_is_no_strong_sign_of_the_same_group_again(shared, share, after, later, strength):
    assert network_rules.successor(shared, share, after, is_later=later) == strength


def test_members_whose_accounts_are_one_persons_are_one_of_the_people_of_a_country(tmp_path):
    (tmp_path / "WhatsApp Chat with Group 419.txt").write_text(
        "12/03/2026, 15:44 - +92 100 1234197: offers files\n12/03/2026, 15:45 - +92 100 7654191: offers files\n"
        "12/03/2026, 15:46 - +92 100 7654192: offers files\n"
    )
    unit = make_unit("hub")
    alice = make_officer(unit)
    load(unit, tmp_path)
    one, other = (selector_id("account", f"whatsapp:+92100{end}") for end in ("1234197", "7654191"))
    with acting(alice.id, name="Alice", with_road=True):
        judge(one, other, "same", "she wrote from both numbers that evening", signed_in(alice.id))
    with acting(alice.id):
        (row,) = network_queries.countries()
    assert (row.country, row.numbers, row.members, row.people) == ("PK", 3, 3, 2)


def test_numbers_are_counted_by_country_each_once(world):
    _unit, alice, _charlie = world
    with acting(alice.id):
        table = {
            row.country: (row.numbers, row.members, row.actors, row.sightings) for row in network_queries.countries()
        }
        (one, *_rest) = network_queries.sightings("numbers", "NG", after=None, most=5)
    assert table == {"PK": (2, 2, 1, 3), "LK": (1, 1, 1, 2), "NG": (1, 1, 0, 1)}
    assert (one.shown.count("•") > 3, one.locator) == (True, "line 4")


def test_who_runs_and_joins_several_groups(world):
    _unit, alice, _charlie = world
    with acting(alice.id):
        found = network_queries.connections()
    assert (found.actors, found.components, found.largest) == (2, 1, 2)
    assert {(one.label, one.groups, one.runs) for one in found.people} == {
        ("+92 100 1234177", 2, 2), ("+94 100 764172", 2, 0),
    }  # fmt: skip


def test_another_unit_counts_nothing_of_it(world):
    _unit, _alice, charlie = world
    with acting(charlie.id):
        assert network_queries.groups() == []
        assert network_queries.countries() == []
        assert network_queries.connections().actors == 0


def test_a_report_that_walks_again_is_not_read_again(world):
    unit, _alice, _charlie = world
    with on_the_road("test"):
        report = value("select report_id from linking_group g join intake_report r on r.id = g.report_id where r.unit_id = %s limit 1", [unit])  # fmt: skip
        assert groups.record_groups([report]) == 0


def test_a_protected_persona_is_seen_by_nobody_but_its_liaison(tmp_path):
    (tmp_path / "WhatsApp Chat with Group 418.txt").write_text(CHAT.format(n=418))
    unit = make_unit("hub")
    alice, liaison = make_officer(unit), make_officer(unit, called="Bob")
    with on_the_road("test"):
        protect("phone", "+921001234187", liaison.id, unit, "")
    load(unit, tmp_path)
    with on_the_road("test"):  # known only later: what is there is hidden all the same
        protect("phone", "+94100764182", liaison.id, unit, "")

    def seen():
        (group,) = network_queries.groups()
        acts = [network_queries.acts_of(group.id, person, after=None, most=9) for person in people]
        return (
            group.members,
            group.actors,
            [bool(one) for one in acts],
            sum(row.numbers for row in network_queries.countries()),
        )

    people = [selector_id("phone", "+921001234187"), selector_id("phone", "+94100764182")]
    with acting(alice.id):
        assert seen() == (2, 0, [False, False], 2)
        assert network_queries.connections().actors == 0
    with acting(liaison.id):
        assert seen() == (4, 2, [True, True], 4)


def test_an_actor_whom_another_report_calls_a_child_or_a_victim_is_called_nothing(tmp_path):
    open_road()
    unit, others, theirs, hers = make_unit("hub"), make_unit("hub"), "+921001234227", "+94100764222"
    (tmp_path / "WhatsApp Chat with Group 422.txt").write_text(CHAT.format(n=422))
    load(unit, tmp_path)
    browser = browser_of(make_officer(unit))

    def text(page):
        return browser.get(page).content.decode().replace(" ", "")

    group = next(one for one in browser.get("/networks").context["groups"] if one.name == "Group 422").id
    acts = f"/networks/{group}/{selector_id('phone', theirs)}"
    cells = [f"/networks/countries/LK/{cell}" for cell in ("numbers", "accounts", "members", "people")]
    pages = (f"/networks/{group}", "/networks/graph", *cells)
    assert [page for page in pages if hers not in text(page)] == []
    told = (Fact("phone", hers, "/phone", "victim", 1),)
    make_report(make_sender(others), persons=(Person("victim", 1, "/victim"),), facts=told)  # not open to Alice
    drain()
    assert [page for page in (*pages, acts) if hers in text(page)] == []
    assert theirs in text(pages[0])
    assert ">masked</" in text(pages[0])
    assert theirs in text(acts)


@pytest.mark.parametrize(
    ("line", "ported", "assumed", "doubt"),
    [
        ("postpaid", False, False, ""),
        ("prepaid", False, False, "prepaid"),
        ("prepaid", True, False, "ported"),
        ("", None, False, "prefix"),
        ("postpaid", False, True, "assumed"),
    ],
)
def test_a_numbers_country_carries_its_doubt(line, ported, assumed, doubt):
    assert network_rules.doubt_of(line, ported, assumed=assumed) == doubt


def test_every_tile_of_the_map_leads_to_its_sightings(world):
    _unit, alice, charlie = world
    browser = browser_of(alice)
    for cell, tiles in (("numbers", {"PK 2", "LK 1", "NG 1"}), ("members", {"PK 2", "LK 1", "NG 1"})):
        page = etree.HTML(browser.get(f"/networks/countries?of={cell}").content.decode())
        links = {" ".join(one.xpath("(b|span[1])//text()")): one.get("href") for one in page.xpath("//a[@data-tile]")}
        assert set(links) == tiles
        assert {browser.get(address).status_code for address in links.values()} == {200}
    assert b"data-tile" not in browser_of(charlie).get("/networks/countries").content

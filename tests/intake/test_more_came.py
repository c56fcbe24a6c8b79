"""More comes for a report that is known: it walks the road again, for what is new, and its history says so."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
from django.db import connections
from django.utils import translation
from tests.factory import browser_of, make_officer, make_sender, make_unit, name
from tests.intake.test_drops import load

from abhaya import journey
from abhaya.desk.dossier import road as history_of
from abhaya.intake import queries
from abhaya.intake.actions import Arrival, Original, number_key, receive
from abhaya.intake.formats.record import Fact, FilePart, Person, Record
from abhaya.linking import queries as linking
from abhaya.matching import queries as matching
from abhaya.shared import road
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value, values
from abhaya.training import wire
from abhaya.training.parameters import Parameters
from abhaya.training.world import World
from abhaya.triage import queries as triage

STAGES = [
    "matching:report:matched",
    "linking:report:compared",
    "triage:report:assessed",
    "routing:report:placed",
]


def events_of(report_id):
    with on_the_road("test:more"):
        return values("select event from ledger_entry where subject_id = %s order by id", [report_id])


def walk():
    journey.open_road()
    road.drain()


@pytest.fixture
def drawn():
    """Two reports of an invented world, each with one file."""
    world = World(abs(hash(name("world"))) % 10**6, Parameters(duplicate_share=0, batched_share=0))
    return [one for one in world.reports(400) if len(one.files) == 1][:2]


def test_bytes_that_come_later_by_the_drop_meet_those_that_came_by_the_door_meanwhile(alice, drawn, tmp_path):
    mine, theirs = drawn
    content = wire.picture(mine.files[0])
    for folder in ("without", "with"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "report.json").write_bytes(wire.police_json(mine))
    (tmp_path / "with" / wire.file_name(mine, 0)).write_bytes(content)
    _, _, [line] = load(alice.unit, tmp_path / "without")
    walk()
    report_id = UUID(line.report_id)
    first_walk = events_of(report_id)
    at_the_door = alice.opened(wire.report_xml(theirs))
    assert alice.upload(at_the_door, content).code == alice.finish(at_the_door).code == 0
    walk()

    _, counts, [again] = load(alice.unit, tmp_path / "with")
    assert (counts, again.report_id) == ({"added": 1}, line.report_id)
    assert events_of(report_id) == [*first_walk, "intake:report:added"]
    walk()
    assert events_of(report_id) == [*first_walk, "intake:report:added", *STAGES]
    analyst = make_officer(alice.unit, "analyst")
    with acting(analyst.id), translation.override("en"):
        [file] = queries.files(report_id)
        matches = matching.of_report(report_id)
        door = queries.report_numbered(at_the_door)
        steps = [step.text for step in history_of(queries.report(report_id).compartment, ())[0]]
        assert triage.standing(report_id) is not None
        known = value("select files from triage_queue where report_id = %s", [report_id])
    assert (file.is_held, file.position) == (True, 0)
    assert [(match.file_id, match.seen_in) for match in matches if match.hash_kind == "bytes"] == [(file.id, [door])]
    assert known == "known"
    assert any(step.startswith("More came for this report") for step in steps)
    page = browser_of(analyst).get(f"/reports/{report_id}").content.decode()
    assert "More came for this report" in page

    _, counts, _ = load(alice.unit, tmp_path / "with")
    walk()
    assert counts == {"same": 1}
    assert [events_of(report_id).count(stage) for stage in ("intake:report:added", *STAGES)] == [1, 2, 2, 2, 2]


# --- what each stage adds, and what it leaves as it is ---


def a_reading(number, *facts, **more):
    account = Fact("account", f"user-{number}", "/id", "reported", 1, platform="ChatLine")
    told = (account, *facts)
    return Record("ncmec_json", 1, external_ref=number, persons=(Person("reported", 1, "/p"),), facts=told, **more)


def bring(sender, body, read, *held):
    contents = tuple(Original("file.png", content) for content in held)
    key = number_key("more", read.external_ref)
    one = Arrival(read, sender, "json", key, (Original("report.json", body),), contents)
    with on_the_road("road:intake"):
        [receipt] = receive([one])
    return receipt


@pytest.fixture
def sender():
    return make_sender(make_unit("hub"))


def test_an_identifier_that_comes_later_is_held_against_all_that_came_before_it(sender):
    telephone = Fact("phone", f"+9198{abs(hash(name('p'))) % 10**8:08}", "/phone", "reported", 1)
    old, between, after = name("old"), name("between"), name("after")
    first = bring(sender, b"1", a_reading(old))
    second = bring(sender, b"2", a_reading(between, telephone))
    walk()
    assert bring(sender, b"more", a_reading(old, telephone)).verdict == "added"
    walk()
    third = bring(sender, b"3", a_reading(after, telephone))
    walk()
    with acting(make_officer(sender.unit_id).id):
        [hit] = [one for one in linking.of_report(first.report_id) if one.kind == "phone"]
        [later] = [one for one in linking.of_report(third.report_id) if one.kind == "phone"]
        lane = triage.assessment(first.report_id)
    assert (hit.strength, hit.earlier_reports, hit.seen_in) == ("strong", 1, [second.report_id])
    assert set(later.seen_in) == {first.report_id, second.report_id}
    assert "linked_some" in {reason.code for reason in lane.reasons}


def test_a_lead_that_was_weak_becomes_strong_and_is_shown_once(sender):
    written = f"+9197{abs(hash(name('p'))) % 10**8:08}"
    number = name("r")
    bring(sender, b"1", a_reading(name("other"), Fact("phone", written, "/phone", "reported", 1)))
    mined = Fact("phone", written, "/text", "reported", 1, mined=True)
    mine = bring(sender, b"2", a_reading(number, mined))
    walk()
    with on_the_road("test:more"):
        assert [one.strength for one in linking.of_report(mine.report_id) if one.kind == "phone"] == ["weak"]
    bring(sender, b"3", a_reading(number, Fact("phone", written, "/phone", "reported", 1)))
    walk()
    with on_the_road("test:more"):
        assert [one.strength for one in linking.of_report(mine.report_id) if one.kind == "phone"] == ["strong"]


def test_a_danger_that_is_told_later_moves_the_report_up_and_leaves_it_in_its_officers_hands(sender):
    number = name("r")
    mine = bring(sender, b"1", a_reading(number))
    walk()
    officer = make_officer(sender.unit_id)
    with on_the_road("test:more"):
        before = triage.standing(mine.report_id)
        value("update triage_queue set state = 'claimed', claimed_by = %s, claimed_until = now() + interval '1 hour' where report_id = %s returning 1", [officer.id, mine.report_id])  # fmt: skip
    bring(sender, b"2", a_reading(number, escalation="A child is in danger now."))
    walk()
    with on_the_road("test:more"):
        after = triage.standing(mine.report_id)
        assert value("select count(*) from triage_assessment where report_id = %s", [mine.report_id]) == 2
    assert (before.lane, after.lane) == ("thin", "imminent")
    assert (after.state, after.claimed_by) == ("claimed", officer.id)


def test_what_a_later_delivery_says_of_its_second_file_is_said_of_that_file(sender):
    number = name("r")
    parts = (FilePart("/f[1]", name="a.png"), FilePart("/f[2]", name="b.png"))
    bring(sender, b"1", a_reading(number, files=parts), b"first " + number.encode(), b"second " + number.encode())
    digest = "ab" * 16
    swapped = (FilePart("/f[1]", name="b.png", hashes=(("MD5", digest),)), FilePart("/f[2]", name="a.png"))
    mine = bring(sender, b"2", a_reading(number, files=swapped))
    with on_the_road("test:more"):
        claims = matching.claims([mine.report_id])
    assert dict(claims) == {(mine.report_id, 2): {f"md5:{digest}"}}


def test_more_that_comes_while_a_stage_has_the_report_in_hand_is_walked_again(sender):
    """The stage has read the report; what comes now would be missed, if the report were not to wait before it anew."""
    number = name("r")
    mine = bring(sender, b"1", a_reading(number))
    in_hand, may_end, added = threading.Event(), threading.Event(), threading.Event()
    seen = []

    def slow(reports):
        if mine.report_id in reports:
            with on_the_road("road:matching"):
                seen.append(value("select count(*) from intake_original where report_id = %s", [mine.report_id]))
            in_hand.set()
            may_end.wait(30)

    def work():
        road.advance(road.Stage("matching", slow))
        connections.close_all()

    def add():
        bring(sender, b"2", a_reading(number))
        added.set()
        connections.close_all()

    journey.open_road()
    threads = [threading.Thread(target=work), threading.Thread(target=add)]
    threads[0].start()
    assert in_hand.wait(30)
    threads[1].start()
    assert not added.wait(0.3), "it was marked while the stage might still forget it"
    may_end.set()
    for thread in threads:
        thread.join()
    assert added.is_set()
    with on_the_road("test:more"):
        waits = values("select stage from shared_waypoint where report_id = %s", [mine.report_id])
    assert waits == ["matching"]
    road.advance(road.Stage("matching", slow))
    assert seen == [1, 2]
    with on_the_road("test:more"):
        assert values("select stage from shared_waypoint where report_id = %s", [mine.report_id]) == []


def test_a_worker_that_dies_on_the_second_walk_leaves_nothing_half_done(sender):
    telephone = Fact("phone", f"+9196{abs(hash(name('p'))) % 10**8:08}", "/phone", "reported", 1)
    number = name("r")
    bring(sender, b"1", a_reading(name("other"), telephone))
    mine = bring(sender, b"2", a_reading(number))
    walk()
    bring(sender, b"3", a_reading(number, telephone))
    linked = road.stages()["linking"]

    def dies(reports):
        linked.run(reports)
        raise KeyboardInterrupt

    road.advance(road.stages()["matching"])
    with pytest.raises(KeyboardInterrupt):
        road.advance(road.Stage("linking", dies))
    for _ in range(2):
        walk()
    with on_the_road("test:more"):
        hits = "select count(*) from linking_hit where report_id = %s and kind = 'phone'"
        assert value(hits, [mine.report_id]) == 1
    assert events_of(mine.report_id).count("linking:report:compared") == 2

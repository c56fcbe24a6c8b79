"""The road's signal: sets move from stage to stage, a bad report holds nobody, a lost database is nobody's fault."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
from django.db import OperationalError, connections
from tests.factory import name

import abhaya.journey
from abhaya.shared import road
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import uuid7, uuid7s
from abhaya.shared.road import ATTEMPTS_MAX, Stage
from abhaya.shared.sql import execute, value, values

WAITED_FOR = (
    "select exists (select 1 from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid)))"
)


@pytest.fixture
def stages():
    """A road of our own: two stages whose names nobody else has, and what each was given."""
    first, second = name("first"), name("second")
    given: dict[str, list[list[UUID]]] = {first: [], second: []}
    broken: dict[UUID, Exception] = {}

    def run(stage, following):
        def act(reports):
            if following:
                road.passed(stage, reports)
            for report in reports:
                if report in broken:
                    raise broken[report]
            given[stage].append(list(reports))

        return act

    road.set_road("received", [Stage(first, run(first, second)), Stage(second, run(second, None))])
    yield first, second, given, broken
    abhaya.journey.open_road()


def start(reports):
    with on_the_road("road:test"):
        road.passed("received", reports)


def waiting(stage):
    with on_the_road("road:test"):
        return values("select report_id from shared_waypoint where stage = %s order by report_id", [stage])


def test_a_set_walks_the_whole_road_once_and_in_order(stages):
    first, second, given, _ = stages
    reports = uuid7s(20)
    start(reports)
    assert road.drain() >= 40
    assert given == {first: [reports], second: [reports]}
    assert waiting(first) == waiting(second) == []


def test_what_a_stage_can_do_again_does_not_wait_for_the_disk_and_everything_else_does(stages):
    first, _, _, _ = stages
    said = "select source from pg_settings where name = 'synchronous_commit'"
    asked = []
    road.set_road("received", [Stage(first, lambda _: asked.append(value(said)))])
    start(uuid7s(1))
    road.drain()
    with on_the_road("road:test"):
        asked.append(value(said))
    assert asked[0] == "session"
    assert asked[1] != "session"


def test_one_bad_report_holds_nobody_and_is_tried_a_few_times_only(stages):
    first, second, given, broken = stages
    reports = uuid7s(5)
    broken[reports[2]] = ValueError("a report that no rule can read")
    start(reports)
    for _ in range(ATTEMPTS_MAX + 3):
        road.step()
    good = [report for report in reports if report != reports[2]]
    assert sorted(report for batch in given[second] for report in batch) == good
    assert waiting(first) == [reports[2]]
    with on_the_road("road:test"):
        tried = value("select attempts from shared_waypoint where report_id = %s", [reports[2]])
    assert tried == ATTEMPTS_MAX
    (stand,) = [stand for stand in road.standing() if stand.stage == first]
    assert (stand.waiting, stand.failed, stand.oldest) == (1, 1, reports[2])
    del broken[reports[2]]
    assert road.try_again() >= 1
    road.drain()
    assert waiting(first) == []


def test_a_lost_database_counts_against_no_report(stages):
    first, _, given, broken = stages
    report = uuid7()
    broken[report] = OperationalError("the server closed the connection unexpectedly")
    start([report])
    with pytest.raises(OperationalError):
        road.advance(road.stages()[first])
    with on_the_road("road:test"):
        assert value("select attempts from shared_waypoint where report_id = %s", [report]) == 0
    del broken[report]
    road.drain()
    assert given[first] == [[report]]


def test_what_a_stage_wrote_is_undone_when_it_fails(stages):
    first, second, _, broken = stages
    reports = uuid7s(2)
    broken[reports[1]] = ValueError("after it was passed on")
    start(reports)
    assert road.advance(road.stages()[first]) == 1
    assert waiting(second) == [reports[0]]
    assert waiting(first) == [reports[1]]


def test_two_workers_never_run_the_same_report(stages):
    first, second, given, _ = stages
    reports = uuid7s(600)
    start(reports)
    workers = [threading.Thread(target=drain_and_close) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    road.drain()
    for stage in (first, second):
        assert sorted(report for batch in given[stage] for report in batch) == reports


def drain_and_close():
    road.drain()
    connections.close_all()


def test_a_report_put_down_again_while_a_worker_has_it_in_hand_is_walked_again_and_not_forgotten(stages):
    first, second, given, _ = stages
    report = uuid7()

    def put_down_again():
        try:
            with on_the_road("road:test"):
                road.passed(first, [report])  # waits for the worker below
        finally:
            connections.close_all()

    with on_the_road("road:test"):
        road.passed(first, [report])
    other = threading.Thread(target=put_down_again)
    with on_the_road(f"road:{second}"):
        assert values(road.SQL["claim_one"], {"stage": second, "report": report}) == [report]
        other.start()
        while other.is_alive() and not value(WAITED_FOR):
            other.join(0.01)
        assert other.is_alive()
        execute(road.SQL["done"], {"stage": second, "reports": [report]})
    other.join(10)
    assert waiting(second) == [report]
    road.drain()
    assert given[second] == [[report]]

"""Writes that wait for one trip: in order, seen by whoever asks, all or none, and their errors are the database's own."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection
from tests.factory import name

from abhaya.shared.bulk import TOGETHER_ROWS_MAX, add
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import uuid7, uuid7s
from abhaya.shared.sql import as_row, execute, fetch, fetch_each, later, together, value, values

COLUMNS = ["stage", "report_id"]


@pytest.fixture
def trips(monkeypatch):
    """What was sent to the database, message by message."""
    sent: list[str] = []
    with on_the_road("test:together"):
        value("select 1")
        cursor = connection.connection.cursor_factory  # of the road's sign-in: outside it is the pages' again
        execute = cursor.execute

    def told(self, query, *words, **more):
        sent.append(str(query))
        return execute(self, query, *words, **more)

    monkeypatch.setattr(cursor, "execute", told)
    return sent


def waiting(stage):
    return values("select report_id from shared_waypoint where stage = %s order by report_id", [stage])


def test_writes_of_a_block_are_one_message_in_their_order(trips):
    stage, reports = name("stage"), uuid7s(3)
    with on_the_road("test:together"):
        before = len(trips)
        with together():
            add("shared_waypoint", COLUMNS, [(stage, report) for report in reports])
            later("update shared_waypoint set attempts = 3 where stage = %(stage)s -- a remark", {"stage": stage})
            later("delete from shared_waypoint where report_id = %s and attempts = 3", [reports[0]])
            assert len(trips) == before
        assert len(trips) == before + 1
        assert waiting(stage) == reports[1:]


def test_whoever_asks_sees_what_was_written_before(trips):
    stage, report = name("stage"), uuid7()
    with on_the_road("test:together"), together():
        add("shared_waypoint", COLUMNS, [(stage, report)])
        assert waiting(stage) == [report]
        add("shared_waypoint", COLUMNS, [(stage, uuid7())])
        assert fetch(int, "select count(*) from shared_waypoint where stage = %s", [stage]) == [2]


def test_several_questions_go_with_what_waits_and_each_has_its_answer(trips):
    stage, reports = name("stage"), uuid7s(2)
    with on_the_road("test:together"), together():
        before = len(trips)
        add("shared_waypoint", COLUMNS, [(stage, report) for report in reports])
        later("select 'an answer that nobody waits for'")
        held, none, number = fetch_each(
            (as_row, "select report_id from shared_waypoint where stage = %s order by 1", [stage]),
            (as_row, "select 1 where false", None),
            (int, "select count(*) from shared_waypoint where stage = %(stage)s", {"stage": stage}),
        )
        assert (held, none, number) == ([(report,) for report in reports], [], [2])
        later("update shared_waypoint set attempts = 1 where stage = %s", [stage])
        assert execute("delete from shared_waypoint where report_id = %s and attempts = 1", [reports[0]]) == 1
        assert len(trips) == before + 2


def test_an_error_of_one_is_raised_as_ever_and_undoes_all():
    stage, report = name("stage"), uuid7()
    with pytest.raises(IntegrityError), on_the_road("test:together"), together():
        add("shared_waypoint", COLUMNS, [(stage, uuid7())])
        add("shared_waypoint", COLUMNS, [(stage, report), (stage, report)])
    with on_the_road("test:together"):
        assert waiting(stage) == []


def test_what_fails_before_it_was_sent_is_never_sent():
    stage = name("stage")
    with pytest.raises(ZeroDivisionError), on_the_road("test:together"), together():
        add("shared_waypoint", COLUMNS, [(stage, uuid7())])
        raise ZeroDivisionError
    with on_the_road("test:together"), together():
        pass
    with on_the_road("test:together"):
        assert waiting(stage) == []


def test_many_rows_go_by_copy_after_what_waits():
    stage = name("stage")
    with on_the_road("test:together"):
        with together():
            add("shared_waypoint", COLUMNS, [(stage, uuid7())])
            add("shared_waypoint", COLUMNS, [(stage, report) for report in uuid7s(TOGETHER_ROWS_MAX + 1)])
        assert len(waiting(stage)) == TOGETHER_ROWS_MAX + 2
        value("select 1")
    with on_the_road("test:together"):
        later("delete from shared_waypoint where stage = %s", [stage])
        assert waiting(stage) == []


@pytest.fixture(autouse=True)
def _nothing_left_on_the_road():
    yield
    with on_the_road("test:together"):
        later("delete from shared_waypoint where stage like 'stage-%%'", [])

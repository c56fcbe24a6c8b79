"""Duties of the clock: done by one worker at a time; partitions are made a year ahead by a function of the owner's."""

from __future__ import annotations

import threading

import psycopg
import pytest

from abhaya.shared import duties
from abhaya.shared.duties import Duty
from abhaya.shared.ids import month_edge
from abhaya.shared.schema import MONTHS_AHEAD, now_month


def test_a_duty_that_another_worker_is_at_is_left_to_it(ask_as):
    done = []
    duty = Duty("test-duty", "road:test", 60.0, lambda: done.append(1))
    other = ask_as("abhaya_app")
    other.execute("select pg_advisory_xact_lock(hashtextextended('duty test-duty', 0))")
    assert not duties.do(duty)
    other.rollback()
    assert duties.do(duty)
    assert done == [1]


def test_a_duty_that_fails_does_not_hold_the_others(caplog):
    stop = threading.Event()
    failing = Duty("test-failing", "road:test", 60.0, lambda: 1 // 0)
    ending = Duty("test-ending", "road:test", 60.0, stop.set)
    duties.keep([failing, ending], stop)
    assert "the duty test-failing failed" in caplog.text


def test_partitions_reach_a_year_ahead_and_begin_where_ids_of_the_month_begin(owner, ask_as):
    owner.execute("create table test_parted (id uuid primary key) partition by range (id)")
    owner.execute("select shared_make_partitions()")
    names = [
        name
        for (name,) in owner.execute(
            "select relname from pg_class where relname like 'test_parted_2%' and relkind = 'r' order by 1"
        )
    ]
    year, month = now_month()
    assert len(names) == MONTHS_AHEAD + 1
    assert names[0] == f"test_parted_{year}_{month:02}"
    bounds = owner.execute("select pg_get_expr(relpartbound, oid) from pg_class where relname = %s", [names[0]])
    following = (year + month // 12, month % 12 + 1)
    assert bounds.fetchone() == (f"FOR VALUES FROM ('{month_edge(year, month)}') TO ('{month_edge(*following)}')",)
    owner.execute("select shared_make_partitions()")  # again: nothing to do


def test_the_app_cannot_make_a_table_itself_and_reads_no_partition(ask_as):
    app = ask_as("abhaya_app")
    app.execute("select shared_make_partitions()")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("create table public.mine (id uuid)")

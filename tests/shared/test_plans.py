"""Statements whose plan is kept: the same answers as without, for whoever asks, through errors and over connections."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connections, transaction
from tests.factory import name

from abhaya.shared import plans
from abhaya.shared.bulk import add
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import uuid7s
from abhaya.shared.plans import FEW_MAX, KEPT_SECONDS_MAX, Planned, for_few
from abhaya.shared.sql import as_row, fetch_each, later, together, value, values

COLUMNS = ["stage", "report_id"]
OF = Planned(
    "select report_id from shared_waypoint where stage = %(stage)s and stage like '%%' order by 1 limit %(most)s"
)


def kept():
    """How often each kept plan of `OF` was used by this connection."""
    return values(
        "select generic_plans from pg_prepared_statements where statement like %s", ["%where stage = $1 and stage%"]
    )


def test_a_plan_is_made_once_and_answers_as_the_statement_does_with_what_waits_before_it():
    stage, reports = name("stage"), uuid7s(3)
    with on_the_road("test:plans"):
        with together():
            add("shared_waypoint", COLUMNS, [(stage, report) for report in reports])
            assert values(OF, {"stage": stage, "most": 2, "unasked": 1}) == reports[:2]
            later("delete from shared_waypoint where report_id = %s", [reports[0]])
            found, every = fetch_each(
                (as_row, OF, {"stage": stage, "most": 9}), (as_row, str(OF), {"stage": stage, "most": 9})
            )
            assert found == every == [(report,) for report in reports[1:]]
        before = kept()
        assert values(OF, {"stage": "it's; select 1", "most": 9}) == []
        assert len(kept()) == len(before), "no second plan of one statement"
        assert sum(kept()) == sum(before) + 1, "one plan for all values"
        assert value("show plan_cache_mode") == "auto"  # for these statements, and for no other


def test_an_error_beside_it_forgets_no_plan_and_none_is_made_twice():
    stage = name("stage")
    one = Planned(f"select count(*) from shared_waypoint where stage = %(stage)s -- {stage}")
    with on_the_road("test:plans"):
        for broken in ("select 1 / (select 0)", "select of nothing"):
            with pytest.raises(DatabaseError), transaction.atomic():
                fetch_each((as_row, one, {"stage": stage}), (as_row, broken, None))
        assert value(one, {"stage": stage}) == 0
        assert value(one, {"stage": stage}) == 0


def test_a_plan_is_made_anew_after_its_time(monkeypatch):
    asked_here()
    with on_the_road("test:plans"):
        before = kept()
    with monkeypatch.context() as later_on:
        later_on.setattr(plans, "monotonic", lambda: time.monotonic() + KEPT_SECONDS_MAX + 1)
        asked_here()
    assert asked_here() == []
    with on_the_road("test:plans"):
        after = kept()
    assert len(after) == len(before), "the old one is gone"
    assert after != before


def test_another_connection_plans_anew():
    def asked():
        with on_the_road("test:plans"):
            answer = values(OF, {"stage": "nobody", "most": 1})
        connections.close_all()
        return answer

    assert asked_here() == []
    with ThreadPoolExecutor(1) as other:
        assert other.submit(asked).result() == []
    assert asked_here() == []


def asked_here():
    with on_the_road("test:plans"):
        return values(OF, {"stage": "nobody", "most": 1})


def test_a_big_set_has_a_plan_of_its_own():
    assert isinstance(for_few("select 1", FEW_MAX), Planned)
    assert not isinstance(for_few("select 1", FEW_MAX + 1), Planned)

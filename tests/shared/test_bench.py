"""The tests' own database: a committed row is there for the next connection, and the road's role is bound."""

from __future__ import annotations

import psycopg
import pytest

from abhaya.shared.bulk import insert
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import value


def test_the_road_writes_its_waiting_list_and_the_owner_sees_the_committed_row(ask_as):
    report = uuid7()
    with on_the_road("road:matching"):
        assert insert("shared_waypoint", ["stage", "report_id"], [("matching", report)]) == 1
        many = [("linking", uuid7()) for _ in range(100)]
        assert insert("shared_waypoint", ["stage", "report_id"], many) == 100
    seen = ask_as("abhaya_owner").execute("select stage from shared_waypoint where report_id = %s", [report]).fetchall()
    assert seen == [("matching",)]


def test_outside_the_road_the_app_cannot_read_the_waiting_list(ask_as):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask_as("abhaya_app").execute("select count(*) from shared_waypoint")


def test_a_fresh_database_is_empty_and_another_one(fresh_database, ask_as):
    with on_the_road("road:matching"):
        insert("shared_waypoint", ["stage", "report_id"], [("matching", uuid7())])
        assert value("select count(*) from shared_waypoint") > 0
    elsewhere = ask_as("abhaya_owner", database=fresh_database.database)
    assert elsewhere.execute("select count(*) from shared_waypoint").fetchone() == (0,)
    assert fresh_database.run("migrate", "--quiet").stdout == ""

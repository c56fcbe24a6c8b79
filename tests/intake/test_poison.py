"""One poisonous item among many: it is set aside or answered with a sentence, and holds nobody else."""

from __future__ import annotations

import json
import os
import secrets

import pytest
from django.db import OperationalError
from tests.factory import browser_of, make_officer, make_report, make_sender, make_unit, name

from abhaya.intake.drops import open_load, run_load
from abhaya.intake.finding import on_disk
from abhaya.intake.formats import multipart
from abhaya.shared import road
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import execute, value

SERVICE = "operator:load"


def load(path):
    lines = []
    with on_the_road(SERVICE):
        drop = open_load(make_unit("hub"), "drop", officer=None, service=SERVICE)
    run_load(drop, lambda mappings: on_disk([path], mappings), lines.append)
    return lines


def test_a_report_number_of_thousands_of_letters_goes_in_beside_the_others(tmp_path):
    numbers = [name("9"), secrets.token_hex(6000), name("9")]
    (tmp_path / "r.json").write_text(json.dumps([{"reportId": number} for number in numbers]))
    lines = load(tmp_path)
    assert [line.verdict for line in lines] == ["new"] * 3


def test_a_file_whose_name_is_no_unicode_is_taken_with_an_escaped_name(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.bin")).write_bytes(b"x")
    (tmp_path / "r.json").write_text(json.dumps({"reportId": name("9")}))
    lines = load(tmp_path)
    assert sorted(line.verdict for line in lines) == ["new", "set-aside"]
    assert "caf\\udce9.bin" in {line.path for line in lines}


def test_a_file_name_at_the_door_holds_no_character_that_the_database_refuses():
    body = b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''a%00b.png\r\n\r\nx\r\n--b--\r\n"
    [part] = [(part.name, part.filename) for part in multipart.parts([body], b"b")]
    assert part == ("file", "a\ufffdb.png")


def test_a_search_for_a_character_that_the_database_refuses_finds_nothing():
    alice = make_officer(make_unit("hub"), "analyst")
    assert browser_of(alice).get("/search", {"q": "a\0b"}).status_code == 200


def test_a_stage_that_the_database_refuses_for_one_report_goes_on_with_the_others():
    sender = make_sender(make_unit("hub"))
    bad, good = make_report(sender).report_id, make_report(sender).report_id
    seen = []

    def run(reports):
        if bad in reports:
            execute("set local statement_timeout = 10")
            value("select pg_sleep(1)")  # an OperationalError, as a lost connection is
        seen.extend(reports)

    stage = road.Stage(name("stage"), run)
    with on_the_road("test:road"):
        for report in (bad, good):
            execute("insert into shared_waypoint (stage, report_id) values (%s, %s)", [stage.name, report])
    assert road.advance(stage) == 1
    assert seen == [good]
    with on_the_road("test:road"):
        assert value("select attempts from shared_waypoint where stage = %s and report_id = %s", [stage.name, bad]) == 1
        execute("delete from shared_waypoint where stage = %s", [stage.name])


def test_the_databases_own_trouble_is_nobodys_fault():
    stage = road.Stage(name("stage"), lambda _: (_ for _ in ()).throw(OperationalError("connection lost")))
    with on_the_road("test:road"):
        report = make_report(make_sender(make_unit("hub"))).report_id
        execute("insert into shared_waypoint (stage, report_id) values (%s, %s)", [stage.name, report])
    with pytest.raises(OperationalError):
        road.advance(stage)
    with on_the_road("test:road"):
        assert value("select attempts from shared_waypoint where stage = %s", [stage.name]) == 0
        execute("delete from shared_waypoint where stage = %s", [stage.name])

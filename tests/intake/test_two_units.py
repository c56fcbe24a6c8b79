"""Two units bring the same files in, and neither learns anything from it: what a unit loads is that unit's alone."""

from __future__ import annotations

import json

from tests.factory import make_officer, make_sender, make_unit, name

from abhaya.access.queries import signed_in
from abhaya.custody.queries import items_of, read_object
from abhaya.intake.drops import open_load, run_load
from abhaya.intake.finding import on_disk
from abhaya.intake.officer_reports import enter_report
from abhaya.intake.queries import report
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value

SERVICE = "operator:load"


def load(unit, path, sender_name=""):
    lines = []
    with on_the_road(SERVICE):
        drop = open_load(unit, "drop", officer=None, service=SERVICE, sender_name=sender_name)
    run_load(drop, lambda mappings: on_disk([path], mappings), lines.append)
    return lines


def police_json(folder, number, said):
    folder.mkdir()
    told = {"reportId": number, "incidentSummary": {"incidentType": said}}
    (folder / "report.json").write_text(json.dumps(told))
    return folder


def test_what_a_unit_loads_is_open_to_that_unit_and_to_no_other(tmp_path):
    first, second = make_unit("state"), make_unit("state")
    alice, charlie = make_officer(second, "analyst"), make_officer(first, "analyst", called="Charlie")
    load(first, police_json(tmp_path / "first", name("9"), "x"))
    [line] = load(second, police_json(tmp_path / "second", name("9"), "y"))
    with acting(alice.id):
        assert report(line.report_id) is not None
    with acting(charlie.id):
        assert report(line.report_id) is None


def test_a_number_that_another_unit_loaded_answers_as_if_it_were_new(tmp_path):
    number = name("9")
    first, second = make_unit("state"), make_unit("state")
    [theirs] = load(first, police_json(tmp_path / "first", number, "x"))
    [ours] = load(second, police_json(tmp_path / "second", number, "y"))
    assert [ours.verdict, theirs.verdict] == ["new", "new"]
    with on_the_road(SERVICE):
        assert value("select count(*) from intake_original where report_id = %s", [theirs.report_id]) == 1


def test_a_real_report_is_new_also_after_a_test_of_the_same_number(tmp_path):
    hub, folder = make_unit("hub"), police_json(tmp_path / "r", name("9"), "x")
    [tried] = load(hub, folder, make_sender(hub, is_test=True).name)
    [real] = load(hub, folder)
    assert real.report_id != tried.report_id
    with on_the_road(SERVICE):
        assert value("select count(*) from shared_waypoint where report_id = %s", [real.report_id]) == 1


def test_a_form_is_the_officers_own_units_also_where_two_units_have_one_name():
    called = name("Cyber Cell")
    alice, charlie = (make_officer(make_unit("district", name=called)) for _ in range(2))
    receipts = {}
    for person in (charlie, alice):
        with acting(person.id, with_road=True):
            officer = signed_in(person.id)
            receipts[person] = enter_report(officer, {"what_happened": "asks for a picture"}).report_id
    with acting(alice.id):
        assert report(receipts[alice]) is not None
        assert report(receipts[charlie]) is None


def test_an_age_of_nought_stands_in_the_original_of_a_form():
    alice = make_officer(make_unit("district"))
    with acting(alice.id, with_road=True):
        receipt = enter_report(signed_in(alice.id), {"what_happened": "asks for a picture", "child_age": 0})
        [item] = items_of(receipt.compartment)
        assert json.loads(b"".join(read_object(item.object_id, receipt.compartment)))["fields"]["child_age"] == 0

"""The invented world is the same for the same seed, keeps its parameters, and writes what platforms write."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from lxml import etree

from abhaya.training import wire
from abhaya.training.country import STATES, gazetteer_rows
from abhaya.training.emit import write_world
from abhaya.training.parameters import TINY, Parameters
from abhaya.training.pictures import png
from abhaya.training.world import World


def reports(seed=1, count=400, parameters=Parameters()):
    return list(World(seed, parameters).reports(count))


def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    first, again, other = ([wire.report_xml(report) for report in reports(seed)] for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_reports_come_in_the_order_they_happened():
    moments = [report.at for report in reports() if not report.duplicate_of]
    assert moments == sorted(moments)


def test_shares_are_kept_within_what_chance_allows():
    drawn = reports(count=3000)
    viral = sum(report.kind == "viral" for report in drawn) / len(drawn)
    again, by_hotline = (
        sum(bool(report.duplicate_of) and (report.channel == "hotline") == told for report in drawn) / len(drawn)
        for told in (False, True)
    )
    assert abs(viral - Parameters().viral_share) < 0.04
    assert abs(again - Parameters().duplicate_share) < 0.02
    assert abs(by_hotline - Parameters().channel_duplicate_share) < 0.015


def test_some_persons_are_reported_again_and_most_are_not():
    counts: dict[str, int] = {}
    for report in reports(count=3000):
        if report.kind in {"file", "text"} and not report.duplicate_of:
            counts[report.person.id] = counts.get(report.person.id, 0) + 1
    assert max(counts.values()) > 3
    assert sum(count == 1 for count in counts.values()) > len(counts) / 2


def test_thin_reports_say_neither_where_nor_who():
    for report in reports():
        if report.kind == "thin":
            assert not report.logins and not report.email and not report.phone


def test_every_document_is_well_formed_and_in_the_schema_order():
    for report in reports():
        root = etree.fromstring(wire.report_xml(report))
        names = [child.tag for child in root]
        assert names.index("incidentSummary") < names.index("reporter") < names.index("personOrUserReported")
        for position in range(len(report.files)):
            etree.fromstring(wire.file_details_xml(report, position))


def test_a_picture_is_a_png_and_the_same_for_the_same_seed():
    assert png(7).startswith(b"\x89PNG") and png(7) == png(7) != png(8)


def test_the_folder_holds_reports_and_truth_apart(tmp_path):
    written = list(write_world(tmp_path, World(3, TINY), 30, as_json_every=10))
    assert len(written) == 30
    with (tmp_path / "truth/reports.csv").open() as file:
        truth = list(csv.DictReader(file))
    assert {row["external_ref"] for row in truth} == {path.name for path in (tmp_path / "reports").iterdir()}
    assert not any("truth" in str(path) for path in (tmp_path / "reports").rglob("*"))


def test_addresses_stay_inside_space_that_nobody_has():
    for report in reports():
        for login in report.logins:
            assert login.address.startswith(("198.18.", "198.19.", "203.0.113.", "192.0.2.", "2001:db8:")), login


def test_the_unit_table_covers_every_state_and_district():
    rows = gazetteer_rows(len(STATES), 6)
    assert {row["state"] for row in rows if row["state"]} == {state.code for state in STATES}


def test_a_share_outside_zero_and_one_is_refused():
    with pytest.raises(ValueError, match="viral_share"):
        replace(Parameters(), viral_share=1.5)

"""Workbooks: any columns, mapped once; rows that say nothing about their number are refused by row."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from abhaya.errors import SenderError
from abhaya.intake.formats import workbook
from abhaya.training import paper
from abhaya.training.parameters import TINY
from abhaya.training.world import World

HEADER = (
    "Sl. No.",
    "CyberTip Report No",
    "Email ID",
    "Mobile No",
    "IP Address",
    "IP Date Time",
    "Remarks",
    "Office Note",
)
ROW = (
    "1",
    "100000001",
    "a@example.com; b@example.com",
    "+91 90000 00001",
    "198.18.0.1",
    "2026-11-01 10:00:00 UTC",
    "asks age",
    "urgent",
)


def one_sheet(*rows):
    return workbook.Sheet("Reports", HEADER, tuple(enumerate(rows, start=2)))


def read(row=ROW, mapping=None):
    sheet = one_sheet(row)
    return workbook.read_row(sheet, 2, row, mapping or workbook.suggest(HEADER))


def test_headings_suggest_what_they_mean():
    suggested = workbook.suggest(HEADER)
    assert suggested["CyberTip Report No"] == "report_number"
    assert suggested["Mobile No"] == "phone"
    assert suggested["IP Date Time"] == "ip_time"
    assert "Office Note" not in suggested


def test_a_row_becomes_a_record_with_its_cells_as_locators():
    record = read()
    assert record.external_ref == "100000001"
    emails = [fact for fact in record.facts if fact.kind == "email"]
    assert [fact.raw for fact in emails] == ["a@example.com", "b@example.com"]
    assert emails[0].locator == "sheet Reports, row 2, column C"
    address = next(fact for fact in record.facts if fact.kind == "ip")
    assert address.instant is not None and address.instant.at is not None and address.instant.zone_known


def test_an_unmapped_column_is_a_loss_and_not_forgotten():
    [loss] = read().losses
    assert (loss.what, loss.text) == ("Office Note", "urgent")


def test_a_second_column_of_the_same_meaning_is_a_loss():
    mapping = {"CyberTip Report No": "report_number", "Remarks": "district", "Office Note": "district"}
    record = read(mapping=mapping)
    assert any(loss.why == "a second column with this meaning" for loss in record.losses)


def test_a_row_without_a_number_is_refused_by_row():
    with pytest.raises(SenderError, match="Row 2 of sheet 'Reports' has no report number"):
        read(("1", "", *ROW[2:]))


def test_the_shape_ignores_case_and_spacing():
    assert workbook.shape(HEADER) == workbook.shape(tuple(f"  {heading.upper()} " for heading in HEADER))


def test_a_worlds_workbook_reads_back_row_by_row():
    reports = list(World(1, TINY).reports(30))
    [sheet] = workbook.read_sheets(paper.workbook(reports), "w.xlsx")
    mapping = workbook.suggest(sheet.header)
    records = [workbook.read_row(sheet, number, cells, mapping) for number, cells in sheet.rows]
    assert [record.external_ref for record in records] == [paper.number(report) for report in reports]
    assert all(record.platform == report.account.platform for record, report in zip(records, reports, strict=True))


def test_the_header_may_stand_below_a_title():
    book = Workbook()
    sheet = book.active
    sheet.append(["Weekly statement"])
    sheet.append([])
    sheet.append(["Report No", "Email"])
    sheet.append([100000001.0, "a@example.com"])
    out = io.BytesIO()
    book.save(out)
    [read_sheet] = workbook.read_sheets(out.getvalue(), "t.xlsx")
    assert read_sheet.header[:2] == ("Report No", "Email")
    assert read_sheet.rows[0][1][0] == "100000001"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_in_the_encodings_that_desktops_write(encoding):
    text = "Report No;Remarks\n100000001;café\n"
    [sheet] = workbook.read_sheets(text.encode(encoding), "r.csv")
    assert sheet.rows[0][1] == ("100000001", "café")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04 not a workbook", "damaged"),
        (b"", "no sheet"),
        (b"only one line\n", "no sheet"),
        (b"\xd0\xcf\x11\xe0 old and broken", "cannot be read"),
    ],
)
def test_what_is_no_workbook_says_so(data, sentence):
    with pytest.raises(SenderError, match=sentence):
        workbook.read_sheets(data, "x")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_it_fall_over(data):
    try:
        sheets = workbook.read_sheets(data, "x.csv")
    except SenderError:
        return
    for sheet in sheets:
        mapping = workbook.suggest(sheet.header)
        for number, cells in sheet.rows:
            try:
                workbook.read_row(sheet, number, cells, mapping)
            except SenderError:
                continue


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters=";,|\r\n"), min_size=0, max_size=20),
        min_size=8,
        max_size=8,
    )
)
def test_every_filled_cell_is_a_fact_a_text_or_a_loss(cells):
    cells[1] = "100000001"
    record = workbook.read_row(one_sheet(cells), 2, cells, workbook.suggest(HEADER))
    said = " ".join(
        [fact.raw for fact in record.facts]
        + [text.text for text in record.texts]
        + [loss.text for loss in record.losses]
    )
    said += " ".join(instant.original for fact in record.facts if (instant := fact.instant))
    for heading, cell in zip(HEADER, cells, strict=True):
        if cell.strip() and heading not in {"Sl. No.", "CyberTip Report No", "IP Date Time"}:
            assert cell.strip() in said


def test_a_small_workbook_that_asks_for_endless_cells_is_refused_and_ends_nobody():
    book = Workbook()
    for cell, text in {"A1": "report no", "B1": "name", "A2": "1", "B2": "x", "XFD1048576": "far away"}.items():
        book.active[cell] = text
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(SenderError, match="more memory or time"):
        workbook.read_sheets(out.getvalue(), "far.xlsx")


def test_a_csv_cell_that_is_too_long_is_refused_with_its_line():
    with pytest.raises(SenderError, match=r"Line 2 of w\.csv"):
        workbook.read_sheets(b"report no,name\n1," + b"x" * 40_000, "w.csv")


def test_a_town_beside_a_district_and_a_time_without_an_address_are_not_lost():
    header = ("Report No", "City", "District", "IP Time")
    row = ("100000001", "Chalisgaon", "Jalgaon", "2026-11-01 10:00")
    record = workbook.read_row(workbook.Sheet("S", header, ((2, row),)), 2, row, workbook.suggest(header))
    [place] = record.places
    assert (place.city, place.text) == ("Jalgaon", "Chalisgaon")
    assert [(loss.what, loss.text) for loss in record.losses] == [("ip_time", "2026-11-01 10:00")]

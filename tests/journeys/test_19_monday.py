"""Monday's e-mail: a workbook with a PDF per row, half of it already held. Each district has its own list by noon.

Holds when each district has its own list and the month's Action Taken Report fills itself.
"""

from __future__ import annotations

import io
import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from tests.factory import browser_of, make_officer
from tests.routing.conftest import make_country

from abhaya import journey
from abhaya.access.queries import signed_in
from abhaya.intake.loads import run_kept_load
from abhaya.routing import actions, queries
from abhaya.routing.formats.action_taken import HEADINGS
from abhaya.shared import road
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value, values
from abhaya.training import paper
from abhaya.training.parameters import Parameters
from abhaya.training.world import World

ROWS = 24
FOR = {"basis": "case", "purpose": "the month's return to the state"}


@pytest.fixture
def country():
    return make_country()


@pytest.fixture
def monday(country):
    """(rows as cells, PDFs by number): every second row lies in Jalgaon's district, the others in Patna's."""
    first = random.randrange(10**8, 9 * 10**8)
    reports = [one for one in World(first, Parameters(thin_share=0)).reports(ROWS * 2) if not one.duplicate_of][:ROWS]
    rows, pdfs = [], []
    for index, report in enumerate(reports):
        number, word = str(first + index), country.words[index % 2]
        rows.append([index + 1, int(number), report.account.platform, report.account.identifier, report.email, f"State{word}", f"District{word}"])  # fmt: skip
        pdfs.append(SimpleUploadedFile(f"Report_{number}.pdf", paper.pdf(report)))
    return rows, pdfs


def workbook(rows):
    book = Workbook()
    book.active.append(["Sl. No.", "CyberTip Report No", "ESP Name", "User ID", "Email ID", "State", "District"])
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("monday.xlsx", out.getvalue())


def bring(browser, *files):
    """What an analyst does: choose files, say once what the columns mean, take them in. Returns the load's counts."""
    where = browser.post("/load", {"uploads": list(files)})["Location"]
    page = browser.get(where)
    if "form" in page.context and page.context["form"] is not None and hasattr(page.context["form"], "columns"):
        form = page.context["form"]
        browser.post(where, {name: field.initial or "" for name, field in form.fields.items()})
    assert browser.post(where).status_code == 302
    counts = run_kept_load(where.rstrip("/").rsplit("/", 1)[-1], lambda _: None)
    journey.open_road()
    road.drain()
    return counts


def test_each_district_has_its_list_and_the_report_fills_itself(country, monday):
    rows, pdfs = monday
    analyst = browser_of(make_officer(country.hub, "analyst"))
    assert bring(analyst, workbook(rows[: ROWS // 2]))["new"] == ROWS // 2
    counts = bring(analyst, workbook(rows), *pdfs)
    assert counts == {"new": ROWS - ROWS // 2, "added": ROWS // 2}

    alice = make_officer(country.jalgaon, "officer", called="Alice")
    with acting(alice.id, with_road=True):
        officer = signed_in(alice.id)
        mine = queries.inbox(country.jalgaon, after=None, limit=100)
        for one in mine:
            actions.accept(one.id, officer)
    assert {one.external_ref for one in mine} == {str(row[1]) for row in rows[::2]}
    browser = browser_of(alice)
    sheet = load_workbook(io.BytesIO(browser.post("/actions-taken/workbook.xlsx", FOR).content)).active
    assert {row[1].value for row in sheet.iter_rows(min_row=2)} == {str(row[1]) for row in rows[::2]}

    book = load_workbook(io.BytesIO(browser.post("/actions-taken/report.xlsx", FOR).content))
    for row in book.active.iter_rows(min_row=2):
        row[HEADINGS.index("Action taken")].value = "FIR registered"
        row[HEADINGS.index("FIR number")].value = "0114/2026"
    out = io.BytesIO()
    book.save(out)
    answer = browser.post("/actions-taken/read", {"report": SimpleUploadedFile("atr.xlsx", out.getvalue())})
    assert (answer.context["recorded"], answer.context["refused"]) == (len(mine), [])
    filled = load_workbook(io.BytesIO(browser.post("/actions-taken/report.xlsx", FOR).content)).active
    assert {row[HEADINGS.index("FIR number")].value for row in filled.iter_rows(min_row=2)} == {"0114/2026"}


def test_a_pdfs_text_is_mined_with_its_place_and_stands_with_its_row(country, monday):
    rows, pdfs = monday
    bring(browser_of(make_officer(country.hub, "analyst")), workbook(rows), *pdfs)
    with on_the_road("test"):
        mined = values(
            "select distinct s.locator from selectors_sighting s join intake_report r on r.id = s.report_id"
            " where r.unit_id = %s and s.mined and s.locator like 'page%%'",
            [country.hub],
        )
        assert mined
        assert value("select count(*) from intake_report where unit_id = %s", [country.hub]) == ROWS


def test_another_district_sees_nothing_of_it(country, monday):
    rows, pdfs = monday
    bring(browser_of(make_officer(country.hub, "analyst")), workbook(rows), *pdfs)
    charlie = make_officer(country.patna, "officer", called="Charlie")
    with acting(charlie.id, with_road=True):
        theirs = {one.external_ref for one in queries.inbox(country.patna, after=None, limit=100)}
    assert theirs == {str(row[1]) for row in rows[1::2]}
    sheet = load_workbook(io.BytesIO(browser_of(charlie).post("/actions-taken/workbook.xlsx", FOR).content)).active
    assert {row[1].value for row in sheet.iter_rows(min_row=2)} == theirs

"""Actions taken: recorded for reports the unit accepted, out as its workbook, back in from what it filled."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from tests.factory import browser_of, make_officer, make_unit, name

from abhaya.access import approvals
from abhaya.access.actions import decide
from abhaya.access.queries import signed_in
from abhaya.intake.formats.record import Fact
from abhaya.intake.formats.record import Person as Described
from abhaya.routing import actions, pages_taken, queries
from abhaya.routing.formats.action_taken import HEADINGS
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value, values
from abhaya.shared.tables import xlsx

FOR = {"basis": "case", "purpose": "the month's return to the state"}


@pytest.fixture
def accepted(country):
    """A report that Jalgaon has accepted, its number there, and Jalgaon's officer Alice."""
    receipt = country.receive(country.upload(country.jalgaon_range + "9"))
    country.place(receipt)
    alice = country.officer(country.jalgaon, "Alice", "officer")
    with on_the_road("test:routing"):
        referral = queries.history(receipt.report_id)[-1]
    with acting(alice.id, with_road=True):
        actions.accept(referral.id, signed_in(alice.id))
    return receipt, alice


def taken_of(receipt):
    with on_the_road("test:routing"):
        return value(
            "select action from routing_action_taken where report_id = %s order by id desc limit 1", [receipt.report_id]
        )


def test_what_was_done_is_recorded_on_the_page_and_in_the_ledger(accepted):
    receipt, alice = accepted
    browser = browser_of(alice)
    answer = browser.post(
        "/actions-taken",
        {"number": receipt.number, "action": "registered", "fir_number": "0114/2026", "fir_date": "21-11-2026"},
    )
    assert answer.status_code == 302, answer.content.decode()[-800:]
    assert taken_of(receipt) == "registered"
    assert b"0114/2026" in browser.get("/actions-taken").content
    with on_the_road("test:routing"):
        assert (
            value(
                "select count(*) from ledger_entry where subject_id = %s and event = 'routing:action-taken:recorded'",
                [receipt.report_id],
            )
            == 1
        )


def test_registered_without_its_number_is_refused(accepted):
    receipt, alice = accepted
    answer = browser_of(alice).post("/actions-taken", {"number": receipt.number, "action": "registered"})
    assert answer.status_code == 409
    assert taken_of(receipt) is None


def test_the_report_goes_out_and_comes_back_filled(accepted):
    receipt, alice = accepted
    browser = browser_of(alice)
    book = load_workbook(io.BytesIO(browser.post("/actions-taken/report.xlsx", FOR).content))
    sheet = book.active
    assert [cell.value for cell in sheet[1]] == list(HEADINGS)
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == str(receipt.number))
    row[HEADINGS.index("Action taken")].value = "Under enquiry"
    out = io.BytesIO()
    book.save(out)
    answer = browser.post("/actions-taken/read", {"report": SimpleUploadedFile("a.xlsx", out.getvalue())})
    assert answer.status_code == 200
    assert taken_of(receipt) == "enquiry"
    again = browser.post("/actions-taken/read", {"report": SimpleUploadedFile("a.xlsx", out.getvalue())})
    assert again.context["recorded"] == 0


def test_another_units_report_is_refused_by_row_and_says_nothing_of_it(accepted):
    receipt, _ = accepted
    charlie = make_officer(make_unit("district"), "officer")
    filled = xlsx([("x", ["Report number", "Action taken"], [[receipt.number, "Pending"], [4711, "Pending"]])])
    answer = browser_of(charlie).post("/actions-taken/read", {"report": SimpleUploadedFile("x.xlsx", filled)})
    whys = [(one.why.code, set(one.why.values)) for one in answer.context["refused"]]
    assert whys == [("not_accepted", {"number"})] * 2
    assert taken_of(receipt) is None


def test_the_workbook_has_the_reported_persons_identifiers(accepted, country):
    receipt, alice = accepted
    book = load_workbook(io.BytesIO(browser_of(alice).post("/actions-taken/workbook.xlsx", FOR).content))
    rows = {row[0].value: row for row in book.active.iter_rows(min_row=2)}
    assert any(country.jalgaon_range + "9" in str(cell.value) for cell in rows[str(receipt.number)])


def test_nothing_leaves_without_saying_what_for_and_the_ledger_keeps_it(accepted):
    _, alice = accepted
    browser = browser_of(alice)
    for file in ("workbook.xlsx", "report.xlsx"):
        assert browser.get(f"/actions-taken/{file}").status_code == 302
        assert browser.post(f"/actions-taken/{file}", {"basis": "case", "purpose": "."}).status_code == 302
    assert browser.post("/actions-taken/workbook.xlsx", FOR).status_code == 200
    assert browser.post("/actions-taken/report.xlsx", {}).status_code == 200  # said a moment ago
    with on_the_road("test:routing"):
        told = values(
            "select event || ' ' || purpose from ledger_entry where actor_id = %s and event like '%%exported' order by id",
            [alice.id],
        )
    said = f"case: {FOR['purpose']}"
    assert told == [f"routing:workbook:exported {said}", f"routing:action-taken:exported {said}"]


def test_the_data_of_very_many_people_leave_by_two_and_once(accepted, country, monkeypatch):
    _, alice = accepted
    monkeypatch.setattr(pages_taken, "WORKBOOK_ALONE_REPORTS_MAX", 0)
    browser, head = browser_of(alice), country.officer(country.jalgaon, "Head", "supervisor")
    assert browser.post("/actions-taken/workbook.xlsx", FOR).status_code == 302
    with acting(head.id, name=head.name, with_road=True):
        [asked] = approvals.to_decide(head.id)
        assert (asked.kind, "1 reports" in asked.what) == ("export", True)
        decide(asked.id, signed_in(head.id), granted=True, reason="The state has asked for it in writing")
    assert browser.post("/actions-taken/workbook.xlsx", FOR).status_code == 200
    assert browser.post("/actions-taken/workbook.xlsx", FOR).status_code == 302


def test_nobody_who_is_or_may_be_a_child_is_in_the_workbook(country):
    grown, child = f"g{name('x')}@example.com", f"c{name('x')}@example.com"
    facts = (
        country.upload(country.jalgaon_range + "9"),
        Fact("email", grown, "/a", "reported", 1),
        Fact("email", child, "/b", "reported", 2),
    )
    persons = (Described("reported", 1, "/a", age=40), Described("reported", 2, "/b", age=15))
    receipt = country.receive(*facts, persons=persons)
    country.place(receipt)
    alice = country.officer(country.jalgaon, "Alice", "officer")
    book = load_workbook(io.BytesIO(browser_of(alice).post("/actions-taken/workbook.xlsx", FOR).content))
    text = " ".join(str(cell.value) for row in book.active.iter_rows() for cell in row)
    assert grown in text
    assert child not in text


def test_a_file_that_is_no_report_is_refused_in_words(accepted):
    _, alice = accepted
    answer = browser_of(alice).post("/actions-taken/read", {"report": SimpleUploadedFile("x.txt", b"nothing here")})
    assert answer.status_code == 409

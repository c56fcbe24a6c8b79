"""The room's pages: an officer enters a report, brings files, says once what columns mean; senders see what they lack."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factory import browser_of, make_officer, make_report, make_sender, make_unit, name

from abhaya.intake.loads import load_row, run_kept_load
from abhaya.intake.queries import report
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value
from abhaya.training import paper
from abhaya.training.parameters import TINY
from abhaya.training.world import World

FORM = {
    "how": "telephone", "caller": "child", "source_reliability": "B", "information_credibility": "2",
    "what_kind": "threat", "what_happened": "Says 13. Somebody asks for money and threatens to post.",
    "when": "21-11-2026 22:30 IST", "platform": "ChatLine", "reported_accounts": "ChatLine: 4471920011\nrk.casting",
    "reported_phones": "+91 90000 00077", "child_age": "13", "place_whose": "child", "place_state": "Maharashtra",
    "urgent_because": "A deadline within 24 hours",
}  # fmt: skip


@pytest.fixture
def hub():
    return make_unit("hub")


@pytest.fixture
def alice(hub):
    return make_officer(hub, "analyst")


def test_an_officer_enters_a_report_and_sees_it(hub, alice):
    answer = browser_of(alice).post("/enter", FORM)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    with on_the_road("test"):
        report_id = value("select id from intake_report where unit_id = %s", [hub])
        row = report(report_id)
    record = row.record()
    assert row.channel == "form"
    assert record.source_grade == "B2"
    assert record.escalation == "A deadline within 24 hours"
    assert {(fact.kind, fact.platform) for fact in record.facts if fact.role == "reported"} >= {
        ("account", "ChatLine"),
        ("phone", ""),
    }
    with acting(alice.id):
        assert report(report_id) is not None
    with on_the_road("test"):
        who = value(
            "select actor_id from ledger_entry where subject_id = %s and event = 'intake:report:received'", [report_id]
        )
    assert who == alice.id


def test_a_form_without_what_happened_is_given_back_with_the_rest_filled_in(alice):
    answer = browser_of(alice).post("/enter", {**FORM, "what_happened": ""})
    assert answer.status_code == 422
    assert b"rk.casting" in answer.content


def test_a_nul_in_the_form_is_said_at_its_field(alice):
    answer = browser_of(alice).post("/enter", {**FORM, "reported_name": "a\0b"})
    assert answer.status_code == 422


def test_a_workbook_is_mapped_once_and_then_taken_in(hub, alice):
    reports = [one for one in World(21, TINY).reports(6) if not one.duplicate_of]
    book = paper.workbook(reports)
    browser = browser_of(alice)
    answer = browser.post("/load", {"uploads": [SimpleUploadedFile("w.xlsx", book), *_pdfs(reports)]})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    page = browser.get(answer["Location"])
    assert b"CyberTip Report No" in page.content
    form = page.context["form"]
    chosen = {name: field.initial or "" for name, field in form.fields.items()}
    assert browser.post(answer["Location"], {**chosen, "column1": ""}).status_code == 422
    assert browser.post(answer["Location"], chosen).status_code == 302
    page = browser.get(answer["Location"])
    assert b"CyberTip Report No" not in page.content
    assert browser.post(answer["Location"]).status_code == 302
    load_id = answer["Location"].rstrip("/").rsplit("/", 1)[-1]
    run_kept_load(load_id, lambda _: None)
    with on_the_road("test"):
        assert load_row(load_id).state == "done"
    page = browser.get(answer["Location"])
    assert page.status_code == 200
    again = browser.post("/load", {"uploads": [SimpleUploadedFile("w.xlsx", book)]})
    assert b"CyberTip Report No" not in browser.get(again["Location"]).content


def test_another_units_load_is_not_there(hub, alice):
    answer = browser_of(alice).post(
        "/load", {"uploads": [SimpleUploadedFile("w.csv", b"Report No,Email\n1,a@example.com\n")]}
    )
    charlie = make_officer(make_unit("hub"), "analyst")
    assert browser_of(charlie).get(answer["Location"]).status_code == 404


def test_senders_show_what_their_reports_lack(hub):
    sender = make_sender(hub)
    make_report(sender)
    browser = browser_of(make_officer(hub, "analyst"))
    assert sender.name.encode() in browser.get("/senders").content
    page = browser.get(f"/senders/{sender.id}")
    assert b"the address of the upload itself" in page.content


def test_an_administrator_adds_a_sender_and_a_short_password_is_refused(hub):
    browser = browser_of(make_officer(hub, "administrator"))
    given = {"name": name("Platform"), "kind": "platform", "username": name("u"), "password": "short"}
    refused = browser.post("/senders/add", given)
    assert refused.status_code == 409
    assert browser.post("/senders/add", {**given, "password": "long enough for a door"}).status_code == 302


def _pdfs(reports):
    return [SimpleUploadedFile(paper.pdf_name(one), paper.pdf(one)) for one in reports]

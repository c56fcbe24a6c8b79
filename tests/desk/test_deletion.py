"""The pages of keeping and deleting: exactly what would go, two people, the proof, and the hold that stops it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from tests.desk.world import Desk
from tests.factory import Person, browser_of, make_officer

from abhaya.access.actions import approvals
from abhaya.access.approvals import to_decide
from abhaya.access.queries import signed_in
from abhaya.custody import erasure
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value

ASKED = {"ground": "court", "reference": "Order 12 of 2026", "purpose": "The sessions court ordered its deletion"}
HELD = {
    "authority": "Sessions Court, order 7",
    "reason": "asked for by the defence",
    "review_on": (datetime.now(UTC).date() + timedelta(days=60)).isoformat(),
}


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def sita(desk) -> Client:
    return browser_of(desk.sita)


def reports(report: UUID) -> int:
    with on_the_road("test"):
        return int(value("select count(*) from intake_report where id = %s", [report]))


def granted_by(person: Person) -> None:
    with acting(person.id, name=person.name):
        officer = signed_in(person.id)
        (waiting,) = to_decide(person.id)
        assert officer is not None
        assert "Order 12 of 2026" in waiting.what
        approvals.decide(waiting.id, officer, True, "I read the order of the court")


def carried_on() -> None:
    sequence_all()
    erasure.carry_on_to_the_end()


def test_the_preview_names_every_original_and_deletes_nothing(desk, sita):
    report = desk.report(held=[b"invented bytes"])
    page = sita.get(f"/reports/{report}/deletion").content.decode()
    assert "file.png" in page
    assert "intake_report" in page
    assert reports(report) == 1
    assert "custody:deletion:previewed" in desk.events(report)


def test_it_takes_a_second_person_and_ends_with_a_certificate(desk, sita):
    report = desk.report(held=[b"invented bytes"])
    second = make_officer(desk.unit, "supervisor", called="Tara")
    assert sita.post(f"/reports/{report}/deletion", ASKED).status_code == 302
    assert sita.post(f"/reports/{report}/deletion", {"step": "delete"}).status_code == 403
    carried_on()
    assert reports(report) == 1
    granted_by(second)
    assert sita.post(f"/reports/{report}/deletion", {"step": "delete"}).status_code == 302
    carried_on()
    assert reports(report) == 0
    page = sita.get("/deletions").content.decode()
    assert "Order 12 of 2026" in page
    with on_the_road("test"):
        deletion = value("select id from custody_deletion where approved_by = %s", [second.id])
    text = sita.get(f"/deletions/{deletion}/certificate").content.decode()
    assert text.startswith("Abhaya deletion certificate")
    assert "decided by: Tara" in text
    paper = sita.get(f"/deletions/{deletion}/certificate.pdf")
    assert paper.content.startswith(b"%PDF-")
    assert paper["Content-Type"] == "application/pdf"
    assert sita.get(f"/reports/{report}").status_code == 404


def test_what_the_second_person_said_yes_to_is_what_goes(desk, sita):
    report = desk.report()
    second = make_officer(desk.unit, "supervisor", called="Tara")
    sita.post(f"/reports/{report}/deletion", ASKED)
    granted_by(second)
    sent = sita.post(f"/reports/{report}/forward", {"unit": str(desk.elsewhere), "note": "for you after all"})
    assert sent.status_code == 302
    answer = sita.post(f"/reports/{report}/deletion", {"step": "delete"})
    assert answer.status_code == 409
    assert "has changed" in answer.content.decode()
    assert reports(report) == 1


def test_under_a_legal_hold_nobody_can_even_ask(desk, sita):
    report = desk.report()
    assert sita.post(f"/reports/{report}/hold", HELD).status_code == 302
    page = sita.get(f"/reports/{report}").content.decode()
    assert "1 legal hold" in page and "order 7" in page
    preview = sita.get(f"/reports/{report}/deletion").content.decode()
    assert "Nothing can be deleted now" in preview
    assert "Ask a second person" not in preview
    with on_the_road("test"):
        hold = value("select id from custody_hold where authority = %s order by id desc limit 1", [HELD["authority"]])
    assert sita.post(f"/holds/{hold}/lift", {"reason": "the order was set aside"}).status_code == 302
    assert "Ask a second person" in sita.get(f"/reports/{report}/deletion").content.decode()


def test_a_hold_on_an_identifier_tells_nothing_of_where_it_stands(desk, sita):
    known, unknown = "seen.once@example.com", "never.seen@example.com"
    from_hold = [sita.post("/holds/identifier", {**HELD, "identifier": one}, follow=True) for one in (known, unknown)]
    texts = [answer.content.decode().count("on an identifier") for answer in from_hold]
    assert texts[1] - texts[0] == texts[0] or texts[1] == texts[0] + 1
    assert sita.post("/holds/identifier", {**HELD, "identifier": "?"}).status_code == 422


def test_an_analyst_has_none_of_these_pages(desk):
    report = desk.report()
    alice = browser_of(desk.alice)
    for page in (
        "/deletions",
        "/retention",
        f"/reports/{report}/deletion",
        f"/reports/{report}/hold",
        "/holds/identifier",
    ):
        assert alice.get(page).status_code == 403


def test_the_rules_stand_with_their_source(sita):
    page = sita.get("/retention").content.decode()
    assert "REPORT Act" in page
    assert "draft" in page.lower()

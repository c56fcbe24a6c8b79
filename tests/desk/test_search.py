"""Search finds what one may see, asks what for, and tells nothing of the rest."""

from __future__ import annotations

import hashlib

import pytest
from tests.desk.world import Desk, a_threat
from tests.factory import name

from abhaya.access import purposes
from abhaya.desk.finding import candidates, digest, number
from abhaya.desk.pages_search import needle
from abhaya.ledger.events import Event
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import fetch, value, values

WHY = "Case 114/2026"


@pytest.fixture
def desk() -> Desk:
    return Desk()


def search(desk: Desk, person, text: str) -> str:
    answer = desk.browser(person).post("/search", {"q": text, "basis": "case", "purpose": WHY})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_report_number_leads_straight_to_the_report(desk):
    report = desk.report(**a_threat())
    with on_the_road("test"):
        found = value("select number from intake_report where id = %s", [report])
    answer = desk.browser(desk.alice).get("/search", {"q": str(found)})
    assert (answer.status_code, answer.url) == (302, f"/reports/{report}")
    assert desk.browser(desk.charlie).get("/search", {"q": str(found)}).status_code == 200


@pytest.mark.parametrize("typed", ["{tag}@example.com", " {TAG}@EXAMPLE.COM ", "id{tag}", "chatline:id{tag}"])
def test_an_identifier_is_found_however_it_is_typed(desk, typed):
    tag = name("s").replace("-", "")
    report = desk.report(**a_threat(tag))
    assert f"/reports/{report}" in search(
        desk, desk.alice, typed.format(tag=tag, TAG=tag.upper() if "TAG" in typed else tag)
    )


def test_the_bytes_of_a_file_are_found_by_each_of_their_hashes(desk):
    content = name("content").encode()
    report = desk.report(**a_threat(), held=[content])
    with on_the_road("test"):
        row = fetch(lambda *hashes: hashes, "select md5, sha1, sha256 from intake_file where report_id = %s", [report])[
            0
        ]
    for hashed in row:
        assert f"/reports/{report}" in search(desk, desk.alice, bytes(hashed).hex())


def test_what_is_closed_and_what_is_absent_look_the_same(desk):
    tag = name("s").replace("-", "")
    report = desk.report(**a_threat(tag))
    closed = search(desk, desk.charlie, f"{tag}@example.com")
    absent = search(desk, desk.charlie, f"{name('x')}@example.com")
    assert f"/reports/{report}" not in closed
    for page in (closed, absent):
        assert "No report that you may see" in page


def test_without_a_purpose_nothing_is_searched_and_nothing_recorded(desk):
    answer = desk.browser(desk.alice).post("/search", {"q": "a@example.com", "basis": "case", "purpose": ""})
    assert answer.status_code == 422
    with on_the_road("test"):
        assert (
            value(
                "select count(*) from ledger_entry where actor_id = %s and event = %s",
                [desk.alice.id, Event.DESK_SEARCH_MADE],
            )
            == 0
        )


def test_the_ledger_keeps_who_searched_and_what_for_but_not_the_words(desk):
    tag = name("s").replace("-", "")
    search(desk, desk.alice, f"{tag}@example.com")
    with on_the_road("test"):
        body, purpose = fetch(
            lambda *row: row,
            "select body, purpose from ledger_entry where actor_id = %s and event = %s",
            [desk.alice.id, Event.DESK_SEARCH_MADE],
        )[0]
    assert purpose == f"case: {WHY}"
    assert tag.encode() not in bytes(body)


def test_typed_text_is_read_as_everything_it_can_be():
    assert ("email", "asha.k@example.com") in {(one.kind, one.value) for one in candidates("Asha.K@Example.com", [])}
    assert any(one.value == "newplace:77" for one in candidates("77", ["NewPlace"]))
    assert candidates("", []) == []
    assert digest("zz" * 16) is None
    assert digest("0" * 64) == bytes(32)
    assert number("12 34") is None
    assert number("7685709748427347") == 7685709748427347


def test_what_for_is_asked_once_in_half_an_hour_and_stands_behind_every_search(desk, monkeypatch):
    browser = desk.browser(desk.alice)
    assert "Case number or reason" in browser.get("/search", {"q": "a@example.com"}).content.decode()
    for purpose in (
        {},
        {"basis": "case"},
        {"basis": "nonsense", "purpose": WHY},
        {"basis": "case", "purpose": ". . . ."},
    ):
        assert browser.post("/search", {"q": "a@example.com", **purpose}).status_code == 422
    assert browser.post("/search", {"q": "a@example.com", "basis": "danger", "purpose": WHY}).status_code == 200
    page = browser.get("/search", {"q": "b@example.com"}).content.decode()
    assert "No report that you may see" in page
    assert "Case number or reason" not in page
    with on_the_road("test"):
        told = values(
            "select purpose from ledger_entry where actor_id = %s and event = %s",
            [desk.alice.id, Event.DESK_SEARCH_MADE],
        )
    assert told == [f"danger: {WHY}"] * 2
    assert browser.post("/search", {"act": "change"}).status_code == 302
    assert "Case number or reason" in browser.get("/search", {"q": "b@example.com"}).content.decode()
    browser.post("/search", {"q": "a@example.com", "basis": "case", "purpose": WHY})
    monkeypatch.setattr(purposes, "KEPT_SECONDS_MAX", -1)
    assert "Case number or reason" in browser.get("/search", {"q": "b@example.com"}).content.decode()


def test_the_ledger_alone_does_not_tell_which_telephone_was_searched_for(desk):
    typed = "+919000000077"
    search(desk, desk.alice, typed)
    with on_the_road("test"):
        body = bytes(
            value(
                "select body from ledger_entry where actor_id = %s and event = %s",
                [desk.alice.id, Event.DESK_SEARCH_MADE],
            )
        )
    for candidate in candidates(typed, []):
        assert str(candidate.selector).encode() not in body
        assert hashlib.sha256(candidate.value.encode()).hexdigest()[:32].encode() not in body
    assert any(needle(candidate).encode() in body for candidate in candidates(typed, []))

"""My desk, the queue and one report, as officers meet them."""

from __future__ import annotations

import re

import pytest
from tests.desk.world import Desk, a_threat
from tests.factory import make_sender, name

from abhaya.desk import pages
from abhaya.ledger.events import Event
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import execute, value

WHY = "The account is already in hand at this unit."


@pytest.fixture
def desk() -> Desk:
    return Desk()


def text_of(answer) -> str:
    return answer.content.decode()


class TestAReport:
    def test_opened_from_the_queue_is_in_one_officers_hands_alone(self, desk):
        report = desk.report(**a_threat())
        page = desk.browser(desk.alice).get(f"/reports/{report}")
        assert page.status_code == 200
        assert "yours alone until" in text_of(page)
        held = desk.browser(desk.bob).get(f"/reports/{report}")
        assert held.status_code == 409
        assert "Alice has this report in hand" in text_of(held)
        assert "ChatLine" not in text_of(held)
        assert desk.events(report)[-2:] == [Event.TRIAGE_REPORT_CLAIMED, Event.DESK_REPORT_VIEWED]

    def test_comes_back_by_itself_when_its_time_has_run_out(self, desk):
        report = desk.report(**a_threat())
        desk.browser(desk.alice).get(f"/reports/{report}")
        desk.let_time_pass(report)
        assert desk.browser(desk.bob).get(f"/reports/{report}").status_code == 200

    def test_a_supervisor_may_read_along_and_the_ledger_says_so(self, desk):
        report = desk.report(**a_threat())
        desk.browser(desk.alice).get(f"/reports/{report}")
        assert desk.browser(desk.sita).get(f"/reports/{report}").status_code == 409
        assert desk.browser(desk.sita).get(f"/reports/{report}?along=1").status_code == 200
        assert desk.browser(desk.bob).get(f"/reports/{report}?along=1").status_code == 409
        with on_the_road("test"):
            who = value("select actor_name from ledger_entry where subject_id = %s order by id desc limit 1", [report])
        assert who == "Sita"

    def test_is_not_there_for_a_stranger_and_looks_like_one_that_never_was(self, desk):
        report = desk.report(**a_threat())
        closed = desk.browser(desk.charlie).get(f"/reports/{report}")
        absent = desk.browser(desk.charlie).get("/reports/00000000-0000-7000-8000-000000000000")
        assert closed.status_code == absent.status_code == 404
        number = re.compile(r"\b[0-9a-f]{12}\b|value=\"[A-Za-z0-9]{64}\"|/reports/[0-9a-f-]{36}")
        assert number.sub("", text_of(closed)) == number.sub("", text_of(absent))

    def test_has_a_title_a_why_and_a_road(self, desk):
        page = text_of(desk.browser(desk.alice).get(f"/reports/{desk.report(**a_threat())}"))
        assert "A person who says 13 is threatened on ChatLine" in page
        assert "Imminent danger, because" in page
        assert "a threat with a deadline of" not in page
        assert "a demand or threat with a deadline of 24 hours (content)" in page
        assert "nothing; act now." in page
        assert "A lead for the order of work, not evidence." in page
        assert "Report received" in page

    def test_says_the_same_in_hindi(self, desk):
        report = desk.report(**a_threat())
        browser = desk.browser(desk.alice)
        browser.post("/language", {"language": "hi", "next": "/desk"})
        page = text_of(browser.get(f"/reports/{report}"))
        assert "ChatLine पर अपनी उम्र 13 बताने वाले को धमकी दी जा रही है" in page
        assert "सबूत नहीं" in page

    def test_shows_what_was_written_as_text_and_never_a_picture(self, desk):
        page = text_of(desk.browser(desk.alice).get(f"/reports/{desk.report(**a_threat(), held=[b'gradient'])}"))
        assert "&lt;script&gt;" in page
        assert "<script>" not in page
        assert "<img" not in page
        assert "not opened" in page
        assert "the sender did not look" in page
        assert "21.11.2026 9.40 pm" in page
        assert "the day and month could be swapped" in page

    def test_says_in_which_other_reports_its_identifiers_stand(self, desk):
        tag = name("same")
        first = desk.report(**a_threat(tag))
        second = desk.report(**a_threat(tag))
        page = text_of(desk.browser(desk.alice).get(f"/reports/{second}"))
        assert "Seen before in 1 report" in page
        assert f"/reports/{first}" in page
        assert "in 1 other report" in page

    def test_of_a_sender_who_tests_is_shown_and_stands_in_no_queue(self, desk):
        desk.sender = make_sender(desk.unit, is_test=True)
        report = desk.report(**a_threat())
        browser = desk.browser(desk.alice)
        assert "A test report of ChatLine" in text_of(browser.get(f"/reports/{report}"))
        assert f"/reports/{report}" not in text_of(browser.get("/queue"))


class TestAChild:
    def test_is_masked_until_somebody_asks_with_a_purpose_and_then_once(self, desk):
        tag = name("kid")
        report = desk.report(**a_threat(tag))
        browser = desk.browser(desk.alice)
        page = text_of(browser.get(f"/reports/{report}"))
        for hidden in (f"Hidden {tag}", f"School {tag}", f"hidden.{tag}@example.org", "00077", f"Lane {tag}"):
            assert hidden not in page
        assert "stated age 13" in page
        assert "Ask to see" in page
        identity = f"/reports/{report}/identity"
        assert browser.post(identity, {"act": "ask", "purpose": "x"}).status_code == 409
        assert browser.post(identity, {"purpose": "to reach the child's guardian"}).status_code == 200
        shown = desk.unmasked(desk.alice, desk.bob, identity, "to reach the child's guardian")
        assert f"Hidden {tag}" in shown
        assert f"hidden.{tag}@example.org" in shown
        assert f"Hidden {tag}" not in text_of(browser.get(f"/reports/{report}"))
        with on_the_road("test"):
            purpose = value(
                "select purpose from ledger_entry where subject_id = %s and event = %s",
                [report, Event.DESK_IDENTITY_SHOWN],
            )
        assert purpose == "to reach the child's guardian"

    def test_stays_masked_where_an_identifier_of_theirs_was_seen_before(self, desk):
        tag = name("kid")
        desk.report(**a_threat(tag))
        page = text_of(desk.browser(desk.alice).get(f"/reports/{desk.report(**a_threat(tag))}"))
        assert f"hidden.{tag}@example.org" not in page
        assert "Seen before" in page


class TestADecision:
    def test_takes_a_reason_and_leaves_the_queue(self, desk):
        report = desk.report(**a_threat())
        browser = desk.browser(desk.alice)
        browser.get(f"/reports/{report}")
        assert browser.post(f"/reports/{report}/decide", {"decision": "work", "reason": "no"}).status_code == 422
        answer = browser.post(f"/reports/{report}/decide", {"decision": "work", "reason": WHY})
        assert (answer.status_code, answer.url) == (302, "/queue")
        assert f"/reports/{report}" not in text_of(browser.get("/queue"))
        page = text_of(browser.get(f"/reports/{report}"))
        assert WHY in page
        assert browser.post(f"/reports/{report}/reopen", {"reason": "Another child was named."}).status_code == 302
        assert f"/reports/{report}" in text_of(browser.get("/queue"))

    def test_is_not_anothers_to_take(self, desk):
        report = desk.report(**a_threat())
        desk.browser(desk.alice).get(f"/reports/{report}")
        answer = desk.browser(desk.bob).post(f"/reports/{report}/decide", {"decision": "work", "reason": WHY})
        assert answer.status_code == 409
        assert "Alice has this report in hand" in text_of(answer)
        stranger = desk.browser(desk.charlie).post(f"/reports/{report}/decide", {"decision": "work", "reason": WHY})
        assert stranger.status_code == 404

    def test_put_back_it_waits_for_the_next(self, desk):
        report = desk.report(**a_threat())
        desk.browser(desk.alice).get(f"/reports/{report}")
        assert desk.browser(desk.alice).post(f"/reports/{report}/release").status_code == 302
        assert desk.browser(desk.bob).get(f"/reports/{report}").status_code == 200


class TestTheQueue:
    def test_puts_the_child_in_danger_first_and_counts_honestly(self, desk):
        quiet = desk.report(files=(), texts=())
        urgent = desk.report(**a_threat())
        page = text_of(desk.browser(desk.alice).get("/queue"))
        assert page.index(f"/reports/{urgent}") < page.index(f"/reports/{quiet}")
        assert re.search(r"<b>2</b>\s*waiting", page)
        assert re.search(r"<b>2</b>\s*never looked at", page)
        desk.browser(desk.alice).get(f"/reports/{urgent}")
        page = text_of(desk.browser(desk.bob).get("/queue"))
        assert re.search(r"<b>1</b>\s*never looked at", page)
        assert "Alice has it in hand" in page

    @pytest.mark.parametrize(
        ("query", "is_there"),
        [
            ("?lane=imminent", True),
            ("?lane=thin", False),
            ("?seen=none", False),
            ("?unseen=on", True),
            ("?waiting=24", False),
            ("?order=oldest", True),
            ("?place=IN-99", False),
            ("?lane=';drop table x&sender=nobody&waiting=zz&place=<b>", True),
        ],
    )
    def test_is_narrowed_as_asked_and_by_nonsense_not_at_all(self, desk, query, is_there):
        report = desk.report(**a_threat())
        page = text_of(desk.browser(desk.alice).get(f"/queue{query}"))
        assert (f"/reports/{report}" in page) is is_there
        if not is_there:
            assert "No report in your queue is like this." in page

    def test_pages_on_by_key_and_shows_each_report_once(self, desk, monkeypatch):
        monkeypatch.setattr(pages, "PAGE_ROWS", 2)
        reports = {str(desk.report()) for _ in range(5)}
        browser, address, seen = desk.browser(desk.alice), "/queue", []
        for _ in range(4):
            page = text_of(browser.get(address))
            seen += re.findall(r"class=\"whole\" href=\"/reports/([0-9a-f-]{36})\"", page)
            following = re.search(r'rel="next" href="([^"]+)"', page)
            if following is None:
                break
            address = "/queue" + following[1].replace("&amp;", "&")
        assert sorted(seen) == sorted(reports)

    def test_is_empty_for_another_unit_and_says_so(self, desk):
        desk.report(**a_threat())
        page = text_of(desk.browser(desk.charlie).get("/queue"))
        assert "Nothing waits" in page
        assert "ChatLine" not in page


class TestMyDesk:
    def test_says_what_is_mine_and_what_comes_next(self, desk):
        first, second = desk.report(**a_threat()), desk.report(**a_threat())
        browser = desk.browser(desk.alice)
        page = text_of(browser.get("/desk"))
        assert "Nothing is in your hands" in page
        assert "Open the most urgent" in page
        browser.get(f"/reports/{second}")
        page = text_of(browser.get("/desk"))
        assert "Go on with the oldest" in page
        assert page.index(f"/reports/{second}") < page.index(f"/reports/{first}")

    def test_asks_few_questions_of_the_database_however_much_waits(self, desk, django_assert_max_num_queries):
        for _ in range(6):
            desk.report(**a_threat())
        browser = desk.browser(desk.alice)
        for address in ("/desk", "/queue"):
            with django_assert_max_num_queries(25):
                assert browser.get(address).status_code == 200


def test_a_queue_is_narrowed_by_the_places_its_reports_point_to(desk):
    report = desk.report(**a_threat())
    with on_the_road("test"):
        execute("update triage_queue set place_code = 'IN-27-478' where report_id = %s", [report])
    browser = desk.browser(desk.alice)
    page = text_of(browser.get("/queue"))
    assert re.search(r'<option value="IN-27-478">\s*Jalgaon', page)
    assert re.search(r'<option value="IN-27">\s*Maharashtra', page)
    for place, is_there in (("IN-27-478", True), ("IN-27", True), ("IN", True), ("IN-2", False), ("IN-10", False)):
        assert (f"/reports/{report}" in text_of(browser.get(f"/queue?place={place}"))) is is_there

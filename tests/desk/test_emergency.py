"""Emergency access: one officer, four hours, told at once, reviewed by another; and no way to ask what exists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import psycopg
import pytest
from django.urls import reverse
from tests.desk.world import Desk, a_threat
from tests.factory import Person, at_once, browser_of, make_officer, make_unit, name

from abhaya.access.actions.emergencies import PER_DAY_MAX
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value, values

WHY = "Constable telephoned: the child of this report is at the station now"


@dataclass
class Night(Desk):
    """Charlie of another district has the number of Alice's report; his own supervisor; an auditor; an administrator."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.head = make_officer(self.elsewhere, "supervisor", called="Head")
        self.auditor = make_officer(self.unit, "auditor", called="Eve")
        self.dana = make_officer(self.elsewhere, "administrator", called="Dana")
        self.mark = name("t").replace("-", "")
        self.held = self.report(**a_threat(self.mark))

    def number(self, report: UUID | None = None) -> str:
        with on_the_road("test", apart=True):
            return str(value("select number from intake_report where id = %s", [report or self.held]))

    def opens(self, person: Person, reference: str, reason: str = WHY):
        return browser_of(person).post("/emergency", {"reference": reference, "reason": reason, "understood": "on"})

    def sees(self, person: Person) -> bool:
        with acting(person.id):
            return bool(value("select count(*) from intake_report where id = %s", [self.held]))

    def noted(self) -> UUID:
        with on_the_road("test"):
            return value("select id from access_emergency where target = %s order by at desc limit 1", [self.held])


@pytest.fixture
def night() -> Night:
    return Night()


def test_charlie_opens_by_number_alice_is_told_and_writes_the_review(night):
    assert not night.sees(night.charlie)
    opened = night.opens(night.charlie, night.number())
    assert (opened.status_code, opened.url) == (302, f"/reports/{night.held}")
    assert browser_of(night.charlie).get(opened.url).status_code == 200
    assert not night.sees(night.head)  # to Charlie alone
    for page in ("/desk", f"/reports/{night.held}", "/emergencies"):
        told = browser_of(night.alice).get(page).content.decode()
        assert WHY in told, page
        assert "Charlie" in told, page
    review = f"/emergencies/{night.noted()}"
    assert (
        browser_of(night.alice)
        .post(review, {"answer": "justified", "words": "I telephoned the station: it was so"})
        .status_code
        == 302
    )
    assert WHY not in browser_of(night.alice).get("/desk").content.decode()
    assert night.sees(night.charlie)
    assert night.events(night.held)[-3:].count("access:emergency:reviewed") == 1
    again = browser_of(night.bob).post(review, {"answer": "unjustified", "words": "I see it in another way altogether"})
    assert again.status_code == 409


def test_what_was_not_justified_closes_at_once(night):
    night.opens(night.charlie, night.number())
    browser_of(night.alice).post(
        f"/emergencies/{night.noted()}", {"answer": "unjustified", "words": "Nobody at the station knows of this"}
    )
    assert not night.sees(night.charlie)
    with on_the_road("test"):
        assert value("select justified from access_emergency where id = %s", [night.noted()]) is False


def test_after_four_hours_it_closes_by_itself(night, bench):
    night.opens(night.charlie, night.number())
    with bench.connect("abhaya_owner") as owner:
        hours = owner.execute(
            "select extract(epoch from until - now()) / 3600 from access_opening where viewer = %s", [night.charlie.id]
        ).fetchone()[0]
        assert 3.9 < hours <= 4
        owner.execute("update access_opening set until = now() where viewer = %s", [night.charlie.id])
    assert not night.sees(night.charlie)
    assert browser_of(night.charlie).get(f"/reports/{night.held}").status_code == 404
    assert "/emergencies/" in browser_of(night.alice).get("/desk").content.decode()  # and still waits for its review


def test_the_officer_never_reviews_their_own_nor_does_who_came_in_the_same_way(night):
    night.opens(night.charlie, night.number())
    other = make_officer(night.elsewhere, called="Esha")
    noted = f"/emergencies/{night.noted()}"
    night.opens(other, night.number())
    words = {"answer": "justified", "words": "It was justified, say I about this one"}
    assert browser_of(night.charlie).post(noted, words).status_code == 403
    assert browser_of(other).post(noted, words).status_code == 404
    assert browser_of(night.head).post(noted, words).status_code == 403  # sees it, holds no report
    assert browser_of(night.auditor).post(noted, words).status_code == 403


def text_of(answer, *typed: str) -> str:
    text = answer.content.decode()
    for word in typed:
        text = text.replace(word, "NUMBER")
    return re.sub(r'csrfmiddlewaretoken" value="\w+|Used \d+ of', "", text)


def test_covert_absent_and_ambiguous_answer_with_the_same_words_and_leave_the_same_trace(night, bench):
    covert, twin = night.report(**a_threat()), f"REF-{name('7')}"
    night.report(external_ref=twin)
    night.report(external_ref=twin)
    with bench.connect("abhaya_owner") as owner:
        owner.execute(
            "update access_compartment set covert = true where id = (select compartment from intake_report where id = %s)", [covert]
        )  # fmt: skip
    hidden, absent = night.number(covert), "4503599627370497"
    answers = [text_of(night.opens(night.charlie, typed), typed) for typed in (hidden, absent, twin)]
    assert answers[0] == answers[1] == answers[2]
    assert "No report can be opened in this way" in answers[0]
    with on_the_road("test"):
        kept = values(
            "select (kind, compartment is null, target is null, until is null)::text from access_emergency"
            " where officer_id = %s", [night.charlie.id],
        )  # fmt: skip
        traces = values(
            "select (event, subject_id is null, compartment is null)::text from ledger_entry"
            " where actor_id = %s and event like 'access:emergency:%%'", [night.charlie.id],
        )  # fmt: skip
    assert (len(kept), set(kept)) == (3, {"(open,t,t,t)"})
    assert (len(traces), set(traces)) == (3, {"(access:emergency:refused,t,t)"})
    for person in (night.auditor, night.head):
        assert hidden in browser_of(person).get("/emergencies").content.decode()
    assert hidden not in browser_of(night.alice).get("/emergencies").content.decode()


def test_a_day_has_five_and_a_guess_is_counted_like_a_hit(night):
    for guess in range(PER_DAY_MAX["open"]):
        assert night.opens(night.charlie, str(4503599627370500 + guess)).status_code == 422
    answer = night.opens(night.charlie, night.number())
    assert answer.status_code == 429
    assert not night.sees(night.charlie)
    with acting(night.charlie.id), pytest.raises(AssertionError):
        assert value("select desk_open_in_emergency(gen_random_uuid(), %s, 'by the back door')", [night.number()])
    assert not night.sees(night.charlie)


def test_not_for_administrators_or_auditors_nor_without_a_reason(night):
    for person in (night.dana, night.auditor):
        assert night.opens(person, night.number()).status_code == 403
        with acting(person.id):
            assert (
                value("select desk_open_in_emergency(gen_random_uuid(), %s, 'by the back door')", [night.number()])
                is None
            )
    for reason in ("", "short", "!!!!!!!!!!!!!!!!"):
        assert night.opens(night.charlie, night.number(), reason).status_code in {409, 422}
    refused = browser_of(night.charlie).post("/emergency", {"reference": night.number(), "reason": WHY})
    assert refused.status_code == 422
    assert not night.sees(night.charlie)


def test_a_name_typed_for_a_number_goes_nowhere_and_a_senders_number_stays_out_of_the_ledger(night):
    assert night.opens(night.charlie, "Asha Kalpit of Lane Four").status_code == 422
    assert night.opens(night.charlie, "CT-77/asha").status_code == 422
    with on_the_road("test"):
        kept = values("select reference from access_emergency where officer_id = %s", [night.charlie.id])
        told = values("select body from ledger_entry where actor_id = %s", [night.charlie.id])
    assert kept == ["CT-77/asha"]
    assert not any(b"CT-77" in bytes(body) for body in told)


def test_the_note_behind_it_is_nobodys_to_call(night, ask_as):
    connection = ask_as("abhaya_app")
    connection.execute("select set_config('abhaya.officer', %s, false)", [str(night.charlie.id)])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select access_emergency_note(gen_random_uuid(), 'open', '1', 'x', gen_random_uuid(), null)")


def test_who_opened_in_an_emergency_is_no_second_person_and_unmasks_only_by_one(night):
    night.opens(night.charlie, night.number())
    page = reverse("desk-identity", args=[night.held])
    charlie = browser_of(night.charlie)
    assert f"Hidden {night.mark}" not in charlie.get(f"/reports/{night.held}").content.decode()
    browser_of(night.alice).post(page, {"act": "ask", "purpose": "to telephone the mother at once"})
    assert "to telephone the mother" not in charlie.get("/second-person").content.decode()
    assert charlie.post(page, {"act": "show"}).status_code == 403
    shown = charlie.post(
        page, {"act": "emergency", "reason": "The child is here and cannot say her name", "understood": "on"}
    )
    assert f"Hidden {night.mark}" in shown.content.decode()
    assert "Masked identity shown" in browser_of(night.alice).get("/emergencies").content.decode()


def test_a_report_that_is_open_anyway_uses_nothing_up(night):
    answer = night.opens(night.alice, night.number())
    assert (answer.status_code, answer.url) == (302, f"/reports/{night.held}")
    with on_the_road("test"):
        assert value("select count(*) from access_emergency where officer_id = %s", [night.alice.id]) == 0


def test_a_covert_report_unmasked_by_its_member_is_not_told_to_the_supervisor_above(night, bench):
    hub = make_unit("hub")
    sita, unit = make_officer(hub, "supervisor", called="Sita"), make_unit("district", parent=hub)
    member = make_officer(unit, called="Member")
    with bench.connect("abhaya_owner") as owner:
        owner.execute(
            "insert into access_opening (viewer, compartment, level, basis) select %s, compartment, 'work', 'member'"
            " from intake_report where id = %s", [member.id, night.held],
        )  # fmt: skip
    page = reverse("desk-identity", args=[night.held])
    done = {"act": "emergency", "reason": "The child is here and cannot say her name", "understood": "on"}
    assert browser_of(member).post(page, done).status_code == 200
    assert night.number() in browser_of(sita).get("/emergencies").content.decode()
    with bench.connect("abhaya_owner") as owner:
        owner.execute(
            "update access_compartment set covert = true where id = (select compartment from intake_report where id = %s)",
            [night.held],
        )
    assert night.number() not in browser_of(sita).get("/emergencies").content.decode()


def test_at_the_same_moment_the_day_still_has_five(night):
    charlie, number = night.charlie, night.number()
    for guess in range(PER_DAY_MAX["open"] - 1):
        night.opens(charlie, str(4503599627370500 + guess))
    answers = at_once(*[partial(night.opens, charlie, number)] * 3)
    with on_the_road("test"):
        assert value("select count(*) from access_emergency where officer_id = %s", [charlie.id]) == PER_DAY_MAX["open"]
    assert all(answer.status_code in {302, 422, 429} for answer in answers)


def test_two_who_review_at_the_same_moment_write_one_review(night):
    night.opens(night.charlie, night.number())
    page = f"/emergencies/{night.noted()}"
    words = "I telephoned the station: it was so"
    answers = at_once(
        partial(browser_of(night.alice).post, page, {"answer": "justified", "words": words}),
        partial(browser_of(night.bob).post, page, {"answer": "unjustified", "words": words}),
    )
    assert min(answer.status_code for answer in answers) == 302
    assert night.events(night.held).count("access:emergency:reviewed") == 1

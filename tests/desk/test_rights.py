"""Rights of a person: all that is held about one, no word about another, and an answer with its reasons."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from tests.desk.world import Desk
from tests.factory import browser_of, make_officer, make_report, make_sender, name
from tests.linking.people import account, acts, signed, walk, who
from tests.linking.people import report as linked

from abhaya.access.actions import approvals
from abhaya.access.approvals import to_decide
from abhaya.access.queries import signed_in
from abhaya.intake.formats.record import Fact, Text
from abhaya.intake.formats.record import Person as Described
from abhaya.linking.actions.judgements import judge
from abhaya.linking.actions.remarks import Written as Note
from abhaya.linking.actions.remarks import write
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def mail() -> str:
    return f"{name('asha')}@example.com"


def held_in(desk: Desk, mail: str) -> list:
    """In one report as reported, in another as the victim with somebody else, in a third only in a text."""
    other = Fact("email", "somebody.else@example.com", "/report/other", "reported", 1)
    found = [
        desk.report(facts=(Fact("email", mail, "/report/email", "reported", 1),)),
        desk.report(facts=(Fact("email", mail, "/report/victim", "victim", 1), other)),
        desk.report(texts=(Text("additional information", f"asks for a picture, writes from {mail}", "/report/text"),)),
    ]
    elsewhere = make_sender(desk.elsewhere)
    make_report(elsewhere, facts=(Fact("email", mail, "/report/email", "reported", 1),))
    desk.road()
    return found


def taken_down(desk: Desk, mail: str, kind: str = "access") -> tuple:
    sita = browser_of(desk.sita)
    day = datetime.now(UTC).date().isoformat()
    said = {"kind": kind, "reference": "Letter 4 of 2026", "received_on": day, "identifiers": mail}
    answer = sita.post("/rights", said)
    assert answer.status_code == 302
    return sita, answer.url


def test_all_that_is_held_about_a_person_stands_with_its_role_and_what_it_is(desk, mail):
    held_in(desk, mail)
    sita, page = taken_down(desk, mail)
    text = sita.get(page).content.decode()
    assert "Held in 3 reports" in text  # the other unit's report is not counted
    assert text.count("stated by the sender") == 2
    assert text.count("an assessment") == 1
    assert "/report/victim" in text
    assert "somebody.else@example.com" not in text


def test_the_answer_file_takes_a_second_person_and_names_nobody_else(desk, mail):
    held_in(desk, mail)
    sita, page = taken_down(desk, mail)
    assert sita.post(f"{page}/answer").status_code == 302
    tara = make_officer(desk.unit, "supervisor", called="Tara")
    with acting(tara.id, name="Tara"):
        (waiting,) = to_decide(tara.id)
        officer = signed_in(tara.id)
        assert officer is not None
        assert "Letter 4 of 2026" in waiting.what
        approvals.decide(waiting.id, officer, True, "the letter is answered in time")
    file = sita.post(f"{page}/answer")
    assert file.headers["Content-Type"].startswith("text/csv")
    lines = file.content.decode().splitlines()
    assert len(lines) == 4
    assert all(mail in line for line in lines[1:])
    assert "somebody.else" not in file.content.decode()


def test_what_officers_wrote_of_their_accounts_stands_with_it_without_what_is_others(desk, mail):
    asha, other, friend = name("asha"), name("other"), name("friend")
    walk(
        linked(desk.sender, who(asha, email=mail), who(friend, "victim", email=f"{friend}@example.com")),
        linked(desk.sender, who(other, phone="+91 98200 77001")),
    )
    with acts(desk.alice):
        about = frozenset({account(asha)})
        write(Note(f"asks {friend} for a picture, as {other} does", about), signed(desk.alice))
        why = f"Both, {asha} and {other}, wrote to {friend} that day."
        judge(account(asha), account(other), "unsure", why, signed(desk.alice))
    sita, page = taken_down(desk, mail)
    shown = " ".join(sita.get(page).content.decode().split())
    assert "asks ▒▒▒ for a picture, as" in shown
    assert f"Both, {asha} and ▒▒▒, wrote to ▒▒▒ that day." in shown
    assert friend not in shown
    assert other not in shown
    sita.post(f"{page}/answer")
    tara = make_officer(desk.unit, "supervisor", called="Tara")
    with acting(tara.id, name="Tara"):
        (waiting,) = to_decide(tara.id)
        assert "4 entries" in waiting.what  # the address on two days, a remark, a judgement
        approvals.decide(waiting.id, signed_in(tara.id), True, "the letter is answered in time")
    file = sita.post(f"{page}/answer").content.decode()
    assert f"unsure: Both, {asha} and ▒▒▒, wrote to ▒▒▒ that day." in file
    assert "Alice" not in file
    assert not {friend, other}.intersection(file.replace(",", " ").split())


def test_the_command_says_where_to_the_officer_it_is_run_for(desk, mail, live):
    held_in(desk, mail)
    done = live.run("person", "held", mail, "--officer", desk.sita.username, "--purpose", "letter 4 of 2026")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert max(line["role"] for line in lines) == "victim"
    assert [line["stated_as"] for line in lines].count("assessment") == 1
    assert mail not in done.stdout
    refused = live.run("person", "held", mail, "--officer", desk.alice.username, "--purpose", "curious", check=False)
    assert refused.returncode == 3
    assert "does not handle" in refused.stderr


def test_a_correction_stands_beside_the_fact_and_the_original_stays(desk, mail):
    (first, *_rest) = held_in(desk, mail)
    sita, page = taken_down(desk, mail, "correction")
    with on_the_road("test"):
        sighting = value("select id from selectors_sighting where report_id = %s and kind = 'email'", [first])
        before = value("select record::text from intake_report where id = %s", [first])
    assert (
        sita.post(f"{page}/correct", {"sighting": str(sighting), "note": "the account was stolen"}).status_code == 302
    )
    assert "the account was stolen" in sita.get(page).content.decode()
    with on_the_road("test"):
        assert value("select record::text from intake_report where id = %s", [first]) == before
    assert "desk:fact:corrected" in desk.events(first)


def test_a_refusal_has_its_ground_and_is_said_once(desk, mail):
    sita, page = taken_down(desk, mail, "erasure")
    refused = {"outcome": "refused", "ground": "", "reasons": "an investigation is under way"}
    assert sita.post(page, refused).status_code == 409
    assert sita.post(page, {**refused, "ground": "investigation"}).status_code == 302
    assert "An enquiry or investigation would suffer" in sita.get(page).content.decode()
    assert sita.post(page, {**refused, "ground": "investigation"}).status_code == 409


def test_only_who_handles_requests_in_the_unit_finds_them(desk, mail):
    _, page = taken_down(desk, mail)
    assert browser_of(desk.alice).get(page).status_code == 403
    other = make_officer(desk.elsewhere, "supervisor", called="Omar")
    assert browser_of(other).get(page).status_code == 404
    assert "Letter 4 of 2026" not in browser_of(other).get("/rights").content.decode()


def test_a_correction_stands_on_the_reports_page_and_tells_nothing_of_a_masked_child(desk):
    mail, child = f"{name('asha')}@example.com", f"{name('minor')}@example.com"
    report = desk.report(
        persons=(Described("reported", 1, "/report"), Described("victim", 1, "/report/victim")),
        facts=(
            Fact("email", mail, "/report/email", "reported", 1),
            Fact("email", child, "/report/victim/email", "victim", 1),
        ),
    )
    for known, note in ((mail, f"his, not {child}, says the bank"), (child, "no longer in her use")):
        sita, page = taken_down(desk, known, "correction")
        with on_the_road("test"):
            sighting = value("select id from selectors_sighting where report_id = %s and raw = %s", [report, known])
        assert sita.post(f"{page}/correct", {"sighting": str(sighting), "note": note}).status_code == 302
    shown = sita.get(f"/reports/{report}").content.decode()
    assert "says the bank" in shown
    assert child not in shown
    assert "no longer in her use" not in shown

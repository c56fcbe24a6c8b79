"""What is known of a person ranks all their reports, anew when it changes; nobody learns of a report that is not theirs to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.factory import From, Receipt, browser_of, make_officer, make_sender, make_unit, name
from tests.linking.people import account, acts, are_one, rebuilt, report, signed, subjects_of, who
from tests.linking.test_subject_visibility import make_covert

from abhaya.intake.formats.record import Instant, Text
from abhaya.linking.actions import judgements, personas
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.reason import sentence
from abhaya.shared.road import drain
from abhaya.shared.sql import execute, fetch, value, values
from abhaya.triage import actions, persons, queries
from abhaya.triage.reasons import SENTENCES

GENERIC = "another report of the same person, as far as is known, makes it more urgent"


@dataclass(frozen=True)
class Two:
    """Two accounts of one person, `quiet` and `other`, and what both have."""

    sender: From
    quiet: str
    other: str
    has: dict[str, str]


@pytest.fixture
def two() -> Two:
    has = {"email": f"{name('p')}@example.org", "upi": f"{name('u')}@okbank"}
    return Two(make_sender(make_unit("hub")), name("quiet"), name("other"), has)


def urgent(sender: From, called: str, **has: str) -> Receipt:
    """A report of a meeting asked for, of somebody who says 13."""
    now = datetime.now(UTC)
    said = Text("chat content", "says 13; asks to meet", "/report/chat")
    return report(sender, who(called, **has), texts=(said,), incident=Instant(now.isoformat(), now))


def ranked() -> int:
    """The road and the duty, to the end. Returns how many reports came to triage again."""
    drain()
    woken = 0
    for _ in range(20):
        with on_the_road("road:triage"):
            actions.rank_anew()
            woken += int(value("select count(*) from shared_waypoint where stage = 'triage'"))
        drain()
        with on_the_road("test"):
            if not value("select exists (select 1 from linking_stirred)"):
                return woken
    raise AssertionError("the duty does not come to an end")


def assessed(one: Receipt) -> queries.Assessed:
    with on_the_road("test"):
        found = queries.assessment(one.report_id)
    assert found is not None
    return found


def codes(one: Receipt) -> set[str]:
    return {reason.code for reason in assessed(one).reasons}


def assessments(one: Receipt) -> int:
    with on_the_road("test"):
        return int(value("select count(*) from triage_assessment where report_id = %s", [one.report_id]))


def told_to(unit: UUID, one: Receipt) -> list[str]:
    with acting(make_officer(unit).id):
        shown = persons.as_open(one.report_id, queries.assessment(one.report_id))
        return [sentence(reason, SENTENCES, "en") for reason in shown.reasons] if shown else []


def test_a_waiting_report_rises_when_another_of_the_same_person_shows_danger_and_the_page_says_why(two):
    first = report(two.sender, who(two.quiet, **two.has))
    ranked()
    before = assessed(first)
    second = urgent(two.sender, two.other, **two.has)
    ranked()
    assert are_one(two.quiet, two.other)
    after = assessed(first)
    assert {"subject_danger", "subject_some"} <= codes(first)
    assert after.score > before.score and after.lane == before.lane  # the danger is the other's; its lane stays its own
    assert "subject_danger" not in codes(second)  # what it was told it hands on to nobody
    with on_the_road("test"):
        assert value("select score from triage_queue where report_id = %s", [first.report_id]) == after.score
        number = value("select number from intake_report where id = %s", [second.report_id])
    page = browser_of(make_officer(two.sender.unit_id)).get(f"/reports/{first.report_id}").content.decode()
    assert f"shows imminent danger: {number}" in page
    assert f"before {before.score}; anew because other reports of its persons say something else" in page
    assert ranked() == 0  # and nobody is ranked twice for the same


def test_the_same_account_in_another_report_is_enough(two):
    first = report(two.sender, who(two.quiet))
    ranked()
    urgent(two.sender, two.quiet)
    ranked()
    assert "subject_danger" in codes(first)


def test_parted_by_a_word_each_has_its_rank_back(two):
    first = report(two.sender, who(two.quiet, **two.has))
    ranked()
    before = assessed(first)
    urgent(two.sender, two.other, **two.has)
    ranked()
    officer = make_officer(two.sender.unit_id)
    with acts(officer):
        judgements.judge(
            account(two.quiet), account(two.other), "different", "Two brothers, one household.", signed(officer)
        )
    ranked()
    assert not are_one(two.quiet, two.other)
    assert not {"subject_danger", "subject_some"} & codes(first)
    assert assessed(first).weights_total == before.weights_total


def test_whoever_may_not_read_the_other_report_learns_only_that_there_is_one(two):
    first = report(two.sender, who(two.quiet, **two.has))
    ranked()
    other = make_sender(make_unit("hub"))
    urgent(other, two.other, **two.has)
    ranked()
    assert "subject_danger" in codes(first)
    said = told_to(two.sender.unit_id, first)
    assert GENERIC in said
    assert not [one for one in said if "danger" in one or "meet" in one or "reports:" in one]
    assert told_to(make_unit("district"), first) == []


def test_a_covert_report_moves_nobody_outside_and_is_itself_ranked_by_what_counts_for_all(two, owner):
    first = urgent(two.sender, two.quiet, **two.has)
    ranked()
    before = assessments(first)
    covert = urgent(two.sender, two.other, **two.has)
    make_covert(owner, covert.report_id, make_officer(two.sender.unit_id))
    assert ranked() == 0
    assert assessments(first) == before
    again = urgent(two.sender, two.other, **two.has)
    ranked()
    assert "subject_danger" in codes(again)
    with on_the_road("test"):
        says = dict(fetch(lambda *row: row, "select report_id, says from triage_queue where report_id = any (%s)",
                          [[covert.report_id, first.report_id]]))  # fmt: skip
    assert says[covert.report_id] & 4 and says[first.report_id] & 3 == 1  # of the three, two count


def test_a_subject_that_is_computed_anew_is_looked_at_too(two, owner):
    report(two.sender, who(two.quiet, **two.has))
    report(two.sender, who(two.other, **two.has))
    ranked()
    called = [account(two.quiet), account(two.other)]
    owner.execute("delete from linking_membership where account_id = any (%s)", [called])
    owner.commit()
    rebuilt()
    [subject, _] = subjects_of(two.quiet, two.other)
    with on_the_road("test"):
        assert subject in values("select person_id from linking_stirred")


def test_what_an_account_said_before_it_was_a_protected_persona_is_said_no_more(two):
    first = report(two.sender, who(two.quiet))
    urgent(two.sender, two.quiet)
    ranked()
    assert "subject_danger" in codes(first)
    liaison = make_officer(two.sender.unit_id)
    with on_the_road("test"):
        personas.protect("account", f"chatline:{two.quiet}", liaison.id, liaison.unit, "Under cover in the group.")
    ranked()
    assert not [code for code in codes(first) if code.startswith("subject_")]


def test_what_is_decided_stays_and_comes_to_its_rank_when_it_is_taken_back(two):
    first = report(two.sender, who(two.quiet))
    ranked()
    officer = signed(make_officer(two.sender.unit_id))
    with acting(officer.id):
        actions.claim(first.report_id, officer)
        actions.decide(first.report_id, officer, "not-actionable", "Nothing to go by in it.")
    urgent(two.sender, two.quiet)
    ranked()
    assert "subject_danger" not in codes(first)
    with acting(officer.id, name=officer.name, with_road=True):
        actions.reopen(first.report_id, officer, "There is more of it now.")
    ranked()
    assert "subject_danger" in codes(first)


def test_a_flood_of_one_person_is_ranked_anew_to_a_bound_and_then_not_at_all(two, monkeypatch):
    flood = [report(two.sender, who(two.quiet)) for _ in range(6)]
    ranked()
    assert ["subject_many" in codes(one) for one in flood] == [True] * 6
    report(two.sender, who(two.quiet))
    assert ranked() == 0  # many are many
    monkeypatch.setattr(queries, "REPORTS_OF_A_PERSON_MAX", 3)
    urgent(two.sender, two.quiet)
    ranked()
    assert ["subject_danger" in codes(one) for one in flood] == [False] * 5 + [True]  # the newest three, this one too


def test_killed_in_between_it_begins_again(two):
    first = report(two.sender, who(two.quiet, **two.has))
    ranked()
    urgent(two.sender, two.other, **two.has)
    drain()
    with pytest.raises(KeyboardInterrupt), on_the_road("road:triage"):
        actions.rank_anew()
        raise KeyboardInterrupt
    assert "subject_danger" not in codes(first)
    ranked()
    assert "subject_danger" in codes(first)


def test_what_a_worker_has_in_hand_meanwhile_is_ranked_once_more(two):
    first = report(two.sender, who(two.quiet))
    ranked()
    with on_the_road("test"):  # as while a worker is at it: where it stands in the queue is told when that is done
        execute("insert into shared_waypoint (stage, report_id, attempts) values ('triage', %s, 1)", [first.report_id])
        execute("insert into linking_stirred (person_id) values (%s)", [account(two.quiet)])
    with on_the_road("road:triage"):
        actions.rank_anew()
        assert values("select attempts from shared_waypoint where report_id = %s", [first.report_id]) == [0]
    drain()

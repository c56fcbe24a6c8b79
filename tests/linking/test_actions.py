"""The stage of the road: who else had these identifiers?"""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError
from tests.factory import From, Receipt, make_officer, make_report, make_sender, make_unit, name

from abhaya.intake.actions import Arrival, Original, receive
from abhaya.intake.formats.record import Fact, Record, Text
from abhaya.linking import actions, queries
from abhaya.linking.actions import hits
from abhaya.linking.queries import HitRow
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, fetch, value

pytestmark = pytest.mark.usefixtures("closed_road")


@pytest.fixture
def sender() -> From:
    return make_sender(make_unit("hub"))


def fact(kind: str, raw: str, role: str = "reported", person: int = 1, **more: object) -> Fact:
    return Fact(kind, raw, f"/{kind}", role, person, **more)


def address() -> str:
    return f"{name('p')}@example.org"


def reported(sender: From, *facts: Fact, **parts: object) -> Receipt:
    return make_report(sender, facts=facts, **parts)


def compare(*receipts: Receipt) -> None:
    with on_the_road("road:linking"):
        actions.compare_reports([receipt.report_id for receipt in receipts])


def rows(receipt: Receipt) -> list[tuple[str, str, str, int]]:
    with on_the_road("road:linking"):
        return fetch(
            lambda *row: row,
            "select kind, role, strength, earlier_reports from linking_hit where report_id = %s order by kind, role",
            [receipt.report_id],
        )


def seen_by(officer: UUID, receipt: Receipt) -> list[HitRow]:
    with acting(officer):
        return queries.of_report(receipt.report_id)


def test_the_same_identifiers_in_earlier_reports_are_hits_however_they_are_written(sender):
    who = name("p")
    first = reported(
        sender,
        fact("email", f"{who}@example.org"),
        fact("account", who, platform="FB"),
        fact("phone", "+91 98765 01234"),
    )
    second = reported(
        sender, fact("email", f"{who.upper()}@Example.ORG"), fact("account", who, platform="facebook.com")
    )
    compare(first, second)
    assert rows(second) == [("account", "reported", "strong", 1), ("email", "reported", "strong", 1)]


def test_a_set_of_reports_answers_like_the_same_reports_one_by_one(sender):
    mail = address()
    together = [reported(sender, fact("email", mail)) for _ in range(4)]
    compare(*together)
    alone = [reported(sender, fact("email", mail)) for _ in range(2)]
    for receipt in alone:
        compare(receipt)
    assert [[row[3] for row in rows(receipt)] for receipt in (*together, *alone)] == [[], [1], [2], [3], [4], [5]]


def test_a_report_opened_first_and_finished_last_still_finds_the_one_that_came_between(sender):
    mail, opened_early = address(), uuid7()
    between = reported(sender, fact("email", mail))
    body = (Original("report.json", b"{}"),)
    late = Arrival(
        Record("test", 1, facts=(fact("email", mail),)),
        sender,
        "json",
        name("key").encode(),
        body,
        report_id=opened_early,
    )
    with on_the_road("test:intake"):
        [receipt] = receive([late])
    assert opened_early < between.report_id
    compare(between)
    compare(receipt)
    assert rows(between) == []
    assert rows(receipt) == [("email", "reported", "strong", 1)]


def test_a_shared_address_name_screen_name_or_placeholder_is_no_hit(sender):
    facts = (
        fact("ip", "203.0.113.7"), fact("name", "Alice Example"), fact("screen_name", "alice_ex", platform="IG"),
        fact("email", "none@none.com"), fact("phone", "0000000000"), fact("account", "unknown", platform="FB"), fact("url", "https://example.org"),
    )  # fmt: skip
    first, second = reported(sender, *facts), reported(sender, *facts)
    compare(first, second)
    assert rows(second) == []


def test_the_platforms_own_contact_is_no_hit(sender):
    contact = fact("email", address(), "reporter", 0)
    first, second = reported(sender, contact), reported(sender, contact)
    compare(first, second)
    assert rows(second) == []


def test_an_identifier_found_in_a_text_is_a_weak_hit(sender):
    mail = address()
    first = reported(sender, fact("email", mail))
    second = reported(sender, texts=(Text("chat", f"write to {mail}", "/chat"),))
    compare(first, second)
    assert rows(second) == [("email", "mentioned", "weak", 1)]


def test_a_value_that_many_accounts_share_is_guarded_and_said_so(sender):
    mail = address()
    for _ in range(11):
        reported(sender, fact("email", mail), fact("account", name("id"), platform="Kik"))
    late = reported(sender, fact("email", mail), fact("account", name("id"), platform="Kik"))
    compare(late)
    assert rows(late) == [("email", "reported", "common", 11)]
    [hit] = seen_by(make_officer(sender.unit_id).id, late)
    assert hit.sentence("en").startswith("The same e-mail address stands beside 11 or more different accounts")


def test_a_victim_seen_before_is_shown_in_that_role(sender):
    mail = address()
    first = reported(sender, fact("email", mail, "victim"))
    second = reported(sender, fact("email", mail, "victim"))
    compare(first, second)
    assert rows(second) == [("email", "victim", "strong", 1)]


def test_test_reports_and_covert_ones_are_not_counted(sender, owner: psycopg.Connection):
    mail = address()
    reported(make_sender(make_unit("hub"), is_test=True), fact("email", mail))
    covert = reported(sender, fact("email", mail))
    owner.execute("update access_compartment set covert = true where id = %s", [covert.compartment])
    owner.commit()
    late, later = reported(sender, fact("email", mail)), reported(sender, fact("email", mail))
    compare(covert, late, later)
    assert rows(late) == []
    assert rows(later) == [("email", "reported", "strong", 1)]


def test_every_report_gets_one_ledger_line_with_counts_and_no_content(sender):
    mail = address()
    first, second = reported(sender, fact("email", mail)), reported(sender, fact("email", mail))
    compare(first, second)
    for receipt in (first, second):
        with on_the_road("road:linking"):
            bodies = fetch(
                bytes,
                "select body from ledger_entry where subject_id = %s and event = 'linking:report:compared' and compartment = %s",
                [receipt.report_id, receipt.compartment],
            )
        assert len(bodies) == 1
        assert mail.encode() not in bodies[0]
        assert b"strong" in bodies[0]


def test_an_officer_sees_hits_with_the_reports_open_to_their_unit_and_no_others():
    hub, other = make_unit("hub"), make_unit("hub")
    alice, bob, charlie = (
        make_officer(hub),
        make_officer(hub, called="Bob"),
        make_officer(make_unit(), called="Charlie"),
    )
    mail = address()
    hidden = reported(make_sender(other), fact("email", mail))
    visible = reported(make_sender(hub), fact("email", mail))
    mine = reported(make_sender(hub), fact("email", mail))
    compare(hidden, visible, mine)
    for officer in (alice, bob):
        [hit] = seen_by(officer.id, mine)
        assert (hit.value, hit.strength, hit.earlier_reports, hit.seen_in, hit.elsewhere) == (
            mail,
            "strong",
            2,
            [visible.report_id],
            True,
        )
        assert hit.sentence("en") == "Earlier reports in which the same e-mail address stands: 1."
        assert hit.sentence("hi").endswith(": 1।")
        before = queries.seen_before([hit])
        assert (before.reports, before.count_text, before.elsewhere) == ([visible.report_id], "1", True)
    assert seen_by(charlie.id, mine) == []
    assert seen_by(alice.id, hidden) == []


def test_where_no_earlier_report_is_open_the_sentence_gives_no_number():
    hub, mail = make_unit("hub"), address()
    hidden, mine = (
        reported(make_sender(make_unit("hub")), fact("email", mail)),
        reported(make_sender(hub), fact("email", mail)),
    )
    compare(hidden, mine)
    [hit] = seen_by(make_officer(hub).id, mine)
    assert (hit.seen_in, hit.elsewhere) == ([], True)
    assert hit.sentence("en") == "The same e-mail address stands in earlier reports that are not open to you."


def test_counting_stops_at_the_window_and_says_so(sender, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hits, "EARLIER_SIGHTINGS_MAX", 3)
    mail = address()
    receipts = [reported(sender, fact("email", mail)) for _ in range(5)]
    compare(*receipts)
    with on_the_road("test"):
        found = fetch(
            lambda *row: row,
            "select earlier_reports, more from linking_hit where report_id = any(%s) order by report_id",
            [[receipt.report_id for receipt in receipts]],
        )
    assert found == [(1, False), (2, False), (3, True), (3, True)]


@pytest.mark.parametrize("statement", ["update linking_hit set strength = 'strong'", "delete from linking_hit"])
def test_nobody_changes_a_hit(statement: str):
    for transaction in (acting(make_officer(make_unit()).id), on_the_road("test")):
        with pytest.raises(DatabaseError, match="permission denied"), transaction:
            execute(statement)


def test_no_reports_are_no_work():
    with on_the_road("road:linking"):
        actions.compare_reports([])
        assert value("select 1") == 1

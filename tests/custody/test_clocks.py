"""Retention: the rules are data with their sources, and say what is due; a report waits for two people all the same."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.custody.world import ask
from tests.factory import make_officer, make_report, make_sender, make_unit

from abhaya.custody import clocks
from abhaya.custody.clocks import BUNDLED, HEADINGS, Rule, read, rule_for
from abhaya.errors import OperatorError
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.road import drain
from abhaya.shared.sql import values
from abhaya.shared.tables import write_csv

FIRST_LINE = ",".join(HEADINGS)


def test_every_bundled_rule_is_good_and_every_kind_has_one_for_anywhere():
    rules, refused = read(BUNDLED.read_text(encoding="utf-8"))
    assert refused == []
    assert {rule.kind for rule in rules if rule.country == "XX"} == set(clocks.kinds())
    assert all(len(rule.source) > 20 for rule in rules)


def test_a_countrys_own_rule_comes_before_the_one_for_anywhere():
    ours, anywhere = Rule(1, "report", "IN", 10, "review", "s", ""), Rule(1, "report", "XX", 20, "review", "s", "")
    assert rule_for("report", "IN", [anywhere, ours]) is ours
    assert rule_for("report", "US", [anywhere, ours]) is anywhere
    assert rule_for("drop", "IN", [anywhere, ours]) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nothing,IN,10,review,law,", "the kind"),
        ("report,India,10,review,law,", "country"),
        ("report,IN,ten,review,law,", "days"),
        ("report,IN,99999,review,law,", "days"),
        ("report,IN,10,burn,law,", "the act"),
        ("report,IN,10,delete,law,", "two people"),
        ("report,IN,10,review,,", "source"),
    ],
)
def test_a_rule_that_is_none_is_refused_with_its_line_and_nothing_is_changed(line, words):
    before = version()
    with on_the_road("operator:retention"):
        taken, refused = clocks.take_in(f"{FIRST_LINE}\ndrop,XX,1,confirm,law,\n{line}\n", "test")
    assert taken == 0
    assert [one.line for one in refused] == [3]
    assert words in refused[0].why
    assert version() == before


def version() -> int:
    return int(ask("select max(version) from custody_retention")[0][0])


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        rules, refused = read(text)
    except OperatorError:
        return
    assert all(rule.source and rule.act in clocks.ACTS for rule in rules)
    assert all(one.why for one in refused)


def test_what_was_exported_can_be_imported_again():
    with on_the_road("operator:retention"):
        before = clocks.rules()
        out = io.StringIO()
        write_csv(out, HEADINGS, clocks.table())
        taken, refused = clocks.take_in(out.getvalue(), "test")
        after = clocks.rules()
    assert refused == []
    assert [(rule.kind, rule.country, rule.days, rule.act, rule.source) for rule in after] == [
        (rule.kind, rule.country, rule.days, rule.act, rule.source) for rule in before
    ]
    assert {rule.version for rule in after} == {taken}


def due(compartment) -> list[tuple]:
    return ask("select kind, act from custody_due where compartment = %s", compartment)


def aged(bench, compartment, days: int) -> None:
    with bench.connect("abhaya_owner") as owner:
        owner.execute(
            "update intake_report set received_at = %s where compartment = %s",
            [datetime.now(UTC) - timedelta(days=days), compartment],
        )


def test_a_report_nobody_decided_is_due_for_a_review_and_leaves_the_list_when_somebody_acts(bench):
    unit = make_unit("hub", place="XX-1")
    receipt = make_report(make_sender(unit))
    drain()
    aged(bench, receipt.compartment, 800)
    with on_the_road("road:custody"):
        clocks.find_due()
    assert due(receipt.compartment) == [("report", "review")]
    with bench.connect("abhaya_owner") as owner:
        owner.execute(
            "update triage_queue set state = 'decided', decision = 'not-actionable', decision_reason = 'nothing to go on',"
            " decided_by = gen_random_uuid(), decided_at = now() where report_id = %s",
            [receipt.report_id],
        )
    with on_the_road("road:custody"):
        clocks.find_due()
    assert due(receipt.compartment) == []


def test_a_report_that_was_closed_is_due_a_year_later_for_two_people_and_stays_until_then(bench):
    unit = make_unit("hub", place="IN-27")
    receipt = make_report(make_sender(unit))
    drain()
    with bench.connect("abhaya_owner") as owner:
        owner.execute(
            "update triage_queue set state = 'decided', decision = 'not-actionable', decision_reason = 'nothing to go on',"
            " decided_by = gen_random_uuid(), decided_at = now() - interval '366 days' where report_id = %s",
            [receipt.report_id],
        )
    with on_the_road("road:custody"):
        clocks.find_due()
    assert due(receipt.compartment) == [("report-closed", "confirm")]
    assert ask("select count(*) from custody_deletion where compartment = %s", receipt.compartment) == [(0,)]
    ours, others = (make_officer(of, "officer", "supervisor") for of in (unit, make_unit("hub")))
    for who, expected in ((ours, 1), (others, 0)):
        with acting(who.id):
            assert len(values("select 1 from custody_due where compartment = %s", [receipt.compartment])) == expected

"""The training world has a covert case whose liaison has to decide, and an open case that lends a report for a week."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from tests.cases.world import report_with
from tests.commands.demo_country import Country, the_country
from tests.factory import name

from abhaya.access.actions import open_to
from abhaya.access.queries import members
from abhaya.cases import queries
from abhaya.cases.actions import decide_hit
from abhaya.commands.demo_cases import LENT, UNDERCOVER, lend_a_report, work_undercover
from abhaya.intake import queries as intake
from abhaya.intake.actions import Receipt
from abhaya.journey import open_road
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.road import drain


def cases_of(one: UUID) -> dict[str, queries.CaseRow]:
    with acting(one, with_road=True):
        return {row.title: row for row in queries.my_cases(most=100)}


class Sent(NamedTuple):
    """One identifier in two reports: one is open to the district, the other to the hub alone."""

    email: str
    own: Receipt
    other: Receipt


def sent_twice(country: Country) -> Sent:
    email = f"{name('of')}@example.com"
    sent = Sent(email, report_with(email, country.hub), report_with(email, country.hub))
    with on_the_road("test"):
        open_to([(country.district, sent.own.compartment, "work", "test")])
    open_road()
    drain()
    return sent


def test_the_liaison_of_the_covert_case_has_to_decide_and_only_members_know_of_it():
    country = the_country()
    hub, _district, cast = country
    email, own, other = sent_twice(country)
    work_undercover()
    case = cases_of(cast["district.officer"])[UNDERCOVER]
    with acting(cast["district.officer"], with_road=True):
        assert case.covert
        assert [one.value for one in queries.watched(case.id)] == [email]
        assert [one.report_id for one in queries.attached(case.id)] == [own.report_id]
        assert {one.id: one.until is not None for one in members(case.id)} == {
            cast["district.officer"]: False,
            cast["district.second"]: True,
        }
        [hit] = queries.hits(case.id)
        assert hit.state == "pending"
    assert UNDERCOVER in cases_of(cast["district.second"])
    assert UNDERCOVER not in cases_of(cast["hub.analyst"])
    with acting(cast["hub.analyst"], with_road=True):
        assert queries.told(hub, other.report_id) == []
    with acting(cast["district.officer"], with_road=True):
        decide_hit(hit, cast["district.officer"], "spoken", "they must not act before us")
    with acting(cast["hub.analyst"], with_road=True):
        assert [one.officer for one in queries.told(hub, other.report_id)] == ["District.Officer"]


def test_the_state_reads_a_lent_report_for_a_week_and_no_other():
    country = the_country()
    cast = country.cast
    _email, own, other = sent_twice(country)
    lend_a_report()
    case = cases_of(cast["state.analyst"])[LENT]
    assert not case.covert
    assert case.level == "watch"
    assert case.until is not None
    with acting(cast["state.analyst"], with_road=True):
        [lent] = [one.report_id for one in queries.attached(case.id)]
        assert lent == other.report_id
        assert intake.report(other.report_id) is not None
        assert intake.report(own.report_id) is None

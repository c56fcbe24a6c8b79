"""The training world has one emergency that waits for its review, and one request that waits for its second person."""

from __future__ import annotations

from tests.commands.demo_country import the_country
from tests.desk.world import a_threat
from tests.factory import make_report, make_sender

from abhaya.access import approvals, emergencies
from abhaya.commands.demo_safeguards import WHY_ASKED, WHY_OPENED, act_out
from abhaya.journey import open_road
from abhaya.shared.identity import acting
from abhaya.shared.road import drain


def test_the_district_opened_one_in_the_night_and_the_hub_has_both_before_it():
    hub, _district, cast = the_country()
    supervisor = cast["hub.supervisor"]
    make_report(make_sender(hub), **a_threat())
    open_road()
    drain()
    act_out()
    with acting(supervisor):
        assert [one.reason for one in emergencies.to_review()] == [WHY_OPENED]
        assert [one.purpose for one in approvals.to_decide(supervisor)] == [WHY_ASKED]

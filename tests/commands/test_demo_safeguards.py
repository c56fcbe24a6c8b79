"""The training world has one emergency that waits for its review, and one request that waits for its second person."""

from __future__ import annotations

from tests.desk.world import a_threat
from tests.factory import make_report, make_sender, make_unit

from abhaya.access import approvals, emergencies
from abhaya.access.actions import NewOfficer, add_officer
from abhaya.commands.demo_safeguards import WHY_ASKED, WHY_OPENED, act_out
from abhaya.journey import open_road
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.road import drain
from abhaya.shared.sql import value


def officer(username: str, unit, role: str):
    """A ready-made officer: the one of an earlier test in this database, or a new one."""
    with on_the_road("test"):
        known = value("select id from access_officer where username = %s", [username])
        return known or add_officer(NewOfficer(username, username.title(), unit, [role], is_ready_made=True))


def test_the_district_opened_one_in_the_night_and_the_hub_has_both_before_it():
    hub = make_unit("hub")
    district = make_unit("district", parent=hub)
    officer("hub.analyst", hub, "analyst")
    supervisor = officer("hub.supervisor", hub, "supervisor")
    officer("district.officer", district, "officer")
    sender = make_sender(hub)
    make_report(sender, **a_threat())
    open_road()
    drain()
    act_out()
    with acting(supervisor):
        assert [one.reason for one in emergencies.to_review()] == [WHY_OPENED]
        assert [one.purpose for one in approvals.to_decide(supervisor)] == [WHY_ASKED]

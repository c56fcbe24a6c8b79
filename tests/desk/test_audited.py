"""The auditor is audited: each reading and filter is an entry that a supervisor of the unit or above reads."""

from __future__ import annotations

from tests.factory import browser_of, make_officer, make_unit, name

from abhaya.access.actions import change_officer
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import value


def people():
    hub = make_unit("hub")
    state = make_unit("state", parent=hub)
    return (
        make_officer(hub, "supervisor", called=name("Vikram")),
        make_officer(state, "auditor", called=name("Eve")),
        make_officer(make_unit("state", parent=hub), "supervisor", called=name("Charlie")),
    )


def test_each_reading_and_filter_of_an_auditor_stands_before_the_supervisor_above():
    vikram, eve, charlie = people()
    wanted = name("somebody")
    browser_of(eve).get("/ledger", {"who": wanted})
    browser_of(eve).get("/emergencies")
    page = browser_of(vikram).get("/ledger/audited").content.decode()
    assert eve.name in page
    assert wanted in page
    assert "emergencies" in page
    beside = browser_of(charlie).get("/ledger/audited").content.decode()
    assert eve.name not in beside
    assert wanted not in beside


def test_the_supervisors_own_look_is_recorded():
    vikram, _, _ = people()
    browser_of(vikram).get("/ledger/audited")
    with on_the_road("test"):
        assert (
            value("select count(*) from ledger_entry where actor_id = %s and event = 'ledger:ledger:read'", [vikram.id])
            == 1
        )


def test_what_an_administrator_changed_stands_there_and_nothing_else_of_anybodys_ledger():
    vikram, eve, charlie = people()
    dana = make_officer(eve.unit, "administrator", called=name("Dana"))
    with acting(dana.id, name=dana.name):
        change_officer(eve.id, name=eve.name + " B", unit_id=eve.unit, roles=["auditor"], is_active=True)
    assert dana.name in browser_of(vikram).get("/ledger/audited", {"show": "administration"}).content.decode()
    assert dana.name not in browser_of(charlie).get("/ledger/audited", {"show": "administration"}).content.decode()
    browser_of(eve).get("/account")
    with acting(vikram.id):
        others = value(
            "select count(*) from ledger_entry where actor_id = %s and event like 'access:officer:signed%%'", [eve.id]
        )
    assert others == 0


def test_only_who_answers_for_a_unit_may_look():
    unit = make_unit()
    for role in ("officer", "analyst", "administrator", "auditor"):
        assert browser_of(make_officer(unit, role)).get("/ledger/audited").status_code == 403

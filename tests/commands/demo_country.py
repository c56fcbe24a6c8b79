"""The ready-made officers that the demo's scenes are played by, made once in a database, each at their own desk."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from tests.factory import make_unit

from abhaya.access.actions import NewOfficer, add_officer
from abhaya.access.queries import signed_in
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import value

ROLES = {
    "hub.analyst": "analyst",
    "hub.supervisor": "supervisor",
    "state.analyst": "analyst",
    "district.officer": "officer",
    "district.second": "officer",
}


class Country(NamedTuple):
    hub: UUID
    district: UUID
    cast: dict[str, UUID]  # user name -> officer


def the_country() -> Country:
    """What an earlier test in this database made, or a new one."""
    with on_the_road("test"):
        is_there = value("select exists (select 1 from access_officer where username = 'hub.analyst')")
    if not is_there:
        hub = make_unit("hub")
        state = make_unit("state", parent=hub)
        units = {"hub": hub, "state": state, "district": make_unit("district", parent=state)}
        with on_the_road("test"):
            for username, role in ROLES.items():
                unit = units[username.partition(".")[0]]
                add_officer(NewOfficer(username, username.title(), unit, [role], is_ready_made=True))
    with on_the_road("test"):
        found = {name: signed_in(value("select id from access_officer where username = %s", [name])) for name in ROLES}
    return Country(
        found["hub.analyst"].unit_id, found["district.officer"].unit_id, {name: one.id for name, one in found.items()}
    )

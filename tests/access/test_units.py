"""The tree of units: kept by administrators, filled from a file."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factory import browser_of, make_officer, make_unit, name

from abhaya.access.actions import add_unit, change_unit, import_units
from abhaya.access.queries import units
from abhaya.access.rules import UnitFacts
from abhaya.errors import NotThere, OfficerError
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import value, values


@pytest.fixture
def administrator():
    return make_officer(make_unit("hub"), "administrator")


def by_code(code: str):
    with on_the_road("test"):
        return next((unit for unit in units() if unit.code == code), None)


def test_an_administrator_adds_and_changes_a_unit_and_it_stands_in_the_ledger(administrator):
    client = browser_of(administrator)
    code = name("MH")
    facts = {"name": "Maharashtra Cyber", "code": code, "kind": "state", "forward_rule": "off", "is_active": "on"}
    assert client.post("/units/add", facts).status_code == 302
    unit = by_code(code)
    assert (unit.name, unit.kind) == ("Maharashtra Cyber", "state")
    changed = facts | {"name_hi": "महाराष्ट्र साइबर", "forward_rule": "district", "code": "cannot-change"}
    assert client.post(f"/units/{unit.id}", changed).status_code == 302
    assert by_code(code).name_hi == "महाराष्ट्र साइबर"
    assert by_code("cannot-change") is None
    with on_the_road("test"):
        events = values("select event from ledger_entry where subject_id = %s order by id", [unit.id])
    assert events == ["access:unit:added", "access:unit:changed"]


def test_saying_the_same_again_changes_nothing(administrator):
    with acting(administrator.id):
        facts = UnitFacts(name("X"), "Unit", "state")
        unit = add_unit(facts)
        change_unit(unit, facts)
        assert value("select count(*) from ledger_entry where subject_id = %s", [unit]) == 1


def test_wrong_units_are_refused_with_the_reason(administrator):
    client = browser_of(administrator)
    wrong = {"name": "X", "code": name("X"), "kind": "castle", "forward_rule": "off"}
    assert client.post("/units/add", wrong).status_code == 422
    taken = {"name": "X", "code": by_code_of(administrator.unit), "kind": "state", "forward_rule": "off"}
    answer = client.post("/units/add", taken)
    assert answer.status_code == 422
    assert "already" in answer.content.decode()
    with acting(administrator.id), pytest.raises(NotThere):
        change_unit(uuid7(), UnitFacts("X", "X", "state"))


def by_code_of(unit) -> str:
    with on_the_road("test"):
        return str(value("select code from access_unit where id = %s", [unit]))


def test_a_file_adds_changes_and_sets_aside_and_says_which(administrator):
    hub, state, district = name("H"), name("S"), name("D")
    text = (
        "code,name,kind,parent_code,place_code,forward_rule\n"
        f"{district},District,district,{state},IN-27-490,off\n"  # before its parent
        f"{state},State,state,{hub},IN-27,district\n"
        f"{hub},Hub,hub,,,\n"
        f"{name('A')},Astray,district,nowhere,,off\n"
        f"{state},State again,state,{hub},,off\n"
        f"{name('B')},Odd,castle,{hub},,off\n"
    )
    with acting(administrator.id, name=administrator.name):
        first = import_units(text.encode())
        again = import_units(text.encode())
        renamed = import_units(f"code,name,kind\n{state},Renamed,state\n".encode())
    assert set(first.added) == {hub, state, district}
    assert [row.line for row in first.refused] == [5, 6, 7]
    assert [row.reasons[0].code for row in first.refused] == ["unit-parent-unknown", "unit-twice", "unit-kind"]
    assert (again.added, again.changed, again.same) == ((), (), 3)
    assert renamed.changed == (state,)
    unit = by_code(state)
    assert (unit.name, unit.place_code, unit.forward_rule) == ("Renamed", "IN-27", "district")
    assert by_code(district).parent_id == unit.id
    assert by_code(district).depth == 2


def test_the_kind_of_a_unit_with_units_under_it_stays(administrator):
    hub, state = name("H"), name("S")
    with acting(administrator.id):
        import_units(f"code,name,kind,parent_code\n{hub},H,hub,\n{state},S,state,{hub}\n".encode())
        refused = import_units(f"code,name,kind\n{hub},H,district\n".encode()).refused
    assert [row.reasons[0].code for row in refused] == ["unit-kind-children"]


def test_a_file_that_is_no_table_is_refused_whole(administrator):
    client = browser_of(administrator)
    file = SimpleUploadedFile("units.csv", b"\x89PNG\r\n\x1a\n\x00\x00")
    answer = client.post("/units/import", {"file": file})
    assert answer.status_code == 422
    assert "UTF-8" in answer.content.decode()


def test_the_page_shows_what_became_of_the_file(administrator):
    client = browser_of(administrator)
    hub = name("H")
    file = SimpleUploadedFile("units.csv", f"code,name,kind,colour\n{hub},<b>Hub</b>,hub,red\nX,Y,castle,\n".encode())
    page = client.post("/units/import", {"file": file}).content.decode()
    assert "castle" in page
    assert "colour" in page
    listed = client.get("/units", {"q": hub}).content.decode()
    assert "&lt;b&gt;Hub&lt;/b&gt;" in listed
    assert "<b>Hub</b>" not in listed


def test_nobody_puts_their_own_unit_out_of_service(administrator):
    other = make_officer(make_unit("hub"), "administrator", called="Bob")
    code = by_code_of(administrator.unit)
    out = UnitFacts(code, "Hub", "hub", is_active=False)
    with pytest.raises(OfficerError), acting(administrator.id):
        change_unit(administrator.unit, out)
    with acting(other.id):
        change_unit(administrator.unit, out)
    assert not by_code(code).is_active


@pytest.mark.parametrize("role", ["officer", "supervisor", "auditor"])
@pytest.mark.parametrize("address", ["/units", "/units/add", "/units/import", "/officers", "/officers/add"])
def test_only_administrators_enter(role, address):
    assert browser_of(make_officer(make_unit(), role)).get(address).status_code == 403

"""Hash lists are taken in whole, once, and taken back; a killed import goes on where it was."""

from __future__ import annotations

import io
import random
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.factory import make_officer, make_unit, name

from abhaya.custody.vault import receive_stream
from abhaya.errors import OperatorError
from abhaya.matching.actions import NewList, NewVersion, end_list, lists, open_list, open_version, read_version
from abhaya.matching.lists import ListRow, list_named
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.sql import fetch, value

DAY = date(2026, 11, 1)


@pytest.fixture
def hub() -> UUID:
    return make_unit("hub")


@pytest.fixture
def of(hub) -> ListRow:
    called = name("list")
    with on_the_road("test"):
        open_list(NewList(called, hub, "A partner", "for this test", "vics-us", "material"))
        found = list_named(called)
    assert found
    return found


def table(*rows: tuple[str, str, str]) -> bytes:
    return ("id,md5,category\n" + "".join(f"{','.join(row)}\n" for row in rows)).encode()


def digest(seed: int) -> str:
    return random.Random(seed).randbytes(16).hex()


def begin(of: ListRow, data: bytes, *, day: date = DAY):
    draft = receive_stream([data])
    with on_the_road("test"):
        return open_version(of, NewVersion(str(day), day, "list.csv", draft))


def take_in(of: ListRow, data: bytes, *, day: date = DAY, accept: bool = False):
    return read_version(of, begin(of, data, day=day), io.BytesIO(data), accept_withdrawals=accept)


def live(of: ListRow) -> list[tuple[str, str]]:
    with on_the_road("test"):
        return fetch(
            lambda ref, category: (ref, category),
            "select ref, category from matching_entry where compartment = %s and withdrawn_at is null order by ref",
            [of.compartment],
        )


def test_a_list_is_taken_in_and_a_newer_version_changes_only_what_changed(of):
    first = table(("1", digest(1), "2"), ("2", digest(2), "2"), ("3", digest(3), "2"), ("x", "nohash", "1"))
    counts, why = take_in(of, first)
    assert (counts, why) == ((4, 3, 0, 0, 1), "")
    second = table(("1", digest(1), "2"), ("2", digest(2), "1"), ("4", digest(4), "2"))
    counts, why = take_in(of, second, day=DAY + timedelta(1))
    assert (counts, why) == ((3, 2, 1, 1, 0), "")
    assert live(of) == [("1", "2"), ("2", "1"), ("4", "2")]
    with on_the_road("test"):
        gone = fetch(
            lambda *row: row,
            "select ref, withdraw_reason from matching_entry where compartment = %s and withdrawn_at is not null order by ref",
            [of.compartment],
        )
        rechecks = value("select count(*) from matching_recheck where compartment = %s", [of.compartment])
    assert gone == [("2", "corrected"), ("3", "left out")]
    assert rechecks == 2


def test_positions_never_change_and_only_grow(of):
    take_in(of, table(("1", digest(1), "2"), ("2", digest(2), "2")))
    before = positions(of)
    take_in(of, table(("1", digest(1), "2"), ("2", digest(2), "3"), ("3", digest(3), "3")), day=DAY + timedelta(1))
    after = positions(of)
    assert after["1"] == before["1"]
    assert min(after["2"], after["3"]) > max(before.values())


def positions(of: ListRow) -> dict[str, int]:
    with on_the_road("test"):
        return dict(
            fetch(
                lambda ref, position: (ref, position),
                "select ref, position from matching_entry where compartment = %s and withdrawn_at is null",
                [of.compartment],
            )
        )


def test_the_same_file_is_refused_and_so_is_an_older_one(of):
    data = table(("1", digest(1), "2"))
    take_in(of, data)
    with pytest.raises(OperatorError, match="in already"):
        take_in(of, data)
    with pytest.raises(OperatorError, match="take it back"):
        take_in(of, table(("2", digest(2), "2")), day=DAY - timedelta(1))


def test_an_import_that_was_killed_goes_on_where_it_was(of, monkeypatch):
    monkeypatch.setattr(lists, "ROWS_PER_BATCH", 10)
    data = table(*[(str(n), digest(n), "2") for n in range(100, 195)])
    version = begin(of, data)
    dies_after(monkeypatch, batches=4)
    with pytest.raises(KeyboardInterrupt):
        read_version(of, version, io.BytesIO(data))
    monkeypatch.undo()
    again = begin(of, data)
    assert (again.id, again.rows_read) == (version.id, 40)
    told: list[int] = []
    counts, why = read_version(of, again, io.BytesIO(data), tell=told.append)
    assert (counts, why) == ((95, 95, 0, 0, 0), "")
    assert len(live(of)) == 95
    assert sum(told) == 95


def dies_after(monkeypatch, *, batches: int) -> None:
    whole, left = lists._take, [batches]

    def take(*arguments: object, **named: object) -> None:
        whole(*arguments, **named)
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt

    monkeypatch.setattr(lists, "_take", take)


def test_a_file_that_was_cut_short_takes_nothing_back(of):
    rows = [(str(n), digest(n), "2") for n in range(200, 500)]
    take_in(of, table(*rows))
    _, why = take_in(of, table(*rows[:150]), day=DAY + timedelta(1))
    assert "150 of 300" in why
    assert len(live(of)) == 300
    counts, why = take_in(of, table(*rows[:150]), day=DAY + timedelta(1), accept=True)
    assert (counts.withdrawn, why) == (150, "")
    assert len(live(of)) == 150


def test_a_file_that_breaks_off_keeps_what_came_before(of):
    broken = b'{"odata.metadata": "http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Media", "value": [{"MD5": "%s"}, {"MD'
    counts, why = take_in(of, broken % digest(7).encode())
    assert counts.taken == 1
    assert "breaks off" in why


def test_an_exchange_takes_entries_back_by_their_number(of):
    page = (
        '<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2"><images count="1">{}</images></queryResult>'
    )
    entry = "<image><member id='4'>A</member><id>e1</id><classification>{}</classification><fingerprints><md5>{}</md5></fingerprints></image>"
    take_in(of, page.format(entry.format("A1", digest(1)) + entry.format("A1", digest(2)).replace("e1", "e2")).encode())
    assert live(of) == [("4/e1", "A1"), ("4/e2", "A1")]
    take_in(of, page.format(entry.format("B2", digest(9))).encode())
    assert live(of) == [("4/e1", "B2"), ("4/e2", "A1")]
    gone = "<deletedImage><member id='4'>A</member><id>e1</id></deletedImage>"
    counts, _ = take_in(of, page.format(gone).encode())
    assert counts.withdrawn == 1
    assert live(of) == [("4/e2", "A1")]


def test_an_ended_list_has_nothing_live(of):
    take_in(of, table(("1", digest(1), "2")))
    with on_the_road("test"):
        end_list(of, "withdrawn by its source")
        ended = list_named(of.name)
    assert live(of) == []
    assert ended
    assert ended.ended


def test_a_list_is_open_to_its_unit_and_to_nobody_else(of, hub):
    take_in(of, table(("1", digest(1), "2"), ("x", "nohash", "1")))
    alice, charlie = make_officer(hub, "analyst"), make_officer(make_unit("district"), "analyst")
    tables = ("matching_list", "matching_list_version", "matching_list_aside", "matching_entry", "matching_recheck")
    for person, seen in ((alice, True), (charlie, False)):
        for table_name in tables:
            with acting(person.id):
                rows = value(f"select count(*) from {table_name} where compartment = %s", [of.compartment])
            assert bool(rows) is seen, (person.name, table_name)

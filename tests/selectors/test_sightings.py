"""Sightings in the database: the dictionary that tells nothing, and what Alice, Bob and Charlie see."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, connections
from tests.factory import make_compartment, make_officer, make_unit, name

from abhaya.selectors import kinds, queries
from abhaya.selectors.actions import record_sightings
from abhaya.selectors.normal import storable
from abhaya.selectors.sighting import Sighting, selector_id
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import execute, value, values

AT = datetime(2026, 3, 15, 10, 20, 30, tzinfo=UTC)


def email() -> str:
    return f"{name('p')}@example.org"


def seen(compartment: UUID, report: UUID, kind: str, text: str | None, **more: object) -> Sighting:
    why_not = "" if text is not None else "No @ in it: not an e-mail address."
    return Sighting(
        compartment, report, uuid7(), kind, text, text or "raw", "reported", 1, "/x", why_not=why_not
    )._replace(**more)


def record(*sightings: Sighting) -> None:
    with on_the_road("test:intake"):
        assert record_sightings(sightings) == len(sightings)


def test_an_officer_sees_the_sightings_of_what_is_open_to_their_unit_and_a_stranger_sees_none() -> None:
    unit = make_unit()
    alice, bob, charlie = (
        make_officer(unit),
        make_officer(unit, called="Bob"),
        make_officer(make_unit(), called="Charlie"),
    )
    compartment, report, address = make_compartment(unit), uuid7(), email()
    record(
        seen(
            compartment,
            report,
            "ip",
            "203.0.113.7",
            at=AT,
            at_precision="second",
            at_original="x",
            port=51000,
            platform="Kik",
        ),
        seen(compartment, report, "email", address, verified=True),
        seen(compartment, report, "email", None),
    )
    for officer in (alice, bob):
        with acting(officer.id):
            ip, good, bad = queries.of_report(report)
        assert (ip.kind, ip.value, ip.at, ip.port, ip.platform, ip.strength) == (
            "ip",
            "203.0.113.7",
            AT,
            51000,
            "Kik",
            "weak",
        )
        assert (good.value, good.selector_id, good.verified, good.strength) == (
            address,
            selector_id("email", address),
            True,
            "strong",
        )
        assert (bad.value, bad.raw, bad.selector_id) == (None, "raw", None)
        assert bad.why_not
    with acting(charlie.id):
        assert queries.of_report(report) == []
        assert queries.reports_with([("email", address)]) == []
        assert queries.sightings_of_selector(selector_id("email", address)) == []


def test_outside_a_transaction_of_somebody_nobody_sees_anything() -> None:
    compartment, report = make_compartment(make_unit()), uuid7()
    record(seen(compartment, report, "email", email()))
    assert queries.of_report(report) == []
    assert value("select count(*) from selectors_selector") == 0


def test_the_dictionary_shows_only_what_stands_in_a_visible_sighting() -> None:
    unit = make_unit()
    alice, charlie = make_officer(unit), make_officer(make_unit())
    hers, hidden = email(), email()
    record(seen(make_compartment(unit), uuid7(), "email", hers), seen(make_compartment(), uuid7(), "email", hidden))
    ids = [selector_id("email", hers), selector_id("email", hidden)]
    with acting(alice.id):
        assert values("select value from selectors_selector where id = any(%s)", [ids]) == [hers]
        assert hidden not in values("select value from selectors_selector")
    with acting(charlie.id):
        assert values("select value from selectors_selector where id = any(%s)", [ids]) == []
        assert value("select count(*) from selectors_selector") == 0


@pytest.mark.parametrize("known", [True, False])
def test_teaching_the_dictionary_tells_nobody_whether_a_value_was_there(known: bool) -> None:
    address, charlie = email(), make_officer(make_unit())
    if known:
        record(seen(make_compartment(), uuid7(), "email", address))
    with acting(charlie.id), connection.cursor() as cursor:
        cursor.execute("select selectors_intern(array['email'], array[%s])", [address])
        assert (cursor.rowcount, cursor.fetchall()) == (1, [(None,)])
        assert values("select 1 from selectors_selector where id = %s", [selector_id("email", address)]) == []


@pytest.mark.parametrize(
    "statement",
    [
        "insert into selectors_selector (id, kind, value) values (gen_random_uuid(), 'email', 'x')",
        "update selectors_selector set value = 'x'",
        "delete from selectors_selector",
        "update selectors_sighting set raw = 'x'",
        "delete from selectors_sighting",
        "truncate selectors_sighting",
    ],
)
def test_neither_officer_nor_road_changes_what_was_seen(statement: str) -> None:
    alice = make_officer(make_unit())
    for transaction in (acting(alice.id), on_the_road("test")):
        with pytest.raises(DatabaseError, match="permission denied"), transaction:
            execute(statement)


def test_an_officer_writes_no_sighting_by_hand() -> None:
    unit = make_unit()
    compartment = make_compartment(unit)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), acting(make_officer(unit).id):
        record_sightings([seen(compartment, uuid7(), "email", email())])


@pytest.mark.parametrize("text", ["alice@example.org", "अलाइस", "a" * 2083, "🙂", "x:y\n", "1"])
def test_python_and_postgresql_give_a_value_the_same_id(text: str, owner: psycopg.Connection) -> None:
    text = storable(text) + name("-")
    record(seen(make_compartment(), uuid7(), "name", text))
    found = owner.execute("select id from selectors_selector where kind = 'name' and value = %s", [text]).fetchall()
    assert found == [(selector_id("name", text),)]


def test_the_same_value_a_thousand_times_is_one_selector_and_a_thousand_sightings() -> None:
    unit, address = make_unit(), email()
    alice, compartment = make_officer(unit), make_compartment(unit)
    record(*[seen(compartment, uuid7(), "email", address) for _ in range(1000)])
    with acting(alice.id):
        assert value("select count(*) from selectors_selector") == 1
        assert value("select count(*) from selectors_sighting") == 1000


def test_two_sets_with_the_same_new_values_in_opposite_orders_do_not_hold_each_other_up() -> None:
    compartment, addresses = make_compartment(), [email() for _ in range(200)]
    failures: list[BaseException] = []

    def write(order: list[str]) -> None:
        try:
            record(*[seen(compartment, uuid7(), "email", address) for address in order])
        except BaseException as error:  # noqa: BLE001 — handed to the test's own thread
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=[order]) for order in (addresses, addresses[::-1])] * 1
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with on_the_road("test"):
        ids = [selector_id("email", address) for address in addresses]
        assert value("select count(*) from selectors_selector where id = any(%s)", [ids]) == 200


def test_seen_elsewhere_counts_the_reports_that_the_viewer_may_see_and_no_others() -> None:
    unit, other = make_unit(), make_unit()
    alice, charlie = make_officer(unit), make_officer(other)
    address, only_here, hidden = email(), email(), email()
    mine, second, third = uuid7(), uuid7(), uuid7()
    home = make_compartment(unit)
    record(
        seen(home, mine, "email", address), seen(home, mine, "email", only_here), seen(home, mine, "email", hidden),
        seen(make_compartment(unit), second, "email", address), seen(make_compartment(unit), second, "email", address),
        seen(make_compartment(other), third, "email", address), seen(make_compartment(other), third, "email", hidden),
    )  # fmt: skip
    with acting(alice.id):
        (found,) = [one for one in queries.of_report(mine) if one.elsewhere]
        assert (found.value, found.elsewhere, found.elsewhere_text) == (address, 1, "1")
        others = queries.sightings_of_selector(found.selector_id, besides=mine)
        assert {sighting.report_id for sighting in others} == {second}
    with acting(charlie.id):
        assert queries.of_report(mine) == []


def test_a_count_beyond_a_thousand_is_shown_as_such() -> None:
    unit, address, mine = make_unit(), email(), uuid7()
    alice, compartment = make_officer(unit), make_compartment(unit)
    record(seen(compartment, mine, "email", address))
    record(*[seen(compartment, uuid7(), "email", address) for _ in range(queries.COUNTED_SIGHTINGS_MAX + 5)])
    with acting(alice.id):
        (found,) = queries.of_report(mine)
    assert found.elsewhere_text == "1,000+"


def test_a_search_finds_reports_by_any_spelling_of_what_was_typed() -> None:
    unit = make_unit()
    alice, compartment = make_officer(unit), make_compartment(unit)
    handle, report = name("nick").replace("-", "_"), uuid7()
    record(
        seen(compartment, report, "screen_name", f"instagram:{handle}"),
        seen(compartment, report, "phone", "+919876501234"),
        seen(compartment, report, "account", f"kik:{handle}"),
    )
    with acting(alice.id):
        for typed in (f"@{handle.upper()}", f"instagram:{handle}", f"kik:{handle}"):
            assert {found.report_id for found in queries.reports_with(kinds.readings(typed))} == {report}, typed
        assert report in {found.report_id for found in queries.reports_with(kinds.readings("098765-01234"))}
        assert queries.reports_with(kinds.readings(f"@{name('nobody')}")) == []
        assert queries.reports_with([]) == []


def test_partitions_are_closed_even_to_who_may_read_the_table(ask_as: Callable[..., psycopg.Connection]) -> None:
    for role in ("abhaya_app", "abhaya_road"):
        names = ask_as("abhaya_owner").execute(
            "select inhrelid::regclass::text from pg_inherits where inhparent = 'selectors_sighting'::regclass"
        )
        for (partition,) in names.fetchall():
            has = ask_as("abhaya_owner").execute("select has_table_privilege(%s, %s, 'select')", [role, partition])
            assert has.fetchone() == (False,), (role, partition)


def test_nothing_recorded_is_nothing_written() -> None:
    with on_the_road("test"):
        assert record_sightings([]) == 0


def test_a_sighting_without_a_report_of_its_own_item_is_kept() -> None:
    unit = make_unit()
    alice, report = make_officer(unit), uuid4()
    record(seen(make_compartment(unit), report, "email", email(), item_id=None))
    with acting(alice.id):
        assert queries.of_report(report)[0].item_id is None

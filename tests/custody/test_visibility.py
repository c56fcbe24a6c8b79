"""Who sees an item, an object, its bytes and its holdings: PostgreSQL decides, asked directly here."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection, transaction
from tests.custody.world import ask, content_of, kept, make_compartment, read
from tests.factory import make_officer, make_unit

from abhaya.custody.actions import Blob, hold, shred, take_in
from abhaya.custody.queries import item, items_of, read_object
from abhaya.errors import NotThere
from abhaya.shared.identity import acting, on_the_road
from abhaya.shared.ids import uuid7

TABLES = ["custody_object", "custody_bytes", "custody_holding", "custody_item", "custody_erasure"]


@pytest.fixture
def people():
    unit = make_unit()
    return make_officer(unit), make_officer(unit, called="Bob"), make_officer(make_unit(), called="Charlie")


def seen_by(person, statement: str, *values):
    with acting(person.id), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def test_alice_and_bob_see_what_is_open_to_their_unit_and_charlie_sees_nothing(people):
    alice, bob, charlie = people
    compartment = make_compartment(alice.unit)
    content = content_of()
    (stored,) = kept(compartment, content)
    for person in (alice, bob):
        with acting(person.id):
            assert [one.id for one in items_of(compartment)] == [stored.item_id]
            assert b"".join(read_object(stored.object_id, compartment)) == content
    with acting(charlie.id):
        assert items_of(compartment) == []
        with pytest.raises(NotThere):
            item(stored.item_id)
        with pytest.raises(NotThere):
            read_object(stored.object_id, compartment)


@pytest.mark.parametrize("table", TABLES)
def test_charlie_asking_the_tables_directly_finds_none_of_it(people, table):
    alice, _, charlie = people
    compartment = make_compartment(alice.unit)
    gone, _ = kept(compartment, content_of(), content_of())
    with on_the_road("test"):
        shred(gone.object_id, compartment)
    columns = "id" if table != "custody_holding" else "object_id"
    assert seen_by(alice, f"select {columns} from {table} limit 1")
    assert seen_by(charlie, f"select {columns} from {table}") == []


def test_nobody_acting_sees_nothing():
    kept(make_compartment(), content_of())
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,)


def test_bytes_held_in_two_compartments_show_each_viewer_their_own_holding_only(people):
    alice, _, charlie = people
    hers, his, content = make_compartment(alice.unit), make_compartment(charlie.unit), content_of()
    (stored,), _ = kept(hers, content), kept(his, content)
    question = "select compartment from custody_holding where object_id = %s"
    assert seen_by(alice, question, stored.object_id) == [(hers,)]
    assert seen_by(charlie, question, stored.object_id) == [(his,)]
    with acting(charlie.id), pytest.raises(NotThere):
        read_object(stored.object_id, hers)


def test_an_opening_that_has_ended_shows_nothing_any_more(people):
    alice, *_ = people
    compartment = make_compartment(alice.unit)
    kept(compartment, content_of())
    with on_the_road("test"), connection.cursor() as cursor:
        cursor.execute("update access_opening set until = now() where compartment = %s", [compartment])
    with acting(alice.id):
        assert items_of(compartment) == []


def test_an_officer_takes_in_what_is_known_elsewhere_and_learns_nothing_of_it(people):
    alice, _, charlie = people
    covert = make_compartment(alice.unit, covert=True)
    known, fresh = content_of(), content_of()
    kept(covert, known)
    his = make_compartment(charlie.unit)
    with acting(charlie.id):
        stored = take_in([Blob(his, "a", known, "", "form"), Blob(his, "b", fresh, "", "form")])
        assert [b"".join(read_object(one.object_id, his)) for one in stored] == [known, fresh]
        assert [one.is_held for one in items_of(his)] == [True, True]
    assert seen_by(charlie, "select count(*) from custody_holding where compartment = %s", covert) == [(0,)]


def test_the_table_of_known_bytes_answers_old_and_new_with_the_same_columns_and_no_compartment(people):
    *_, charlie = people
    with acting(charlie.id), connection.cursor() as cursor:
        cursor.execute("select * from custody_intern('{}','{}','{}','{}','{}','{}','{}','{}','{}')")
        assert [column.name for column in cursor.description] == ["name", "object_id", "known_key", "kept"]


def test_an_officer_cannot_take_in_for_a_compartment_that_is_not_open_to_them(people):
    alice, _, charlie = people
    hers = make_compartment(alice.unit)
    with pytest.raises(Exception, match="row-level security") as caught, acting(charlie.id):
        take_in([Blob(hers, "a", content_of(), "", "form")])
    assert isinstance(caught.value.__cause__ or caught.value, psycopg.errors.InsufficientPrivilege)
    assert ask("select count(*) from custody_item where compartment = %s", hers) == [(0,)]


def test_an_officer_cannot_hand_over_to_a_compartment_that_is_not_open_to_them(people):
    alice, _, charlie = people
    hers, his = make_compartment(alice.unit), make_compartment(charlie.unit)
    (stored,) = kept(hers, content_of())
    with pytest.raises(Exception, match="row-level security"), acting(alice.id):
        hold(stored.object_id, hers, his)
    with pytest.raises(NotThere), acting(charlie.id):
        hold(stored.object_id, hers, his)


@pytest.mark.parametrize(
    "statement",
    [
        "update custody_item set name = 'x'",
        "delete from custody_item",
        "update custody_object set sha256 = ''",
        "delete from custody_object",
        "insert into custody_object (id) values (gen_random_uuid())",
        "update custody_bytes set sealed = ''",
        "delete from custody_bytes",
        "update custody_holding set wrapped_key = null",
        "delete from custody_holding",
        "delete from custody_erasure",
        "insert into custody_erasure (id) values (gen_random_uuid())",
        "truncate custody_item",
    ],
)
@pytest.mark.parametrize("role", ["abhaya_app", "abhaya_road"])
def test_nothing_of_custody_can_be_changed_or_taken_away_by_asking(people, role, statement):
    alice, *_ = people
    transaction_as = acting(alice.id) if role == "abhaya_app" else on_the_road("test")
    with (
        transaction_as,
        connection.cursor() as cursor,
        pytest.raises(Exception, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "select name from custody_object",
        "select known_key from custody_object",
        "select * from custody_shred(gen_random_uuid(), gen_random_uuid(), gen_random_uuid())",
    ],
)
def test_an_officer_reaches_no_storage_name_no_shared_key_and_no_shredder(people, statement):
    with pytest.raises(Exception, match="permission denied"):
        seen_by(people[0], statement)


@pytest.mark.parametrize("table", ["custody_item", "custody_bytes"])
def test_a_partition_cannot_be_read_past_its_table(people, table):
    alice, *_ = people
    partitions = ask("select inhrelid::regclass::text from pg_inherits where inhparent = %s::regclass", table)
    assert len(partitions) > 12
    for (partition,) in partitions:
        for transaction_as in (acting(alice.id), on_the_road("test")):
            with (
                transaction_as,
                connection.cursor() as cursor,
                pytest.raises(Exception, match="permission denied"),
                transaction.atomic(),
            ):
                cursor.execute(f"select 1 from {partition}")


def test_bytes_of_another_object_cannot_be_taken_away_through_the_table_of_known_bytes(people):
    """The function clears bytes that no object needed; an id that has an object is not among them."""
    alice, *_ = people
    victim_compartment, content = make_compartment(), content_of()
    (victim,) = kept(victim_compartment, content)
    (other,) = kept(make_compartment(), content_of())
    ((name,),) = ask("select name from custody_object where id = %s", other.object_id)
    with acting(alice.id), connection.cursor() as cursor:
        cursor.execute(
            "select object_id from custody_intern(array[%s], array[%s::bytea], array[''::bytea], array[''::bytea],"
            " array[''::bytea], array[''::bytea], array[1], array['']::text[], array['row'])",
            [victim.object_id, bytes(name)],
        )
        assert cursor.fetchall() == [(other.object_id,)]
    assert read(victim.object_id, victim_compartment) == content


def test_bytes_that_an_officer_wrote_for_nobody_are_seen_by_nobody(people):
    alice, *_ = people
    with acting(alice.id), connection.cursor() as cursor:
        identifier = uuid7()
        cursor.execute("insert into custody_bytes (id, sealed) values (%s, 'x')", [identifier])
        cursor.execute("select count(*) from custody_bytes where id = %s", [identifier])
        assert cursor.fetchone() == (0,)
        transaction.set_rollback(True)

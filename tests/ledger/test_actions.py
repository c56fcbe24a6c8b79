"""Entries: written with the act or not at all, in the actor's own name, as exact bytes."""

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from abhaya.errors import OfficerError
from abhaya.ledger import canonical
from abhaya.ledger.actions import BODY_BYTES_MAX, Act, erase, record
from abhaya.ledger.events import Event
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared.identity import acting, on_the_road


def stored(owner, entry):
    """The entry's columns, as the owner reads them."""
    row = owner.execute(
        "select at, event, actor_id, actor_name, purpose, subject_id, compartment, body, salt, commitment"
        " from ledger_entry where id = %s",
        [entry],
    ).fetchone()
    owner.rollback()
    return row


def count(owner, sql, *params):
    (found,) = owner.execute(sql, params).fetchone()
    owner.rollback()
    return found


def test_an_act_is_written_as_canonical_bytes_under_its_commitment(owner):
    alice, subject, compartment = uuid4(), uuid4(), uuid4()
    before = datetime.now(UTC)
    with acting(alice, name="Alice Pawar", purpose="जाँच IG-48") as actor:
        (entry,) = record([Act(Event.DESK_REPORT_VIEWED, subject, compartment, {"files": 2, "name": "राम"})])
    at, event, actor_id, actor_name, purpose, subject_id, in_compartment, body, salt, commitment = stored(owner, entry)
    assert (event, actor_id, actor_name, purpose) == ("desk:report:viewed", alice, actor.name, "जाँच IG-48")
    assert (subject_id, in_compartment) == (subject, compartment)
    assert before <= at <= datetime.now(UTC)
    expected = {
        "actor": alice, "actor_name": "Alice Pawar", "at": at, "compartment": compartment,
        "event": "desk:report:viewed", "facts": {"files": 2, "name": "राम"}, "id": entry, "purpose": "जाँच IG-48",
        "subject": subject, "v": 1,
    }  # fmt: skip
    assert body == canonical.encode(expected)
    assert len(salt) == 32
    assert commitment == canonical.commitment(salt, body)


@pytest.mark.parametrize("many", [1, 8, 9, 1000])
def test_a_set_of_acts_becomes_one_entry_each_in_their_order(owner, many):
    compartment = uuid4()
    with on_the_road("road:intake"):
        ids = record([Act(Event.INTAKE_REPORT_RECEIVED, None, compartment, {"n": n}) for n in range(many)])
    assert ids == sorted(ids)
    rows = owner.execute(
        "select id, body, salt from ledger_entry where compartment = %s order by id", [compartment]
    ).fetchall()
    assert [row[0] for row in rows] == ids
    assert [json.loads(row[1])["facts"]["n"] for row in rows] == list(range(many))
    assert len({row[2] for row in rows}) == many
    waiting = owner.execute("select count(*) from ledger_pending where entry_id = any(%s)", [ids]).fetchone()
    placed = owner.execute("select count(*) from ledger_leaf where entry_id = any(%s)", [ids]).fetchone()
    assert waiting[0] + placed[0] == many


def test_no_acts_are_no_entry():
    with on_the_road("road:intake"):
        assert record([]) == []


def test_an_act_that_is_rolled_back_leaves_no_entry(owner):
    compartment = uuid4()
    with on_the_road("road:intake"):
        record([Act(Event.INTAKE_REPORT_RECEIVED, None, compartment)])
        transaction.set_rollback(True)
    assert count(owner, "select count(*) from ledger_entry where compartment = %s", compartment) == 0


def test_nobody_acts_outside_a_transaction():
    with pytest.raises(RuntimeError, match="nobody is acting"):
        record([Act(Event.DESK_SEARCH_MADE)])


def test_facts_that_carry_content_instead_of_naming_it_are_refused():
    with pytest.raises(ValueError, match="name things"), on_the_road("road:intake"):
        record([Act(Event.DESK_SEARCH_MADE, facts={"text": "x" * BODY_BYTES_MAX})])
    with pytest.raises(TypeError), on_the_road("road:intake"):
        record([Act(Event.DESK_SEARCH_MADE, facts={"score": 0.5})])


# What the database itself refuses, whatever the program does

ROW = (
    "insert into ledger_entry (id, at, event, actor_id, actor_name, purpose, body, salt, commitment) values"
    " (gen_random_uuid(), now(), 'desk:search:made', %s, 'Alice', %s, 'b', %s, %s)"
)
SALT = b"s" * 32
COMMITMENT = canonical.commitment(SALT, b"b")


def insert_row(actor, purpose="", salt=SALT, commitment=COMMITMENT):
    # gen_random_uuid() is no UUIDv7: give the partition key a time of its own.
    sql = ROW.replace("gen_random_uuid()", f"'{UUID(int=int(datetime.now(UTC).timestamp() * 1000) << 80 | 7)}'")
    with connection.cursor() as cursor:
        cursor.execute(sql, [actor, purpose, salt, commitment])


def test_an_officer_cannot_write_in_anothers_name():
    alice, bob = uuid4(), uuid4()
    for forged in (bob, None):
        with pytest.raises(DatabaseError, match="row-level security"), acting(alice):
            insert_row(forged)
    with pytest.raises(DatabaseError, match="row-level security"), acting(alice, purpose="true purpose"):
        insert_row(alice, "another purpose")


def test_the_road_cannot_write_in_an_officers_name():
    with pytest.raises(DatabaseError, match="row-level security"), on_the_road("road:intake"):
        insert_row(uuid4())


def test_outside_a_transaction_of_somebody_nothing_is_written():
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        insert_row(None)


def test_a_commitment_that_is_not_the_entrys_own_is_refused():
    alice = uuid4()
    for salt, commitment in ((SALT, b"c" * 32), (b"", canonical.commitment(b"", b"b"))):
        with pytest.raises(DatabaseError, match="ledger_entry_committed"), acting(alice):
            insert_row(alice, salt=salt, commitment=commitment)


@pytest.mark.parametrize("road", [False, True])
@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_entry set event = 'x'",
        "delete from ledger_entry",
        "truncate ledger_entry",
        "insert into ledger_pending (entry_id) values (gen_random_uuid())",
        "delete from ledger_pending",
        "insert into ledger_leaf (index, entry_id, leaf_hash) values (1, gen_random_uuid(), '')",
        "update ledger_leaf set leaf_hash = ''",
        "delete from ledger_leaf",
        "insert into ledger_checkpoint (size, root, note, at) values (1, '', '', now())",
        "update ledger_checkpoint set note = ''",
        "delete from ledger_checkpoint",
        "update ledger_frontier set size = 0",
        "update ledger_departure set recipient = ''",
        "delete from ledger_departure",
        "update ledger_log set origin = ''",
        "delete from ledger_check_run",
        "alter table ledger_entry disable trigger ledger_entry_pending",
    ],
)
def test_neither_officer_nor_road_may_change_what_stands(statement, road):
    somebody = on_the_road("road:intake") if road else acting(uuid4())
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        somebody,
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_no_partition_can_be_read_or_written_directly(ask_as, owner):
    names = owner.execute(
        "select inhrelid::regclass::text from pg_inherits where inhparent = 'ledger_entry'::regclass"
    ).fetchall()
    assert len(names) > 12
    for role in ("abhaya_app", "abhaya_sequencer"):
        for (name,) in names[:3] + names[-3:]:
            asking = ask_as(role)
            with pytest.raises(Exception, match="permission denied"):
                asking.execute(f"select 1 from {name}")


def test_the_sequencer_reads_commitments_and_no_entry(ask_as):
    asking = ask_as("abhaya_sequencer")
    asking.execute("select id, commitment from ledger_entry limit 1")
    for column in ("body", "salt", "event", "actor_name"):
        with pytest.raises(Exception, match="permission denied"):
            asking.execute(f"select {column} from ledger_entry limit 1")
        asking.rollback()
    for statement in (
        "update ledger_leaf set leaf_hash = ''",
        "delete from ledger_leaf",
        "delete from ledger_entry",
        "update ledger_checkpoint set note = ''",
        "delete from ledger_checkpoint",
        "insert into ledger_pending (entry_id) values (gen_random_uuid())",
    ):
        with pytest.raises(Exception, match="permission denied"):
            asking.execute(statement)
        asking.rollback()


# Erasure


def test_erasing_takes_the_text_and_leaves_the_leaf_and_a_statement(owner, written):
    _, (kept, erased) = written(2)
    with on_the_road("operator:retention"):
        assert erase([erased], "retention of three years ended") == 1
    assert stored(owner, kept) is not None
    assert stored(owner, erased) is None
    assert count(owner, "select count(*) from ledger_leaf where entry_id = %s", erased) == 1
    said = owner.execute(
        "select body from ledger_entry where event = 'ledger:entry:erased' order by id desc"
    ).fetchone()
    assert json.loads(said[0])["facts"] == {"basis": "retention of three years ended", "entries": [str(erased)]}


def test_an_entry_without_a_leaf_and_an_erasure_itself_are_not_erased(owner, written):
    _, (fresh,) = written(1, sequenced=False)
    with on_the_road("operator:retention"):
        assert erase([fresh], "too early") == 0
    assert stored(owner, fresh) is not None
    sequence_all()
    (statement,) = owner.execute(
        "select id from ledger_entry where event = 'ledger:entry:erased' order by id desc limit 1"
    ).fetchone()
    owner.rollback()
    with on_the_road("operator:retention"):
        assert erase([statement], "hide the traces") == 0
    assert stored(owner, statement) is not None


def test_nothing_is_erased_without_a_statement_that_names_it(owner, written):
    _, ids = written(2)
    with on_the_road("road:intake"), connection.cursor() as cursor:
        cursor.execute("select ledger_erase(%s)", [ids[0]])
        assert cursor.fetchone() == (0,)
    assert all(stored(owner, entry) for entry in ids)
    with pytest.raises(DatabaseError, match="permission denied"), acting(uuid4()), connection.cursor() as cursor:
        cursor.execute("select ledger_erase(%s)", [ids[0]])


@pytest.mark.parametrize(("entries", "basis"), [([], "law"), ([uuid4()], "  "), ([uuid4()] * 10_001, "law")])
def test_an_erasure_without_entries_or_basis_is_refused(entries, basis):
    with pytest.raises(OfficerError), on_the_road("operator:retention"):
        erase(entries, basis)

"""Promise 2, under the pages: PostgreSQL itself gives nobody what is not open to them, whatever a program asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql
from tests.factory import Person
from tests.promises.world import World, content_tables, the_world

from abhaya.shared.ids import uuid7

ROLES = ("abhaya_app", "abhaya_sequencer")

# Every function that looks past row security, and why it may. A new one is added here, with a test of what it tells.
DEFINERS = {
    "access_answers_for": "whether the acting officer confirms resets for an officer",
    "access_approval_decide": "decides only what the acting officer may decide, once, and never their own",
    "access_approval_spend": "uses up only what was granted to the acting officer, once, within its hour",
    "access_close": "ends only the acting unit's openings, or those it made",
    "access_credentials": "what a sign-in is held against; tells one account by its exact name",
    "access_decides": "whether the acting officer may be the second person of a request",
    "access_emergencies_today": "how often the acting officer used emergency access in the last day",
    "access_emergency_review": "writes the review of what the acting officer's unit holds, never their own, once",
    "access_emergency_unmask": "notes an unmasking of what is open to the acting officer; a day's number at most",
    "access_forget_factors": "removes an officer's passkeys and recovery codes, for an administrator; tells how many",
    "access_holds": "whether a compartment is open to the acting officer otherwise than in an emergency",
    "access_is_covert": "whether a compartment that the reader knows the id of is covert",
    "access_keeper": "which unit keeps the originals of a compartment, only to whoever sees into it",
    "access_may": "the acting officer's own permissions",
    "access_open": "opens only what the acting officer works on",
    "access_oversees": "whether the acting officer supervises a unit or one above it",
    "access_oversees_officer": "whether the acting officer supervises the unit of an officer, or one above it",
    "access_sealed": "whether entries are kept from the auditor who asks; says no to everybody else",
    "access_trace": "where the acting officer's own act is written down: the compartment given, or a case of theirs",
    "access_unchanged": "compares the acting officer's own row",
    "access_viewers": "the acting officer's own ids",
    "access_works_on": "whether the acting officer works on a compartment",
    "custody_count": "counts what a deletion would take from a compartment the acting officer works on; nothing of others",
    "custody_elsewhere": "of the originals of such a compartment, which a compartment that is not covert keeps too; no name",
    "custody_intern": "notes an object; answers the same whether it was known or new",
    "custody_wrap": "the key of an original to whose unit may read it: authorised, granted, or nobody authorised has it",
    "custody_wrapped": "of a compartment that the acting officer sees, which originals have a key there; no key",
    "custody_lock": "holds objects while holdings change; answers which of the ids it was given are objects",
    "desk_open_in_emergency": "opens a report by its number for hours, counted and kept; one answer for all that it does not open",
    "intake_caller": "what a sender's sign-in at the door is held against; tells one sender by its exact user name",
    "linking_holders": "by how many accounts an identifier of a report open to the acting officer is held, up to a number",
    "linking_protected": "of accounts that the acting officer sees, which some report calls a child's or victim's",
    "linking_shielded": "of members of groups that the acting officer sees, whom some report calls a child or a victim",
    "selectors_personas": "the acting officer's own personas",
    "selectors_written_of_personas": "how reports open to the acting officer write personas: what pages leave out",
    "selectors_intern": "notes a value in the dictionary; answers nothing",
    "shared_make_partitions": "makes empty partitions; tells how many",
}


@pytest.fixture
def world() -> World:
    return the_world()


@pytest.fixture
def as_officer(ask_as: Callable[..., psycopg.Connection]) -> Callable[[Person], psycopg.Connection]:
    """A plain connection as the application, with this officer acting: what an injected statement would have."""

    def connect(person: Person) -> psycopg.Connection:
        connection = ask_as("abhaya_app")
        connection.execute("select set_config('abhaya.officer', %s, false)", [str(person.id)])
        return connection

    return connect


def secured_tables(owner: psycopg.Connection) -> list[str]:
    rows = owner.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity"
        " and not relispartition order by 1"
    )
    return [table for (table,) in rows]


def may(connection: psycopg.Connection, table: str, verb: str) -> bool:
    return bool(
        connection.execute(
            "select has_any_column_privilege(%s, %s)" if verb != "delete" else "select has_table_privilege(%s, %s)",
            [table, verb],
        ).fetchone()[0]
    )


def count(connection: psycopg.Connection, table: str, where: str = "true", *values: object) -> int:
    statement = sql.SQL("select count(*) from {} where " + where).format(sql.Identifier(table))
    return int(connection.execute(statement, values).fetchone()[0])


def attempts(connection: psycopg.Connection) -> Callable[..., str]:
    """Runs a statement to see what the database says, and leaves nothing of it: 'done', or the refusal."""

    def attempt(statement: sql.Composable | str, values: object = None) -> str:
        try:
            with connection.transaction(force_rollback=True):
                touched = connection.execute(statement, values).rowcount
        except psycopg.Error as refusal:
            return str(refusal)
        return f"done {touched}"

    return attempt


def test_without_anybody_acting_no_table_answers(world, owner, ask_as):
    plain = ask_as("abhaya_app")
    asked = [table for table in secured_tables(owner) if may(plain, table, "select")]
    assert {table: count(plain, table) for table in asked if count(plain, table)} == {}
    assert len([table for table in asked if count(owner, table)]) >= 8, "the world is too empty to prove anything"


@pytest.mark.parametrize("who", ["charlie", "administrator"])
def test_asked_directly_for_the_report_the_tables_give_nothing(world, owner, as_officer, who):
    connection = as_officer(getattr(world, who))
    found = {}
    for table in content_tables(owner):
        if may(connection, table, "select"):
            found[table] = count(connection, table, "compartment = %s", world.compartment)
    assert {table: rows for table, rows in found.items() if rows} == {}
    assert len([t for t in found if count(owner, t, "compartment = %s", world.compartment)]) >= 8


def test_the_auditor_reads_the_ledger_and_no_content(world, owner, as_officer):
    connection = as_officer(world.auditor)
    readable = {
        table
        for table in content_tables(owner)
        if may(connection, table, "select") and count(connection, table, "compartment = %s", world.compartment)
    }
    assert readable == {"ledger_entry", "access_emergency"}  # who did what alone and why, by number; no content


def test_alice_and_bob_find_it_so_that_nothing_means_something(world, owner, as_officer):
    for person in (world.alice, world.bob):
        connection = as_officer(person)
        assert count(connection, "intake_report", "compartment = %s", world.compartment) == 1


def test_charlie_changes_and_deletes_nothing_of_alices(world, owner, as_officer):
    attempt = attempts(as_officer(world.charlie))
    for table in content_tables(owner):
        for statement in ("update {} set compartment = compartment where compartment = %s",
                          "delete from {} where compartment = %s"):  # fmt: skip
            said = attempt(sql.SQL(statement).format(sql.Identifier(table)), [world.compartment])
            assert said == "done 0" or "permission denied" in said, (table, statement, said)


def copies(owner: psycopg.Connection, world: World) -> Iterator[tuple[str, str]]:
    """A row of Alice's in every content table, as JSON, with a new id."""
    for table in content_tables(owner):
        row = owner.execute(
            sql.SQL("select to_jsonb(t) || case when to_jsonb(t) ? 'id' then jsonb_build_object('id', %s::text)"
                    " else '{{}}' end from {} t where compartment = %s limit 1").format(sql.Identifier(table)),
            [str(uuid7()), world.compartment],
        ).fetchone()  # fmt: skip
        if row is not None:
            yield table, psycopg.types.json.Jsonb(row[0])


def insertable(owner: psycopg.Connection, table: str) -> list[str]:
    rows = owner.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
        " and has_column_privilege('abhaya_app', attrelid, attnum, 'insert')",
        [table],
    )
    return [column for (column,) in rows]


def test_charlie_puts_nothing_into_alices_compartment(world, owner, as_officer):
    attempt = attempts(as_officer(world.charlie))
    refused_by_policy = []
    for table, row in copies(owner, world):
        columns = sql.SQL(", ").join(map(sql.Identifier, insertable(owner, table)))
        if not insertable(owner, table):
            columns = sql.SQL("compartment")
        statement = sql.SQL("insert into {0} ({1}) select {1} from jsonb_populate_record(null::{0}, %s)").format(
            sql.Identifier(table), columns
        )
        said = attempt(statement, [row])
        if table == "ledger_entry" and said.startswith("done"):
            continue  # an entry in one's own name may name anything: it says what was tried, and shows nothing
        assert "row-level security" in said or "permission denied" in said, (table, said)
        if "row-level security" in said:
            refused_by_policy.append(table)
    assert refused_by_policy


@pytest.mark.parametrize("role", ["abhaya_app", "abhaya_road"])
def test_a_compartment_once_written_is_never_rewritten(owner, role):
    rewritable = [
        table
        for table in content_tables(owner)
        if owner.execute("select has_column_privilege(%s, %s, 'compartment', 'update')", [role, table]).fetchone()[0]
    ]
    assert rewritable == []


def test_no_partition_answers_when_asked_directly(world, owner, ask_as):
    partitions = [
        name
        for (name,) in owner.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relispartition and relkind = 'r'"
        )
    ]
    assert len(partitions) > 100
    for role in (*ROLES, "abhaya_road"):
        connection = ask_as("abhaya_service" if role == "abhaya_road" else role)
        if role == "abhaya_road":
            connection.execute("set role abhaya_road")
        attempt = attempts(connection)
        for partition in partitions:
            said = attempt(sql.SQL("select 1 from {} limit 1").format(sql.Identifier(partition)))
            assert "permission denied" in said, (role, partition, said)


def test_functions_that_look_past_row_security_are_few_and_known(owner):
    callable_ones = {
        name
        for (name,) in owner.execute(
            "select p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef"
            " and p.prorettype <> 'trigger'::regtype and has_function_privilege('abhaya_app', p.oid, 'execute')"
        )
    }
    assert callable_ones == set(DEFINERS)


def test_what_belongs_together_is_there(world, owner):
    """No foreign keys run between rooms' partitioned tables: nothing of the report may point at nothing."""
    targets = {
        "report_id": "intake_report", "item_id": "custody_item", "object_id": "custody_object",
        "selector_id": "selectors_selector", "file_id": "intake_file",
    }  # fmt: skip
    for table in content_tables(owner):
        assert count(
            owner, table, "compartment = %s and not exists (select 1 from access_compartment c where c.id = compartment)",
            world.compartment,
        ) == 0  # fmt: skip
        columns = {name for (name,) in owner.execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped", [table]
        )}  # fmt: skip
        for column in columns & targets.keys():
            astray = owner.execute(
                sql.SQL("select count(*) from {} t where compartment = %s and {} is not null"
                        " and not exists (select 1 from {} o where o.id = t.{})").format(
                    sql.Identifier(table), sql.Identifier(column), sql.Identifier(targets[column]), sql.Identifier(column)),
                [world.compartment],
            ).fetchone()[0]  # fmt: skip
            assert astray == 0, (table, column)

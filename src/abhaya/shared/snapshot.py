"""The database in and out as text: every table in one snapshot, by COPY, each with a print of what it held.

The text form of COPY is the one thing that every PostgreSQL of any version writes and reads alike; no program beside the
server is needed. The owner reads every row, because row security does not bind the owner of a table. A print is the number
of rows and the sum of their SHA-256 modulo 2**256: the same for the same rows in whatever order they stand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.graph import MigrationGraph
from psycopg import sql

from abhaya.errors import OperatorError
from abhaya.shared import roles
from abhaya.shared.postgres import connect

_MODULUS = 2**256
PIECE_BYTES = 64 * 1024  # of rows at once: what is done to each piece then costs nothing per row
# What a value looks like as text depends on these; each is said, so that two servers say the same.
_SAME_TEXT = {
    "client_encoding": "UTF8",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "lc_monetary": "C",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}
_TABLES = """
select c.relname, array(
    select a.attname::text from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum
) from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
order by c.relname
"""
_SEQUENCES = """
select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'S' order by 1
"""
_FOREIGN_KEYS = """
select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
where contype = 'f' and conparentid = 0 and connamespace = 'public'::regnamespace
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a snapshot sees it; a partitioned one is one table."""

    name: str
    columns: tuple[str, ...]


@dataclass(slots=True)
class Print:
    """What a table held, in whatever order."""

    rows: int = 0
    total: int = 0

    def add(self, piece: bytes) -> None:
        """Rows as lines, each with its end."""
        rows = piece.split(b"\n")[:-1]  # a line break within a value is written \n in this form
        digests = (int.from_bytes(hashlib.sha256(row).digest(), "big") for row in rows)
        self.rows += len(rows)
        self.total = (self.total + sum(digests)) % _MODULUS

    @property
    def sum(self) -> str:
        return f"{self.total:064x}"


class Snapshot:
    """All tables at one instant, however long it takes to read them. Use as `with Snapshot(data_dir) as taken`."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    def __enter__(self) -> Self:
        self._connection = connect(self._data_dir, roles.OWNER)
        self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self._connection.read_only = True
        _speak_alike(self._connection)  # its first statement is the instant of the snapshot
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def tables(self) -> list[Table]:
        return [Table(name, tuple(columns)) for name, columns in self._connection.execute(_TABLES)]

    def rows(self, table: Table, seen: Print) -> Iterator[bytes]:
        """The rows as lines of text, many at a time, counted and summed in `seen` as they pass."""
        with self._connection.cursor() as cursor, cursor.copy(_copy_out(table)) as copy:
            waiting = bytearray()
            for block in copy:
                waiting += block
                if len(waiting) >= PIECE_BYTES and (end := waiting.rfind(b"\n") + 1):
                    piece = bytes(waiting[:end])
                    del waiting[:end]
                    seen.add(piece)
                    yield piece
            seen.add(bytes(waiting))
            yield bytes(waiting)

    def print_of(self, table: Table) -> Print:
        """Reads a table for its print alone."""
        seen = Print()
        for _piece in self.rows(table, seen):
            pass
        return seen

    def sequences(self) -> list[tuple[str, int, bool]]:
        """Every sequence with where it stands. They move on outside of transactions: never behind the rows."""
        found = []
        for (name,) in self._connection.execute(_SEQUENCES).fetchall():
            statement = sql.SQL("select last_value, is_called from {}").format(sql.Identifier(name))
            last, is_called = self._connection.execute(statement).fetchone() or (1, False)
            found.append((str(name), int(last), bool(is_called)))
        return found

    def all(self, statement: str) -> list[tuple[object, ...]]:
        """The answer of a statement of ours, in the same snapshot."""
        return list(self._connection.execute(statement.encode()).fetchall())

    @property
    def major(self) -> int:
        return self._connection.info.server_version // 10_000


def _speak_alike(connection: psycopg.Connection) -> None:
    for name, text in _SAME_TEXT.items():
        connection.execute("select set_config(%s, %s, false)", [name, text])


def _copy_out(table: Table) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    # A partitioned table is copied by a query: `copy table to` takes none before PostgreSQL 19.
    return sql.SQL("copy (select {} from {}) to stdout").format(names, sql.Identifier(table.name))


def make_tables(owner: BaseDatabaseWrapper, applied: Sequence[tuple[str, str]]) -> None:
    """In an empty database, the tables as they were when exactly these migrations had been applied.

    `owner` is Django's connection of the owner. OperatorError when one of them is of a newer version of the program.
    """
    executor = MigrationExecutor(owner)
    graph, wanted = executor.loader.graph, set(applied)
    unknown = sorted(f"{app}.{name}" for app, name in wanted if (app, name) not in graph.nodes)
    if unknown:
        raise OperatorError(
            f"This was made by a newer version of Abhaya, whose tables this version does not know ({unknown[0]})."
            " Install that version, or a newer one, and restore with it."
        )
    ends = [node for node in sorted(wanted) if not any(child in wanted for child in _later(graph, node))]
    executor.migrate(ends)


def _later(graph: MigrationGraph, node: tuple[str, str]) -> list[tuple[str, str]]:
    """The migrations of the same room that come right after this one."""
    return [child.key for child in graph.node_map[node].children if child.key[0] == node[0]]


Rows = Callable[[Table], Iterable[bytes]]


def fill_tables(
    data_dir: Path, tables: Sequence[Table], rows: Rows, sequences: Sequence[tuple[str, int, bool]]
) -> None:
    """Empties every table and puts `rows(table)` into it, in one transaction: all of it is there, or nothing.

    No trigger of ours fires, because what triggers wrote is among the rows. Foreign keys are taken off and put on again,
    which checks them all at once.
    """
    with connect(data_dir, roles.OWNER) as owner:
        _speak_alike(owner)
        there = {name: set(columns) for name, columns in owner.execute(_TABLES)}
        for table in tables:
            if not set(table.columns) <= there.get(table.name, set()):
                raise OperatorError(f"The table {table.name} is not as it was when this was written.")
        keys = owner.execute(_FOREIGN_KEYS).fetchall()
        every = sql.SQL(", ").join(map(sql.Identifier, sorted(there)))
        for holder, name, _definition in keys:
            owner.execute(sql.SQL("alter table {} drop constraint {}").format(sql.SQL(holder), sql.Identifier(name)))
        for name in there:
            owner.execute(sql.SQL("alter table {} disable trigger user").format(sql.Identifier(name)))
        owner.execute(sql.SQL("truncate {}").format(every))
        for table in tables:
            names = sql.SQL(", ").join(map(sql.Identifier, table.columns))
            statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table.name), names)
            with owner.cursor() as cursor, cursor.copy(statement) as copy:
                for block in rows(table):
                    copy.write(block)
        for name in there:
            owner.execute(sql.SQL("alter table {} enable trigger user").format(sql.Identifier(name)))
        for holder, name, definition in keys:
            again = sql.SQL("alter table {} add constraint {} {}")
            owner.execute(again.format(sql.SQL(holder), sql.Identifier(name), sql.SQL(definition)))
        for name, last, is_called in sequences:
            owner.execute("select setval(%s::regclass, %s, %s)", [f"public.{name}", last, is_called])
    with connect(data_dir, roles.OWNER) as owner:
        owner.autocommit = True
        owner.execute("analyze")

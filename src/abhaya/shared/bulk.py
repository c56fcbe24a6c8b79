"""Rows in bulk, through the transaction's own connection.

COPY is refused under row security, so rows go by COPY into a temporary table (made once per connection, emptied at
commit) and then by one `INSERT … SELECT` under the role's own insert policies. A handful of rows goes straight in; within
`together`, it waits for the next question and goes with all that waits, in one trip to the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from psycopg import sql

from abhaya.shared.identity import current_actor
from abhaya.shared.sql import go, is_together, later

DIRECT_ROWS_MAX = 8  # below this an INSERT per row costs less than the temporary table
TOGETHER_ROWS_MAX = 64  # the same where the INSERT costs no trip of its own


def add(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, conflict: str = "") -> None:
    """`insert` for whoever need not know how many were new: within `together` the rows wait for the next trip."""
    listed = rows if isinstance(rows, list) else list(rows)
    if listed and is_together() and len(listed) <= TOGETHER_ROWS_MAX:
        later(_direct(table, tuple(columns), len(listed), conflict), [value for row in listed for value in row])
    else:
        insert(table, columns, listed, conflict=conflict)


def insert(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, conflict: str = "") -> int:
    """Inserts `rows` and returns how many were new. `conflict` is a literal `on conflict …` clause of ours."""
    listed = rows if isinstance(rows, list) else list(rows)
    if not listed:
        return 0
    go()
    with connection.cursor() as cursor:
        if len(listed) <= DIRECT_ROWS_MAX:
            statement = _direct(table, tuple(columns), len(listed), conflict)
            cursor.cursor.execute(statement, [value for row in listed for value in row])  # one round trip
            return int(cursor.cursor.rowcount)

        def write(copy: Any) -> None:
            for row in listed:
                copy.write_row(row)

        return _copied(cursor, table, columns, conflict, "", write)


def insert_copied(table: str, columns: Sequence[str], content: bytes, *, conflict: str = "") -> int:
    """`insert` for rows that are written out already, in COPY's binary form."""
    go()
    with connection.cursor() as cursor:
        return _copied(cursor, table, columns, conflict, " (format binary)", lambda copy: copy.write(content))


def _copied(
    cursor: Any, table: str, columns: Sequence[str], conflict: str, form: str, write: Callable[[Any], None]
) -> int:
    """By COPY into the twin, then by one INSERT. `conflict` and `form` are literals of ours, never input."""
    target, staging = sql.Identifier(table), _staging_table(cursor, table, columns)
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    with cursor.cursor.copy(sql.SQL("copy {} ({}) from stdin{}").format(staging, names, sql.SQL(form))) as copy:
        write(copy)
    cursor.cursor.execute(
        sql.SQL("insert into {} ({}) select {} from {} {}").format(target, names, names, staging, sql.SQL(conflict))
    )
    inserted = int(cursor.cursor.rowcount)
    cursor.cursor.execute(sql.SQL("truncate {}").format(staging))
    return inserted


@lru_cache(maxsize=512)
def _direct(table: str, columns: tuple[str, ...], rows: int, conflict: str) -> str:
    """The statement that inserts so many rows; its text is the same every time, so it is put together once."""
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    marks = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(columns)))
    statement = sql.SQL("insert into {} ({}) values {} {}").format(
        sql.Identifier(table), names, sql.SQL(", ").join([marks] * rows), sql.SQL(conflict)
    )
    return statement.as_string()


def _staging_table(cursor: Any, table: str, columns: Sequence[str]) -> sql.Identifier:
    """A temporary twin with the target's column types and none of its constraints, kept for the connection's life."""
    # The role that made it owns it, and one connection serves several roles.
    name = f"{current_actor().role}_{table}_{abs(hash(tuple(columns))) % 10**8}"[-63:]
    staging = sql.Identifier("pg_temp", name)
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    cursor.cursor.execute("select to_regclass(%s) is null", [f"pg_temp.{name}"])
    if cursor.cursor.fetchone()[0]:
        cursor.cursor.execute(
            sql.SQL("create temporary table {} on commit delete rows as select {} from {} with no data").format(
                sql.Identifier(name), names, sql.Identifier(table)
            )
        )
    return staging

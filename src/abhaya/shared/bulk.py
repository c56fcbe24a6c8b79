"""Rows in bulk, through the transaction's own connection.

COPY is refused under row security, so rows go by COPY into a temporary table (made once per connection, emptied at
commit) and then by one `INSERT … SELECT` under the role's own insert policies. A handful of rows goes straight in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from psycopg import sql

from abhaya.shared.identity import current_actor

DIRECT_ROWS_MAX = 8  # below this an INSERT per row costs less than the temporary table


def insert(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, conflict: str = "") -> int:
    """Inserts `rows` and returns how many were new. `conflict` is a literal `on conflict …` clause of ours."""
    listed = rows if isinstance(rows, list) else list(rows)
    if not listed:
        return 0
    target = sql.Identifier(table)
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    tail = sql.SQL(" " + conflict)  # a literal of ours, never input
    with connection.cursor() as cursor:
        if len(listed) <= DIRECT_ROWS_MAX:
            marks = sql.SQL(", ").join([sql.Placeholder()] * len(columns))
            statement = sql.SQL("insert into {} ({}) values ({}){}").format(target, names, marks, tail)
            cursor.cursor.executemany(statement, listed)
            return int(cursor.cursor.rowcount)
        staging = _staging_table(cursor, table, columns)
        with cursor.cursor.copy(sql.SQL("copy {} ({}) from stdin").format(staging, names)) as copy:
            for row in listed:
                copy.write_row(row)
        cursor.cursor.execute(
            sql.SQL("insert into {} ({}) select {} from {}{}").format(target, names, names, staging, tail)
        )
        inserted = int(cursor.cursor.rowcount)
        cursor.cursor.execute(sql.SQL("truncate {}").format(staging))
        return inserted


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

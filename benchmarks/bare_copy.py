"""Copies every row of an installation out, and into an empty database with the same tables and indexes.

Prints how many rows there were and how many seconds copying them in took, commit included. This is the limit the bulk
road is held against: the same final rows and indexes, without parsing, sealing, row security or hashing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import django
import psycopg
from django.conf import settings
from psycopg import sql

from abhaya.shared.postgres import DATABASE, Cluster, running
from abhaya.shared.programs import binaries
from abhaya.shared.roles import password_file

NOT_ROWS_OF_REPORTS = (
    "django_",
    "procrastinate_",
    "places_",
    "access_role",
    "access_unit",
    "access_officer",
    "shared_",
)
BLOCK_BYTES = 1024 * 1024
TARGET = "bare_copy"


def main(folder: Path) -> None:
    django.setup()
    with running(settings.DATA_DIR):
        cluster = Cluster(settings.DATA_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        with cluster.connect("postgres", DATABASE, autocommit=True) as source:
            tables = _tables(source)
            columns = {table: _columns(source, table) for table in tables}
            for table in tables:
                _out(source, table, columns[table], folder / table)
            source.execute(f"create database {TARGET}")
        _same_schema(cluster)
        with cluster.connect("postgres", TARGET) as target:
            rows, start = 0, time.perf_counter()
            target.execute(
                "set constraints all deferred"
            )  # foreign keys of ours are checked at commit, so any order serves
            for table in tables:
                rows += _in(target, table, columns[table], folder / table)
            target.commit()
            print(rows, f"{time.perf_counter() - start:.3f}")


def _tables(connection: psycopg.Connection) -> list[str]:
    statement = (
        "select relname from pg_class where relkind in ('r', 'p') and not relispartition"
        " and relnamespace = 'public'::regnamespace order by relname"
    )
    return [row[0] for row in connection.execute(statement) if not row[0].startswith(NOT_ROWS_OF_REPORTS)]


def _columns(connection: psycopg.Connection, table: str) -> sql.Composable:
    """All that are written; those that the database makes of others it makes again."""
    statement = "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''"
    return sql.SQL(", ").join(sql.Identifier(row[0]) for row in connection.execute(statement, [table]))


def _same_schema(cluster: Cluster) -> None:
    """The schema of the installation, with every index and constraint, and the few rows that reports refer to."""
    dump = [str(binaries() / "pg_dump"), "-h", str(cluster.sockets), "-U", "postgres"]
    load = [str(binaries() / "psql"), "-q", "-h", str(cluster.sockets), "-U", "postgres", "-d", TARGET]
    environment = {**os.environ, "PGPASSFILE": str(password_file(settings.DATA_DIR, "postgres"))}
    for words in (["--schema-only"], ["--data-only", "-t", "access_unit", "-t", "access_officer"]):
        with subprocess.Popen([*dump, *words, DATABASE], stdout=subprocess.PIPE, env=environment) as out:
            subprocess.run(load, stdin=out.stdout, check=True, stdout=subprocess.DEVNULL, env=environment)


def _out(connection: psycopg.Connection, table: str, columns: sql.Composable, path: Path) -> None:
    statement = sql.SQL("copy (select {} from {}) to stdout").format(columns, sql.Identifier(table))
    with path.open("wb") as file, connection.cursor().copy(statement) as copy:
        for block in copy:
            file.write(block)


def _in(connection: psycopg.Connection, table: str, columns: sql.Composable, path: Path) -> int:
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), columns)
    with connection.cursor() as cursor:
        with path.open("rb") as file, cursor.copy(statement) as copy:
            while block := file.read(BLOCK_BYTES):
                copy.write(block)
        return cursor.rowcount


if __name__ == "__main__":
    main(Path(sys.argv[1]))

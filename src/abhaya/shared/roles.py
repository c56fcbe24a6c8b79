"""The database roles, and what each may do before any table exists. Run again, it changes nothing.

`abhaya_owner` migrates and owns every table. `abhaya_app` is what officers' pages connect as: row security binds it, and
it can become nobody else. `abhaya_road` cannot sign in; `abhaya_service` signs in for it, inherits nothing, and is the road
or an officer only inside a transaction that says `set role`. `abhaya_sequencer` appends to the ledger. None is a
superuser, none bypasses row security.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql

from abhaya.errors import OperatorError
from abhaya.shared.secret import secret, secret_path

OWNER, APP, ROAD, SEQUENCER = "abhaya_owner", "abhaya_app", "abhaya_road", "abhaya_sequencer"
SERVICE = "abhaya_service"
SIGN_IN = (OWNER, APP, SERVICE, SEQUENCER)
_PASSWORD_FORM = "*:*:*:{role}:{{}}"  # noqa: S105 — libpq's password file: host, port, database, user, password


def password_file(data_dir: Path, role: str) -> Path:
    """Where libpq reads the role's password when it connects; a process that never connects as it never reads it."""
    return secret_path(data_dir, f"database-{role}")


def password(data_dir: Path, role: str) -> str:
    """The role's password, made if there is none."""
    return secret(data_dir, f"database-{role}", form=_PASSWORD_FORM.format(role=role)).rsplit(":", 1)[1]


def make_roles(admin: psycopg.Connection, data_dir: Path) -> None:
    """Makes the roles with this installation's passwords. `admin` may create roles."""
    with admin.transaction():
        admin.execute("select pg_advisory_xact_lock(hashtext('abhaya roles'))")
        there = {name for (name,) in admin.execute("select rolname from pg_roles where rolname like 'abhaya%'")}
        for role in (*SIGN_IN, ROAD):
            if role not in there:
                sign_in = sql.SQL("login" if role in SIGN_IN else "nologin")
                admin.execute(sql.SQL("create role {} {} noinherit").format(sql.Identifier(role), sign_in))
        for role in SIGN_IN:
            # Hashed here: the password itself never travels, and never reaches a server log.
            hashed = admin.pgconn.encrypt_password(password(data_dir, role).encode(), role.encode(), b"scram-sha-256")
            admin.execute(
                sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(hashed.decode()))
            )
        admin.execute(
            sql.SQL("grant {}, {} to {}").format(sql.Identifier(ROAD), sql.Identifier(APP), sql.Identifier(SERVICE))
        )


def part_roles(admin: psycopg.Connection) -> None:
    """What pages sign in as loses the road, which the first installations gave it. Apart from making the roles, because a
    program of the version before may still be at work then.
    """
    if is_road(admin):
        admin.execute(sql.SQL("revoke {} from {}").format(sql.Identifier(ROAD), sql.Identifier(APP)))


def is_road(connection: psycopg.Connection) -> bool:
    """Whether what pages sign in as may become the road's role."""
    found = connection.execute("select pg_has_role(%s, %s, 'member')", [APP, ROAD]).fetchone()
    return found == (True,)


def open_database(admin: psycopg.Connection, database: str) -> None:
    """Gives the roles their place in the database `admin` is connected to, and everybody else none."""
    place, owner = sql.Identifier(database), sql.Identifier(OWNER)
    statements: list[sql.SQL | sql.Composed] = [
        sql.SQL("revoke all on database {} from public").format(place),
        sql.SQL("revoke all on schema public from public"),
        sql.SQL("grant connect, create, temporary on database {} to {}").format(place, owner),
        sql.SQL("grant usage, create on schema public to {}").format(owner),
        # The staging tables of bulk writing are temporary tables.
        sql.SQL("grant connect, temporary on database {} to {}, {}").format(
            place, sql.Identifier(APP), sql.Identifier(ROAD)
        ),
        sql.SQL("grant connect on database {} to {}, {}").format(
            place, sql.Identifier(SERVICE), sql.Identifier(SEQUENCER)
        ),
        sql.SQL("grant usage on schema public to {}, {}, {}").format(
            sql.Identifier(APP), sql.Identifier(ROAD), sql.Identifier(SEQUENCER)
        ),
    ]
    with admin.transaction():
        for statement in statements:
            admin.execute(statement)


def close_defaults(owner: psycopg.Connection) -> None:
    """What the owner makes from now on is nobody's until it is granted; PostgreSQL would let all call its functions."""
    owner.execute("alter default privileges revoke execute on functions from public")
    owner.commit()


def refusal(error: psycopg.Error) -> OperatorError:
    """What to tell whoever gave a database URL whose user may not make the roles."""
    return OperatorError(
        "The database named by ABHAYA_DATABASE_URL did not let its user make Abhaya's roles"
        f" ({str(error).strip().splitlines()[0]}). Run `abhaya migrate` once with the URL of a user that may create"
        " roles and owns the database; afterwards the URL needs no user."
    )

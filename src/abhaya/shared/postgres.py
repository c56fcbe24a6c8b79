"""Where the database is: the server that ABHAYA_DATABASE_URL names, or the private one, kept running while it is used."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from abhaya.errors import OperatorError
from abhaya.shared import roles
from abhaya.shared.cluster import CONNECT_SECONDS_MAX, DATABASE, PORT, Cluster

__all__ = ["DATABASE", "Cluster", "connect", "database_settings", "given_url", "place", "prepare", "running"]

LOOK_SECONDS = 2.0
NEEDS_A_USER = (
    "The database named by ABHAYA_DATABASE_URL was set up for an older version, in which pages and the road signed in as one"
    " role. Run `abhaya migrate` once with the URL of a user that may create roles; afterwards the URL needs no user."
)

log = logging.getLogger("abhaya.postgres")


def given_url() -> str | None:
    """ABHAYA_DATABASE_URL: an existing server, 15 or newer. Its user is used by `abhaya migrate` alone."""
    return os.environ.get("ABHAYA_DATABASE_URL") or None


def place(data_dir: Path) -> dict[str, str]:
    """Where the database is, as libpq's parameters, without user and password. Starts nothing."""
    url = given_url()
    if url is None:
        return {"host": str(Cluster(data_dir).sockets), "port": PORT, "dbname": DATABASE}
    try:
        named = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError as error:
        raise OperatorError("ABHAYA_DATABASE_URL is not a PostgreSQL URL: postgresql://user@host/database") from error
    return {"dbname": DATABASE} | {key: value for key, value in named.items() if key not in {"user", "password"}}


def database_settings(data_dir: Path, role: str) -> dict[str, Any]:
    """Django's settings for connecting as `role`. Passwords stay in files that libpq reads when it connects."""
    options = place(data_dir)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": options.pop("dbname"),
        "HOST": options.pop("host", ""),
        "PORT": options.pop("port", ""),
        "USER": role,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **options,
            "passfile": str(roles.password_file(data_dir, role)),
            "connect_timeout": CONNECT_SECONDS_MAX,
            "application_name": role,
        },
    }


def connect(data_dir: Path, role: str) -> psycopg.Connection:
    """A plain connection as one of the roles, outside Django."""
    where: Any = place(data_dir)
    passfile = str(roles.password_file(data_dir, role))
    return psycopg.connect(**where, user=role, passfile=passfile, connect_timeout=CONNECT_SECONDS_MAX)


def prepare(data_dir: Path) -> None:
    """Makes the roles on the server that ABHAYA_DATABASE_URL names; the private server has them from its start."""
    url = given_url()
    if url is None:
        return
    if not conninfo_to_dict(url).get("user"):  # it says only where; the roles are there already
        if (
            roles.password_file(data_dir, roles.APP).exists()
            and not roles.password_file(data_dir, roles.SERVICE).exists()
        ):
            raise OperatorError(NEEDS_A_USER)
        return
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS_MAX) as admin:
            roles.make_roles(admin, data_dir)
            roles.open_database(admin, admin.info.dbname)
        with connect(data_dir, roles.OWNER) as owner:
            roles.close_defaults(owner)
    except psycopg.errors.InsufficientPrivilege as error:
        raise roles.refusal(error) from error
    except psycopg.OperationalError as error:
        raise OperatorError(f"The database named by ABHAYA_DATABASE_URL does not answer: {error}") from error


def part_roles(data_dir: Path) -> None:
    """What pages sign in as can become nobody else from here on. Called when nothing of an older version runs any more."""
    url = given_url()
    if url is None:
        Cluster(data_dir).part_roles()
    elif conninfo_to_dict(url).get("user"):
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS_MAX) as admin:
            roles.part_roles(admin)
    with connect(data_dir, roles.APP) as pages:
        if roles.is_road(pages):
            raise OperatorError(NEEDS_A_USER)


@contextmanager
def running(data_dir: Path) -> Iterator[None]:
    """The private server runs inside this block. Whoever leaves last stops it; with a URL there is nothing to do."""
    if given_url() is not None:
        yield
        return
    cluster = Cluster(data_dir)
    cluster.start()
    with (cluster.folder / "users").open("a+b") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        cluster.start()  # the last user may have stopped it between the two lines above
        left = threading.Event()
        keeper = threading.Thread(target=_keep, args=[cluster, left], name="database keeper", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            left.set()
            keeper.join()
            with suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                cluster.stop()


def _keep(cluster: Cluster, left: threading.Event) -> None:
    """A server that was killed while somebody uses it is started again within two seconds."""
    while not left.wait(LOOK_SECONDS):
        try:
            if not cluster.lives():
                cluster.start()
        except (OperatorError, psycopg.Error, OSError) as error:
            log.error("the private server does not start again: %s", error)  # noqa: TRY400 — told each time, without a trace

"""One throw-away PostgreSQL for a whole run, one migrated database in it as a template, one copy for each worker.

Nothing starts until the first connection is asked for, so tests of pure parts cost nothing. Tests commit for real:
make your own units, senders and reports (`tests/factory.py`) and count only those.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.server import Bench, Served, join_bench

BENCH = join_bench()  # before Django reads its settings: it sets ABHAYA_DATA and ABHAYA_DATABASE_URL

import django  # noqa: E402 — as above
from django.db import connections  # noqa: E402 — as above
from django.db.backends.postgresql.base import DatabaseWrapper  # noqa: E402 — as above

django.setup()
from django.conf import settings  # noqa: E402 — as above

settings.PASSWORD_HASHERS = [
    "tests.passwords.QuickArgon2"
]  # 100 MB and a tenth of a second else, for each of thousands
settings.PAGES_PER_OFFICER_PER_MINUTE = settings.COSTLY_PER_OFFICER_PER_MINUTE = 10**9  # a test clicks like a thousand
from playwright.sync_api import Browser  # noqa: E402 — as above
from tests.browser import chromium_started  # noqa: E402 — its factory needs Django set up
from tests.passwords import OF_SENDERS  # noqa: E402 — as above
from whitenoise.middleware import WhiteNoiseMiddleware  # noqa: E402 — as above

import abhaya.intake.senders  # noqa: E402 — rooms can be imported only once Django is set up
import abhaya.journey  # noqa: E402 — as above
import abhaya.shared.road  # noqa: E402 — as above

abhaya.intake.senders._hasher = OF_SENDERS
abhaya.journey.open_road()
del os.environ["DJANGO_SETTINGS_MODULE"]  # pytest-django in a worker process would read it before this file is


def pytest_unconfigure(config: pytest.Config) -> None:
    connections.close_all()
    BENCH.leave(is_last=not hasattr(config, "workerinput"))


@pytest.fixture(scope="session", autouse=True)
def _database_at_first_use(django_db_blocker: Any) -> Iterator[None]:
    """Opens the way to the database, and builds it when the first connection asks for it."""
    asked_for = DatabaseWrapper.get_new_connection

    def get_new_connection(self: DatabaseWrapper, params: dict[str, Any]) -> Any:
        BENCH.build()
        return asked_for(self, params)

    django_db_blocker.unblock()
    DatabaseWrapper.get_new_connection = get_new_connection
    yield
    DatabaseWrapper.get_new_connection = asked_for
    connections.close_all()


@pytest.fixture(scope="session", autouse=True)
def _static_files_read_once() -> Iterator[None]:
    """Each `Client` is a server to Django and would look at every static file at its first request; a server does so once."""
    looked, files = WhiteNoiseMiddleware.add_files_from_finders, {}

    def add_files_from_finders(self: WhiteNoiseMiddleware) -> None:
        if not files:
            looked(self)
            files.update(self.files)
        self.files.update(files)

    WhiteNoiseMiddleware.add_files_from_finders = add_files_from_finders
    yield
    WhiteNoiseMiddleware.add_files_from_finders = looked


@pytest.fixture(scope="session")
def bench() -> Bench:
    """The run's server, its template and this worker's database, built."""
    BENCH.build()
    return BENCH


@pytest.fixture
def ask_as(bench: Bench) -> Iterator[Callable[..., psycopg.Connection]]:
    """`ask_as("abhaya_owner")`: a plain connection to this worker's database as another role, rolled back at the end."""
    opened: list[psycopg.Connection] = []

    def ask(role: str, *, database: str | None = None) -> psycopg.Connection:
        opened.append(bench.connect(role, database))
        return opened[-1]

    yield ask
    for connection in opened:
        connection.rollback()
        connection.close()


@pytest.fixture
def owner(ask_as: Callable[..., psycopg.Connection]) -> psycopg.Connection:
    """The owner's connection: sees every row, rolled back at the end."""
    return ask_as("abhaya_owner")


@pytest.fixture
def fresh_database(bench: Bench, tmp_path: Path) -> Iterator[Served]:
    """An empty database and data folder of one's own; `.environment` points a program at them, `.serve()` runs one."""
    served = bench.fresh(tmp_path)
    yield served
    served.stop()
    bench.drop(served.database)


@pytest.fixture(scope="session")
def live(bench: Bench) -> Iterator[Served]:
    """The real program serving this worker's own database over HTTP: `live.url`."""
    served = bench.own()
    served.serve()
    yield served
    served.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, started once for all pages of a worker: Playwright allows one loop in a process."""
    with chromium_started() as browser:
        yield browser


@pytest.fixture
def closed_road() -> Iterator[None]:
    """For tests that run a stage by hand: what they receive is not also taken up by a worker of the road."""
    abhaya.shared.road.set_road(abhaya.journey.RECEIVED, ())
    yield
    abhaya.journey.open_road()

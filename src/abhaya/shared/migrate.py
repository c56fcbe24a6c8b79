"""Bringing the database to this version: roles, migrations, and what the program needs of other people's tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from abhaya.shared.identity import APP_ROLE, ROAD_ROLE
from abhaya.shared.postgres import part_roles, prepare

# Tables that Django and procrastinate make: they know nothing of our roles, and a new version of theirs may make more.
_OTHERS = [
    f"grant select, insert, update, delete on django_session to {APP_ROLE}",
    f"grant select on django_content_type, django_migrations to {APP_ROLE}",
    # the names in it are our own roles
    f"""do $$ declare thing record; begin
      for thing in select c.oid::regclass as name, c.relkind from pg_class c
          where c.relnamespace = 'public'::regnamespace and c.relname like 'procrastinate%' and c.relkind in ('r', 'S')
      loop
        if thing.relkind = 'S' then execute format('grant usage on sequence %s to {APP_ROLE}, {ROAD_ROLE}', thing.name);
        else execute format('grant select, insert, update, delete on %s to {APP_ROLE}, {ROAD_ROLE}', thing.name); end if;
      end loop;
      for thing in select p.oid::regprocedure as name from pg_proc p
          where p.pronamespace = 'public'::regnamespace and p.proname like 'procrastinate%'
      loop execute format('grant execute on function %s to {APP_ROLE}, {ROAD_ROLE}', thing.name); end loop;
    end $$""",  # noqa: S608 — as above
]

LOCK_WAIT = "30s"

Afterwards = Callable[[BaseDatabaseWrapper], None]
_afterwards: list[Afterwards] = []


def set_afterwards(fills: Sequence[Afterwards]) -> None:
    """What the rooms write as the owner after every migration: tables that say what the code says. Set at start-up."""
    _afterwards[:] = fills


def pending(database: str = DEFAULT_DB_ALIAS) -> list[Migration]:
    """The migrations that this version has and the database has not, in their order."""
    executor = MigrationExecutor(connections[database])
    return [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def older(steps: int) -> str:
    """What whoever runs the server is told where so many steps wait; "" where none does."""
    if not steps:
        return ""
    return (
        f"The database is of an older version: {steps} steps wait. See them with `abhaya upgrade --plan`, then run"
        " `abhaya upgrade --backup DIR`, which saves everything first."
    )


def migrate_as_one(begun: Callable[[str], None]) -> None:
    """Every pending migration in one transaction: all of them, or the database stays as it was. `begun` hears each name.

    A table that somebody works with is waited for no longer than LOCK_WAIT. Raises what the database says.
    """
    prepare(settings.DATA_DIR)
    owner = connections[settings.MIGRATION_DATABASE]

    def step(what: str, migration: Any = None, _fake: bool | None = None) -> None:  # as Django calls it
        if what == "apply_start":
            begun(f"{migration.app_label}.{migration.name}")
        if what == "apply_success":
            with owner.cursor() as cursor:  # else the next could not alter a table whose rows wait for their checks
                cursor.execute("set constraints all immediate")
                cursor.execute("set constraints all deferred")

    try:
        with transaction.atomic(using=settings.MIGRATION_DATABASE):
            with owner.cursor() as cursor:
                cursor.execute("select set_config('lock_timeout', %s, true)", [LOCK_WAIT])
            executor = MigrationExecutor(owner, step)
            executor.migrate(executor.loader.graph.leaf_nodes())
    finally:
        owner.close()
    migrate(verbosity=0)  # nothing is left to migrate: grants, and the tables that say what the code says


def migrate(*, verbosity: int = 1) -> None:
    """Runs every migration as `abhaya_owner`. Repeating it changes nothing."""
    prepare(settings.DATA_DIR)
    owner = connections[settings.MIGRATION_DATABASE]
    try:
        call_command("migrate", database=settings.MIGRATION_DATABASE, verbosity=verbosity, interactive=False)
        with owner.cursor() as cursor:
            for statement in _OTHERS:
                cursor.execute(statement)
        for fill in _afterwards:
            fill(owner)
    finally:
        owner.close()  # the owner's connection is open for migrations only
    part_roles(settings.DATA_DIR)

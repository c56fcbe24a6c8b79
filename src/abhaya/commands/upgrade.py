"""`abhaya upgrade`: check, backup, migrate, check. All migrations go in one transaction: one that fails leaves nothing behind.

`--plan` says beforehand what would happen, what it costs, and how to go back. The program's own files are exchanged by
whoever installs it; this brings the database after them.
"""

from __future__ import annotations

import json
import re
import shutil
from argparse import Namespace
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error
from django.db.migrations import Migration
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    CreateModel,
    RemoveField,
    RunPython,
    RunSQL,
)

from abhaya import __version__
from abhaya.commands.backup import make
from abhaya.commands.backup_set import Place
from abhaya.errors import OperatorError
from abhaya.ledger import health as ledger_health
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared import health
from abhaya.shared.checks import TOO_EARLY, Answer, Level, answers
from abhaya.shared.identity import on_the_road
from abhaya.shared.migrate import migrate_as_one, pending
from abhaya.shared.postgres import given_url, prepare
from abhaya.shared.programs import OLDEST_MAJOR
from abhaya.shared.sql import NamedSql, fetch, value

DONE, DOES_NOT_HOLD = 0, 1
SERVICE = "operator:upgrade"
MIB = 1024 * 1024
REWRITE_BYTES_PER_SECOND = 30 * MIB  # a table with its indexes, written anew on an ordinary disk: a cautious guess
# The weight of what is done to a table that is there already, by kind; the first that fits.
WEIGHTS: tuple[tuple[type, str], ...] = (
    (CreateModel, "new"),
    (AddIndex, "index"),
    (AddConstraint, "read"),
    (AlterField, "rewrite"),
    (AddField, "brief"),
    (RemoveField, "brief"),
    (RunSQL, "own"),
    (RunPython, "own"),
)
LOCKS = {
    "new": "locks nothing that is there",
    "brief": "locks the table for a moment",
    "index": "stops writing to the table while the index is built",
    "read": "locks the table while every row is read",
    "rewrite": "locks the table while it is written anew",
    "own": "runs statements of its own",
}
SQL = NamedSql(__file__, "upgrade.sql")


@dataclass(frozen=True, slots=True)
class Size:
    table: str
    size_bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class Step:
    """One migration: what it does to tables that are there, and how long that may take."""

    name: str
    does: tuple[str, ...]
    seconds: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What an upgrade would do here."""

    program: str
    was: str
    postgres: str
    postgres_fits: bool
    steps: tuple[Step, ...]
    seconds: int
    disk_needed_bytes: int
    disk_free_bytes: int
    workers: int
    backup: str


def upgrade(arguments: Namespace) -> int:
    """3 when it may not begin or did not go through (nothing is changed then), 1 when a check afterwards does not hold."""
    # A sign-in that this version needs and the one before had not; nothing of that one's changes.
    prepare(settings.DATA_DIR)
    plan = _plan()
    if arguments.plan:
        print(json.dumps(asdict(plan), ensure_ascii=False)) if arguments.json else _tell(plan)
        return DONE
    if not plan.steps:
        print(f"The database is at this version ({plan.program}) already.")
        return DONE
    _refuse(plan, arguments.backup)
    place = Place.of(arguments.backup, arguments.keys)
    with place.alone():
        place.sweep()
        name, _, _ = make(place)
    print(f"Backup {name} is in {place.folder}.")
    _migrate(plan, name)
    found = [answer for answer in answers(quick=False) if answer.result.level == Level.BAD]
    facts = {"from_version": plan.was, "to_version": plan.program, "steps": len(plan.steps), "backup": name}
    with on_the_road(SERVICE):
        record([Act(Event.SHARED_PROGRAM_UPGRADED, facts=facts)])
    for answer in found:
        print(f"BAD   {answer.check.name}: {answer.result.said('en')}")
    if found:
        print(
            "The database is at this version; what is named above does not hold. To go back, see abhaya upgrade --plan."
        )
        return DOES_NOT_HOLD
    print(f"Upgraded from {plan.was} to {plan.program}: {len(plan.steps)} steps. Start abhaya up.")
    return DONE


def _refuse(plan: Plan, backup: str | None) -> None:
    """What must be so before anything is touched. Raises OperatorError."""
    if not backup:
        raise OperatorError("Say where the backup before it goes: abhaya upgrade --backup DIR, on another disk.")
    if plan.workers:
        raise OperatorError(f"{plan.workers} workers are at work. Stop abhaya up first: senders are told to try again.")
    if plan.disk_free_bytes < plan.disk_needed_bytes:
        raise OperatorError(
            f"The upgrade may need {plan.disk_needed_bytes // MIB} MiB on the database’s disk; {plan.disk_free_bytes // MIB}"
            " MiB are free. Nothing was changed."
        )
    allowed = {"migrations", "backup", "rehearsal"}  # what this command is about to put right, or does not touch
    wrong = [
        one
        for one in answers(quick=True)
        if one.result.level == Level.BAD and one.check.name not in allowed
        and not (plan.steps and one.result.reason.code == TOO_EARLY)  # an older database has not all that is looked at
    ]  # fmt: skip
    if wrong:
        raise OperatorError(f"Not now: {_said(wrong)} Put that right first; nothing was changed.")


def _said(found: list[Answer]) -> str:
    return " ".join(answer.result.said("en") for answer in found)


def _migrate(plan: Plan, backup: str) -> None:
    at = [""]

    def begun(name: str) -> None:
        at[0] = name
        print(f"  {name}", flush=True)

    try:
        migrate_as_one(begun)
    except Error as error:
        said = str(error).strip().splitlines()[0]
        raise OperatorError(
            f"The upgrade failed at {at[0]}: {said}. All of it was undone: the database is as it was. Put the program of"
            f" {plan.was} back and go on with it. (Backup {backup} was made before.)"
        ) from error


def _plan() -> Plan:
    sizes = {size.table: size for size in fetch(Size, SQL["sizes"])}
    migrations = pending()
    steps = tuple(_step(migration, sizes) for migration in migrations)
    touched = {table for migration in migrations for table, _ in _touched(migration, sizes)}
    version = str(value("show server_version")).split()[0]
    workers = health.workers()
    with on_the_road(SERVICE):
        last = value(SQL["last_upgrade"], {"event": Event.SHARED_PROGRAM_UPGRADED.value})
    place = Path(settings.DATA_DIR)
    return Plan(
        program=__version__,
        was=json.loads(bytes(last))["facts"]["to_version"] if last else "the version before",
        postgres=version,
        postgres_fits=int(version.split(".")[0]) >= OLDEST_MAJOR,
        steps=steps,
        seconds=sum(step.seconds for step in steps),
        disk_needed_bytes=2 * max((sizes[table].size_bytes for table in touched), default=0),
        # a server elsewhere has a disk of its own, that only its administrator sees
        disk_free_bytes=shutil.disk_usage(place).free,
        workers=int(workers.reason.values.get("count", 0)),
        backup=ledger_health.backup().said("en"),
    )


def _touched(migration: Migration, sizes: dict[str, Size]) -> list[tuple[str, str]]:
    """(table, weight) for every operation on a table that is there."""
    found = []
    for operation in migration.operations:
        weight = next((weight for kind, weight in WEIGHTS if isinstance(operation, kind)), "brief")
        if isinstance(operation, RunSQL):
            words = set(re.findall(r"\w+", str(operation.sql)))
            found += [(table, weight) for table in sorted(words & set(sizes))]
            continue
        named: Any = operation
        model = getattr(named, "model_name", None) or getattr(named, "name", "")
        table = f"{migration.app_label}_{model}".lower()
        if weight != "new" and table in sizes:
            found.append((table, weight))
    return found


def _step(migration: Migration, sizes: dict[str, Size]) -> Step:
    touched = dict.fromkeys(_touched(migration, sizes))
    does = [
        f"{table} ({sizes[table].size_bytes // MIB} MiB, about {sizes[table].rows} rows): {LOCKS[weight]}"
        for table, weight in touched
    ]
    heavy = [sizes[table].size_bytes for table, weight in touched if weight in {"index", "read", "rewrite", "own"}]
    name = f"{migration.app_label}.{migration.name}"
    return Step(name, tuple(does) or (LOCKS["new"],), 1 + sum(heavy) // REWRITE_BYTES_PER_SECOND)


def _tell(plan: Plan) -> None:
    print(f"This program is {plan.program}; the database is of {plan.was}.")
    print(f"PostgreSQL {plan.postgres} {'fits' if plan.postgres_fits else f'is too old: {OLDEST_MAJOR} is needed'}.")
    print(f"Backup: {plan.backup}")
    if not plan.steps:
        print("Nothing is to be done: the database is at this version.")
        return
    print(f"{len(plan.steps)} steps, in one transaction, at most about {plan.seconds} seconds:")
    for step in plan.steps:
        print(f"  {step.name}")
        for does in step.does:
            print(f"    {does}")
    print(f"Room: {plan.disk_needed_bytes // MIB} MiB at most; {plan.disk_free_bytes // MIB} MiB are free under the data folder"
          + (" (the server’s own disk is not seen from here)." if given_url() else "."))  # fmt: skip
    print(f"Before: stop abhaya up{f' ({plan.workers} workers are at work)' if plan.workers else ''}, on every host.")
    print("Then:   abhaya upgrade --backup DIR   (checks, makes a backup, migrates, checks again)")
    print("If a step fails, all of it is undone and the old program goes on with the same database.")
    print(
        "To go back after it went through: put the old program back and restore the backup with it into a new folder:"
    )
    print("        abhaya restore DIR --to NEW --operator-key FILE; what came in since is in the new version only.")

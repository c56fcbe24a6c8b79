"""`abhaya`, the one command-line program: the table of its commands, and how they start and end.

Exit codes: 0 done, 1 finished with items set aside (listed), 2 wrong usage, 3 cannot run here (says what is missing).
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import django
from django.conf import settings

from abhaya import __version__
from abhaya.access.permissions import Role
from abhaya.errors import AbhayaError, OperatorError
from abhaya.shared.postgres import running

DONE, SET_ASIDE, WRONG_USAGE, CANNOT_RUN = 0, 1, 2, 3

Option = tuple[tuple[str, ...], dict[str, Any]]


def option(*names: str, **meaning: Any) -> Option:
    """An argument of a command, in argparse's words."""
    return names, meaning


@dataclass(frozen=True, slots=True)
class Command:
    """`runs` names `module.function` in `abhaya.commands`; it is imported only when the command is given."""

    name: str
    does: str
    example: str
    runs: str
    options: tuple[Option, ...] = ()
    needs_database: bool = True


QUIET = option("--quiet", action="store_true", help="say nothing unless something is wrong")

HOST = option("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
PORT = option("--port", type=int, default=8000, help="port to listen on (8000)")
SERVER_PROCESSES = option(
    "--workers", type=int, default=0, metavar="N", help="server processes (one per core, at most 4)"
)
SERVER_THREADS = option("--threads", type=int, default=8, metavar="N", help="threads of each (8)")

COMMANDS = (
    Command(
        "migrate",
        "brings the database to this version: roles, tables, grants",
        "abhaya migrate",
        "database.migrate",
        (QUIET,),
    ),
    Command(
        "serve",
        "the web server alone: pages and the reporting door",
        "abhaya serve --port 8000",
        "serve.serve",
        (HOST, PORT, SERVER_PROCESSES, SERVER_THREADS),
    ),
    Command(
        "worker",
        "one worker alone: moves reports along the road, orders the ledger, keeps the clocks",
        "abhaya worker",
        "worker.worker",
    ),
    Command(
        "up",
        "runs it: database, web server and workers; starts again what dies",
        "abhaya up --port 8000 --workers 2",
        "up.up",
        (HOST, PORT, option("--workers", type=int, default=1, metavar="N", help="worker processes (1)")),
    ),
    Command(
        "unit import",
        "adds and changes units from a CSV file: code, name, kind, and what else is known of them",
        "abhaya unit import units.csv",
        "access.unit_import",
        (option("file", metavar="F.csv", help="code, name, kind, name_hi, parent_code, place_code, forward_rule, …"),),
    ),
    Command(
        "officer add",
        "adds an officer with a temporary password; the second step is set up at the first sign-in",
        "abhaya officer add a.kale --name 'Insp. A. Kale' --unit MH-JAL --role officer --password-file F",
        "access.officer_add",
        (
            option("username", help="small letters, digits and . _ - @"),
            option("--name", required=True, help="name and rank"),
            option("--unit", required=True, metavar="CODE", help="code of the unit"),
            option(
                "--role",
                required=True,
                action="append",
                choices=[str(role) for role in Role],
                help="may be given again",
            ),
            option(
                "--password-file",
                required=True,
                metavar="F",
                help="file with a temporary password; - is standard input",
            ),
            option("--language", default="en", choices=["en", "hi"]),
        ),
    ),
    Command(
        "gazetteer import",
        "takes in what a unit knows better than public data: address ranges, places, which unit answers for which place",
        "abhaya gazetteer import our-ranges.csv --as-of 2026-11-12",
        "gazetteer.take_in",
        (
            option(
                "file", metavar="F.csv", help="cidr, country, state, district, operator, kind, valid_from, valid_to"
            ),
            option("--as-of", metavar="DAY", help="the day its facts are of; today if not given"),
        ),
    ),
    Command(
        "check",
        "reads every original and every ledger entry again and says in words what does not hold",
        "abhaya check",
        "check.check",
        (option("--sample", type=int, metavar="N", help="only N originals, taken at random; the ledger in full"),),
    ),
    Command(
        "export ledger",
        "the ledger as files that the stand-alone verifier checks",
        'abhaya export ledger --out ledger-2026-11 --for "Sessions Court, Pune"',
        "ledger.export",
        (
            option("--out", required=True, metavar="DIR", help="a new folder"),
            option("--for", dest="recipient", default="not named", metavar="WHO", help="who will hold it"),
            option("--purpose", default="", metavar="WHY", help="why, for the ledger"),
        ),
    ),
)


def parser() -> argparse.ArgumentParser:
    """The whole command line. A name of two words is a group and its command."""
    top = argparse.ArgumentParser(prog="abhaya", description="From a platform's report to the right desk.")
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    groups: dict[str, Any] = {}
    for command in COMMANDS:
        group, _, word = command.name.rpartition(" ")
        if group and group not in groups:
            groups[group] = commands.add_parser(group, help=f"see abhaya {group} --help").add_subparsers(
                dest="word", required=True, metavar="COMMAND"
            )
        sub = (groups[group] if group else commands).add_parser(
            word, help=command.does, description=command.does, epilog=f"example: {command.example}"
        )
        for names, meaning in command.options:
            sub.add_argument(*names, **meaning)
        sub.set_defaults(chosen=command)
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command and answers with its exit code."""
    arguments = parser().parse_args(words)
    command: Command = arguments.chosen
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "abhaya.settings")
    try:
        with ExitStack() as during:
            if command.needs_database:
                during.enter_context(running(settings.DATA_DIR))
            django.setup()
            importlib.import_module("abhaya.journey").open_road()  # rooms can be imported only now
            module, _, function = command.runs.rpartition(".")
            return int(getattr(importlib.import_module(f"abhaya.commands.{module}"), function)(arguments))
    except OperatorError as error:
        print(f"abhaya: {error.sentence}", file=sys.stderr)
        return CANNOT_RUN
    except AbhayaError as error:
        print(f"abhaya: {error.sentence}", file=sys.stderr)
        return SET_ASIDE


if __name__ == "__main__":
    sys.exit(main())

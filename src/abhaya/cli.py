"""`abhaya`, the one command-line program: how its commands start and end. `commands/table.py` lists them.

Exit codes: 0 done, 1 finished with items set aside (listed), 2 wrong usage, 3 cannot run here (says what is missing).
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import django
import psycopg
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection

from abhaya import __version__
from abhaya.commands.command import Command
from abhaya.commands.restore_place import refuse_half_restored
from abhaya.commands.table import COMMANDS
from abhaya.errors import AbhayaError, OperatorError
from abhaya.shared.durable import NO_ROOM
from abhaya.shared.late import starting
from abhaya.shared.postgres import running
from abhaya.training import place

DONE, SET_ASIDE, WRONG_USAGE, CANNOT_RUN = 0, 1, 2, 3
INTERRUPTED = 130  # what a shell expects of a program that Ctrl-C ended


def parser() -> argparse.ArgumentParser:
    """The whole command line. A name of two words is a group and its command."""
    top = argparse.ArgumentParser(
        prog="abhaya", description="From a platform's report to the right desk.", formatter_class=_OnOneScreen
    )
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    groups: dict[str, Any] = {}
    for command in COMMANDS:
        group, _, word = command.name.rpartition(" ")
        if group and group not in groups:
            groups[group] = commands.add_parser(group, help=_words_of(group)).add_subparsers(
                dest="word", required=True, metavar="COMMAND"
            )
        sub = (groups[group] if group else commands).add_parser(
            word, help=command.does, description=command.does, epilog=f"example: {command.example}"
        )
        for names, meaning in command.options:
            sub.add_argument(*names, **meaning)
        sub.set_defaults(chosen=command)
    return top


class _OnOneScreen(argparse.HelpFormatter):
    """The list of all commands: names of nine letters on the line of what they do, lines as wide as most windows."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=110, max_help_position=16)
        self._action_max_length = 14


def _words_of(group: str) -> str:
    """The commands of a group, in place of a sentence."""
    return ", ".join(command.name.partition(" ")[2] for command in COMMANDS if command.name.startswith(f"{group} "))


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command and answers with its exit code."""
    arguments = parser().parse_args(words)
    command: Command = arguments.chosen
    try:
        with ExitStack() as during:
            if command.is_training:
                place.go_to(arguments.world, arguments.seed)  # before any setting is read
            needs_database = command.needs_database
            if command.first:
                needs_database = bool(_function(command.first)(arguments))  # before any setting is read
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "abhaya.settings")  # read where a setting is asked for
            if needs_database:
                if command.name != "restore":
                    refuse_half_restored(settings.DATA_DIR)
                during.enter_context(running(settings.DATA_DIR))
            try:
                return int(_started(command, needs_rooms=needs_database and command.needs_rooms)(arguments))
            except (ProgrammingError, psycopg.ProgrammingError):  # in bulk, we ask the driver itself
                told = _is_older()  # while the database, which this command may have started, still answers
                if not told:
                    raise
                print(f"abhaya: {told}", file=sys.stderr)
                return CANNOT_RUN
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (AbhayaError, OperationalError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in NO_ROOM:
            raise
        print(f"abhaya: {_told(error)}", file=sys.stderr)
        return SET_ASIDE if isinstance(error, AbhayaError) and not isinstance(error, OperatorError) else CANNOT_RUN


def _started(command: Command, *, needs_rooms: bool) -> Callable[[argparse.Namespace], Any]:
    with starting():
        if needs_rooms:
            django.setup()
            importlib.import_module("abhaya.journey").open_road()  # rooms can be imported only now
        return _function(command.runs)


def _is_older() -> str:
    """What to do where the database lacks what this version asks for, or "" where it is of this version."""
    connection.close()  # its transaction failed
    migrate = importlib.import_module("abhaya.shared.migrate")  # which can be imported only after set-up
    return str(migrate.older(len(migrate.pending())))


def _told(error: AbhayaError | OperationalError | OSError) -> str:
    if isinstance(error, AbhayaError):
        return error.sentence
    if isinstance(error, OSError):
        return f"The disk is full: {error.filename or 'a file'} could not be written in full. Free space, and run it again."
    return f"the database does not answer: {str(error).strip().splitlines()[0]}"


def _function(name: str) -> Callable[[argparse.Namespace], Any]:
    """A command's function; its module is imported only now."""
    module, _, function = name.rpartition(".")
    found: Callable[[argparse.Namespace], Any] = getattr(importlib.import_module(f"abhaya.commands.{module}"), function)
    return found


if __name__ == "__main__":
    sys.exit(main())

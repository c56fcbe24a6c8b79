"""What a command is, in the table of commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Option = tuple[tuple[str, ...], dict[str, Any]]


def option(*names: str, **meaning: Any) -> Option:
    """An argument of a command, in argparse's words."""
    return names, meaning


@dataclass(frozen=True, slots=True)
class Command:
    """`runs` names `module.function` in `abhaya.commands`; it is imported only when the command is given.

    A command that needs no database needs no settings and no set-up either: it runs on any workstation.
    """

    name: str
    does: str
    example: str
    runs: str
    options: tuple[Option, ...] = ()
    needs_database: bool = True
    needs_rooms: bool = True  # the tables and the road; not where the command only starts programs that have them
    is_training: bool = False  # runs in the invented world's own data folder
    first: str = ""  # `module.function` that runs before any setting is read, and says whether the database is needed

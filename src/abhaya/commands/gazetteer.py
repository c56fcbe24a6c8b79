"""Commands on the gazetteer: what a unit knows better than public data."""

from __future__ import annotations

import sys
from argparse import Namespace
from datetime import date
from pathlib import Path

from abhaya.errors import OperatorError
from abhaya.places.actions import import_file
from abhaya.shared.identity import on_the_road

DONE, SET_ASIDE = 0, 1
SHOWN_MAX = 20  # rows set aside that are printed; the gazetteer page lists more


def take_in(arguments: Namespace) -> int:
    """One file of networks, places or coverage, told apart by its header."""
    path = Path(arguments.file)
    try:
        data = path.read_bytes()
        as_of = date.fromisoformat(arguments.as_of) if arguments.as_of else None
    except OSError as problem:
        raise OperatorError(f"{path} cannot be read: {problem.strerror}") from problem
    except ValueError as problem:
        raise OperatorError(f"--as-of {arguments.as_of} is not a day; write it as 2026-11-22") from problem
    with on_the_road("operator:gazetteer", purpose=f"gazetteer import {path.name}"):
        imported = import_file(data, path.name, as_of)
    print(
        f"{path.name}: {imported.what}, {imported.taken} taken, {imported.repeated} known already,"
        f" {len(imported.set_aside)} set aside"
    )
    if imported.ignored_columns:
        print(f"columns not understood: {', '.join(imported.ignored_columns)}")
    for one in imported.set_aside[:SHOWN_MAX]:
        print(f"line {one.line}: {one.why}", file=sys.stderr)
    if len(imported.set_aside) > SHOWN_MAX:
        print(f"and {len(imported.set_aside) - SHOWN_MAX} more", file=sys.stderr)
    return SET_ASIDE if imported.set_aside else DONE

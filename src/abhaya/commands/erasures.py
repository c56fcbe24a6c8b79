"""Commands on deletion: the journal outside the database, and the clocks' rules."""

from __future__ import annotations

import shutil
import sys
from argparse import Namespace
from pathlib import Path

from abhaya.custody import clocks, erasure, journal
from abhaya.errors import OperatorError
from abhaya.shared.identity import on_the_road
from abhaya.shared.tables import write_csv

DONE, SET_ASIDE = 0, 1


def replay(arguments: Namespace) -> int:
    """After a restore, before anything opens: what the journal says was deleted goes again."""
    place = Path(arguments.journal) if arguments.journal else None
    done = erasure.replay(place)
    print(f"{done.lines} lines of the journal, {done.erased} deleted again, {len(done.held)} held.")
    for compartment in done.held:
        print(
            f"A legal hold of the restored database keeps {compartment}: lift it, then replay again.", file=sys.stderr
        )
    return SET_ASIDE if done.held else DONE


def export(arguments: Namespace) -> int:
    """A copy of the journal, to be kept apart from the backups."""
    place, out = journal.path(), Path(arguments.out)
    if out.exists():
        raise OperatorError(f"{out} is there already.")
    if not place.exists():
        raise OperatorError("Nothing was deleted yet: there is no journal.")
    shutil.copyfile(place, out)
    print(f"The erasure journal is in {out}.")
    return DONE


def retention_import(arguments: Namespace) -> int:
    """A new version of the rules, whole or not at all."""
    path = Path(arguments.file)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise OperatorError(f"{path} cannot be read as UTF-8 text: {problem}") from problem
    with on_the_road("operator:retention", purpose=f"retention import {path.name}"):
        version, refused = clocks.take_in(text, "operator:retention")
    for one in refused:
        print(f"line {one.line}: {one.why}", file=sys.stderr)
    if refused:
        print("Nothing was changed.")
        return SET_ASIDE
    print(f"The rules of {path.name} are in force as version {version}.")
    return DONE


def retention_export(arguments: Namespace) -> int:
    """The rules in force as a CSV file that `retention import` takes."""
    with on_the_road("operator:retention"):
        rows = list(clocks.table())
    if arguments.csv == "-":
        write_csv(sys.stdout, clocks.HEADINGS, rows)
        return DONE
    with Path(arguments.csv).open("x", encoding="utf-8", newline="") as file:
        write_csv(file, clocks.HEADINGS, rows)
    print(f"{len(rows)} rules are in {arguments.csv}.")
    return DONE

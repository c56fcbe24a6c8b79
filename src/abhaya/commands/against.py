"""`abhaya lists against`: a whole hash list held against another, or against our own pictures.

On this machine, on its graphics processor or on many machines, with one answer: a table `query, entry, distance` of positions,
by which the database knows entries and pictures and nobody else does. No hash and no name is in it.
"""

from __future__ import annotations

import io
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TextIO

from django.conf import settings

from abhaya.commands.progress import Progress
from abhaya.errors import OperatorError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.ledger.sequencer import sequence_all
from abhaya.matching.bulk import Entries, On
from abhaya.matching.index import Answer, Flood
from abhaya.matching.lists import ListRow, list_named
from abhaya.matching.sides import Source, whole
from abhaya.shared.durable import whole_file
from abhaya.shared.identity import on_the_road
from abhaya.shared.tables import write_csv

DONE = 0
SERVICE = "operator:lists"
COLUMNS = ("query", "entry", "distance")
FLOODS_SHOWN_MAX = 3
PARQUET = "abhaya.matching.formats.extract_parquet"
WITHOUT = "{} needs what comes with pip install 'abhaya[spark]', which is not here: {}."


def against(arguments: Namespace) -> int:
    """Every pair within the radius. The file is refused before any work, and is not there if the work breaks off."""
    if bool(arguments.other) == arguments.files:
        raise OperatorError("Name the list to look in, or --files for our own pictures.")
    floods: list[Flood] = []
    pairs = 0
    with ExitStack() as during:
        write = during.enter_context(_output(arguments.out))
        progress = during.enter_context(Progress("pairs"))
        held = _held_on_spark if arguments.on == "spark" else _held_here

        def told(answers: Iterator[Answer]) -> Iterator[Answer]:
            nonlocal pairs
            for answer in answers:
                pairs += len(answer.ids)
                progress.step(len(answer.ids))
                yield answer

        write(told(held(arguments, floods)))
    sequence_all()
    print(f"{pairs:,} pairs within {arguments.radius} bits.", file=sys.stderr)
    for flood in floods[:FLOODS_SHOWN_MAX]:
        print(f"{flood.query} meets one hash that has {flood.ids:,} ids: the first are listed.", file=sys.stderr)
    if len(floods) > FLOODS_SHOWN_MAX:
        print(f"So do {len(floods) - FLOODS_SHOWN_MAX:,} more.", file=sys.stderr)
    return DONE


def _held_here(arguments: Namespace, floods: list[Flood]) -> Iterator[Answer]:
    with _sources(arguments) as (asked, searched):
        queries, entries = whole(asked.pages()), whole(searched.pages())
    ready = Entries(entries, queries=len(queries.ids), on=On(arguments.on))
    for turn in queries.turns():
        answer = ready.search(turn, arguments.radius)
        floods.extend(answer.floods)
        yield answer


def _held_on_spark(arguments: Namespace, floods: list[Flood]) -> Iterator[Answer]:
    extracts, spark = _extra("abhaya.matching.extracts", "Spark"), _extra("abhaya.matching.spark", "Spark")
    shared = Path(arguments.shared or Path(settings.DATA_DIR) / "extracts").resolve()
    with extracts.run_in(shared) as extract:
        with _sources(arguments) as (asked, searched):
            layout = extracts.lay_out(extract, asked.pages(), searched.pages(), entries_expected=searched.size())
        for done in spark.hold(extract, layout, arguments.radius, master=arguments.master):
            floods.extend(done.floods)
        yield from extracts.gathered(extract, layout)


@contextmanager
def _sources(arguments: Namespace) -> Iterator[tuple[Source, Source]]:
    """What is held against what, read in one transaction; the act is in the ledger with it."""
    with on_the_road(SERVICE, purpose=arguments.purpose.strip() or f"lists against {arguments.name}"):
        of = _list(arguments.name)
        other = _list(arguments.other) if arguments.other else None
        facts = {
            "list": of.name, "against": other.name if other else "our pictures", "radius": arguments.radius, "on": arguments.on,
        }  # fmt: skip
        ids = dict.fromkeys([of.compartment, *([other.compartment] if other else [])])
        record([Act(Event.MATCHING_LIST_COMPARED, one, one, facts) for one in ids])
        yield Source(of.compartment), Source(other.compartment if other else None)


def _list(name: str) -> ListRow:
    of = list_named(name)
    if of is None or of.ended:
        raise OperatorError(f"There is no list “{name}” in use.")
    return of


@contextmanager
def _output(path: str) -> Iterator[Callable[[Iterator[Answer]], None]]:
    """Gives what writes all answers."""
    if path == "-":
        yield partial(_write_csv, sys.stdout)
        return
    wanted = Path(path)
    if wanted.exists() or not wanted.parent.is_dir():
        raise OperatorError(
            f"{path} cannot be written: there is {'one already' if wanted.exists() else 'no such folder'}."
        )
    parquet = _extra(PARQUET, "Parquet") if wanted.suffix == ".parquet" else None
    with whole_file(wanted, may_replace=False) as file:
        if parquet is None:
            text = io.TextIOWrapper(file, "utf-8", newline="")
            yield partial(_write_csv, text)
            text.detach()
            return
        with parquet.written(file, parquet.PAIRS) as write:
            yield partial(_write_parquet, parquet, write)


def _write_parquet(parquet: ModuleType, write: Callable[[object], int], answers: Iterator[Answer]) -> None:
    for answer in answers:
        write(parquet.pairs_table(answer))


def _write_csv(file: TextIO, answers: Iterator[Answer]) -> None:
    rows = (
        row
        for answer in answers
        for row in zip(answer.queries.tolist(), answer.ids.tolist(), answer.distances.tolist(), strict=True)
    )
    write_csv(file, COLUMNS, rows)


def _extra(module: str, what: str) -> ModuleType:
    """A module of what not everybody installs."""
    try:
        return import_module(module)
    except ImportError as error:
        raise OperatorError(WITHOUT.format(what, error)) from error

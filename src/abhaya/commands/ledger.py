"""`abhaya export ledger`: the ledger as files for a court or a partner."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from abhaya.ledger.export import export as write_export
from abhaya.ledger.export import mark_exported
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared.identity import on_the_road

PROGRESS_ENTRIES = 100_000


def export(arguments: Namespace) -> int:
    folder = Path(arguments.out)
    sequence_all()  # what was recorded until now has its place, and is in it
    with on_the_road("operator:export", purpose=arguments.purpose):
        made = write_export(folder, recipient=arguments.recipient, progress=_progress)
        mark_exported(made, arguments.recipient)
    print(f"{made.size} leaves and the text of {made.entries} entries are in {folder}.")
    print(f"Check them anywhere: python3 verify {folder}")
    return 0


def _progress(entries: int) -> None:
    if entries and entries % PROGRESS_ENTRIES == 0:
        print(f"… {entries} leaves", file=sys.stderr)

"""Links and subjects computed anew, by the operator: after an upgrade that brings new rules, or to prove what is there."""

from __future__ import annotations

import json
from argparse import Namespace

from abhaya.commands.progress import Progress
from abhaya.ledger.sequencer import sequence_all
from abhaya.linking.actions import rebuild as anew


def rebuild(arguments: Namespace) -> int:
    """Runs the whole. Stopped, it is run again; reports go on coming in meanwhile."""
    with Progress("reading reports") as progress:
        done = anew.rebuild(progress.step)
    sequence_all()  # the act has its place in the ledger even where no server runs
    if arguments.json:
        print(json.dumps(done._asdict()))
    else:
        print(f"{done.reports:,} reports read; {done.links:,} links and {done.subjects:,} subjects changed")
    return 0

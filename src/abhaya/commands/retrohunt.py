"""Hash lists held against every file again: what a re-check does when a list comes in, asked for by an operator."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from abhaya.commands.progress import Progress
from abhaya.errors import OperatorError
from abhaya.ledger.sequencer import sequence_all
from abhaya.matching.actions import ask_rechecks, carry_on_rechecks
from abhaya.matching.lists import SQL, list_named
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import fetch

SERVICE, CARRIES_ON = "operator:retrohunt", "road:matching"
LOOK_SECONDS = 0.2  # while a worker has the next round in hand


class _Standing(NamedTuple):
    open: int
    entries: int


def retrohunt(arguments: Namespace) -> int:
    """Asks for the re-checks and carries them on, beside the workers, until none is left."""
    began = datetime.now(UTC)
    with on_the_road(SERVICE, purpose=f"retrohunt {arguments.list or 'all lists'}"):
        asked = ask_rechecks(_list(arguments.list), SERVICE)
    standing = _carry_on([recheck for recheck, _list_id in asked])
    lists = {list_id for _recheck, list_id in asked}
    with on_the_road(SERVICE):
        [(files, reports)] = fetch(lambda *row: row, SQL["found_since"], {"since": began, "lists": list(lists)})
    sequence_all()
    if arguments.json:
        print(json.dumps({"lists": len(lists), "entries": standing.entries, "files": files, "reports": reports}))
    else:
        print(
            f"{len(lists):,} lists, {standing.entries:,} entries held against every file;"
            f" {files:,} files of {reports:,} reports newly found"
        )
    return 0


def _list(name: str | None) -> UUID | None:
    if name is None:
        return None
    found = list_named(name)
    if found is None or found.ended:
        raise OperatorError(f"There is no list “{name}” in use.")
    return found.compartment


def _carry_on(rechecks: list[UUID]) -> _Standing:
    with Progress("entries held against every file") as progress:
        shown = 0
        while True:
            with on_the_road(CARRIES_ON):
                carry_on_rechecks()
            with on_the_road(SERVICE):
                [standing] = fetch(_Standing, SQL["rechecks_standing"], {"ids": rechecks})
            progress.step(standing.entries - shown)
            if not standing.open:
                return standing
            if standing.entries == shown:
                time.sleep(LOOK_SECONDS)
            shown = standing.entries

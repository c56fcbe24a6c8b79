"""Commands on hash lists that are shared with others, and read from others."""

from __future__ import annotations

import sys
from argparse import Namespace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from abhaya.commands.lists import answering_unit
from abhaya.commands.progress import Progress
from abhaya.errors import OperatorError
from abhaya.ledger.sequencer import sequence_all
from abhaya.matching.actions import Ballot, NewList, end_share, open_list, poll_step, set_poll, share, vote
from abhaya.matching.actions.polling import Step
from abhaya.matching.exchange import Door
from abhaya.matching.lists import ListRow, list_named
from abhaya.matching.sharing import keys_with, unit_name
from abhaya.matching.votes import REASONS
from abhaya.shared.identity import on_the_road

DONE, SET_ASIDE = 0, 1
SERVICE = "operator:lists"


def share_list(arguments: Namespace) -> int:
    """A partner may read a list from now on, or no longer."""
    with on_the_road(SERVICE, purpose=f"lists share {arguments.name}"):
        of = _list(arguments.name)
        if arguments.end:
            end_share(of, arguments.partner)
        else:
            share(of, arguments.partner, _end_of(arguments.until) if arguments.until else None)
    sequence_all()
    print(f"{of.name} is {'no longer ' if arguments.end else ''}shared with {arguments.partner}.")
    return DONE


def poll(arguments: Namespace) -> int:
    """Reads a list from another's door to the end of what there is now, and has the worker go on."""
    if bool(arguments.address) != bool(arguments.credentials):
        raise OperatorError("--from and --credentials belong together.")
    purpose = f"lists poll {arguments.name}"
    with on_the_road(SERVICE, purpose=purpose):
        if arguments.address and list_named(arguments.name) is None:
            open_list(_new(arguments))
        of = _list(arguments.name)
        if arguments.address:
            member = set_poll(of, Door(arguments.address, str(Path(arguments.credentials).resolve())))
            print(f"{arguments.address} knows us as {member}.")
    entries, step = 0, Step(0, more=True, problem="")
    with Progress("reading") as progress:
        while step.more:
            with on_the_road(SERVICE, purpose=purpose):
                step = poll_step(of)
            entries += step.entries
            progress.step(step.entries)
    sequence_all()
    print(f"{of.name}: {entries:,} entries and tombstones were read.")
    if step.problem:
        print(f"It broke off: {step.problem}. What was read is in; the worker tries again.", file=sys.stderr)
    return SET_ASIDE if step.problem else DONE


def _new(arguments: Namespace) -> NewList:
    return NewList(arguments.name, answering_unit(arguments.unit), arguments.address, "", "ncmec", "material")


def cast_vote(arguments: Namespace) -> int:
    """A unit's own vote, by the same action as a partner's."""
    if arguments.against and arguments.against not in {one.name for one in REASONS}:
        raise OperatorError("--against takes one of: " + "; ".join(one.name for one in REASONS))
    with on_the_road(SERVICE, purpose=f"lists vote {arguments.name}"):
        of, unit = _list(arguments.name), answering_unit(arguments.unit)
        keys = _keys(of, arguments.hash)
        if not keys:
            raise OperatorError(f"No live entry of {of.name} has the hash {arguments.hash}.")
        kind = arguments.hash.partition(":")[0]
        against = [arguments.against] if arguments.against else []
        for key in keys:
            vote(
                Ballot(
                    of.compartment, of.name, key, unit, unit_name(unit), kind, affirmative=not against, reasons=against
                )
            )
    sequence_all()
    print(f"Noted for {len(keys):,} of the entries of {of.name}.")
    return DONE


def _list(name: str) -> ListRow:
    of = list_named(name)
    if of is None:
        raise OperatorError(f"There is no list “{name}”.")
    return of


def _keys(of: ListRow, key: str) -> list[bytes]:
    try:
        return keys_with(of.compartment, key)
    except ValueError as problem:
        raise OperatorError(f"--hash {key[:100]}: {problem}") from problem


def _end_of(text: str) -> datetime:
    """The end of a day, as UTC has it."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC) + timedelta(days=1)
    except ValueError as problem:
        raise OperatorError(f"--until {text} is not a day; write it as 2027-11-01") from problem

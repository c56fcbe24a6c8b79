"""Senders, and loads of files, without a page."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from pathlib import Path
from uuid import UUID

import msgspec

from abhaya.access.queries import unit_of_code
from abhaya.commands.files import read_password
from abhaya.commands.progress import Progress
from abhaya.errors import OfficerError, OperatorError
from abhaya.intake.drops import Line, open_load, run_load
from abhaya.intake.finding import on_disk
from abhaya.intake.senders import add_sender, receiving_hub, sender_named
from abhaya.ledger.sequencer import sequence_all
from abhaya.shared import road
from abhaya.shared.identity import on_the_road

DONE, SET_ASIDE = 0, 1
VERDICTS = {"new": "new", "same": "here already", "added": "originals added to known reports", "set-aside": "set aside"}


def sender_add(arguments: Namespace) -> int:
    """A sender with a password may submit through the door; one without is only a name for files that are loaded."""
    password = read_password(arguments.password_file) if arguments.password_file else ""
    username = arguments.username or arguments.name.strip().lower().replace(" ", "-")
    with on_the_road("operator:sender-add"):
        add_sender(
            arguments.name,
            _unit(arguments.unit),
            kind=arguments.kind,
            username=username if password else None,
            password=password,
            is_test=arguments.test,
            duty_contact=arguments.contact,
        )
    print(f"{arguments.name} is added" + (f" and may submit as {username}." if password else "; it has no credential."))
    return DONE


def load(arguments: Namespace) -> int:
    """Takes in what the paths hold, then walks it along the road to its end. What was set aside is listed."""
    paths = [Path(given) for given in arguments.paths]
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise OperatorError(f"There is no {', no '.join(missing)}.")
    service = "operator:load"
    with on_the_road(service, purpose=f"load {', '.join(arguments.paths)}"):
        drop = open_load(
            _unit_of_load(arguments), ", ".join(path.name for path in paths)[:200], officer=None, service=service,
            sender_name=arguments.sender,
        )  # fmt: skip
    counts: Counter[str] = Counter()
    with Progress("taking in") as progress:

        def tell(line: Line) -> None:
            counts[line.verdict] += 1
            progress.step()
            _say(line, as_json=arguments.json)

        run_load(drop, lambda mappings: on_disk(paths, mappings), tell)
    with Progress("walking the road") as progress:
        while moved := road.step():
            progress.step(moved)
    sequence_all()
    if not arguments.json:
        print(", ".join(f"{counts[verdict]} {words}" for verdict, words in VERDICTS.items()))
    return SET_ASIDE if counts["set-aside"] else DONE


def _say(line: Line, *, as_json: bool) -> None:
    if as_json:
        losses = [dict(zip(("locator", "what", "text", "why"), loss, strict=True)) for loss in line.losses]
        told = {"path": line.path, "report_id": line.number, "verdict": line.verdict, "reason": line.reason}
        print(msgspec.json.encode({**told, "losses": losses}).decode())
    elif line.verdict == "set-aside":
        print(f"{line.path}: {line.reason}", file=sys.stderr)


def _unit_of_load(arguments: Namespace) -> UUID:
    """Whose the reports will be: the unit named, else the named sender's, else the hub that receives everything."""
    named = sender_named(arguments.sender) if arguments.sender and arguments.unit is None else None
    return named.unit_id if named is not None else _unit(arguments.unit)


def _unit(code: str | None) -> UUID:
    if code is None:
        return receiving_hub()
    unit = unit_of_code(code)
    if unit is None:
        raise OfficerError(f"There is no unit with the code “{code}”.")
    return unit

"""Commands on hash lists."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from abhaya.access.queries import unit_of_code
from abhaya.commands.files import new_file
from abhaya.commands.progress import Progress
from abhaya.custody.vault import receive_stream
from abhaya.errors import OperatorError
from abhaya.intake.senders import receiving_hub
from abhaya.ledger.sequencer import sequence_all
from abhaya.matching.actions import (
    NewList,
    NewVersion,
    end_list,
    open_list,
    open_version,
    read_version,
    take_in_categories,
    write_list,
)
from abhaya.matching.actions.exports import Told
from abhaya.matching.lists import ListRow, Unfinished, list_named
from abhaya.matching.reasons import LOST
from abhaya.shared.identity import on_the_road

DONE, SET_ASIDE = 0, 1
READ_BYTES = 1024 * 1024
SERVICE = "operator:lists"


def take_in(arguments: Namespace) -> int:
    """One file of a list: into the vault, then its entries. Asked again after it was killed, it goes on where it was."""
    path = Path(arguments.file)
    purpose = f"lists import {path.name}"
    try:
        stream = path.open("rb")
    except OSError as problem:
        raise OperatorError(f"{path} cannot be read: {problem.strerror}") from problem
    with stream, Progress("reading") as progress:
        of, version = _begin(arguments, path, stream, purpose)
        stream.seek(0)
        counts, why = read_version(
            of, version, stream, purpose=purpose, accept_withdrawals=arguments.accept_withdrawals, tell=progress.step
        )
    sequence_all()
    if arguments.json:
        print(json.dumps({"list": of.name, "version_id": str(version.id), **counts._asdict(), "broken": why}))
    else:
        print(
            f"{of.name}: {counts.taken:,} new, {counts.repeated:,} known already, {counts.withdrawn:,} withdrawn,"
            f" {counts.set_aside:,} set aside"
        )
        if why:
            print(why, file=sys.stderr)
    return SET_ASIDE if counts.set_aside or why else DONE


def categories(arguments: Namespace) -> int:
    """What the codes of lists mean, as this installation's unit has it."""
    path = Path(arguments.file)
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise OperatorError(f"{path} cannot be read: {problem.strerror}") from problem
    with on_the_road(SERVICE, purpose=f"lists categories {path.name}"):
        taken = take_in_categories(data, path.name)
    sequence_all()
    print(f"{path.name}: {taken.taken:,} codes, {len(taken.set_aside):,} lines set aside")
    for one in taken.set_aside:
        print(f"line {one.line}: {one.why}", file=sys.stderr)
    return SET_ASIDE if taken.set_aside else DONE


def export(arguments: Namespace) -> int:
    """What is live in a list, as a file in a form that others read; what that form has no place for is told."""
    with (
        new_file(arguments.out) as file,
        Progress("writing") as progress,
        on_the_road(SERVICE, purpose=arguments.purpose.strip() or f"lists export {arguments.name}"),
    ):
        of = list_named(arguments.name)
        if of is None:
            raise OperatorError(f"There is no list “{arguments.name}”.")
        told = write_list(of, arguments.format or "", file.write, tell=progress.step)
        file.flush()
    sequence_all()
    _tell(of, told, as_json=arguments.json)
    return SET_ASIDE if told.lost["entry"] else DONE


def _tell(of: ListRow, told: Told, *, as_json: bool) -> None:
    """On standard error where the file itself may go to standard output."""
    if as_json:
        print(json.dumps({"list": of.name, **asdict(told)}), file=sys.stderr)
        return
    back = f", {told.taken_back:,} taken back" if told.taken_back else ""
    print(f"{of.name}: {told.entries:,} entries{back} as {told.form}, SHA-256 {told.sha256}", file=sys.stderr)
    print(f"{told.copied:,} of them as they stood in an original, unknown fields too.", file=sys.stderr)
    for code, count in sorted(told.lost.items()):
        print(f"without place in it: {count:,} {LOST[code][0]}", file=sys.stderr)
    for name, count in sorted(told.own_fields.items()):
        print(f"not in it: the original’s field {name}, which {count:,} entries have there", file=sys.stderr)


def end(arguments: Namespace) -> int:
    """Ends a list; what it found is open again."""
    with on_the_road(SERVICE, purpose=f"lists end {arguments.name}"):
        of = list_named(arguments.name)
        if of is None or of.ended:
            raise OperatorError(f"There is no list “{arguments.name}” in use.")
        reopened = end_list(of, arguments.reason)
    sequence_all()
    print(f"{of.name} is ended; {reopened:,} matches that rested on it are open again.")
    return DONE


def _begin(arguments: Namespace, path: Path, stream: BinaryIO, purpose: str) -> tuple[ListRow, Unfinished]:
    draft = receive_stream(_pieces(stream))
    day = _day(arguments.dated)
    with on_the_road(SERVICE, purpose=purpose):
        name = arguments.name or path.stem
        of = list_named(name)
        if of is None:
            open_list(_new(arguments, name))
            of = list_named(name)
        if of is None or of.ended:
            raise OperatorError(f"The list “{name}” was ended; take it in under another name.")
        return of, open_version(of, NewVersion(arguments.version or day.isoformat(), day, path.name, draft))


def _new(arguments: Namespace, name: str) -> NewList:
    if arguments.vouched and not arguments.vouched_basis:
        raise OperatorError(
            "--vouched needs --vouched-basis: where the source says that so many people verified each entry."
        )
    return NewList(
        name=name,
        unit_id=answering_unit(arguments.unit),
        source=arguments.source or name,
        licence=arguments.licence or "",
        scheme=arguments.scheme or "",
        purpose=arguments.purpose,
        vouched=arguments.vouched,
        vouched_basis=arguments.vouched_basis or "",
    )


def answering_unit(code: str | None) -> UUID:
    """The unit that answers for a list: the one of that code, else the hub."""
    if code is None:
        return receiving_hub()
    unit = unit_of_code(code)
    if unit is None:
        raise OperatorError(f"There is no unit with the code “{code}”.")
    return unit


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date()
    except ValueError as problem:
        raise OperatorError(f"--dated {text} is not a day; write it as 2026-11-22") from problem


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(READ_BYTES):
        yield piece

"""The ledger as files that anybody can check without us: `python3 verify DIR` needs nothing of this program.

Streams in the order of the leaves, flat in memory. The files and their lines are described in docs/formats.md;
`FORMAT` rises when a reader of the old version would misread the new.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from abhaya.errors import OperatorError
from abhaya.ledger.actions import Act, departed, record
from abhaya.ledger.canonical import instant
from abhaya.ledger.events import Event
from abhaya.ledger.models import Departure
from abhaya.ledger.note import parse, verifier_line
from abhaya.shared.durable import whole_file, write_whole
from abhaya.shared.sql import NamedSql

FORMAT = "abhaya-ledger-1"
ROWS_PER_FETCH = 2000
FILE_MODE = 0o644  # it is made to be handed over; the umask still takes away
README = """This folder is a ledger as its holder exported it. Check it, offline, with the stand-alone verifier:

    python3 verify {folder}

If you hold an older checkpoint of this ledger (a file, or a printed code with its size), give it too: only that shows
whether entries it covers were changed since, even by whoever holds the signing key:

    python3 verify {folder} --checkpoint FILE --code SIZE:CODE

ledger.json        what this is: format, name of the ledger, number of entries, when and by whom it was exported
key.txt            the ledger's public key (C2SP signed-note verifier key)
leaves.jsonl       one line per leaf: index, entry, leaf (hexadecimal)
entries.jsonl      one line per entry whose text is here: index, entry, commitment, salt (hexadecimal), body (exact text)
checkpoints.jsonl  one line per checkpoint: size, note (C2SP checkpoint)
departures.jsonl   checkpoints that left the machine before: size, at, how, recipient
stamps.jsonl       RFC 3161 time-stamps over checkpoints: size, at, authority, response (base64)
witnesses.txt      who is asked to co-sign, with their keys as this ledger knows them: ask the witnesses themselves for them
checkpoint         the newest checkpoint, the one to keep
"""

SQL = NamedSql(__file__, "export.sql")
Write = Callable[[object], object]


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export holds."""

    size: int
    entries: int
    checkpoint: str  # the newest note, "" for an empty ledger
    folder: Path


def export(
    out_dir: Path, *, recipient: str, using: str = DEFAULT_DB_ALIAS, progress: Callable[[int], None] | None = None
) -> Exported:
    """Writes the ledger up to its newest checkpoint into an empty or new folder.

    The caller's transaction must be allowed to read all of it (the road, the owner). OperatorError when the folder
    is not empty. `mark_exported` then records that its checkpoint left.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    if any(out_dir.iterdir()):
        raise OperatorError(f"{out_dir} is not empty: an export goes into a folder of its own.")
    connection = connections[using]
    with transaction.atomic(using=using):
        log = _one(connection, "log")
        size = int(_one(connection, "size")[0])
        origin, public_key = (str(log[0]), bytes(log[1])) if log else ("", b"")
        entries = _write_leaves(connection, out_dir, size, progress)
        newest = _write_checkpoints(connection, out_dir, size)
        with _lines(out_dir / "departures.jsonl") as write:
            for left, at, how, holder in _stream(connection, "departures", size=size):
                write({"size": left, "at": instant(at), "how": how, "recipient": holder})
        with _lines(out_dir / "stamps.jsonl") as write:
            for stamped, at, authority, response in _stream(connection, "stamps", size=size):
                held = base64.b64encode(bytes(response)).decode()
                write({"size": stamped, "at": instant(at), "authority": authority, "response": held})
    facts = {
        "format": FORMAT,
        "origin": origin,
        "size": size,
        "entries": entries,
        "exported_at": instant(datetime.now(UTC)),
        "recipient": recipient,
    }
    _text(out_dir / "ledger.json", json.dumps(facts, ensure_ascii=False, indent=2) + "\n")
    _text(out_dir / "key.txt", verifier_line(origin, public_key) + "\n" if log else "")
    _text(out_dir / "checkpoint", newest)
    _text(out_dir / "witnesses.txt", "".join(f"{one.verifier}\n" for one in settings.LEDGER_WITNESSES))
    _text(out_dir / "README.txt", README.format(folder=out_dir.name))
    return Exported(size, entries, newest, out_dir)


def mark_exported(exported: Exported, recipient: str) -> None:
    """Records the export, and that its newest checkpoint is now held elsewhere."""
    record([Act(Event.LEDGER_EXPORT_MADE, facts={"size": exported.size, "entries": exported.entries})])
    if exported.checkpoint:
        departed(exported.size, parse(exported.checkpoint).root, Departure.How.EXPORTED, recipient)


def _write_leaves(connection: Any, out_dir: Path, size: int, progress: Callable[[int], None] | None) -> int:
    entries = 0
    with _lines(out_dir / "leaves.jsonl") as leaf_line, _lines(out_dir / "entries.jsonl") as entry_line:
        for index, entry, leaf, commitment, salt, body in _stream(connection, "leaves", size=size):
            leaf_line({"index": index, "entry": str(entry), "leaf": bytes(leaf).hex()})
            if body is not None:
                entries += 1
                entry_line(
                    {
                        "index": index,
                        "entry": str(entry),
                        "commitment": bytes(commitment).hex(),
                        "salt": bytes(salt).hex(),
                        # What is not text was never written by us; it must reach the verifier, not stop the export.
                        "body": bytes(body).decode("utf-8", "surrogateescape"),
                    }
                )
            if progress is not None and index % ROWS_PER_FETCH == 0:
                progress(index)
    return entries


def _write_checkpoints(connection: Any, out_dir: Path, size: int) -> str:
    newest = ""
    with _lines(out_dir / "checkpoints.jsonl") as write:
        for at_size, note in _stream(connection, "checkpoints", size=size):
            write({"size": at_size, "note": note})
            newest = note
    return newest


def _one(connection: Any, name: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(SQL[name])
        return cursor.fetchone()


def _stream(connection: Any, name: str, **params: object) -> Iterator[Any]:
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(SQL[name], params)
        while rows := cursor.fetchmany(ROWS_PER_FETCH):
            yield from rows


@contextmanager
def _lines(path: Path) -> Iterator[Write]:
    with whole_file(path, mode=FILE_MODE) as file:
        # ASCII escapes keep even half a surrogate pair as it was, and no line break inside a body can split a line.
        yield lambda value: file.write(json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n")


def _text(path: Path, text: str) -> None:
    write_whole(path, text.encode(), mode=FILE_MODE)

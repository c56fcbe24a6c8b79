"""Gives every entry its leaf, alone, and signs where the ledger stands.

One round is one transaction on a connection of its own (role `abhaya_sequencer`, which can read commitments and no
entry): take what waits, append the leaves, move the tree's edge, sign a checkpoint over it. Either all of it is there
after a crash or none. The sequencer signs nothing that contradicts what it signed before: a wrong edge, another key or
a database that was rolled back stops it with a sentence for the operator.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import close_old_connections, connections, transaction

from abhaya.errors import OperatorError
from abhaya.ledger import key as keys
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.ledger.merkle import Frontier, full_blocks, leaf_hash
from abhaya.ledger.note import Checkpoint, Key, NoteError, verify
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import NamedSql

ALIAS = "sequencer"
LOCK = 0x6C6564676572  # "ledger", as a number for pg_try_advisory_xact_lock
BATCH_ENTRIES_MAX = 10_000
ROUND_SECONDS = 0.7  # with the round itself, an entry has its leaf within a second
RETRY_SECONDS = 5.0
WAIT_SECONDS_MAX = 60.0

log = logging.getLogger("abhaya.ledger")
SQL = NamedSql(__file__, "sequencer.sql")


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where the ledger stands before a round: its key, the tree's edge and the last signature."""

    key: Key
    frontier: Frontier
    is_new: bool


def sequence_once() -> int:
    """One round. Returns how many entries got their leaf; 0 when none waits or another sequencer is at work.

    OperatorError when going on would contradict what was signed before.
    """
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        if not _one(cursor, "alone", lock=LOCK)[0]:
            return 0
        waiting = _all(cursor, "waiting", most=BATCH_ENTRIES_MAX)
        if not waiting:
            return 0
        stand = _stand(cursor)
        note = _append(cursor, stand, sorted(waiting))
    keys.remember(stand.key.name, note)
    return len(waiting)


def sequence_all(*, seconds_max: float = WAIT_SECONDS_MAX) -> int:
    """Rounds until nothing waits, whoever does them. OperatorError when it takes longer than `seconds_max`."""
    done, deadline = 0, time.monotonic() + seconds_max
    while True:
        step = sequence_once()
        done += step
        if not step:
            with connections[ALIAS].cursor() as cursor:
                if not _one(cursor, "any_waiting")[0]:
                    return done
            if time.monotonic() > deadline:
                raise OperatorError(
                    f"Entries still wait for their place in the ledger after {seconds_max:.0f} seconds."
                )
            time.sleep(0.02)


def run(stop: threading.Event) -> None:
    """Rounds until `stop` is set. A round that fails is told to the log and tried again: acts never wait for it."""
    while not stop.is_set():
        pause = ROUND_SECONDS
        try:
            if sequence_once() == BATCH_ENTRIES_MAX:
                pause = 0.0
        except Exception:  # the process's boundary: whatever stops one round, the next must be tried
            log.exception("the ledger's sequencer could not finish a round")
            close_old_connections()
            pause = RETRY_SECONDS
        stop.wait(pause)


def resume(reason: str) -> Checkpoint:
    """Lets a restored database be continued, on record: what this machine signed beyond it is named in an entry.

    Returns the checkpoint that is lost. OperatorError when nothing is: then there is nothing to say and nothing to forget.
    """
    if not reason.strip():
        raise OperatorError("Say why the ledger goes on from an older state: which backup was restored, and when.")
    with connections[ALIAS].cursor() as cursor:
        named = _one(cursor, "log")
        origin = str(named[0]) if named else ""
        lost = keys.last_signed(origin) if named else None
        row = _one(cursor, "root_at", size=lost.size) if lost else None
    if lost is None or (row is not None and bytes(row[0]) == lost.root):
        raise OperatorError("The ledger goes on as it is: nothing that this machine signed is missing from it.")
    facts = {"reason": reason.strip(), "signed_size": lost.size, "signed_root": lost.root.hex()}
    with on_the_road("operator:restore", purpose=reason):
        record([Act(Event.LEDGER_LEDGER_RESUMED, facts=facts)])
    keys.forget(origin)
    return lost


def _stand(cursor: Any) -> _Stand:
    named = _one(cursor, "log")
    if named is None:
        return _Stand(keys.new_key(f"abhaya-ledger/{uuid4()}"), Frontier(), is_new=True)
    origin, public = str(named[0]), bytes(named[1])
    key = keys.signing_key(origin)
    if key.public != public:
        raise OperatorError(
            f"The signing key in {keys.SECRET_NAME} is not the one this ledger began with. Put the key back from its"
            " backup: the ledger cannot go on under another key."
        )
    frontier = _edge(cursor, key)
    _refuse_a_rollback(cursor, key, frontier)
    return _Stand(key, frontier, is_new=False)


def _edge(cursor: Any, key: Key) -> Frontier:
    """The edge, believed only if its root is the one of the checkpoint that our own key signed over it."""
    row = _one(cursor, "edge")
    problem = "The ledger's edge is missing"
    if row is not None:
        size, roots, root, note = row
        try:
            frontier = Frontier(size, bytes(roots))
            verify(note or "", key.name, key.public)
            if (
                note.startswith(Checkpoint(key.name, size, frontier.root()).text + "\n")
                and bytes(root) == frontier.root()
            ):
                return frontier
            problem = f"The ledger's edge at {size} entries has another root than its checkpoint"
        except (NoteError, ValueError) as error:
            problem = f"The ledger's edge does not stand: {error}"
    raise OperatorError(f"{problem}. Nothing more is signed; run the ledger's check, it says what was changed.")


def _refuse_a_rollback(cursor: Any, key: Key, frontier: Frontier) -> None:
    remembered = keys.last_signed(key.name)
    if remembered is None:
        return
    row = _one(cursor, "root_at", size=remembered.size)
    if row is not None and bytes(row[0]) == remembered.root:
        return
    raise OperatorError(
        f"This machine signed a ledger of {remembered.size} entries; the database has {frontier.size} and does not"
        " contain that checkpoint. If an older backup was restored, say so with `abhaya ledger resume`; if not, somebody"
        " changed the database. Nothing more is signed until then."
    )


def _append(cursor: Any, stand: _Stand, waiting: list[tuple[UUID, bytes]]) -> str:
    """Leaves, edge and checkpoint for these entries. Returns the signed note."""
    at = datetime.now(UTC)
    key, frontier = stand.key, stand.frontier
    if stand.is_new:
        _run(cursor, "name_log", origin=key.name, public_key=key.public, at=at)
    entries = [entry for entry, _ in waiting]
    hashes = [leaf_hash(bytes(commitment)) for _, commitment in waiting]
    _run(cursor, "append", first=frontier.size, entries=entries, hashes=hashes)
    _run(cursor, "done", entries=entries)
    if blocks := full_blocks(frontier, hashes):
        _run(cursor, "blocks", indexes=[index for index, _ in blocks], roots=[root for _, root in blocks])
    frontier.extend(hashes)
    root = frontier.root()
    note = key.sign(Checkpoint(key.name, frontier.size, root), int(at.timestamp()))
    _run(cursor, "move_edge", size=frontier.size, roots=frontier.packed())
    _run(cursor, "checkpoint", size=frontier.size, root=root, note=note, at=at)
    return note


def _run(cursor: Any, name: str, **params: object) -> None:
    cursor.execute(SQL[name], params)


def _one(cursor: Any, name: str, **params: object) -> Any:
    cursor.execute(SQL[name], params)
    return cursor.fetchone()


def _all(cursor: Any, name: str, **params: object) -> list[Any]:
    cursor.execute(SQL[name], params)
    return list(cursor.fetchall())

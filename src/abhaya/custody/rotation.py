"""The operator's key changed for a new one while everything goes on. Killed at any instant, it is simply begun again.

1. The new key is made and kept durably; the vault's key of storage names is sealed under it.
2. `vault/key-id` names it before the old one, in one step: from now on new wraps are made with it, old ones still open.
3. When no transaction runs that began before that, wraps are exchanged in small transactions, each against the very bytes
   it was read with, until none is left. Names of originals stay as they are, and no original's bytes are touched.
4. `retire` destroys the old key, and refuses while a single wrap needs it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from psycopg import Cursor

from abhaya.custody import operator_key
from abhaya.custody.damage import OriginalDamaged, unwrapped
from abhaya.custody.operator_key import NEXT, SECRET_NAME, Live, live_keys, new_master, write_live
from abhaya.custody.sealing import KeyRing, OperatorKey
from abhaya.custody.vault import vault
from abhaya.errors import OperatorError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.durable import fsync_folder
from abhaya.shared.identity import ROAD_ALIAS, on_the_road, signed_in_as
from abhaya.shared.secret import secret_path
from abhaya.shared.sql import NamedSql, execute, fetch, fetch_one, value

SERVICE = "operator:key"
BATCH_WRAPS = 2_000  # in one transaction: about a tenth of a second, and what a kill undoes
WAIT_SECONDS = 0.2
WRAPS_PER_SECOND_MIN = 100  # slower than any machine: only a row that is never let go takes longer
OLDER_SECONDS_MAX = 900.0  # a transaction longer than this is a fault, and is told
NOWHERE = UUID(int=0)
SQL = NamedSql(__file__, "rotation.sql")
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class KeyNote:
    """What is known of one operator key."""

    key_id: str
    noted_at: datetime
    rotation_from: str
    rewrapped: int
    rotated_at: datetime | None
    retired_at: datetime | None
    split_at: datetime | None
    split_shares: int
    split_needed: int
    proved_at: datetime | None


@dataclass(slots=True)
class Rotated:
    """What a rotation did. `damaged`: wraps that no live key opens; `abhaya check` names their originals too."""

    key_id: str
    old_id: str
    wraps: int = 0
    damaged: list[str] = field(default_factory=list)


class _Wrap(NamedTuple):
    object_id: UUID
    compartment: UUID
    wrapped_key: bytes


class _Known(NamedTuple):
    object_id: UUID
    sha256: bytes
    known_key: bytes


def note_of(key_id: bytes) -> KeyNote | None:
    """What the database knows of a key, in the caller's transaction."""
    return fetch_one(KeyNote, SQL["note_of"], {"key": key_id.hex()})


def rotate(progress: Progress | None = None, *, seconds_max: float = OLDER_SECONDS_MAX) -> Rotated:
    """A new operator key, and every wrap under it; or the rest of a rotation that was interrupted.

    Opens its own transactions. Raises `OperatorError` when a rotation that has ended waits for its old key's end.
    """
    data: Path = settings.DATA_DIR
    vault()  # a vault that was never used has its first key now
    live = live_keys(data)
    if len(live) == 1:
        _switch(data, live[0])
    elif _has_ended(live[0]):
        raise OperatorError(
            f"The last rotation has ended, and the old key {live[1].id.hex()} is still kept. Destroy it first: abhaya key"
            " retire."
        )
    _tidy(data)
    ring = vault().key
    done = Rotated(ring.id.hex(), ring.ids[1].hex())
    with on_the_road(SERVICE):
        if execute(SQL["note_key"], {"key": done.key_id, "old": done.old_id}):
            record([Act(Event.CUSTODY_KEY_SWITCHED, facts={"key": done.key_id, "old": done.old_id})])
    wait_for_older(datetime.now(UTC), seconds_max, "the rotation cannot end. Both keys work; run abhaya key rotate")
    until = time.monotonic() + seconds_max
    while _round(ring, done, progress) or _left(ring) > len(done.damaged):
        if time.monotonic() > until + done.wraps / WRAPS_PER_SECOND_MIN:
            raise OperatorError("Wraps are held by other transactions for too long. Run abhaya key rotate again later.")
    with on_the_road(SERVICE):
        execute(SQL["note_rotated"], {"key": done.key_id})
        facts = {"key": done.key_id, "old": done.old_id, "wraps": done.wraps, "damaged": len(done.damaged)}
        record([Act(Event.CUSTODY_KEY_ROTATED, facts=facts)])
    return done


def retire() -> str:
    """Destroys the key before the current one. Returns a sentence for what of it is left elsewhere, or "".

    Refuses while a wrap is under it, or while a transaction runs that may still be writing one.
    """
    data: Path = settings.DATA_DIR
    live = live_keys(data)
    if len(live) < 2:
        raise OperatorError("There is no old key to destroy: no rotation was made.")
    if not _has_ended(live[0]):
        raise OperatorError("The rotation has not ended. Finish it first: abhaya key rotate.")
    current, old = live[0], live[1]
    left = _left(vault().key)
    if left:
        raise OperatorError(
            f"{left} wraps are still under an older key, so it is kept. Run abhaya key rotate again; what it cannot open,"
            " abhaya check names."
        )
    write_live(data, [current])
    elsewhere = operator_key.destroy(data, old.id)
    with on_the_road(SERVICE):
        execute(SQL["note_key"], {"key": old.id.hex(), "old": ""})
        execute(SQL["note_retired"], {"key": old.id.hex()})
        record([Act(Event.CUSTODY_KEY_RETIRED, facts={"key": old.id.hex()})])
    return f"The old key is still in {' and in '.join(elsewhere)}: remove it there." if elsewhere else ""


def _switch(data: Path, old: Live) -> None:
    """Makes the new key and names it first. The old one's file gets a name of its own before that."""
    ring = vault().key
    made = new_master(data, name=NEXT)
    file = secret_path(data, SECRET_NAME)
    if file.exists():
        with suppress(FileExistsError):
            (file.with_name(f"{SECRET_NAME}.{old.id.hex()}")).hardlink_to(file)
        fsync_folder(file.parent)
    write_live(data, [Live(made.key.id, made.key.seal_names(ring.names)), old])


def _tidy(data: Path) -> None:
    """The new key's file takes the usual name; the old one has a name of its own already."""
    following, file = secret_path(data, NEXT), secret_path(data, SECRET_NAME)
    if following.exists():
        following.replace(file)
        fsync_folder(file.parent)


def _has_ended(current: Live) -> bool:
    with on_the_road(SERVICE):
        note = note_of(current.id)
        return note is not None and note.rotated_at is not None and not int(_one("left", current=current.id))


def wait_for_older(switched_at: datetime, seconds_max: float, stopped: str) -> None:
    """Waits until every transaction has ended that may still act by what held before `switched_at`: a key, a store."""
    until = time.monotonic() + seconds_max
    while any(_older(alias, switched_at) for alias in (DEFAULT_DB_ALIAS, ROAD_ALIAS)):
        if time.monotonic() > until:
            raise OperatorError(
                f"A transaction has been running for more than {seconds_max:.0f} seconds, so {stopped} again later."
            )
        time.sleep(WAIT_SECONDS)


def _older(alias: str, switched_at: datetime) -> int:
    """How many are that old of one sign-in: PostgreSQL tells none when the other's transactions began."""
    with signed_in_as(alias):
        return int(value(SQL["older_transactions"], {"switched_at": switched_at}))


def _left(ring: KeyRing) -> int:
    with on_the_road(SERVICE):
        return int(_one("left", current=ring.id))


def _round(ring: KeyRing, done: Rotated, progress: Progress | None) -> int:
    """One way through everything that is under another key. Returns how many wraps were exchanged."""
    before = done.wraps
    done.damaged.clear()
    at = (NOWHERE, NOWHERE)
    while True:
        with on_the_road(SERVICE):
            wraps = fetch(_Wrap, *_bound("holdings_left", object=at[0], compartment=at[1], current=ring.id))
            changed = _rewrap(ring, wraps, done)
            _noted(ring.current, changed, done)
        if not wraps:
            break
        at = (wraps[-1].object_id, wraps[-1].compartment)
        if progress:
            progress(changed)
    last = NOWHERE
    while True:
        with on_the_road(SERVICE):
            known = fetch(_Known, *_bound("known_left", object=last, current=ring.id))
            changed = _rewrap_known(ring, known, done)
            _noted(ring.current, changed, done)
        if not known:
            break
        last = known[-1].object_id
        if progress:
            progress(changed)
    return done.wraps - before


def _rewrap(ring: KeyRing, wraps: list[_Wrap], done: Rotated) -> int:
    columns: dict[str, list[Any]] = {"objects": [], "compartments": [], "was": [], "becomes": []}
    for one in wraps:
        was = bytes(one.wrapped_key)
        try:
            key = unwrapped(one.object_id, partial(ring.unwrap, was, one.object_id, one.compartment))
        except OriginalDamaged as damaged:
            done.damaged.append(f"{damaged.sentence} Compartment {one.compartment}.")
            continue
        row = (one.object_id, one.compartment, was, ring.wrap(key, one.object_id, one.compartment))
        for column, cell in zip(columns.values(), row, strict=True):
            column.append(cell)
    return _exchange("rewrap", columns)


def _rewrap_known(ring: KeyRing, known: list[_Known], done: Rotated) -> int:
    columns: dict[str, list[Any]] = {"objects": [], "was": [], "becomes": []}
    for one in known:
        was, sha256 = bytes(one.known_key), bytes(one.sha256)
        try:
            key = unwrapped(one.object_id, partial(ring.unwrap_known, was, one.object_id, sha256))
        except OriginalDamaged as damaged:
            done.damaged.append(damaged.sentence)
            continue
        for column, cell in zip(
            columns.values(), (one.object_id, was, ring.wrap_known(key, one.object_id, sha256)), strict=True
        ):
            column.append(cell)
    return _exchange("rewrap_known", columns)


def _exchange(statement: str, columns: dict[str, list[Any]]) -> int:
    if not columns["objects"]:
        return 0
    with Cursor(connection.connection) as cursor:
        row = cursor.execute(SQL[statement], columns, binary=True).fetchone()
        return int(row[0]) if row else 0


def _noted(key: OperatorKey, changed: int, done: Rotated) -> None:
    if changed:
        execute(SQL["note_rewrapped"], {"key": key.id.hex(), "more": changed})
        done.wraps += changed


def _bound(name: str, **params: object) -> tuple[str, dict[str, object]]:
    return SQL[name], {"most": BATCH_WRAPS, **params}


def _one(name: str, **params: object) -> Any:
    return value(SQL[name], params)

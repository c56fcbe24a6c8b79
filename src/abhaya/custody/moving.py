"""The vault moved from one store to the other while everything goes on. Killed at any instant, it is simply begun again.

1. `vault/place` names both: new originals go to the new store, all others are read from whichever has them. When no
   transaction runs that began before that, nothing is added to the old store any more but what was being uploaded.
2. Each original is copied as it is, sealed; read back from the new store; and the SHA-256 of its sealed bytes compared.
   What was proved stands in `custody_moved`, so that a killed move goes on where it was.
3. When all are proved and no upload is under way in the old store, `vault/place` names it as left: nobody reads from it.
4. Only then is the old store emptied, of what was proved and of nothing else. What nobody knows stays, and is named.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connections

from abhaya.custody.check import NOWHERE, PARTED, Object, findings_of
from abhaya.custody.place import FOLDER, Place, write_place
from abhaya.custody.queries import SQL as QUERIES
from abhaya.custody.rotation import OLDER_SECONDS_MAX, wait_for_older
from abhaya.custody.s3.store import S3Store
from abhaya.custody.stores import Store
from abhaya.custody.vault import WRITERS, Vault, hold_against, place_of, store_at, vault
from abhaya.errors import OperatorError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import NamedSql, execute, fetch, fetch_one, values

SERVICE = "operator:move"
BATCH = 64  # originals between two commits
WAIT_SECONDS = 0.2
UPLOADS_SECONDS_MAX = 60.0  # how long uploads that began before the move are waited for
NAMED_MAX = 20
SQL = NamedSql(__file__, "moving.sql")
Progress = Callable[[int], None]


@dataclass(slots=True)
class Moved:
    """What a move did. `missing`: in neither store. `left`: in the old store, and no original that the database knows."""

    objects: int = 0
    size_bytes: int = 0
    missing: list[UUID] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    uploads: int = 0  # under way or broken off in the old store, for which the move waits
    is_done: bool = False


class _Original(NamedTuple):
    object_id: UUID
    name: bytes
    size_bytes: int


class _Proved(NamedTuple):
    object_id: UUID
    name: bytes
    size_bytes: int
    sha256: bytes


Row = TypeVar("Row", _Original, _Proved)


class _Standing(NamedTuple):
    objects: int
    size_bytes: int


def move(to_store: bool, progress: Progress | None = None, *, without_missing: bool = False) -> Moved:
    """Moves the vault to the store of the settings, or to its folder; or goes on with a move that was interrupted.

    Opens its own transactions. `OperatorError` when a store is full or down: everything can be read as before. With
    `without_missing` it ends although originals are in neither store.
    """
    data: Path = settings.DATA_DIR
    vault()  # a vault that was never used has its first key now
    with _alone(data):
        place = _begun(data, settings.VAULT_STORE if to_store else FOLDER)
        old, new = store_at(data, place.leaving), store_at(data, place.now)
        done = Moved()
        if not place.is_emptying:
            stopped = "the move cannot go on. Everything can be read; run abhaya vault move"
            wait_for_older(datetime.now(UTC), OLDER_SECONDS_MAX, stopped)
            _hold_to_it(new)
            _carry(old, new, done, progress)
            if (done.missing and not without_missing) or not _is_quiet(old, done):
                return done
            _leave(data, place, old, new, done)
            if done.uploads:
                return done
        _empty(data, place, old, new, done, progress)
    done.is_done = True
    return done


def _begun(data: Path, target: str) -> Place:
    """The move that is under way, or a new one, on record. A move may be turned round before it has ended."""
    if not target:
        raise OperatorError("ABHAYA_VAULT_STORE names no store to move to. docs/operate.md says what to set first.")
    place = place_of(data)
    if place.now == target:
        if not place.leaving:
            raise OperatorError(f"The vault is in {_named(data, target)} already.")
        return place
    for name in (target, place.now):
        store = store_at(data, name)
        if isinstance(store, S3Store):
            hold_against(store, data)
    moving = Place(target, place.now)
    with on_the_road(SERVICE):
        execute(SQL["forget"])
        facts = {"from": _named(data, place.now), "to": _named(data, target)}
        record([Act(Event.CUSTODY_MOVE_BEGUN, facts=facts)])
    write_place(data, moving)
    return moving


def _hold_to_it(new: Store) -> None:
    """What an interrupted move had proved is proved anew where the new store has lost it since."""
    with ThreadPoolExecutor(WRITERS) as hands:
        for part in _parts():
            _forgotten([one.object_id for one in _lost(new, part, hands)])


def _lost(new: Store, part: list[_Proved], hands: ThreadPoolExecutor) -> list[_Proved]:
    sizes = hands.map(lambda one: new.size_of(bytes(one.name), one.object_id), part)
    return [one for one, size in zip(part, sizes, strict=True) if size != one.size_bytes]


def _carry(old: Store, new: Store, done: Moved, progress: Progress | None) -> None:
    """Copies and proves until nothing is left to be proved: what was committed meanwhile is found by the next way through."""
    with ThreadPoolExecutor(WRITERS) as hands:
        while True:
            done.missing.clear()
            found, after = 0, NOWHERE
            while part := _part("unmoved", after, _Original):
                proved = list(hands.map(lambda one: _proved(old, new, one), part))
                done.missing += [one.object_id for one, sha in zip(part, proved, strict=True) if sha is None]
                known = [one for one in proved if one is not None]
                _note(known)
                found += len(known)
                after = part[-1].object_id
                if progress:
                    progress(len(part))
            if not found:
                return


def _proved(old: Store, new: Store, one: _Original) -> _Proved | None:
    """Makes sure that the new store has the very bytes of the old one. None where neither has any."""
    name, object_id = bytes(one.name), one.object_id
    there = new.size_of(name, object_id) is not None
    if old.size_of(name, object_id) is None:  # received since the move began, or in neither
        return _read(one, new.read(name, object_id)) if there else None
    was = _read(one, old.read(name, object_id))
    if there:
        held = _read(one, new.read(name, object_id))
        if held == was or _is_as_received(new, object_id):
            return held
    at = new.write(object_id, old.read(name, object_id))
    if _read(one, new.read_draft(at)) != was:
        new.discard(at, object_id)
        raise OperatorError(
            f"The original {object_id} came back from the new store with other bytes than were written."
        )
    (at,) = new.settle([(at, name, object_id)])
    new.confirm(at, name, object_id)
    return was


def _read(one: _Original, blocks: Iterable[bytes]) -> _Proved:
    digest, size = hashlib.sha256(), 0
    for block in blocks:
        digest.update(block)
        size += len(block)
    return _Proved(one.object_id, bytes(one.name), size, digest.digest())


def _is_as_received(store: Store, object_id: UUID) -> bool:
    """Whether this store's copy opens and has the hashes it was received with: then it is the other that has rotted."""
    try:
        with on_the_road(SERVICE):
            found = fetch(Object, PARTED["objects_named"], {"objects": [object_id]})
    finally:
        connections.close_all()  # of this thread, which ends with the work
    home = Vault(store, vault().key)
    return bool(found) and not [
        bad for bad in findings_of(home, found[0]) if bad.what in {"missing", "torn", "changed"}
    ]


def _note(proved: list[_Proved]) -> None:
    columns = zip(*proved, strict=True) if proved else ([], [], [], [])
    with on_the_road(SERVICE):
        execute(SQL["proved"], dict(zip(("objects", "names", "sizes", "digests"), map(list, columns), strict=True)))


def _is_quiet(old: Store, done: Moved) -> bool:
    """Whether no upload is under way in the old store, after a while."""
    until = time.monotonic() + UPLOADS_SECONDS_MAX
    while True:
        done.uploads = len(old.old_drafts(-1)) + sum(kept.is_new for kept in old.kept())
        if not done.uploads or time.monotonic() > until:
            return not done.uploads
        time.sleep(WAIT_SECONDS)


def _leave(data: Path, place: Place, old: Store, new: Store, done: Moved) -> None:
    """From here on nobody reads from the old store; what came in at the last moment is carried over first."""
    write_place(data, Place(place.now, place.leaving, is_emptying=True))
    wait_for_older(datetime.now(UTC), OLDER_SECONDS_MAX, "the move cannot end. Run abhaya vault move")
    _carry(old, new, done, None)
    if not _is_quiet(old, done):
        write_place(data, place)
        return
    _unmark(new)
    _drop_shredded(new)
    _drop_shredded(old)
    with on_the_road(SERVICE):
        standing = fetch_one(_Standing, SQL["standing"])
    assert standing is not None  # noqa: S101 — a select of aggregates has one row
    done.objects, done.size_bytes = standing
    digest = hashlib.sha256()
    for part in _parts():
        digest.update(b"".join(f"{one.object_id} {bytes(one.sha256).hex()}\n".encode() for one in part))
    facts = {
        "from": _named(data, place.leaving), "to": _named(data, place.now), "objects": done.objects,
        "bytes": done.size_bytes, "missing": len(done.missing), "sha256": digest.hexdigest(),
    }  # fmt: skip
    with on_the_road(SERVICE):
        record([Act(Event.CUSTODY_MOVE_PROVED, facts=facts)])


def _unmark(new: Store) -> None:
    """An interrupted copy leaves its original marked as being uploaded: a move back would wait for it."""
    marked = (kept for kept in new.kept() if kept.is_new)
    while part := list(islice(marked, BATCH)):
        known = set(_still_kept([kept.object_id for kept in part]))
        for kept in part:
            if kept.object_id in known:
                new.keep(kept)


def _drop_shredded(store: Store) -> None:
    """Shredded since it was proved: it may have been copied at the very moment at which it was removed."""
    after = NOWHERE
    while part := _part("shredded_since", after, _Original):
        for one in part:
            store.remove(bytes(one.name), one.object_id)
        after = part[-1].object_id


def _empty(data: Path, place: Place, old: Store, new: Store, done: Moved, progress: Progress | None) -> None:
    """Takes from the old store what was proved in the new one and is there still, and says what stays."""
    _drop_shredded(old)
    with ThreadPoolExecutor(WRITERS) as hands:
        for part in _parts():
            lost = _lost(new, part, hands)
            if lost and (gone := _still_kept([one.object_id for one in lost])):
                raise OperatorError(
                    f"The new store has lost the original {gone[0]} since it was proved there. Its old copy is kept, and"
                    " nothing more is removed. Look at the store before you go on."
                )
            list(hands.map(lambda one: old.remove(bytes(one.name), one.object_id), part))
            _forgotten([one.object_id for one in part])
            if progress:
                progress(len(part))
    done.left = [str(kept.path) for kept in old.kept()]
    if isinstance(old, S3Store) and not done.left:
        old.forget_keys()
    facts = {"from": _named(data, place.leaving), "to": _named(data, place.now), "left": len(done.left)}
    with on_the_road(SERVICE):
        record([Act(Event.CUSTODY_MOVE_ENDED, facts=facts)])
    write_place(data, Place(place.now))


def _parts() -> Iterator[list[_Proved]]:
    """All that was proved, in the order of the ids."""
    after = NOWHERE
    while part := _part("moved", after, _Proved):
        yield part
        after = part[-1].object_id


def _still_kept(objects: list[UUID]) -> list[UUID]:
    """Those that the database knows: not shredded meanwhile, and no upload that was never committed."""
    with on_the_road(SERVICE):
        return values(QUERIES["kept_as_files"], {"objects": objects})


def _part(name: str, after: UUID, row: type[Row]) -> list[Row]:
    with on_the_road(SERVICE):
        return fetch(row, SQL[name], {"after": after, "most": BATCH})


def _forgotten(objects: list[UUID]) -> None:
    with on_the_road(SERVICE):
        execute(SQL["emptied"], {"objects": objects})


def _named(data: Path, name: str) -> str:
    return f"folder {data / 'vault'}" if name == FOLDER else f"{name} at {settings.VAULT_ENDPOINT}"


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One move at a time."""
    with os.fdopen(os.open(data / "vault" / "move.lock", os.O_RDWR | os.O_CREAT, 0o600), "a+b") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OperatorError("Another move of this vault is running.") from error
        yield

"""The vault: original bytes, sealed, in a store. Written once, never changed, never written unsealed.

A draft is in the store in full before anybody asks whether its bytes are known, so that the time an upload takes tells
nothing. Its key lives in this process only: what a crash leaves behind can be read by nobody. Small originals need no
store: they are sealed in memory and go into `custody_bytes` with the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path, PurePath
from uuid import UUID

from django.conf import settings

from abhaya.custody import operator_key
from abhaya.custody.damage import OriginalDamaged
from abhaya.custody.folder import FolderStore
from abhaya.custody.place import FOLDER, Place, place_state, read_place
from abhaya.custody.place import State as PlaceState
from abhaya.custody.rules import SNIFF_BYTES, sniff
from abhaya.custody.s3.client import Client
from abhaya.custody.s3.signing import Keys
from abhaya.custody.s3.store import S3Store
from abhaya.custody.sealing import (
    Digests,
    KeyRing,
    chunked,
    new_key,
    open_stream,
    seal,
    seal_chunks,
    sealed_size,
)
from abhaya.custody.stores import DRAFT_AGE_SECONDS_MAX, Kept, Store
from abhaya.custody.two_stores import TwoStores
from abhaya.errors import OperatorError, SenderError
from abhaya.shared.ids import uuid7

SMALL_BYTES_MAX = 32 * 1024  # up to here an original is kept in the database: docs/decisions/0005
ORIGINAL_BYTES_MAX = 64 * 1024**3  # one original; a sender's own limit is lower
State = tuple[operator_key.State, PlaceState]
WRITERS = 8  # threads that wait for the disk at once: 200 files of 200 kB took 45 ms with 8, 160 ms with one


@dataclass(slots=True)
class Draft:
    """Bytes received and sealed, not yet anybody's. `sealed` where small; else `path`, which is where the store has it.

    `taken` from the moment that rows refer to its bytes: from then on only the sweep may remove them.
    """

    object_id: UUID
    key: bytes = field(repr=False)
    sha256: bytes
    sha1: bytes
    md5: bytes
    size_bytes: int
    media_type_seen: str
    sealed: bytes | None = field(default=None, repr=False)
    path: PurePath | None = None
    taken: bool = False


class Vault:
    """One store under the operator's keys."""

    def __init__(self, store: Store, key: KeyRing, state: State = (None, None)) -> None:
        self.store = store
        self.key = key
        self.state = state

    def receive(self, pieces: Iterable[bytes], *, size_bytes_max: int = ORIGINAL_BYTES_MAX) -> Draft:
        """Hashes, seals and stores a stream; memory stays at a few chunks. When it returns, the bytes are on disk.

        Raises `SenderError` (413) above `size_bytes_max`, `OperatorError` when the disk is full or fails; nothing of
        the stream is left behind then, nor when the stream itself breaks off.
        """
        return self._write(pieces, uuid7(), new_key(), size_bytes_max)

    def receive_all(self, contents: Sequence[Iterable[bytes]]) -> list[Draft]:
        """The same for many at once: the waits for the disk overlap. All or nothing."""
        if len(contents) <= 1:
            return [self.receive(pieces) for pieces in contents]
        with ThreadPoolExecutor(min(WRITERS, len(contents))) as writers:
            running = [writers.submit(self.receive, pieces) for pieces in contents]
        failed = next((one.exception() for one in running if one.exception()), None)
        if failed is not None:
            for one in running:
                if not one.exception():
                    self.discard(one.result())
            raise failed
        return [one.result() for one in running]

    def seal_small(self, content: bytes, digests: Digests) -> Draft:
        """A draft of bytes that need no file, with the digests of all of them."""
        object_id, key = uuid7(), new_key()
        return _draft(object_id, key, digests, sniff(content[:SNIFF_BYTES]), sealed=seal(content, key, object_id))

    def _write(self, pieces: Iterable[bytes], object_id: UUID, key: bytes, size_bytes_max: int) -> Draft:
        chunks = chunked(pieces)
        first = next(chunks, b"")
        digests = Digests()

        def measured() -> Iterator[bytes]:
            for chunk in chain([first], chunks):
                digests.update(chunk)
                if digests.size_bytes > size_bytes_max:
                    raise SenderError(f"The upload is larger than the {size_bytes_max} bytes allowed here.", status=413)
                yield chunk

        seen = sniff(first[:SNIFF_BYTES])
        sealed_chunks = seal_chunks(measured(), key, object_id)
        if len(first) <= SMALL_BYTES_MAX:  # only the last chunk is shorter than a whole one
            return _draft(object_id, key, digests, seen, sealed=b"".join(sealed_chunks))
        path = self.store.write(object_id, sealed_chunks)
        return _draft(object_id, key, digests, seen, path=path)

    def settle(self, drafts: Sequence[Draft]) -> None:
        """Puts drafts among the originals, still marked as new. Repeated, it does nothing."""
        large = [(draft, draft.path) for draft in drafts if draft.path is not None]
        placed = [(path, self.key.storage_name(draft.sha256), draft.object_id) for draft, path in large]
        for (draft, _), path in zip(large, self.store.settle(placed), strict=True):
            draft.path = path

    def confirm(self, draft: Draft) -> None:
        """The transaction has committed: the draft is an original now. If this fails, the sweep does it."""
        if draft.path is not None:
            self.store.confirm(draft.path, self.key.storage_name(draft.sha256), draft.object_id)
            draft.path = None

    def discard_all(self, drafts: Iterable[Draft]) -> None:
        for draft in drafts:
            self.discard(draft)

    def discard(self, draft: Draft) -> None:
        """Takes a draft's bytes away. A draft that was taken stays."""
        if draft.path is not None and not draft.taken:
            self.store.discard(draft.path, draft.object_id)
            draft.path = None

    def reseal(self, draft: Draft, key: bytes, object_id: UUID) -> None:
        """Puts lost bytes back, from a draft of the very same: same key, same id, hence the same sealed bytes."""
        if draft.path is None:
            return
        plain = open_stream(self.store.read_draft(draft.path), draft.key, draft.object_id)
        again = self._write(plain, object_id, key, ORIGINAL_BYTES_MAX)
        self.settle([again])
        self.confirm(again)

    def put_back(self, name: bytes, object_id: UUID, sealed: Iterator[bytes]) -> None:
        """Sealed bytes from a backup, where they were."""
        (at,) = self.store.settle([(self.store.write(object_id, sealed), name, object_id)])
        self.store.confirm(at, name, object_id)

    def place(self, name: bytes, object_id: UUID) -> PurePath:
        """Where an original is."""
        return self.store.place(name, object_id)

    def is_whole(self, name: bytes, object_id: UUID, size_bytes: int) -> bool:
        """The bytes are there and as long as they must be. Says nothing about what they are."""
        return self.store.size_of(name, object_id) == sealed_size(size_bytes)

    def read(self, name: bytes, object_id: UUID, size_bytes: int) -> Iterator[bytes]:
        """The sealed chunks of an original. Raises `OriginalDamaged` at once where it is missing or torn."""
        found, place = self.store.size_of(name, object_id), self.store.place(name, object_id)
        if found is None:
            raise OriginalDamaged(
                object_id, "missing", f"The original {object_id} is missing from the vault: there is no file {place}."
            )
        if found != sealed_size(size_bytes):
            raise OriginalDamaged(
                object_id,
                "torn",
                f"The original {object_id} is torn: its file {place} has {found} bytes instead of {sealed_size(size_bytes)}.",
            )
        return self.store.read(name, object_id)

    def remove(self, name: bytes, object_id: UUID) -> None:
        """Removes an original's bytes for good. Without its wraps they could be read by nobody already."""
        self.store.remove(name, object_id)

    def kept(self) -> Iterator[Kept]:
        """Everything among the originals."""
        return self.store.kept()

    def old_drafts(self, age_seconds: float = DRAFT_AGE_SECONDS_MAX) -> list[PurePath]:
        """Drafts that nobody will come back for."""
        return self.store.old_drafts(age_seconds)

    def sweep(self, age_seconds: float = DRAFT_AGE_SECONDS_MAX) -> int:
        """Removes old drafts. Returns how many."""
        return self.store.sweep(age_seconds)


def receive_stream(pieces: Iterable[bytes], *, size_bytes_max: int = ORIGINAL_BYTES_MAX) -> Draft:
    """`Vault.receive` in this server's vault."""
    return vault().receive(pieces, size_bytes_max=size_bytes_max)


def vault() -> Vault:
    """The vault of this server, with the keys that are live and where it is now: another process may have changed them."""
    opened = open_vault(settings.DATA_DIR)
    if opened.state != _state(settings.DATA_DIR):
        open_vault.cache_clear()
        opened = open_vault(settings.DATA_DIR)
    return opened


@cache
def open_vault(data_dir: Path) -> Vault:
    """The vault under a data folder. Its operator key is made on first use and never again: a vault whose key is gone
    or another raises `OperatorError` rather than starting a new one beside the unreadable old.
    """
    ring = operator_key.open_ring(data_dir)
    state = _state(data_dir)  # before the place is read: what changes in between is seen at the next use
    place = place_of(data_dir)
    if place.leaving and not place.is_emptying:
        # Not held against its keys here: the move did it, and a store that is down must not stop the other.
        return Vault(TwoStores(old=store_at(data_dir, place.leaving), new=store_at(data_dir, place.now)), ring, state)
    store = store_at(data_dir, place.now)
    if isinstance(store, S3Store):
        hold_against(store, data_dir)
    return Vault(store, ring, state)


def _state(data_dir: Path) -> State:
    return operator_key.state(data_dir), place_state(data_dir)


def place_of(data_dir: Path) -> Place:
    """Where the vault is. A store that the settings name and that holds nothing of ours does not make a folder with
    originals vanish: those stay in use until `abhaya vault move` has carried them over.
    """
    said = read_place(data_dir)
    if said is not None:
        return said
    if not settings.VAULT_STORE:
        return Place(FOLDER)
    if any((data_dir / "vault" / "objects").glob("??/*")) and not remote_store().mark_of_keys():
        return Place(FOLDER)
    return Place(settings.VAULT_STORE)


def store_at(data_dir: Path, name: str) -> FolderStore | S3Store:
    """The store of this name in `vault/place`. Raises `OperatorError` where the settings name another."""
    if name == FOLDER:
        return FolderStore(data_dir / "vault")
    if name != settings.VAULT_STORE:
        raise OperatorError(
            f"The vault is in {name}, and ABHAYA_VAULT_STORE names {settings.VAULT_STORE or 'none'}. Set it back: where the"
            " vault is changes by `abhaya vault move` alone."
        )
    return remote_store()


def remote_store() -> S3Store:
    """The S3-compatible store that the settings name."""
    bucket, _, prefix = settings.VAULT_STORE.removeprefix("s3://").partition("/")
    path = Path(settings.VAULT_KEYS_FILE or "")  # the settings refuse a store without it
    try:
        lines = path.read_text(encoding="utf-8").split()
    except OSError as error:
        raise OperatorError(f"ABHAYA_VAULT_KEYS_FILE {path} cannot be read: {error.strerror}.") from error
    if len(lines) != 2:
        raise OperatorError(f"{path} should hold two lines: the access key and the secret key.")
    keys = Keys(lines[0], lines[1], settings.VAULT_REGION)
    return S3Store(Client(settings.VAULT_ENDPOINT, bucket, keys, ca_file=settings.VAULT_CA), prefix)


def hold_against(store: S3Store, data_dir: Path) -> None:
    """The store belongs to this vault, or to nobody yet: its copy of `key-id` names a key that is live here too."""
    here, there = operator_key.mark_path(data_dir).read_text(encoding="ascii"), store.mark_of_keys()
    ids = [{line.split()[0] for line in text.split("\n") if line.strip()} for text in (here, there)]
    if there and not ids[0] & ids[1]:
        raise OperatorError(
            f"The store {settings.VAULT_STORE} belongs to another vault (key {', '.join(sorted(ids[1]))}). Name another"
            " prefix, or put back the vault folder and the key that belong to it."
        )
    if there != here:
        store.mark_of_keys(here)


def _draft(
    object_id: UUID,
    key: bytes,
    digests: Digests,
    media_type_seen: str,
    *,
    sealed: bytes | None = None,
    path: PurePath | None = None,
) -> Draft:
    return Draft(
        object_id, key, digests.sha256, digests.sha1, digests.md5, digests.size_bytes, media_type_seen, sealed, path
    )

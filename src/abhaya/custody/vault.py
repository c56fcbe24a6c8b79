"""The vault: original bytes, sealed, under `ABHAYA_DATA/vault`. Written once, never changed, never written unsealed.

    drafts/<object>                           being written, or not yet taken in; swept when a day old
    objects/<2 letters>/<name>.<object>.new   durable, its transaction not known to have committed; swept when it never did
    objects/<2 letters>/<name>.<object>       an original: name = keyed hash of the content, object = its id

The object's id is in the file name so that two uploads of the same bytes at the same instant, each under its own key,
never write over each other; the database's key table decides which of them stays.

A draft is on disk in full (file and folder fsynced) before anybody asks whether its bytes are known, so that the time
an upload takes tells nothing. Its key lives in this process only: what a crash leaves behind can be read by nobody.
Small originals have no file: they are sealed in memory and go into `custody_bytes` with the caller's transaction.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from abhaya.custody.damage import OriginalDamaged
from abhaya.custody.disk import disk_errors, file_pieces, fsync_folder, replace_durably, write_new
from abhaya.custody.rules import SNIFF_BYTES, sniff
from abhaya.custody.sealing import (
    SEALED_CHUNK_BYTES,
    Digests,
    OperatorKey,
    chunked,
    new_key,
    open_stream,
    seal,
    seal_chunks,
    sealed_size,
)
from abhaya.errors import OperatorError, SenderError
from abhaya.shared.ids import uuid7
from abhaya.shared.secret import secret

SMALL_BYTES_MAX = 32 * 1024  # up to here an original is kept in the database: docs/decisions/0005
ORIGINAL_BYTES_MAX = 64 * 1024**3  # one original; a sender's own limit is lower
RESERVE_BYTES = 64 * 1024**2  # left free, so that PostgreSQL on the same disk can still commit
DRAFT_AGE_SECONDS_MAX = 24 * 3600
NEW = ".new"
WRITERS = 8  # threads that wait for the disk at once: 200 files of 200 kB took 45 ms with 8, 160 ms with one


@dataclass(slots=True)
class Draft:
    """Bytes received and sealed, not yet anybody's. `sealed` where small; else `path`.

    `taken` from the moment that rows refer to its file: from then on only the sweep may remove it.
    """

    object_id: UUID
    key: bytes = field(repr=False)
    sha256: bytes
    sha1: bytes
    md5: bytes
    size_bytes: int
    media_type_seen: str
    sealed: bytes | None = field(default=None, repr=False)
    path: Path | None = None
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """One file among the objects. `is_new`: whether its transaction committed, only the database knows."""

    name: bytes
    object_id: UUID
    path: Path
    is_new: bool

    def is_old(self) -> bool:
        """Older than any transaction that may still be running."""
        return _older_than(self.path, DRAFT_AGE_SECONDS_MAX)


class Vault:
    """One vault folder under one operator key."""

    def __init__(self, folder: Path, key: OperatorKey, *, reserve_bytes: int = RESERVE_BYTES) -> None:
        self.folder = folder
        self.key = key
        self._reserve_bytes = reserve_bytes
        self._drafts = folder / "drafts"
        self._objects = folder / "objects"
        for made in (folder, self._drafts, self._objects):
            made.mkdir(mode=0o700, parents=True, exist_ok=True)
        # All at once, so that no upload is the one that makes its folder: known bytes would not need to.
        missing = [place for place in (self._objects / f"{n:02x}" for n in range(256)) if not place.exists()]
        for place in missing:
            place.mkdir(mode=0o700, exist_ok=True)
        if missing:
            fsync_folder(self._objects)

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
        path = self._drafts / object_id.hex
        write_new(path, sealed_chunks, folder=self.folder, reserve_bytes=self._reserve_bytes)
        return _draft(object_id, key, digests, seen, path=path)

    def settle(self, drafts: Sequence[Draft]) -> None:
        """Moves drafts among the objects, still marked as new, and fsyncs the folders. Repeated, it does nothing."""
        touched: set[Path] = set()
        with disk_errors(self.folder):
            for draft in drafts:
                if draft.path is None:
                    continue
                new = _new(self.place(self.key.storage_name(draft.sha256), draft.object_id))
                if draft.path == new:
                    continue
                draft.path.rename(new)
                draft.path = new
                touched.add(new.parent)
            for folder in touched:
                fsync_folder(folder)

    def confirm(self, draft: Draft) -> None:
        """The transaction has committed: the draft's file is an original now. If this fails, the sweep does it."""
        if draft.path is not None:
            with suppress(OSError):
                draft.path.rename(self.place(self.key.storage_name(draft.sha256), draft.object_id))
            draft.path = None

    def discard_all(self, drafts: Iterable[Draft]) -> None:
        for draft in drafts:
            self.discard(draft)

    def discard(self, draft: Draft) -> None:
        """Takes a draft's file away. The file leaves its place at once and is unlinked aside: freeing a large file
        takes time, and that time would tell the sender that its bytes were known. A draft that was taken stays.
        """
        if draft.path is None or draft.taken:
            return
        aside = self._drafts / f"{draft.object_id.hex}.spent"
        try:
            draft.path.rename(aside)
        except FileNotFoundError:
            return
        draft.path = None
        _aside().submit(aside.unlink, missing_ok=True)

    def reseal(self, draft: Draft, key: bytes, object_id: UUID) -> None:
        """Puts a lost file back, from a draft of the very same bytes: same key, same id, hence the same sealed bytes."""
        if draft.path is None:
            return
        plain = open_stream(file_pieces(draft.path, SEALED_CHUNK_BYTES), draft.key, draft.object_id)
        again = self._write(plain, object_id, key, ORIGINAL_BYTES_MAX)
        self.settle([again])
        self.confirm(again)

    def place(self, name: bytes, object_id: UUID) -> Path:
        """Where an object's file is. 256 folders: ten million files make some 40,000 in each."""
        text = name.hex()
        return self._objects / text[:2] / f"{text}.{object_id.hex}"

    def is_whole(self, name: bytes, object_id: UUID, size_bytes: int) -> bool:
        """The file is there and has the length it must have. Says nothing about its bytes."""
        try:
            return _opened_size(self.place(name, object_id)) == sealed_size(size_bytes)
        except FileNotFoundError:
            return False

    def read(self, name: bytes, object_id: UUID, size_bytes: int) -> Iterator[bytes]:
        """The sealed chunks of an object's file. Raises `OriginalDamaged` at once where it is missing or torn."""
        path = self.place(name, object_id)
        try:
            found = _opened_size(path)
        except FileNotFoundError:
            raise OriginalDamaged(
                object_id, "missing", f"The original {object_id} is missing from the vault: there is no file {path}."
            ) from None
        if found != sealed_size(size_bytes):
            raise OriginalDamaged(
                object_id,
                "torn",
                f"The original {object_id} is torn: its file {path} has {found} bytes instead of {sealed_size(size_bytes)}.",
            )
        return _blocks(path)

    def remove(self, name: bytes, object_id: UUID) -> None:
        """Unlinks an object's file for good. Without its wraps it could be read by nobody already."""
        path = self.place(name, object_id)
        path.unlink(missing_ok=True)
        _new(path).unlink(missing_ok=True)
        fsync_folder(path.parent)

    def kept(self) -> Iterator[Kept]:
        """Every file among the objects. A file that is not named as we name them raises nothing and is not ours."""
        for path in self._objects.glob("??/*.*"):
            name, _, identifier = path.name.removesuffix(NEW).partition(".")
            try:
                yield Kept(bytes.fromhex(name), UUID(hex=identifier), path, path.name.endswith(NEW))
            except ValueError:
                continue

    def old_drafts(self, age_seconds: float = DRAFT_AGE_SECONDS_MAX) -> list[Path]:
        """Drafts that nobody will come back for: their keys died with the process that made them."""
        return [path for path in self._drafts.iterdir() if _older_than(path, age_seconds)]

    def sweep(self, age_seconds: float = DRAFT_AGE_SECONDS_MAX) -> int:
        """Removes old drafts. Returns how many."""
        old = self.old_drafts(age_seconds)
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


def _new(place: Path) -> Path:
    return place.with_name(place.name + NEW)


def _opened(place: Path) -> BinaryIO:
    """The file of a place, also while it is still marked as new, and when that mark goes away at this very moment."""
    for path in (place, _new(place)):
        with suppress(FileNotFoundError):
            return path.open("rb")
    return place.open("rb")


def _opened_size(place: Path) -> int:
    with _opened(place) as file:
        return os.fstat(file.fileno()).st_size


def _blocks(place: Path) -> Iterator[bytes]:
    with _opened(place) as file:
        while block := file.read(SEALED_CHUNK_BYTES):
            yield block


def _older_than(path: Path, age_seconds: float) -> bool:
    try:
        return path.stat().st_mtime < time.time() - age_seconds
    except FileNotFoundError:
        return False


def receive_stream(pieces: Iterable[bytes], *, size_bytes_max: int = ORIGINAL_BYTES_MAX) -> Draft:
    """`Vault.receive` in this server's vault."""
    return vault().receive(pieces, size_bytes_max=size_bytes_max)


def vault() -> Vault:
    """The vault of this server."""
    return open_vault(settings.DATA_DIR)


@cache
def open_vault(data_dir: Path) -> Vault:
    """The vault under a data folder. Its operator key is `secrets/vault`, made on first use and never again: a vault
    whose key is gone or another raises `OperatorError` rather than starting a new one beside the unreadable old.
    """
    folder, secret_file = data_dir / "vault", data_dir / "secrets" / "vault"
    mark = folder / "key-id"
    if mark.exists() and not secret_file.exists():
        raise OperatorError(f"The vault's operator key {secret_file} is missing. Put it back from its own backup.")
    key = OperatorKey(bytes.fromhex(secret(data_dir, "vault")))
    opened_vault = Vault(folder, key)
    if not mark.exists():
        replace_durably(mark, key.id.hex().encode() + b"\n")
        for made in (secret_file.parent, data_dir):  # the key must not be lost while what it seals survives
            fsync_folder(made)
    elif mark.read_text(encoding="ascii").strip() != key.id.hex():
        raise OperatorError(f"{secret_file} is not the key that this vault was sealed with. Put the right one back.")
    return opened_vault


def _draft(
    object_id: UUID,
    key: bytes,
    digests: Digests,
    media_type_seen: str,
    *,
    sealed: bytes | None = None,
    path: Path | None = None,
) -> Draft:
    return Draft(
        object_id, key, digests.sha256, digests.sha1, digests.md5, digests.size_bytes, media_type_seen, sealed, path
    )


@cache
def _aside() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="vault-aside")

"""The vault in a folder, `ABHAYA_DATA/vault`:

    drafts/<object>                           being written, or not yet taken in; swept when a day old
    objects/<2 letters>/<name>.<object>.new   durable, its transaction not known to have committed; swept when it never did
    objects/<2 letters>/<name>.<object>       an original: name = keyed hash of the content, object = its id

The object's id is in the file name so that two uploads of the same bytes at the same instant, each under its own key,
never write over each other; the database's key table decides which of them stays.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePath
from typing import BinaryIO
from uuid import UUID

from abhaya.custody.disk import disk_errors, file_pieces, write_new
from abhaya.custody.sealing import SEALED_CHUNK_BYTES
from abhaya.custody.stores import DRAFT_AGE_SECONDS_MAX, Kept, left_behind
from abhaya.shared.durable import fsync_folder

RESERVE_BYTES = 64 * 1024**2  # left free, so that PostgreSQL on the same disk can still commit
NEW = ".new"


class FolderStore:
    """Files of mode 0600 under one folder; every file and its name fsynced."""

    def __init__(self, folder: Path, *, reserve_bytes: int = RESERVE_BYTES) -> None:
        self.folder = folder
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

    def owns(self, at: PurePath) -> bool:
        return isinstance(at, Path)

    def write(self, object_id: UUID, blocks: Iterator[bytes]) -> Path:
        path = self._drafts / object_id.hex
        path.unlink(missing_ok=True)  # ids are new: there is one only where a killed move of this original left it
        write_new(path, blocks, folder=self.folder, reserve_bytes=self._reserve_bytes)
        return path

    def settle(self, drafts: Sequence[tuple[PurePath, bytes, UUID]]) -> list[PurePath]:
        touched: set[Path] = set()
        settled: list[PurePath] = []
        with disk_errors(self.folder):
            for at, name, object_id in drafts:
                if not self.owns(at):
                    raise left_behind()
                new = _new(self.place(name, object_id))
                if at != new:
                    Path(at).rename(new)
                    touched.add(new.parent)
                settled.append(new)
            for folder in touched:
                fsync_folder(folder)
        return settled

    def confirm(self, at: PurePath, name: bytes, object_id: UUID) -> None:
        with suppress(OSError):
            Path(at).rename(self.place(name, object_id))

    def discard(self, at: PurePath, object_id: UUID) -> None:
        """The file leaves its place at once and is unlinked aside: freeing a large file takes time, and that time would
        tell the sender that its bytes were known.
        """
        aside = self._drafts / f"{object_id.hex}.spent"
        with suppress(FileNotFoundError):
            Path(at).rename(aside)
            _aside().submit(aside.unlink, missing_ok=True)

    def read_draft(self, at: PurePath) -> Iterator[bytes]:
        return file_pieces(Path(at), SEALED_CHUNK_BYTES)

    def place(self, name: bytes, object_id: UUID) -> Path:
        """256 folders: ten million files make some 40,000 in each."""
        text = name.hex()
        return self._objects / text[:2] / f"{text}.{object_id.hex}"

    def size_of(self, name: bytes, object_id: UUID) -> int | None:
        try:
            with _opened(self.place(name, object_id)) as file:
                return os.fstat(file.fileno()).st_size
        except FileNotFoundError:
            return None

    def read(self, name: bytes, object_id: UUID) -> Iterator[bytes]:
        with _opened(self.place(name, object_id)) as file:
            while block := file.read(SEALED_CHUNK_BYTES):
                yield block

    def remove(self, name: bytes, object_id: UUID) -> None:
        path = self.place(name, object_id)
        path.unlink(missing_ok=True)
        _new(path).unlink(missing_ok=True)
        fsync_folder(path.parent)

    def kept(self) -> Iterator[Kept]:
        for path in self._objects.glob("??/*.*"):
            name, _, identifier = path.name.removesuffix(NEW).partition(".")
            is_old = _older_than(path, DRAFT_AGE_SECONDS_MAX)
            try:
                yield Kept(UUID(hex=identifier), path, path.name.endswith(NEW), is_old, bytes.fromhex(name))
            except ValueError:
                continue

    def keep(self, kept: Kept) -> None:
        Path(kept.path).rename(self.place(kept.name, kept.object_id))

    def drop(self, kept: Kept) -> None:
        Path(kept.path).unlink(missing_ok=True)

    def old_drafts(self, age_seconds: float) -> list[PurePath]:
        return [path for path in self._drafts.iterdir() if _older_than(path, age_seconds)]

    def sweep(self, age_seconds: float) -> int:
        old = self.old_drafts(age_seconds)
        for path in old:
            Path(path).unlink(missing_ok=True)
        return len(old)


def _new(place: Path) -> Path:
    return place.with_name(place.name + NEW)


def _opened(place: Path) -> BinaryIO:
    """The file of a place, also while it is still marked as new, and when that mark goes away at this very moment."""
    for path in (place, _new(place)):
        with suppress(FileNotFoundError):
            return path.open("rb")
    return place.open("rb")


def _older_than(path: Path, age_seconds: float) -> bool:
    try:
        return path.stat().st_mtime < time.time() - age_seconds
    except FileNotFoundError:
        return False


@cache
def _aside() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="vault-aside")

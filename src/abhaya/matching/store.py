"""An index on disk: a folder of segments that never change, a log of what came since, and one manifest.

Many processes search one mapping; any of them may add or delete (one at a time, for microseconds), which all see at once; one
at a time merges beside them. PostgreSQL owns every hash: whatever happens to this folder, a crash at any instant included,
leaves a valid index of an earlier generation or one that is refused in a sentence, and the database gives the rest again.
An id is a position of the database. One hash may have many ids; deleting an id forgets what was added under it before.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar, Self, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from abhaya.errors import OperatorError
from abhaya.matching import delta, manifest
from abhaya.matching.delta import ADDED, DELETED, Integers, Log, Words
from abhaya.matching.kernels.digests import collapsed
from abhaya.matching.manifest import LogEntry, Manifest, SegmentEntry
from abhaya.matching.segments import Array, DamagedIndex, Draft, Named, Segment, drafted

IDS_OF_ONE_KEY_MAX = 10_000  # more are a flood: counted, and not listed with each answer
MERGE_RATIO = 4  # a merge takes in each older segment up to so many times what it has so far: few segments, few copies
REOPENED_MAX = 100  # manifests that may be replaced while one is opened
ADDED_AT_ONCE_MAX = delta.ROWS_MAX // 4

Shapes = Mapping[str, tuple[str, tuple[int, ...]]]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class View:
    """One manifest, open. Its logs grow."""

    manifest: Manifest
    stamp: tuple[int, int]
    segments: tuple[tuple[SegmentEntry, Segment], ...]
    logs: tuple[Log, ...]
    dead_ids: Integers  # sorted
    dead_sequences: Integers

    @property
    def has_dead(self) -> bool:
        """Was anything deleted since the segments were made?"""
        return len(self.dead_ids) > 0 or any(log.deleted for log in self.logs)

    def are_dead(self, ids: Integers, sequences: Integers | int) -> npt.NDArray[np.bool_]:
        """Were these ids deleted at `sequences` or later?"""
        last = np.full(len(ids), -1, np.int64)
        if len(self.dead_ids):
            place = np.minimum(np.searchsorted(self.dead_ids, ids), len(self.dead_ids) - 1)
            last = np.where(self.dead_ids[place] == ids, self.dead_sequences[place], last)
        for log in self.logs:
            if log.deleted:
                in_log = np.fromiter((log.deleted.get(one, -1) for one in ids.tolist()), np.int64, len(ids))
                last = np.maximum(last, in_log)
        return last >= sequences


class Store(ABC):
    """What `Index` and `Digests` share. Thread-safe."""

    KINDS: ClassVar[frozenset[str]]

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._manifest_path = folder / manifest.NAME  # asked for at every search
        self._mutex = Lock()
        self._view: View | None = None
        self._refresh()

    @classmethod
    def open(cls, folder: Path, *, check: bool = False) -> Self:
        """Maps what is there. Raises `DamagedIndex` if files are missing, cut off or not an index of ours; with `check`
        every byte is read and held against its SHA-256.
        """
        opened = cls(folder)
        if check:
            opened.check()
        return opened

    @classmethod
    def create(
        cls, folder: Path, kind: str, words: Words | None = None, ids: Integers | None = None, generation: int = 0
    ) -> Self:
        """A new index of these hashes, in place of whatever is there, damaged or not."""
        if kind not in cls.KINDS:
            raise AssertionError(f"{cls.__name__} knows no kind {kind}.")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _writing(folder), _locked(folder / "merge.lock"), _locked(folder / "add.lock"):
            segments: tuple[SegmentEntry, ...] = ()
            if words is not None and ids is not None and len(ids):
                segments = (cls._write_segment(folder, kind, words, ids, upto=0),)
            manifest.write(folder, Manifest(manifest.FORMAT, kind, generation, segments, None, (_new_log(folder, 0),)))
            _sweep(folder)
        return cls(folder)

    # — reading

    def _refresh(self) -> View:
        """The newest manifest, and all rows of its logs that have come."""
        with self._mutex:
            for _ in range(REOPENED_MAX):
                view = self._view
                if view is None or view.stamp != _stamp(self._manifest_path):
                    try:
                        view = self._reopened(view)
                    except FileNotFoundError:
                        continue  # replaced while we opened it: its files may go at any time
                for log in view.logs:
                    log.read_on()
                self._view = view
                return view
        missing = sorted(name for name in manifest.read(self.folder).names() if not (self.folder / name).exists())
        raise DamagedIndex(f"{', '.join(missing) or manifest.NAME} cannot be found")

    def _reopened(self, old: View | None) -> View:
        stamp = _stamp(self._manifest_path)
        try:
            current = manifest.read(self.folder)
        except FileNotFoundError as error:
            raise DamagedIndex(f"{self.folder} has no {manifest.NAME}") from error
        if current.kind not in self.KINDS:
            raise OperatorError(f"{self.folder} is an index of {current.kind}, which is not asked for here.")
        mapped = {segment.named: segment for _, segment in old.segments} if old else {}
        logs = {log.name: log for log in old.logs} if old else {}
        dead = Segment(self.folder, current.tombstones) if current.tombstones else None
        return View(
            current,
            stamp,
            tuple((entry, mapped.get(entry.file) or Segment(self.folder, entry.file)) for entry in current.segments),
            tuple(logs.get(log.name) or Log(self.folder, log.name, log.starts) for log in current.logs),
            dead["ids"] if dead else np.empty(0, np.int64),
            dead["sequences"] if dead else np.empty(0, np.int64),
        )

    @property
    def kind(self) -> str:
        return self._refresh().manifest.kind

    @property
    def generation(self) -> int:
        """The position in the database up to which a search answers for everything."""
        view = self._refresh()
        return max([view.manifest.generation, *(log.generation or 0 for log in view.logs)])

    def sizes(self) -> dict[str, int]:
        """Keys and ids in segments, rows waiting in logs, bytes on disk."""
        view = self._refresh()
        return {
            "segments": len(view.segments),
            "keys": sum(entry.keys for entry, _ in view.segments),
            "ids": sum(entry.ids for entry, _ in view.segments),
            "log_rows": sum(log.rows for log in view.logs),
            "bytes": sum((self.folder / name).stat().st_blocks * 512 for name in view.manifest.names()),
        }

    def check(self) -> None:
        """Reads every byte. Raises `DamagedIndex`, which names the file that is not as written."""
        view = self._refresh()
        for named in (*(entry.file for entry, _ in view.segments), view.manifest.tombstones):
            if named:
                named.check(self.folder)
        for log in view.logs:
            if log.rows < log.claimed:
                raise DamagedIndex(f"row {log.rows} of {log.name} is not as written (checksum)")

    # — adding and deleting

    def add(self, words: Words, ids: Integers, generation: int = 0) -> None:
        """Effective at once, in every process. `generation`: everything up to this position is now here
        (not said: as before).
        """
        self._append(ADDED, words, ids, generation)

    def delete(self, ids: Integers, generation: int = 0) -> None:
        """Forgets what was added under these ids before. Effective at once; the next whole merge leaves no trace."""
        self._append(DELETED, np.zeros((len(ids), delta.WORDS), np.uint64), ids, generation)

    def _append(self, kind: int, words: Words, ids: Integers, generation: int) -> None:
        if len(words) != len(ids):
            raise AssertionError("One id to each hash.")
        for first in range(0, len(ids), ADDED_AT_ONCE_MAX):
            turn = slice(first, first + ADDED_AT_ONCE_MAX)
            last = first + ADDED_AT_ONCE_MAX >= len(ids)
            with _writing(self.folder), _locked(self.folder / "add.lock"):
                view = self._refresh()
                if view.logs[-1].rows + len(ids[turn]) > delta.ROWS_MAX:
                    view = self._rolled(view)
                before = max([view.manifest.generation, *(log.generation or 0 for log in view.logs)])
                with self._mutex:
                    view.logs[-1].append(kind, words[turn], ids[turn], max(before, generation) if last else before)

    def _rolled(self, view: View) -> View:
        """A new log for what comes; the others are closed. Only under the lock of adding."""
        last = view.logs[-1]
        fresh = _new_log(self.folder, last.starts + last.rows)
        manifest.write(self.folder, msgspec.structs.replace(view.manifest, logs=(*view.manifest.logs, fresh)))
        return self._refresh()

    # — merging

    def merge(self, *, whole: bool = False) -> bool:
        """Makes a segment of what the logs hold, together with the smaller segments before it; of everything, if `whole`,
        and then what was deleted is gone from the disk. Others search, add and delete meanwhile. False: nothing to do.
        """
        with _writing(self.folder), _locked(self.folder / "merge.lock"):
            with _locked(self.folder / "add.lock"):
                _sweep(self.folder)
                view = self._refresh()
                if view.logs[-1].rows:
                    view = self._rolled(view)
            closed = view.logs[:-1]
            if not closed and not (whole and (len(view.segments) > 1 or len(view.dead_ids))):
                return False
            first = 0 if whole else self._oldest_taken(view)
            words, ids = self._living(view, view.segments[first:], closed)
            upto = view.logs[-1].starts
            kind = view.manifest.kind
            made = [self._write_segment(self.folder, kind, words, ids, upto)] if len(ids) else []
            kept = view.manifest.segments[:first]
            dead = self._write_dead(view, closed, min((one.upto for one in kept), default=upto))
            with _locked(self.folder / "add.lock"):
                now = self._refresh().manifest
                generation = max([now.generation, *(log.generation or 0 for log in closed)])
                manifest.write(
                    self.folder,
                    Manifest(manifest.FORMAT, kind, generation, (*kept, *made), dead, now.logs[len(closed) :]),
                )
                _sweep(self.folder)
            self._refresh()
            return True

    def _oldest_taken(self, view: View) -> int:
        """The oldest segment that a merge takes in, as its place in the manifest."""
        rows = sum(log.rows for log in view.logs)
        first = len(view.segments)
        while first and view.segments[first - 1][0].ids <= MERGE_RATIO * rows:
            first -= 1
            rows += view.segments[first][0].ids
        return first

    def _living(
        self, view: View, segments: Iterable[tuple[SegmentEntry, Segment]], logs: tuple[Log, ...]
    ) -> tuple[Words, Integers]:
        """Every hash with every id of these that is not deleted."""
        made: list[tuple[Words, Integers]] = []
        for entry, segment in segments:
            words, ids = self._words(segment), segment["ids"]
            if "firsts" in segment:
                words = np.repeat(words, np.diff(segment["firsts"]), axis=0)
            alive = ~view.are_dead(ids, entry.upto)
            made.append((words, ids) if alive.all() else (words[alive], ids[alive]))
        for number, log in enumerate(logs):
            later: dict[int, int] = {}
            for other in logs[number + 1 :]:
                later |= other.deleted
            made.append(log.live(later))
        if len(made) == 1:
            return made[0]
        return np.concatenate([words for words, _ in made]), np.concatenate([ids for _, ids in made])

    def _write_dead(self, view: View, closed: tuple[Log, ...], oldest_upto: int) -> Named | None:
        """Deletes that some older segment still has to be held against."""
        dead = dict(zip(view.dead_ids.tolist(), view.dead_sequences.tolist(), strict=True))
        for log in closed:
            dead |= log.deleted
        left = sorted((one, sequence) for one, sequence in dead.items() if sequence >= oldest_upto)
        if not left:
            return None
        table = np.array(left, np.int64)
        path = self.folder / f"tombstones-{secrets.token_hex(4)}"
        shapes = {"ids": ("<i8", (len(left),)), "sequences": ("<i8", (len(left),))}
        with drafted(path, {"kind": "tombstones"}, shapes) as draft:
            draft.put("ids", table[:, 0])
            draft.put("sequences", table[:, 1])
        return Named.of(path)

    @classmethod
    def _write_segment(cls, folder: Path, kind: str, words: Words, ids: Integers, upto: int) -> SegmentEntry:
        keys, ids, firsts = collapsed(words, ids)
        shapes: dict[str, tuple[str, tuple[int, ...]]] = {"ids": ("<i8", ids.shape)}
        if firsts is not None:
            shapes["firsts"] = ("<u4", firsts.shape)
        about, more = cls._shapes(keys, kind)
        path = folder / f"segment-{upto}-{secrets.token_hex(4)}"
        with drafted(path, {"kind": kind, **about}, shapes | dict(more)) as draft:
            draft.put("ids", ids)
            if firsts is not None:
                draft.put("firsts", firsts)
            cls._fill(draft, keys, about)
        return SegmentEntry(Named.of(path), upto, len(keys), len(ids))

    # — what the kinds differ in

    @classmethod
    @abstractmethod
    def _shapes(cls, keys: Words, kind: str) -> tuple[dict[str, Any], Shapes]:
        """What to say about a segment of these keys, and its arrays."""

    @classmethod
    @abstractmethod
    def _fill(cls, draft: Draft, keys: Words, about: dict[str, Any]) -> None:
        """Writes those arrays."""

    @abstractmethod
    def _words(self, segment: Segment) -> Words:
        """The keys of a segment, as they came."""


def expanded(firsts: Array, ids: Array, rows: Integers) -> tuple[Integers, Integers, Integers]:
    """The ids of these rows where keys have several, from `firsts` on: for each id its place in `rows`, and the id; and how
    many ids each row has. A flood lists its first `IDS_OF_ONE_KEY_MAX`.
    """
    begins, counts = firsts[rows].astype(np.int64), firsts[rows + 1].astype(np.int64) - firsts[rows]
    listed = np.minimum(counts, IDS_OF_ONE_KEY_MAX)
    before = np.cumsum(listed) - listed
    places = np.repeat(begins - before, listed) + np.arange(listed.sum())
    return np.repeat(np.arange(len(rows)), listed), ids[places], counts


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise DamagedIndex(f"{path.parent} has no {path.name}") from error
    return status.st_ino, status.st_mtime_ns


def _new_log(folder: Path, starts: int) -> LogEntry:
    entry = LogEntry(f"log-{starts}-{secrets.token_hex(4)}", starts)
    delta.create(folder / entry.name)
    return entry


def _sweep(folder: Path) -> None:
    """Removes what no manifest names: files of before, and what a crash left. Who has them mapped keeps them."""
    keep = manifest.read(folder).names() | {"merge.lock", "add.lock"}
    for path in folder.iterdir():
        if path.name not in keep:
            path.unlink()


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turns what the disk says into `OperatorError`. What the manifest names is not touched before the last step."""
    try:
        yield
    except OSError as error:
        raise OperatorError(
            f"The index of hashes cannot be written: {folder}: {error.strerror}. It is as it was before."
        ) from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Alone among all processes and threads; the lock goes with its holder, however that ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

"""What was added and deleted since the last merge: a file of columns to which rows are appended, mapped by every process.

An add is a few writes into the page cache and then one number, the count of rows: readers see all of it or nothing, at once.
Nothing is waited for: were the power to fail, the last rows may be torn. Each row has a checksum, and a log ends before its
first row that does not agree; its generation falls back with it, and the database gives the rest again.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from abhaya.matching.kernels import hamming
from abhaya.matching.kernels.hamming import SCAN_PADDING_ROWS
from abhaya.matching.kernels.hamming_plain import Found, joined
from abhaya.matching.segments import PAGE_BYTES, DamagedIndex
from abhaya.shared.durable import whole_file

MAGIC = b"abhaya log 1\n\0\0\0"
ROWS_MAX = 1 << 20
COMPARISONS_MAX = 1 << 20  # of wanted keys with rows that are not sorted
ADDED, DELETED = 1, 2
WORDS = 4
COUNT_AT = 64
COLUMNS = WORDS + 4  # the words of the hash, its id, the generation, the kind, the checksum
SIZE_BYTES = PAGE_BYTES + COLUMNS * ROWS_MAX * 8

Words = npt.NDArray[np.uint64]  # shape (n, 4)
Integers = npt.NDArray[np.int64]


def create(path: Path) -> None:
    """An empty log; the file has holes and takes no room before rows come."""
    with whole_file(path, may_replace=False) as file:
        file.write(MAGIC)
        file.truncate(SIZE_BYTES)


class Log:
    """One log. `starts` is the sequence number of its first row: a delete kills what has a lower one."""

    def __init__(self, folder: Path, name: str, starts: int) -> None:
        """Raises `FileNotFoundError` where it is gone, `DamagedIndex` where it cannot be a log."""
        self.path, self.name, self.starts = folder / name, name, starts
        with self.path.open("rb") as file:
            if os.fstat(file.fileno()).st_size != SIZE_BYTES:
                raise DamagedIndex(f"{name} is not as long as a log is")
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if mapped[: len(MAGIC)] != MAGIC:
            raise DamagedIndex(f"{name} does not begin as a log does")
        self._count = np.frombuffer(mapped, np.uint64, 1, COUNT_AT)
        table = np.frombuffer(mapped, np.uint64, COLUMNS * ROWS_MAX, PAGE_BYTES).reshape(COLUMNS, ROWS_MAX)
        self.columns = table[:WORDS]
        self.ids = table[WORDS].view(np.int64)
        self._generations = table[WORDS + 1].view(np.int64)
        self.kinds = table[WORDS + 2]
        self._checks = table[WORDS + 3]
        self._order, self._sorted_to = np.empty(0, np.int64), 0
        self.rows = 0  # read and found whole
        self.deleted: dict[int, int] = {}  # id → the sequence number of its last delete
        self.read_on()

    @property
    def claimed(self) -> int:
        """Rows that the file says it has; more than `rows` where some are torn."""
        return min(int(self._count[0]), ROWS_MAX)

    @property
    def generation(self) -> int | None:
        return int(self._generations[self.rows - 1]) if self.rows else None

    def read_on(self) -> None:
        """Takes in the rows that have come since."""
        begin, end = self.rows, self.claimed
        if end <= begin:
            return
        new = slice(begin, end)
        checks = _checksums(
            self.columns[:, new], self.ids[new], self._generations[new], self.kinds[new], self.starts + begin
        )
        wrong = np.flatnonzero(checks != self._checks[new])
        end = begin + int(wrong[0]) if len(wrong) else end
        for row in begin + np.flatnonzero(self.kinds[begin:end] == DELETED):
            self.deleted[int(self.ids[row])] = self.starts + int(row)
        self.rows = end

    def append(self, kind: int, words: Words, ids: Integers, generation: int) -> None:
        """Adds rows behind the last whole one. Only one process at a time does."""
        begin, end = self.rows, self.rows + len(ids)
        if end > ROWS_MAX:
            raise AssertionError("A log is rolled before it is full.")
        columns = np.ascontiguousarray(words.T)
        generations = np.full(len(ids), generation, np.int64)
        kinds = np.full(len(ids), kind, np.uint64)
        checks = _checksums(columns, ids, generations, kinds, self.starts + begin)
        descriptor = os.open(self.path, os.O_WRONLY)
        try:
            for number, column in enumerate((*columns, ids, generations, kinds, checks)):
                _write_all(descriptor, column.tobytes(), PAGE_BYTES + (number * ROWS_MAX + begin) * 8)
            _write_all(descriptor, end.to_bytes(8, "little"), COUNT_AT)
        finally:
            os.close(descriptor)
        self.read_on()

    def equal(self, keys: Words) -> Found:
        """Rows with exactly these hashes, as `hamming.scan` gives them. Few comparisons are made one by one; for many the
        log is sorted, once for as long as it does not grow much.
        """
        if (self.rows - self._sorted_to) * len(keys) > COMPARISONS_MAX:
            self._sorted_to = self.rows - self.rows % SCAN_PADDING_ROWS
            self._order = np.argsort(self.columns[0, : self._sorted_to], kind="stable")
        first = self.columns[0, self._order]
        begins = np.searchsorted(first, keys[:, 0], side="left")
        counts = np.searchsorted(first, keys[:, 0], side="right") - begins
        queries = np.repeat(np.arange(len(keys)), counts)
        rows = self._order[np.repeat(begins - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())]
        same = (self.columns[:, rows] == keys[queries].T).all(axis=0)
        sorted_ones = queries[same], rows[same], np.zeros(int(same.sum()), np.int64)
        late = hamming.scan(self.columns[:, self._sorted_to :], self.rows - self._sorted_to, keys, 0)
        return joined([sorted_ones, (late[0], late[1] + self._sorted_to, late[2])])

    def live(self, deleted_later: dict[int, int]) -> tuple[Words, Integers]:
        """Rows that no delete has killed, here or in `deleted_later`."""
        rows = np.flatnonzero(self.kinds[: self.rows] == ADDED)
        last = np.array(
            [max(self.deleted.get(one, -1), deleted_later.get(one, -1)) for one in self.ids[rows].tolist()], np.int64
        )
        rows = rows[last <= rows + self.starts] if len(rows) else rows
        return np.ascontiguousarray(self.columns[:, rows].T), self.ids[rows]


def _write_all(descriptor: int, content: bytes, at: int) -> None:
    while content:
        written = os.pwrite(descriptor, content, at)
        content, at = content[written:], at + written


def _checksums(
    columns: npt.NDArray[np.uint64], ids: Integers, generations: Integers, kinds: npt.NDArray[np.uint64], first: int
) -> npt.NDArray[np.uint64]:
    """A mixed sum of each row and its place: what finds torn rows and turned bits, not what stops a forger (multiply and
    shift, after Steele and others, "SplitMix", OOPSLA 2014).
    """
    mixed = np.arange(first + 1, first + 1 + len(ids), dtype=np.uint64)
    for column in (*columns, ids.view(np.uint64), generations.view(np.uint64), kinds):
        mixed = (mixed ^ column) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed

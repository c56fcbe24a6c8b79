"""The two indexes of pictures' hashes, each following the database by position: of the lists' entries, of our own files.

A folder under the data folder; thrown away, it is built again. A search is made right after `follow`, which takes in all
that the database had by then: what comes later is held against everything by whoever brings it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings

from abhaya.matching.index import Answer, Index
from abhaya.matching.kernels.bits import Codes, codes_of
from abhaya.matching.nearness import QUALITY_MIN
from abhaya.matching.segments import DamagedIndex
from abhaya.shared.sql import NamedSql, execute, fetch, value

SQL = NamedSql(__file__, "near.sql")
CODE_BYTES = 32
TAIL_ROWS = 20_000
FOLLOW_SECONDS = 3.0  # of one round
MERGED_FROM_ROWS = 50_000  # waiting in the log

log = logging.getLogger("abhaya.matching")


@dataclass(slots=True)
class Followed:
    """An index and its questions to the database; opened when first asked."""

    name: str  # lists | files | films | listed_films
    sql: NamedSql = SQL
    tail_rows: int = TAIL_ROWS
    codes: Callable[[bytes], bytes] = bytes  # which of what a row holds are searched
    _index: Index | None = None

    @property
    def folder(self) -> Path:
        return Path(settings.DATA_DIR) / "index" / f"{self.name}-pdq"

    def follow(self, seconds: float = FOLLOW_SECONDS) -> bool:
        """Takes in what came since and forgets what was deleted. False where more is left than this round could do."""
        until = time.monotonic() + seconds
        index = self._opened()
        if index.generation > int(value(self.sql[f"{self.name}_last"])):
            log.warning("the index %s knows more than the database, and is built again", self.folder)
            index = self._made()
        while rows := self._tail(index.generation):
            positions = np.array([position for position, _ in rows], np.int64)
            hashes = [self.codes(bytes(held)) for _, held in rows]
            each = [len(one) // CODE_BYTES for one in hashes]
            index.add(codes_of(b"".join(hashes)), np.repeat(positions, each), int(positions[-1]))
            if len(rows) < self.tail_rows:
                break
            if time.monotonic() > until:
                return False
        self._forget(index)
        return True

    def search(self, codes: Codes, radius: int) -> Answer:
        try:
            found = self._opened().search(codes, radius)
        except DamagedIndex:
            self._made()  # so that the next round finds one that can be followed
            raise
        most = max((flood.ids for flood in found.floods), default=0)
        if most:
            log.warning("one hash stands under %s positions of the index %s", most, self.name)
            execute(SQL["crowded"], {"index": self.name, "positions": most})
        return found

    def merge(self) -> None:
        """Makes segments of what the log has, where that is much."""
        index = self._opened()
        if index.sizes()["log_rows"] >= MERGED_FROM_ROWS:
            index.merge()

    def _tail(self, after: int) -> list[tuple[int, bytes]]:
        asked = {"after": after, "quality": QUALITY_MIN, "limit": self.tail_rows}
        return fetch(lambda *row: row, self.sql[f"{self.name}_tail"], asked)

    def _forget(self, index: Index) -> None:
        """What was deleted leaves the disk before the database forgets that it was."""
        told = dict(fetch(lambda *row: row, SQL["gone"], {"index": self.name}))
        gone = [position for position, is_held in told.items() if not is_held]
        if gone:
            index.delete(np.array(gone, np.int64))
            index.merge(whole=True)
        if told:
            execute(SQL["gone_told"], {"index": self.name, "positions": list(told)})

    def _opened(self) -> Index:
        try:
            if self._index is None or self._index.folder != self.folder:
                self._index = Index.open(self.folder)
            self._index.sizes()  # what is damaged or gone says so here
        except (DamagedIndex, FileNotFoundError) as damaged:
            if self.folder.exists():
                log.warning("%s", damaged)
            return self._made()
        return self._index

    def _made(self) -> Index:
        self._index = Index.create(self.folder, "pdq")
        return self._index


LISTS, FILES = Followed("lists"), Followed("files")


def merge_indexes() -> None:
    """A duty of the worker's: searches stay as quick as they are."""
    for one in (LISTS, FILES):
        one.merge()

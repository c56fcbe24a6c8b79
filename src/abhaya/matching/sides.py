"""The hashes of a whole list, or of all our pictures, read in bulk for `bulk` and `extracts`: positions and hashes, no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from abhaya.matching.bulk import Side
from abhaya.matching.kernels.bits import WORDS, codes_of
from abhaya.matching.near_rules import CODE_BYTES, FORMS
from abhaya.matching.nearness import QUALITY_MIN
from abhaya.shared.sql import NamedSql, fetch_one, value

SQL = NamedSql(__file__, "sides.sql")
HASHES_A_PAGE = 160_000  # 6 MB in the database's memory and in ours


@dataclass(frozen=True, slots=True)
class Source:
    """A list, or our own pictures where there is none. What it may see is its transaction's matter."""

    list_id: UUID | None

    @property
    def _codes_of_one(self) -> int:
        return 1 if self.list_id else FORMS

    def size(self) -> int:
        """How many hashes there are to come."""
        name = "entries_size" if self.list_id else "pictures_size"
        return int(value(SQL[name], {"list": self.list_id, "quality": QUALITY_MIN})) * self._codes_of_one

    def pages(self, hashes: int = HASHES_A_PAGE) -> Iterator[Side]:
        """All of them, by id; those of one id in one page."""
        name = "entries_page" if self.list_id else "pictures_page"
        asked = {"list": self.list_id, "quality": QUALITY_MIN, "limit": max(1, hashes // self._codes_of_one)}
        after = 0
        while True:
            packed, last = fetch_one(lambda *row: row, SQL[name], {**asked, "after": after}) or (None, None)
            if packed is None:
                return
            yield self._unpacked(bytes(packed))
            after = int(last)

    def _unpacked(self, packed: bytes) -> Side:
        row = np.dtype([("id", ">i8"), ("codes", f"V{CODE_BYTES * self._codes_of_one}")])
        rows = np.frombuffer(packed, row)
        ids = np.repeat(rows["id"].astype(np.int64), self._codes_of_one)
        return Side(codes_of(rows["codes"].tobytes()), ids)


def whole(pages: Iterator[Side]) -> Side:
    """All pages in memory."""
    sides = list(pages)
    if not sides:
        return Side(np.empty((0, WORDS), np.uint64), np.empty(0, np.int64))
    return Side(np.concatenate([one.codes for one in sides]), np.concatenate([one.ids for one in sides]))

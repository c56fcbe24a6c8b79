"""Hash lists as tables: an original's rows under its own header, unknown columns too, or rows of ours under a known one.

Cells that a spreadsheet would run as a formula are defused (`shared.tables`), an original's too; hashes are not, since
Base64 may begin with a plus.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from abhaya.matching.formats import plain_csv
from abhaya.matching.formats.form import Frame, Head, Part, counted, lost_of, without_votes
from abhaya.matching.formats.hash_sharing_answers import Said
from abhaya.matching.formats.plain_csv import BASELINE_VOUCHED, FLAGS, HASHES, plain_name
from abhaya.matching.formats.record import About, Aside, Entry, written
from abhaya.shared.tables import defused

_SEPARATORS = {"csv": ",", "icse": ";", "nsrl": ","}
_HEADERS = {
    "csv": (
        "id,md5,sha1,sha256,pdq,quality,vpdq,photodna,tmk,netclean,videntifier,category,media,verified_by,disputed_by,dated,"
        "victim_identified,offender_identified,distributed,is_suspected,self_generated,baseline,file_available,generated"
    ),
    "icse": (
        "MD5;SHA1;PhotoDNA;Image ID;Is distributed;Victim identified;Offender identified;Series name;"
        "Number of submissions;File Available;Media Type;Baseline"
    ),
    "nsrl": "SHA-1,MD5,CRC32,FileName,FileSize,ProductCode,OpSystemCode,SpecialCode",
}
_FIELDS = {
    "ref": plain_csv.REF, "category": plain_csv.CATEGORY, "media": plain_csv.MEDIA, "dated": plain_csv.DATED,
    "quality": plain_csv.QUALITY, "vouched": plain_csv.VOUCHED, "disputed": plain_csv.DISPUTED,
}  # fmt: skip
_PLAIN_HASH = re.compile(r"[0-9A-Za-z+/=]{16,}")


class Table:
    """One table. Its header is an original's, once one was read, else the form's own."""

    joiner = b""
    has_tombstones = needs_own_refs = film_apart = False

    def __init__(self, name: str) -> None:
        self.name = name
        self._separator = _SEPARATORS[name]
        self._lay_out(_HEADERS[name].split(self._separator))
        self._is_own = True

    def begin(self, head: Head) -> bytes:
        del head
        return self.part(self._headings)

    def turn(self, head: Head) -> bytes:
        del head
        return b""

    end = turn

    def tombstone(self, entry: Entry) -> bytes:
        del entry
        return b""

    def entry(self, entry: Entry, number: int, said: Sequence[Said] = ()) -> bytes:
        del number, said  # the entry's counts have them
        if not self.kinds & {*entry.fixed, *entry.opaque}:
            return b""
        return self.part([self._cell(name, entry) for name in self._names])

    def lost(self, entry: Entry, said: Sequence[Said] = ()) -> Iterator[str]:
        lost = set(lost_of(self, entry if self.carries_votes else without_votes(entry, said)))
        if self.name == "icse" and "baseline" in entry.marks and entry.vouched == BASELINE_VOUCHED:
            lost.discard("vouched")  # the mark says it
        yield from lost

    def parts(self, stream: BinaryIO, about: About) -> Iterator[Frame | Part]:
        """A further original counts only where it has the header of the first: else it has no parts."""
        rows = plain_csv.read_rows(stream, about)
        headings, told = next(rows)
        separator = told.text if isinstance(told, Aside) else ","
        if self._is_own:
            self._separator, self._is_own = separator, False
            self._lay_out(headings)
            yield Frame(self.part(headings))
        elif (headings, separator) != (self._headings, self._separator):
            return
        for cells, item in rows:
            yield Part(cells, item)
        yield Frame(b"")

    def part(self, raw: Sequence[str], said: Sequence[Said] = ()) -> bytes:
        """With votes counted in the columns for that, where its header has both."""
        if said and self.carries_votes:
            raw = self._with_votes(list(raw), said)
        line = io.StringIO(newline="")
        safe = [cell if _PLAIN_HASH.fullmatch(cell) else defused(cell) for cell in raw]
        csv.writer(line, delimiter=self._separator, lineterminator="\n").writerow(safe)
        return line.getvalue().encode()

    def _with_votes(self, cells: list[str], said: Sequence[Said]) -> list[str]:
        """An original's row with our votes added to what stands where it is read from."""
        cells += [""] * (len(self._names) - len(cells))
        for columns, count in zip((plain_csv.VOUCHED, plain_csv.DISPUTED), counted(said), strict=True):
            places = [self._names.index(name) for name in columns if name in self._names]
            at = next((place for place in places if cells[place].strip()), places[0])
            total = plain_csv.number_of(cells[at].strip()) + count
            cells[at] = str(total) if total else cells[at]
        return cells

    def _lay_out(self, headings: list[str]) -> None:
        self._headings, self._names = headings, [plain_name(heading) for heading in headings]
        names = set(self._names)
        self.carries = frozenset(field for field, columns in _FIELDS.items() if names.intersection(columns))
        self.carries_votes = self.carries >= {"vouched", "disputed"}
        self.kinds = frozenset(HASHES[name] for name in names if name in HASHES)
        self.marks = frozenset(FLAGS[name] for name in names if name in FLAGS)

    def _cell(self, name: str, entry: Entry) -> str:
        kind = HASHES.get(name)
        if kind is not None:
            fixed = entry.fixed.get(kind)
            return written(kind, fixed) if fixed else entry.opaque.get(kind, "")
        if name in FLAGS:
            return "true" if FLAGS[name] in entry.marks else ""
        field = next((field for field, columns in _FIELDS.items() if name in columns), None)
        said: Any = getattr(entry, field) if field else None
        if field == "dated" and said is not None:
            return str(said.isoformat())
        return "" if said is None or (said == 0 and field != "quality") else str(said)

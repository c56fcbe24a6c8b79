"""Hash lists handed out as files: what is live at one instant, in a form that others read, with a report of what is lost.

Where the list came in that very form its originals are read again, and each live entry is written as it stood there, with
the fields that nobody here understood; every other entry is written from what was understood of it. Nothing is held in
memory but a batch, and a bit for each position.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec
from django.db import connection

from abhaya.custody.damage import OriginalDamaged
from abhaya.custody.queries import read_object
from abhaya.errors import OfficerError, OperatorError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.matching import lists
from abhaya.matching.formats.any_form import FORMS
from abhaya.matching.formats.form import Form, Frame, Head, Part
from abhaya.matching.formats.hash_sharing_answers import Member, Said
from abhaya.matching.formats.record import About, Entry
from abhaya.matching.formats.stream import stream_of
from abhaya.matching.list_rules import entry_key
from abhaya.matching.lists import ListRow
from abhaya.matching.votes import REASONS
from abhaya.shared.sql import NamedSql, fetch, fetch_one, value

SQL = NamedSql(lists.__file__, "exports.sql")
PARTS_AT_ONCE, ROWS_AT_ONCE = 2000, 5000
VOTERS_FROM = 1_000_000_000  # our voters' numbers in a file: beside those of another exchange's members
DEFAULT_FORM = "csv"  # of a list without a version that tells its own


@dataclass(slots=True)
class Told:
    """What was written. `copied`: as they stood in an original. `own_fields`: fields of originals that nobody understood, in
    entries that were not copied; how often each stands in those originals.
    """

    form: str
    entries: int = 0
    copied: int = 0
    taken_back: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    own_fields: Counter[str] = field(default_factory=Counter)
    sha256: str = ""


class _Version(NamedTuple):
    id: UUID
    form: str
    state: str
    complete: bool
    unknown: str
    object_id: UUID | None
    entries: int
    films: int
    first: int
    last: int


class _Row(NamedTuple):
    position: int
    version: UUID
    key: bytes
    entry: Entry
    said: Sequence[Said]


def write_list(
    of: ListRow,
    form_name: str,
    write: Callable[[bytes], object],
    *,
    tell: Callable[[int], None] = lambda _entries: None,
) -> Told:
    """The list as it is now, in the caller's transaction. `form_name` empty: the form of its newest version. OperatorError
    where the list was ended or the form is none.
    """
    if of.ended:
        raise OperatorError(f"The list “{of.name}” was ended; there is nothing live in it.")
    at = fetch(lambda _locked, at, _unlocked: at, SQL["moment"])[0]
    versions = fetch(_Version, SQL["versions"], {"list": of.compartment, "at": at})
    name = form_name or next((one.form for one in versions if one.form in FORMS), DEFAULT_FORM)
    if name not in FORMS:
        raise OperatorError(f"“{name}” is no form of a hash list; there are {', '.join(FORMS)}.")
    written = _Written(of, FORMS[name](), at, versions, write, tell)
    written.all()
    told = written.told
    facts = {"list": of.name, "form": told.form, "entries": told.entries, "sha256": told.sha256}
    record([Act(Event.MATCHING_LIST_EXPORTED, of.compartment, of.compartment, facts)])
    return told


class _Written:
    """One document under way."""

    def __init__(
        self,
        of: ListRow,
        form: Form,
        at: datetime,
        versions: list[_Version],
        write: Callable[[bytes], object],
        tell: Callable[[int], None],
    ) -> None:
        """`at`: the instant of which it is written."""
        self.told = Told(form.name)
        self._of, self._form, self._tell = of, form, tell
        self._versions = {one.id: one for one in versions}
        self._asked = {"list": of.compartment, "at": at}
        self._out = _Document(form.joiner, write)
        self._first = min((one.first for one in versions), default=0)
        self._copied = bytearray((max((one.last for one in versions), default=0) - self._first) // 8 + 1)
        self._head = self._counted(at)
        self._has_votes = bool(value(SQL["any_votes"], self._asked))

    def all(self) -> None:
        for film in (False, True) if self._form.film_apart else (None,):
            if film:
                self._out.between(self._form.turn(self._head))
            self._pass(film)
        self._out.end(self._form.end(self._head))
        self.told.sha256 = self._out.digest.hexdigest()

    def _pass(self, film: bool | None) -> None:
        """Originals first; then whatever is live and was in none of them; then what was taken back."""
        for version in self._versions.values():
            parts = self._parts(version)
            if parts is not None:
                self._copy(version, parts, film)
        if not self._out.has_begun:
            self._out.between(self._form.begin(self._head))
        if self.told.copied < sum(one.entries - (one.films if film is False else 0) for one in self._versions.values()):
            self._from_rows(film)
        if self._form.has_tombstones:
            for row in self._rows("taken_back", film):
                self.told.taken_back += self._out.part(self._form.tombstone(self._own_ref(row)))

    def _parts(self, version: _Version) -> Iterator[Frame | Part] | None:
        """An original of this form, opened; None where it is of another, broke off, or is not here to be read."""
        if version.form != self._form.name or version.state != "done" or version.object_id is None:
            return None
        try:
            pieces = read_object(version.object_id, self._of.compartment)
        except (OfficerError, OriginalDamaged):
            return None
        return self._form.parts(stream_of(pieces), About())

    def _copy(self, version: _Version, parts: Iterator[Frame | Part], film: bool | None) -> None:
        is_first = not self._out.has_begun
        while batch := list(islice(parts, PARTS_AT_ONCE)):
            keys = {
                id(one): entry_key(one.item, complete=version.complete)
                for one in batch
                if isinstance(one, Part) and isinstance(one.item, Entry) and not one.item.withdrawn
            }
            still = self._still(version, list(keys.values()))
            votes = self._votes(list({key for key, _ in still}))
            for one in batch:
                if isinstance(one, Frame):
                    if is_first:
                        self._out.frame(one.text)
                    continue
                key = keys.get(id(one), b"")
                found = still.get((key, one.item.locator))
                if found and isinstance(one.item, Entry) and film in {None, one.item.media == "video"}:
                    self._copy_one(one, found, votes.get(key, ()))
            self._tell(len(keys))
        self._out.close_frame()

    def _copy_one(self, part: Part, position: int, said: Sequence[Said]) -> None:
        at = position - self._first
        if self._copied[at // 8] >> at % 8 & 1:
            return
        if not self._out.has_begun:
            self._out.between(self._form.begin(self._head))
        self._copied[at // 8] |= 1 << at % 8
        self._out.part(self._form.part(part.raw, said))
        self.told.copied += 1
        self.told.entries += 1
        self._count_votes(said)

    def _count_votes(self, said: Sequence[Said]) -> None:
        if said and not self._form.carries_votes:
            self.told.lost["votes"] += 1

    def _still(self, version: _Version, keys: list[bytes]) -> dict[tuple[bytes, str], int]:
        asked = {**self._asked, "keys": keys, "version": version.id}
        rows = fetch(lambda *row: row, SQL["still"], asked) if keys else []
        return {(bytes(key), locator): position for key, locator, position in rows}

    def _votes(self, keys: Sequence[bytes]) -> dict[bytes, list[Said]]:
        """What was said here of these entries; of most lists nobody said anything."""
        found: defaultdict[bytes, list[Said]] = defaultdict(list)
        if self._has_votes and keys:
            for key, *vote in fetch(lambda *row: row, SQL["votes"], {**self._asked, "keys": list(keys)}):
                found[bytes(key)].append(_said(*vote))
        return found

    def _from_rows(self, film: bool | None) -> None:
        built = Counter[UUID]()
        for row in self._rows("rows", film):
            at = row.position - self._first
            if self._copied[at // 8] >> at % 8 & 1:
                continue
            entry = self._own_ref(row)
            text = self._form.entry(entry, self.told.entries + 1, row.said)
            self._tell(1)
            if not text:
                self.told.lost["entry"] += 1
                continue
            self._out.part(text)
            self.told.entries += 1
            self.told.lost.update(set(self._form.lost(row.entry, row.said)))
            self._count_votes(row.said)
            if entry.ref != row.entry.ref and row.entry.ref:
                self.told.lost["ref"] += 1
            built[row.version] += 1
        for version in built:
            self.told.own_fields.update(msgspec.json.decode(self._versions[version].unknown, type=dict[str, int]))

    def _own_ref(self, row: _Row) -> Entry:
        """The entry under a number that no other of the list has, where the form needs one and did not give it itself."""
        of = self._versions.get(row.version)
        if not self._form.needs_own_refs or (of is not None and of.form == self._form.name):
            return row.entry
        return row.entry._replace(ref=row.key.hex())

    def _rows(self, name: str, film: bool | None) -> Iterator[_Row]:
        with connection.connection.cursor(
            name=f"list_{uuid4().hex}"
        ) as cursor:  # kept by the server: never all in memory
            cursor.execute(SQL[name], {**self._asked, "film": film})
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                votes = self._votes([bytes(row[2]) for row in rows])
                for position, version, key, *told in rows:
                    yield _Row(position, version, bytes(key), _entry(*told), votes.get(bytes(key), ()))

    def _counted(self, at: datetime) -> Head:
        versions = self._versions.values()
        entries, films = sum(one.entries for one in versions), sum(one.films for one in versions)
        if self._form.has_tombstones:
            gone = fetch_one(lambda *row: row, SQL["taken_back_count"], self._asked) or (0, 0)
            entries, films = entries + gone[0], films + gone[1]
        dated = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        return Head(self._of.name, self._of.scheme, dated, {"": entries - films, "video": films})


class _Document:
    """Entries with what joins them, and the frame around them."""

    def __init__(self, joiner: bytes, write: Callable[[bytes], object]) -> None:
        self.digest = hashlib.sha256()
        self._begun = False
        self._joiner, self._into = joiner, write
        self._joins = False  # an entry stands before
        self._held: tuple[bytes, bool] | None = None  # a piece of frame, and whether an entry stands before it
        self._tail = b""

    @property
    def has_begun(self) -> bool:
        return self._begun or self._held is not None

    def part(self, text: bytes) -> int:
        """How many were written: of nothing, nothing."""
        if not text:
            return 0
        self._let_go()
        self._write(self._joiner + text if self._joins else text)
        self._joins = True
        return 1

    def frame(self, text: bytes) -> None:
        """What follows may be the end of the frame, which comes after everything: held back until an entry follows."""
        self._let_go()
        self._held = (text, self._joins)

    def close_frame(self) -> None:
        """What was held back is the end; entries may still come before it."""
        if self._held is not None:
            if not self._begun:  # an original without an entry is all frame: nothing can follow in it
                self._let_go()
                return
            self._tail, self._joins = self._held
            self._held = None

    def between(self, text: bytes) -> None:
        self._write(text)
        self._joins = False
        self._begun = True

    def end(self, text: bytes) -> None:
        self._write(self._tail or text)

    def _let_go(self) -> None:
        if self._held is not None:
            text, self._held = self._held[0], None
            self.between(text)

    def _write(self, text: bytes) -> None:
        self.digest.update(text)
        self._into(text)


def _said(voter: UUID, name: str, hash_type: str, affirmative: bool, reasons: list[str], at: datetime) -> Said:
    by = Member(VOTERS_FROM + voter.int % VOTERS_FROM, name)
    return Said(by, hash_type, affirmative, [one for one in REASONS if one.name in reasons], at)


def _entry(
    locator: str, ref: str, category: str, media: str, marks: list[str], vouched: int, disputed: int,
    dated: datetime | None, quality: int | None, *rest: Any,
) -> Entry:  # fmt: skip
    *fixed, opaque = rest
    named = {
        kind: bytes(held) for kind, held in zip(("md5", "sha1", "sha256", "pdq", "vpdq"), fixed, strict=True) if held
    }
    texts = {kind: text for kind, _, text in (one.partition(":") for one in opaque)}
    return Entry(
        locator, ref, named, texts, category, media, tuple(marks), vouched, disputed, dated, quality=quality
    )  # fmt: skip

"""What a form of hash lists must be able to do to be written: from its own original, or from what was understood of another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple, Protocol

from abhaya.matching.formats.hash_sharing_answers import Said
from abhaya.matching.formats.record import About, Aside, Entry


class Head(NamedTuple):
    """What stands before the entries. Counts and the newest instant are of all that will follow, film apart."""

    name: str  # of the list
    scheme: str
    dated: str  # ISO 8601, in UTC
    counts: dict[str, int]  # media ("video", or "" for everything else) -> entries and tombstones


class Frame(NamedTuple):
    """A piece of the original between its entries."""

    text: bytes


class Part(NamedTuple):
    """An entry as it stands in the original, to be written by `Form.part`, and what is understood of it."""

    raw: Any
    item: Entry | Aside


class Form(Protocol):
    """One form, for one document: what it learned of an original's frame it keeps. `joiner` stands between two entries.
    `said`: the votes that were cast here on an entry; the entry's own counts have them already, an original's do not.
    """

    name: str
    joiner: bytes
    has_tombstones: bool  # it can say that an entry is taken back; else it is left out
    needs_own_refs: bool  # each entry has a number that no other has
    film_apart: bool  # entries of films follow after all others
    carries_votes: bool  # each, or their count
    carries: frozenset[str]  # fields of an entry that it has a place for, besides hashes and marks
    kinds: frozenset[str]  # of hashes
    marks: frozenset[str]

    def begin(self, head: Head) -> bytes: ...

    def turn(self, head: Head) -> bytes:
        """What stands between all others and films, where these are apart."""
        ...

    def end(self, head: Head) -> bytes: ...

    def entry(self, entry: Entry, number: int, said: Sequence[Said] = ()) -> bytes:
        """The entry, the `number`th; b"" where it has no hash that stands there."""
        ...

    def lost(self, entry: Entry, said: Sequence[Said] = ()) -> Iterator[str]:
        """Which fields of the entry have no place: names of `LOST`."""
        ...

    def parts(self, stream: BinaryIO, about: About) -> Iterator[Frame | Part]:
        """An original of this form. One without frames is put into `begin` and `end`. Raises SenderError where it breaks off."""
        ...

    def part(self, raw: Any, said: Sequence[Said] = ()) -> bytes: ...

    def tombstone(self, entry: Entry) -> bytes:
        """The news that an entry is taken back; b"" where the form has none."""
        ...


# What of an entry may have no place in a form.
FIELDS = ("ref", "category", "media", "vouched", "disputed", "quality", "dated")
LOST = frozenset({*FIELDS, "entry", "hashes", "marks", "together"})


def counted(said: Sequence[Said]) -> tuple[int, int]:
    """How many voters are for an entry and how many against; who is against one of its hashes is against it."""
    against = {one.by.number for one in said if not one.affirmative}
    return len({one.by.number for one in said} - against), len(against)


def without_votes(entry: Entry, said: Sequence[Said]) -> Entry:
    """What is said of it apart from the votes that were cast here."""
    vouched, disputed = counted(said)
    return entry._replace(vouched=max(0, entry.vouched - vouched), disputed=max(0, entry.disputed - disputed))


def lost_of(form: Form, entry: Entry) -> Iterator[str]:
    """By what the form says it carries."""
    for name in FIELDS:
        said = getattr(entry, name)
        if name not in form.carries and said not in (None, "", 0):
            yield name
    if not form.kinds.issuperset({*entry.fixed, *entry.opaque}):
        yield "hashes"
    if not form.marks.issuperset(entry.marks):
        yield "marks"

"""The check itself: one pass over leaves, entries and checkpoints side by side, flat in memory.

What it can say. An entry's text against its commitment and its leaf: *changed*. The row of leaves: *removed*, *twice*,
*out of order*. The tree against every signed checkpoint: something before it was changed, removed, inserted or put in
another order, and whoever did it did not have the key. The tree against a checkpoint that somebody else holds: the
same, even if they had the key. What it cannot say without one is listed as not checked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Self

from verify.files import PIECE_BYTES, beside, parts, rows, size_of
from verify.notes import Checkpoint, Key, Unreadable, code_of, text_of
from verify.pieces import NO_TIME, Asked, Read, Signed, read_notes, read_piece, side_by_side
from verify.tree import Tree

BACK_DATED_MICROSECONDS = 3600 * 1_000_000  # longer than any act waits between being written down and being committed
FAULTS_MAX = 200
NOTES_MAX = 10_000
SIGNERS_MAX = 20

DEPARTURE: dict[str, type] = {"size": int, "at": str, "how": str, "recipient": str}


NOTHING = Asked()


@dataclass(frozen=True)
class Question:
    """What is checked, against what."""

    origin: str
    key: Key
    sizes: frozenset[int] = frozenset()  # where the tree's root is wanted, for checkpoints that somebody holds
    witnesses: tuple[Key, ...] = ()
    asked: Asked = NOTHING
    processes: int = 1


@dataclass
class Report:
    """What was read and what does not hold."""

    leaves: int = 0
    entries: int = 0
    erased: int = 0
    checkpoints: int = 0
    covered: int = 0  # size of the newest checkpoint that adds up
    faults: list[str] = field(default_factory=list)
    unsaid: int = 0
    notes: list[str] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    roots: dict[int, bytes] = field(default_factory=dict)  # of the sizes that were asked for
    witnessed: dict[str, tuple[int, int]] = field(default_factory=dict)  # name -> (size, time) of the newest
    other_signers: set[str] = field(default_factory=set)
    stamped: dict[int, tuple[str, int]] = field(
        default_factory=dict
    )  # size -> (text, signed at) where a stamp wants it

    def fault(self, sentence: str) -> None:
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(sentence)
        else:
            self.unsaid += 1


def departures(folder: Path) -> list[dict[str, Any]]:
    """Checkpoints that the holder says have left the machine."""
    return list(rows(folder, "departures.jsonl", DEPARTURE))


def check(folder: Path, question: Question) -> Report:
    """Reads the whole export, in as many processes as asked for. A small one is not worth a second."""
    with ExitStack() as during:
        pool: Executor | None = None
        if question.processes > 1 and size_of(folder / "leaves.jsonl") > 4 * PIECE_BYTES:
            pool = during.enter_context(ProcessPoolExecutor(question.processes))
        walk = _Walk(question, during.enter_context(_Names()))
        given = (
            (*pair, question.asked) for pair in beside(folder, "entries.jsonl", parts(folder, "leaves.jsonl"), "index")
        )
        notes = ((part, question.key, question.witnesses) for part in parts(folder, "checkpoints.jsonl"))
        signed = chain.from_iterable(side_by_side(pool, question.processes, read_notes, notes))
        walk.run(side_by_side(pool, question.processes, read_piece, given), signed)
        return walk.report


def compare(report: Report, held: Checkpoint, key: Key, where: str) -> bool:
    """Holds a checkpoint from outside against the tree. True when the ledger still begins as it says."""
    try:
        key.signed_at(held)
    except Unreadable as error:
        report.fault(f"The checkpoint in {where} is not this ledger's: {error}.")
        return False
    if held.size > report.leaves:
        report.fault(
            f"The ledger was rolled back: the checkpoint in {where} covers {held.size} entries, and there are only"
            f" {report.leaves} here."
        )
        return False
    if report.roots.get(held.size) != held.root:
        report.fault(
            f"History was rewritten: the first {held.size} entries are not those that the checkpoint in {where} covers."
            " Its signature is good, so the holder of the key vouched for another ledger. Keep that checkpoint."
        )
        return False
    return True


def compare_code(report: Report, origin: str, size: int, code: str) -> bool:
    """The same for a code on paper."""
    if size > report.leaves:
        report.fault(f"The ledger was rolled back: the printed code covers {size} entries, there are {report.leaves}.")
        return False
    if code_of(text_of(origin, size, report.roots[size])) != code:
        report.fault(
            f"History was rewritten: the first {size} entries are not those of the printed code {code}"
            " (or the code or its size was typed wrongly)."
        )
        return False
    return True


class _Walk:
    def __init__(self, question: Question, names: _Names) -> None:
        self.report, self.question, self.names = Report(), question, names
        self.tree = Tree()
        self.left: list[tuple[int, int, str]] = []  # (index, size, root) as entries say
        self.broken = False
        self.signed_at = -NO_TIME  # microseconds, of the last checkpoint passed

    def run(self, pieces: Iterator[Read], checkpoints: Iterator[Signed]) -> None:
        rising = self._rising(checkpoints)
        checkpoint = next(rising, None)
        self._note_root()
        for piece in pieces:
            self._take(piece)
            checkpoint = self._leaves(piece, checkpoint, rising)
        self.report.leaves = self.tree.size
        while checkpoint is not None:
            self._checkpoint(checkpoint)
            checkpoint = next(rising, None)
        self._conclude()

    def _rising(self, checkpoints: Iterator[Signed]) -> Iterator[Signed]:
        last = -1
        for one in checkpoints:
            if one.size <= last:
                self.report.fault(f"The checkpoint at {one.size} stands twice, or was put in another order.")
                continue
            last = one.size
            yield one

    def _take(self, piece: Read) -> None:
        report = self.report
        report.entries += piece.entries
        for sentence in piece.faults:
            report.fault(sentence)
        report.notes += piece.notes[: max(0, NOTES_MAX - len(report.notes))]
        report.found |= piece.found
        self.left += piece.left
        self.names.missing(piece.missing)
        self.names.erased(piece.erased)

    def _leaves(self, piece: Read, checkpoint: Signed | None, rising: Iterator[Signed]) -> Signed | None:
        """Adds a piece's leaves to the tree, stopping wherever a checkpoint or somebody's question stands."""
        count, done = len(piece.leaves) // 32, 0
        wanted = sorted(size for size in self.question.sizes if self.tree.size < size <= self.tree.size + count)
        begins = self.tree.size
        if count:
            self._place(piece, begins, count)
        while done < count:
            stop = begins + count
            if checkpoint is not None:
                stop = min(stop, max(checkpoint.size, begins + done + 1))
            if wanted:
                stop = min(stop, wanted[0])
            until = stop - begins
            self._dates(piece, done, until)
            self.tree.extend(piece.leaves, done, until)
            done = until
            if wanted and wanted[0] == self.tree.size:
                self._note_root()
                wanted.pop(0)
            while checkpoint is not None and checkpoint.size <= self.tree.size:
                self._checkpoint(checkpoint)
                checkpoint = next(rising, None)
        return checkpoint

    def _place(self, piece: Read, begins: int, count: int) -> None:
        """Notes the first leaf that is not where it should be; the tree goes on with what is there."""
        if self.broken or (piece.indexes is None and piece.first == begins):
            return
        indexes = range(piece.first, piece.first + count) if piece.indexes is None else piece.indexes
        for expected, index in enumerate(indexes, begins):
            if index > expected:
                last = f"to {index - 1} were" if index - 1 > expected else "was"
                self.report.fault(f"Entry {expected} {last} removed: the row of leaves has a gap.")
            elif index < expected:
                self.report.fault(f"Leaf {index} stands twice, or the leaves were put in another order.")
            if index != expected:
                self.broken = True
                return

    def _dates(self, piece: Read, start: int, end: int) -> None:
        earliest = self.signed_at - BACK_DATED_MICROSECONDS
        times = piece.times[start:end]
        if not times or min(times) >= earliest:
            return
        for place, time in enumerate(times, start):
            if time < earliest:
                index = piece.first + place if piece.indexes is None else piece.indexes[place]
                self.report.fault(
                    f"Entry {index} was back-dated: it says {_instant(time)}, but it came after a checkpoint signed at"
                    f" {datetime.fromtimestamp(self.signed_at / 1_000_000, UTC):%Y-%m-%d %H:%M:%S} UTC."
                )

    def _note_root(self) -> None:
        if self.tree.size in self.question.sizes:
            self.report.roots[self.tree.size] = self.tree.root()

    def _checkpoint(self, one: Signed) -> None:
        report, size = self.report, one.size
        report.checkpoints += 1
        if one.fault or one.origin != self.question.origin:
            report.fault(
                one.fault or f"The checkpoint at {size} entries was swapped for that of another size or ledger."
            )
            return
        self.signed_at = one.seconds * 1_000_000
        for name in one.forged:
            report.fault(f"The signature of witness {name} on the checkpoint at {size} entries is forged.")
        if len(report.other_signers) < SIGNERS_MAX:
            report.other_signers |= set(one.others)
        if self.broken:
            return
        if size > self.tree.size:
            report.fault(
                f"Entries were removed at the end: a signed checkpoint covers {size}, and {self.tree.size} are here."
            )
            self.broken = True
        elif self.tree.size != size or self.tree.root() != one.root:
            report.fault(
                f"Among entries {report.covered} to {size - 1} something was changed, removed, inserted or put in"
                f" another order: they do not add up to the signed checkpoint at {size} entries."
            )
            self.broken = True
        else:
            report.covered = size
            for name, at in one.witnesses:
                report.witnessed[name] = (size, at)
            if size in self.question.sizes:
                report.stamped[size] = (text_of(one.origin, size, one.root), one.seconds)

    def _conclude(self) -> None:
        report = self.report
        for entry, index in self.names.unexcused():
            report.fault(f"Entry {index} was removed: its text is gone and no erasure entry names it.")
            del entry
        report.erased = self.names.excused
        for index, size, root in self.left:
            computed = report.roots.get(size)
            if computed is not None and computed.hex() != root:
                report.fault(
                    f"History was rewritten: entry {index} records that a checkpoint at {size} entries left the"
                    " machine, and it had another root."
                )
        for witness in self.question.witnesses:
            if witness.name not in report.witnessed:
                report.fault(
                    f"Witness {witness.name} signed none of these checkpoints: its signatures were left out, or it"
                    " never saw this ledger."
                )
        if not self.broken and report.leaves > report.covered:
            report.fault(
                f"{report.leaves - report.covered} entries from {report.covered} on were inserted: no signed"
                " checkpoint covers them."
            )


class _Names:
    """Entries whose text is gone, and those that erasures name: on disk, because a ledger may have erased millions."""

    def __init__(self) -> None:
        self.excused = 0
        self._base = sqlite3.connect("")  # a file of its own that goes with the connection
        self._base.execute("create table missing (entry text, place integer)")
        self._base.execute("create table erased (entry text primary key) without rowid")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def missing(self, found: list[tuple[int, str]]) -> None:
        self._base.executemany("insert into missing (place, entry) values (?, ?)", found)

    def erased(self, named: list[str]) -> None:
        for name in named:
            if name.isascii():
                self._base.execute("insert or ignore into erased values (?)", (name,))

    def unexcused(self) -> Iterator[tuple[str, int]]:
        """Those no erasure names; `excused` is then how many were named."""
        (all_missing,) = self._base.execute("select count(*) from missing").fetchone()
        found = 0
        for row in self._base.execute(
            "select entry, place from missing where entry not in (select entry from erased) order by place"
        ):
            found += 1
            yield row
        self.excused = all_missing - found


def _instant(microseconds: int) -> str:
    whole, rest = divmod(microseconds, 1_000_000)
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}.{rest:06}Z"

"""The check itself: one pass over leaves, entries and checkpoints side by side, flat in memory.

What it can say. An entry's text against its commitment and its leaf: *changed*. The row of leaves: *removed*, *twice*,
*out of order*. The tree against every signed checkpoint: something before it was changed, removed, inserted or put in
another order, and whoever did it did not have the key. The tree against a checkpoint that somebody else holds: the
same, even if they had the key. What it cannot say without one is listed as not checked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from verify.files import hexadecimal, lines
from verify.notes import Checkpoint, Key, Unreadable, code_of, read_checkpoint, text_of
from verify.tree import Tree, hash_of_leaf

COMMITMENT_DOMAIN = b"abhaya ledger entry v1\n"
BACK_DATED = timedelta(hours=1)  # longer than any act waits between being written down and being committed
ERASED, LEFT = "ledger:entry:erased", "ledger:checkpoint:left"
FAULTS_MAX = 200

LEAF = {"index": int, "entry": str, "leaf": str}
ENTRY = {"index": int, "entry": str, "commitment": str, "salt": str, "body": str}
CHECKPOINT = {"size": int, "note": str}
DEPARTURE = {"size": int, "at": str, "how": str, "recipient": str}
BODY = {"actor", "actor_name", "at", "compartment", "event", "facts", "id", "purpose", "subject", "v"}


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
    roots: dict[int, bytes] = field(default_factory=dict)  # of the sizes that were asked for

    def fault(self, sentence: str) -> None:
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(sentence)
        else:
            self.unsaid += 1


def departures(folder: Path) -> list[dict[str, Any]]:
    """Checkpoints that the holder says have left the machine."""
    return list(lines(folder, "departures.jsonl", DEPARTURE))


def check(folder: Path, origin: str, key: Key, sizes: Sequence[int]) -> Report:
    """Reads the whole export. `sizes`: where the tree's root is wanted, for checkpoints that somebody holds."""
    walk = _Walk(Report(), origin, key, frozenset(sizes))
    walk.run(folder)
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
    def __init__(self, report: Report, origin: str, key: Key, sizes: frozenset[int]) -> None:
        self.report, self.origin, self.key, self.sizes = report, origin, key, sizes
        self.tree = Tree()
        self.missing: dict[str, int] = {}
        self.erased: set[str] = set()
        self.left: list[tuple[int, int, str]] = []  # (index, size, root) as entries say
        self.broken = False
        self.signed_at: datetime | None = None

    def run(self, folder: Path) -> None:
        checkpoints = _ordered(lines(folder, "checkpoints.jsonl", CHECKPOINT), "size", "checkpoint", self.report)
        entries = _ordered(lines(folder, "entries.jsonl", ENTRY), "index", "entry", self.report)
        entry, checkpoint = next(entries, None), next(checkpoints, None)
        self._note_root()
        for leaf in lines(folder, "leaves.jsonl", LEAF):
            index = self._place(leaf["index"])
            while entry is not None and entry["index"] < index:
                self.report.fault(f"Entry {entry['index']} was inserted: no leaf stands for it.")
                entry = next(entries, None)
            if entry is not None and entry["index"] == index:
                self._entry(leaf, entry)
                entry = next(entries, None)
            else:
                self.missing[leaf["entry"]] = index
            self.tree.add(hexadecimal(leaf["leaf"], f"leaf {index}"))
            self._note_root()
            while checkpoint is not None and checkpoint["size"] <= self.tree.size:
                self._checkpoint(checkpoint)
                checkpoint = next(checkpoints, None)
        self.report.leaves = self.tree.size
        for late in _rest(entry, entries):
            self.report.fault(f"Entry {late['index']} was inserted: no leaf stands for it.")
        for late in _rest(checkpoint, checkpoints):
            self._checkpoint(late)
        self._conclude()

    def _place(self, index: int) -> int:
        """Notes a leaf that is not where it should be; the tree goes on with what is there."""
        expected = self.tree.size
        if index > expected and not self.broken:
            last = f"to {index - 1} were" if index - 1 > expected else "was"
            self.report.fault(f"Entry {expected} {last} removed: the row of leaves has a gap.")
            self.broken = True
        elif index < expected and not self.broken:
            self.report.fault(f"Leaf {index} stands twice, or the leaves were put in another order.")
            self.broken = True
        return index

    def _note_root(self) -> None:
        if self.tree.size in self.sizes:
            self.report.roots[self.tree.size] = self.tree.root()

    def _entry(self, leaf: dict[str, Any], entry: dict[str, Any]) -> None:
        index = entry["index"]
        self.report.entries += 1
        try:
            # An entry's text is exact bytes; some halves of surrogate pairs stand for bytes that were never UTF-8.
            body = entry["body"].encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            self.report.fault(f"Entry {index} was changed: its text is none.")
            return
        salt = hexadecimal(entry["salt"], f"the salt of entry {index}")
        commitment = hexadecimal(entry["commitment"], f"the commitment of entry {index}")
        if sha256(COMMITMENT_DOMAIN + salt + body).digest() != commitment or len(salt) != 32:
            self.report.fault(f"Entry {index} was changed: its text is not the one that was committed to.")
        elif hash_of_leaf(commitment).hex() != leaf["leaf"]:
            self.report.fault(f"Entry {index} was changed: it is not the one its leaf stands for.")
        try:
            said = json.loads(body)
            facts = said["facts"]
            readable = set(said) == BODY and _canonical(said) == body
            at = _instant(said["at"])
        except (ValueError, TypeError, KeyError, RecursionError):
            readable = False
        if not readable or said["id"] != entry["entry"] or leaf["entry"] != entry["entry"]:
            self.report.fault(f"Entry {index} is not an entry: its text does not say what an entry says.")
            return
        if said["event"] == ERASED and isinstance(facts.get("entries"), list):
            self.erased |= {name for name in facts["entries"] if isinstance(name, str)}
        if said["event"] == LEFT and isinstance(facts.get("size"), int):
            self.left.append((index, facts["size"], str(facts.get("root"))))
        if self.signed_at is not None and at < self.signed_at - BACK_DATED:
            self.report.fault(
                f"Entry {index} was back-dated: it says {said['at']}, but it came after a checkpoint signed at"
                f" {self.signed_at:%Y-%m-%d %H:%M:%S} UTC."
            )

    def _checkpoint(self, row: dict[str, Any]) -> None:
        size = row["size"]
        self.report.checkpoints += 1
        try:
            stated = read_checkpoint(row["note"])
            self.signed_at = datetime.fromtimestamp(self.key.signed_at(stated), UTC)
        except (Unreadable, OverflowError, ValueError, OSError) as error:
            self.report.fault(f"The checkpoint at {size} entries does not stand: {error}.")
            return
        if (stated.origin, stated.size) != (self.origin, size):
            self.report.fault(f"The checkpoint at {size} entries was swapped for that of another size or ledger.")
            return
        if self.broken:
            return
        if size > self.tree.size:
            self.report.fault(
                f"Entries were removed at the end: a signed checkpoint covers {size}, and {self.tree.size} are here."
            )
            self.broken = True
        elif self.tree.size != size or self.tree.root() != stated.root:
            self.report.fault(
                f"Among entries {self.report.covered} to {size - 1} something was changed, removed, inserted or put in"
                f" another order: they do not add up to the signed checkpoint at {size} entries."
            )
            self.broken = True
        else:
            self.report.covered = size

    def _conclude(self) -> None:
        report = self.report
        for entry, index in self.missing.items():
            if entry in self.erased:
                report.erased += 1
            else:
                report.fault(f"Entry {index} was removed: its text is gone and no erasure entry names it.")
        for index, size, root in self.left:
            computed = report.roots.get(size)
            if computed is not None and computed.hex() != root:
                report.fault(
                    f"History was rewritten: entry {index} records that a checkpoint at {size} entries left the"
                    " machine, and it had another root."
                )
        if not self.broken and report.leaves > report.covered:
            report.fault(
                f"{report.leaves - report.covered} entries from {report.covered} on were inserted: no signed"
                " checkpoint covers them."
            )


def _ordered(rows: Iterator[dict[str, Any]], name: str, what: str, report: Report) -> Iterator[dict[str, Any]]:
    """The rows in rising order; one that does not rise is a fault and is left out."""
    last = -1
    for row in rows:
        if row[name] <= last:
            report.fault(f"The {what} at {row[name]} stands twice, or was put in another order.")
            continue
        last = row[name]
        yield row


def _rest(first: dict[str, Any] | None, others: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    if first is not None:
        yield first
        yield from others


def _instant(text: str) -> datetime:
    """UTC with six digits of a second, and nothing else."""
    at = datetime.fromisoformat(text)
    if len(text) != len("2026-11-21T04:30:00.000000Z") or text[-1] != "Z":
        raise ValueError(text)
    return at


def _canonical(value: object) -> bytes:
    """RFC 8785 for what an entry may hold: no floats, keys by their UTF-16 code units."""
    return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":")).encode()


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda name: name.encode("utf-16-be"))}
    if isinstance(value, list):
        return [_sorted(each) for each in value]
    if isinstance(value, float):
        raise TypeError("an entry holds no fractions")
    return value

"""What can be said of a piece of the ledger alone, so that pieces are checked side by side and memory stays flat.

Each entry's text against its commitment and its leaf, each checkpoint's signatures. What needs the whole (the tree, the
order, what came before what) is `ledger`'s.
"""

from __future__ import annotations

import json
from array import array
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NoReturn, TypeVar

from verify.files import Part, hexadecimal
from verify.notes import Key, Unreadable, read_checkpoint
from verify.tree import hash_of_leaf

COMMITMENT_DOMAIN = b"abhaya ledger entry v1\n"
ERASED, LEFT, RESUMED = "ledger:entry:erased", "ledger:checkpoint:left", "ledger:ledger:resumed"
LOOKS = (":viewed", ":shown", ":previewed", ":exported")  # verbs of events in which somebody saw content
AT_LENGTH = len("2026-11-21T04:30:00.000000Z")
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
NO_TIME = 2**63 - 1
AHEAD = 3  # pieces in work for each process

LEAF: dict[str, type] = {"index": int, "entry": str, "leaf": str}
ENTRY: dict[str, type] = {"index": int, "entry": str, "commitment": str, "salt": str, "body": str}
CHECKPOINT: dict[str, type] = {"size": int, "note": str}
BODY = {"actor", "actor_name", "at", "compartment", "event", "facts", "id", "purpose", "subject", "v"}

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Asked:
    """What the reader wants to know of single entries."""

    files: frozenset[str] = frozenset()  # SHA-256 in hexadecimal
    about: str = "nothing"  # who looked at this id
    first: int = 0  # microseconds since 1970
    end: int = NO_TIME


@dataclass
class Read:
    """A piece of leaves and entries as read. `indexes` is None when they rise by one from `first`."""

    first: int = 0
    indexes: array[int] | None = None
    leaves: bytearray = field(default_factory=bytearray)
    times: array[int] = field(default_factory=lambda: array("q"))
    entries: int = 0
    faults: list[str] = field(default_factory=list)
    missing: list[tuple[int, str]] = field(default_factory=list)  # entries whose text is not here
    erased: list[str] = field(default_factory=list)  # entries that erasures name
    left: list[tuple[int, int, str]] = field(default_factory=list)  # (index, size, root) of checkpoints that left
    notes: list[str] = field(default_factory=list)  # what the reader asked for, and what they should know
    found: set[str] = field(default_factory=set)  # files asked for that an entry names


@dataclass(frozen=True)
class Signed:
    """A checkpoint as stated. `fault` says why it does not stand."""

    size: int
    fault: str = ""
    origin: str = ""
    root: bytes = b""
    seconds: int = 0
    witnesses: tuple[tuple[str, int], ...] = ()  # (name, time) of witnesses whose key was given
    forged: tuple[str, ...] = ()  # names of those whose signature is not theirs
    others: tuple[str, ...] = ()  # names of signers nobody vouched for


def side_by_side(pool: Executor | None, processes: int, work: Callable[[Given], Made],
                 pieces: Iterator[Given]) -> Iterator[Made]:  # fmt: skip
    """The work on each piece, in order; only a few pieces are in memory at a time."""
    if pool is None:
        yield from map(work, pieces)
        return
    running: deque[Future[Made]] = deque()
    for piece in pieces:
        running.append(pool.submit(work, piece))
        if len(running) >= AHEAD * processes:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


def read_piece(given: tuple[Part, Part, Asked]) -> Read:
    """Leaves and the entries beside them."""
    leaves, entries, asked = given
    return _Piece(asked).read(leaves, entries)


def read_notes(given: tuple[Part, Key, tuple[Key, ...]]) -> list[Signed]:
    """Checkpoints and whoever signed them."""
    part, key, witnesses = given
    return [_signed(row["size"], row["note"], key, witnesses) for row in part.rows(CHECKPOINT)]


class _Piece:
    def __init__(self, asked: Asked) -> None:
        self.made, self.asked = Read(), asked

    def read(self, leaves: Part, entries: Part) -> Read:
        made, expected = self.made, None
        others: Iterator[dict[str, Any]] = iter(())
        entry = None
        for leaf in leaves.rows(LEAF):
            index = leaf["index"]
            if expected is None:
                made.first = expected = _fits(index)
                others = self._rising(entries, index - 1 if leaves.start else -1)
                entry = next(others, None)
            self._place(index, expected)
            expected += 1
            while entry is not None and entry["index"] < index:
                self._without_leaf(entry)
                entry = next(others, None)
            if entry is not None and entry["index"] == index:
                made.times.append(self._entry(leaf, entry))
                entry = next(others, None)
            else:
                made.times.append(NO_TIME)
                made.missing.append((index, leaf["entry"]))
            made.leaves += _leaf(leaf["leaf"], index)
        if expected is None:
            others = self._rising(entries, -1)
            entry = next(others, None)
        while entry is not None:
            self._without_leaf(entry)
            entry = next(others, None)
        return made

    def _place(self, index: int, expected: int) -> None:
        """Keeps the indexes from where they stop rising by one."""
        made = self.made
        if made.indexes is None and index != expected:
            made.indexes = array("q", range(made.first, expected))
        if made.indexes is not None:
            made.indexes.append(_fits(index))

    def _rising(self, entries: Part, last: int) -> Iterator[dict[str, Any]]:
        for row in entries.rows(ENTRY):
            if row["index"] <= last:
                self.made.faults.append(f"The entry at {row['index']} stands twice, or was put in another order.")
                continue
            last = row["index"]
            yield row

    def _without_leaf(self, entry: dict[str, Any]) -> None:
        self.made.faults.append(f"Entry {entry['index']} was inserted: no leaf stands for it.")

    def _entry(self, leaf: dict[str, Any], entry: dict[str, Any]) -> int:
        """Checks one entry and returns when it says it was written, in microseconds since 1970."""
        made, index = self.made, entry["index"]
        made.entries += 1
        try:
            # An entry's text is exact bytes; some halves of surrogate pairs stand for bytes that were never UTF-8.
            body = entry["body"].encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            made.faults.append(f"Entry {index} was changed: its text is none.")
            return NO_TIME
        fault = seal_fault(index, body, entry["salt"], entry["commitment"], leaf["leaf"])
        if fault:
            made.faults.append(fault)
        said = read_body(body)
        if said is None or said["id"] != entry["entry"] or leaf["entry"] != entry["entry"]:
            made.faults.append(f"Entry {index} is not an entry: its text does not say what an entry says.")
            return NO_TIME
        time: int = said["time"]
        self._note(index, said, body)
        return time

    def _note(self, index: int, said: dict[str, Any], body: bytes) -> None:
        made, asked, facts = self.made, self.asked, said["facts"]
        event = said["event"]
        if event == ERASED and isinstance(facts.get("entries"), list):
            made.erased += [name for name in facts["entries"] if isinstance(name, str)]
        elif event == LEFT and type(facts.get("size")) is int:
            made.left.append((index, facts["size"], str(facts.get("root"))))
        elif event == RESUMED:
            made.notes.append(
                f"LOST   Entry {index} says that a backup was restored ({facts.get('reason')}): entries up to"
                f" {facts.get('signed_size')} had been signed, and what was recorded beyond the backup is lost."
            )
        for name in asked.files:
            if name.encode() in body:
                made.found.add(name)
                made.notes.append(f"FILE   {name}: entry {index} names it, {event} at {said['at']}.")
        if (
            asked.about in {said["subject"], said["compartment"]}
            and event.endswith(LOOKS)
            and asked.first <= said["time"] < asked.end
        ):
            made.notes.append("LOOKED " + look(index, said))


def look(index: int, said: dict[str, Any]) -> str:
    """Who saw what, when and why, as the entry says."""
    purpose = f", purpose: {said['purpose']}" if said["purpose"] else ""
    return f"entry {index}: {said['at']} {said['actor_name']}, {said['event']} {said['subject']}{purpose}"


def seal_fault(index: int, body: bytes, salt_text: str, commitment_text: str, leaf: str) -> str:
    """What is wrong with an entry's seal, or nothing."""
    salt = hexadecimal(salt_text, f"the salt of entry {index}")
    commitment = hexadecimal(commitment_text, f"the commitment of entry {index}")
    if sha256(COMMITMENT_DOMAIN + salt + body).digest() != commitment or len(salt) != 32:
        return f"Entry {index} was changed: its text is not the one that was committed to."
    if hash_of_leaf(commitment).hex() != leaf:
        return f"Entry {index} was changed: it is not the one its leaf stands for."
    return ""


def read_body(body: bytes) -> dict[str, Any] | None:
    """An entry's text, if it is one as this ledger writes it; `time` is its instant in microseconds since 1970."""
    try:
        said, _ = _decoder.raw_decode(body.decode())  # whatever follows would be missing from what is compared below
        if said.keys() != BODY or (_encode(said).encode() != body and _by_units(said) != body):
            return None
        at, texts = said["at"], (said["event"], said["actor_name"], said["purpose"])
        if len(at) != AT_LENGTH or at[-1] != "Z" or not isinstance(said["facts"], dict):
            return None
        if not all(isinstance(text, str) for text in texts):
            return None
        said["time"] = (datetime.fromisoformat(at) - EPOCH) // MICROSECOND
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return dict(said)


def _signed(size: int, note: str, key: Key, witnesses: tuple[Key, ...]) -> Signed:
    try:
        stated = read_checkpoint(note)
        seconds = key.signed_at(stated)
        datetime.fromtimestamp(seconds, UTC)
    except (Unreadable, OverflowError, ValueError, OSError) as error:
        return Signed(size, fault=f"The checkpoint at {size} entries does not stand: {error}.")
    if stated.size != size:
        return Signed(size, fault=f"The checkpoint at {size} entries was swapped for that of another size or ledger.")
    signed, forged = [], []
    for witness in witnesses:
        try:
            at = witness.cosigned_at(stated)
        except Unreadable:
            forged.append(witness.name)
        else:
            if at is not None:
                signed.append((witness.name, at))
    given = {key.name, *(witness.name for witness in witnesses)}
    others = tuple({name for name, _ in stated.signatures} - given)
    return Signed(size, "", stated.origin, stated.root, seconds, tuple(signed), tuple(forged), others)


def _leaf(text: str, index: int) -> bytes:
    leaf = hexadecimal(text, f"leaf {index}")
    if len(leaf) != 32:
        raise Unreadable(f"leaf {index} is not a hash of 32 bytes")
    return leaf


def _fits(number: int) -> int:
    if not 0 <= number < NO_TIME:
        raise Unreadable(f"{str(number)[:40]} is no place in a ledger")
    return number


def _no_fraction(text: str) -> NoReturn:
    raise ValueError(text)


_decoder = json.JSONDecoder(parse_float=_no_fraction, parse_constant=_no_fraction)
# Sorted by code point: the same as RFC 8785 for nearly every entry, and ten times as fast as sorting by UTF-16 units.
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), sort_keys=True).encode


def _by_units(value: object) -> bytes:
    """RFC 8785 §3.2.3: keys by their UTF-16 code units."""
    return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":")).encode()


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda name: name.encode("utf-16-be"))}
    if isinstance(value, list):
        return [_sorted(each) for each in value]
    return value

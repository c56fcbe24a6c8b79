"""Work for many machines: two sides laid out in pieces, shares of the work, and their answers put together.

The entries are cut by their hash, so that all ids of one hash lie in one piece and a flood is counted as one machine counts it;
the queries by id. A share is one piece of entries, for which its worker makes an index of its own, and a run of pieces of
queries that go through it. Nothing is shuffled, and no share waits for another. Which machine did what leaves no trace in the
answer.
"""

from __future__ import annotations

import fcntl
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from abhaya.errors import OperatorError
from abhaya.matching.bulk import Entries, On, Side
from abhaya.matching.formats.extract_parquet import Extract
from abhaya.matching.index import Answer, Flood, answered
from abhaya.matching.kernels.bits import bytes_of, codes_of

ENTRIES_A_PIECE = 4_000_000  # in a worker's memory: their index, about 140 bytes each
SHARES_A_CORE = 2  # so that a slow core does not keep all waiting
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Layout:
    """Which files there are, and how much is in them."""

    entries_pieces: int
    queries_pieces: int
    entries: int
    queries: int


@dataclass(frozen=True, slots=True)
class Share:
    """One piece of the entries, and pieces of the queries from `first` to before `last`."""

    entries: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a share; its pairs are in files beside the sides."""

    share: Share
    pairs: int
    floods: tuple[Flood, ...]


@contextmanager
def run_in(shared: Path) -> Iterator[Extract]:
    """A folder for one run, gone when the block ends, and a key that is nowhere but in memory. What a killed run left, noise
    without its key, goes first; one run at a time.
    """
    shared.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (shared / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OperatorError(f"Another run uses {shared}. Wait for its end, or name another folder.") from error
        for left in shared.glob("run-*"):
            shutil.rmtree(left)
        folder = shared / f"run-{secrets.token_hex(4)}"
        folder.mkdir(mode=0o700)
        try:
            yield Extract(folder, secrets.token_bytes(KEY_BYTES))
        finally:
            shutil.rmtree(folder)


def lay_out(
    extract: Extract,
    queries: Iterable[Side],
    entries: Iterable[Side],
    *,
    entries_expected: int,
    entries_a_piece: int = ENTRIES_A_PIECE,
) -> Layout:
    """Writes both sides. Each comes in batches, by id; a batch of queries is a piece."""
    pieces = max(1, -(-entries_expected // entries_a_piece))
    written = 0
    with ExitStack() as open_files:
        writers = [open_files.enter_context(extract.writing_codes(_entries(piece))) for piece in range(pieces)]
        for batch in entries:
            of_piece = batch.codes.sum(axis=1) % np.uint64(pieces)
            for piece, write in enumerate(writers):
                chosen = of_piece == np.uint64(piece)
                written += write(batch.ids[chosen], bytes_of(batch.codes[chosen]))
    asked = []
    for piece, batch in enumerate(queries):
        with extract.writing_codes(_queries(piece)) as write:
            asked.append(write(batch.ids, bytes_of(batch.codes)))
    return Layout(pieces, len(asked), written, sum(asked))


def shares(layout: Layout, cores: int) -> list[Share]:
    """Enough for all cores. Each share makes its piece's index anew, so queries are cut no finer than that takes."""
    wanted = max(1, -(-cores * SHARES_A_CORE // layout.entries_pieces))
    runs = min(wanted, layout.queries_pieces)
    ends = [layout.queries_pieces * run // runs for run in range(1, runs + 1)] if runs else []
    return [
        Share(piece, first, last)
        for piece in range(layout.entries_pieces)
        for first, last in zip([0, *ends], ends, strict=False)
    ]


def work(extract: Extract, share: Share, radius: int, *, queries: int, on: On = On.AUTO) -> Done:
    """Does one share on one core of whatever machine. Done again, after a machine was lost, it writes the same."""
    side = _side(extract, _entries(share.entries))
    entries = Entries(side, queries=queries, on=on, threads=1)
    floods: list[Flood] = []

    def answers(piece: int) -> Iterator[Answer]:
        for turn in _side(extract, _queries(piece)).turns():
            answer = entries.search(turn, radius)
            floods.extend(answer.floods)
            yield answer

    pairs = sum(
        extract.write_pairs(_pairs(piece, share.entries), answers(piece)) for piece in range(share.first, share.last)
    )
    return Done(share, pairs, tuple(floods))


def gathered(extract: Extract, layout: Layout) -> Iterator[Answer]:
    """The answers of all shares, sorted by query, distance and id; a part at a time, each pair of ids once."""
    for piece in range(layout.queries_pieces):
        found = [extract.read_pairs(_pairs(piece, entries)) for entries in range(layout.entries_pieces)]
        yield answered(found, [])


def _side(extract: Extract, name: str) -> Side:
    ids, hashes = extract.read_codes(name)
    return Side(codes_of(hashes), ids)


def _entries(piece: int) -> str:
    return f"entries-{piece:05}"


def _queries(piece: int) -> str:
    return f"queries-{piece:05}"


def _pairs(queries: int, entries: int) -> str:
    return f"pairs-{queries:05}-{entries:05}"

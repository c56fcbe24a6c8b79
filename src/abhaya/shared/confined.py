"""Hostile bytes are read in a process of their own, which can do nothing but compute, for a while, in some memory.

`run(worker, source, order, limits)` starts `worker` under `shared.confinement`: no network, no files, no secrets, no
other processes, an empty environment, nobody's rights, few calls of the kernel, limits on memory, processor time, the clock
and the length of the answer. `flow(…)` is the same for a foreign program whose answer is read as it comes. The bytes reach
it as an anonymous file in memory, never on disk, or as a file already open; the operator key never does. Whatever it does,
the caller is given an answer or the one word that says why there is none.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from abhaya.errors import OperatorError
from abhaya.shared import confinement, system_calls

AT_ONCE_MAX = 2  # confined processes of one server process; the next waits for its turn
TURN_SECONDS_MAX = 30
READ_BYTES = 65_536
MIB = 1024 * 1024

_turns = threading.BoundedSemaphore(AT_ONCE_MAX)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one confined process may use."""

    memory_bytes: int = 512 * MIB
    cpu_seconds: int = 10
    wall_seconds: int = 20  # of waiting for it
    answer_bytes: int = 16 * MIB
    source_bytes: int = 256 * MIB
    threads: int = 0  # beside the first; a limit of the kernel's per user, so a foreign program needs some room
    files: int = 64  # open at once, for a foreign program; a worker of ours opens none


class Ended(StrEnum):
    """How a confined process ended."""

    DONE = "done"
    TIME = "time"
    MEMORY = "memory"
    CRASHED = "crashed"
    TOO_MUCH = "too-much"  # its answer was longer than allowed
    TOO_LARGE = "too-large"  # the source was: nothing was started


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer, whole where `ended` is DONE and empty otherwise, and what it cost."""

    ended: Ended
    answer: bytes = b""
    wall_seconds: float = 0.0


Source = bytes | Iterable[bytes] | Path  # a path is opened here, and only its descriptor given on


def run(worker: Path, source: Source, order: Mapping[str, Any], limits: Limits) -> Outcome:
    """Runs a worker of ours (see `confinement`) on these bytes. Raises `OperatorError` when its turn never comes."""
    return _collected(answering(worker, source, order, limits))


def answering(worker: Path, source: Source, order: Mapping[str, Any], limits: Limits) -> Flow:
    """As `run`, with the answer piece by piece, as `flow` gives it."""
    return Flow(_flow({"worker": str(worker), "order": dict(order)}, source, limits))


def run_program(command: Sequence[str], source: Source, limits: Limits) -> Outcome:
    """Runs a foreign program, named by its full path, which reads the bytes from its standard input, as nobody.

    It can read the libraries of this machine, and no other file where the kernel has Landlock.
    """
    return _collected(flow(command, source, limits))


def flow(command: Sequence[str], source: Source, limits: Limits) -> Flow:
    """As `run_program`, with the answer piece by piece. It is ended when the caller turns away: use `closing`."""
    return Flow(_flow({"program": list(command)}, source, limits))


class Flow:
    """An answer as it comes. `ended` is known when no piece follows; a piece is no promise that it ends well."""

    def __init__(self, pieces: Generator[bytes, None, Ended]) -> None:
        self._pieces = pieces
        self.ended: Ended | None = None

    def __iter__(self) -> Iterator[bytes]:
        self.ended = yield from self._pieces

    def close(self) -> None:
        self._pieces.close()


def _collected(pieces: Flow) -> Outcome:
    since = time.monotonic()
    answer = bytearray()
    for piece in pieces:
        answer += piece
    assert pieces.ended is not None  # noqa: S101 — it ended
    return Outcome(
        pieces.ended, bytes(answer) if pieces.ended is Ended.DONE else b"", wall_seconds=time.monotonic() - since
    )


def _flow(order: dict[str, Any], source: Source, limits: Limits) -> Generator[bytes, None, Ended]:
    if isinstance(source, Path):
        held: int | None = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    else:
        held = in_memory(source, limits.source_bytes)
    if held is None:
        return Ended.TOO_LARGE
    try:
        if not _turns.acquire(timeout=TURN_SECONDS_MAX):
            raise OperatorError("Too many files are being opened at this moment. Try again in a minute.")
        try:
            with tempfile.TemporaryDirectory(prefix="abhaya-confined-") as empty:
                return (yield from _in_process(held, order | {"limits": asdict(limits)}, limits, empty))
        finally:
            _turns.release()
    finally:
        os.close(held)


def in_memory(source: bytes | Iterable[bytes], bytes_max: int) -> int | None:
    """The bytes as a file that is nowhere but in memory, read from its beginning; None where they are too many."""
    held = os.memfd_create("source")
    written = 0
    try:
        for piece in [source] if isinstance(source, bytes) else source:
            written += len(piece)
            if written > bytes_max:
                os.close(held)
                return None
            view = memoryview(piece)
            while view:
                view = view[os.write(held, view) :]
    except BaseException:  # the descriptor is ours to close, whatever stopped the reading; it goes on as it came
        with suppress(OSError):
            os.close(held)
        raise
    os.lseek(held, 0, os.SEEK_SET)
    return held


def _in_process(held: int, order: dict[str, Any], limits: Limits, empty: str) -> Generator[bytes, None, Ended]:
    allowed = system_calls.PROGRAM if "program" in order else system_calls.READER
    order |= {
        "system_calls": system_calls.compiled(allowed).hex(),
        "program_descriptor": system_calls.PROGRAM_DESCRIPTOR,
    }
    process = subprocess.Popen(  # noqa: S603 — our own program, no word of it from outside
        [sys.executable, "-I", confinement.__file__, json.dumps(order)],
        stdin=held, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=empty, start_new_session=True,
        env={"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert process.stdout is not None  # noqa: S101 — asked for above
    left, heard = float(limits.wall_seconds), 0
    try:
        while True:
            since = time.monotonic()
            ready, _, _ = select.select([process.stdout], [], [], max(0.0, left))
            left -= time.monotonic() - since  # what the caller does with a piece is not the program's time
            if not ready:
                return Ended.TIME
            piece = os.read(process.stdout.fileno(), READ_BYTES)
            if not piece:
                break
            heard += len(piece)
            if heard > limits.answer_bytes:
                return Ended.TOO_MUCH
            yield piece
        try:
            return ended_by(process.wait(max(0.1, left)))
        except subprocess.TimeoutExpired:
            return Ended.TIME
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # it, and whatever it started
        process.wait()
        process.stdout.close()


def ended_by(status: int) -> Ended:
    if status == 0:
        return Ended.DONE
    if status == confinement.OUT_OF_MEMORY:
        return Ended.MEMORY
    if status in {-signal.SIGXCPU, -signal.SIGKILL}:  # the kernel ends at the hard limit what ignored the soft one
        return Ended.TIME
    return Ended.CRASHED

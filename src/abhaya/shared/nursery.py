"""Confined processes by the thousand: one process has loaded the worker, and gives birth to a confined one for each file.

`confined.run` starts Python for each file, which costs more than reading most files does. A nursery starts it once, with the
worker and all it imports; for each file it forks, and the child gives everything up before its first byte, as
`shared.confinement` has it: one file's decoder, taken over, meets no other file. The nursery itself holds no secret and reads
none of the bytes. It serves one caller at a time.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from abhaya.errors import OperatorError
from abhaya.shared import confinement, nursery_inside, system_calls
from abhaya.shared.confined import READ_BYTES, Ended, Limits, Outcome, Source, ended_by, in_memory

START_SECONDS_MAX = 120  # of loading the worker, and compiling what it compiles
_STATUS_BYTES = 4


class Nursery:
    """`with Nursery(worker, limits) as nursery: nursery.run(source, order)`. Limits hold for each file."""

    def __init__(self, worker: Path, limits: Limits) -> None:
        self._worker, self._limits = worker, limits
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._empty: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends it, with a child that is still at work. The next `run` starts another."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._line is not None:
            self._line.close()
        if self._empty is not None:
            self._empty.cleanup()
        self._process = self._line = self._empty = None

    def run(self, source: Source | int, order: Mapping[str, Any]) -> Outcome:
        """As `confined.run`; `source` may be an open descriptor too, which is read from its beginning and left open.

        Raises `OSError` where a path cannot be opened, `OperatorError` where nothing can be started.
        """
        since = time.monotonic()
        held = _held(source, self._limits.source_bytes)
        if held is None:
            return Outcome(Ended.TOO_LARGE)
        try:
            answer, out = os.pipe2(os.O_CLOEXEC)
            try:
                line = self._started()
                try:
                    socket.send_fds(line, [json.dumps(dict(order)).encode()], [held, out])
                finally:
                    os.close(out)
                ended, said = self._heard(line, answer, since + self._limits.wall_seconds)
            finally:
                os.close(answer)
        except BaseException:  # whatever stopped us: what is said on the line is unknown now; it goes on as it came
            self.close()
            raise
        finally:
            os.close(held)
        return Outcome(ended, said if ended is Ended.DONE else b"", time.monotonic() - since)

    def _started(self) -> socket.socket:
        if self._line is not None and self._process is not None and self._process.poll() is None:
            return self._line
        self.close()
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._empty = tempfile.TemporaryDirectory(prefix="abhaya-nursery-")
        told = {
            "worker": str(self._worker), "line": theirs.fileno(), "limits": asdict(self._limits),
            "system_calls": system_calls.compiled(system_calls.READER).hex(), "confinement": confinement.__file__,
        }  # fmt: skip
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 — our own program, no word of it from outside
                [sys.executable, "-I", nursery_inside.__file__, json.dumps(told)], pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self._empty.name,
                start_new_session=True,
                env={"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"},
            )  # fmt: skip
        self._line.settimeout(START_SECONDS_MAX)
        try:
            is_ready = bool(self._line.recv(1))
        except TimeoutError:
            is_ready = False
        if not is_ready:
            self.close()
            raise OperatorError(f"What reads files apart does not start: {self._worker.name}.")
        return self._line

    def _heard(self, line: socket.socket, answer: int, until: float) -> tuple[Ended, bytes]:
        """Everything that the child says, and how it ended; or it is ended here, and its nursery with it."""
        heard = bytearray()
        while True:
            ready, _, _ = select.select([answer], [], [], max(0.0, until - time.monotonic()))
            piece = os.read(answer, READ_BYTES) if ready else b""
            heard += piece
            if not ready or len(heard) > self._limits.answer_bytes:
                self.close()
                return Ended.TOO_MUCH if ready else Ended.TIME, b""
            if not piece:
                break
        line.settimeout(max(0.1, until - time.monotonic()))
        try:
            status = line.recv(_STATUS_BYTES)
        except TimeoutError:
            self.close()
            return Ended.TIME, b""
        if len(status) != _STATUS_BYTES:  # the nursery itself is gone
            self.close()
            return Ended.CRASHED, b""
        return ended_by(int.from_bytes(status, "little", signed=True)), bytes(heard)


def _held(source: Source | int, bytes_max: int) -> int | None:
    """A descriptor of our own; None where there are too many bytes."""
    if isinstance(source, int):
        held = os.dup(source)
        os.lseek(held, 0, os.SEEK_SET)
    elif isinstance(source, Path):
        held = os.open(source, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    else:
        return in_memory(source, bytes_max)
    if os.fstat(held).st_size > bytes_max:
        os.close(held)
        return None
    return held

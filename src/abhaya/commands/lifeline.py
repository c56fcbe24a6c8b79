"""A child that must not outlive whoever started it: it holds one end of a pipe and stops when the other end is gone.

The kernel closes that end however the parent dies, kill -9 included.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

VARIABLE = "_ABHAYA_LIFELINE"


class Lifeline:
    """The parent's side."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()

    def start(self, words: Sequence[str]) -> subprocess.Popen[bytes]:
        """`abhaya WORD…` as a child of its own session, so that one Ctrl-C reaches the parent only."""
        return subprocess.Popen(  # noqa: S603 — our own program and words
            [sys.executable, "-m", "abhaya.cli", *words],
            env={**os.environ, VARIABLE: str(self._read)},
            pass_fds=[self._read],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def close(self) -> None:
        for end in (self._read, self._write):
            os.close(end)


def hold() -> None:
    """The child's side, called at its start: without a parent that holds a line to us, nothing happens."""
    given = os.environ.pop(VARIABLE, "")
    if given:
        threading.Thread(target=_wait_for_the_end, args=[int(given)], name="lifeline", daemon=True).start()


def _wait_for_the_end(read: int) -> None:
    os.read(read, 1)  # returns only when every writing end is closed
    os.kill(os.getpid(), signal.SIGTERM)

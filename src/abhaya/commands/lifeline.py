"""A child that must not outlive whoever started it, however that one dies: kill -9 included."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1  # prctl(2)
VARIABLE = "_ABHAYA_PARENT"


def start(words: Sequence[str]) -> subprocess.Popen[bytes]:
    """`abhaya WORD…` as a child in a session of its own, so that one Ctrl-C reaches the parent only."""
    return subprocess.Popen(  # noqa: S603 — our own program and words
        [sys.executable, "-m", "abhaya.cli", *words],
        env={**os.environ, VARIABLE: str(os.getpid())},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def hold(how: signal.Signals = signal.SIGTERM) -> None:
    """In a child begun by `start`, or by a process that leads: `how` when the parent dies. Begun by anybody else, nothing happens."""
    parent = os.environ.pop(VARIABLE, "")
    if parent:
        die_with(int(parent), how)


def lead() -> None:
    """Before children are begun that will `hold`: however early this process dies, they know whose they were."""
    os.environ[VARIABLE] = str(os.getpid())


def die_with(parent: int, how: signal.Signals) -> None:
    """The kernel sends this process `how` when its parent is gone; at once, if it is gone already."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(how))
    if os.getppid() != parent:
        os.kill(os.getpid(), how)

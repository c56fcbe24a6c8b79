"""Where an invented world lives: a data folder of its own, apart from everything real, chosen before settings are read."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path
from typing import IO

from abhaya.errors import OperatorError
from abhaya.shared.postgres import Cluster, given_url

SENT = "demo-sent"  # in the folder of a world whose reports have all arrived
_held: list[IO[bytes]] = []  # the lock of the world this process shows, until it ends


def go_to(world: str, seed: int) -> None:
    """Makes this process, and every program it starts, a training world's. One left half-way is begun anew."""
    base = Path(os.environ.get("ABHAYA_DATA") or Path.home() / ".local/share/abhaya").expanduser()
    folder = base / f"demo-{world}-{seed}"
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (base / f"{folder.name}.lock").open("a+b")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise OperatorError(f"This world is being shown already (its folder is {folder}).") from error
    _held.append(lock)
    if folder.exists() and not (folder / SENT).exists() and given_url() is None:
        Cluster(folder).stop()
        shutil.rmtree(folder)
    os.environ["ABHAYA_DATA"] = str(folder)
    os.environ["ABHAYA_TRAINING"] = "1"

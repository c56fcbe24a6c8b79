"""Tries, as a taken-over reader would, what a confined process must not do; answers what it was let do, and which walls stand."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


ATTEMPTS: dict[str, Callable[[], object]] = {
    "open": lambda: os.open("/etc/passwd", os.O_RDONLY),
    "socket": socket.socket,
    "fork": _fork,
}


def answer(_source: BinaryIO, order: dict[str, Any]) -> Iterator[bytes]:
    done = []
    for name, attempt in ATTEMPTS.items():
        try:
            attempt()
        except OSError:
            continue
        done.append(name)
    yield json.dumps({"done": done, "walls": order["walls"]}).encode()

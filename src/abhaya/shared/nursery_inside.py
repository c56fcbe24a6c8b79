"""The inside of a nursery: loads a worker once, and forks for each file. Called as a script by `shared.nursery`.

What it is sent are our own words and two open descriptors; the bytes of a file it never reads.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import socket
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

ORDER_BYTES_MAX = 65_536
CRASHED = 1


def main() -> None:
    told = json.loads(sys.argv[1])
    confinement = _module(Path(told["confinement"]))
    answer = confinement.loaded(Path(told["worker"]))
    gc.collect()
    gc.freeze()  # a child that collects would touch, and so copy, every page it shares with us
    gc.disable()
    with socket.socket(fileno=told["line"]) as line:
        line.send(b"\0")  # ready
        while True:
            order, descriptors, _, _ = socket.recv_fds(line, ORDER_BYTES_MAX, 2)
            if not order:
                return
            child = os.fork()
            if child == 0:
                _child(confinement, answer, told, json.loads(order), *descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
            _, status = os.waitpid(child, 0)
            line.send(os.waitstatus_to_exitcode(status).to_bytes(4, "little", signed=True))


def _child(
    confinement: ModuleType, answer: Any, told: dict[str, Any], order: dict[str, Any], source: int, out: int
) -> None:
    """Never returns: what follows a fork belongs to the nursery."""
    try:
        os.dup2(source, 0)
        os.dup2(out, 1)
        os.closerange(confinement.STANDARD_STREAMS, max(source, out, told["line"]) + 1)
        walls = confinement.give_up(told["limits"], bytes.fromhex(told["system_calls"]))
        with os.fdopen(0, "rb", closefd=False) as stream:
            for piece in answer(stream, order | {"walls": walls}):
                view = memoryview(piece)
                while view:
                    view = view[os.write(1, view) :]
    except MemoryError:
        os._exit(confinement.OUT_OF_MEMORY)
    except BaseException:  # noqa: BLE001 — the boundary of a process: a child that goes on would be a second nursery
        os._exit(CRASHED)
    os._exit(0)


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("confinement", path)
    assert spec is not None  # noqa: S101 — our own file
    assert spec.loader is not None  # noqa: S101 — as above
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()

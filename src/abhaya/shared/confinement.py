"""The inside of a confined process: loads a worker, gives everything up, and only then lets it read a stranger's bytes.

Called as a script by `shared.confined`: `python -I confinement.py ORDER`, the bytes as standard input. ORDER is JSON: the
worker's file, its own order, and the limits. A worker imports what it needs at its top and offers
`answer(source, order)`, which yields the bytes of its answer.

What is given up, in this order: processes, time, memory and file size by limits; the network, by a namespace of its own;
the file system, by an empty root; root's rights, by becoming nobody; every right that is left; and the right to open
anything at all, a file or a socket, because no more descriptors are allowed than the three it has. The limits hold on any
Linux; namespaces and the empty root hold where the kernel lets this process make them (root, or user namespaces).
"""

from __future__ import annotations

import ctypes
import encodings
import importlib.util
import json
import os
import pkgutil
import resource
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET = 0x00020000, 0x08000000, 0x10000000, 0x40000000  # linux/sched.h
PR_SET_NO_NEW_PRIVS = 38  # linux/prctl.h
CAPABILITY_VERSION_3 = 0x20080522  # linux/capability.h
NOBODY = 65534
STANDARD_STREAMS = 3
OUT_OF_MEMORY = 12  # exit status: errno.ENOMEM, as `shared.confined` reads it

Answer = Callable[[BinaryIO, dict[str, Any]], Iterable[bytes]]


def main() -> None:
    order = json.loads(sys.argv[1])
    try:
        if order.get("program"):
            give_up(order["limits"], keeps_files=True)
            os.execv(order["program"][0], order["program"])  # noqa: S606 — the caller's own command, never input
        answer = loaded(Path(order["worker"]))
        give_up(order["limits"], keeps_files=False)
        for piece in answer(sys.stdin.buffer, order["order"]):
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def loaded(path: Path) -> Answer:
    """The worker's `answer`, with everything it imports, and every encoding of text: none can be looked up later."""
    for codec in pkgutil.iter_modules(encodings.__path__, "encodings."):
        if not codec.name.endswith((".mbcs", ".oem")):  # of Windows
            importlib.import_module(codec.name)
    spec = importlib.util.spec_from_file_location("worker", path)
    assert spec is not None  # noqa: S101 — the caller's own file
    assert spec.loader is not None  # noqa: S101 — as above
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    answer: Answer = module.answer
    return answer


def give_up(limits: dict[str, int], *, keeps_files: bool) -> None:
    """`keeps_files`: a foreign program follows, which must find its libraries: it keeps the file system, as nobody."""
    libc = ctypes.CDLL(None, use_errno=True)
    _alone(libc)
    if not keeps_files:
        with suppress(OSError):  # where the kernel does not let it: the limit on descriptors below holds
            os.chroot(".")  # the empty folder it was started in
            os.chdir("/")
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _no_rights(libc)
    for name, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),  # of files; a pipe is none
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_NPROC, limits["threads"]),
        (resource.RLIMIT_NOFILE, limits["files"] if keeps_files else STANDARD_STREAMS),
    ):
        resource.setrlimit(name, (most, most))


def _alone(libc: ctypes.CDLL) -> None:
    """No network, no shared memory of others, mounts of its own."""
    if libc.unshare(CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS) == 0:
        return
    uid, gid = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS) == 0:
        process = Path("/proc/self")
        with suppress(OSError):  # unmapped it is nobody inside, which serves as well
            (process / "setgroups").write_text("deny")  # user_namespaces(7): before gid_map
            (process / "uid_map").write_text(f"{NOBODY} {uid} 1")
            (process / "gid_map").write_text(f"{NOBODY} {gid} 1")


def _no_rights(libc: ctypes.CDLL) -> None:
    """Empties the sets of capabilities; within a user namespace they would else be all."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    libc.capset(header, (ctypes.c_uint32 * 6)())


if __name__ == "__main__":
    main()

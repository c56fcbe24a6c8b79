"""The inside of a confined process: loads a worker, gives everything up, and only then lets it read a stranger's bytes.

Called as a script by `shared.confined`: `python -I confinement.py ORDER`, the bytes as standard input. ORDER is JSON: the
worker's file, its own order, and the limits. A worker imports what it needs at its top and offers
`answer(source, order)`, which yields the bytes of its answer.

What is given up, in this order: the network, by a namespace of its own; the file system, by an empty root; root's rights, by
becoming nobody; every right that is left; files, the network and other processes once more, by Landlock; processes, time,
memory, file size and descriptors, by limits; and every call of the kernel that a reader does not need, by a filter
(`shared.system_calls`). The limits hold on any Linux. Namespaces and the empty root hold where the kernel lets this process
make them (root, or user namespaces), Landlock since Linux 5.13, the filter on x86-64 and aarch64. What does not hold is
handed to the worker as `walls`; `abhaya check` asks for it.
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
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2  # linux/prctl.h, linux/seccomp.h
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446  # on every architecture
LANDLOCK_VERSION, LANDLOCK_PATH_BENEATH = 1, 1  # linux/landlock.h
FILE_RIGHTS_BITS = ((1, 13), (2, 14), (3, 15), (5, 16))  # from this version on, so many rights over files exist
EXECUTE, READ_FILE, READ_FOLDER = 1, 4, 8
CONNECT_AND_BIND, SOCKETS_AND_SIGNALS = 3, 3  # since versions 4 and 6
# Where a foreign program finds its libraries. Nothing of a unit's is kept there.
LIBRARIES = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    "/nix/store",
    "/gnu/store",
)
FILTER_STEP_BYTES = 8  # struct sock_filter
NOBODY = 65534
STANDARD_STREAMS = 3
WALLS = ("network", "root", "landlock", "filter")
OUT_OF_MEMORY = 12  # exit status: errno.ENOMEM, as `shared.confined` reads it

Answer = Callable[[BinaryIO, dict[str, Any]], Iterable[bytes]]


def main() -> None:
    order = json.loads(sys.argv[1])
    limits, system_calls = order["limits"], bytes.fromhex(order["system_calls"])
    try:
        if order.get("program"):
            command = order["program"]
            started_by = order["program_descriptor"]
            os.dup2(os.open(command[0], os.O_PATH | os.O_CLOEXEC), started_by, inheritable=False)
            give_up(limits, system_calls, program=Path(command[0]))
            os.execve(started_by, command, dict(os.environ))  # noqa: S606 — the caller's own command, never input
        answer = loaded(Path(order["worker"]))
        walls = give_up(limits, system_calls)
        for piece in answer(sys.stdin.buffer, order["order"] | {"walls": walls}):
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


def give_up(limits: dict[str, int], system_calls: bytes, *, program: Path | None = None) -> dict[str, bool]:
    """Which walls stand now. `program`: a foreign one follows, which must find its libraries: it keeps those, to read."""
    libc = ctypes.CDLL(None, use_errno=True)
    walls = {"network": _alone(libc)}
    if program is None:
        with suppress(OSError):  # where the kernel does not let it: the limit on descriptors below holds
            os.chroot(".")  # the empty folder it was started in
            os.chdir("/")
            walls["root"] = True
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _no_rights(libc)
    walls["landlock"] = _landlocked(libc, program)
    for name, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),  # of files; a pipe is none
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_NPROC, limits["threads"]),
        (resource.RLIMIT_NOFILE, limits["files"] if program else STANDARD_STREAMS),
    ):
        resource.setrlimit(name, (most, most))
    walls["filter"] = _filtered(libc, system_calls)  # last: it forbids all of the above
    return {name: walls.get(name, False) for name in WALLS}


def _alone(libc: ctypes.CDLL) -> bool:
    """No network, no shared memory of others, mounts of its own."""
    if libc.unshare(CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS) == 0:
        return True
    uid, gid = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS) != 0:
        return False
    process = Path("/proc/self")
    with suppress(OSError):  # unmapped it is nobody inside, which serves as well
        (process / "setgroups").write_text("deny")  # user_namespaces(7): before gid_map
        (process / "uid_map").write_text(f"{NOBODY} {uid} 1")
        (process / "gid_map").write_text(f"{NOBODY} {gid} 1")
    return True


def _no_rights(libc: ctypes.CDLL) -> None:
    """Empties the sets of capabilities; within a user namespace they would else be all."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    libc.capset(header, (ctypes.c_uint32 * 6)())


class _Ruleset(ctypes.Structure):
    """struct landlock_ruleset_attr."""

    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    """struct landlock_path_beneath_attr."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _landlocked(libc: ctypes.CDLL, program: Path | None) -> bool:
    """No file is opened any more, but the program itself and its libraries, to be read (landlock(7))."""
    version = libc.syscall(LANDLOCK_CREATE_RULESET, None, 0, LANDLOCK_VERSION)
    if version < 1:
        return False
    bits = next(bits for since, bits in reversed(FILE_RIGHTS_BITS) if version >= since)
    ruleset = _Ruleset((1 << bits) - 1, CONNECT_AND_BIND, SOCKETS_AND_SIGNALS)
    size_bytes = 8 if version < 4 else 16 if version < 6 else 24
    made = libc.syscall(LANDLOCK_CREATE_RULESET, ctypes.byref(ruleset), size_bytes, 0)
    if made < 0:
        return False
    for path in (program, *map(Path, LIBRARIES)) if program else ():
        with suppress(OSError):  # not every machine has every one
            opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
            rights = READ_FILE | EXECUTE | (READ_FOLDER if path.is_dir() else 0)
            beneath = _Beneath(rights, opened)
            libc.syscall(LANDLOCK_ADD_RULE, made, LANDLOCK_PATH_BENEATH, ctypes.byref(beneath), 0)
            os.close(opened)
    is_closed = bool(libc.syscall(LANDLOCK_RESTRICT_SELF, made, 0) == 0)
    os.close(made)
    return is_closed


class _Filter(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def _filtered(libc: ctypes.CDLL, system_calls: bytes) -> bool:
    if not system_calls:
        return False
    program = _Filter(len(system_calls) // FILTER_STEP_BYTES, system_calls)
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


if __name__ == "__main__":
    main()

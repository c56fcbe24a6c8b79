"""What a confined process may still ask of the kernel: a filter in its own language, classic BPF (seccomp(2)).

A list of what is allowed, for the two kinds of confined process; everything else is answered "not permitted". A reader of
ours (`READER`) can compute, read its source and write its answer. A foreign program (`PROGRAM`) can also start threads, find
its libraries, and be started: once, through a descriptor that no process can have again (`shared.confinement`). Neither
list holds a socket, a second program, another process, a mount, a trace, or a right.

Numbers: asm/unistd_64.h for x86-64, asm-generic/unistd.h for aarch64. Layout: linux/filter.h, linux/seccomp.h.
"""

from __future__ import annotations

import platform
import struct
from dataclasses import dataclass
from enum import Enum

PROGRAM_DESCRIPTOR = 900  # the foreign program's own; above every limit on descriptors, so open at its start only

# linux/filter.h and linux/bpf_common.h
_LOAD, _JUMP_EQUAL, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x45, 0x06
# linux/seccomp.h: the offsets of struct seccomp_data, and the answers
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NOT_PERMITTED, _NO_SUCH_CALL = 1, 38  # errno.EPERM, errno.ENOSYS
_CLONE_THREAD = 0x00010000  # linux/sched.h
_PROT_EXEC = 4  # asm-generic/mman-common.h


class Test(Enum):
    """What is asked of the low half of one argument."""

    EQUALS = "equals"
    HAS = "has"
    LACKS = "lacks"


@dataclass(frozen=True, slots=True)
class Only:
    """The call is allowed only where this argument is so."""

    argument: int
    test: Test
    value: int


# name: (x86-64, aarch64); None where the architecture has no such call
_NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "access": (21, None), "arch_prctl": (158, None), "brk": (12, 214), "clock_getres": (229, 114),
    "clock_gettime": (228, 113), "clock_nanosleep": (230, 115), "clone": (56, 220), "clone3": (435, 435),
    "close": (3, 57), "dup": (32, 23), "eventfd2": (290, 19), "execveat": (322, 281), "exit": (60, 93),
    "exit_group": (231, 94), "faccessat": (269, 48), "faccessat2": (439, 439), "fadvise64": (221, 223), "fcntl": (72, 25),
    "fstat": (5, 80), "futex": (202, 98), "getcwd": (79, 17), "getegid": (108, 177), "geteuid": (107, 175),
    "getgid": (104, 176), "getpid": (39, 172), "getrandom": (318, 278), "getrusage": (98, 165), "gettid": (186, 178),
    "gettimeofday": (96, 169), "getuid": (102, 174), "ioctl": (16, 29), "lseek": (8, 62), "lstat": (6, None),
    "madvise": (28, 233), "membarrier": (324, 283), "mmap": (9, 222), "mprotect": (10, 226), "mremap": (25, 216),
    "munmap": (11, 215), "nanosleep": (35, 101), "newfstatat": (262, 79), "open": (2, None), "openat": (257, 56),
    "pipe2": (293, 59), "poll": (7, None), "ppoll": (271, 73), "pread64": (17, 67), "prlimit64": (302, 261),
    "pselect6": (270, 72), "read": (0, 63), "readlink": (89, None), "readlinkat": (267, 78), "readv": (19, 65),
    "restart_syscall": (219, 128), "rseq": (334, 293), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "sched_getaffinity": (204, 123), "sched_yield": (24, 124), "select": (23, None),
    "set_robust_list": (273, 99), "set_tid_address": (218, 96), "sigaltstack": (131, 132), "stat": (4, None),
    "statx": (332, 291), "sysinfo": (99, 179), "uname": (63, 160), "write": (1, 64), "writev": (20, 66),
}  # fmt: skip
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above; linux/audit.h

_COMPUTING = (
    "brk", "clock_getres", "clock_gettime", "clock_nanosleep", "close", "exit", "exit_group", "fstat", "futex", "getegid",
    "geteuid", "getgid", "getpid", "getrandom", "getrusage", "gettid", "gettimeofday", "getuid", "lseek", "madvise",
    "membarrier", "mremap", "munmap", "nanosleep", "newfstatat", "pread64", "read", "readv", "restart_syscall", "rseq",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sched_getaffinity", "sched_yield", "sigaltstack", "write", "writev",
)  # fmt: skip
_STARTING = (
    "access", "arch_prctl", "dup", "eventfd2", "faccessat", "faccessat2", "fadvise64", "fcntl", "getcwd", "ioctl", "lstat",
    "mmap", "mprotect", "open", "openat", "pipe2", "poll", "ppoll", "pselect6", "readlink", "readlinkat", "select",
    "set_tid_address", "stat", "statx", "sysinfo", "uname",
)  # fmt: skip

_THREADS = {
    "clone": Only(0, Test.HAS, _CLONE_THREAD),
    "set_robust_list": None,
}  # and no process; how many, a limit says

READER: dict[str, Only | None] = {
    **dict.fromkeys(_COMPUTING),
    **_THREADS,
    # no page of memory becomes a program
    "mmap": Only(2, Test.LACKS, _PROT_EXEC),
    "mprotect": Only(2, Test.LACKS, _PROT_EXEC),
}
PROGRAM: dict[str, Only | None] = {
    **dict.fromkeys((*_COMPUTING, *_STARTING)),
    **_THREADS,
    "execveat": Only(0, Test.EQUALS, PROGRAM_DESCRIPTOR),
    "prlimit64": Only(0, Test.EQUALS, 0),  # its own limits
}


def compiled(allowed: dict[str, Only | None], machine: str = "") -> bytes:
    """The filter as the kernel takes it; empty for a machine whose numbers are not here. `machine`: as `uname -m` says."""
    known = _ARCHITECTURES.get(machine or platform.machine())
    if known is None:
        return b""
    column, architecture = known
    program = [
        _step(_LOAD, _ARCHITECTURE), _step(_JUMP_EQUAL, architecture, 1, 0), _step(_RETURN, _KILL), _step(_LOAD, _NUMBER),
    ]  # fmt: skip
    for name, only in allowed.items():
        number = _NUMBERS[name][column]
        if number is not None:
            program += _allowed(number, only)
    clone3 = (
        _NUMBERS["clone3"][column] or 0
    )  # its flags lie in memory, where no filter looks: libraries then use `clone`
    program += [_step(_JUMP_EQUAL, clone3, 0, 1), _step(_RETURN, _ERROR | _NO_SUCH_CALL)]
    return b"".join([*program, _step(_RETURN, _ERROR | _NOT_PERMITTED)])


def _allowed(number: int, only: Only | None) -> list[bytes]:
    if only is None:
        return [_step(_JUMP_EQUAL, number, 0, 1), _step(_RETURN, _ALLOW)]
    code = _JUMP_EQUAL if only.test is Test.EQUALS else _JUMP_BITS
    passes = (1, 0) if only.test is Test.LACKS else (0, 1)
    return [
        _step(_JUMP_EQUAL, number, 0, 4),
        _step(_LOAD, _ARGUMENTS + 8 * only.argument),  # both architectures keep the low half first
        _step(code, only.value, *passes),
        _step(_RETURN, _ALLOW),
        _step(_RETURN, _ERROR | _NOT_PERMITTED),
    ]


def _step(code: int, value: int, when_true: int = 0, when_false: int = 0) -> bytes:
    """One `struct sock_filter`."""
    return struct.pack("=HBBI", code, when_true, when_false, value)

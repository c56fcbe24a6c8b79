"""A worker that does what a taken-over decoder would try, and says what came of it."""

import ctypes
import errno
import os
import socket
import subprocess
from pathlib import Path


def answer(source, order):
    yield repr(ATTEMPTS[order["attempt"]](source, order)).encode()


def said(attempt):
    try:
        attempt()
    except BaseException as error:  # noqa: BLE001 — whatever stops it is the answer
        return type(error).__name__
    return "done"


def connect(source, order):
    return said(lambda: socket.create_connection((order["host"], order["port"]), timeout=2))


def read(source, order):
    return said(lambda: Path(order["path"]).read_bytes())


def write(source, order):
    return said(lambda: Path(order["path"]).write_bytes(b"x"))


def start(source, order):
    return said(lambda: subprocess.run(["/bin/true"], check=False))


def fork(source, order):
    return said(os.fork)


def see(source, order):
    return {
        "environment": sorted(os.environ),
        "descriptors": [number for number in range(1024) if _is_open(number)],
        "user": os.geteuid(),
        "can_become_root": said(lambda: os.setuid(0)) == "done" and os.geteuid() == 0 and said(_a_roots_act) == "done",
        "source": len(source.read()),
    }


def _a_roots_act():
    os.chown("/", 0, 0)


def _is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def call(source, order):
    """What the kernel answers to each call: its error's name, or what it gave."""
    libc = ctypes.CDLL(None, use_errno=True)
    came = {}
    for name, (number, arguments) in order["calls"].items():
        given = libc.syscall(number, *arguments)
        came[name] = errno.errorcode[ctypes.get_errno()] if given == -1 else given
    return came


def make_a_program(source, order):
    """A page of memory that could be run: what injected code needs first."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    private_anonymous = 0x22
    place = libc.mmap(None, ctypes.c_size_t(4096), order["protection"], private_anonymous, -1, ctypes.c_long(0))
    return errno.errorcode[ctypes.get_errno()] if place == ctypes.c_void_p(-1).value else "done"


def fork_on_and_on(source, order):
    return {said(os.fork) for _ in range(1000)}


def told_walls(source, order):
    return order["walls"]


def hoard(source, order):
    held = []
    while True:
        held.append(bytearray(8 << 20))


def spin(source, order):
    while True:
        pass


def sleep(source, order):
    import time

    time.sleep(3600)


def crash(source, order):
    ctypes.string_at(0)


def talk(source, order):
    while True:
        os.write(1, b"x" * 65_536)


ATTEMPTS = {attempt.__name__: attempt for attempt in (
    call, connect, crash, fork, fork_on_and_on, hoard, make_a_program, read, see, sleep, spin, start, talk, told_walls,
    write,
)}  # fmt: skip

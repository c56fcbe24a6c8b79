"""The walls around what reads hostile bytes, each alone and all together, tried by code that means harm."""

from __future__ import annotations

import ast
import platform
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from abhaya.shared import confined, confinement, health_machine, system_calls
from abhaya.shared.checks import Level
from abhaya.shared.confined import MIB, Ended, Limits

WORKER = Path(__file__).with_name("hostile_worker.py")
SMALL = Limits(memory_bytes=256 * MIB, cpu_seconds=2, wall_seconds=5, answer_bytes=MIB, source_bytes=4 * MIB, threads=8)
# Calls that would be granted, or refused for another reason, were there no filter: (x86-64, aarch64), arguments.
FORBIDDEN = {
    "socket": ((41, 198), (socket.AF_INET, socket.SOCK_STREAM, 0)),
    "socket of this machine": ((41, 198), (socket.AF_UNIX, socket.SOCK_STREAM, 0)),
    "another program": ((59, 221), (0, 0, 0)),
    "another program, by descriptor": ((322, 281), (0, 0, 0, 0, 0)),
    "trace": ((101, 117), (0, 0, 0, 0)),
    "read another's memory": ((310, 270), (1, 0, 0, 0, 0, 0)),
    "a signal to all": ((62, 129), (-1, 0)),
    "who started it": ((110, 173), ()),
    "mount": ((165, 40), (0, 0, 0, 0, 0)),
    "namespaces": ((272, 97), (0x10000000,)),
    "new rights": ((157, 167), (38, 1, 0, 0, 0)),
    "io_uring": ((425, 425), (1, 0)),
    "bpf": ((321, 280), (0, 0, 0)),
    "keys": ((250, 219), (0, -1, 1, 0, 0)),
    "user faults": ((323, 282), (1,)),
    "its own limits": ((302, 261), (0, 7, 0, 0)),
    "a file by handle": ((304, 265), (0, 0, 0)),
}
COLUMN = {"x86_64": 0, "aarch64": 1}[platform.machine()]


def came_of(name: str, **order):
    outcome = confined.run(WORKER, b"bytes", {"attempt": name, **order}, SMALL)
    assert outcome.ended is Ended.DONE
    return ast.literal_eval(outcome.answer.decode())


def test_the_kernel_answers_a_reader_nothing_it_does_not_need():
    asked = {name: (numbers[COLUMN], arguments) for name, (numbers, arguments) in FORBIDDEN.items()}
    assert came_of("call", calls=asked) == dict.fromkeys(FORBIDDEN, "EPERM")


def test_no_memory_becomes_a_program():
    assert came_of("make_a_program", protection=3) == "done"
    assert came_of("make_a_program", protection=7) == "EPERM"


def test_a_fork_bomb_makes_no_second_process():
    assert came_of("fork_on_and_on") <= {"PermissionError", "BlockingIOError"}


def test_here_every_wall_stands_and_the_reader_is_told():
    assert came_of("told_walls") == dict.fromkeys(confinement.WALLS, True)


def alone(wall: str, body: str) -> str:
    """What code says that has this one wall around it, and else every right of whoever runs the tests."""
    prepared = (
        "import ctypes, importlib.util, os, socket, sys\nfrom pathlib import Path\n"
        f"spec = importlib.util.spec_from_file_location('confinement', {confinement.__file__!r})\n"
        "confinement = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(confinement)\n"
        "libc = ctypes.CDLL(None, use_errno=True)\nlibc.prctl(38, 1, 0, 0, 0)\n"
        f"assert confinement.{wall}\n"
    )
    words = [sys.executable, "-I", "-c", prepared + body]
    return subprocess.run(words, check=False, capture_output=True, text=True, timeout=30).stderr.strip()


@pytest.mark.parametrize(
    "body",
    ["socket.socket()", "open('/etc/passwd')", "os.fork()", "os.execv('/bin/true', ['true'])", "os.kill(1, 0)"],
)
def test_the_filter_by_itself_refuses_what_nothing_else_would(body):
    filtered = f"_filtered(libc, bytes.fromhex({system_calls.compiled(system_calls.READER).hex()!r}))"
    assert alone(filtered, "print('still here', file=sys.stderr)") == "still here"
    assert "PermissionError" in alone(filtered, body)


def test_landlock_by_itself_keeps_every_file_and_leaves_a_program_its_libraries(tmp_path):
    secret = tmp_path / "vault"
    secret.write_text("the operator key")
    for body in (f"open({str(secret)!r})", f"open({str(tmp_path / 'new')!r}, 'w')", "os.listdir('/')"):
        assert "PermissionError" in alone("_landlocked(libc, None)", body)
        assert "PermissionError" in alone("_landlocked(libc, Path('/bin/sh'))", body)
    assert "PermissionError" in alone("_landlocked(libc, None)", "os.listdir('/usr/lib')")
    assert alone("_landlocked(libc, Path('/bin/sh'))", "os.listdir('/usr/lib')") == ""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connect = f"socket.create_connection(('127.0.0.1', {listener.getsockname()[1]}))"
        assert "PermissionError" in alone("_landlocked(libc, None)", connect)


def shell(script: str) -> confined.Outcome:
    return confined.run_program(["/bin/sh", "-c", script], b"as it came", SMALL)


@pytest.fixture
def open_to_all():
    """A file that anybody on this machine may read, were there no walls."""
    with tempfile.TemporaryDirectory(prefix="abhaya-walls-") as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "file"
        path.write_text("in reach of all")
        path.chmod(0o644)
        yield path


def test_a_foreign_program_reads_its_source_and_nothing_else(open_to_all):
    assert shell("read -r line; echo $line").answer == b"as it came\n"
    for path in (open_to_all, "/etc/passwd", "/etc/hostname", "/proc/self/environ", "/proc/1/cmdline", sys.executable):
        read = shell(f"read -r line < {path} && echo $line")
        assert read.answer == b"", path
        assert read.ended is Ended.CRASHED, path


def test_a_foreign_program_starts_no_other():
    assert shell("echo begun; exec /bin/cat").ended is Ended.CRASHED
    assert shell("echo begun; /bin/cat; echo $?").answer == b""
    assert shell(": & echo no error").answer == b""


def test_a_foreign_program_cannot_be_started_twice_through_its_own_door(tmp_path):
    """The one call that starts it is allowed for one descriptor, which no process can have again."""
    assert SMALL.files < system_calls.PROGRAM_DESCRIPTOR
    assert shell(f"exec {system_calls.PROGRAM_DESCRIPTOR}<&0").ended is Ended.CRASHED


def test_a_script_is_no_program(tmp_path):
    script = tmp_path / "ffmpeg"
    script.write_text("#!/bin/sh\necho begun\n")
    script.chmod(0o755)
    assert confined.run_program([str(script)], b"", SMALL).ended is Ended.CRASHED


def test_a_file_already_there_is_read_through_its_descriptor_whoever_may_open_it(tmp_path):
    original = tmp_path / "film"
    original.write_bytes(b"as it lies there")
    original.chmod(0o600)
    assert confined.run_program(["/bin/cat"], original, SMALL).answer == b"as it lies there"


def test_an_answer_is_read_as_it_comes_and_its_program_ends_when_nobody_listens():
    endless = confined.flow(["/usr/bin/yes"], b"", SMALL)
    pieces = iter(endless)
    assert next(pieces).startswith(b"y\ny\n")
    endless.close()
    assert endless.ended is None
    assert confined.run_program(["/usr/bin/yes"], b"", SMALL).ended is Ended.TOO_MUCH


def test_the_filter_is_for_one_architecture_and_says_so_where_it_knows_none():
    assert system_calls.compiled(system_calls.READER, "riscv64") == b""
    for machine in ("x86_64", "aarch64"):
        for allowed in (system_calls.READER, system_calls.PROGRAM):
            steps = [struct.unpack("=HBBI", step) for step in _cut(system_calls.compiled(allowed, machine))]
            assert steps[2] == (0x06, 0, 0, 0x80000000)  # another architecture's calls end the process
            assert steps[-1] == (0x06, 0, 0, 0x00050001)  # whatever is not named: EPERM
            assert len(steps) < 4096  # the kernel's limit
            assert all(place + 1 + max(step[1:3]) < len(steps) for place, step in enumerate(steps[:-1]))


def _cut(program: bytes) -> list[bytes]:
    return [program[at : at + 8] for at in range(0, len(program), 8)]


def test_the_check_says_that_the_walls_stand_and_warns_where_one_does_not(monkeypatch):
    assert health_machine.readers().level is Level.OK
    monkeypatch.setattr(system_calls, "compiled", lambda _: b"")
    found = health_machine.readers()
    assert found.level is Level.WARN
    assert "filter" in found.said("en")

"""What reads hostile bytes can only compute: it reaches nothing, takes little, and always ends."""

from __future__ import annotations

import ast
import os
import resource
import socket
import time
from pathlib import Path

import pytest

from abhaya.shared import confined
from abhaya.shared.confined import MIB, Ended, Limits

WORKER = Path(__file__).with_name("hostile_worker.py")
SMALL = Limits(memory_bytes=256 * MIB, cpu_seconds=2, wall_seconds=5, answer_bytes=MIB, source_bytes=4 * MIB)


def attempt(name: str, limits: Limits = SMALL, source=b"bytes", **order):
    return confined.run(WORKER, source, {"attempt": name, **order}, limits)


def came_of(name: str, **order):
    outcome = attempt(name, **order)
    assert outcome.ended is Ended.DONE
    return ast.literal_eval(outcome.answer.decode())


def test_it_cannot_reach_a_network_not_even_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert came_of("connect", host="127.0.0.1", port=listener.getsockname()[1]) == "PermissionError"


def test_it_reads_no_secret_and_writes_no_file(tmp_path):
    secret = tmp_path / "vault"
    secret.write_text("the operator key")
    secret.chmod(0o644)
    tmp_path.chmod(0o755)
    for path in (secret, "/etc/passwd", "/proc/self/environ", "/proc/1/environ"):
        assert came_of("read", path=str(path)) != "done", path
    for path in (tmp_path / "new", "/tmp/new", "new", "/dev/shm/new"):
        assert came_of("write", path=str(path)) != "done", path


def test_it_starts_no_other_process():
    assert came_of("start") != "done"
    assert came_of("fork") != "done"


def test_it_knows_nothing_of_the_server_and_is_nobody(monkeypatch):
    monkeypatch.setenv("ABHAYA_DATA", "/somewhere")
    with Path(__file__).open() as held_open:
        os.set_inheritable(held_open.fileno(), True)
        seen = came_of("see")
    assert not [name for name in seen["environment"] if "ABHAYA" in name or "PASS" in name]
    assert seen["descriptors"] == [0, 1, 2]
    assert seen["source"] == len(b"bytes")
    assert not seen["can_become_root"]
    assert seen["user"] != 0


@pytest.mark.parametrize(
    ("name", "ended"),
    [("hoard", Ended.MEMORY), ("spin", Ended.TIME), ("sleep", Ended.TIME), ("crash", Ended.CRASHED), ("talk", Ended.TOO_MUCH)],
)  # fmt: skip
def test_whatever_it_takes_it_ends_in_time_and_the_server_does_not_feel_it(name, ended):
    attempt("see")
    memory_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    busy_before = time.process_time()
    outcome = attempt(name)
    assert outcome.ended is ended
    assert outcome.answer == b""
    assert outcome.wall_seconds < SMALL.wall_seconds + 1
    assert time.process_time() - busy_before < 0.5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory_before < 16 * 1024  # KiB
    assert _children() == set()


def test_bytes_without_end_are_not_taken_in():
    def endless():
        while True:
            yield bytes(MIB)

    assert attempt("see", source=endless()).ended is Ended.TOO_LARGE


def test_a_source_that_fails_leaves_nothing_open():
    def torn():
        yield b"some"
        raise ConnectionError

    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(ConnectionError):
        attempt("see", source=torn())
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_program_of_the_machine_runs_under_the_same_limits():
    limits = Limits(threads=64, wall_seconds=5)
    told = confined.run_program(["/usr/bin/env"], b"", limits)
    assert told.ended is Ended.DONE
    assert b"ABHAYA" not in told.answer
    assert confined.run_program(["/bin/cat"], b"as it came", limits).answer == b"as it came"
    assert (
        confined.run_program(["/bin/sh", "-c", "echo x > /tmp/abhaya-confined-test"], b"", limits).ended
        is Ended.CRASHED
    )
    assert confined.run_program(["/bin/sleep", "60"], b"", Limits(wall_seconds=1)).ended is Ended.TIME


def _children() -> set[str]:
    """Processes of ours that still run the confinement."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            if parent == str(os.getpid()) and "hostile_worker" in (folder / "cmdline").read_text():
                found.add(folder.name)
        except OSError:
            continue
    return found

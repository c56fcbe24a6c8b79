"""A nursery's children are as confined as any reader of hostile bytes, and one leaves nothing to the next."""

from __future__ import annotations

import ast
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from abhaya.errors import OperatorError
from abhaya.shared.confined import MIB, Ended, Limits
from abhaya.shared.nursery import Nursery

WORKER = Path(__file__).with_name("hostile_worker.py")
LIMITS = Limits(memory_bytes=512 * MIB, cpu_seconds=2, wall_seconds=6, answer_bytes=MIB, source_bytes=4 * MIB)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery(WORKER, LIMITS) as made:
        yield made


def came_of(nursery: Nursery, name: str, source: bytes | Path = b"bytes", **order: object):
    outcome = nursery.run(source, {"attempt": name, **order})
    assert outcome.ended is Ended.DONE
    return ast.literal_eval(outcome.answer.decode())


def test_a_child_reaches_nothing_and_is_nobody(nursery, tmp_path, monkeypatch):
    monkeypatch.setenv("ABHAYA_DATA", "/somewhere")
    secret = tmp_path / "vault"
    secret.write_text("the operator key")
    secret.chmod(0o644)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert came_of(nursery, "connect", host="127.0.0.1", port=listener.getsockname()[1]) == "PermissionError"
    assert came_of(nursery, "read", path=str(secret)) != "done"
    assert came_of(nursery, "write", path="/tmp/new") != "done"
    assert came_of(nursery, "start") != "done"
    assert came_of(nursery, "fork") != "done"
    seen = came_of(nursery, "see")
    assert not [name for name in seen["environment"] if "ABHAYA" in name]
    assert seen["descriptors"] == [0, 1, 2]
    assert seen["source"] == len(b"bytes")
    assert not seen["can_become_root"]


def test_a_file_is_read_where_it_lies_and_a_link_is_not_followed(nursery, tmp_path):
    (tmp_path / "file").write_bytes(b"1234567")
    assert came_of(nursery, "see", tmp_path / "file")["source"] == 7
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with pytest.raises(OSError, match="link"):
        nursery.run(tmp_path / "link", {"attempt": "see"})
    assert came_of(nursery, "see")["source"] == 5


@pytest.mark.parametrize(
    ("attempt", "ended"),
    [("hoard", Ended.MEMORY), ("crash", Ended.CRASHED), ("talk", Ended.TOO_MUCH), ("spin", Ended.TIME)],
)
def test_one_that_takes_too_much_is_ended_and_the_next_is_served(nursery, attempt, ended):
    assert nursery.run(b"bytes", {"attempt": attempt}).ended is ended
    assert came_of(nursery, "see")["source"] == 5


def test_one_that_only_waits_is_ended_by_the_clock():
    with Nursery(WORKER, Limits(wall_seconds=1)) as nursery:
        since = time.monotonic()
        assert nursery.run(b"bytes", {"attempt": "sleep"}).ended is Ended.TIME
        assert time.monotonic() - since < 30  # the start included
        assert came_of(nursery, "see")["source"] == 5


def test_what_is_too_large_is_not_begun(nursery, tmp_path):
    (tmp_path / "large").write_bytes(bytes(5 * MIB))
    for source in (bytes(5 * MIB), tmp_path / "large"):
        assert nursery.run(source, {"attempt": "see"}).ended is Ended.TOO_LARGE


def test_it_ends_with_its_caller_and_leaves_no_descriptor(tmp_path):
    before = set(Path("/proc/self/fd").iterdir())
    with Nursery(WORKER, LIMITS) as nursery:
        came_of(nursery, "see")
        process = nursery._process.pid
    assert not Path(f"/proc/{process}").exists()
    assert set(Path("/proc/self/fd").iterdir()) == before


def test_a_worker_that_cannot_be_loaded_is_said_so(tmp_path):
    (tmp_path / "broken.py").write_text("import nothing_of_this_name\n", encoding="utf-8")
    with Nursery(tmp_path / "broken.py", LIMITS) as nursery, pytest.raises(OperatorError, match=r"broken\.py"):
        nursery.run(b"bytes", {})

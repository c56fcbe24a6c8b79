"""A file that is there whole or not at all, whenever the process is killed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from abhaya.shared.durable import whole_file, write_whole

OLD, NEW = b"old" * 10_000, b"new" * 20_000
# Writes over the file in one child after another; the n-th kills itself, as `kill -9` would, before the n-th step.
KILLED = """
import os, signal, sys
from pathlib import Path
from abhaya.shared import durable
path, old, new, may_replace = Path(sys.argv[1]), b"old" * 10_000, b"new" * 20_000, sys.argv[2] == "replace"
for step in range(200):
    if may_replace: path.write_bytes(old)
    else: path.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        left = step
        def before_each_line(frame, event, _):
            global left
            if frame.f_code.co_filename != durable.__file__: return None
            if event == "line":
                if left == 0: os.kill(os.getpid(), signal.SIGKILL)
                left -= 1
            return before_each_line
        sys.settrace(before_each_line)
        durable.write_whole(path, new, may_replace=may_replace)
        sys.settrace(None)
        os._exit(0)
    was_killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
    found = path.read_bytes() if path.exists() else b""
    print({old: "old", new: "new", b"": "none"}.get(found, "half"), "killed" if was_killed else "done")
    if not was_killed: break
"""


@pytest.mark.parametrize(("way", "before"), [("replace", "old"), ("once", "none")])
def test_killed_before_any_step_the_file_is_the_old_one_or_the_new_and_never_half(tmp_path, way, before):
    done = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path / "file", way], capture_output=True, text=True, check=True
    )
    found = done.stdout.splitlines()
    assert found[-1] == "new done"
    states = [line.removesuffix(" killed") for line in found[:-1]]
    turn = states.index("new")
    assert states == [before] * turn + ["new"] * (len(states) - turn)  # one instant at which it changes
    assert turn > 8  # it was killed at every step before that: drafts lie about
    assert list(tmp_path.glob(".file.*"))


def test_the_bytes_are_on_disk_before_the_name_and_the_name_before_it_returns(tmp_path, monkeypatch):
    steps = []
    fsync, replace = os.fsync, Path.replace

    def seen_fsync(descriptor):
        steps.append("fsync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "fsync file")
        fsync(descriptor)

    def seen_replace(draft, target):
        steps.append("rename")
        return replace(draft, target)

    monkeypatch.setattr(os, "fsync", seen_fsync)
    monkeypatch.setattr(Path, "replace", seen_replace)
    write_whole(tmp_path / "file", NEW)
    assert steps == ["fsync file", "rename", "fsync folder"]


def test_an_error_while_it_is_written_leaves_the_old_one_and_no_draft(tmp_path):
    path = tmp_path / "file"
    write_whole(path, OLD)
    with pytest.raises(ValueError, match="broke off"), whole_file(path) as file:
        file.write(NEW)
        raise ValueError("broke off")
    assert path.read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_one(tmp_path):
    path = tmp_path / "file"
    write_whole(path, OLD)
    # The disk's own refusal, from the kernel: a file may not grow beyond this in the child.
    program = (
        "import resource, sys; from pathlib import Path; from abhaya.shared.durable import write_whole\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (9, 9))\n"
        "write_whole(Path(sys.argv[1]), b'n' * 100)"
    )
    failed = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=False)
    assert "File too large" in failed.stderr
    assert path.read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [path]


def test_of_many_that_may_not_replace_exactly_one_is_first(tmp_path):
    path = tmp_path / "file"

    def attempt(number):
        try:
            write_whole(path, b"%d" % number, may_replace=False)
        except FileExistsError:
            return None
        return b"%d" % number

    with ThreadPoolExecutor(8) as many:
        first = [one for one in many.map(attempt, range(40)) if one is not None]
    assert [path.read_bytes()] == first
    assert list(tmp_path.iterdir()) == [path]


def test_nobody_else_may_read_it_unless_it_is_said(tmp_path):
    write_whole(tmp_path / "secret", b"x")
    write_whole(tmp_path / "public", b"x", mode=0o644)
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "public").stat().st_mode) & 0o700 == 0o600

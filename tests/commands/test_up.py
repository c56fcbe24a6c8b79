"""`abhaya up`: one command that keeps everything running, ends cleanly, and leaves nothing behind however it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.server import free_port

from abhaya.shared.cluster import Cluster
from abhaya.shared.ids import uuid7

SECONDS_MAX = 60.0


class Up:
    """`abhaya up` with its own private server."""

    def __init__(self, data: Path) -> None:
        self.data, self.port, self.cluster = data, free_port(), Cluster(data)
        self.log = data.with_suffix(".log")
        environment = {name: text for name, text in os.environ.items() if not name.startswith("ABHAYA_")}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "abhaya.cli", "up", "--port", str(self.port)],
                env={**environment, "ABHAYA_DATA": str(data)}, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sign-in", timeout=10).close()
        except urllib.error.HTTPError as error:
            error.close()
            return error.code < 500
        except OSError:
            return False
        return True

    def until(self, holds: Callable[[], object], what: str) -> None:
        until = time.monotonic() + SECONDS_MAX
        while not holds():
            assert time.monotonic() < until, f"{what}: {self.log.read_text(errors='replace')[-3000:]}"
            assert self.process.poll() is None, f"it ended: {self.log.read_text(errors='replace')[-3000:]}"
            time.sleep(0.05)

    def descendants(self) -> dict[int, str]:
        """Programs whose environment names this data folder, the database's own included."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if (
                    str(self.data).encode() in (folder / "environ").read_bytes()
                    and int(folder.name) != self.process.pid
                ):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def pids(self, word: str) -> list[int]:
        return [pid for pid, words in self.descendants().items() if f"abhaya.cli {word}" in words]


@pytest.fixture
def up(tmp_path):
    running = Up(tmp_path / "data")
    yield running
    running.process.terminate()
    running.process.wait(timeout=SECONDS_MAX)
    running.cluster.stop()


def test_whatever_is_killed_comes_back_and_the_road_goes_on(up: Up):
    up.until(up.answers, "the first answer")
    up.until(lambda: up.pids("worker"), "a worker")

    for word in ("serve", "worker"):
        before = set(up.pids(word))
        os.kill(min(before), signal.SIGKILL)  # the server's first process starts the others
        up.until(lambda word=word, before=before: up.pids(word) and not before & set(up.pids(word)), f"{word} again")
    up.until(up.answers, "the answer after the kill")

    for pid in up.cluster._processes():
        os.kill(pid, signal.SIGKILL)
    up.until(up.cluster.answers, "the database again")
    up.until(up.answers, "the answer after the database's kill")

    report = uuid7()  # a report of no stage moves nowhere, and the worker does not fall over it
    with up.cluster.connect("abhaya_service", "abhaya") as service:
        service.execute("set role abhaya_road")
        service.execute("insert into shared_waypoint (stage, report_id) values ('no-such-stage', %s)", [report])
    assert up.process.poll() is None


def test_it_ends_cleanly_on_sigterm_with_its_database(up: Up):
    up.until(up.answers, "the first answer")
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(timeout=SECONDS_MAX) == 0
    assert not up.cluster.answers()
    assert up.descendants() == {}
    log = (up.cluster.folder / "server.log").read_text()
    assert "database system is shut down" in log.splitlines()[-1]


def test_killed_itself_it_leaves_no_program_behind_and_starts_again(up: Up):
    up.until(up.answers, "the first answer")
    up.process.kill()
    up.process.wait()
    until = time.monotonic() + SECONDS_MAX
    while any("abhaya.cli" in words or "granian" in words for words in up.descendants().values()):
        assert time.monotonic() < until, up.descendants()
        time.sleep(0.1)
    again = Up(up.data)
    try:
        again.until(again.answers, "the answer of the second")
    finally:
        again.process.terminate()
        assert again.process.wait(timeout=SECONDS_MAX) == 0


def test_a_port_that_is_taken_is_said_and_ends_it(tmp_path, up: Up):
    up.until(up.answers, "the first answer")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host="127.0.0.1", port=up.port, connect_timeout=2)
    environment = {name: text for name, text in os.environ.items() if not name.startswith("ABHAYA_")}
    done = subprocess.run(
        [sys.executable, "-m", "abhaya.cli", "serve", "--port", str(up.port)],
        env={**environment, "ABHAYA_DATA": str(up.data)}, capture_output=True, text=True, check=False, timeout=SECONDS_MAX,
    )  # fmt: skip
    assert done.returncode == 3
    assert f"{up.port} is taken" in done.stderr

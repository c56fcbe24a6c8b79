"""Journey 16, the disk dies: restore from last night on another machine, keys from the safe, prove equality, upgrade with a
plan, roll back. Real programs on real private servers; nothing is left of the first machine but what was carried away.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from tests.journeys.test_crash import Installation, Platform

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


def send(platform: Platform, count: int) -> None:
    """So many reports through the door, each until it is accepted."""
    for _ in range(count):
        report = next(platform.reports)
        platform.send_until_accepted(report, [os.urandom(100_000)] if report.files else [])


def machine(folder: Path) -> Installation:
    folder.parent.mkdir(parents=True, exist_ok=True)
    return Installation(folder)


def said(installation: Installation, *words: str, code: int = 0) -> str:
    done = installation.run(*words)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_the_disk_dies_and_it_is_boring(tmp_path):
    first = machine(tmp_path / "first" / "data")
    stick, safe = tmp_path / "stick", tmp_path / "safe"
    safe.mkdir()
    platform = Platform(first, 16)
    try:
        first.set_up()
        first.start()
        send(platform, 2)
        before = dict(platform.accepted)
        more = threading.Thread(target=send, args=[platform, 1])
        more.start()  # the service goes on while it is backed up
        told = json.loads(said(first, "backup", str(stick), "--keys", str(safe / "keys"), "--keep", "14", "--json"))
        more.join()
        assert told["missing"] == [] and len(platform.accepted) == 3
        shutil.copy(first.data / "secrets" / "vault", safe / "operator-key")
    finally:
        for process in first.processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
    assert first.process is not None
    first.process.wait()
    first.log.close()
    shutil.rmtree(first.data)

    second = machine(tmp_path / "second" / "data")
    third = machine(tmp_path / "third" / "data")
    keys = ["--keys", str(safe / "keys"), "--operator-key", str(safe / "operator-key")]
    try:
        restored = said(second, "restore", str(stick), "--to", str(second.data), *keys)
        assert "Everything holds: what was restored equals what was backed up." in restored
        assert "Everything holds." in said(second, "check")

        old = second.environment
        second.environment = old | {
            "DJANGO_SETTINGS_MODULE": "tests.commands.newer.settings_good",
            "PYTHONPATH": os.pathsep.join([str(ROOT), old.get("PYTHONPATH", str(ROOT / "src"))]),
        }
        plan = said(second, "upgrade", "--plan")
        assert "good.0001_wider" in plan and "To go back after it went through" in plan
        assert "Start abhaya up." in said(second, "upgrade", "--backup", str(tmp_path / "before"))

        back = ["restore", str(tmp_path / "before"), "--to", str(third.data)]
        assert "Everything holds" in said(third, *back, "--operator-key", str(safe / "operator-key"))
        assert "Nothing is to be done" in said(third, "upgrade", "--plan")
        third.password = first.password
        platform.installation = third
        third.start()
        for number in before:  # the door knows what it had accepted before the backup began
            assert _knows(platform, number)
        checks = json.loads(said(third, "check", "--quick", "--json"))
        assert checks["holds"]
    finally:
        third.stop()
        second.log.close()


def _knows(platform: Platform, number: int) -> bool:
    for _ in range(600):
        try:
            return platform.has_finished(number)
        except OSError:
            threading.Event().wait(0.1)  # the web server is still starting
    return False

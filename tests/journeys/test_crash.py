"""Any process of the road killed at any moment: nothing answered with success is lost, and nothing is doubled.

The private server with fsync on, web server, worker and sequencer run as in service. Clients send; a killer kills one
random process of the tree after another, the supervisor itself included. A client that lost its answer does what careful
clients do: it retracts and reads the code (0 it was unfinished, 5102 it had finished, 5001 or 5101 send it again).
"""

from __future__ import annotations

import http.client
import os
import random
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from tests.server import free_port

from abhaya.intake.formats.sniff import SNIFF_BYTES
from abhaya.shared.postgres import DATABASE, Cluster
from abhaya.training import wire
from abhaya.training.client import Client, Refused
from abhaya.training.parameters import Parameters
from abhaya.training.world import World

KILLS = 11
CLIENTS = 3
WAIT_SECONDS_MAX = 120
FINISHED = 5102
LARGE_FILE_BYTES = 40 * SNIFF_BYTES  # beyond what is kept as rows: lands in the vault's folder

pytestmark = pytest.mark.slow


class Installation:
    """`abhaya up` on a data folder of its own, which is started again whenever it is found dead."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.environment = {name: value for name, value in os.environ.items() if name != "ABHAYA_DATABASE_URL"}
        self.environment |= {"ABHAYA_DATA": str(data), "ABHAYA_LOG": "ERROR"}
        self.password = secrets.token_urlsafe(24)
        self.process: subprocess.Popen[bytes] | None = None
        self.log = (data.parent / "up.log").open("ab")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "abhaya.cli", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def set_up(self) -> None:
        self.data.mkdir()
        units = self.data.parent / "units.csv"
        units.write_text("code,name,kind,forward_rule\nHUB,Hub,hub,off\n", encoding="utf-8")
        password = self.data.parent / "password"
        password.write_text(self.password, encoding="utf-8")
        for words in (
            ["migrate", "--quiet"],
            ["unit", "import", str(units)],
            ["sender", "add", "platform", "--password-file", str(password)],
        ):
            done = self.run(*words)
            assert done.returncode == 0, done.stderr

    def start(self) -> None:
        command = [sys.executable, "-m", "abhaya.cli", "up", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=self.log, stderr=self.log, start_new_session=True
        )

    def keep_alive(self) -> None:
        assert self.process is not None
        if self.process.poll() is not None:
            self.start()

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(WAIT_SECONDS_MAX)
        Cluster(self.data).stop()
        self.log.close()

    def processes(self) -> list[int]:
        """Everything that runs for this folder: found by its environment, the database's by its folder."""
        found = []
        marks = (f"ABHAYA_DATA={self.data}".encode(), str(self.data).encode())
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit() or int(folder.name) == os.getpid():
                continue
            try:
                told = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
                program = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if program and any(mark in told for mark in marks):
                found.append(int(folder.name))
        return found


class Platform:
    """One platform's careful client. `accepted` holds what was answered with success, by report id."""

    def __init__(self, installation: Installation, world_seed: int) -> None:
        self.installation = installation
        self.reports = World(world_seed, Parameters(batched_share=0)).reports(10**6)
        self.accepted: dict[int, list[bytes]] = {}
        self.oracle_said_finished = 0

    def work(self, until: threading.Event) -> None:
        while not until.is_set():
            report = next(self.reports)
            files = [wire.picture(seed) for seed in report.files[:2]]
            if files:
                files[0] += secrets.token_bytes(random.choice([0, LARGE_FILE_BYTES]))
            self.send_until_accepted(report, files)

    def send_until_accepted(self, report, files) -> None:
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        report_id = 0
        while time.monotonic() < deadline:
            try:
                if report_id and self.has_finished(report_id):
                    self.accepted[report_id] = files
                    self.oracle_said_finished += 1
                    return
                report_id = 0
                with self.client() as client:
                    report_id = client.submit(wire.report_xml(report))
                    for position, content in enumerate(files):
                        file_ref = client.upload(report_id, wire.file_name(report, position), content)
                        client.fileinfo(wire.file_details_xml(report, position, report_id=report_id, file_ref=file_ref))
                    client.finish(report_id)
            except (OSError, http.client.HTTPException, Refused) as lost:
                assert not (isinstance(lost, Refused) and lost.status < 500), lost.answer
                time.sleep(0.1)
                continue
            self.accepted[report_id] = files
            return
        raise AssertionError("the door did not come back")

    def has_finished(self, report_id: int) -> bool:
        try:
            with self.client() as client:
                client.retract(report_id)
        except Refused as answer:
            if answer.status >= 500:
                raise
            return answer.code == FINISHED
        return False

    def client(self) -> Client:
        return Client(f"http://127.0.0.1:{self.installation.port}/ispws", "platform", self.installation.password)


def test_a_kill_at_any_moment_loses_nothing_accepted_and_doubles_nothing(tmp_path):
    chance = random.Random(os.environ.get("CRASH_SEED") or secrets.randbits(32))
    installation = Installation(tmp_path / "data")
    installation.set_up()
    installation.start()
    stop, failures = threading.Event(), []
    platforms = [Platform(installation, index + 1) for index in range(CLIENTS)]

    def work(platform: Platform) -> None:
        try:
            platform.work(stop)
        except BaseException as failure:  # noqa: BLE001 — a thread's failure must reach the test
            failures.append(failure)

    threads = [threading.Thread(target=work, args=[platform]) for platform in platforms]
    for thread in threads:
        thread.start()
    try:
        _wait_until(lambda: any(platform.accepted for platform in platforms), failures)
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.1, 1.2))
            victims = installation.processes()
            if victims:
                _kill(chance.choice(victims))
            installation.keep_alive()
            if chance.random() < 0.7:  # the other kills fall into the recovery itself
                _wait_for_more(platforms, 2, failures, installation)
        _wait_for_more(platforms, KILLS, failures, installation)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not failures, failures
    accepted = {number: files for platform in platforms for number, files in platform.accepted.items()}
    try:
        installation.keep_alive()
        _wait_until(lambda: _waiting(installation) == 0, failures, installation)
        _hold(installation, accepted)
    finally:
        installation.stop()


def _wait_for_more(platforms: list[Platform], more: int, failures, installation: Installation) -> None:
    """Until so many more reports were accepted than now: what is killed next was at work."""

    def accepted() -> int:
        return sum(len(platform.accepted) for platform in platforms)

    wanted = accepted() + more
    _wait_until(lambda: accepted() >= wanted, failures, installation)


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):  # it ended by itself in between, which is a death like any other
        os.kill(process, signal.SIGKILL)


def _wait_until(is_so, failures, installation=None) -> None:
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not failures and not is_so():
        assert time.monotonic() < deadline, "it did not come back in time"
        if installation is not None:
            installation.keep_alive()
        time.sleep(0.1)


def _waiting(installation: Installation) -> int:
    try:
        return _ask(installation, "select count(*) from shared_waypoint")[0][0]
    except OSError:
        return -1


def _ask(installation: Installation, question: str, *values):
    import psycopg

    try:
        with Cluster(installation.data).connect("postgres", DATABASE) as connection:
            return connection.execute(question, values).fetchall()
    except psycopg.OperationalError as lost:
        raise OSError from lost


def _hold(installation: Installation, accepted: dict[int, list[bytes]]) -> None:
    """What was accepted is there once, whole, assessed once for each reason to; nothing else is; every proof holds."""
    numbers = [row[0] for row in _ask(installation, "select number from intake_report")]
    assert len(numbers) == len(set(numbers)), "a report is there twice"
    assert set(numbers) == set(accepted), "accepted and held differ"
    assert len(accepted) > KILLS, "too little was sent for the test to say anything"
    held = dict(
        _ask(
            installation,
            "select r.number, array_agg(f.size_bytes order by f.position) from intake_report r join intake_file f on f.report_id = r.id group by 1",
        )
    )
    for number, files in accepted.items():
        assert held.get(number, []) == [len(content) for content in files]
    assessed = _ask(installation, "select report_id, count(*) from triage_assessment group by 1")
    assert len(assessed) == len(accepted)
    alike = dict(
        _ask(installation, "select report_id, count(*) from matching_file_hash where stack_form <> '' group by 1")
    )
    said = _ask(installation, "select report_id, reasons::text from triage_assessment order by id")
    of_persons: dict[object, list[frozenset[str]]] = {}
    for report, reasons in said:
        of_persons.setdefault(report, []).append(frozenset(re.findall(r'"(subject_\w+)"', reasons)))
    for report, count in assessed:
        turns = sum(one != other for one, other in pairwise(of_persons[report]))
        assert count <= 1 + alike.get(report, 0) + turns, (
            "a report is weighed again where its picture looks like an earlier one, or its persons' other reports say otherwise"
        )
    received = _ask(
        installation, "select subject_id, count(*) from ledger_entry where event = 'intake:report:received' group by 1"
    )
    assert len(received) == len(accepted)
    assert {count for _, count in received} == {1}
    checked = installation.run("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr

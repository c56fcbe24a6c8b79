"""What `conftest.py` stands on: the run's PostgreSQL, its template database, and real server processes on copies of it."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from uuid import uuid4

import imageio_ffmpeg
import psycopg

from abhaya.shared.cluster import PORT, SUPERUSER, Cluster, _children
from abhaya.shared.roles import password_file

TEMPLATE = "abhaya"
UNSAFE_AND_QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "256MB",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
}
ALIVE = "alive"
PREFIX = "abhaya-tests-"
MEMORY = Path("/dev/shm")
MEMORY_BYTES_MIN = 8 * 1024**3  # what a run may write at once, and as much again for its programs
SERVE_SECONDS_MAX = 30


def join_bench() -> Bench:
    """This run's bench, made by the first process and handed to its workers by ABHAYA_TEST_BENCH."""
    # Compiled once and kept: where that is switched off, each of a thousand programs compiles all it imports again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    folder = os.environ.get("ABHAYA_TEST_BENCH")
    if folder is None:
        if "TMPDIR" not in os.environ and _has_room_in_memory():
            os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
        _sweep()
        folder = os.environ["ABHAYA_TEST_BENCH"] = tempfile.mkdtemp(prefix=PREFIX)
    bench = Bench(Path(folder), os.environ.get("PYTEST_XDIST_WORKER", "solo"))
    for name in [name for name in os.environ if name.startswith("ABHAYA_") and name != "ABHAYA_TEST_BENCH"]:
        del os.environ[name]  # a developer's own settings have no place here
    os.environ.update(bench.environment(bench.data, bench.database))
    os.environ["ABHAYA_FFMPEG"] = imageio_ffmpeg.get_ffmpeg_exe()  # the same film on every machine
    os.environ["DJANGO_SETTINGS_MODULE"] = "abhaya.settings"
    return bench


def _has_room_in_memory() -> bool:
    """Whether what tests write may stay in memory, which saves thousands of waits for the disk. Whatever is killed by a
    test finds there what it wrote, as on a disk; a machine without its power is what no test can have.
    """
    if not os.path.ismount(MEMORY) or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return False
    told = Path("/proc/meminfo").read_text(encoding="ascii").split("MemAvailable:")[1].split()[0]
    limit = Path("/sys/fs/cgroup/memory.max")
    most = limit.read_text(encoding="ascii").strip() if limit.exists() else "max"
    place = os.statvfs(MEMORY)
    room = [place.f_bavail * place.f_frsize, int(told) * 1024, *([int(most)] if most.isdigit() else [])]
    return min(room) >= MEMORY_BYTES_MIN


def _sweep() -> None:
    """Ends the servers of test runs that were killed: nobody holds their lock."""
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        if (folder / ALIVE).exists():
            with (folder / ALIVE).open("a") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                Cluster(folder).stop()
            shutil.rmtree(folder, ignore_errors=True)


class Bench:
    """A server for a whole test run. `data` and `database` are this worker's own."""

    def __init__(self, folder: Path, worker: str) -> None:
        self.folder = folder
        self.worker = worker
        self.data = folder / worker
        self.database = f"abhaya_{worker}"
        self._built = False
        self._alive = (folder / ALIVE).open("a")
        fcntl.flock(self._alive, fcntl.LOCK_SH)

    def environment(self, data: Path, database: str) -> dict[str, str]:
        """Settings that point a program at a database of this server and a data folder."""
        return {
            "ABHAYA_DATA": str(data),
            "ABHAYA_DATABASE_URL": f"postgresql:///{database}?host={Cluster(self.folder).sockets}&port={PORT}",
        }

    def build(self) -> None:
        """The server started, the template migrated once for all workers, this worker's database copied from it."""
        if self._built:
            return
        self._built = True
        with (self.folder / "building").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            cluster = Cluster(self.folder, UNSAFE_AND_QUICK)
            cluster.start()
            if not (self.folder / "migrated").exists():
                environment = {**os.environ, **self.environment(self.folder, TEMPLATE)}
                _run([sys.executable, "-m", "abhaya.cli", "migrate", "--quiet"], environment)
                (self.folder / "migrated").touch()
            self.copy_template(self.data, self.database)

    def copy_template(self, data: Path, database: str) -> None:
        """A database of its own, and a data folder whose passwords open it."""
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data / "secrets").mkdir(mode=0o700, exist_ok=True)
        for password in (self.folder / "secrets").glob("database-*"):
            shutil.copy2(password, data / "secrets" / password.name)
        with self.connect(SUPERUSER, SUPERUSER) as admin:
            admin.autocommit = True
            admin.execute(f"create database {database} template {TEMPLATE} strategy file_copy owner abhaya_owner")
            admin.execute(f"revoke all on database {database} from public")
            admin.execute(f"grant connect, temporary on database {database} to abhaya_app, abhaya_road")
            admin.execute(f"grant connect on database {database} to abhaya_service, abhaya_sequencer")

    def connect(self, role: str, database: str | None = None) -> psycopg.Connection:
        """A plain connection as one of the roles, or as the superuser."""
        return Cluster(self.folder).connect(role, database or self.database)

    def fresh(self, folder: Path) -> Served:
        """An empty database and data folder of one's own."""
        database = f"abhaya_{uuid4().hex[:12]}"
        self.copy_template(folder / "data", database)
        return Served(folder / "data", self.environment(folder / "data", database), database)

    def drop(self, database: str) -> None:
        """A database that `fresh` made, and whoever is still connected to it."""
        with self.connect(SUPERUSER, SUPERUSER) as admin:
            admin.autocommit = True
            admin.execute(f"drop database if exists {database} with (force)")

    def own(self) -> Served:
        """This worker's database, to be served by a real program."""
        return Served(self.data, self.environment(self.data, self.database), self.database)

    def leave(self, *, is_last: bool) -> None:
        """The process that began the run stops the server and removes every trace; a worker leaves it running."""
        self._alive.close()
        if is_last:
            Cluster(self.folder).stop()
            shutil.rmtree(self.folder, ignore_errors=True)
        for server in _children:
            if server.poll() is None:
                server.returncode = 0  # not ours to wait for any more


@dataclass(slots=True)
class Served:
    """A data folder and database, and the real programs run on them."""

    data: Path
    environment: dict[str, str]
    database: str
    url: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self, *words: str, check: bool = True, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """`abhaya WORD…` to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "abhaya.cli", *words],
            env={**os.environ, **self.environment}, capture_output=True, text=True, check=False, input=stdin,
        )  # fmt: skip
        if check and done.returncode != 0:
            raise AssertionError(f"abhaya {' '.join(words)} ended with {done.returncode}: {done.stderr}{done.stdout}")
        return done

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """`abhaya WORD…` running beside the test; its log is `data/WORD.log`."""
        with (self.data / f"{words[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "abhaya.cli", *words],
                env={**os.environ, **self.environment}, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        self.processes.append(process)
        return process

    def connect(self, role: str) -> psycopg.Connection:
        """A plain connection to this database as one of the roles."""
        host = self.environment["ABHAYA_DATABASE_URL"].split("host=")[1].split("&")[0]
        return psycopg.connect(
            host=host, port=PORT, dbname=self.database, user=role, passfile=str(password_file(self.data, role))
        )

    def serve(self) -> str:
        """The web server, answering."""
        port = free_port()
        process = self.start("serve", "--port", str(port))
        self.url = f"http://127.0.0.1:{port}"
        wait_for(self.url, process, self.data / "serve.log")
        return self.url

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=SERVE_SECONDS_MAX)
        self.processes.clear()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Returns when anything at all is answered over HTTP."""
    until = time.monotonic() + SERVE_SECONDS_MAX
    while True:
        try:
            urllib.request.urlopen(url, timeout=SERVE_SECONDS_MAX).close()
        except HTTPError as error:
            error.close()
        except (URLError, ConnectionError):
            if process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"no answer at {url}: {log.read_text(errors='replace')[-3000:]}") from None
            time.sleep(0.05)
            continue
        return


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-3000:]}")

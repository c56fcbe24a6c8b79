"""One private PostgreSQL under `ABHAYA_DATA/postgres`: made, started, believed, stopped.

It listens on a Unix socket in a folder only its user may enter. It is believed to run when it answers `SELECT 1`, never
because of a process number in a file. Every process of it holds one file lock, inherited from its start, so that a new
server waits until the last process of a killed one is gone.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from abhaya.errors import OperatorError
from abhaya.shared import roles
from abhaya.shared.programs import Runner, binaries, give_to, runner

DATABASE = "abhaya"
FURNISHED = "furnished-2"  # the mark of a server that has our roles; another name when there are more of them
SUPERUSER = "postgres"
PORT = "5432"  # names the socket file; nothing listens on the network
SOCKET_PATH_BYTES_MAX = 107  # sockaddr_un.sun_path of unix(7), less its final zero
CONNECT_SECONDS_MAX = 5
START_SECONDS_MAX = 600  # a large server repairs itself after a power cut
STOP_SECONDS_MAX = 60
LEFT_OVER_SECONDS_MAX = 5  # a killed server's processes notice within one; then they are told
POLL_SECONDS = 0.02
LOG_BYTES_MAX = 32 * 1024**2  # at a start, a longer log makes way for a new one; the one before it is kept

# No row of anybody's may reach the server's own log: no statements, no parameters, no DETAIL lines.
_ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
}
# Written once into postgresql.conf, where an administrator may change them.
_TUNING = """
# Abhaya's defaults for a small server
jit = off
max_connections = 200
max_wal_size = 2GB
random_page_cost = 1.1
timezone = 'UTC'
log_timezone = 'UTC'
"""
_children: list[subprocess.Popen[bytes]] = []  # kept so that a server that ends is reaped


@dataclass(frozen=True, slots=True)
class Cluster:
    """One private server. `settings` are PostgreSQL's, for this start only (tests pass `fsync = off`)."""

    data_dir: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.data_dir.absolute() / "postgres"

    @property
    def sockets(self) -> Path:
        """The socket's folder: ours, or, when that path is too long for a socket, one named by it."""
        usual = self.data_dir.absolute() / "run"
        if len(os.fsencode(usual / f".s.PGSQL.{PORT}.lock")) <= SOCKET_PATH_BYTES_MAX:
            return usual
        name = hashlib.sha256(os.fsencode(usual)).hexdigest()[:16]
        # The same for every process, whatever its TMPDIR; `_folders` refuses one that is not ours.
        return Path("/tmp") / f"abhaya-{os.geteuid()}-{name}"  # noqa: S108 — as above

    def answers(self) -> bool:
        """It runs, and has our roles and our database."""
        return roles.password_file(self.data_dir, roles.SERVICE).exists() and self._asked(roles.SERVICE, DATABASE)

    def lives(self) -> bool:
        """Its first process is at work, whether it answers or not: busy, full, or repairing itself."""
        return self._recorded_pid() in self._processes()

    def start(self) -> None:
        """Starts the server if it does not answer; makes it first if there is none. Two callers at once agree."""
        if self.answers():
            return
        with self._alone():
            if self.answers():
                return
            runs_as = runner(self.folder)
            self._folders(runs_as)
            if not (self.folder / "data").exists():
                self._make(runs_as)
            if not self._asked(SUPERUSER, SUPERUSER):
                if self.lives():
                    self._wait_for_an_answer(self.lives)
                else:
                    self._launch(runs_as)
            if not (self.folder / FURNISHED).exists():
                self._furnish()
                (self.folder / FURNISHED).touch()

    def stop(self) -> None:
        """Stops the server, waiting for its last process to be gone. Nothing to do when it does not run."""
        if not self.folder.exists():
            return
        with self._alone():
            for how in (signal.SIGINT, signal.SIGQUIT):
                pid = self._recorded_pid()
                if pid is None or not self._has_processes():
                    break
                if pid in self._processes():
                    os.kill(pid, how)
                self._gone_within(STOP_SECONDS_MAX)
        for child in _children:
            child.poll()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "starting").open("a+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _folders(self, runs_as: Runner) -> None:
        self.data_dir.chmod(0o700)
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        found = self.sockets.lstat()
        if found.st_uid not in {os.geteuid(), runs_as.owner_uid} or found.st_mode & 0o077:
            raise OperatorError(f"{self.sockets} belongs to somebody else or is open to others; remove it.")
        for folder in (self.folder, self.sockets):
            give_to(folder, runs_as)

    def _make(self, runs_as: Runner) -> None:
        """`initdb` into a draft folder that takes its name only when it is whole."""
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        password = roles.password(self.data_dir, SUPERUSER)
        words = ["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--auth=scram-sha-256"]
        handed = self.folder / "handed"  # the database's user may not read our secrets
        handed.unlink(missing_ok=True)
        with os.fdopen(os.open(handed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(password)
        if runs_as.owner_uid is not None:
            os.chown(handed, runs_as.owner_uid, -1)
        command: list[str | Path] = [
            binaries() / "initdb",
            *words,
            f"--username={SUPERUSER}",
            f"--pwfile={handed}",
            "-D",
            draft,
        ]
        done = subprocess.run(  # noqa: S603 — our own words
            [*runs_as.before, *command], capture_output=True, text=True, check=False, cwd="/", **runs_as.options
        )
        handed.unlink()
        if done.returncode != 0:
            raise OperatorError(f"PostgreSQL could not make its folder {draft}: {_last_lines(done.stderr)}")
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(_TUNING)
        draft.rename(self.folder / "data")

    def _launch(self, runs_as: Runner) -> None:
        major = int((self.folder / "data" / "PG_VERSION").read_text(encoding="ascii"))
        program = binaries(major) / "postgres"
        if not self._gone_within(LEFT_OVER_SECONDS_MAX):
            self._end_left_overs()
        options = [
            word
            for name, value in {**_ALWAYS, "unix_socket_directories": str(self.sockets), **self.settings}.items()
            for word in ("-c", f"{name}={value}")
        ]
        command: list[str | Path] = [*runs_as.before, program, "-D", self.folder / "data", "-p", PORT, *options]
        # A killed server that nobody reaped still has a process number, and PostgreSQL would take it for a running
        # server. Our lock has just shown that it is gone; this variable tells PostgreSQL to disregard that number.
        environment = {**os.environ, "PG_GRANDPARENT_PID": str(self._recorded_pid() or 0)}
        written = self.folder / "server.log"
        if written.exists() and written.stat().st_size > LOG_BYTES_MAX:
            written.replace(self.folder / "server.log.before")
        with (self.folder / "life").open("a+b") as life, written.open("ab") as log:
            fcntl.flock(life, fcntl.LOCK_SH)
            server: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603 — our own words
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=environment,
                start_new_session=True, pass_fds=[life.fileno()], **runs_as.options,
            )  # fmt: skip
        _children.append(server)
        self._wait_for_an_answer(lambda: server.poll() is None)

    def _wait_for_an_answer(self, there_is_hope: Callable[[], bool]) -> None:
        until = time.monotonic() + START_SECONDS_MAX
        while not self._asked(SUPERUSER, SUPERUSER):
            if not there_is_hope() or time.monotonic() > until:
                said = (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")
                raise OperatorError(
                    f"PostgreSQL in {self.folder} does not answer at {self.sockets}: {_last_lines(said)}"
                    f" (all of it: {self.folder}/server.log)"
                )
            time.sleep(POLL_SECONDS)

    def _furnish(self) -> None:
        """Roles and database. Every statement can be repeated: a kill between two of them costs nothing."""
        with self.connect(SUPERUSER, SUPERUSER, autocommit=True) as admin:
            roles.make_roles(admin, self.data_dir)
            if not admin.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchall():
                admin.execute(f"create database {DATABASE} owner {roles.OWNER}")
        with self.connect(SUPERUSER, DATABASE) as admin:
            roles.open_database(admin, DATABASE)
        with self.connect(roles.OWNER, DATABASE) as owner:
            roles.close_defaults(owner)

    def part_roles(self) -> None:
        """See `roles.part_roles`."""
        with self.connect(SUPERUSER, SUPERUSER) as admin:
            roles.part_roles(admin)

    def connect(self, role: str, database: str, *, autocommit: bool = False) -> psycopg.Connection:
        """A plain connection to this server."""
        return psycopg.connect(
            host=str(self.sockets), port=PORT, dbname=database, user=role, autocommit=autocommit,
            passfile=str(roles.password_file(self.data_dir, role)), connect_timeout=CONNECT_SECONDS_MAX,
        )  # fmt: skip

    def _asked(self, role: str, database: str) -> bool:
        try:
            with self.connect(role, database) as connection:
                return connection.execute("select 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    def _recorded_pid(self) -> int | None:
        try:
            return int((self.folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def _has_processes(self) -> bool:
        with (self.folder / "life").open("a+b") as life:
            try:
                fcntl.flock(life, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _gone_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while self._has_processes():
            if time.monotonic() > until:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def _processes(self) -> list[int]:
        """Processes at work in the data folder, every one of PostgreSQL's being there."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if (process / "cwd").readlink() == self.folder / "data":
                    found.append(int(process.name))
        return found

    def _end_left_overs(self) -> None:
        """A killed server's process is still at a long statement; nobody waits for its answer any more.

        Called only when the first process is gone: a server that lives is never ended for not answering.
        """
        for pid in self._processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
        if not self._gone_within(STOP_SECONDS_MAX):
            raise OperatorError(f"Processes of a server that was killed still run in {self.folder}; end them first.")


def _last_lines(text: str) -> str:
    return " / ".join(line.strip() for line in text.strip().splitlines()[-3:])

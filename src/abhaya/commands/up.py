"""`abhaya up`: database, web server and workers under one roof; what dies is started again."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connections

from abhaya.commands import lifeline
from abhaya.commands.authority import bracketed, made, two_lines
from abhaya.errors import OperatorError
from abhaya.shared.authority import standing
from abhaya.shared.migrate import migrate, older, pending
from abhaya.shared.postgres import prepare

HERE, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 — a server for its network listens on it
LOOK_SECONDS = 0.2
PAUSE_SECONDS, PAUSE_SECONDS_MAX = 0.5, 15.0  # before starting again: doubled each time, small again after a good run
GOOD_RUN_SECONDS = 30.0
STOP_SECONDS_MAX = 40.0
HOPELESS = {2, 3}  # wrong usage, cannot run here: starting again would say the same

log = logging.getLogger("abhaya.up")


@dataclass(slots=True)
class Child:
    """One program under the roof."""

    words: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause_seconds: float = PAUSE_SECONDS


def up(arguments: Namespace) -> int:
    """At this machine alone over HTTP; with a name, for its network over HTTPS with the unit's own certificate."""
    names = _names(arguments)
    host = arguments.host or (EVERYWHERE if names else HERE)
    _refuse_another_version()
    migrate(verbosity=0)
    own = made(names) if names else None
    web = ["serve", "--host", host, "--port", str(arguments.port)]
    programs = [web, *[["worker"]] * arguments.workers]
    if own is None:
        scheme = "https" if settings.TLS_CERTIFICATE else "http"
        print(f"Abhaya answers at {scheme}://{host}:{arguments.port} (Ctrl-C stops it)", flush=True)
        return supervise(programs)
    os.environ["ABHAYA_TLS"], os.environ["ABHAYA_HOSTS"] = "own", ",".join(map(bracketed, own.names))
    os.environ["ABHAYA_PORT"] = str(arguments.port)  # where the steps lead to
    programs.append(["authority", "serve", "--host", host, "--port", str(arguments.steps_port)])
    print(
        f"Abhaya answers at https://{bracketed(own.names[0])}:{arguments.port} (Ctrl-C stops it).\n"
        f"Each computer trusts it once: open http://{bracketed(own.names[0])}:{arguments.steps_port} there and follow the"
        f" steps.\nThe fingerprint to compare:\n{two_lines(own.fingerprint)}",
        flush=True,
    )
    return supervise(programs)


def _refuse_another_version() -> None:
    """A database that is in use comes to a new version by `abhaya upgrade`, with a backup, never by the way. One that
    nobody has signed in to yet is simply made.
    """
    prepare(settings.DATA_DIR)
    owner = connections[settings.MIGRATION_DATABASE]
    try:
        steps = len(pending(settings.MIGRATION_DATABASE))
        if steps and "access_officer" in owner.introspection.table_names():
            with owner.cursor() as cursor:
                cursor.execute("select exists (select 1 from access_officer)")
                (in_use,) = cursor.fetchone()
            if in_use:
                raise OperatorError(older(steps))
    finally:
        owner.close()


def _names(arguments: Namespace) -> list[str]:
    """The names asked for; without `--name`, those of the authority that was made before."""
    if arguments.name is not None:
        given = [name.strip() for name in arguments.name.split(",") if name.strip()]
        return given or [socket.gethostname()]
    if settings.TLS or settings.TRAINING or not (Path(settings.DATA_DIR) / "tls/authority.crt").exists():
        return []
    return list(standing(Path(settings.DATA_DIR)).names)


def supervise(programs: Sequence[Sequence[str]], *, meanwhile: Callable[[threading.Event], None] | None = None) -> int:
    """Keeps the programs running until SIGTERM or Ctrl-C, then stops them, workers first.

    `meanwhile` runs beside them in a thread; its failure ends everything, and so does setting the event it is given.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    children = [Child(words) for words in programs]
    code = 0
    try:
        with ThreadPoolExecutor(1) as beside:
            story = beside.submit(meanwhile, stop) if meanwhile else None
            while not stop.is_set() and not code and not (story and story.done() and story.exception()):
                code = max(_look_after(child) for child in children)
                stop.wait(LOOK_SECONDS)
            stop.set()
        if story:
            story.result()  # raises what ended it
    finally:
        _end(children)
    return code


def _look_after(child: Child) -> int:
    """Starts the child if it does not run. Returns an exit code when there is no hope for it, else 0."""
    ended = child.process.poll() if child.process else None
    if child.process and ended is None:
        return 0
    if ended in HOPELESS:
        return int(ended)
    now = time.monotonic()
    if child.process:
        if now - child.started_at > GOOD_RUN_SECONDS:
            child.pause_seconds = PAUSE_SECONDS
        if now < child.started_at + child.pause_seconds:
            return 0
        child.pause_seconds = min(child.pause_seconds * 2, PAUSE_SECONDS_MAX)
        print(f"abhaya {child.words[0]} ended with {ended}; starting it again", file=sys.stderr, flush=True)
    child.process, child.started_at = lifeline.start(child.words), now
    return 0


def _end(children: Sequence[Child]) -> None:
    running = [child.process for child in reversed(children) if child.process and child.process.poll() is None]
    for process in running:
        process.terminate()
    until = time.monotonic() + STOP_SECONDS_MAX
    for process in running:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("a program did not stop in time and was killed; nothing accepted is lost by that")
            process.kill()
            process.wait()

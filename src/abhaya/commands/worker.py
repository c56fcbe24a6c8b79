"""`abhaya worker`: what moves reports on. The road, the ledger's sequencer, the duties of the clock, and coarse jobs.

Run as many as the database carries, on any number of hosts: each batch, round and job is one worker's alone.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from argparse import Namespace
from collections.abc import Callable
from functools import partial

from django.db import close_old_connections
from procrastinate.contrib.django import app
from procrastinate.manager import JobManager

from abhaya.commands import lifeline
from abhaya.journey import DUTIES
from abhaya.ledger import sequencer
from abhaya.shared import duties, road
from abhaya.shared.jobs import QUEUE

IDLE_SECONDS = 0.2  # between looks at the road when nothing moved
RETRY_SECONDS = 2.0
STALLED_SECONDS = 60.0  # a worker silent for so long is dead, and its jobs are given to another
STOP_SECONDS_MAX = 30.0

log = logging.getLogger("abhaya.worker")


def worker(arguments: Namespace) -> int:
    """Until SIGTERM or Ctrl-C. A part that ends by itself ends the whole, so that it is started anew."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    lifeline.hold()
    parts: dict[str, Callable[[threading.Event], None]] = {
        "road": walk,
        "sequencer": sequencer.run,
        **{
            f"duties {apart}".strip(): partial(duties.keep, [duty for duty in DUTIES if duty.apart == apart])
            for apart in sorted({duty.apart for duty in DUTIES})
        },
        "jobs": do_jobs,
    }
    threads = [threading.Thread(target=part, args=[stop], name=name, daemon=True) for name, part in parts.items()]
    for thread in threads:
        thread.start()
    ended = []
    while not stop.wait(IDLE_SECONDS):
        ended = [thread.name for thread in threads if not thread.is_alive()]
        if ended:
            log.error("the worker's %s ended by itself", ", ".join(ended))
            stop.set()
    until = time.monotonic() + STOP_SECONDS_MAX
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return 1 if ended else 0


def walk(stop: threading.Event) -> None:
    """Moves reports along the road, stage by stage, batch by batch."""
    tried_again = False
    while not stop.is_set():
        moved = 0
        try:
            close_old_connections()
            if not tried_again:
                road.try_again()
                tried_again = True
            moved = road.step()
        except Exception:  # the process's boundary: a database that went away comes back
            log.exception("the road stands still")
            stop.wait(RETRY_SECONDS)
        if not moved:
            stop.wait(IDLE_SECONDS)


def do_jobs(stop: threading.Event) -> None:
    """Procrastinate's own worker, one job at a time; begun again when the database went away."""
    while not stop.is_set():
        try:
            asyncio.run(_jobs_until(stop))
        except Exception:  # the process's boundary, as above
            log.exception("jobs stand still")
            stop.wait(RETRY_SECONDS)


async def _jobs_until(stop: threading.Event) -> None:
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's connector has it
    with app.replace_connector(connector) as working:
        async with working.open_async():
            job = asyncio.create_task(
                working.run_worker_async(queues=[QUEUE], name="abhaya", concurrency=1, install_signal_handlers=False)
            )
            stalled = asyncio.create_task(_give_back_stalled(working.job_manager))
            while not stop.is_set() and not job.done() and not stalled.done():
                await asyncio.wait({job, stalled}, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            job.cancel()
            stalled.cancel()
            for ended in await asyncio.gather(job, stalled, return_exceptions=True):
                if isinstance(ended, Exception):
                    raise ended


async def _give_back_stalled(manager: JobManager) -> None:
    """Jobs of a worker that was killed wait again."""
    while True:
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            log.warning("job %s was left by a worker that ended; it waits again", job.id)
            await manager.retry_job(job)
        await asyncio.sleep(STALLED_SECONDS)

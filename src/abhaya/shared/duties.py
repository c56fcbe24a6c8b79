"""What comes round by the clock: expiry, reminders, partitions ahead. `journey.DUTIES` is the one list of them.

A duty is done in one transaction of a service of the road, by one worker at a time, and can be done again at no cost:
two workers do it twice as often, never at once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import close_old_connections

from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import execute, value

log = logging.getLogger("abhaya.duties")
PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Duty:
    """`service` is whom it runs as: `road:intake`. `run` does one round of it in the transaction it is called in.

    One that may take seconds is kept `apart`, in the thread of that name, so that the others come at their time.
    """

    name: str
    service: str
    every_seconds: float
    run: Callable[[], object]
    apart: str = ""


def do(duty: Duty) -> bool:
    """One round, unless another worker is at it. Says whether it was done."""
    with on_the_road(duty.service):
        if not value("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"duty {duty.name}"]):
            return False
        duty.run()
    return True


def keep(duties: Sequence[Duty], stop: threading.Event) -> None:
    """Each duty at its time until `stop` is set; the first round of each at once."""
    due = dict.fromkeys((duty.name for duty in duties), 0.0)
    while not stop.is_set():
        for duty in duties:
            if stop.is_set() or time.monotonic() < due[duty.name]:
                continue
            due[duty.name] = time.monotonic() + duty.every_seconds
            try:
                close_old_connections()
                do(duty)
            except Exception:  # the worker's boundary: a duty that fails is told, and the others still come round
                log.exception("the duty %s failed", duty.name)
        stop.wait(PAUSE_SECONDS)


def make_partitions() -> None:
    """Month partitions a year ahead; as a function of the owner's, because no running program may make a table."""
    execute("select shared_make_partitions()")

"""Coarse jobs (one file, one export), deferred by name in the caller's transaction, done by a worker as the same officer.

A job carries who asked and why, and opaque ids; never content. Whether that officer may still do it is asked again when
it runs. A job may run twice after a crash: it must find what it already did. `journey.JOBS` is the one list of them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import procrastinate
from django.db import InterfaceError, OperationalError, close_old_connections
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from abhaya.errors import AbhayaError, NotPermitted
from abhaya.shared.identity import Actor, acting, current_actor, on_the_road

QUEUE = "abhaya"
ATTEMPTS_MAX = 5
WAIT_SECONDS = 10

log = logging.getLogger("abhaya.jobs")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for a job and why. `transaction` opens one as that officer, or as that service of the road."""

    officer: UUID | None
    name: str
    purpose: str

    @contextmanager
    def transaction(self) -> Iterator[Actor]:
        if self.officer is None:
            with on_the_road(self.name, purpose=self.purpose) as actor:
                yield actor
        else:
            with acting(self.officer, name=self.name, purpose=self.purpose) as actor:
                yield actor


@dataclass(frozen=True, slots=True)
class Job:
    """`permission` is asked of the officer again at run time. `run` opens its transactions with `asked.transaction()`."""

    name: str
    permission: str
    run: Callable[[Asked, Mapping[str, str]], None]


MayStill = Callable[[UUID, str], bool]

_jobs: dict[str, Job] = {}
_may_still: list[MayStill] = []


def set_jobs(jobs: Sequence[Job], may_still: MayStill | None) -> None:
    """Called once at start-up. `may_still(officer, permission)` is the access room's answer, within a transaction."""
    _jobs.clear()
    _jobs.update({job.name: job for job in jobs})
    _may_still[:] = [may_still] if may_still else []


def defer(name: str, **ids: str) -> None:
    """The job is there when the caller's transaction commits, and was never there when it does not.

    The same job asked for twice runs twice, one after the other: the second finds what the first did.
    """
    if name not in _jobs:
        raise KeyError(name)
    actor = current_actor()
    opaque: JSONDict = {**ids}
    one_at_a_time = " ".join([name, *ids.values()])
    app.configure_task("abhaya.run", queue=QUEUE, lock=one_at_a_time, allow_unknown=False).defer(
        job=name, officer=str(actor.id or ""), officer_name=actor.name, purpose=actor.purpose, ids=opaque
    )


@app.task(
    name="abhaya.run",
    queue=QUEUE,
    retry=procrastinate.RetryStrategy(
        max_attempts=ATTEMPTS_MAX, wait=WAIT_SECONDS, retry_exceptions={OperationalError, InterfaceError}
    ),
)
def run(*, job: str, officer: str, officer_name: str, purpose: str, ids: dict[str, str]) -> None:
    """Runs one deferred job. A refusal ends it, told to the log; a lost database is tried again."""
    close_old_connections()
    asked = Asked(UUID(officer) if officer else None, officer_name, purpose)
    chosen = _jobs[job]
    try:
        if asked.officer is not None:
            with asked.transaction():
                if not all(may(asked.officer, chosen.permission) for may in _may_still):
                    raise NotPermitted("Whoever asked for this may not do it any more.")
        chosen.run(asked, ids)
    except AbhayaError as error:
        log.warning("the job %s was not done: %s", job, error.sentence)
        raise
    finally:
        close_old_connections()

"""The road's signal. A stage ends with `passed(stage, ids)`; which stage comes next is `journey.ROAD`'s knowledge alone.

The waiting reports stand in `shared_waypoint`, written in the stage's own transaction. `advance` claims a batch with
`FOR UPDATE SKIP LOCKED`, runs the next stage on it as one set and removes it, in one transaction: a killed worker
leaves the batch waiting, and nothing is done twice. So the commit need not wait for the disk: what a crash takes away it
takes whole, its waypoint stands again, and whatever was decided by it since has waited for the disk, and for this with it. A report for which more comes later passes the first stage again and
walks the whole road again; each stage finds what it wrote before and adds what is new.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from abhaya.shared.bulk import add
from abhaya.shared.identity import on_the_road
from abhaya.shared.sql import NamedSql, execute, fetch, is_trouble, later, together, value, values

BATCH_REPORTS_MAX = 500
ATTEMPTS_MAX = 5  # after this a report waits for an operator; `abhaya check` counts it

log = logging.getLogger("abhaya.road")
SQL = NamedSql(__file__, "road.sql")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the road: its name, the service it runs as, and what it does to a set of reports."""

    name: str
    run: Callable[[Sequence[UUID]], None]


# A report that passes a stage again, because it was forwarded or more came for it, may still wait for the next one: it
# waits once. While a worker has it in hand this waits until that is done, and puts it down anew: the worker began before
# what is told here. Rows in order of their ids, and stages forward only: nobody waits in a circle.
_ONCE = "on conflict (stage, report_id) do update set attempts = 0"

_next: dict[str, Stage] = {}
_stages: dict[str, Stage] = {}


def set_road(first: str, stages: Sequence[Stage]) -> None:
    """Called once at start-up with `journey.ROAD`: after `first` comes `stages[0]`, and so on."""
    _next.clear()
    _stages.clear()
    before = first
    for stage in stages:
        _next[before] = stage
        _stages[stage.name] = stage
        before = stage.name


def stages() -> Mapping[str, Stage]:
    return _stages


def passed(stage: str, report_ids: Sequence[UUID]) -> None:
    """These reports have passed `stage`, in the caller's transaction."""
    following = _next.get(stage)
    if following is None or not report_ids:
        return
    rows = [(following.name, report) for report in sorted(set(report_ids))]
    add("shared_waypoint", ["stage", "report_id"], rows, conflict=_ONCE)


def again(stage: str, report_ids: Sequence[UUID], *, after_who_is_at_it: bool = False) -> None:
    """These reports, which passed `stage` before, come to it once more, in the caller's transaction: there is more to know.
    One that another worker has in hand there is not waited for, or two could wait for each other; a duty, for which no
    worker of the stage ever waits, asks to come `after_who_is_at_it`, who may have begun before what is known now.
    """
    if stage in _stages and report_ids:
        rows = [(stage, report) for report in sorted(set(report_ids))]
        conflict = _ONCE if after_who_is_at_it else "on conflict do nothing"
        add("shared_waypoint", ["stage", "report_id"], rows, conflict=conflict)


def advance(stage: Stage, *, batch_reports_max: int = BATCH_REPORTS_MAX) -> int:
    """Runs one waiting batch of `stage`. Returns how many reports moved on; 0 when none waits.

    If the batch fails, its reports are tried one by one, so that one bad report never holds the others.
    """
    claimed: list[UUID] = []
    try:
        with on_the_road(f"road:{stage.name}"):
            wanted = {"stage": stage.name, "most": batch_reports_max, "attempts": ATTEMPTS_MAX}
            claimed = _claimed(SQL["claim"], wanted)
            if claimed:
                stage.run(claimed)
                execute(SQL["done"], {"stage": stage.name, "reports": claimed})
    except Exception as error:  # the worker's boundary: whatever a stage raises, the other reports must move on
        if is_trouble(error):
            raise  # the database's trouble is not a report's: nothing is counted, the caller tries again later
        if len(claimed) <= 1:
            log.exception("stage %s failed on report %s", stage.name, claimed)
            if claimed:
                _count_failure(stage, claimed[0])
            return 0
        log.warning("stage %s failed on a batch of %d, trying one by one", stage.name, len(claimed))
        return sum(_advance_one(stage, report) for report in claimed)
    return len(claimed)


def _claimed(statement: str, wanted: Mapping[str, Any]) -> list[UUID]:
    with together():  # one trip
        later(SQL["may_be_repeated"])
        return values(statement, wanted)


def _advance_one(stage: Stage, report: UUID) -> int:
    try:
        with on_the_road(f"road:{stage.name}"):
            if not _claimed(SQL["claim_one"], {"stage": stage.name, "report": report}):
                return 0
            stage.run([report])
            execute(SQL["done"], {"stage": stage.name, "reports": [report]})
    except Exception as error:  # the worker's boundary, as above
        if is_trouble(error):
            raise
        log.exception("stage %s failed on report %s", stage.name, report)
        _count_failure(stage, report)
        return 0
    return 1


def _count_failure(stage: Stage, report: UUID) -> None:
    with on_the_road(f"road:{stage.name}"):
        execute(SQL["failed"], {"stage": stage.name, "report": report})


def step() -> int:
    """One batch of every stage where reports wait: what a worker repeats. Returns reports moved."""
    with on_the_road("road:worker"):
        waiting = set(values(SQL["stages"], {"attempts": ATTEMPTS_MAX}))
    return sum(advance(stage) for stage in _stages.values() if stage.name in waiting)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands before one stage: `failed` of them too often to be tried again by themselves."""

    stage: str
    waiting: int
    failed: int
    oldest: UUID


def standing() -> list[Standing]:
    """What stands on the road now, stage by stage."""
    with on_the_road("road:worker"):
        return fetch(Standing, SQL["waiting"], {"attempts": ATTEMPTS_MAX})


def try_again() -> int:
    """One more attempt for reports that failed too often: a worker that starts may be a new version. Returns how many."""
    with on_the_road("road:worker"):
        return execute(SQL["try_again"], {"attempts": ATTEMPTS_MAX})


def waiting() -> int:
    """How many reports wait before a stage and have not failed too often."""
    with on_the_road("road:worker"):
        return int(value(SQL["count"], {"attempts": ATTEMPTS_MAX}))


def drain(*, rounds_max: int = 1_000_000) -> int:
    """Runs every stage until nothing waits: what `abhaya load` and the tests use. Returns reports moved."""
    moved = 0
    for _ in range(rounds_max):
        moved_now = sum(advance(stage) for stage in _stages.values())
        if moved_now == 0:
            return moved
        moved += moved_now
    return moved

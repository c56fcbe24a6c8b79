"""What the ledger itself knows of how well this installation is kept: backups, rehearsals, checks, checkpoints handed out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from abhaya.ledger import queries
from abhaya.ledger.events import Event
from abhaya.ledger.reasons import SENTENCES
from abhaya.shared.checks import DAY, HOUR, MINUTE, Level, Result, aged, bad, ok, warn
from abhaya.shared.identity import on_the_road
from abhaya.shared.reason import Reason
from abhaya.shared.sql import NamedSql, fetch_one

SERVICE = "road:check"
BACKUP_WARN_SECONDS, BACKUP_BAD_SECONDS = 26 * HOUR, 7 * DAY  # every night, with two hours to spare
REHEARSAL_WARN_SECONDS = 92 * DAY
CHECKPOINT_WARN_SECONDS = 7 * DAY
LEDGER_WARN_SECONDS = 7 * DAY
LATE_SECONDS = MINUTE  # an act has its place within a second; a worker that rests may take longer
GRAVE = {"witness-ahead", "witness-refused"}
SQL = NamedSql(__file__, "health.sql")


@dataclass(frozen=True, slots=True)
class _Last:
    """The newest entry of an event."""

    at: datetime
    body: Any

    @property
    def seconds(self) -> float:
        return _since(self.at)

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(bytes(self.body))["facts"]
        return facts


@dataclass(frozen=True, slots=True)
class _Late:
    count: int
    oldest: datetime | None


def _last(event: Event) -> _Last | None:
    with on_the_road(SERVICE):
        return fetch_one(_Last, SQL["last"], {"event": event.value})


def _since(at: datetime) -> float:
    return (datetime.now(UTC) - at).total_seconds()


def backup() -> Result:
    """How old the last backup is, and whether it was whole."""
    last = _last(Event.SHARED_BACKUP_MADE)
    if last is None:
        return warn("backup-never")
    if missing := int(last.facts.get("missing", 0)):
        return bad("backup-missing", missing=missing)
    return aged("backup", last.seconds, warn_after=BACKUP_WARN_SECONDS, bad_after=BACKUP_BAD_SECONDS)


def rehearsal() -> Result:
    """When a backup was last restored elsewhere and compared."""
    last = _last(Event.SHARED_BACKUP_REHEARSED)
    if last is None:
        return warn("rehearsal-never")
    if findings := int(last.facts.get("findings", 0)):
        return bad("rehearsal-failed", findings=findings)
    return aged("rehearsal", last.seconds, warn_after=REHEARSAL_WARN_SECONDS)


def checkpoint() -> Result:
    """How long ago a checkpoint left the machine: what is younger, whoever holds the machine could still bend."""
    with on_the_road(SERVICE):
        signed, left = queries.last_checkpoint(), queries.last_departure()
    if signed is None:
        return ok("checkpoint-none-yet")
    if left is None:
        return warn("checkpoint-never")
    return aged(
        "checkpoint", _since(left.at), warn_after=CHECKPOINT_WARN_SECONDS, unproven=max(signed.size - left.size, 0)
    )


def sequencer() -> Result:
    """No act waits long for its place."""
    with on_the_road(SERVICE):
        late = fetch_one(_Late, SQL["late"])
    if late is None or late.oldest is None or _since(late.oldest) < LATE_SECONDS:
        return ok("sequencer-right")
    return aged("sequencer-late", _since(late.oldest), warn_after=0, bad_after=HOUR, waiting=late.count)


def witnesses() -> Result:
    """Whether those outside who are asked to vouch for the ledger do so; one that refuses may have found a rewrite."""
    with on_the_road(SERVICE):
        asked = queries.outsiders()
    named = {*(witness.name for witness in settings.LEDGER_WITNESSES), settings.LEDGER_TSA}
    problems = [one.problem for one in asked if one.name in named and one.problem is not None]
    if not problems:
        return Result(Level.OK, Reason("witnesses-sign", {"count": len(named - {""})}), SENTENCES)
    worst = next((problem for problem in problems if problem.code in GRAVE), problems[0])
    return Result(Level.BAD if worst.code in GRAVE else Level.WARN, worst, SENTENCES)


def checked() -> Result:
    """When every entry was last read again."""
    with on_the_road(SERVICE):
        last = queries.last_check()
    if last is None:
        return warn("ledger-never")
    if last.findings:
        return bad("ledger-failed", findings=len(last.findings))
    return aged("ledger", _since(last.at), warn_after=LEDGER_WARN_SECONDS)

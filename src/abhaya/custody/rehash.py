"""Every night a share of the originals is decrypted and hashed again; the whole vault within `ABHAYA_REHASH_DAYS` days.

A round takes a few seconds of each minute of the night's hours, so that the road does not feel it, and goes on after a crash
where the last round ended. A night's result is a text signed with the ledger's key, and an entry. What does not hold
stays in `custody_damage` until it was read whole again.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from abhaya.custody.check import NOWHERE, PARTED, Finding, Object, findings_of
from abhaya.custody.vault import vault
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.ledger.statement import own_key, signed
from abhaya.shared.ids import uuid7
from abhaya.shared.sql import NamedSql, execute, fetch, fetch_one

ROUND_SECONDS_MAX = 3.0  # of reading; the duty comes once a minute
PART_OBJECTS = 50
SHOWN_MAX = 200
SQL = NamedSql(__file__, "rehash.sql")
TITLE = "Abhaya re-hash of originals, version 1"

log = logging.getLogger("abhaya.custody")


class Night(NamedTuple):
    """A night's work under way. `first` and `last` are object ids, `last` the one read last."""

    id: UUID
    night: date
    number: int  # of the pass through the whole vault
    first: UUID
    last: UUID
    share: int
    objects: int
    size_bytes: int
    found: str


class _Ended(NamedTuple):
    night: date
    number: int
    last: UUID
    is_pass_end: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How the originals stand: open damages, when a whole pass last ended, when a night last did."""

    damaged: int
    whole_pass_at: datetime | None
    night_at: datetime | None
    since: date | None
    has_originals: bool


@dataclass(frozen=True, slots=True)
class Damage:
    """An original that does not hold, as it was last found."""

    object_id: UUID
    what: str
    sentence: str
    found_at: datetime
    seen_at: datetime
    whole_at: datetime | None


@dataclass(frozen=True, slots=True)
class Result:
    """A night as the page shows it. `note` is the signed text."""

    night: date
    number: int
    objects: int
    size_bytes: int
    found: str
    is_pass_end: bool
    ended_at: datetime | None
    note: str

    @property
    def counts(self) -> dict[str, int]:
        return dict(json.loads(self.found))


def rehash(*, now: datetime | None = None, seconds: float = ROUND_SECONDS_MAX) -> int:
    """A duty: one round of the night. Returns how many originals it read again."""
    now = now or datetime.now(UTC)
    night, current = night_of(now), fetch_one(Night, SQL["open_night"])
    if current is not None and current.night != night:
        _end(current, now, is_pass_end=False)  # the hours are over, or the server slept through them
        current = None
    if night is None:
        return 0
    if current is None:
        current = _begin(night)
    return 0 if current is None else _round(current, now, seconds)


def night_of(now: datetime) -> date | None:
    """The night that this instant belongs to, by the day it began on; None outside the hours of `ABHAYA_REHASH_HOURS`."""
    first, end = settings.REHASH_HOURS
    here = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    if first < end:
        return here.date() if first <= here.hour < end else None
    if first == end or here.hour >= first:
        return here.date()
    return here.date() - timedelta(days=1) if here.hour < end else None


def standing() -> Standing:
    """For the check and the health page."""
    found = fetch_one(Standing, SQL["standing"])
    assert found is not None  # noqa: S101 — a select of aggregates has one row
    return found


def damages() -> list[Damage]:
    """What does not hold now, newest first."""
    return fetch(Damage, SQL["damages"], {"most": SHOWN_MAX})


def nights() -> list[Result]:
    """The last nights, newest first."""
    return fetch(Result, SQL["nights"], {"most": 31})


def note_findings(read: list[UUID], findings: list[Finding]) -> None:
    """Keeps what does not hold of the originals that were read, and what holds again."""
    bad = {finding.object_id: finding for finding in findings if finding.object_id is not None}
    for object_id, finding in bad.items():
        execute(SQL["damaged"], {"object": object_id, "what": finding.what, "sentence": finding.sentence})
        log.error("%s", finding.sentence)
    execute(SQL["whole_again"], {"objects": [one for one in read if one not in bad]})
    execute(SQL["gone_since"])


def _begin(night: date) -> Night | None:
    before = fetch_one(_Ended, SQL["last_night"])
    if before is not None and before.night == night:
        return None  # this night has done its share
    after = NOWHERE if before is None or before.is_pass_end else before.last
    number = 1 if before is None else before.number + before.is_pass_end
    params = {"id": uuid7(), "night": night, "pass": number, "after": after, "days": settings.REHASH_DAYS}
    execute(SQL["begin_night"], params)
    return fetch_one(Night, SQL["open_night"])


def _round(current: Night, now: datetime, seconds: float) -> int:
    home, until, last = vault(), time.monotonic() + seconds, current.last
    read: list[UUID] = []
    findings: list[Finding] = []
    size_bytes, is_pass_end = 0, False
    while time.monotonic() < until and current.objects + len(read) < max(1, current.share):
        most = min(PART_OBJECTS, max(1, current.share) - current.objects - len(read))
        part = fetch(Object, PARTED["objects_after"], {"after": last, "most": most})
        if not part:
            is_pass_end = True
            break
        for one in part:
            findings += findings_of(home, one)
            read.append(one.id)
            size_bytes += one.size_bytes
            last = one.id
            if time.monotonic() >= until:
                break
    if not is_pass_end and current.objects + len(read) >= current.share:
        is_pass_end = not fetch(Object, PARTED["objects_after"], {"after": last, "most": 1})
    note_findings(read, findings)
    found = _added(current.found, findings)
    execute(
        SQL["note_round"], {"id": current.id, "last": last, "objects": len(read), "size": size_bytes, "found": found}
    )
    current = current._replace(
        last=last, objects=current.objects + len(read), size_bytes=current.size_bytes + size_bytes, found=found
    )
    if is_pass_end or current.objects >= current.share:
        _end(current, now, is_pass_end=is_pass_end)
    return len(read)


def _end(current: Night, now: datetime, *, is_pass_end: bool) -> None:
    """The night's result: signed, kept, and in the ledger."""
    note = signed(_text(current, now, is_pass_end=is_pass_end), own_key())
    execute(SQL["end_night"], {"id": current.id, "now": now, "is_pass_end": is_pass_end, "note": note})
    facts: dict[str, Any] = {
        "night": current.night.isoformat(), "pass": current.number, "first": str(current.first), "last": str(current.last),
        "objects": current.objects, "bytes": current.size_bytes, "found": json.loads(current.found),
        "is_pass_end": is_pass_end, "findings": sum(json.loads(current.found).values()),
    }  # fmt: skip
    record([Act(Event.CUSTODY_VAULT_REHASHED, facts=facts)])


def _text(current: Night, now: datetime, *, is_pass_end: bool) -> str:
    found = json.loads(current.found)
    lines = [
        TITLE,
        f"night: {current.night.isoformat()}",
        f"ended: {now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        f"pass: {current.number}",
        f"after original: {current.first}",
        f"to original: {current.last}",
        f"originals read: {current.objects}",
        f"bytes read: {current.size_bytes}",
        f"findings: {sum(found.values())}",
        *[f"  {what}: {count}" for what, count in sorted(found.items())],
        f"the whole vault has been read in this pass: {'yes' if is_pass_end else 'no'}",
    ]
    return "\n".join(lines) + "\n"


def _added(before: str, findings: list[Finding]) -> str:
    counts: dict[str, int] = json.loads(before)
    for finding in findings:
        counts[finding.what] = counts.get(finding.what, 0) + 1
    return json.dumps(counts, sort_keys=True)

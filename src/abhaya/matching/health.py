"""What waits to be compared as a picture: for `journey.CHECKS`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from abhaya.matching.near_reasons import SENTENCES
from abhaya.shared.checks import DAY, HOUR, Result, aged, ok
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import made_at
from abhaya.shared.sql import NamedSql, fetch

SERVICE = "road:check"
SQL = NamedSql(__file__, "near.sql")


def pictures() -> Result:
    """How many files wait for their fingerprints, and since when the oldest does."""
    with on_the_road(SERVICE):
        waiting, oldest = fetch(lambda *row: row, SQL["standing"])[0]
    if not waiting:
        return replace(ok("pictures-none"), sentences=SENTENCES)
    seconds = (datetime.now(UTC) - made_at(UUID(oldest))).total_seconds()
    found = aged("pictures-wait", seconds, warn_after=HOUR, bad_after=DAY, waiting=waiting)
    return replace(found, sentences=SENTENCES)

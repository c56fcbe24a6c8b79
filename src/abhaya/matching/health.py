"""What waits to be compared as a picture or as a film, and what is too common to be: for `journey.CHECKS`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from abhaya.matching.near_reasons import SENTENCES
from abhaya.shared.checks import DAY, HOUR, Result, aged, ok, warn
from abhaya.shared.identity import on_the_road
from abhaya.shared.ids import made_at
from abhaya.shared.sql import NamedSql, fetch

SERVICE = "road:check"
CROWDS_TOLD_DAYS = 30
CROWD_STEP = 10_000  # what is told follows no single file
SQL, FILMS = NamedSql(__file__, "near.sql"), NamedSql(__file__, "films.sql")


def pictures() -> Result:
    """How many files wait for their fingerprints, and since when the oldest does."""
    return _standing("pictures", SQL["standing"])


def films() -> Result:
    """The same of films."""
    return _standing("films", FILMS["standing"])


def _standing(what: str, statement: str) -> Result:
    with on_the_road(SERVICE):
        waiting, oldest = fetch(lambda *row: row, statement)[0]
    if not waiting:
        return replace(ok(f"{what}-none"), sentences=SENTENCES)
    seconds = (datetime.now(UTC) - made_at(UUID(oldest))).total_seconds()
    found = aged(f"{what}-wait", seconds, warn_after=HOUR, bad_after=DAY, waiting=waiting)
    return replace(found, sentences=SENTENCES)


def crowds() -> Result:
    """Whether a search met a hash that stands under more pictures than it lists, so that not every near one was found."""
    with on_the_road(SERVICE):
        met = fetch(lambda *row: row, SQL["crowds"], {"days": CROWDS_TOLD_DAYS})
    if not met:
        return replace(ok("crowds-none"), sentences=SENTENCES)
    index, positions = met[0]
    return replace(warn(f"crowds-{index}", count=f"{positions // CROWD_STEP * CROWD_STEP:,}"), sentences=SENTENCES)

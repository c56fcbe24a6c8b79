"""Passes changes of subjects on to whoever has open what they are about."""

from __future__ import annotations

from abhaya.linking.news import SQL
from abhaya.shared.sql import execute, values

CHANGES_PER_ROUND = 500
NEWS_DAYS = 30  # a change that nobody looked at in that time is read in the subject's own history
LOST_HOURS = 24  # to whom evidence was open that was taken away: asked within seconds, when its accounts are settled


def pass_changes_on() -> None:
    """A duty: the changes since the last round."""
    changes = values(SQL["untold"], {"most": CHANGES_PER_ROUND})
    if changes:
        execute(SQL["pass_on"], {"changes": changes})
        execute(SQL["forget"], {"days": NEWS_DAYS, "lost_hours": LOST_HOURS})

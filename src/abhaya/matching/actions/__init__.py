"""The only writers of matches and of hash lists."""

from __future__ import annotations

from abhaya.matching.actions.against_lists import ask_rechecks, carry_on_rechecks
from abhaya.matching.actions.categories import take_in_categories
from abhaya.matching.actions.exports import write_list
from abhaya.matching.actions.lists import NewList, NewVersion, end_list, open_list, open_version, read_version
from abhaya.matching.actions.match import match_reports
from abhaya.matching.actions.polling import poll_next, poll_step, set_poll
from abhaya.matching.actions.sharing import Ballot, end_share, share, vote

__all__ = [
    "Ballot",
    "NewList",
    "NewVersion",
    "ask_rechecks",
    "carry_on_rechecks",
    "end_list",
    "end_share",
    "match_reports",
    "open_list",
    "open_version",
    "poll_next",
    "poll_step",
    "read_version",
    "set_poll",
    "share",
    "take_in_categories",
    "vote",
    "write_list",
]

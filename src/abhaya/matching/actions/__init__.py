"""The only writers of matches and of hash lists."""

from __future__ import annotations

from abhaya.matching.actions.against_lists import carry_on_rechecks
from abhaya.matching.actions.categories import take_in_categories
from abhaya.matching.actions.lists import NewList, NewVersion, end_list, open_list, open_version, read_version
from abhaya.matching.actions.match import match_reports

__all__ = [
    "NewList",
    "NewVersion",
    "carry_on_rechecks",
    "end_list",
    "match_reports",
    "open_list",
    "open_version",
    "read_version",
    "take_in_categories",
]

"""The only writers of cases, what stands in them, and whom they are told to talk to."""

from __future__ import annotations

from abhaya.cases.actions.cases import (
    add_note,
    attach,
    change_case,
    close_case,
    detach,
    end_watch,
    open_case,
    reopen_case,
    save_chart,
    watch,
)
from abhaya.cases.actions.hits import compare_new_watches, compare_with_cases, decide_hit
from abhaya.cases.actions.probing import look_for_probing, note_asked, stands_out
from abhaya.cases.actions.subjects import compare_subjects

__all__ = [
    "add_note",
    "attach",
    "change_case",
    "close_case",
    "compare_new_watches",
    "compare_subjects",
    "compare_with_cases",
    "decide_hit",
    "detach",
    "end_watch",
    "look_for_probing",
    "note_asked",
    "open_case",
    "reopen_case",
    "save_chart",
    "stands_out",
    "watch",
]

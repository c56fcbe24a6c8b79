"""The only writers of officers, units, compartments, openings and second persons."""

from __future__ import annotations

from abhaya.access.actions.approvals import ApprovalKind, NeedsSecondPerson, ask, decide, spend
from abhaya.access.actions.members import CASE, admit, end_membership, found_case, hide_again, show_through
from abhaya.access.actions.officers import (
    NewOfficer,
    add_officer,
    change_language,
    change_officer,
    change_password,
    reset_sign_in,
)
from abhaya.access.actions.openings import WATCH, WORK, close_to, open_compartments, open_to
from abhaya.access.actions.units import Imported, add_unit, change_unit, import_units

__all__ = [
    "CASE",
    "WATCH",
    "WORK",
    "ApprovalKind",
    "Imported",
    "NeedsSecondPerson",
    "NewOfficer",
    "add_officer",
    "add_unit",
    "admit",
    "ask",
    "change_language",
    "change_officer",
    "change_password",
    "change_unit",
    "close_to",
    "decide",
    "end_membership",
    "found_case",
    "hide_again",
    "import_units",
    "open_compartments",
    "open_to",
    "reset_sign_in",
    "show_through",
    "spend",
]

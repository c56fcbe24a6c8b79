"""Officers from a CSV file, each with a temporary password that leaves this room once, in the answer.

A row that is wrong is set aside with its reason, the others go in. A known user name is left as it is: a file can be given
again, and never changes who somebody is.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from abhaya.access import rules
from abhaya.access.actions.officers import NewOfficer, add_officer
from abhaya.access.formats import officers_csv
from abhaya.access.formats.table_csv import NotATable, Row
from abhaya.access.queries import SQL, units
from abhaya.access.reasons import in_words
from abhaya.errors import OfficerError
from abhaya.ledger.actions import Act, record
from abhaya.ledger.events import Event
from abhaya.shared.reason import Reason
from abhaya.shared.sql import values

TEMPORARY_GROUPS = 5
TEMPORARY_GROUP_LETTERS = 4
TEMPORARY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are read for one another; 20 of them are 99 bits
LANGUAGES = ("en", "hi")


@dataclass(frozen=True, slots=True)
class Slip:
    """What one new officer is handed over: never written down by us but on the sheet."""

    username: str
    name: str
    unit: str
    password: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was set aside, and why."""

    line: int
    username: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ImportedOfficers:
    """What became of a file: slips of the new officers, how many were there already, what was set aside."""

    slips: tuple[Slip, ...]
    same: int
    refused: tuple[Refused, ...]
    unknown_columns: tuple[str, ...]


def temporary_password() -> str:
    """Random letters in groups, to be read out or written down once."""
    groups = (
        "".join(secrets.choice(TEMPORARY_LETTERS) for _letter in range(TEMPORARY_GROUP_LETTERS))
        for _group in range(TEMPORARY_GROUPS)
    )
    return "-".join(groups)


def import_officers(content: bytes, *, officers_max: int) -> ImportedOfficers:
    """Adds officers from a CSV file, at most so many new ones. Raises `OfficerError` for a file that is no table.

    The bound is the caller's: hashing a password takes a tenth of a second, and a page is waited for.
    """
    try:
        table = officers_csv.read(content)
    except NotATable as error:
        raise OfficerError(in_words([Reason(error.code, error.values)])) from error
    unit_of = {unit.code: unit.id for unit in units()}
    named = [row.values.get("username", "").lower() for row in table.rows]
    known = set(values(SQL["usernames"], [named]))
    if len(set(named) - known) > officers_max:
        raise OfficerError(
            _("At most {most} new officers at once here. Split the file, or use abhaya officer import.").format(
                most=officers_max
            )
        )
    slips: list[Slip] = []
    refused: list[Refused] = []
    seen: set[str] = set()
    for row, username in zip(table.rows, named, strict=True):
        faults = _faults(row, username, seen, unit_of)
        seen.add(username)
        if username in known and not faults:
            continue
        if faults:
            refused.append(Refused(row.line, username, in_words(faults)))
            continue
        try:
            slips.append(_added(row, username, unit_of))
        except OfficerError as refusal:
            refused.append(Refused(row.line, username, refusal.sentence))
    same = len(table.rows) - len(slips) - len(refused)
    counts = {"added": len(slips), "refused": len(refused), "same": same}
    record([Act(Event.ACCESS_OFFICERS_IMPORTED, facts=counts)])
    return ImportedOfficers(tuple(slips), same, tuple(refused), table.unknown_columns)


def _faults(row: Row, username: str, seen: set[str], unit_of: Mapping[str, UUID]) -> list[Reason]:
    if row.is_too_long:
        return [Reason("row-columns")]
    if username in seen:
        return [Reason("officer-twice", {"username": username})]
    unit, language = row.values.get("unit", ""), row.values.get("language", "")
    faults = rules.username_faults(username) + rules.role_faults(officers_csv.roles_in(row.values.get("roles", "")))
    if unit not in unit_of:
        faults.append(Reason("officer-unit", {"unit": unit}))
    if language and language.lower() not in LANGUAGES:
        faults.append(Reason("officer-language", {"language": language}))
    return faults


def _added(row: Row, username: str, unit_of: Mapping[str, UUID]) -> Slip:
    password = temporary_password()
    unit = row.values["unit"]
    roles = officers_csv.roles_in(row.values["roles"])
    language = row.values.get("language", "").lower() or LANGUAGES[0]
    add_officer(NewOfficer(username, row.values["name"], unit_of[unit], roles, password, language))
    return Slip(username, row.values["name"].strip(), unit, password)

"""Units and officers without a page: `abhaya unit import`, `abhaya officer add`, `abhaya officer import`."""

from __future__ import annotations

import csv
import sys
from argparse import Namespace
from pathlib import Path

from abhaya.access.actions import NewOfficer, add_officer, import_units
from abhaya.access.actions.officers_file import import_officers
from abhaya.access.formats.units_csv import FILE_BYTES_MAX
from abhaya.access.queries import unit_of_code
from abhaya.commands.files import new_text_file
from abhaya.errors import OfficerError
from abhaya.shared.identity import on_the_road
from abhaya.shared.tables import defused

DONE, SET_ASIDE, WRONG_USAGE = 0, 1, 2
PASSWORD_FILE_BYTES_MAX = 4096
OFFICERS_MAX = 2000  # in one file; a tenth of a second each


def unit_import(arguments: Namespace) -> int:
    """Prints what became of the file; a row that was set aside is listed with its line and its reason."""
    content = _read(arguments.file, FILE_BYTES_MAX + 1)
    if content is None:
        return WRONG_USAGE
    with on_the_road("operator:unit-import", purpose=f"units from {Path(arguments.file).name}"):
        imported = import_units(content)
    print(
        f"{len(imported.added)} added, {len(imported.changed)} changed, {imported.same} as they were,"
        f" {len(imported.refused)} set aside"
    )
    for row in imported.refused:
        print(f"line {row.line} ({row.code or 'no code'}): {row.sentence}")
    if imported.unknown_columns:
        print("columns not understood: " + ", ".join(imported.unknown_columns))
    return SET_ASIDE if imported.refused else DONE


def officer_add(arguments: Namespace) -> int:
    """Adds an officer whose temporary password stands in a file; they choose their own at the first sign-in."""
    content = _read(arguments.password_file, PASSWORD_FILE_BYTES_MAX)
    if content is None:
        return WRONG_USAGE
    try:
        password = content.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise OfficerError("The password file is not text in UTF-8.") from error
    with on_the_road("operator:officer-add"):
        unit = unit_of_code(arguments.unit)
        if unit is None:
            raise OfficerError(f"There is no unit with the code “{arguments.unit}”.")
        add_officer(
            NewOfficer(
                username=arguments.username,
                name=arguments.name,
                unit_id=unit,
                roles=arguments.role,
                password=password,
                language=arguments.language,
            )
        )
    print(f"{arguments.username} is added. The password works for seven days and is asked to be changed.")
    return DONE


def officer_import(arguments: Namespace) -> int:
    """Adds officers from a file. Their temporary passwords go to the sheet, a new file that only its owner can read."""
    content = _read(arguments.file, FILE_BYTES_MAX + 1)
    if content is None:
        return WRONG_USAGE
    if arguments.sheet == "-":
        raise OfficerError("The sheet holds passwords: name a file for it, not standard output.")
    with new_text_file(arguments.sheet) as sheet:
        try:
            with on_the_road("operator:officer-import", purpose=f"officers from {Path(arguments.file).name}"):
                imported = import_officers(content, officers_max=OFFICERS_MAX)
        except OfficerError:
            Path(arguments.sheet).unlink()
            raise
        rows = csv.writer(sheet)
        rows.writerow(["username", "name", "unit", "temporary_password"])
        rows.writerows([*map(defused, (slip.username, slip.name, slip.unit)), slip.password] for slip in imported.slips)
    print(
        f"{len(imported.slips)} added, {imported.same} there already, {len(imported.refused)} set aside; the temporary"
        f" passwords are in {arguments.sheet}: hand each over in person, then delete the file. They work for seven days."
    )
    for row in imported.refused:
        print(f"line {row.line} ({row.username or 'no user name'}): {row.sentence}")
    if imported.unknown_columns:
        print("columns not understood: " + ", ".join(imported.unknown_columns))
    return SET_ASIDE if imported.refused else DONE


def _read(path: str, most: int) -> bytes | None:
    """The file's bytes, no more than `most`; None, with a sentence, when it cannot be read. `-` is standard input."""
    try:
        if path == "-":
            return sys.stdin.buffer.read(most)
        with Path(path).open("rb") as file:
            return file.read(most)
    except OSError as error:
        print(f"abhaya: {path} cannot be read: {error.strerror}", file=sys.stderr)
        return None

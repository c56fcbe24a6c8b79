"""A provider's answer about a group: who was in it, from when until when, in what role, put in by whom. No messages.

One row per stay. A CSV table; several groups may stand in one. Times without a zone are read, and said to have none.
"""

from __future__ import annotations

from collections.abc import Sequence

from abhaya.errors import SenderError
from abhaya.intake.formats import workbook
from abhaya.intake.formats.group_roll import Roll
from abhaya.intake.formats.member_columns import fields_of
from abhaya.intake.formats.record import Instant, Record
from abhaya.intake.formats.times import read_instant

FORMAT, VERSION = "member_list", 1
_STANDINGS = {"admin": "admin", "administrator": "admin", "superadmin": "admin", "owner": "owner", "creator": "owner", "moderator": "moderator"}  # fmt: skip
_YES, _NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0"})


def read(data: bytes, name: str) -> Record:
    """The record of one list. Raises SenderError where it names no group or no member."""
    (sheet,) = workbook.read_sheets(data, name)
    fields = fields_of(sheet.header)
    if "group" not in fields.values() or not {"member", "phone"} & set(fields.values()):
        raise SenderError("The list has no column for the group, or none for its members.")
    reading = _Reading(sheet.header, fields)
    for number, cells in sheet.rows:
        reading.take(number, [cell.strip() for cell in cells])
    if not reading.roll.members:
        raise SenderError("The list names no member of any group.")
    platforms = {group.platform for group in reading.roll.groups}
    return reading.record(platforms.pop() if len(platforms) == 1 else "")


class _Reading:
    """Goes through the rows of one list. Who put whom in is known when all rows are read."""

    def __init__(self, header: Sequence[str], fields: dict[int, str]) -> None:
        self.roll = Roll()
        self.header, self.fields = header, fields
        self.groups: dict[tuple[str, str], int] = {}
        self.came: list[tuple[int, int, str, str, Instant | None]] = []

    def take(self, number: int, cells: Sequence[str]) -> None:
        locator = f"row {number}"
        row = {field: cells[column] for column, field in self.fields.items() if column < len(cells)}
        for column, cell in enumerate(cells):
            if cell and column not in self.fields:
                heading = self.header[column] if column < len(self.header) else "(no heading)"
                self.roll.lose(f"{locator}, column {column + 1}", heading, cell, "column not known")
        group = self._group(row, locator)
        account, number_ = row.get("member", ""), row.get("phone", "")
        if not group or not (account or number_):
            self.roll.lose(locator, "row", ", ".join(filter(None, cells)), "names no group or no member")
            return
        member = self.roll.member(
            group, account or number_, row.get("label", "") or number_ or account, locator, account=account,
            phones=(number_,) if number_ else (), line=row.get("line", ""), ported=_answer(row.get("ported", "")),
        )  # fmt: skip
        self._stay(group, member, row, locator)

    def _group(self, row: dict[str, str], locator: str) -> int:
        key = (row.get("platform", ""), row.get("group", ""))
        if key not in self.groups and key[1]:
            self.groups[key] = self.roll.group(
                platform=key[0], identifier=key[1], name=row.get("group_name", ""), kind="group", locator=locator,
                invite=row.get("invite", ""),
            )  # fmt: skip
        return self.groups.get(key, 0)

    def _stay(self, group: int, member: int, row: dict[str, str], locator: str) -> None:
        joined = read_instant(row["joined"]) if row.get("joined") else None
        if row.get("added_by"):
            self.came.append((group, member, row["added_by"], locator, joined))
        elif joined:
            self.roll.act(group, member, "joined", locator, joined)
        standing = _STANDINGS.get(row.get("standing", "").lower(), "")
        if standing:
            self.roll.remember(member, standing=standing)
            self.roll.act(group, member, "administered", locator, None, word=row["standing"])
        if row.get("left"):
            self.roll.act(group, member, "left", locator, read_instant(row["left"]))

    def record(self, platform: str) -> Record:
        for group, member, adder, locator, at in self.came:
            other = self.roll.known(group, adder)
            self.roll.act(group, member, "added_by_another", locator, at, other=other, word="" if other else adder)
            self.roll.act(group, other, "administered", locator, at, other=member)
        return self.roll.record(FORMAT, VERSION, platform=platform)


def _answer(written: str) -> bool | None:
    word = written.strip().lower()
    return True if word in _YES else False if word in _NO else None

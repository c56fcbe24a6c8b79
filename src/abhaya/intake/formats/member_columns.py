"""By which words a provider heads the columns of a list of members. The reader and the sniffer share them."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

COLUMNS = {
    "group": ("group id", "group number", "chat id", "channel id", "room id", "group jid", "gid"),
    "group_name": ("group name", "group subject", "chat name", "channel name", "room name", "group title"),
    "platform": ("platform", "service", "provider"),
    "member": ("member id", "user id", "account id", "participant id", "member jid", "account", "participant"),
    "phone": ("number", "phone", "phone number", "mobile", "msisdn", "mobile number", "telephone"),
    "label": ("display name", "name", "screen name", "username", "push name", "nickname"),
    "standing": ("role", "member role", "rank", "is admin"),
    "joined": ("joined", "joined at", "join time", "added at", "joined utc", "member since"),
    "left": ("left", "left at", "leave time", "removed at", "left utc"),
    "added_by": ("added by", "invited by", "inviter"),
    "line": ("line type", "sim type", "subscription"),
    "ported": ("ported", "is ported", "mnp"),
    "invite": ("invite", "invite link", "group link"),
}
_NAMES = {heading: field for field, headings in COLUMNS.items() for heading in headings}


def fields_of(header: Sequence[str]) -> dict[int, str]:
    """Column -> what it holds; a meaning is given to the first column that has it."""
    found: dict[int, str] = {}
    for column, heading in enumerate(header):
        field = _NAMES.get(re.sub(r"[^a-z0-9]+", " ", heading.lower()).strip(), "")
        if field and field not in found.values():
            found[column] = field
    return found


def is_member_list(begins: str) -> bool:
    """Whether the first line heads a list of members of groups."""
    first = begins.lstrip().split("\n", 1)[0]
    cells = next(csv.reader([first.rstrip("\r")], delimiter=_delimiter(first)), [])
    fields = set(fields_of(cells).values())
    return bool(fields & {"group"}) and bool(fields & {"member", "phone"})


def _delimiter(line: str) -> str:
    return max(",;\t|", key=line.count)

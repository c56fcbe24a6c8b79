"""One line of an exported chat: its date and time in any of a telephone's locales, and the sentences of its notices.

An export says neither its locale nor its zone. Which of day and month comes first is decided once for the whole file:
by a number above 12, else by a leading zero (English of the United States, alone in writing the month first, writes none);
where nothing decides, the times are not read, and say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from abhaya.intake.formats.record import Instant
from abhaya.intake.formats.times import read_instant
from abhaya.selectors.instants import WHY_AMBIGUOUS
from abhaya.selectors.normal import ascii_digits, tidy

NOTICE_CHARACTERS_MAX = 1000  # no telephone writes a longer one
LINE_CHARACTERS_READ_MAX = 400  # of a line, for its date and time
_MARKS = r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*"
_HALF = r"(?P<half>[AaPp]\.?\s?[Mm]\.?|पूर्वाह्न|अपराह्न|ص|م)?"
_STAMP = (
    rf"{_MARKS}(?P<open>\[)?(?P<date>\d{{1,4}}(?P<mark>[/.\-])\d{{1,2}}(?P=mark)\d{{2,4}})\.?(?:[,،]|\sà|\sum|\sat|\skl[o.])?"
    rf"\s+(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})(?:[:.](?P<second>\d{{2}}))?\s*{_HALF}"
)
_LINE = re.compile(rf"{_STAMP}(?(open)\]\s?|\s+[-–]\s+)(?P<rest>.*)", re.DOTALL)
_HALVES = {"a": "AM", "p": "PM", "ص": "AM", "م": "PM", "पूर्वाह्न": "AM", "अपराह्न": "PM"}


class Line(NamedTuple):
    """A line that begins a message: its stamp, as written, and what follows."""

    stamp: str
    date: str
    clock: str
    rest: str


def read_line(line: str) -> Line | None:
    """None for a line that goes on with the message before it."""
    found = _LINE.match(line)
    if found is None:
        return None
    half = found["half"] or ""
    half = _HALVES.get(half) or _HALVES.get(half[:1].lower(), "")
    second = f":{found['second']}" if found["second"] else ""
    clock = ascii_digits(f"{found['hour']}:{found['minute']}{second}{' ' if half else ''}{half}")
    stamp = tidy(line[: found.start("rest")]).strip("[] -–")
    return Line(stamp, ascii_digits(found["date"]), clock, found["rest"])


def begins_a_chat(text: str) -> bool:
    """Whether the first line of a file that has anything on it is a chat's."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return read_line(first[:LINE_CHARACTERS_READ_MAX]) is not None


def day_first(dates: Iterable[str]) -> bool | None:
    """Whether the day comes before the month in these dates, all of one file; None where nothing decides."""
    ones, twos, has_zero, slashes = set(), set(), False, False
    for date in set(dates):
        parts = re.split(r"[/.\-]", date)
        if len(parts[0]) == 4:
            continue
        slashes |= "/" in date
        ones.add(int(parts[0]))
        twos.add(int(parts[1]))
        has_zero |= parts[0].startswith("0") or parts[1].startswith("0")
    if any(one > 12 for one in ones):
        return True
    if any(two > 12 for two in twos):
        return False
    return True if has_zero or not slashes else None


def instant_of(line: Line, *, is_day_first: bool | None) -> Instant:
    """When, as far as the file says: to the minute or the second, of no known zone."""
    if is_day_first is None and len(re.split(r"[/.\-]", line.date)[0]) != 4:
        return Instant(line.stamp, None, "minute", zone_known=False, why_not=WHY_AMBIGUOUS)
    read = read_instant(f"{line.date} {line.clock}", day_first=is_day_first)
    return Instant(line.stamp, read.at, read.precision, read.zone_known, read.why_not)


class Notice(NamedTuple):
    """What a line says that nobody wrote: `kind` of notice, who, to whom, and a name."""

    kind: str  # created | added | joined | left | removed | renamed | admin | number | administered | nothing
    who: str = ""
    whom: tuple[str, ...] = ()
    name: str = ""


_WHO = r"(?P<who>(?:(?!: ).){1,300}?)"
_QUOTED = r"[\"“”«](?P<name>.*)[\"“”»]\.?"
_NOTICES = tuple(
    (kind, re.compile(pattern, re.IGNORECASE | re.DOTALL))
    for kind, pattern in (
        ("nothing", r"Messages (?:and calls|to this (?:chat|group)).*|This chat is (?:with|now).*|Tap to (?:learn|change).*"),
        ("created", rf"{_WHO} created (?:the )?group {_QUOTED}"),
        ("created", rf"{_WHO} created this (?:group|community)\.?"),
        ("created", rf"{_WHO} created the channel {_QUOTED}"),
        ("joined", rf"{_WHO} joined (?:using (?:this group's|your|a group|an)(?: invite)? link|via (?:an )?invite link|from the community|the group)\.?"),
        ("renamed", rf"{_WHO} changed the (?:subject|group name)(?: from [\"“].*[\"”])? to {_QUOTED}"),
        ("number", rf"{_WHO} changed to (?P<whom>\+.{{5,40}})"),
        ("nothing", rf"{_WHO} changed their phone number(?: to a new number)?\..*"),
        ("removed", rf"{_WHO} removed (?P<whom>.+)"),
        ("removed", r"(?P<whom>You) were removed\.?"),
        ("added", rf"{_WHO} added (?P<whom>.+)"),
        ("added", r"(?P<whom>You) were added\.?"),
        ("left", rf"{_WHO} left\.?"),
        ("admin", r"(?P<whom>You)['’]re now an admin\.?"),
        ("admin", r"(?P<whom>(?:(?!: ).){1,300}?) is now an admin\.?"),
        ("nothing", rf"{_WHO}(?: is| are|['’]re) no longer an admin\.?"),
        ("administered", rf"{_WHO} (?:changed (?:this group's|the group|the) (?:icon|description|settings).*|deleted this group's icon|reset this group's invite link|allowed .*|turned (?:on|off) (?:admin approval|disappearing messages).*|updated the message timer.*)"),
        ("nothing", rf"{_WHO} (?:pinned a message|started a (?:call|video call)|requested to join.*|was added\.?)|Your security code with .* changed.*|Missed (?:voice|video|group).*call.*|Waiting for this message.*"),
        ("nothing", rf"{_WHO} (?:blocked|unblocked) this (?:contact|person).*"),
    )
)  # fmt: skip


def read_notice(text: str) -> Notice | None:
    """What a notice says, or None where it is in a form not known to this version."""
    if len(text) > NOTICE_CHARACTERS_MAX:
        return None
    plain = tidy(text)
    for kind, pattern in _NOTICES:
        if found := pattern.fullmatch(plain):
            told = found.groupdict()
            return Notice(kind, (told.get("who") or "").strip(), _listed(told.get("whom") or ""), (told.get("name") or "").strip())  # fmt: skip
    return None


def _listed(whom: str) -> tuple[str, ...]:
    """Three names in "A, B and C"."""
    head, last, tail = whom.rstrip(".").rpartition(" and ")
    names = [*head.split(", "), tail] if last else tail.split(", ")
    return tuple(name.strip().strip(",") for name in names if name.strip())

"""One line of an exported chat: its date and time in any of a telephone's locales, and the sentences of its notices.

An export says neither its locale nor its zone. Which of day and month comes first is decided once for the whole file:
by a number above 12, else by a leading zero (English of the United States, alone in writing the month first, writes none);
where nothing decides, the times are not read, and say so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from abhaya.intake.formats.chat_notices import LANGUAGES, Language
from abhaya.intake.formats.record import Instant
from abhaya.intake.formats.times import read_instant
from abhaya.selectors.instants import WHY_AMBIGUOUS
from abhaya.selectors.normal import ascii_digits, tidy

HOLDER = "You"  # whose telephone made the export
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


_NOTICES = tuple(
    (language, kind, re.compile(rf"(?:{unicodedata.normalize('NFC', pattern)})\.?", re.IGNORECASE | re.DOTALL))
    for language in LANGUAGES
    for kind, pattern in language.sentences
)


def read_notice(text: str) -> Notice | None:
    """What a notice says, or None where it is in a form not known to this version."""
    if len(text) > NOTICE_CHARACTERS_MAX:
        return None
    plain = unicodedata.normalize("NFC", tidy(text))
    for language, kind, pattern in _NOTICES:
        if found := pattern.fullmatch(plain):
            told = found.groupdict()
            whom = tuple(_named(one, language) for one in _listed(told.get("whom") or "", language.last))
            return Notice(
                kind, _named((told.get("who") or "").strip(), language), whom, (told.get("name") or "").strip()
            )
    return None


def _named(name: str, language: Language) -> str:
    """Whose telephone made the export is one person, in whatever language it says so."""
    return HOLDER if name in language.you else name


def _listed(whom: str, last_word: str) -> tuple[str, ...]:
    """Three names in "A, B and C"."""
    head, last, tail = whom.rstrip(".").rpartition(last_word)
    names = [*head.split(", "), tail] if last else tail.split(", ")
    return tuple(name.strip().strip(",") for name in names if name.strip())

"""Times as senders write them, read into UTC with the precision and the zone they were written with, or why not.

Formats: RFC 3339 and ISO 8601 in its usual forms (up to nanoseconds), RFC 5322 dates, epoch seconds, milliseconds and
microseconds, the American MM/DD/YYYY hh:mm:ss AM UTC of platform exports, the Indian DD-MM-YYYY, month names.
Nothing is guessed: where day and month could be exchanged and nothing decides, the time is not read.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from abhaya.selectors.normal import ascii_digits, tidy

TEXT_CHARACTERS_MAX = 80
FUTURE_SECONDS_MAX = 600  # a sender's clock may run ahead by this much before a time is said to lie in the future
YEAR_MIN, YEAR_MAX = 1900, 2200

WHY_EMPTY = "No time is written here."
WHY_FORM = "Not a time in any form known to this version."
WHY_NO_SUCH = "There is no such day or hour."
WHY_AMBIGUOUS = "Day and month could be exchanged, and nothing says which comes first."
WHY_ZONE = "The name of the time zone is not known, or names several zones."
WHY_FUTURE = "This time lies in the future: a clock or a zone is wrong."


class Moment(NamedTuple):
    """A time as received; the fields are those of `record.Instant`. `at` is UTC; with `zone_known` False it assumes
    UTC. A time in the future keeps its `at`, and `why_not` says so.
    """

    original: str
    at: datetime | None = None
    precision: str = "second"  # second | minute | hour | day | month | year
    zone_known: bool = True
    why_not: str = ""


# Minutes east of UTC. Names that mean several zones in reports we may receive (CST, BST, AST, …) are left out.
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "zulu": 0, "ut": 0, "ist": 330, "npt": 345, "pkt": 300, "slst": 330, "btt": 360,
    "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540,
    "akdt": -480, "hst": -600, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "wet": 0, "msk": 180, "gst": 240,
    "ict": 420, "wib": 420, "sgt": 480, "hkt": 480, "pht": 480, "jst": 540, "kst": 540, "aest": 600, "aedt": 660,
    "nzst": 720, "nzdt": 780,
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan जनवरी", "february feb फरवरी फ़रवरी", "march mar मार्च", "april apr अप्रैल", "may मई", "june jun जून",
            "july jul जुलाई", "august aug अगस्त", "september sep sept सितंबर सितम्बर", "october oct अक्टूबर अक्तूबर",
            "november nov नवंबर नवम्बर", "december dec दिसंबर दिसम्बर",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

_CLOCK = r"(?:(?:\s*[Tt,]\s*|\s+|\s+at\s+)(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,12}))?)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?(?:\s*(?:hrs?|hours|बजे))?)?"
_ZONE = r"\s*\(?(?P<zone>[A-Za-z]{1,5})?\)?\s*(?P<offset>[+-]\d{1,2}(?::?\d{2})?(?::\d{2})?)?\s*(?:\((?P<comment>[A-Za-z ]{1,40})\))?"
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?" + _CLOCK + _ZONE)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})[Tt](?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})(?P<fraction>)(?P<half>)"
    + _ZONE
)
_YEAR_LAST = re.compile(
    r"(?P<one>\d{1,2})(?P<mark>[-/.])(?P<two>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})" + _CLOCK + _ZONE
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_DAY_NAME = re.compile(
    _WEEKDAY
    + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s\-/.]*(?:of\s+)?(?P<name>[^\s\d.,/\-]{2,16})\.?,?[\s\-/.]*(?P<year>\d{4})"
    + _CLOCK
    + _ZONE,
    re.IGNORECASE,
)
_NAME_DAY = re.compile(
    _WEEKDAY
    + r"(?P<name>[^\s\d.,/\-]{2,16})\.?\s*(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"
    + _CLOCK
    + _ZONE,
    re.IGNORECASE,
)
_UNIX = re.compile(
    _WEEKDAY
    + r"(?P<name>[A-Za-z]{3})\s+(?P<day>\d{1,2})\s+(?P<clock>\d{2}:\d{2}:\d{2})\s*(?P<zone>[A-Za-z]{1,5})?\s*(?P<year>\d{4})",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"(\d{9,10}|\d{12,13}|\d{15,16}|\d{18,19})(?:\.\d{1,9})?")
_EPOCH_UNIT = {9: 0, 10: 0, 12: 3, 13: 3, 15: 6, 16: 6, 18: 9, 19: 9}  # digits of the text -> digits after the second


@lru_cache(maxsize=16_384)
def _read(text: str, day_first: bool | None) -> Moment:  # noqa: PLR0911 — a list of refusals, read from top to bottom
    if not text:
        return Moment(text, why_not=WHY_EMPTY)
    if len(text) > TEXT_CHARACTERS_MAX:
        return Moment(text, why_not=WHY_FORM)
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        return _epoch(text, epoch[1])
    for pattern in (_YEAR_FIRST, _COMPACT):
        found = pattern.fullmatch(text)
        if found:
            return _moment(text, found.groupdict(), found["year"], found["month"], found["day"])
    found = _YEAR_LAST.fullmatch(text)
    if found:
        return _year_last(text, found.groupdict(), day_first)
    unix = _UNIX.fullmatch(text)
    if unix:
        text_again = f"{unix['day']} {unix['name']} {unix['year']} {unix['clock']} {unix['zone'] or ''}".strip()
        return _read(text_again, day_first)._replace(original=text)
    for pattern in (_DAY_NAME, _NAME_DAY):
        found = pattern.fullmatch(text)
        month = _MONTHS.get(found["name"].lower()) if found else None
        if found and month:
            return _moment(text, found.groupdict(), found["year"], str(month), found["day"])
    return Moment(text, why_not=WHY_FORM)


def parse(original: str, *, now: datetime | None = None, day_first: bool | None = None) -> Moment:
    """`now` (aware) turns on the test for the future. `day_first` where the caller knows the sender's habit."""
    moment = _read(ascii_digits(tidy(original)), day_first)._replace(original=original)
    if now and moment.at and moment.at > now + timedelta(seconds=FUTURE_SECONDS_MAX):
        return moment._replace(why_not=WHY_FUTURE)
    return moment


def _epoch(text: str, digits: str) -> Moment:
    scale = _EPOCH_UNIT[len(digits)]
    seconds, rest = int(digits) // 10**scale, int(digits) % 10**scale
    at = datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=rest * 10**6 // 10**scale)
    return Moment(text, at) if YEAR_MIN <= at.year <= YEAR_MAX else Moment(text, why_not=WHY_FORM)


def _year_last(text: str, parts: dict[str, str | None], day_first: bool | None) -> Moment:
    one, two = int(parts["one"] or 0), int(parts["two"] or 0)
    year = parts["year"] or ""
    year = year if len(year) == 4 else f"20{year}"
    if one > 12 or two > 12 or one == two:
        first = one > 12
    elif day_first is not None:
        first = day_first
    elif parts["mark"] != "/":
        first = True  # DD-MM-YYYY and DD.MM.YYYY: who writes a dash or a dot writes the day first
    elif parts["half"] and (parts["zone"] or "").lower() in {
        "utc",
        "gmt",
        "est",
        "edt",
        "pst",
        "pdt",
        "cdt",
        "mdt",
        "mst",
    }:
        first = False  # the form of American platforms' exports
    else:
        return Moment(text, why_not=WHY_AMBIGUOUS)
    day, month = (one, two) if first else (two, one)
    return _moment(text, parts, year, str(month), str(day))


def _moment(text: str, parts: dict[str, str | None], year: str, month: str | None, day: str | None) -> Moment:
    hour, minute, second = _clock(parts)
    written = {"second": second, "minute": minute, "hour": hour, "day": day, "month": month, "year": year}
    precision = next(name for name, value in written.items() if value is not None)
    shift, why_not = _shift(parts)
    if why_not:
        return Moment(text, why_not=why_not)
    zone_known = shift is not None
    if not YEAR_MIN <= int(year) <= YEAR_MAX:
        return Moment(text, why_not=WHY_NO_SUCH)
    try:
        at = datetime(
            int(year), int(month or 1), int(day or 1), hour or 0, minute or 0, min(second or 0, 59),
            int(((parts.get("fraction") or "") + "000000")[:6]), tzinfo=timezone(timedelta(minutes=shift or 0)),
        )  # fmt: skip
    except ValueError:
        return Moment(text, why_not=WHY_NO_SUCH)
    if second is not None and second > 60:  # 60 is a leap second, held as 59
        return Moment(text, why_not=WHY_NO_SUCH)
    return Moment(text, at.astimezone(UTC), precision, zone_known)


def _clock(parts: dict[str, str | None]) -> tuple[int | None, int | None, int | None]:
    """Hour 0–23 (or an impossible one, refused later), minute, second; None where not written."""
    if not parts.get("hour"):
        return None, None, None
    hour, half = int(parts["hour"] or 0), (parts.get("half") or "").lower().replace(".", "")
    if half:
        hour = 99 if not 1 <= hour <= 12 else hour % 12 + (12 if half == "pm" else 0)
    minute, second = parts.get("minute"), parts.get("second")
    return hour, int(minute) if minute else None, int(second) if second else None


def _shift(parts: dict[str, str | None]) -> tuple[int | None, str]:
    """Minutes east of UTC, None where no zone was written; and why not."""
    name, offset = (parts.get("zone") or "").lower(), parts.get("offset") or ""
    if name and name not in _ZONES:
        return None, WHY_ZONE
    base = _ZONES.get(name) if name else None
    if not offset:
        return base, ""
    sign = -1 if offset[0] == "-" else 1
    digits = offset[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if base or hours > 14 or minutes > 59 or len(digits) > 4:  # "IST+5:30" says one thing twice, "EST+5" says two
        return (base, "") if base == sign * (hours * 60 + minutes) else (None, WHY_ZONE)
    return sign * (hours * 60 + minutes), ""

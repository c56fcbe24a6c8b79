"""Numbers, times and sizes in words a reader takes in at a glance, in the language of the page. Pure but for gettext."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

MINUTE_SECONDS, HOUR_SECONDS, DAY_SECONDS = 60, 3600, 86400
KILO_BYTES = 1024

# What is shown of an instant known only to that precision. A month is not the first of the month.
_SHOWN: dict[str, str] = {
    "second": "j M Y, H:i:s",
    "minute": "j M Y, H:i",
    "hour": "j M Y, H:00",
    "day": "j M Y",
    "month": "F Y",
    "year": "Y",
}


def grouped(number: int, grouping: str = "indian") -> str:
    """1234567 as 12,34,567 (indian) or 1,234,567 (western)."""
    sign, digits = ("−", str(-number)) if number < 0 else ("", str(number))
    if grouping == "western":
        return sign + f"{int(digits):,}"
    head, tail = digits[:-3], digits[-3:]
    pairs: list[str] = []
    while head:
        pairs.insert(0, head[-2:])
        head = head[:-2]
    return sign + ",".join([*pairs, tail])


def age(span: timedelta) -> str:
    """How long, with two units at most: “3 days 4 h”, “1 h 12 min”, “41 min”. Below a minute: “just now”."""
    seconds = int(abs(span.total_seconds()))
    days, rest = divmod(seconds, DAY_SECONDS)
    hours, rest = divmod(rest, HOUR_SECONDS)
    minutes = rest // MINUTE_SECONDS
    if days:
        head = ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
        return head + (" " + gettext("%(count)d h") % {"count": hours} if hours and days < 14 else "")
    if hours:
        head = gettext("%(count)d h") % {"count": hours}
        return head + (" " + gettext("%(count)d min") % {"count": minutes} if minutes and hours < 10 else "")
    if minutes:
        return gettext("%(count)d min") % {"count": minutes}
    return gettext("just now")


def size(count: int) -> str:
    """Bytes as a person says them: 214 KB, 1.3 MB. Below one kilobyte the bytes themselves."""
    if count < KILO_BYTES:
        return ngettext("%(count)d byte", "%(count)d bytes", count) % {"count": count}
    amount = float(count)
    for unit in ("KB", "MB", "GB"):
        amount /= KILO_BYTES
        if amount < KILO_BYTES:
            return f"{amount:.0f} {unit}" if amount >= 10 else f"{amount:.1f} {unit}"
    return f"{amount / KILO_BYTES:.1f} TB"


def when(at: datetime, precision: str = "second") -> str:
    """An instant in the unit's own zone, no finer than it is known. Days and coarser are never moved across zones."""
    shown = _SHOWN.get(precision, _SHOWN["second"])
    if precision in {"day", "month", "year"}:
        return date_format(at.astimezone(UTC), shown)
    local = timezone.localtime(at)
    return f"{date_format(local, shown)} {local.tzname()}"

"""A table of what the codes of hash lists mean: `scheme, code, label, label_hi, severity, unlawful, source`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

REQUIRED = ("scheme", "code", "label")
FILE_BYTES_MAX = 1024 * 1024
WORDS_CHARACTERS_MAX = 200
SEVERITY_MAX = 100
_SAID = {"": None, "yes": True, "no": False, "true": True, "false": False}


class Meaning(NamedTuple):
    """One code in words. `severity`: 0 is nothing, higher is worse, None: the scheme does not grade."""

    scheme: str
    code: str
    label: str
    label_hi: str
    severity: int | None
    unlawful: bool | None
    source: str


class Unread(NamedTuple):
    """A line that could not be read, and why."""

    line: int
    why: str


def read(data: bytes) -> Iterator[Meaning | Unread]:
    """Every line. Raises ValueError with a sentence where the file is no such table."""
    if len(data) > FILE_BYTES_MAX:
        raise ValueError(f"the file is larger than {FILE_BYTES_MAX:,} bytes")
    try:
        lines = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        missing = [name for name in REQUIRED if name not in (lines.fieldnames or ())]
        if missing:
            raise ValueError(f"the header has no {', '.join(missing)}")
        for row in lines:
            yield _meaning(
                lines.line_num, {name: (value or "").strip() for name, value in row.items() if isinstance(value, str)}
            )
    except (UnicodeDecodeError, csv.Error) as problem:
        raise ValueError(f"not a table in UTF-8: {problem}") from problem


def _meaning(line: int, row: dict[str, str]) -> Meaning | Unread:
    words = [row.get(name, "") for name in ("scheme", "code", "label", "label_hi", "source")]
    if not all(words[: len(REQUIRED)]):
        return Unread(line, "scheme, code or label is empty")
    if any(len(one) > WORDS_CHARACTERS_MAX or "\x00" in one for one in words):
        return Unread(line, f"a text is longer than {WORDS_CHARACTERS_MAX} characters, or no text")
    severity, unlawful = row.get("severity", ""), row.get("unlawful", "").lower()
    if severity and not (severity.isascii() and severity.isdigit() and int(severity[:9]) <= SEVERITY_MAX):
        return Unread(line, f"severity is a number from 0 to {SEVERITY_MAX}, or empty")
    if unlawful not in _SAID:
        return Unread(line, "unlawful is yes, no, or empty")
    scheme, code, label, label_hi, source = words
    return Meaning(scheme.lower(), code, label, label_hi, int(severity) if severity else None, _SAID[unlawful], source)

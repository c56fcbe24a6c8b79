"""Bank accounts: IFSC and account number in India ("SBIN0001234:12345678901"), IBAN elsewhere (ISO 13616, mod 97)."""

from __future__ import annotations

import re
from functools import lru_cache

from abhaya.selectors import placeholder
from abhaya.selectors.normal import (
    CACHE_VALUES_MAX,
    WHY_EMPTY,
    WHY_PLACEHOLDER,
    WHY_TOO_LONG,
    Normal,
    ascii_digits,
    refused,
    tidy,
)

TEXT_CHARACTERS_MAX = 200

WHY_NO_IFSC = "No IFSC: the same account number belongs to different people at different banks."
WHY_NO_ACCOUNT = "No account number of 6 to 18 digits."
WHY_IFSC = "Not an IFSC: four letters, a zero, six letters or digits."
WHY_IBAN = "The check digits of this IBAN do not hold: at least one character is wrong."
NOTE_BANK = "Bank, by the first four letters: "
NOTE_ZEROS = "Leading zeros are part of the number and are kept."

IFSC = re.compile(r"[A-Z]{4}0[A-Z0-9]{6}")
_IFSC_WITHIN = re.compile(r"(?<![A-Z0-9])[A-Z]{4}0[A-Z0-9]{6}(?![A-Z0-9])")
_ACCOUNT = re.compile(r"(?<![A-Z0-9])\d(?:[ \-]?\d){5,17}(?![A-Z0-9])")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")


@lru_cache(maxsize=CACHE_VALUES_MAX)
def normalise(raw: str, *, ifsc: str = "") -> Normal:  # noqa: PLR0911 — a list of refusals, read from top to bottom
    """Both in `raw` in either order, or `ifsc` apart."""
    text = ascii_digits(tidy(raw)).upper()
    if not text:
        return refused(WHY_EMPTY)
    if len(text) > TEXT_CHARACTERS_MAX:
        return refused(WHY_TOO_LONG)
    if placeholder.is_word(text.lower()):
        return refused(WHY_PLACEHOLDER)
    close = re.sub(r"[\s\-]+", "", text.removeprefix("IBAN").lstrip(": "))
    if _IBAN.fullmatch(close):
        return Normal(f"{close}") if _mod_97(close) else refused(WHY_IBAN)
    branch = re.sub(r"\s+", "", ascii_digits(tidy(ifsc)).upper())
    if branch and not IFSC.fullmatch(branch):
        return refused(WHY_IFSC)
    within = _IFSC_WITHIN.search(text)
    if within:
        branch = branch or within[0]
        text = f"{text[: within.start()]} | {text[within.end() :]}"
    account = _ACCOUNT.search(text)
    if account is None:
        return refused(WHY_NO_ACCOUNT)
    digits = re.sub(r"\D+", "", account[0])
    if placeholder.is_digits(digits):
        return refused(WHY_PLACEHOLDER)
    if not branch:
        return refused(WHY_NO_IFSC)
    notes = (NOTE_BANK + branch[:4], NOTE_ZEROS) if digits.startswith("0") else (NOTE_BANK + branch[:4],)
    return Normal(f"{branch}:{digits}", "", notes)


def _mod_97(iban: str) -> bool:
    rearranged = iban[4:] + iban[:4]
    return int("".join(str(int(letter, 36)) for letter in rearranged)) % 97 == 1

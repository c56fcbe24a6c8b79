"""Postal addresses, as one folded line. Weak: people share a house, and one house is written many ways."""

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
    fold,
    refused,
    tidy,
)

ADDRESS_CHARACTERS_MAX = 1024

WHY_NO_LETTERS = "Neither a letter nor a digit in it: not an address."
NOTE_PIN_CODE = "PIN code: "

# India Post: six digits, the first 1–9, often written 110 001.
_PIN = re.compile(r"(?<!\d)([1-9]\d{2})[ -]?(\d{3})(?!\d)")
_PIN_LABEL = re.compile(r"(?:pin(?:\s*code)?|पिन(?:\s*कोड)?)\s*[:.#-]*\s*$")
_COMMAS = re.compile(r"\s*,[\s,]*")


@lru_cache(maxsize=CACHE_VALUES_MAX)
def normalise(raw: str) -> Normal:
    text = fold(ascii_digits(tidy(raw)))
    if not text:
        return refused(WHY_EMPTY)
    if len(text) > ADDRESS_CHARACTERS_MAX:
        return refused(WHY_TOO_LONG)
    value = _COMMAS.sub(", ", text).strip(" ,;")
    if placeholder.is_word(value):
        return refused(WHY_PLACEHOLDER)
    if not any(letter.isalnum() for letter in value):
        return refused(WHY_NO_LETTERS)
    pin = pin_code(value)
    return Normal(value, "", (NOTE_PIN_CODE + pin,) if pin else ())


def pin_code(text: str) -> str:
    """The Indian PIN code in an address: the one labelled so, else the last six digits that could be one; "" if none."""
    found = list(_PIN.finditer(ascii_digits(text)))
    labelled = [match for match in found if _PIN_LABEL.search(text[max(0, match.start() - 20) : match.start()].lower())]
    chosen = (labelled or found)[-1:] if found else []
    return chosen[0][1] + chosen[0][2] if chosen else ""

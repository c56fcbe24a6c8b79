"""What every kind of selector shares: the answer's shape, and how text is tidied before it is read.

A normaliser never raises and never guesses in silence: either `value` is the one spelling under which equal things
meet, or `why_not` says in a sentence why there is none. What was written stays beside it, as it was written.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

VALUE_CHARACTERS_MAX = 2083  # the longest URL a report may carry (ISPWS); nothing else is longer
CACHE_VALUES_MAX = 65_536  # entries of each normaliser's cache: platforms repeat themselves

WHY_EMPTY = "Nothing is written here."
WHY_TOO_LONG = "Longer than any identifier of this kind can be."
WHY_PLACEHOLDER = "A placeholder, not an identifier: it was typed to fill the field."

# Characters nobody sees: variation selectors, and everything of category Cf (zero-width, direction marks).
_INVISIBLE = dict.fromkeys((*range(65024, 65040), 847, 4447, 4448, 12644, 65440))


class Normal(NamedTuple):
    """One identifier, normalised. Sentences of `why_not` and `notes` have their Hindi in `reasons.py`; where one
    carries a value, the value follows the first colon and space.
    """

    value: str | None
    why_not: str = ""
    notes: tuple[str, ...] = ()
    assumed: bool = False  # part of the value was not written but assumed (a country); never strong evidence


def refused(why_not: str) -> Normal:
    return Normal(None, why_not)


def tidy(raw: str, *, compatible: bool = True) -> str:
    """One line of text: invisible characters dropped, control characters and any white space as one space.

    `compatible` folds compatibility forms (full-width letters, ligatures) by NFKC (UAX #15); without it NFC is used,
    for text such as a URL where those forms are different characters.
    """
    if raw.isascii() and raw.isprintable():
        return " ".join(raw.split())
    text = raw.translate(_INVISIBLE)
    text = "".join(_visible(letter) for letter in text)
    text = unicodedata.normalize("NFKC" if compatible else "NFC", text)
    return " ".join(text.split())


def _visible(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cf":
        return ""
    if category == "Cc":
        return " "
    return "\N{REPLACEMENT CHARACTER}" if category == "Cs" else letter


def fold(text: str) -> str:
    """Case folded until it no longer changes: folding may undo a normal form and the other way round."""
    if text.isascii():
        return text.lower()
    for _ in range(4):
        folded = tidy(text.casefold())
        if folded == text:
            break
        text = folded
    return text


def ascii_digits(text: str) -> str:
    """Devanagari, Arabic and other decimal digits written as 0–9."""
    if text.isascii():
        return text
    return "".join(
        letter if letter.isascii() or not letter.isdecimal() else str(unicodedata.decimal(letter)) for letter in text
    )


def storable(text: str, most_characters: int = VALUE_CHARACTERS_MAX) -> str:
    """The text as PostgreSQL can hold it: NUL and lone surrogates shown as U+FFFD, cut at `most_characters`."""
    cut = text if len(text) <= most_characters else text[: most_characters - 1] + "…"
    if cut.isascii():
        return cut.replace("\x00", "\N{REPLACEMENT CHARACTER}") if "\x00" in cut else cut
    return (
        cut.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )

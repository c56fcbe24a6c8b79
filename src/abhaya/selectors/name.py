"""Names of persons. Compared letter by letter after folding: many people share a name, one person writes it many ways.
Scripts are noted, never transliterated here: that is a comparison's work, with a person's judgement.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from abhaya.selectors import placeholder
from abhaya.selectors.normal import (
    CACHE_VALUES_MAX,
    WHY_EMPTY,
    WHY_PLACEHOLDER,
    WHY_TOO_LONG,
    Normal,
    fold,
    refused,
    tidy,
)

NAME_CHARACTERS_MAX = 512

WHY_NO_LETTERS = "No letter in it: not a name."
NOTE_SCRIPTS = "Written in: "
NOTE_MIXED = "Letters of several scripts in one word, as in a disguise: "

_FILLER_NAMES = frozenset({
    "facebook user", "instagram user", "john doe", "jane doe", "first last", "firstname lastname", "unknown unknown",
    "test test", "n/a n/a", "no name", "not available", "not provided", "not known", "deleted account", "user name",
})  # fmt: skip


@lru_cache(maxsize=CACHE_VALUES_MAX)
def normalise(raw: str) -> Normal:
    text = fold(tidy(raw))
    if not text:
        return refused(WHY_EMPTY)
    if len(text) > NAME_CHARACTERS_MAX:
        return refused(WHY_TOO_LONG)
    if placeholder.is_word(text) or text in _FILLER_NAMES:
        return refused(WHY_PLACEHOLDER)
    if text.isascii():
        return Normal(text, "", (NOTE_SCRIPTS + "Latin",)) if any(map(str.isalpha, text)) else refused(WHY_NO_LETTERS)
    found = [scripts(word) for word in text.split()]
    everywhere = sorted(set().union(*found))
    if not everywhere:
        return refused(WHY_NO_LETTERS)
    mixed = [word for word, inside in zip(text.split(), found, strict=True) if len(inside) > 1]
    notes = (NOTE_SCRIPTS + ", ".join(everywhere),)
    return Normal(text, "", (*notes, NOTE_MIXED + ", ".join(mixed)) if mixed else notes)


def scripts(text: str) -> set[str]:
    """The scripts of the letters, by the first word of their Unicode names (Latin, Devanagari, Arabic, …)."""
    return {_script(letter) for letter in text if letter.isalpha()}


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    first = unicodedata.name(letter, "UNNAMED").split(" ", 1)[0].split("-", 1)[0]
    return "Latin" if first in {"FULLWIDTH", "MODIFIER", "LATIN"} else first.capitalize()

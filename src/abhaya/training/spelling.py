"""One name as many hands write it: scripts, transliterations, order, initials, honorifics."""

from __future__ import annotations

import random
import unicodedata

_SOUNDS = (
    ("aa", "a"),
    ("ee", "i"),
    ("i", "ee"),
    ("oo", "u"),
    ("u", "oo"),
    ("sh", "s"),
    ("v", "w"),
    ("w", "v"),
    ("q", "k"),
)
_HONORIFICS = ("Shri", "Smt", "Mr", "Md")
_SHARES = (50, 15, 7, 7, 6, 10, 5)  # of a hundred, in the order of `as_written`
_BENGALI = 0x980 - 0x900  # the blocks of the Indian scripts lie in the same order (ISCII)
_GUJARATI = 0xA80 - 0x900


def as_written(rng: random.Random, latin: str, devanagari: str) -> str:
    """The name as this sender has it; half of them as its holder would write it."""
    given, _, family = latin.partition(" ")
    forms = (
        latin, _respelt(rng, latin), f"{family} {given}", f"{given[0]}. {family}", f"{rng.choice(_HONORIFICS)} {latin}",
        devanagari, moved(devanagari, rng.choice((_BENGALI, _GUJARATI))),
    )  # fmt: skip
    return rng.choices(forms, weights=_SHARES)[0]


def moved(devanagari: str, offset: int) -> str:
    """Letter by letter into a sister script; what that script lacks is left out, and va is written with ba in Bengali."""
    if offset == _BENGALI:
        devanagari = devanagari.replace("व", "ब")
    letters = (chr(ord(letter) + offset) if "\u0900" <= letter <= "\u097f" else letter for letter in devanagari)
    return "".join(letter for letter in letters if unicodedata.category(letter) != "Cn")


def _respelt(rng: random.Random, latin: str) -> str:
    low = latin.lower()
    possible = [(a, b) for a, b in _SOUNDS if a in low]
    if not possible:
        return latin
    a, b = rng.choice(possible)
    return " ".join(word.capitalize() for word in low.replace(a, b, 1).split())

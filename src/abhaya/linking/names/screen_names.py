"""May two screen names be one person's? It proposes, and never links: a screen name is chosen, changed and copied at will.

They are compared as they are written and not by sound: without case, accents and separators, and without the digits at the end,
which people add where a name is taken. Where little is left without those digits, or what half a country is called, they stay.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from abhaya.linking.names import words
from abhaya.linking.names.compare import Band, Verdict
from abhaya.selectors.normal import ascii_digits, fold, tidy
from abhaya.shared.reason import Reason

LETTERS_MIN = 5  # fewer, and many strangers have the same
KEY_CHARACTERS_MAX = 39
CACHE_NAMES_MAX = 16_384
_KEY = "6"  # names have 1 to 4, addresses 5
_ACCENTS = range(0x0300, 0x0370)  # beside Latin, Greek and Cyrillic letters; the signs of other scripts are vowels
_ANYBODY = (
    "user username guest player gamer admin anonymous unknown account profile member friend friends facebook instagram "
    "telegram whatsapp snapchat youtube gmail google official india indian world princess prince queen angel"
)


class ScreenName(NamedTuple):
    platform: str  # "" where none is known
    letters: str  # without case, accents and separators
    stem: str  # and without the digits at the end


@lru_cache(maxsize=CACHE_NAMES_MAX)
def read_screen_name(value: str) -> ScreenName:
    """Of a normalised screen name, "platform:name" (`selectors.screen_name`)."""
    platform, _, name = value.partition(":")
    apart = unicodedata.normalize("NFD", fold(ascii_digits(tidy(name))))
    bare = unicodedata.normalize("NFC", "".join(letter for letter in apart if ord(letter) not in _ACCENTS))
    letters = "".join(letter for letter in bare if unicodedata.category(letter)[0] in "LMN")
    return ScreenName(platform, letters, letters.rstrip("0123456789"))


def screen_name_keys(value: str) -> frozenset[str]:
    """The one key under which a screen name like it is sought; none where it is too short or anybody's."""
    name = read_screen_name(value)
    telling = name.stem if _tells(name.stem) else name.letters if _tells(name.letters) else ""
    return frozenset({_KEY + telling[:KEY_CHARACTERS_MAX]} if telling else ())


def compare_screen_names(one: str, other: str) -> Verdict:
    a, b = read_screen_name(one), read_screen_name(other)
    if a.letters == b.letters and _tells(a.letters):
        band, score, code = Band.SAME, 1.0, "screen_name_letters"
    elif a.stem == b.stem and _tells(a.stem):
        band, score, code = Band.ALIKE, round(len(a.stem) / max(len(a.letters), len(b.letters)), 3), "screen_name_tail"
    else:
        return Verdict(Band.DIFFERENT, 0.0, (Reason("screen_name_differs"),))
    reasons = [Reason(code, {"stem": a.stem} if band is Band.ALIKE else {})]
    if a.platform and b.platform:
        reasons.append(Reason("screen_name_platform" if a.platform == b.platform else "screen_name_platforms"))
    return Verdict(band, score, tuple(reasons))


def _tells(letters: str) -> bool:
    return len(letters) >= LETTERS_MIN and letters not in _anybodys()


@cache
def _anybodys() -> frozenset[str]:
    return frozenset((*words.COMMON, *_ANYBODY.split()))

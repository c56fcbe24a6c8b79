"""May two written postal addresses be one house? It proposes, and never links: people share a house.

Without the same PIN code nothing is said: streets of one name stand in every town.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from abhaya.linking.names.compare import Band, Verdict
from abhaya.linking.names.scripts import script_of, sound
from abhaya.linking.names.sounds import likeness
from abhaya.selectors.address import pin_code
from abhaya.selectors.normal import ascii_digits, fold, tidy
from abhaya.shared.reason import Reason

WORD_LIKENESS_MIN = 0.85
SAME_SHARE_MIN, ALIKE_SHARE_MIN = 0.8, 0.5  # of the words of the shorter address, found in the other
ADDRESS_WORDS_MAX = 40
CACHE_ADDRESSES_MAX = 8_192

_NUMBER = re.compile(r"\d+(?:\s*[-/]\s*(?:\d+|[a-z](?![a-z])))*")
_WORD = re.compile(r"[^\W\d_]+(?:[\u0900-\u0dff\u0610-\u061a\u064b-\u065f]+[^\W\d_]*)*")
_SAY_LITTLE_WORDS = (
    "house h no number flat floor street st road rd lane gali galli near opp opposite behind block sector plot ward post po "
    "ps thana tehsil taluk district dist state india village vill nagar colony apartment apartments pin code "
    "मकान नंबर नं गली सड़क रोड पास जिला ज़िला राज्य भारत गाँव गांव थाना वार्ड नगर पिन कोड"
)
_SAY_LITTLE = frozenset(_SAY_LITTLE_WORDS.split())


class Address(NamedTuple):
    pin: str
    numbers: frozenset[str]
    words: tuple[tuple[str, str, str], ...]  # (text, sound, script)


@lru_cache(maxsize=CACHE_ADDRESSES_MAX)
def read_address(written: str) -> Address:
    text = fold(ascii_digits(tidy(written)))
    pin = pin_code(text)
    numbers = frozenset(re.sub(r"\s", "", match[0]) for match in _NUMBER.finditer(text)) - {pin, pin[:3], pin[3:]}
    found = []
    for word in dict.fromkeys(_WORD.findall(text)):
        script = script_of(word)
        if word not in _SAY_LITTLE and len(word) > 1:
            found.append((word, sound(word, script) or "", script))
    return Address(pin, numbers, tuple(found[:ADDRESS_WORDS_MAX]))


def compare_addresses(one: str, other: str) -> Verdict:
    a, b = read_address(one), read_address(other)
    if not a.pin or a.pin != b.pin:
        code = "address_pin_differs" if a.pin and b.pin else "address_no_pin"
        return Verdict(Band.DIFFERENT, 0.0, (Reason(code),))
    fewer, more = sorted((a.words, b.words), key=len)
    met = [word for word in fewer if any(_is_word(word, facing) for facing in more)]
    share = len(met) / len(fewer) if fewer else 0.0
    reasons = [Reason("address_pin", {"pin": a.pin})]
    if met:
        reasons.append(Reason("address_words", {"words": ", ".join(word[0] for word in met), "all": len(fewer)}))
    same_number = bool(a.numbers & b.numbers)
    if a.numbers and b.numbers:
        reasons.append(Reason("address_number" if same_number else "address_number_differs"))
    if share >= SAME_SHARE_MIN and len(met) >= 2 and same_number:
        band = Band.SAME
    elif share >= ALIKE_SHARE_MIN and met and (same_number or not (a.numbers and b.numbers)):
        band = Band.ALIKE if same_number else Band.POSSIBLE
    else:
        band = Band.DIFFERENT
    return Verdict(band, round(share, 3), tuple(reasons))


def _is_word(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    return one[0] == other[0] or likeness(one[1], one[2], other[1], other[2]) >= WORD_LIKENESS_MIN

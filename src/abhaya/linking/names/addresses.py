"""May two written postal addresses be one house? It proposes, and never links: people share a house.

Without the same PIN code nothing is said: streets of one name stand in every town. So its keys begin with the PIN code, and a
number of a house or street with one word of the address follows; where no number is written, as in a village, two words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from abhaya.linking.names.compare import Band, Verdict
from abhaya.linking.names.scripts import script_of, sound
from abhaya.linking.names.sounds import likeness, skeletons
from abhaya.selectors.address import pin_code
from abhaya.selectors.normal import ascii_digits, fold, tidy
from abhaya.shared.reason import Reason

WORD_LIKENESS_MIN = 0.85
SAME_SHARE_MIN, ALIKE_SHARE_MIN = 0.8, 0.5  # of the words of the shorter address, found in the other
ADDRESS_WORDS_MAX = 40
CACHE_ADDRESSES_MAX = 8_192
KEY_NUMBERS_MAX, KEY_WORDS_MAX, KEY_PAIRED_WORDS_MAX, KEYS_MAX = 2, 6, 4, 16  # of one address
KEY_WORD_CHARACTERS_MAX = 12
_KEY = "5"  # names have 1 to 4

_NUMBER = re.compile(r"\d+(?:\s*[-/]\s*(?:\d+|[a-z](?![a-z])))*")
_WORD = re.compile(r"[^\W\d_]+(?:[\u0900-\u0dff\u0610-\u061a\u064b-\u065f]+[^\W\d_]*)*")
_SAY_LITTLE_WORDS = (
    "house h no number flat floor street st road rd lane gali galli near opp opposite behind block sector plot ward post po "
    "ps thana tehsil taluk district dist state india village vill nagar colony apartment apartments pin code "
    "मकान नंबर नं गली सड़क रोड पास जिला ज़िला राज्य भारत गाँव गांव थाना वार्ड नगर ग्राम पोस्ट पिन कोड"
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
    numbers = frozenset(re.sub(r"\s", "", match[0]) for match in _NUMBER.finditer(text))
    found = []
    for word in dict.fromkeys(_WORD.findall(text)):
        script = script_of(word)
        if word not in _SAY_LITTLE and len(word) > 1:
            found.append((word, sound(word, script) or "", script))
    return Address(pin, numbers - {pin, pin[:3], pin[3:], f"{pin[:3]}-{pin[3:]}"}, tuple(found[:ADDRESS_WORDS_MAX]))


def address_keys(written: str) -> frozenset[str]:
    """Keys under which a similar address is sought; none without a PIN code. One with a number and one without share none."""
    read_as = read_address(written)
    if not read_as.pin:
        return frozenset()
    bones = [_bones(word) for word in read_as.words[:KEY_WORDS_MAX]]
    numbers = sorted(read_as.numbers, key=lambda number: (-len(number), number))[:KEY_NUMBERS_MAX]
    if numbers:
        found = [f"{number[:KEY_WORD_CHARACTERS_MAX]} {bone}" for number in numbers for word in bones for bone in word]
    else:
        pairs = combinations(bones[:KEY_PAIRED_WORDS_MAX], 2)
        found = [" ".join(sorted((one, two))) for mine, theirs in pairs for one in mine for two in theirs]
    return frozenset(f"{_KEY}{read_as.pin} {key}" for key in found[:KEYS_MAX])


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


def _bones(word: tuple[str, str, str]) -> list[str]:
    """A word as its consonants' classes, in each way to read it; as it is written in a script that is not read by sound."""
    text, said, _ = word
    return [bone[:KEY_WORD_CHARACTERS_MAX] for bone in (skeletons(said) if said else [text])]


def _is_word(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    return one[0] == other[0] or likeness(one[1], one[2], other[1], other[2]) >= WORD_LIKENESS_MIN

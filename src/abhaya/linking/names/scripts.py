"""One written word → how it sounds, in a few letters that every script shares. Tables, and what each leaves open.

Consonants ``k g c j t d n p b f m r l v s h``, vowels ``a e i o u``. Aspirates, retroflexes and long vowels fall together,
because spellings of one name differ in them (Gita, Geetha; Thakur, Takur). What a script does not tell apart stays open:
``K C T P`` in Tamil (one letter for k and g, c and s, t and d, p and b), ``w`` in Arabic script (v or u), ``y`` in Bengali
(j or y), ``x`` in Cyrillic (h or kh), ``z`` for ழ and zh (l or j), ``*`` for a vowel that is not said which.

The nine scripts of India lie in Unicode blocks of one order (ISCII, IS 13194:1991): one table serves all, by distance from
the block's beginning.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

INDIC_BLOCKS = {
    0x0900: "Devanagari", 0x0980: "Bengali", 0x0A00: "Gurmukhi", 0x0A80: "Gujarati", 0x0B00: "Oriya",
    0x0B80: "Tamil", 0x0C00: "Telugu", 0x0C80: "Kannada", 0x0D00: "Malayalam",
}  # fmt: skip
BLOCK_LETTERS = 0x80
ARABIC, CYRILLIC, LATIN, BENGALI, TAMIL = "Arabic", "Cyrillic", "Latin", "Bengali", "Tamil"
SAYS_LAST_A = frozenset({"Telugu", "Kannada", "Malayalam"})  # the short a at a word's end is spoken

_INDIC_VOWELS = {
    0x05: "a", 0x06: "a", 0x07: "i", 0x08: "i", 0x09: "u", 0x0A: "u", 0x0B: "ri", 0x0C: "li", 0x0D: "e", 0x0E: "e",
    0x0F: "e", 0x10: "e", 0x11: "o", 0x12: "o", 0x13: "o", 0x14: "o", 0x60: "ri", 0x72: "a",
}  # fmt: skip
_INDIC_SIGNS = {
    0x3E: "a", 0x3F: "i", 0x40: "i", 0x41: "u", 0x42: "u", 0x43: "ri", 0x44: "ri", 0x45: "e", 0x46: "e", 0x47: "e",
    0x48: "e", 0x49: "o", 0x4A: "o", 0x4B: "o", 0x4C: "o", 0x57: "o",
}  # fmt: skip
_INDIC_CONSONANTS = {
    0x15: "k", 0x16: "k", 0x17: "g", 0x18: "g", 0x19: "n", 0x1A: "c", 0x1B: "c", 0x1C: "j", 0x1D: "j", 0x1E: "n",
    0x1F: "t", 0x20: "t", 0x21: "d", 0x22: "d", 0x23: "n", 0x24: "t", 0x25: "t", 0x26: "d", 0x27: "d", 0x28: "n",
    0x29: "n", 0x2A: "p", 0x2B: "f", 0x2C: "b", 0x2D: "b", 0x2E: "m", 0x2F: "i", 0x30: "r", 0x31: "r", 0x32: "l",
    0x33: "l", 0x34: "z", 0x35: "v", 0x36: "s", 0x37: "s", 0x38: "s", 0x39: "h",
    0x58: "k", 0x59: "k", 0x5A: "g", 0x5B: "j", 0x5C: "r", 0x5D: "r", 0x5E: "f", 0x5F: "i",
}  # fmt: skip
_NASAL_SIGNS = frozenset({0x01, 0x02, 0x70})
_VISARGA, _NUKTA, _VIRAMA, _JA, _NYA, _NGA, _HA, _YA, _RA, _KA, _GA = (
    0x03, 0x3C, 0x4D, 0x1C, 0x1E, 0x19, 0x39, 0x2F, 0x30, 0x15, 0x17,
)  # fmt: skip
_WITH_NUKTA = {0x15: "k", 0x16: "k", 0x17: "g", 0x1C: "j", 0x21: "r", 0x22: "r", 0x2B: "f", 0x2F: "i"}
_OPEN_IN = {TAMIL: {0x15: "K", 0x1A: "C", 0x1F: "T", 0x24: "T", 0x2A: "P"}, BENGALI: {0x2F: "y"}}
_SINGLE = {  # letters that close a syllable: Bengali ৎ, the Malayalam chillus
    0x09CE: "t", 0x0D7A: "n", 0x0D7B: "n", 0x0D7C: "r", 0x0D7D: "l", 0x0D7E: "l", 0x0D7F: "k",
}  # fmt: skip

_ARABIC = {
    "ا": "a", "آ": "a", "أ": "a", "إ": "i", "ٱ": "a", "ب": "b", "پ": "p", "ت": "t", "ٹ": "t", "ث": "s", "ج": "j",
    "چ": "c", "ح": "h", "خ": "k", "د": "d", "ڈ": "d", "ذ": "j", "ر": "r", "ڑ": "r", "ز": "j", "ژ": "j", "س": "s",
    "ش": "s", "ص": "s", "ض": "j", "ط": "t", "ظ": "j", "ع": "*", "غ": "g", "ف": "f", "ق": "k", "ک": "k", "ك": "k",
    "گ": "g", "ل": "l", "م": "m", "ن": "n", "ں": "n", "و": "w", "ؤ": "w", "ہ": "h", "ه": "h", "ۂ": "a", "ھ": "",
    "ی": "i", "ي": "i", "ئ": "*", "ے": "e", "ۓ": "e", "ى": "a", "ة": "a", "ۃ": "a", "ء": "",
    "\u064e": "a", "\u0650": "i", "\u064f": "u", "\u0670": "a",
}  # fmt: skip
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ђ": "j", "е": "e", "ё": "io", "є": "e", "ж": "j",
    "з": "j", "и": "i", "і": "i", "ї": "i", "й": "i", "ј": "i", "к": "k", "қ": "k", "л": "l", "љ": "li", "м": "m",
    "н": "n", "њ": "ni", "ң": "n", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "c", "у": "u",
    "ў": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "x", "һ": "h", "ҳ": "h", "ц": "ts", "ч": "c", "ҷ": "j", "џ": "j",
    "ш": "s", "щ": "s", "ъ": "", "ы": "i", "ь": "", "э": "e", "ә": "a", "ю": "iu", "я": "ia", "ғ": "g",
}  # fmt: skip
LOOKALIKES = str.maketrans("аеорсухкмтвніјѕ", "aeopcyxkmtbhijs")  # Cyrillic letters that stand in for Latin ones

_LATIN_LETTERS = str.maketrans({
    "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "e", "œ": "e", "ß": "ss", "þ": "t", "ə": "a", "ŋ": "ng",
})  # fmt: skip
_LATIN = {  # the longest that fits is taken
    "tch": "c", "sch": "s", "chh": "c", "ksh": "ks", "jna": "gia", "gny": "gi", "dny": "gi",
    "ch": "c", "sh": "s", "kh": "k", "gh": "g", "th": "t", "dh": "d", "ph": "f", "bh": "b", "jh": "j", "zh": "z",
    "ck": "k", "qu": "k", "dj": "j", "dz": "j", "ee": "i", "ie": "i", "oo": "u", "ou": "u", "aa": "a", "ei": "e",
    "ey": "e", "ay": "e", "ai": "e", "ae": "e", "au": "o", "aw": "o", "ow": "o",
    "ce": "se", "ci": "si", "cy": "si",
    "c": "k", "q": "k", "w": "v", "x": "ks", "y": "i", "z": "j",
}  # fmt: skip
_LONGEST = 3
_GLIDES = frozenset({"aw", "ow"})
_VOWELS = frozenset("aeiou*")
_VOWELS_AFTER = frozenset("aeiou")


def script_of(word: str) -> str:
    """The script of the word's first letter that has one; "" where it has none. Lookalikes are Latin already."""
    for letter in word:
        if letter.isascii() and letter.isalpha():
            return LATIN
        block = INDIC_BLOCKS.get(ord(letter) & ~(BLOCK_LETTERS - 1))
        if block:
            return block
        if letter.isalpha():
            return unicodedata.name(letter, "").partition(" ")[0].capitalize()
    return ""


def sound(word: str, script: str) -> str | None:
    """How one folded word sounds, or None for a script that is not compared by sound."""
    if script == LATIN:
        said = _latin(word)
    elif script == ARABIC:
        said = _arabic(word)
    elif script == CYRILLIC:
        said = _letters(word, _CYRILLIC)
    elif script in INDIC_BLOCKS.values():
        said = _indic(word, script)
    else:
        return None
    return _settled(said)


def _letters(word: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(letter, "") for letter in unicodedata.normalize("NFC", word))


def _latin(word: str) -> str:
    bare = unicodedata.normalize("NFKD", word.translate(_LATIN_LETTERS))
    text = "".join(letter for letter in bare if letter.isascii() and letter.isalpha())
    text = text.removesuffix("ue") if text.endswith("que") else text  # Haque
    said, at = [], 0
    while at < len(text):
        for size in range(min(_LONGEST, len(text) - at), 0, -1):
            piece = text[at : at + size]
            if piece in _GLIDES and text[at + size : at + size + 1] in _VOWELS_AFTER:
                continue  # Nawaz, Dawood: a consonant there
            if piece in _LATIN or size == 1:
                said.append(_LATIN.get(piece, piece))
                at += size
                break
    return "".join(said)


def _arabic(word: str) -> str:
    """Short vowels are not written. و and ی are consonants at the beginning and beside a long vowel, else vowels."""
    text = unicodedata.normalize("NFC", word)
    said = []
    for at, letter in enumerate(text):
        phone = _ARABIC.get(letter, "")
        if at == 0 and letter in "اأإع":
            phone = "*"  # bears any short vowel
        elif letter == "و" and (at == 0 or text[at - 1] == "ا" or text[at + 1 : at + 2] in {"ا", "ی", "ي"}):
            phone = "v"
        elif letter in "ہه" and at == len(text) - 1 and at > 1:
            phone = "a"
        elif letter in "یي" and text[at + 1 : at + 2] == "\u0670":
            phone = ""
        said.append(phone)
    return "".join(said)


def _indic(word: str, script: str) -> str:
    """A consonant without a sign is followed by a short a, which falls silent at the end unless two stand before it."""
    letters = [ord(letter) for letter in unicodedata.normalize("NFC", word)]
    said: list[str] = []
    pending = False  # the last consonant has no vowel sign yet
    for at, code in enumerate(letters):
        if code in _SINGLE:
            said += ["a" if pending else "", _SINGLE[code]]
            pending = False
            continue
        offset = code % BLOCK_LETTERS
        following = letters[at + 1] % BLOCK_LETTERS if at + 1 < len(letters) else -1
        if offset == _VIRAMA or offset in _INDIC_SIGNS:
            said.append(_INDIC_SIGNS.get(offset, ""))
            pending = False
        elif offset in _INDIC_CONSONANTS:
            said += ["a" if pending else "", _consonant(letters, at, offset, following, script)]
            pending = True
        elif offset in _INDIC_VOWELS:
            said += ["a" if pending else "", _INDIC_VOWELS[offset]]
            pending = False
        elif offset in _NASAL_SIGNS:  # सिंह is Singh
            is_ng = following == _HA or (script == BENGALI and following < 0)
            said += ["a" if pending else "", "ng" if is_ng else "n"]
            pending = False
        elif offset == _VISARGA:
            said += ["a" if pending else "", "h"]
            pending = False
    offsets = [code % BLOCK_LETTERS for code in letters if code % BLOCK_LETTERS != _NUKTA]
    ends_in_two = offsets[-2:-1] == [_VIRAMA] and script != TAMIL
    return "".join(said).replace(" ", "") + ("a" if pending and (ends_in_two or script in SAYS_LAST_A) else "")


def _consonant(letters: list[int], at: int, offset: int, following: int, script: str) -> str:
    if following == _NUKTA:
        return _WITH_NUKTA.get(offset, _INDIC_CONSONANTS[offset])
    before = [code % BLOCK_LETTERS for code in letters[max(0, at - 2) : at]]
    joined = letters[at + 2] % BLOCK_LETTERS if following == _VIRAMA and at + 2 < len(letters) else -1
    return _together(offset, before, joined, script) or _OPEN_IN.get(script, {}).get(offset, _INDIC_CONSONANTS[offset])


def _together(offset: int, before: list[int], joined: int, script: str) -> str:
    """What a consonant becomes beside another; "" where it stays itself. A space is no sound at all."""
    if offset == _HA and before[-1:] and before[-1] in _NASAL_SIGNS:
        return " "  # its sound is in the nasal: सिंह
    if (offset == _NYA and before == [_JA, _VIRAMA]) or (offset == _JA and joined == _NYA):
        return "i" if offset == _NYA else "g"  # ज्ञ: gy
    if offset == _NGA and joined not in {_KA, _GA}:
        return "ng"
    if script == BENGALI and offset == _YA and before[-1:] == [_VIRAMA]:
        return "y" if before == [_RA, _VIRAMA] else " "  # Bhattacharya; Banerjee
    return ""


def _settled(said: str) -> str:
    """What every script agrees on: no doubled sounds, ai as e, au as o, no v between a vowel and u (Dawood, Daud)."""
    kept: list[str] = []
    for at, phone in enumerate(said):
        if kept and kept[-1] == phone:
            continue
        if phone == "v" and kept and kept[-1] in _VOWELS and said[at + 1 : at + 2] == "u":
            continue
        kept.append(phone)
    text = "".join(kept).replace("ai", "e").replace("au", "o").replace("aw", "o")
    return text.replace("ee", "e").replace("oo", "o")

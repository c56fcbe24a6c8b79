"""A written name → its parts: names, initials, titles left aside, words that half a country bears, other names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from abhaya.linking.names import words
from abhaya.linking.names.scripts import CYRILLIC, LATIN, LOOKALIKES, script_of, sound
from abhaya.linking.names.sounds import likeness, skeletons
from abhaya.selectors.normal import fold, tidy

NAME_PARTS_MAX = 8  # of one name; what follows is left out
NAMES_OF_ONE_MAX = 3  # "alias", "urf": other names in one field
CACHE_NAMES_MAX = 65_536
KEYS_MAX = 64
FULL, INITIAL, COMPANION = "full", "initial", "companion"
_WRITTEN_OUT, _INITIAL = "3", "4"

_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f\u0900-\u0dff\u0610-\u061a\u064b-\u065f\u0670’'`ʼ]+[^\W\d_]*)*")
_OTHER_NAME = re.compile(rf"(?:^|[\s(,/])(?:{'|'.join(map(re.escape, words.ALSO_CALLED))})(?=[\s.:]|$)\.?|\s@\s*")
_RELATION = re.compile(
    r"(?:^|[\s,])(?:[swdc]\s?/\s?o|son of|wife of|daughter of|पुत्र|पुत्री|पत्नी)(?=[\s.:,]|$)", re.IGNORECASE
)


class Part(NamedTuple):
    """One word of a name. `sound` is None in a script that is not compared by sound."""

    text: str
    sound: str | None
    script: str
    kind: str  # full | initial | companion: a word that stands beside a name and says little (Kumar, Devi, Singh, Md.)
    group: str = ""  # several spellings or forms of one name: the same word here


class Name(NamedTuple):
    parts: tuple[Part, ...]
    titles: tuple[str, ...]
    gender: str  # "m", "f", or "" where nothing says so

    @property
    def strong(self) -> list[Part]:
        """What can say who it is; where there is nothing else, the companions."""
        full = [part for part in self.parts if part.kind == FULL]
        return full or [part for part in self.parts if part.kind == COMPANION]

    @property
    def initials(self) -> list[Part]:
        return [part for part in self.parts if part.kind == INITIAL]

    @property
    def companions(self) -> list[Part]:
        strong = self.strong
        return [part for part in self.parts if part.kind == COMPANION and part not in strong]


@lru_cache(maxsize=CACHE_NAMES_MAX)
def read(written: str) -> tuple[Name, ...]:
    """The names in one field, the first first; a father's or husband's name after "s/o" is left out."""
    text = _RELATION.split(fold(tidy(written)))[0]
    pieces = [piece for piece in _OTHER_NAME.split(text) if piece.strip(" ()")]
    return tuple(name for piece in pieces[:NAMES_OF_ONE_MAX] if (name := _name(piece)).parts)


def keys(written: str) -> frozenset[str]:
    """Keys under which a similar name is sought: two names that may be one person's share one of these, but for
    spellings that differ in their consonants. Two parts together, in any order, each as its consonants' classes (2); of a
    part the first class alone, as an initial would have it (3), or as the initial that is written (4); the only part of a
    name, or all of them in one (1). At most `KEYS_MAX`, of ASCII, each at most 40 characters. See `sought`.
    """
    found: set[str] = set()
    for name in read(written):
        parts = [part for part in name.parts if part.kind != COMPANION] if len(name.parts) > 1 else list(name.parts)
        if len(name.strong) + len(name.initials) < 2:
            parts = list(name.parts)
        bones = [(part, part_keys(part)) for part in parts]
        if len(parts) == 1:
            found.update(f"1{bone}" for bone in bones[0][1])
        for at, (part, mine) in enumerate(bones):
            for other, theirs in bones[at + 1 :]:
                found.update(_pairs(part, mine, other, theirs))
        whole = "".join(part.sound or "" for part in name.strong)
        if len(name.strong) > 1 and whole:
            found.update(f"1{bone}"[:40] for bone in skeletons(whole))
    return frozenset(sorted(found)[:KEYS_MAX])


def sought(written: str) -> dict[str, int]:
    """Under which of others' `keys` a similar name is found, each with how much it says (3 the most). What was written out is
    held against initials apart from what was written out too: else every R. Sharma would be lost among all whose surname
    that is.
    """
    found = {key: 2 if key[0] == _INITIAL else 1 if key[0] == _WRITTEN_OUT else 3 for key in keys(written)}
    for key in list(found):
        if key[0] == _WRITTEN_OUT:
            found.setdefault(_INITIAL + key[1:], 2)
        elif key[0] == _INITIAL:
            found.setdefault(_WRITTEN_OUT + key[1:], 2)
    return found


def part_keys(part: Part) -> list[str]:
    """The classes of a part's consonants, one for each way to read it; the folded text where it has no sound."""
    if part.group:
        return [f"={part.group}"]
    if part.sound is None:
        return [part.text[:20]]
    return skeletons(part.sound)


def _pairs(part: Part, mine: list[str], other: Part, theirs: list[str]) -> set[str]:
    found = set()
    for one in mine:
        for two in theirs:
            if INITIAL not in {part.kind, other.kind}:
                found.add("2" + " ".join(sorted((one[:18], two[:18]))))
            if other.kind != INITIAL:
                found.add(f"{_INITIAL if part.kind == INITIAL else _WRITTEN_OUT}{one[:1]} {two[:18]}")
            if part.kind != INITIAL:
                found.add(f"{_INITIAL if other.kind == INITIAL else _WRITTEN_OUT}{two[:1]} {one[:18]}")
    return found


def _name(piece: str) -> Name:
    parts: list[Part] = []
    titles: list[str] = []
    genders: set[str] = set()
    for word in _words(piece):
        if word in words.TITLES and not (word in words.ALSO_NAMES and parts):
            titles.append(word)
            genders.add(words.TITLES[word])
        else:
            found = _part(word)
            parts += found
            genders.update(words.COMPANION_GENDERS.get(part.group, "") for part in found)
    genders.discard("")
    return Name(tuple(parts[:NAME_PARTS_MAX]), tuple(titles), genders.pop() if len(genders) == 1 else "")


def _words(piece: str) -> list[str]:
    found: list[str] = []
    for match in _WORD.finditer(piece):
        word = match[0].replace("ی\u0670", "ا").replace("ى\u0670", "ا").translate(words.UNSAID)
        scripts = {script_of(letter) for letter in word} - {""}
        if {LATIN, CYRILLIC} <= scripts:
            word = word.translate(LOOKALIKES)
        found += _apart(word, found)
    return found


def _apart(word: str, before: list[str]) -> list[str]:
    """Names that are written together and apart: Abdul Rahman and Abdurrahman, Salah ud-Din and Salahuddin."""
    if word in words.PARTICLES:
        return []
    if before and word in words.OF_FAITH:
        before[-1] += words.OF_FAITH[word]
        return []
    for pattern, first in words.TOGETHER:
        if match := pattern.fullmatch(word):
            return [*first, *match.groups()]
    return [word]


@lru_cache(maxsize=CACHE_NAMES_MAX)
def _part(word: str) -> list[Part]:
    script = script_of(word)
    said = sound(word, script)
    if len(word.translate(words.SIGNS)) == 1:
        return [Part(word, said, script, INITIAL)]
    if script == LATIN and len(word) == 2 and not words.HAS_VOWEL.search(word) and word not in words.SHORT_FORMS:
        return [Part(letter, sound(letter, script), script, INITIAL) for letter in word]  # RK Gupta
    part = Part(word, said or None, script, FULL)
    group = words.SHORT_FORMS.get(word, "") or _group(part)
    kind = COMPANION if group in words.COMPANIONS else FULL
    return [part._replace(kind=kind, group=group)]


def _group(part: Part) -> str:
    """The name whose spellings this is one of, where it is in the house's short list; the likest one."""
    if part.sound is None:
        return ""
    if words.SERVANT.fullmatch(part.sound):
        return "abdul"
    best = max(((_like_form(part, said), group) for said, group in FORMS), default=(0.0, ""))
    return best[1] if best[0] >= words.GROUP_LIKENESS_MIN else ""


def _like_form(part: Part, said: str) -> float:
    return likeness(part.sound or "", part.script, said, LATIN) if _begins_alike(part.sound or "", said) else 0.0


def _begins_alike(one: str, other: str) -> bool:
    return bool({bone[:1] for bone in skeletons(one)} & {bone[:1] for bone in skeletons(other)})


FORMS = [(said, group) for group, forms in words.FORMS.items() for form in forms if (said := sound(form, LATIN))]

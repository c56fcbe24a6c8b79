"""Names of places, found again however they were written. Pure: built once from rows, asked many times.

A name that belongs to several places is answered with all of them and called ambiguous; a name written with a letter
wrong is answered only when one place, and no other, lies that near. Nothing here guesses between two states.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

LEVELS = ("country", "state", "district", "subdistrict", "town")  # widest first
TYPO_LENGTH_MIN = 6  # letters; a shorter name is only found as it is written
TWO_TYPOS_LENGTH_MIN = 11
NAME_LETTERS_MAX = 120  # longer is no name
NAME_WORDS_MAX = 5
TEXT_LETTERS_MAX = 20_000  # of a free text, read for names of places

_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u0900-\u0dff][A-Za-z\u00c0-\u024f\u0900-\u0dff.'’-]*")
_NOT_LETTER = re.compile(r"[^0-9a-z\u0900-\u0dff\u0e00-\U0010ffff]+")
# Words around a name that say what kind of place it is, not which.
_KIND_WORDS = frozenset({
    "district", "distt", "dist", "zila", "jila", "zilla", "state", "ut", "tehsil", "tahsil", "taluk", "taluka", "mandal",
    "जिला", "जिले", "राज्य", "तहसील", "तालुका", "शहर",
})  # fmt: skip
_OFFICE_WORDS = re.compile(
    r"^(municipal (corporation|council|committee)|nagar (palika|panchayat|parishad)|city municipal council)\s+"
    r"|\s+(municipal (corporation|council|committee|co-operation)|nagar (palika|panchayat|parishad)|mb|tc|np)$",
    re.IGNORECASE,
)


class Place(NamedTuple):
    """One place of the gazetteer. `parent` is the code of the place it lies in, "" for a country."""

    code: str
    kind: str
    name: str
    name_hi: str
    parent: str


class Alias(NamedTuple):
    """Another name. `use`: name, former (valid until a day), town (a town of the place), abbreviation, script."""

    code: str
    name: str
    use: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a text may mean. `how`: name, alias, former, town, typo."""

    place: Place
    how: str
    matched: str  # the name it was found by
    typos: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What a text names. Several candidates in different places: the text alone does not say which."""

    candidates: tuple[Candidate, ...] = ()
    alike: tuple[Place, ...] = ()  # places elsewhere whose names are easily taken for this one

    @property
    def ambiguous(self) -> bool:
        return len(self.candidates) > 1


NOTHING = Found()


def key(text: str) -> str:
    """The form in which names are compared: no case, no marks, no punctuation, no words such as "district"."""
    plain = unicodedata.normalize("NFKD", text[:NAME_LETTERS_MAX]).casefold().replace("&", " and ")
    # The nukta and Latin accents are often left out, and a nasal is written with either sign; vowel signs are kept.
    kept = "".join(
        "ं" if letter == "ँ" else letter
        for letter in plain
        if letter != "\u093c" and not ("\u0300" <= letter <= "\u036f")
    )
    words = [word for word in _NOT_LETTER.sub(" ", kept).split() if word not in _KIND_WORDS]
    return "".join(words)


def title(name: str) -> str:
    """A name in capitals as people write it; a name that already has small letters is left alone."""
    name = _OFFICE_WORDS.sub("", name.strip(" .*")).strip()
    if not name.isupper() and not name.islower():
        return name
    words = [
        word.lower() if place and word.lower() in {"and", "of", "cum"} else _capital(word)
        for place, word in enumerate(name.split())
    ]
    if words[0] == "The" and len(words) > 1:
        words = words[1:]
    return " ".join(words)


def _capital(word: str) -> str:
    if re.fullmatch(r"([A-Z]\.)+[A-Z]?\.?", word):
        return word
    return re.sub(r"(^|[-(.])([a-z])", lambda found: found[1] + found[2].upper(), word.lower())


# Spellings of one sound, widest first: what two clerks write differently for the same name.
_SOUNDS = (
    ("gadh", "gad"), ("garh", "gad"), ("ghar", "gad"), ("aa", "a"), ("ee", "i"), ("oo", "u"), ("ou", "u"), ("sh", "s"),
    ("ch", "c"), ("w", "v"), ("z", "j"), ("q", "k"), ("y", "i"),
)  # fmt: skip


def sound(name_key: str) -> str:
    """A key folded to how it sounds, so that Raigarh and Raigad are seen to be alike."""
    for written, sounds in _SOUNDS:
        name_key = name_key.replace(written, sounds)
    return re.sub(r"(?<=[bcdgjkpt])h|(.)(?=\1)", "", name_key)


class Hit(NamedTuple):
    code: str
    how: str
    matched: str


@dataclass(slots=True)
class Gazetteer:
    """The places of one country (or, with country rows only, of the world), by code and by every name."""

    places: dict[str, Place] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, list[Hit]] = field(default_factory=dict)
    abbreviations: dict[str, str] = field(default_factory=dict)
    _typo_keys: list[str] = field(default_factory=list)
    _first_words: set[str] = field(default_factory=set)  # keys of the words that names begin with
    _district_sounds: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, places: Iterable[Place], aliases: Iterable[Alias]) -> Gazetteer:
        made = cls()
        for place in places:
            made.places[place.code] = place
            made.children.setdefault(place.parent, []).append(place.code)
            for name in (place.name, place.name_hi, *_without_brackets(place.name)):
                made._add(name, Hit(place.code, "name", name))
        for alias in aliases:
            if alias.code not in made.places:
                continue
            if alias.use == "abbreviation":
                made.abbreviations[alias.name.casefold()] = alias.code
            else:
                made._add(alias.name, Hit(alias.code, _HOW.get(alias.use, "alias"), alias.name))
        made._typo_keys = [one for one in made.names if len(one) >= TYPO_LENGTH_MIN]
        for found, hits in made.names.items():
            for hit in hits:
                if made.places[hit.code].kind == "district":
                    made._district_sounds.setdefault(sound(found), set()).add(hit.code)
        return made

    def _add(self, name: str, hit: Hit) -> None:
        found = key(name)
        if found:
            hits = self.names.setdefault(found, [])
            self._first_words.add(next(filter(None, map(key, name.split())), found))
            if all(other.code != hit.code for other in hits):
                hits.append(hit)

    def ancestors(self, code: str) -> list[Place]:
        """The place and what it lies in, widest first. Empty for a code that is not known."""
        line: list[Place] = []
        while (place := self.places.get(code)) is not None and len(line) < len(LEVELS):
            line.append(place)
            code = place.parent
        return line[::-1]

    def within(self, code: str, wider: str) -> bool:
        """Whether `code` is `wider` or lies in it."""
        return any(place.code == wider for place in self.ancestors(code))

    def find(self, text: str, *, within: str = "", kinds: Sequence[str] = ()) -> Found:
        """The places that `text` may name, inside `within` and of these kinds where given."""
        wanted = key(text)
        if not wanted:
            return NOTHING
        short = self.abbreviations.get(text.strip(" .").casefold().replace(".", ""))
        hits = [Hit(short, "alias", text.strip())] if short else self.names.get(wanted, [])
        found = self._chosen([(hit, 0) for hit in hits], within, kinds)
        if not found:
            found = self._chosen(self._with_typos(wanted), within, kinds)
        return Found(tuple(found), self._alike(wanted, found, within)) if found else NOTHING

    def find_inside(self, text: str, *, within: str = "", kinds: Sequence[str] = ()) -> list[tuple[Found, int, int]]:
        """Names written as they are known, inside a longer text: (what they name, start, end), the longest first."""
        words = [(found.start(), found.end()) for found in _WORD.finditer(text[:TEXT_LETTERS_MAX])]
        begins = [key(text[start:end]) in self._first_words for start, end in words]
        taken: set[int] = set()
        answers: list[tuple[Found, int, int]] = []
        for count in range(min(NAME_WORDS_MAX, len(words)), 0, -1):
            for first in range(len(words) - count + 1):
                if not begins[first]:
                    continue
                span = range(first, first + count)
                start, end = words[first][0], words[first + count - 1][1]
                if taken.isdisjoint(span) and end - start <= NAME_LETTERS_MAX:
                    found = self._as_written(text[start:end], within, kinds)
                    if found.candidates:
                        taken.update(span)
                        answers.append((found, start, end))
        return answers

    def _as_written(self, text: str, within: str, kinds: Sequence[str]) -> Found:
        wanted = key(text)
        found = self._chosen([(hit, 0) for hit in self.names.get(wanted, ())], within, kinds)
        return Found(tuple(found), self._alike(wanted, found, within)) if found else NOTHING

    def _with_typos(self, wanted: str) -> list[tuple[Hit, int]]:
        """Names one letter away (two where the name is long), the nearest only."""
        if len(wanted) < TYPO_LENGTH_MIN:
            return []
        most = 2 if len(wanted) >= TWO_TYPOS_LENGTH_MIN else 1
        near = process.extract(wanted, self._typo_keys, scorer=OSA.distance, score_cutoff=most, limit=20)
        nearest = min((distance for _, distance, _ in near), default=0)
        return [
            (hit._replace(how="typo"), int(distance))
            for found, distance, _ in near
            if distance == nearest
            for hit in self.names[found]
        ]

    def _chosen(self, hits: list[tuple[Hit, int]], within: str, kinds: Sequence[str]) -> list[Candidate]:
        """One candidate per distinct place: the widest level that was named, and of nested places the wider one."""
        known = [
            Candidate(self.places[hit.code], hit.how, hit.matched, typos)
            for hit, typos in hits
            if (not within or self.within(hit.code, within)) and (not kinds or self.places[hit.code].kind in kinds)
        ]
        # A district's chief town, or a block in it, has its name: the district is what was meant, or holds it.
        major = [one for one in known if LEVELS.index(one.place.kind) <= LEVELS.index("district")]
        known = major or known
        outer = [
            one
            for one in known
            if not any(other is not one and self.within(one.place.code, other.place.code) for other in known)
        ]
        return sorted((self._narrowed(one) for one in outer), key=lambda one: one.place.code)

    def _narrowed(self, one: Candidate) -> Candidate:
        """A state that is one district (Chandigarh, Lakshadweep) is that district."""
        districts = [code for code in self.children.get(one.place.code, []) if self.places[code].kind == "district"]
        if one.place.kind == "state" and len(districts) == 1:
            return Candidate(self.places[districts[0]], one.how, one.matched, one.typos)
        return one

    def _alike(self, wanted: str, found: list[Candidate], within: str) -> tuple[Place, ...]:
        """Districts of other states whose names sound like this one (Raigarh, Raigad)."""
        own = {one.place.code for one in found} | {one.place.parent for one in found}
        return tuple(
            self.places[code]
            for code in sorted(self._district_sounds.get(sound(wanted), ()))
            if code not in own and self.places[code].parent not in own and (not within or self.within(code, within))
        )


_HOW = {"name": "alias", "former": "former", "town": "town", "script": "name"}


def _without_brackets(name: str) -> list[str]:
    """Kaimur for “Kaimur (Bhabua)”; what is in the brackets is left to the list of other names."""
    plain = re.sub(r"\s*\([^)]*\)", "", name).strip()
    return [plain] if plain != name else []

"""What the sender named as a masked person's, taken out of a text before anybody reads it (pure).

Values are found however the text spells them: letter case, spaces, the escapes of JSON, XML and web addresses, marks that
nobody sees, digits of a telephone number apart. What somebody wrote about a child in other words is not found: the pages
that use this say so.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from html.entities import html5

from abhaya.desk.rules import Shown

MASK = "▒▒▒"
WORD_LETTERS_MIN = 3  # of a name's parts, hidden as whole words
ANYWHERE_LETTERS_MIN = 6  # a longer value is hidden inside words too: "ashak77" in "mailto:ashak77x"
PHONE_DIGITS = 10  # the national number; what stands before it is a country's
NOTHING = frozenset({"", "india", "unknown", "none", "null", "n/a", "na", "-"})

_TOKEN = re.compile(
    r"⟨U\+[0-9A-F]+⟩|[\u200b-\u200f\u2060-\u206f\ufeff\u00ad]"  # unseen, as written or as shown
    r"|(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|&#x([0-9a-fA-F]{1,6});|&#([0-9]{1,7});|&(amp|lt|gt|quot|apos|nbsp|commat|period);"
    r"|((?:%[0-9a-fA-F]{2})+)|\\([\"'/\\])|(\\[nrt]|\s)+"
)


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is to be taken out: values anywhere, words as whole words, telephone numbers by their digits."""

    values: frozenset[str]
    words: frozenset[str]
    phones: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.values or self.words or self.phones)


@dataclass(frozen=True, slots=True)
class Redacted:
    text: str
    places: int  # how many were taken out


def hidden_of(persons: Iterable[Shown], raws: Iterable[tuple[str, str]] = ()) -> Hidden:  # type: ignore[type-arg]  # whatever their sightings are
    """Everything stated of the masked persons. `raws`: (kind, as written) of their identifiers."""
    values: set[str] = set()
    words: set[str] = set()
    phones: set[str] = set()
    for person in persons:
        if not person.masked:
            continue
        stated = [loss.text for loss in person.losses]
        for place in person.places:
            stated += [place.text, place.city, place.postal_code, *[value for _, value in place.said]]
        stated += [text.text for text in person.texts]
        if person.person:
            told = person.person
            stated += [told.date_of_birth, told.school, told.note, *told.display_names, told.name]
            stated += [value for _, value in told.said]
            words.update(_words(told.name))
        values.update(_canonical(text) for text in stated)
    for kind, raw in raws:
        digits = re.sub(r"\D", "", raw)
        if kind == "phone" and len(digits) >= PHONE_DIGITS:
            phones.add(digits[-PHONE_DIGITS:])
        if kind == "name":
            words.update(_words(raw))
        if kind == "email":
            local = _canonical(raw).partition("@")[0]
            (values if len(local) >= ANYWHERE_LETTERS_MIN else words).add(local)
        values.add(_canonical(raw))
    values |= {unicodedata.normalize("NFD", value) for value in values}  # as some programs write the same letters
    values = {value.strip() for value in values} - NOTHING
    short = {value for value in values if len(value) < ANYWHERE_LETTERS_MIN or value.isdigit()}
    words |= {word for word in short if len(word) > 1}
    return Hidden(frozenset(values - short), frozenset(words - NOTHING), frozenset(phones))


def redact(text: str, hidden: Hidden) -> Redacted:
    """The text with every place that holds one of the values replaced by a mask."""
    if not hidden or not text:
        return Redacted(text, 0)
    plain = _Plain(text)
    spans = [(at, at + len(value)) for value in hidden.values for at in _found(plain.text, value)]
    for word in hidden.words:
        spans += [
            (at, at + len(word))
            for at in _found(plain.text, word)
            if not plain.text[max(0, at - 1) : at].isalnum()
            and not plain.text[at + len(word) : at + len(word) + 1].isalnum()
        ]
    spans += _phones(plain.text, hidden.phones)
    kept: list[str] = []
    end = places = 0
    for start, stop in _joined(plain.original(start, stop) for start, stop in spans):
        kept += [text[end:start], MASK]
        end, places = stop, places + 1
    return Redacted("".join([*kept, text[end:]]), places)


class _Plain:
    """A text as one would read it aloud: escapes undone, lower case, one space for many; and where each letter stands."""

    def __init__(self, text: str) -> None:
        parts: list[str] = []
        self._starts: list[int] = []  # of each part, in the plain text
        self._origins: list[tuple[int, int, bool]] = []  # of each part in the original, and whether letter for letter
        self._length = 0
        end = 0
        for token in _TOKEN.finditer(text):
            self._add(parts, text[end : token.start()], end, token.start())
            self._add(parts, _meant(token), token.start(), token.end(), whole=True)
            end = token.end()
        self._add(parts, text[end:], end, len(text))
        self.text = "".join(parts)

    def _add(self, parts: list[str], meant: str, start: int, end: int, *, whole: bool = False) -> None:
        if not meant:
            return
        lower = meant.lower()
        if not whole and len(lower) != end - start:  # a letter that grows in lower case: letter by letter
            for place, letter in enumerate(meant):
                self._put(parts, letter.lower(), start + place, start + place + 1, whole=True)
            return
        self._put(parts, lower, start, end, whole=whole)

    def _put(self, parts: list[str], lower: str, start: int, end: int, *, whole: bool) -> None:
        parts.append(lower)
        self._starts.append(self._length)
        self._origins.append((start, end, whole))
        self._length += len(lower)

    def original(self, start: int, stop: int) -> tuple[int, int]:
        """Where a stretch of the plain text stands in the original; an escape is taken whole."""
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, stop - 1) - 1
        begin, _, whole = self._origins[first]
        from_ = begin if whole else begin + start - self._starts[first]
        begin, end, whole = self._origins[last]
        return from_, end if whole else begin + stop - self._starts[last]


def _meant(token: re.Match[str]) -> str:
    """What an escape stands for; nothing for a mark that nobody sees; one space for any white space."""
    by_pair, by_four, by_hex, by_number, by_name, by_percent, by_slash, space = token.groups()
    if by_pair:
        return bytes.fromhex(by_pair.replace("\\u", "")).decode("utf-16-be")
    if by_four or by_hex or by_number:
        code = int(by_four or by_hex, 16) if by_four or by_hex else int(by_number)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
    if by_name:
        return html5[f"{by_name};"]
    if by_percent:
        return bytes.fromhex(by_percent.replace("%", "")).decode("utf-8", errors="ignore")
    return by_slash or (" " if space else "")


def _canonical(text: str) -> str:
    return " ".join(_Plain(unicodedata.normalize("NFC", text)).text.split())


def _words(name: str) -> set[str]:
    return {word for word in re.findall(r"[^\W\d_]+", _canonical(name)) if len(word) >= WORD_LETTERS_MIN}


def _found(text: str, value: str) -> Iterable[int]:
    at = text.find(value)
    while at >= 0:
        yield at
        at = text.find(value, at + 1)


def _phones(text: str, phones: frozenset[str]) -> list[tuple[int, int]]:
    """Telephone numbers by their digits, with what stands between and a country's code before them."""
    return [
        match.span()
        for phone in phones
        for match in re.finditer(r"(?:\+?\d{1,3}[\s().-]{0,3}|\b0{1,2})?" + r"[\s().\-]{0,3}".join(phone), text)
    ]


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch made one."""
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((start, stop))
    return joined

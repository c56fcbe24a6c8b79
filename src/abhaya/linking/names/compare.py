"""May two written names be one person's? An answer in bands with its reasons; it proposes, and never links.

A name is chosen, changed and borne by many. So the answer is a band, never a link, and a name of which there are many says
so: the caller brings how many accounts bear each part (`Bearers`), and names that half a country bears are common anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from abhaya.linking.names import words
from abhaya.linking.names.parts import FULL, INITIAL, Name, Part, part_keys, read
from abhaya.linking.names.scripts import LATIN, SAYS_LAST_A
from abhaya.linking.names.sounds import likeness
from abhaya.shared.reason import Reason

SAME_MIN, ALIKE_MIN = 0.92, 0.80  # likeness of two parts
JOINED_MIN = 0.93  # of two names with all their parts written together
COMMON_ACCOUNTS_MIN = 10  # accounts that bear a part, from which on the part is common
GROUP_SCORE = 0.97  # two forms of one name


class Band(StrEnum):
    SAME = "same"  # every part that counts is there on both sides
    ALIKE = "alike"  # sounds alike, or one side has a part more
    POSSIBLE = "possible"  # an initial, or a single name
    DIFFERENT = "different"


class Verdict(NamedTuple):
    """`score` orders proposals of one band, from 0 to 1; it is no probability. `is_common`: many bear this name."""

    band: Band
    score: float
    reasons: tuple[Reason, ...]
    is_common: bool = False

    @property
    def proposes(self) -> bool:
        """Worth an officer's look by the name alone. A common name needs something else beside it."""
        return self.band in {Band.SAME, Band.ALIKE} and not self.is_common


class Bearers(NamedTuple):
    """Part key (`parts.part_keys`) → how many accounts bear such a part, counted by the caller from what may be counted."""

    accounts: Mapping[str, int]


NOBODY = Bearers({})
_ENDS_IN_TWO = re.compile(r"[^aeiou*]{2}$")  # Krishna and Krishn: a spelling, not a name
_ORDER = {Band.SAME: 3, Band.ALIKE: 2, Band.POSSIBLE: 1, Band.DIFFERENT: 0}


class _Pairing(NamedTuple):
    pairs: list[tuple[Part, Part, float]]
    mine: list[Part]  # without a partner
    theirs: list[Part]


def compare(one: str, other: str, bearers: Bearers = NOBODY) -> Verdict:
    """Two written names. Where a field holds several ("alias"), the pair that fits best answers."""
    mine, theirs = read(one), read(other)
    found = [
        (verdict, at + number)
        for at, a in enumerate(mine)
        for number, b in enumerate(theirs)
        for verdict in [_names(a, b, bearers)]
    ]
    if not found:
        return Verdict(Band.DIFFERENT, 0.0, (Reason("name_unread"),))
    verdict, later = max(found, key=lambda each: (_ORDER[each[0].band], each[0].score, -each[1]))
    if later and verdict.band is not Band.DIFFERENT:
        return verdict._replace(reasons=(*verdict.reasons, Reason("name_also_called")))
    return verdict


def _names(a: Name, b: Name, bearers: Bearers) -> Verdict:
    paired = _pair(a.strong, b.strong)
    alike = [pair for pair in paired.pairs if pair[2] >= ALIKE_MIN]
    band, score, reasons = _band(a, b, paired, alike)
    if band is Band.DIFFERENT:
        return Verdict(band, score, tuple(reasons))
    reasons = [*_how(a, b, alike), *reasons, *_beside(a, b)]
    if a.gender and b.gender and a.gender != b.gender:
        return Verdict(Band.DIFFERENT, score, (*reasons, Reason("name_gender")))
    if common := _common([pair[0] for pair in alike] or a.strong, bearers):
        reasons.append(common)
    return Verdict(band, round(score, 3), tuple(reasons), common is not None)


def _band(
    a: Name, b: Name, paired: _Pairing, alike: list[tuple[Part, Part, float]]
) -> tuple[Band, float, list[Reason]]:
    if (paired.mine or paired.theirs) and (whole := _joined(a, b)):
        return Band.SAME, whole, [Reason("name_joined")]
    score = sum(pair[2] for pair in alike) / max(1, len(a.strong), len(b.strong))
    if not alike:
        return Band.DIFFERENT, 0.0, [Reason("name_nothing_alike")]
    mine, theirs = _initials(a, paired.theirs), _initials(b, paired.mine)
    if mine is None or theirs is None:
        return Band.DIFFERENT, score, [Reason("name_initial_differs")]
    if mine.left and theirs.left:
        return Band.DIFFERENT, score, [_only_one(alike, theirs.left, mine.left)]
    if mine.reasons or theirs.reasons:
        return Band.POSSIBLE, score, [*mine.reasons, *theirs.reasons]
    band, reasons = _whole(a, b, alike, mine.left or theirs.left)
    return band, score, reasons


def _whole(a: Name, b: Name, alike: list[tuple[Part, Part, float]], rest: list[Part]) -> tuple[Band, list[Reason]]:
    """Where one side at least has a partner for each of its parts; `rest` is what the other has more."""
    if any(_differs_by_an_a(pair) for pair in alike):
        return (Band.POSSIBLE if len(alike) > 1 else Band.DIFFERENT), [Reason("name_final_a")]
    if rest:
        said = Reason("name_part_missing", {"part": " ".join(part.text for part in rest)})
        return (Band.ALIKE if len(alike) > 1 else Band.DIFFERENT), [said]
    shared = {part.group for part in a.companions} & {part.group for part in b.companions}
    if len(alike) + len(shared) < 2 or all(part.kind != FULL for part in a.strong):
        return Band.POSSIBLE, [Reason("name_single")]
    return (Band.SAME if all(pair[2] >= SAME_MIN for pair in alike) else Band.ALIKE), []


def _differs_by_an_a(pair: tuple[Part, Part, float]) -> bool:
    """Arun and Aruna, Petrov and Petrova: often a man's name and a woman's, seldom one name spelt in two ways."""
    one, other = sorted((pair[0].sound or "", pair[1].sound or ""), key=len)
    if {pair[0].script, pair[1].script} & SAYS_LAST_A or _ENDS_IN_TWO.search(one):
        return False
    return len(other) == len(one) + 1 and other[-1:] == "a" and one[-1:] not in {"", "a"} and one[-1:] == other[-2:-1]


def _pair(mine: list[Part], theirs: list[Part]) -> _Pairing:
    """The likest two first, each part once."""
    scored = sorted(
        (
            (_part_likeness(a, b), at == number, -at, -number)
            for at, a in enumerate(mine)
            for number, b in enumerate(theirs)
        ),
        reverse=True,
    )
    pairs: list[tuple[Part, Part, float]] = []
    used_mine: set[int] = set()
    used_theirs: set[int] = set()
    for score, _is_level, at, number in scored:
        if score < ALIKE_MIN or -at in used_mine or -number in used_theirs:
            continue
        used_mine.add(-at)
        used_theirs.add(-number)
        pairs.append((mine[-at], theirs[-number], score))
    pairs.sort(key=lambda pair: mine.index(pair[0]))
    return _Pairing(
        pairs,
        [part for at, part in enumerate(mine) if at not in used_mine],
        [part for at, part in enumerate(theirs) if at not in used_theirs],
    )


def _part_likeness(a: Part, b: Part) -> float:
    if a.text == b.text:
        return 1.0
    if a.group or b.group:
        if a.group == b.group:
            return GROUP_SCORE
        if a.group and b.group:
            return 0.0
    if a.sound is None or b.sound is None:
        return 0.0
    return likeness(a.sound, a.script, b.sound, b.script)


def _joined(a: Name, b: Name) -> float:
    """How alike the names are when all parts are written together; 0.0 below `JOINED_MIN` or where it says nothing."""
    if len(a.parts) == len(b.parts) or a.initials or b.initials:
        return 0.0
    mine, theirs = "".join(part.sound or "" for part in a.parts), "".join(part.sound or "" for part in b.parts)
    score = likeness(mine, a.parts[0].script, theirs, b.parts[0].script) if mine and theirs else 0.0
    return score if score >= JOINED_MIN else 0.0


class _Held(NamedTuple):
    reasons: list[Reason]
    left: list[Part]


def _initials(name: Name, left: list[Part]) -> _Held | None:
    """The initials of one name held against what the other has left; None where one fits nothing that is there."""
    remaining, reasons = list(left), []
    for initial in name.initials:
        fit = next((part for part in remaining if _could_stand_for(initial, part)), None)
        if fit is None and any(part.kind == FULL for part in remaining):
            return None
        if fit is not None:
            remaining.remove(fit)
            reasons.append(Reason("name_initial", {"initial": initial.text, "part": fit.text}))
    return _Held(reasons, remaining)


def _could_stand_for(initial: Part, part: Part) -> bool:
    return bool(
        {key[:1] for key in part_keys(initial._replace(group=""))}
        & {key[:1] for key in part_keys(part._replace(group=""))}
    )


def _how(a: Name, b: Name, alike: list[tuple[Part, Part, float]]) -> list[Reason]:
    """In what the parts that meet differ: letters, script, order."""
    if not alike:
        return []
    reasons = []
    crossed = [pair for pair in alike if pair[0].script != pair[1].script]
    spelt = [pair for pair in alike if pair[0].script == pair[1].script and pair[0].text != pair[1].text]
    if crossed:
        values: dict[str, str | int | float] = {
            "one": " ".join(pair[0].text for pair in crossed),
            "other": " ".join(pair[1].text for pair in crossed),
        }
        reasons.append(
            Reason("name_script" if min(pair[2] for pair in crossed) >= SAME_MIN else "name_script_near", values)
        )
    reasons += [Reason(_spelling(pair), {"one": pair[0].text, "other": pair[1].text}) for pair in spelt]
    if not crossed and not spelt:
        reasons.append(Reason("name_letters"))
    places = [b.parts.index(pair[1]) for pair in sorted(alike, key=lambda pair: a.parts.index(pair[0]))]
    if places != sorted(places):
        reasons.append(Reason("name_order"))
    return reasons


def _spelling(pair: tuple[Part, Part, float]) -> str:
    if pair[0].group and pair[0].group == pair[1].group:
        return "name_forms"
    return "name_spelling" if pair[2] >= SAME_MIN else "name_near"


def _beside(a: Name, b: Name) -> list[Reason]:
    """What was left aside: titles, and words such as Kumar on one side only."""
    reasons = []
    if titles := sorted({*a.titles, *b.titles} - ({*a.titles} & {*b.titles})):
        reasons.append(Reason("name_titles", {"titles": ", ".join(titles)}))
    mine, theirs = {part.group: part.text for part in a.companions}, {part.group: part.text for part in b.companions}
    if lone := [
        *(mine[group] for group in mine.keys() - theirs.keys()),
        *(theirs[group] for group in theirs.keys() - mine.keys()),
    ]:
        reasons.append(Reason("name_companion", {"words": ", ".join(sorted(lone))}))
    return reasons


def _only_one(alike: list[tuple[Part, Part, float]], left_a: list[Part], left_b: list[Part]) -> Reason:
    return Reason(
        "name_rest_differs",
        {
            "part": " ".join(pair[0].text for pair in alike),
            "one": " ".join(part.text for part in left_a),
            "other": " ".join(part.text for part in left_b),
        },
    )


def _common(parts: list[Part], bearers: Bearers) -> Reason | None:
    """Said where every part that meets is common: by the caller's count, or because it is so everywhere."""
    counts = [max((bearers.accounts.get(key, 0) for key in part_keys(part)), default=0) for part in parts]
    if not all(count >= COMMON_ACCOUNTS_MIN or _is_common(part) for count, part in zip(counts, parts, strict=True)):
        return None
    counted = [count for count in counts if count >= COMMON_ACCOUNTS_MIN]
    return (
        Reason("name_common_counted", {"accounts": min(counted)})
        if len(counted) == len(counts)
        else Reason("name_common")
    )


def _is_common(part: Part) -> bool:
    groups, common = _common_words()
    if part.kind != FULL or part.group in groups:
        return True
    if part.sound is None:
        return False
    keys = set(part_keys(part))
    return any(keys & bones and likeness(part.sound, part.script, said, LATIN) >= SAME_MIN for said, bones in common)


@cache
def _common_words() -> tuple[frozenset[str], Sequence[tuple[str, set[str]]]]:
    """Groups of the words that half a country bears, and of each its sound and keys. Read at the first comparison."""
    read_words = [part for word in words.COMMON for name in read(word) for part in name.parts]
    groups = frozenset(part.group for part in read_words if part.group)
    return groups, [(part.sound, set(part_keys(part))) for part in read_words if part.sound and part.kind != INITIAL]

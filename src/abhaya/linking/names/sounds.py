"""How alike two sounds are, and the classes of consonants by which a similar one is sought."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from abhaya.linking.names.scripts import ARABIC, BENGALI, SAYS_LAST_A, TAMIL

CACHE_PAIRS_MAX = 262_144
READINGS_MAX = 4  # ways to read one word, as keys
OPEN_COST = 0.05  # a sound that the script leaves open, read in the way that fits
VOWEL_MASS, H_MASS = 0.5, 0.3
BEGINS_OTHERWISE_MIN, VOWEL_OTHERWISE_MIN = 0.5, 0.35
BEGINNING_COST = 0.5  # two names that begin otherwise are seldom one: Usha and Asha, Gurpreet and Harpreet

_VOWELS = frozenset("aeiou*")
_OPEN = {
    "K": "kgh", "C": "scj", "T": "td", "P": "pbf", "w": "vuo", "y": "ij", "x": "hk", "z": "lj", "*": "aeiou",
}  # fmt: skip
_CLASS = {
    **dict.fromkeys("kg", "K"), **dict.fromkeys("td", "T"), **dict.fromkeys("pbfv", "P"), **dict.fromkeys("scj", "S"),
    **dict.fromkeys("mn", "N"), "l": "L", "r": "R",
}  # fmt: skip
_SUBSTITUTIONS = {
    frozenset(pair): cost
    for pair, cost in {
        "td": 0.6, "kg": 0.6, "pb": 0.6, "pf": 0.3, "bv": 0.25, "fv": 0.5, "pv": 0.8, "bf": 0.6, "sc": 0.5, "sj": 0.5,
        "cj": 0.5, "mn": 0.5, "lr": 0.8, "hk": 0.45, "hg": 0.7, "dr": 0.3, "ij": 0.45, "uv": 0.3, "ov": 0.3, "tc": 0.8,
        "ei": 0.1, "ou": 0.1, "ae": 0.2, "ao": 0.25, "au": 0.35, "ai": 0.4, "eo": 0.5, "io": 0.5, "iu": 0.5, "eu": 0.5,
    }.items()
}  # fmt: skip


def skeletons(said: str) -> list[str]:
    """The classes of the consonants of a sound, one for each way to read what its script leaves open. A beginning with a
    vowel, y or h is "A"; h and vowels fall away elsewhere; neighbours of one class are one.
    """
    choices = [_classes(phone) for phone in said]
    found: dict[str, None] = {}
    for reading in product(*choices):
        bones = "A" if reading[:1] == ("",) else ""
        for bone in reading:
            if bone and not bones.endswith(bone):
                bones += bone
        found[bones or "A"] = None
        if len(found) == READINGS_MAX:
            break
    return list(found)


@lru_cache(maxsize=256)
def _classes(phone: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_CLASS.get(one, "") for one in _OPEN.get(phone, phone)))


@lru_cache(maxsize=CACHE_PAIRS_MAX)
def likeness(one: str, script: str, other: str, other_script: str) -> float:
    """1.0 for sounds that fall together, less for each difference by how much it says, 0.0 for nothing in common.

    Arabic script writes no short vowels: those of the other side cost next to nothing there.
    """
    if one == other:
        return 1.0
    if not one or not other:
        return 0.0
    mine, theirs = _alone(one, script, other_script), _alone(other, other_script, script)
    row = [BEGINNING_COST if _begins_otherwise(one[0], other[0]) else 0.0]
    for cost in theirs:
        row.append(row[-1] + cost)
    for phone, lone in zip(one, mine, strict=True):
        fresh = [row[0] + lone]
        for at, (facing, cost) in enumerate(zip(other, theirs, strict=True)):
            fresh.append(min(row[at] + _substitution(phone, facing), row[at + 1] + lone, fresh[at] + cost))
        row = fresh
    return max(0.0, 1.0 - row[-1] / max(_mass(one), _mass(other)))


@lru_cache(maxsize=4096)
def _substitution(one: str, other: str) -> float:
    if one == other:
        return 0.0
    mine, theirs = _OPEN.get(one, one), _OPEN.get(other, other)
    if set(mine) & set(theirs):
        return OPEN_COST
    return min(_SUBSTITUTIONS.get(frozenset((a, b)), 1.0) for a in mine for b in theirs)


def _begins_otherwise(one: str, other: str) -> bool:
    both_vowels = one in _VOWELS and other in _VOWELS
    return _substitution(one, other) >= (VOWEL_OTHERWISE_MIN if both_vowels else BEGINS_OTHERWISE_MIN)


@lru_cache(maxsize=CACHE_PAIRS_MAX)
def _alone(said: str, script: str, other_script: str) -> tuple[float, ...]:
    """What each sound costs where the other side has none."""
    is_free = other_script == ARABIC and script != ARABIC
    soft_end = ("ao" if other_script == BENGALI else "a" if script in SAYS_LAST_A else "") + (
        "u" if script == TAMIL else ""
    )
    return tuple(_lone(said, at, is_free, soft_end) for at in range(len(said)))


def _lone(said: str, at: int, is_free: bool, soft_end: str) -> float:
    phone = said[at]
    if phone in {"h", "x"}:
        return H_MASS
    if phone not in _VOWELS and phone != "w":
        return 0.8 if phone == "y" else 1.0
    if at == len(said) - 1 and at > 0:
        if phone == "a" and len(said) > 2 and said[at - 1] not in _VOWELS and said[at - 2] not in _VOWELS:
            return 0.1  # Krishna, Chandra
        return 0.15 if phone in soft_end else 0.5
    if is_free:
        return OPEN_COST
    return 0.15 if phone == "a" and at > 0 else 0.3


@lru_cache(maxsize=CACHE_PAIRS_MAX)
def _mass(said: str) -> float:
    return sum(VOWEL_MASS if phone in _VOWELS or phone == "w" else H_MASS if phone == "h" else 1.0 for phone in said)

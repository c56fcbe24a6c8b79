"""Accounts: the platform's own lasting id, scoped by the platform ("facebook:100000000000001").

An id without its platform names nobody. Ids are compared as written, case included: only the platform knows whether
case matters.
"""

from __future__ import annotations

from functools import lru_cache

from abhaya.selectors import placeholder
from abhaya.selectors.normal import (
    CACHE_VALUES_MAX,
    WHY_EMPTY,
    WHY_PLACEHOLDER,
    WHY_TOO_LONG,
    Normal,
    fold,
    refused,
    tidy,
)
from abhaya.selectors.platform import canonical, known

ID_CHARACTERS_MAX = 512

WHY_NO_PLATFORM = "No platform: the same account id belongs to different people on different services."
NOTE_UNKNOWN_PLATFORM = "A service whose other names are not known to this version: "


def normalise(raw: str, *, platform: str = "") -> Normal:
    """`platform` as the sender wrote it; an id that already carries its platform ("fb:123") needs none."""
    return _normalise(raw, platform)


@lru_cache(maxsize=CACHE_VALUES_MAX)
def _normalise(raw: str, platform: str) -> Normal:
    text = tidy(raw)
    if not text:
        return refused(WHY_EMPTY)
    if len(text) > ID_CHARACTERS_MAX:
        return refused(WHY_TOO_LONG)
    scope, identifier = scoped(text, platform)
    if placeholder.is_word(fold(identifier)) or placeholder.is_identifier(identifier):
        return refused(WHY_PLACEHOLDER)
    if not scope:
        return refused(WHY_NO_PLATFORM)
    if not identifier:
        return refused(WHY_EMPTY)
    notes = () if known(scope) else (NOTE_UNKNOWN_PLATFORM + scope,)
    return Normal(f"{scope}:{identifier}", "", notes)


def scoped(text: str, platform: str) -> tuple[str, str]:
    """Platform and rest. A prefix counts as the platform where it repeats the one given, or is one we know."""
    scope = canonical(platform)
    before, colon, after = text.partition(":")
    if colon and (canonical(before) == scope if scope else known(before)):
        return canonical(before), after.strip()
    return scope, text


def platform_of(value: str) -> str:
    """The platform of a normalised value."""
    return value.partition(":")[0]

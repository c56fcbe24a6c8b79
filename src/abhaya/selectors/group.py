"""Groups and channels: the platform's own number of one, scoped by the platform ("telegram:1700000017").

A name alone names none: a thousand groups are called the same. Where a copy carries no number, its reader gives what
tells it from others of its name, or the copy's own digest, and that is kept as written.
"""

from __future__ import annotations

from functools import lru_cache

from abhaya.selectors import placeholder
from abhaya.selectors.account import scoped
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

ID_CHARACTERS_MAX = 512

WHY_NO_PLATFORM = "No platform: the same number belongs to different groups on different services."


def normalise(raw: str, *, platform: str = "") -> Normal:
    """`platform` as the sender wrote it. The bot interface's "-100" before a channel's number is left out (Telegram)."""
    return _normalise(raw, platform)


@lru_cache(maxsize=CACHE_VALUES_MAX)
def _normalise(raw: str, platform: str) -> Normal:
    text = tidy(raw)
    if not text:
        return refused(WHY_EMPTY)
    if len(text) > ID_CHARACTERS_MAX:
        return refused(WHY_TOO_LONG)
    scope, identifier = scoped(text, platform)
    identifier = fold(identifier)
    if scope == "telegram" and identifier.startswith("-100") and identifier[1:].isdigit():
        identifier = identifier.removeprefix("-100")
    if placeholder.is_word(identifier):
        return refused(WHY_PLACEHOLDER)
    if not scope:
        return refused(WHY_NO_PLATFORM)
    return Normal(f"{scope}:{identifier}") if identifier else refused(WHY_EMPTY)

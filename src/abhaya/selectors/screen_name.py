"""Screen names and handles: what others see, scoped by the platform, case folded. Chosen, changed and copied at will:
weak evidence by nature.
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

NAME_CHARACTERS_MAX = 256  # ISPWS

NOTE_NO_PLATFORM = "No platform was written: the same name may be somebody else elsewhere."


def normalise(raw: str, *, platform: str = "") -> Normal:
    """Written "platform:name"; ":name" where no platform is known."""
    return _normalise(raw, platform)


@lru_cache(maxsize=CACHE_VALUES_MAX)
def _normalise(raw: str, platform: str) -> Normal:
    text = tidy(raw)
    if not text:
        return refused(WHY_EMPTY)
    if len(text) > NAME_CHARACTERS_MAX:
        return refused(WHY_TOO_LONG)
    scope, name = scoped(text, platform)
    name = fold(name.removeprefix(":") if not scope else name).lstrip("@ ")
    if not name:
        return refused(WHY_EMPTY)
    if placeholder.is_word(name):
        return refused(WHY_PLACEHOLDER)
    return Normal(f"{scope}:{name}", "", () if scope else (NOTE_NO_PLATFORM,), assumed=not scope)

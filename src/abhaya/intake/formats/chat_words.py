"""What a line of a chat does, by its own words: offers, asks, pays, posts, or only talks.

A machine's proposal and no more: the word that it went by is kept beside the act, and a person reads the line. Few words,
of English and Hindi in both scripts; a line without any of them is talk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from abhaya.selectors.normal import fold, tidy

READ_CHARACTERS_MAX = 2000  # of one message; what somebody does stands at its beginning

_PAID = (
    "paid", "payment receipt", "payment done", "payment sent", "sent the payment", "sent payment", "money sent",
    "transferred", "utr", "paise bhej diye", "pay kar diya", "पैसे भेज दिए", "भुगतान",
)  # fmt: skip
_OFFERED = (
    "offers", "offer", "offering", "for sale", "selling", "price list", "dm for", "available", "bech raha", "bechna",
    "बेच रहा", "बेचना", "उपलब्ध",
)  # fmt: skip
_ASKED = (
    "asks", "ask for", "asking for", "send me", "who has", "looking for", "i want", "i need", "chahiye", "bhejo",
    "चाहिए", "भेजो",
)  # fmt: skip
_POSTED = ("link", "links", "http", "https")


def _any(words: Iterable[str]) -> re.Pattern[str]:
    """One of the words, standing by itself: no letter, digit or vowel sign beside it."""
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{listed})(?![^\W_]|[\u0900-\u0963])")


_VERBS = tuple((act, _any(words)) for act, words in (("paid", _PAID), ("offered", _OFFERED), ("asked", _ASKED), ("posted", _POSTED)))  # fmt: skip


def act_of(text: str) -> tuple[str, str]:
    """(act, the word it went by): paid before offered before asked before posted; ("said", "") for talk."""
    read = fold(tidy(text[:READ_CHARACTERS_MAX]))
    for act, pattern in _VERBS:
        if found := pattern.search(read):
            return act, found[0]
    return "said", ""


_MAY_IDENTIFY = re.compile(r"[@/]|\d{5}|\w\.\w")


def may_identify(text: str) -> bool:
    """Whether a line may hold an identifier at all, so that it is kept apart to be searched for them."""
    return _MAY_IDENTIFY.search(text) is not None

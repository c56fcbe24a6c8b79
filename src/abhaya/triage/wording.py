"""What a text says, as neutral signals (pure): “asks age”, “threatens to post”, “a deadline of 24 hours”.

Patterns are few, plain and bounded, in English, Hindi and Hindi in Latin letters. They find words, not guilt: a signal
is a lead, and its reason names the text it stands in. Nobody's sentence is copied out of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

TEXT_CHARACTERS_MAX = 40_000  # of one text; what lies beyond is not read for signals, and is shown like the rest
TEXTS_CHARACTERS_MAX = 200_000  # of one report
CHILD_AGE_MIN, CHILD_AGE_MAX = 5, 17  # an age in running text outside this is more often something else


class Found(NamedTuple):
    """One signal in one text."""

    code: str
    where: str  # the text's label
    value: str = ""


class Words(NamedTuple):
    """A text with its label, as the record carries it."""

    label: str
    text: str


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_MEDIA = r"(?:pics?|pictures?|photos?|images?|videos?|selfies?|nudes?)"
_PATTERNS: dict[str, re.Pattern[str]] = {
    "text_threat": _any(
        r"\bthreat(?:en(?:s|ed|ing)?)?\s+to\s+(?:post|share|publish|send|leak|upload|tell)",
        r"\b(?:i\s*will|i'?ll|gonna|going\s+to)\s+(?:post|share|leak|upload|publish)\b",
        r"\b(?:viral|post|upload|leak)\s+kar\s+d(?:u|oo|ung|enge)",
        r"(?:वायरल|पोस्ट|अपलोड)\s+कर\s+(?:दू|दें|देंगे)",
    ),
    "text_money": _any(
        r"\basks?\s+for\s+money", r"\bsend\s+(?:me\s+)?(?:the\s+)?money", r"\bpay\s+(?:me|now|up|first)\b",
        r"\bgift\s*cards?\b", r"\bpais[ae]\s+(?:bhej|de|do)", r"पैसे\s+(?:भेज|दे|दो)",
    ),
    "text_picture": _any(
        rf"\basks?\s+for\s+(?:a\s+|an\s+|more\s+)?{_MEDIA}",
        rf"\bsend\s+(?:me\s+)?(?:a\s+|your\s+|more\s+|some\s+)?{_MEDIA}",
        r"\b(?:photo|pic|video)\s+bhej", r"(?:फोटो|फ़ोटो|तस्वीर|वीडियो)\s+भेज",
    ),
    "text_asks_age": _any(
        r"\basks?\s+(?:the\s+|your\s+|her\s+|his\s+)?age\b", r"\bhow\s+old\s+(?:are|r)\b", r"\bwhat(?:'?s|\s+is)\s+y?o?ur\s+age\b",
        r"\b(?:kitne\s+saal|umar\s+kya|kitni\s+umar)", r"(?:कितने\s+साल|उम्र\s+क्या|कितनी\s+उम्र)",
    ),
    "text_meet": _any(
        r"\basks?\s+to\s+meet", r"\b(?:can|let'?s|want\s+to)\s+meet\b", r"\bmeet\s+(?:me|up)\b", r"\bmilne\s+aa", r"मिलने\s+आ",
    ),
    "text_secrecy": _any(r"\b(?:do\s*n[o']?t|not)\s+tell\b", r"\bkisi\s+ko\s+mat", r"किसी\s+को\s+मत", r"\bour\s+secret\b"),
    "text_other_app": _any(r"\bmove\s+to\s+another\s+app", r"\b(?:add|text)\s+me\s+on\b", r"\basks?\s+to\s+(?:move|switch)\b"),
    "text_school": _any(r"\b(?:which|what)\s+school", r"\bkaunse?\s+school", r"कौन\s*[-]?\s*(?:सा|से)\s+स्कूल"),
    "text_payment_address": _any(r"\bgives?\s+a\s+upi\s+address", r"\bupi\s+id\b"),
    "text_self_harm": _any(
        r"\bkill\s+myself", r"\bend\s+my\s+life", r"\bsuicid", r"\b(?:hurt|harm)\s+myself", r"\bself[- ]harm",
        r"\bmar\s+jaun?g", r"आत्महत्या", r"मर\s+जाऊ", r"जान\s+दे\s+दू",
    ),
}  # fmt: skip
CONTACT = frozenset(_PATTERNS) - {"text_payment_address"}  # signals that a person is being worked upon

_DEADLINE = _any(
    r"\b(?:within|in|you\s+have|before|only)\s+(?P<n1>\d{1,3})\s*(?P<u1>hours?|hrs?|minutes?|mins?|days?)\b",
    r"\b(?P<n2>\d{1,3})\s*(?P<u2>ghante|ghanta|din)\b",
    r"(?P<n3>\d{1,3})\s*(?P<u3>घंटे|घण्टे|मिनट|दिन)",
)
_DEADLINE_WORD = _any(
    r"\b(?:by|till|until)\s+(?:tonight|tomorrow|midnight|evening|morning)", r"\b(?:aaj|kal)\s+tak\b", r"(?:आज|कल)\s+तक"
)
_HOURS = {"m": 1 / 60, "h": 1.0, "g": 1.0, "d": 24.0, "घ": 1.0, "म": 1 / 60, "द": 24.0}

_AGE = re.compile(
    r"\b(?:says?|said|age|aged|i\s+am|i'?m|im)\s*:?\s*(?:she\s+is\s+|he\s+is\s+)?(?P<a1>\d{1,2})\b"
    r"(?!\s*(?:%|[:.,/]\d|h\b|hours?|hrs?|min|days?|weeks?|months?|km|rs|rupees|files?|times?))"
    r"|\b(?P<a2>\d{1,2})\s*(?:years?\s+old|yrs?\s+old|y/?o\b|yr\s+old|saal\b)"
    r"|(?P<a3>\d{1,2})\s*(?:साल|वर्ष)",
    re.IGNORECASE,
)


def read(texts: Iterable[Words]) -> list[Found]:
    """Every signal once, with the first text it stands in. A deadline counts only beside a demand or a threat."""
    found: dict[str, Found] = {}
    left = TEXTS_CHARACTERS_MAX
    for words in texts:
        text = words.text[: min(TEXT_CHARACTERS_MAX, left)]
        left -= len(text)
        if not text:
            continue
        here = {code for code, pattern in _PATTERNS.items() if pattern.search(text)}
        for code in here:
            found.setdefault(code, Found(code, words.label))
        if here & {"text_threat", "text_money", "text_picture"} and "text_deadline" not in found:
            deadline = _deadline(text)
            if deadline:
                found["text_deadline"] = Found("text_deadline", words.label, deadline)
        age = _youngest(text)
        if age is not None and ("text_age" not in found or age < int(found["text_age"].value)):
            found["text_age"] = Found("text_age", words.label, str(age))
    return [found[code] for code in sorted(found)]


def _deadline(text: str) -> str:
    """The deadline in hours as a number, or `""`. “By tonight” counts as 24 hours: the latest it can mean."""
    for match in _DEADLINE.finditer(text):
        number = next(match[name] for name in ("n1", "n2", "n3") if match[name])
        unit = next(match[name] for name in ("u1", "u2", "u3") if match[name])
        hours = int(number) * _HOURS[unit[0].lower()]
        if 0 < hours <= 24 * 14:
            return f"{hours:g}" if hours >= 1 else "1"
    return "24" if _DEADLINE_WORD.search(text) else ""


def _youngest(text: str) -> int | None:
    ages = [int(next(age for age in match.groups() if age)) for match in _AGE.finditer(text)]
    return min((age for age in ages if CHILD_AGE_MIN <= age <= CHILD_AGE_MAX), default=None)

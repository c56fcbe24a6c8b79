"""Values typed to fill a field. They must never link two people, so every kind asks here first."""

from __future__ import annotations

import re

_WORDS = frozenset(  # words, not code: they read best in rows
    """
    - -- . .. ? ?? * x xx xxx xxxx na n/a n.a n.a. nil nill no none non not notavailable notapplicable notprovided
    notknown unknown unkown unknow undefined unspecified undisclosed anonymous anon null (null) <null> nan empty
    blank test testing tester testuser testaccount dummy fake sample example demo temp placeholder default user
    username email mail name abc abcd abc123 asdf asdfg asdfgh qwerty qwertyuiop aaa aaaa zzz zzzz 0 00 000 0000 1
    123 1234 12345 123456 deleted deleteduser deletedaccount removed redacted withheld private hidden masked false
    true noname nomail noemail nophone noaddress noreply facebookuser instagramuser tobeupdated tbd अज्ञात नहीं
    उपलब्धनहीं
    """.split()  # noqa: SIM905 — as above
)
_JUNK_DOMAIN_WORDS = frozenset(  # words, not code: they read best in rows
    """
    none na no null nil test testing example email mail domain abc xyz abcd asdf xxx aaa noemail nomail unknown
    fake dummy sample temp invalid localhost nowhere
    """.split()  # noqa: SIM905 — as above
)
_NOT_LETTERS = re.compile(r"[\s_'\"`]+")
RUN_DIGITS_MIN = 6  # a shorter run may be a true number
_RUN = "01234567890123456789"


def is_word(text: str) -> bool:
    """Whether the whole text, case and white space apart, is a filler word. Callers pass folded text."""
    return _NOT_LETTERS.sub("", text).strip("()[]<>") in _WORDS or text in _WORDS


def is_mailbox(local: str, domain: str) -> bool:
    """A filler address: both halves are filler (test@example.com, none@none.com). `test@` at a real provider is
    someone's mailbox; if thousands typed it, the guard on common values catches it.
    """
    first_label = domain.split(".", 1)[0]
    return first_label in _JUNK_DOMAIN_WORDS and (local in _WORDS or local in {first_label, "me", "a", "admin"})


def is_digits(digits: str) -> bool:
    """All one digit, or counting up or down (0000000000, 1234567890, 9876543210)."""
    if len(digits) < 4:
        return False
    return len(set(digits)) == 1 or (len(digits) >= RUN_DIGITS_MIN and (digits in _RUN or digits in _RUN[::-1]))


def is_identifier(text: str) -> bool:
    """Filler among hexadecimal or digit identifiers, separators ignored (00:00:00:00:00:00, 00000000-0000-…)."""
    bare = re.sub(r"[\s:.\-{}]+", "", text).lower()
    if bare.isdigit():
        return is_digits(bare)
    return len(bare) > 3 and len(set(bare)) == 1 and bare[0] in "fx"

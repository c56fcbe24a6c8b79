"""E-mail addresses. The domain is compared as IDNA ASCII (RFC 5890, UTS #46), the local part in lower case.

RFC 5321 §2.4 lets a host tell `A@` from `a@`; no mailbox provider does, and senders do not keep the case. Dots and
"+tags" are kept: providers differ, so the mailbox they lead to is a note, never the value.
"""

from __future__ import annotations

import re
from functools import lru_cache

from abhaya.selectors import placeholder
from abhaya.selectors.hostname import ascii_host
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

ADDRESS_CHARACTERS_MAX = 320  # 64 + "@" + 255, RFC 5321 §4.5.3.1
LOCAL_BYTES_MAX = 64

WHY_NO_AT = "No @ in it: not an e-mail address."
WHY_NO_LOCAL = "Nothing before the @."
WHY_NO_DOT = "No dot after the @: not an e-mail address, perhaps a UPI id."
WHY_LOCAL = "What stands before the @ holds characters that no mailbox name has."
WHY_LOCAL_LONG = "More than 64 bytes before the @."
WHY_DOMAIN = "What stands after the @ is not a domain name."
NOTE_SAME_MAILBOX = "By this provider's rule the same mailbox as: "
NOTE_ODD_DOTS = "Dots at the start, at the end or in a row: most providers refuse such an address."

_PLUS_DOMAINS = frozenset(  # words, not code: they read best in rows
    """
    gmail.com googlemail.com outlook.com hotmail.com live.com icloud.com me.com proton.me protonmail.com pm.me
    fastmail.com zoho.com
    """.split()  # noqa: SIM905 — as above
)
_DOTLESS_DOMAINS = frozenset({"gmail.com", "googlemail.com"})
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-\u0080-\U0010FFFF]+")  # RFC 5322 atext, dots, RFC 6531
_ANGLE = re.compile(r"<([^<>]*)>\s*$")


@lru_cache(maxsize=CACHE_VALUES_MAX)
def normalise(raw: str) -> Normal:  # noqa: PLR0911 — a list of refusals, read from top to bottom
    text = tidy(raw)
    if not text:
        return refused(WHY_EMPTY)
    angle = _ANGLE.search(text) if text.endswith(">") else None
    text = (angle[1] if angle else text).strip().strip("\"'").strip()
    if text[:7].lower() == "mailto:":
        text = text[7:].split("?", 1)[0]
    if len(text) > ADDRESS_CHARACTERS_MAX:
        return refused(WHY_TOO_LONG)
    local, at, domain = text.rpartition("@")
    if placeholder.is_word(fold(text)):
        return refused(WHY_PLACEHOLDER)
    if not at:
        return refused(WHY_NO_AT)
    local, host = fold(local.strip()), ascii_host(domain.strip().strip("."))
    why_not = _why_local(local) or _why_domain(domain, host)
    if why_not or not host:
        return refused(why_not or WHY_DOMAIN)
    if placeholder.is_mailbox(local, host):
        return refused(WHY_PLACEHOLDER)
    return Normal(f"{local}@{host}", "", _notes(local, host))


def mailbox(value: str) -> str:
    """The mailbox a normalised address leads to, where the provider's rule is published; else the address itself."""
    local, _, host = value.rpartition("@")
    if host in _PLUS_DOMAINS:
        local = local.split("+", 1)[0] or local
    if host in _DOTLESS_DOMAINS:
        local, host = local.replace(".", "") or local, "gmail.com"
    return f"{local}@{host}"


def _why_local(local: str) -> str:
    if not local:
        return WHY_NO_LOCAL
    if len(local.encode()) > LOCAL_BYTES_MAX:
        return WHY_LOCAL_LONG
    return "" if _LOCAL.fullmatch(local) else WHY_LOCAL


def _why_domain(domain: str, host: str | None) -> str:
    if host is None or ":" in host:
        return WHY_DOMAIN if "." in domain else WHY_NO_DOT
    if "." not in host:
        return WHY_NO_DOT
    return WHY_DOMAIN if host.rsplit(".", 1)[1].isdigit() else ""


def _notes(local: str, host: str) -> tuple[str, ...]:
    notes: tuple[str, ...] = ()
    if local[0] == "." or local[-1] == "." or ".." in local:
        notes = (NOTE_ODD_DOTS,)
    same = mailbox(f"{local}@{host}")
    return notes if same == f"{local}@{host}" else (*notes, NOTE_SAME_MAILBOX + same)

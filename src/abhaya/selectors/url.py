"""URLs. Scheme and host in lower case, IDNA, default port dropped, fragment kept apart. Never fetched, by anyone.

After RFC 3986 §6.2.2 (syntax-based normalisation) as far as it is certain that the same resource is meant: path and
query are otherwise as written, tracking parameters included, because what was sent is evidence.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from abhaya.selectors import placeholder
from abhaya.selectors.hostname import ascii_host
from abhaya.selectors.normal import (
    CACHE_VALUES_MAX,
    WHY_EMPTY,
    WHY_PLACEHOLDER,
    WHY_TOO_LONG,
    Normal,
    refused,
    tidy,
)

URL_CHARACTERS_MAX = 2083  # ISPWS
PORT_MAX = 65_535

WHY_SPACE = "White space inside: not one URL."
WHY_NO_HOST = "No host name in it."
WHY_HOST = "The host is not a name or an address."
WHY_PORT = "The port is not between 1 and 65535."
WHY_SCHEME = "No address that leads anywhere: neither a scheme nor a host name."
NOTE_FRAGMENT = "Part after #, kept apart: "
NOTE_TRACKING = "Holds tracking parameters: "
NOTE_NO_SCHEME = "No scheme was written; https is assumed."
NOTE_DEFANGED = "Was written so that it cannot be clicked (hxxp, [.]); read as meant."
NOTE_CREDENTIALS = "Holds a user name or password before the host."

_PARTS = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]{0,31})://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_OPAQUE = re.compile(
    r"(magnet|tg|ipfs|onion|mailto|skype|sgnl|intent|whatsapp|discord|snapchat|viber):(?!//)\S+", re.IGNORECASE
)
_AUTHORITY = re.compile(r"(?:(.*)@)?(\[[^\]]*\]|[^:\[\]]*)(?::(\d*))?", re.DOTALL)
_BARE = re.compile(r"(?:[\w-]{1,63}\.){1,8}[a-zA-Z\u0080-\U0010FFFF]{2,24}\.?(?::\d{1,5})?(?:[/?#]\S*)?")
_DEFAULT_PORTS = {"http": 80, "https": 443, "ftp": 21, "ws": 80, "wss": 443}
_TRACKING = re.compile(
    r"(?:^|&)(utm_[a-z]+|fbclid|gclid|dclid|msclkid|igsh|igshid|mc_eid|ttclid|twclid|yclid|_branch_match_id)=",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_KEPT = "%/:@!$&'()*+,;=-._~[]|"


class Parts(NamedTuple):
    """A normalised URL taken apart. `port` is None where it is the scheme's own."""

    scheme: str
    host: str
    port: int | None
    path: str
    query: str


@lru_cache(maxsize=CACHE_VALUES_MAX)
def normalise(raw: str) -> Normal:  # noqa: PLR0911 — a list of refusals, read from top to bottom
    text = tidy(raw, compatible=False).strip("<>\"'")
    if not text:
        return refused(WHY_EMPTY)
    if len(text) > URL_CHARACTERS_MAX:
        return refused(WHY_TOO_LONG)
    if placeholder.is_word(text.lower()):
        return refused(WHY_PLACEHOLDER)
    if " " in text:
        return refused(WHY_SPACE)
    text, notes = _as_meant(text)
    found = _PARTS.fullmatch(text)
    if found is None:
        return _without_authority(text)
    scheme, authority, path, query, fragment = found.groups()
    user, host, port, why_not = _authority(scheme.lower(), authority)
    if why_not:
        return refused(why_not)
    if user:
        notes = (*notes, NOTE_CREDENTIALS)
    names = list(dict.fromkeys(_TRACKING.findall(query or "")))
    if names:
        notes = (*notes, NOTE_TRACKING + ", ".join(names))
    if fragment:
        notes = (*notes, NOTE_FRAGMENT + fragment)
    where = f"{_escape(user)}@{host}" if user else host
    value = f"{scheme.lower()}://{where}{f':{port}' if port else ''}{_escape(path) or ('/' if scheme.lower() in _DEFAULT_PORTS else '')}"
    value += f"?{_escape(query)}" if query else ""
    return Normal(value, "", notes) if len(value) <= URL_CHARACTERS_MAX else refused(WHY_TOO_LONG)


def parts(value: str) -> Parts | None:
    """A normalised value taken apart; None where it has no host (a magnet link)."""
    found = _PARTS.fullmatch(value)
    if found is None:
        return None
    _, host, port, why_not = _authority(found[1], found[2])
    return None if why_not else Parts(found[1], host, port, found[3], found[4] or "")


def host(value: str) -> str:
    """The host of a normalised value, "" where it has none."""
    taken_apart = parts(value)
    return taken_apart.host if taken_apart else ""


def leads_to_one_page(value: str) -> bool:
    """Whether the URL names more than a site's front page: only then can it point at one account."""
    taken_apart = parts(value)
    return taken_apart is None or len(taken_apart.path) > 1 or bool(taken_apart.query)


def _as_meant(text: str) -> tuple[str, tuple[str, ...]]:
    notes: tuple[str, ...] = ()
    if text[:4].lower() == "hxxp" or "[.]" in text or "[:]" in text or "(.)" in text:
        text = text.replace("[.]", ".").replace("(.)", ".").replace("[:]", ":")
        text = re.sub(r"^hxxp", "http", text, flags=re.IGNORECASE)
        notes = (NOTE_DEFANGED,)
    text = text.removeprefix("//")
    if "://" not in text.split("?", 1)[0] and _BARE.fullmatch(text):
        return f"https://{text}", (*notes, NOTE_NO_SCHEME)
    return text, notes


def _without_authority(text: str) -> Normal:
    if not _OPAQUE.fullmatch(text):
        return refused(WHY_SCHEME)
    scheme, rest = text.split(":", 1)
    value = f"{scheme.lower()}:{_escape(rest.replace('#', '%23')) if '?' not in rest else rest}"
    return Normal(value) if len(value) <= URL_CHARACTERS_MAX else refused(WHY_TOO_LONG)


def _authority(scheme: str, authority: str) -> tuple[str, str, int | None, str]:
    """User part, host, port (None where default), why not."""
    found = _AUTHORITY.fullmatch(authority)
    if found is None:
        return "", "", None, WHY_HOST
    user, name, port_text = found[1] or "", found[2], found[3]
    if not name:
        return "", "", None, WHY_NO_HOST
    comparable = ascii_host(name)
    if comparable is None:
        return "", "", None, WHY_HOST
    if not port_text:
        return user, comparable, None, ""
    port = int(port_text[:8]) if port_text.isascii() else 0
    if not 1 <= port <= PORT_MAX:
        return "", "", None, WHY_PORT
    return user, comparable, None if port == _DEFAULT_PORTS.get(scheme) else port, ""


def _escape(text: str) -> str:
    """Escapes in upper case, other characters as UTF-8 escapes; nothing is unescaped."""
    if not text:
        return ""
    quoted = quote(text, safe=_KEPT + "?")
    return _ESCAPE.sub(lambda escape: escape[0].upper(), quoted)

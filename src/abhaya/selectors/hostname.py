"""Host names as they are compared: lower case, IDNA ASCII (RFC 5890 with UTS #46 mapping), no trailing dot."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

import idna

from abhaya.selectors.normal import CACHE_VALUES_MAX

HOST_CHARACTERS_MAX = 253  # RFC 1035 §2.3.4, without the trailing dot

_ASCII_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


@lru_cache(maxsize=CACHE_VALUES_MAX)
def ascii_host(host: str) -> str | None:
    """The comparable form, or None where it is no host name. An IPv6 literal comes back in brackets."""
    if host.startswith("[") and host.endswith("]"):
        try:
            return f"[{ipaddress.IPv6Address(host[1:-1]).compressed}]"
        except ValueError:
            return None
    if not host or len(host) > HOST_CHARACTERS_MAX * 4:
        return None
    lowered = host.lower().rstrip(".")
    if not lowered.isascii():
        try:
            lowered = idna.encode(lowered, uts46=True, std3_rules=True).decode("ascii").rstrip(".")
        except (idna.IDNAError, UnicodeError):
            return None
    if len(lowered) > HOST_CHARACTERS_MAX or not _ASCII_HOST.fullmatch(lowered):
        return None
    return lowered

"""Which values may be evidence of a person, under which key, and which were only typed to fill a field (pure)."""

from __future__ import annotations

import ipaddress

from abhaya.linking.weights import EMAIL, IP, IP6, KINDS, PHONE, URL
from abhaya.places import special
from abhaya.selectors import email, placeholder, url

NUMBER_OF = {name: number for number, name in KINDS.items()}
IPV6_SITE_BITS = 64  # the network that a provider gives to one line or one telephone (RFC 6177)

_ROLE_MAILBOXES = frozenset(  # words, not code: they read best in rows. RFC 2142, and what people type
    """
    abuse admin administrator billing contact customercare enquiry feedback help helpdesk hello hostmaster hr info
    inquiry jobs legal mail mailer-daemon marketing me news newsletter no-reply no_reply noc none noreply nobody office
    postmaster privacy root safety sales security service spam support sysadmin team test trust user webmaster www
    """.split()  # noqa: SIM905 — as above
)
_INSIDE = frozenset({"private", "carrier", "loopback", "link-local", "multicast", "reserved"})


def key_of(kind: str, value: str) -> tuple[int, str] | None:
    """(kind number, key) under which a normalised value is held against others; None where it says nothing of anybody.

    An IPv6 address is held by its /64 network, an e-mail address by the mailbox that its provider leads it to.
    """
    number = NUMBER_OF.get(kind, 0)
    if number in {0, IP6} or is_junk(kind, value):
        return None
    if number == IP:
        return _address(value)
    if number == URL and not url.leads_to_one_page(value):
        return None
    return number, email.mailbox(value) if number == EMAIL else value


def is_junk(kind: str, value: str) -> bool:
    """A value typed to fill a field, or one that an office and not a person has, by what is written in it."""
    number = NUMBER_OF.get(kind, 0)
    if number == EMAIL:
        local = value.rpartition("@")[0]
        return local in _ROLE_MAILBOXES or placeholder.is_word(local) or placeholder.is_digits(local)
    if number == PHONE:
        return _repeats(value.lstrip("+"))
    return placeholder.is_identifier(value.rpartition(":")[2])


def _repeats(digits: str) -> bool:
    """The last eight digits are one digit, or two in turn, or count."""
    end = digits[-8:]
    return placeholder.is_digits(end) or (len(end) == 8 and end[:2] * 4 == end)


def _address(value: str) -> tuple[int, str] | None:
    parsed = special.parse(value)
    if parsed is None:
        return None
    kept = special.special(parsed)
    if kept is not None and kept.kind in _INSIDE:
        return None
    if isinstance(parsed, ipaddress.IPv4Address):
        return IP, str(parsed)
    return IP6, str(ipaddress.ip_network((parsed, IPV6_SITE_BITS), strict=False))

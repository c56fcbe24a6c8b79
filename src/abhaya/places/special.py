"""Addresses that say nothing of a place, by the IANA special-purpose registries (RFC 6890 and what followed it)."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Special(NamedTuple):
    """One range of the registries. `kind` is one word for a table, `what` and `what_hi` are for a sentence."""

    network: ipaddress.IPv4Network | ipaddress.IPv6Network
    kind: str
    what: str
    what_hi: str
    rfc: str


_PRIVATE = ("private", "an address of a private network", "किसी निजी नेटवर्क का पता")
_CARRIER = ("carrier", "an address inside a carrier's network", "ऑपरेटर के भीतरी नेटवर्क का पता")
_DOCUMENTATION = ("documentation", "an address kept for examples", "उदाहरणों के लिए रखा गया पता")
_LOOPBACK = ("loopback", "the machine's own address", "मशीन का अपना पता")
_LINK = ("link-local", "an address of one cable or one room", "एक ही स्थानीय लिंक का पता")
_MULTICAST = ("multicast", "an address of many receivers", "एक साथ कई पाने वालों का पता")
_RESERVED = ("reserved", "an address that is not given to anyone", "किसी को न दिया गया पता")

SPECIAL: tuple[Special, ...] = tuple(
    Special(ipaddress.ip_network(network), *words, rfc)
    for network, words, rfc in (
        ("0.0.0.0/8", _RESERVED, "RFC 791"),
        ("10.0.0.0/8", _PRIVATE, "RFC 1918"),
        ("100.64.0.0/10", _CARRIER, "RFC 6598"),
        ("127.0.0.0/8", _LOOPBACK, "RFC 1122"),
        ("169.254.0.0/16", _LINK, "RFC 3927"),
        ("172.16.0.0/12", _PRIVATE, "RFC 1918"),
        ("192.0.0.0/24", _RESERVED, "RFC 6890"),
        ("192.0.2.0/24", _DOCUMENTATION, "RFC 5737"),
        ("192.168.0.0/16", _PRIVATE, "RFC 1918"),
        ("198.18.0.0/15", _RESERVED, "RFC 2544"),
        ("198.51.100.0/24", _DOCUMENTATION, "RFC 5737"),
        ("203.0.113.0/24", _DOCUMENTATION, "RFC 5737"),
        ("224.0.0.0/4", _MULTICAST, "RFC 5771"),
        ("240.0.0.0/4", _RESERVED, "RFC 1112"),
        ("::/128", _RESERVED, "RFC 4291"),
        ("::1/128", _LOOPBACK, "RFC 4291"),
        ("100::/64", _RESERVED, "RFC 6666"),
        ("2001:db8::/32", _DOCUMENTATION, "RFC 3849"),
        ("3fff::/20", _DOCUMENTATION, "RFC 9637"),
        ("fc00::/7", _PRIVATE, "RFC 4193"),
        ("fe80::/10", _LINK, "RFC 4291"),
        ("ff00::/8", _MULTICAST, "RFC 4291"),
    )
)

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052


def parse(text: str) -> Address | None:
    """An address, with a zone index ("fe80::1%eth0") or brackets taken off. None for anything else."""
    try:
        parsed = ipaddress.ip_address(text.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped  # RFC 4291 §2.5.5.2: the same address in other clothes
    return parsed


def inner(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a tunnel or translator address carries: 6to4 (RFC 3056), Teredo (RFC 4380), NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def special(address: Address) -> Special | None:
    """The special-purpose range that holds the address, if one does."""
    return next((one for one in SPECIAL if one.network.version == address.version and address in one.network), None)


def number(address: Address) -> int:
    """128 bits; IPv4 stands in ::ffff:0:0/96."""
    return int(address) if address.version == 6 else int(address) | 0xFFFF_0000_0000

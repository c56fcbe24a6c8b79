"""IP addresses, and the ways senders write one together with its port.

A v4-mapped v6 address (RFC 4291 §2.5.5.2) is its v4 address; a zone id (RFC 4007 §11) says something about the machine
that wrote it and nothing about the address. An address without port and second names, behind carrier NAT, hundreds of
subscribers: the port is read wherever it was put.
"""

from __future__ import annotations

import ipaddress
import re
from bisect import bisect_right
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from abhaya.selectors import placeholder
from abhaya.selectors.normal import (
    CACHE_VALUES_MAX,
    WHY_EMPTY,
    WHY_PLACEHOLDER,
    WHY_TOO_LONG,
    Normal,
    ascii_digits,
    refused,
    tidy,
)

TEXT_CHARACTERS_MAX = 200
PORT_MAX = 65_535

WHY_NOT_AN_ADDRESS = "Not an IP address."
WHY_RANGE = "A range of addresses, not one address."
WHY_OCTET = "A part above 255: not an IPv4 address."
NOTE_MAPPED = "Was written as an IPv6 address that carries this IPv4 address."
NOTE_ZONE = "Zone of the machine that wrote it, left out: "
NOTE_ZEROS = "Written with leading zeros; read as decimal."
NOTE_PORT = "The port is not between 1 and 65535 and is left out: "
NOTE_PRIVATE = "A private address, not routable on the internet: it names no subscriber."
NOTE_CARRIER = "A carrier's inner address (100.64.0.0/10), not routable on the internet."
NOTE_LOOPBACK = "The machine's own address (loopback): it names nobody."
NOTE_LINK_LOCAL = "Valid only on one local wire (link-local): it names no subscriber."
NOTE_DOCUMENTATION = "From a range kept for documentation."
NOTE_RESERVED = "From a reserved range, not routable on the internet."
NOTE_6TO4 = "A 6to4 address; the IPv4 address inside it: "
NOTE_TEREDO = "A Teredo address; the IPv4 client inside it: "
NOTE_NAT64 = "A translated (NAT64) address; the IPv4 address inside it: "

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_PORT_TAIL = r"(?:\s*[:#|;,_]\s*|\s*\(?\s*(?:,\s*)?(?:src\.?|source|remote|client|tcp|udp)?[\s_-]*port\s*(?:no\.?|number)?\s*[:=#]?\s*|\s+)"
_BRACKETED = re.compile(
    r"\[([0-9a-fA-F:.]{2,45})(%[^\]\s]{1,32})?\](?:" + _PORT_TAIL + r"(\d{1,6})\)?)?", re.IGNORECASE
)
_V4 = re.compile(r"(\d{1,5}(?:\.\d{1,5}){3})(?:" + _PORT_TAIL + r"(\d{1,6})\)?)?", re.IGNORECASE)
_V6_TAIL = _PORT_TAIL.replace("[:#|;,_]", "[#|;,_]")  # a colon would be part of the address
_V6 = re.compile(
    r"([0-9a-fA-F:]{2,39}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?)(%[\w.-]{1,32})?(?:" + _V6_TAIL + r"(\d{1,6})\)?)?",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:ip(?:v[46])?(?:\s*address)?|address|addr)\s*[:=]\s*", re.IGNORECASE)
_NAT64 = int(ipaddress.IPv6Address("64:ff9b::")) >> 32  # RFC 6052

_Range = tuple[int, int, str]


def _ranges(table: dict[str, str]) -> list[_Range]:
    """First and last address of each network as numbers, in order; the networks do not overlap."""
    networks = {ipaddress.ip_network(network): note for text, note in table.items() for network in text.split()}
    return sorted((int(network[0]), int(network[-1]), note) for network, note in networks.items())


def _note_of(ranges: list[_Range], number: int) -> str:
    place = bisect_right(ranges, number, key=itemgetter(0)) - 1
    return ranges[place][2] if place >= 0 and number <= ranges[place][1] else ""


# IANA's registries of special-purpose addresses, multicast and former class E.
_V4_RANGES = _ranges(
    {
        "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16": NOTE_PRIVATE,
        "100.64.0.0/10": NOTE_CARRIER,
        "127.0.0.0/8": NOTE_LOOPBACK,
        "169.254.0.0/16": NOTE_LINK_LOCAL,
        "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24": NOTE_DOCUMENTATION,
        "0.0.0.0/8 192.0.0.0/24 192.88.99.0/24 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4": NOTE_RESERVED,
    }
)
_V6_RANGES = _ranges(
    {
        "::1/128": NOTE_LOOPBACK,
        "fc00::/7": NOTE_PRIVATE,
        "fe80::/10": NOTE_LINK_LOCAL,
        "2001:db8::/32 3fff::/20": NOTE_DOCUMENTATION,
        "2001:10::/28 2001:20::/28 2001:2::/48": NOTE_RESERVED,
    }
)


class Reading(NamedTuple):
    """An address and the port written with it (None where there was none or it was impossible)."""

    normal: Normal
    port: int | None = None


def normalise(raw: str) -> Normal:
    return read(raw).normal


@lru_cache(maxsize=CACHE_VALUES_MAX)
def read(raw: str) -> Reading:  # noqa: PLR0911 — a list of refusals, read from top to bottom
    """Address and port, as in 192.0.2.1:5 · [2001:db8::1]:5 · 192.0.2.1 port 5 · 192.0.2.1, 5 · 2001:db8::1#5."""
    text = ascii_digits(tidy(raw)).strip("<>\"'()").strip()
    if not text:
        return Reading(refused(WHY_EMPTY))
    if len(text) > TEXT_CHARACTERS_MAX:
        return Reading(refused(WHY_TOO_LONG))
    label = _LABEL.match(text)
    text = text[label.end() :] if label else text
    found = _BRACKETED.fullmatch(text)
    if found:
        return _answer(found[1], found[2], found[3])
    found = _V4.fullmatch(text)
    if found:
        return _answer(found[1], None, found[2])
    found = _V6.fullmatch(text) if text.count(":") > 1 else None
    if found:
        return _answer(found[1], found[2], found[3])
    if placeholder.is_word(text.lower()):
        return Reading(refused(WHY_PLACEHOLDER))
    return Reading(refused(WHY_RANGE if _is_range(text) else WHY_NOT_AN_ADDRESS))


def _is_range(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        first, dash, last = text.partition("-")
        return bool(dash) and bool(_V4.fullmatch(first.strip())) and bool(_V4.fullmatch(last.strip()))
    return "/" in text


def _answer(address_text: str, zone: str | None, port_text: str | None) -> Reading:
    notes: tuple[str, ...] = ()
    if "." in address_text and ":" not in address_text:
        octets = [int(octet) for octet in address_text.split(".")]
        if max(octets) > 255:
            return Reading(refused(WHY_OCTET))
        plain = ".".join(map(str, octets))
        notes = (NOTE_ZEROS,) if plain != address_text else ()
        address: Address = ipaddress.IPv4Address(bytes(octets))
    else:
        try:
            address = ipaddress.IPv6Address(address_text)
        except ValueError:
            return Reading(refused(WHY_NOT_AN_ADDRESS))
        if address.ipv4_mapped:
            address, notes = address.ipv4_mapped, (NOTE_MAPPED,)
    if zone:
        notes = (*notes, NOTE_ZONE + zone[1:])
    port = int(port_text) if port_text else None
    if port is not None and not 1 <= port <= PORT_MAX:
        notes, port = (*notes, NOTE_PORT + str(port)), None
    if address.is_unspecified or address == ipaddress.IPv4Address(0xFFFFFFFF):
        return Reading(refused(WHY_PLACEHOLDER), port)
    nature = _nature(address)
    assumed = NOTE_ZEROS in notes
    return Reading(Normal(str(address), "", (*notes, nature) if nature else notes, assumed), port)


def _nature(address: Address) -> str:
    if isinstance(address, ipaddress.IPv4Address):
        return _note_of(_V4_RANGES, int(address))
    if address.sixtofour:
        return NOTE_6TO4 + str(address.sixtofour)
    if address.teredo:
        return NOTE_TEREDO + str(address.teredo[1])
    number = int(address)
    if number >> 32 == _NAT64:
        return NOTE_NAT64 + str(ipaddress.IPv4Address(number & 0xFFFFFFFF))
    note = _note_of(_V6_RANGES, number)
    return note if note or number >> 125 == 1 else NOTE_RESERVED  # 2000::/3 is all that is given out

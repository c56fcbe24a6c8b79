"""What a unit knows of address ranges: `cidr, country, state, district, operator, kind, valid_from, valid_to`."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from typing import NamedTuple

from abhaya.places.addresses import Country
from abhaya.places.formats import table
from abhaya.places.formats.table import Row, SetAside
from abhaya.places.special import Address

COLUMNS = ("cidr", "country", "state", "district", "operator", "kind", "valid_from", "valid_to")
KINDS = (
    "mobile", "fixed", "wifi", "education", "government", "business", "satellite", "hosting", "vpn", "proxy", "tor", "unknown",
)  # fmt: skip
# A wider range is no operator's, and would swallow what everybody else knows.
IPV4_PREFIX_BITS_MIN = 8
IPV6_PREFIX_BITS_MIN = 16

Countries = Callable[[str], Country | None]


class NetworkRow(NamedTuple):
    first: Address
    last: Address
    country: str
    state: str
    district: str
    operator: str
    kind: str
    valid_from: datetime | None
    valid_to: datetime | None  # exclusive


def is_network_table(header: list[str]) -> bool:
    return {"cidr", "country"} <= set(header)


def read(text: str, countries: Countries, zone: tzinfo) -> Iterator[NetworkRow | SetAside]:
    """Every row, as a range or set aside. States and districts are taken by code or by name."""
    for row in table.rows(text, COLUMNS):
        if isinstance(row, SetAside):
            yield row
            continue
        try:
            yield _row(row, countries, zone)
        except ValueError as problem:
            yield row.aside(str(problem))


def _row(row: Row, countries: Countries, zone: tzinfo) -> NetworkRow:
    first, last = _range(row.values.get("cidr", ""))
    kind = row.values.get("kind", "").lower() or "unknown"
    if kind not in KINDS:
        raise ValueError(f"kind “{kind}” is not one of {', '.join(KINDS)}")
    country, state, district = _place(row, countries)
    valid_from = table.instant(row.values.get("valid_from", ""), zone)
    valid_to = table.instant(row.values.get("valid_to", ""), zone, end=True)
    if valid_from and valid_to and valid_to <= valid_from:
        raise ValueError("valid_to lies before valid_from")
    return NetworkRow(first, last, country, state, district, row.values.get("operator", ""), kind, valid_from, valid_to)


def _range(text: str) -> tuple[Address, Address]:
    """203.0.113.0/24, 2001:db8::/40, one address, or first-last."""
    if not text:
        raise ValueError("cidr is empty")
    if "-" in text:
        start, _, end = text.partition("-")
        first, last = _address(start), _address(end)
        if first.version != last.version or int(last) < int(first):
            raise ValueError(f"“{text}” does not run from a lower to a higher address of one family")
        bits = first.max_prefixlen - (int(first) ^ int(last)).bit_length()
    else:
        try:
            network = ipaddress.ip_network(text)
        except ValueError:
            raise ValueError(_why_no_network(text)) from None
        first, last, bits = network.network_address, network.broadcast_address, network.prefixlen
    if bits < (IPV4_PREFIX_BITS_MIN if first.version == 4 else IPV6_PREFIX_BITS_MIN):
        raise ValueError(f"“{text}” is wider than any operator's range")
    return first, last


def _address(text: str) -> Address:
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        raise ValueError(f"“{text.strip()}” is not an internet address") from None


def _why_no_network(text: str) -> str:
    try:
        meant = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return f"“{text}” is not a range of addresses; write it as 203.0.113.0/24"
    return f"“{text}” has bits beyond its prefix; write {meant} if the whole range is meant"


def _place(row: Row, countries: Countries) -> tuple[str, str, str]:
    code = row.values.get("country", "").upper()
    if not code and not row.values.get("state") and not row.values.get("district"):
        return "", "", ""  # a VPN's range, say: what it is counts, not where
    country = countries(code)
    if country is None:
        raise ValueError(f"country “{code}” is not an ISO 3166-1 code of two letters")
    state = _one(country, row.values.get("state", ""), "state", code)
    district = _one(country, row.values.get("district", ""), "district", state or code)
    if district and not state:
        state = country.gazetteer.places[district].parent
    return code, state, district


def _one(country: Country, text: str, kind: str, within: str) -> str:
    """The code of exactly one place."""
    if not text:
        return ""
    place = country.gazetteer.places.get(text.upper())
    if place is not None and place.kind == kind and country.gazetteer.within(place.code, within):
        return place.code
    found = country.gazetteer.find(text, within=within, kinds=(kind,))
    places = {one.place.code: one.place for one in found.candidates if one.how != "typo"}
    if kind == "state":  # a state that is one district was narrowed to it
        places = {line[1].code: line[1] for code in places if len(line := country.gazetteer.ancestors(code)) > 1}
    if len(places) == 1:
        return next(iter(places))
    if places:
        raise ValueError(f"{kind} “{text}” may be {', '.join(sorted(places))}; write the code, or name the state")
    raise ValueError(f"{kind} “{text}” is not known in {within}")

"""IP addresses, with the port wherever it was put."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.selectors import ip
from abhaya.selectors.normal import WHY_PLACEHOLDER


@pytest.mark.parametrize(
    "raw",
    [
        "203.0.113.7:51000", "203.0.113.7 : 51000", "203.0.113.7#51000", "203.0.113.7 port 51000", "203.0.113.7, 51000",
        "203.0.113.7 (port 51000)", "203.0.113.7, source port: 51000", "203.0.113.7 Port=51000", "203.0.113.7|51000",
        "203.0.113.7 51000", "[::ffff:203.0.113.7]:51000", "::ffff:203.0.113.7 port 51000", "IP: 203.0.113.7:51000",
        "IP address: 203.0.113.7;51000", "203.0.113.7 src_port 51000",
    ],
)  # fmt: skip
def test_one_address_and_port_written_in_many_ways(raw: str) -> None:
    reading = ip.read(raw)
    assert (reading.normal.value, reading.port) == ("203.0.113.7", 51000)


@pytest.mark.parametrize(
    "raw",
    [
        "[2001:db8::7]:51000", "[2001:DB8:0:0::7]:51000", "2001:db8::7#51000", "2001:db8::7 port 51000",
        "2001:db8::7, 51000", "[2001:db8::7] port 51000", "2001:0db8:0000:0000:0000:0000:0000:0007 51000",
        "[2001:db8::7%eth0]:51000",
    ],
)  # fmt: skip
def test_the_same_for_version_6(raw: str) -> None:
    reading = ip.read(raw)
    assert (reading.normal.value, reading.port) == ("2001:db8::7", 51000)


def test_the_last_group_of_a_bare_version_6_address_is_no_port() -> None:
    assert ip.read("2001:db8::7:443") == (ip.normalise("2001:db8::7:443"), None)
    assert ip.normalise("2001:db8::7:443").value == "2001:db8::7:443"


@pytest.mark.parametrize(
    ("raw", "value", "note"),
    [
        ("::ffff:203.0.113.7", "203.0.113.7", ip.NOTE_MAPPED),
        ("::FFFF:CB00:7107", "203.0.113.7", ip.NOTE_MAPPED),
        ("fe80::1%eth0", "fe80::1", ip.NOTE_ZONE + "eth0"),
        ("fe80::1%eth0", "fe80::1", ip.NOTE_LINK_LOCAL),
        ("192.168.1.9", "192.168.1.9", ip.NOTE_PRIVATE),
        ("fd00::1", "fd00::1", ip.NOTE_PRIVATE),
        ("100.64.9.9", "100.64.9.9", ip.NOTE_CARRIER),
        ("127.0.0.1", "127.0.0.1", ip.NOTE_LOOPBACK),
        ("203.0.113.7", "203.0.113.7", ip.NOTE_DOCUMENTATION),
        ("240.0.0.1", "240.0.0.1", ip.NOTE_RESERVED),
        ("64:ff9b::cb00:7107", "64:ff9b::cb00:7107", ip.NOTE_NAT64 + "203.0.113.7"),
        ("4000::1", "4000::1", ip.NOTE_RESERVED),
        ("224.0.0.1", "224.0.0.1", ip.NOTE_RESERVED),
        ("2002:cb00:7107::1", "2002:cb00:7107::1", ip.NOTE_6TO4 + "203.0.113.7"),
        ("203.0.113.7:70000", "203.0.113.7", ip.NOTE_PORT + "70000"),
    ],
)
def test_what_an_officer_must_know_of_an_address_is_noted(raw: str, value: str, note: str) -> None:
    normal = ip.normalise(raw)
    assert normal.value == value
    assert note in normal.notes


def test_leading_zeros_are_read_as_decimal_and_said_to_be_assumed() -> None:
    normal = ip.normalise("203.000.113.007")
    assert (normal.value, normal.assumed) == ("203.0.113.7", True)


@pytest.mark.parametrize(
    ("raw", "why_not"),
    [
        ("203.0.113", ip.WHY_NOT_AN_ADDRESS),
        ("203.0.113.300", ip.WHY_OCTET),
        ("203.0.113.7.51000", ip.WHY_NOT_AN_ADDRESS),
        ("2001:db8::7::9", ip.WHY_NOT_AN_ADDRESS),
        ("example.org", ip.WHY_NOT_AN_ADDRESS),
        ("203.0.113.0/24", ip.WHY_RANGE),
        ("203.0.113.0 - 203.0.113.255", ip.WHY_RANGE),
        ("0.0.0.0", WHY_PLACEHOLDER),
        ("255.255.255.255", WHY_PLACEHOLDER),
        ("::", WHY_PLACEHOLDER),
    ],
)
def test_what_is_not_one_address_is_refused_with_its_reason(raw: str, why_not: str) -> None:
    assert ip.normalise(raw) == (None, why_not, (), False)


@given(st.ip_addresses(), st.integers(1, 65_535))
def test_every_address_with_every_port(address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> None:
    written = f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"
    reading = ip.read(written)
    assert reading.port == port
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    assert reading.normal.value in {str(mapped or address), None}
    if reading.normal.value is None:
        assert reading.normal.why_not == WHY_PLACEHOLDER

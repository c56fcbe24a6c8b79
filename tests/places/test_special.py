"""Addresses that say nothing of a place are known as such, and tunnels are looked into."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abhaya.places import special


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("10.1.2.3", "private"),
        ("100.64.0.9", "carrier"),
        ("203.0.113.7", "documentation"),
        ("::1", "loopback"),
        ("fe80::1%eth0", "link-local"),
        ("::ffff:192.168.1.1", "private"),
        ("2001:db8::5", "documentation"),
    ],
)
def test_special_ranges_have_their_name(text, kind):
    address = special.parse(text)
    assert address is not None
    found = special.special(address)
    assert found is not None
    assert found.kind == kind


def test_an_ordinary_address_is_not_special():
    assert special.special(ipaddress.ip_address("49.36.0.1")) is None
    assert special.special(ipaddress.ip_address("2405:200::1")) is None


def test_what_a_tunnel_carries_is_seen():
    assert str(special.inner(ipaddress.ip_address("2002:cb00:7107::1"))) == "203.0.113.7"
    assert str(special.inner(ipaddress.ip_address("64:ff9b::203.0.113.7"))) == "203.0.113.7"
    assert special.inner(ipaddress.ip_address("2405:200::1")) is None


@given(st.one_of(st.text(max_size=50), st.ip_addresses().map(str)))
def test_parsing_never_breaks_and_agrees_with_the_standard_library(text):
    parsed = special.parse(text)
    try:
        expected = ipaddress.ip_address(text)
    except ValueError:
        return
    assert parsed is not None
    assert special.number(parsed) == special.number(expected) or getattr(expected, "ipv4_mapped", None) is not None

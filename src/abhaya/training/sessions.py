"""Sessions of the invented world's persons: from which address, through which kind of network, at what instant."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from abhaya.training.country import (
    VPN_NETWORK,
    WIFI_NETWORK,
    district_mobile_network,
    education_network,
    mobile_network,
    network_prefix,
)  # fmt: skip
from abhaya.training.parameters import Parameters
from abhaya.training.people import Login, Person

EDUCATION_ADDRESSES = 12  # of a state: that few, for all its schools and hostels
INDIA_AHEAD = timedelta(hours=5, minutes=30)
SKEW_SECONDS_MAX = 900
_VPN, _WIFI = network_prefix(VPN_NETWORK), network_prefix(WIFI_NETWORK)


def clock(rng: random.Random, parameters: Parameters) -> str:
    """What is wrong with the times of one report: "zone", "skew", or nothing."""
    draw = rng.random()
    if draw < parameters.zone_error_share:
        return "zone"
    return "skew" if draw < parameters.zone_error_share + parameters.clock_skew_share else ""


def logins(
    rng: random.Random, p: Parameters, person: Person, at: datetime, port_share: float, wrong: str, *, has_files: bool
) -> tuple[Login, ...]:  # fmt: skip
    """One to three sessions before `at`, and the upload where the sender says from where."""
    events = ["Login"] * rng.randrange(1, 4)
    if has_files and rng.random() >= p.upload_address_missing_share:
        events.append("Upload")
    shift = timedelta()
    if wrong == "zone":
        shift = INDIA_AHEAD
    elif wrong == "skew":
        shift = timedelta(seconds=rng.randrange(-SKEW_SECONDS_MAX, SKEW_SECONDS_MAX))
    found = []
    for event in events:
        address, network = session(rng, p, person)
        moment = at if event == "Upload" else at - timedelta(seconds=rng.randrange(60, 6 * 86400))
        port = rng.randrange(1024, 65536) if rng.random() < port_share else None
        found.append(Login(address, port, moment + shift, event, network, moment if wrong else None))
    return tuple(found)


def session(rng: random.Random, p: Parameters, person: Person) -> tuple[str, str]:
    """(address, kind of network) of one session."""
    draw = rng.random()
    if draw < p.vpn_share:
        return f"{_VPN}{rng.randrange(1, 255)}", "vpn"
    draw -= p.vpn_share
    if draw < p.public_wifi_share:
        return f"{_WIFI}{rng.randrange(1, 255)}", "wifi"
    if draw - p.public_wifi_share < p.education_share:
        return f"{network_prefix(education_network(person.state))}{rng.randrange(1, EDUCATION_ADDRESSES)}", "education"
    if rng.random() >= p.mobile_share:
        return _at_home(rng, person.fixed_address), "fixed"
    if rng.random() < 0.5:
        prefix = network_prefix(district_mobile_network(person.state, person.district))
        return f"{prefix}{rng.randrange(1, 255)}", "district-mobile"
    pool = max(2, min(4000, 800_000 // p.subscribers_per_nat_address))
    first, last = divmod(rng.randrange(1, pool), 256)
    base = network_prefix(mobile_network(person.state)).split(".")
    return f"{base[0]}.{base[1]}.{int(base[2]) + first}.{last}", "mobile"


def _at_home(rng: random.Random, line: str) -> str:
    """A fixed line's address; with IPv6 every device has its own, within the line's /64."""
    prefix, colons, _ = line.partition("::/64")
    if not colons:
        return line
    host = ":".join(f"{rng.randrange(1, 65536):x}" for _ in range(4))
    return f"{prefix}:{host}"

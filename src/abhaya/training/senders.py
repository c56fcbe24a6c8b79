"""The habits of the invented platforms: what each sends of what it knows, drawn so that the parameters' shares hold overall.

One sends addresses without ports, one no telephone numbers, one no devices: that is what missing facts look like.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from abhaya.training.names import PLATFORMS
from abhaya.training.parameters import Parameters

JUNK_PHONES = ("+910000000000", "0000000000", "+911234567890", "+919999999999")
JUNK_EMAILS = ("none@example.com", "admin@example.com", "noreply@example.org", "user@example.net")
JUNK_DEVICES = ("000000000000000", "123456789012345")


@dataclass(frozen=True, slots=True)
class Habit:
    """Of one platform: the share of its reports (of its sessions, for ports) that show each thing."""

    phone: float
    email: float
    device: float
    address: float
    port: float


def habits(rng: random.Random, p: Parameters) -> dict[str, Habit]:
    """Platform -> habit."""
    shares = [
        _spread(rng, share)
        for share in (
            p.phone_share, p.email_share, p.device_share, 1 - p.address_missing_share, 1 - p.port_missing_share
        )
    ]  # fmt: skip
    return {name: Habit(*(column[place] for column in shares)) for place, (name, _, _) in enumerate(PLATFORMS)}


def _spread(rng: random.Random, share: float) -> list[float]:
    """One share per platform, far apart, whose mean by the platforms' sizes is `share`."""
    if share > 0.5:
        return [1 - missing for missing in _spread(rng, 1 - share)]
    weights = [weight for _, _, weight in PLATFORMS]
    raw = [rng.uniform(0, 2) for _ in PLATFORMS]
    mean = sum(weight * one for weight, one in zip(weights, raw, strict=True)) / sum(weights)
    return [min(1.0, share * one / mean) for one in raw]

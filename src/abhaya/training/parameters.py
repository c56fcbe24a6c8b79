"""What a world is drawn with. Shares are fractions of reports unless said; the ranges are what public sources allow.

Sources (shared reference, "linking and money", part 5): duplicates and viral shares as Meta published, 95 % wireless
subscribers (TRAI 2025), recycled numbers (Princeton 2021), reports per offender unpublished and therefore a range.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Parameters:
    """One draw of a world. `abhaya world --NAME VALUE` sets any of them."""

    states: int = 6  # states and union territories with units of their own
    districts_per_state: int = 4
    reports_per_person_alpha: float = 1.6  # Pareto exponent; public sources allow 1.2 to 2.0
    reports_per_person_max: int = 200
    platforms_per_person_mean: float = 1.8
    viral_share: float = 0.25  # reports of one of a few clips, most from people outraged by it
    viral_clips: int = 3
    duplicate_share: float = 0.05  # the same report sent again
    thin_share: float = 0.12  # neither address nor contact
    text_only_share: float = 0.15  # a conversation, no file
    urgent_share: float = 0.02  # escalated by the sender
    batched_share: float = 0.01
    mobile_share: float = 0.95  # sessions behind carrier NAT
    vpn_share: float = 0.03
    public_wifi_share: float = 0.01
    ipv6_share: float = 0.3  # of fixed-line sessions
    port_missing_share: float = 0.45
    upload_address_missing_share: float = 0.35
    phone_share: float = 0.5
    email_share: float = 0.7
    phone_recycled_share: float = 0.02  # numbers that later belong to a stranger
    shared_device_share: float = 0.03  # persons who share a household device
    junk_value_share: float = 0.004  # placeholder e-mails and numbers
    subscribers_per_nat_address: int = 200
    minor_to_minor_share: float = 0.01
    viewed_missing_share: float = 0.3
    days: int = 60

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name.endswith("_share") and not 0 <= value <= 1:
                raise ValueError(f"{field.name} is a share between 0 and 1, not {value}")


TINY = Parameters(states=3, districts_per_state=2, days=3)

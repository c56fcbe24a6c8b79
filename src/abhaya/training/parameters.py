"""What a world is drawn with. Shares are fractions of reports unless said; the ranges are what public sources allow.

A range stands beside each value: `drawn` draws from it by seed, so that what links and judges is tried on worlds that
nobody tuned on. Sources, as [n] below:
[1] TRAI, June 2025: 95.5 % of India's internet subscribers are wireless.
[2] Richter and others 2016; CAIDA; Cloudflare 2025: hundreds to thousands of users behind one carrier address, more than
    90 % of cellular networks behind NAT.  [3] Europol 2016: senders and carriers without source ports.
[4] Princeton 2021: 215 of 259 available numbers recycled, 171 tied to accounts; 45 days of quarantine at least, 90 typical.
[5] Meta 2021: more than 90 % same or similar to earlier reports, six clips more than half, 75 % of sharers no ill will.
[6] IWF 2023: 74 % of portal reports already known.  [7] NCMEC 2023: 0.18 % escalated; batched reports of viral events.
[8] Clerical matching, ONS 2021 and Splink's authors: labels by people are often unreliable.
[9] RBI, I4C: 850,000 mule accounts frozen; shares in reports unpublished.
[n] nothing published: a range wide enough to cover what practitioners tell.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, fields
from typing import Self


def _of(default: float, low: float, high: float) -> float:
    """A parameter with its published range. The type checker sees the number; the dataclass sees the field."""
    return field(default=default, metadata={"range": (low, high)})


@dataclass(frozen=True, slots=True)
class Parameters:
    """One draw of a world. `abhaya world --NAME VALUE` sets any of them."""

    states: int = 6  # states and union territories with units of their own
    districts_per_state: int = 4
    reports_per_person_alpha: float = _of(1.6, 1.2, 2.0)  # Pareto exponent; [n]: payments and forums suggest it
    reports_per_person_max: int = 200
    platforms_per_person_mean: float = _of(1.8, 1.3, 2.5)  # [n]
    viral_share: float = _of(0.25, 0.1, 0.6)  # reports of one of a few clips, most from people outraged by it [5]
    viral_clips: int = 3
    rare_file_share: float = _of(0.01, 0.0, 0.05)  # reports with a file that a stranger's earlier report had too [n]
    duplicate_share: float = _of(0.05, 0.02, 0.2)  # the same report sent again [5]
    channel_duplicate_share: float = _of(0.02, 0.0, 0.1)  # the same event told by a hotline too [6]
    late_share: float = _of(0.03, 0.0, 0.1)  # an earlier report's supplement [n]
    thin_share: float = _of(0.12, 0.05, 0.3)  # neither address nor contact [n]
    text_only_share: float = _of(0.15, 0.05, 0.3)  # a conversation, no file [n]
    urgent_share: float = 0.02  # escalated by the sender; more than the 0.18 % of [7] so that small worlds have some
    batched_share: float = _of(0.01, 0.0, 0.03)  # [7]
    mobile_share: float = _of(0.95, 0.0, 0.98)  # sessions behind carrier NAT [1, 2]
    vpn_share: float = _of(0.03, 0.01, 0.15)  # [2]
    public_wifi_share: float = _of(0.01, 0.0, 0.05)  # [n]
    education_share: float = _of(
        0.01, 0.0, 0.05
    )  # sessions from schools and hostels: one address, hundreds of people [n]
    ipv6_share: float = _of(0.3, 0.0, 0.7)  # of fixed lines [n]
    port_missing_share: float = _of(0.45, 0.2, 0.9)  # of sessions; by sender [3]
    address_missing_share: float = _of(0.05, 0.0, 0.3)  # of reports; by sender [n]
    upload_address_missing_share: float = 0.35
    phone_share: float = _of(0.5, 0.1, 0.7)  # of reports; by sender [n]
    email_share: float = _of(0.7, 0.3, 0.9)  # of reports; by sender [n]
    device_share: float = _of(0.25, 0.05, 0.4)  # of reports; by sender [n]
    verification_date_share: float = _of(0.4, 0.1, 0.8)  # of telephone numbers shown [n]
    emails_per_person_mean: float = _of(1.4, 1.1, 2.0)  # [n]
    phone_recycled_share: float = _of(0.02, 0.005, 0.06)  # of new numbers: an earlier holder's, seen in a report [4]
    quarantine_days_min: int = 45  # [4]
    quarantine_days_max: int = 90  # [4]
    sim_life_days: int = 900  # a number's mean life with one person [n]
    burner_share: float = _of(0.05, 0.02, 0.15)  # persons who change numbers, addresses and accounts [n]
    burner_life_days: int = 45
    stale_number_share: float = _of(0.1, 0.05, 0.4)  # accounts that keep a number their person gave up [4]
    account_closed_share: float = _of(0.08, 0.03, 0.6)  # accounts closed after a report; the person opens another [n]
    household_share: float = _of(0.08, 0.02, 0.2)  # persons who share a roof and a tablet with somebody reported [n]
    family_mailbox_share: float = _of(0.1, 0.0, 0.3)  # accounts of a household registered with a relative's address [n]
    shared_device_share: float = _of(
        0.02, 0.0, 0.05
    )  # accounts registered in a cyber café or on a shop's telephone [n]
    hand_me_down_share: float = _of(0.01, 0.0, 0.03)  # persons whose telephone or SIM was another person's before [n]
    borrowed_share: float = _of(0.002, 0.0, 0.005)  # accounts verified with somebody else's number, once [n]
    victim_named_share: float = _of(0.5, 0.1, 0.7)  # conversations whose sender names the child's account [n]
    victim_again_share: float = _of(0.25, 0.05, 0.4)  # of children in reports: known from an earlier report [n]
    gift_share: float = _of(
        0.03, 0.0, 0.1
    )  # of named children: got a SIM, a telephone, a recharge from the one reported [n]
    intrafamilial_share: float = _of(0.05, 0.0, 0.15)  # of children: live with the one reported [n]
    payment_share: float = _of(0.5, 0.2, 0.8)  # of conversations that ask for money: say where to [n]
    mule_share: float = _of(0.2, 0.05, 0.4)  # of those: an account that many use [9]
    mules: int = 40
    wallet_share: float = _of(0.1, 0.0, 0.3)  # of those: a wallet that many deal with [n]
    wallets: int = 10
    junk_value_share: float = _of(0.004, 0.002, 0.01)  # placeholder e-mails, numbers and devices [n]
    zone_error_share: float = _of(0.02, 0.0, 0.1)  # reports whose local times are written as UTC [n]
    clock_skew_share: float = _of(0.03, 0.0, 0.1)  # reports whose times are off by minutes [n]
    judgement_share: float = _of(0.05, 0.01, 0.1)  # accounts on which somebody has judged
    judgement_wrong_share: float = _of(0.05, 0.02, 0.15)  # of judgements [8]
    subscribers_per_nat_address: int = 200  # [2]: 50 to 5,000
    minor_to_minor_share: float = 0.01
    viewed_missing_share: float = 0.3
    days: int = 60
    groups: int = 0  # groups and channels, written beside the reports
    members_per_group: int = 60

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name.endswith("_share") and not 0 <= value <= 1:
                raise ValueError(f"{one.name} is a share between 0 and 1, not {value}")

    @classmethod
    def drawn(cls, seed: int) -> Self:
        """Parameters drawn from their ranges by seed. Shares of kinds that exclude each other stay below one together."""
        rng = random.Random(f"abhaya parameters {seed}")
        values: dict[str, float] = {
            one.name: round(rng.uniform(*one.metadata["range"]), 4) for one in fields(cls) if one.metadata
        }
        values["days"] = rng.randrange(180, 731)
        values["subscribers_per_nat_address"] = int(50 * 100 ** rng.random())
        return cls(**values)  # type: ignore[arg-type] # the whole numbers are whole


TINY = Parameters(states=3, districts_per_state=2, days=3)

"""What a shared identifier is worth: every number that linking uses, in one place, with its version (pure).

The weight of evidence is Fellegi and Sunter's (1969): log2(m/u), where m is how often two accounts of one person show the
same value and u how often those of two people do. Three kinds of two people are told apart, because they share for
different reasons: *strangers* (chance, 1 in `POPULATION`), *two who know each other* (a household, a gift, a lent telephone: `u`
of the kind), and *a crowd* (one value beside many accounts: u grows with the accounts that have it, never with how often
it was mentioned). Twenty accounts of one busy offender are no crowd: a value's accounts are counted as the people that they
look like, by whether they hang together by their other telephones, mailboxes and devices. Coming together at all pays for chance once; from then on every value is weighed against two who
know each other, so that a telephone handed down with its SIM counts little more than the SIM alone.

Numbers are millibits: whole thousandths of a bit, so that a sum is the same in every order and on every machine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

RULE_VERSION: Final = 2
"""Goes up with any change of a number or a rule below; what was decided before keeps the version that it was decided by."""

PHONE, EMAIL, DEVICE, UPI, BANK, CRYPTO, URL, IP, IP6 = range(1, 10)
KINDS: Final = {
    PHONE: "phone", EMAIL: "email", DEVICE: "device", UPI: "upi", BANK: "bank", CRYPTO: "crypto", URL: "url", IP: "ip",
    IP6: "ip6",
}  # fmt: skip
KIND_COUNT: Final = 10

SOLID, VERIFIED, ASSUMED, MINED, JUNK = 1, 2, 4, 8, 16
"""Flags of a piece of evidence. `JUNK`: a value typed to fill a field (`values.key_of`); it counts for nothing."""

NONE, RELATED, REVIEW, SAME = range(4)
OUTCOMES: Final = ("", "related", "review", "same")

UNKNOWN_NETWORK, MOBILE, VPN, WIFI, FIXED = range(5)
NETWORKS: Final = {
    "mobile": MOBILE, "carrier": MOBILE, "satellite": MOBILE, "vpn": VPN, "proxy": VPN, "tor": VPN, "hosting": VPN,
    "wifi": WIFI, "education": WIFI, "government": WIFI, "business": WIFI, "fixed": FIXED,
}  # fmt: skip
"""Words of `places.networks` for kinds of networks -> class. What is not here is `UNKNOWN_NETWORK`."""

# What kept a pair lower than its number, or marks it: bits of `why`.
WHY_PROTECTED = 1  # one is a victim or may be a minor, the other is not
WHY_ALONE = 2  # one value that may be lent, given on or be another's, and nothing beside it
WHY_RECYCLED = 4  # the periods of use do not meet: the number may have been given out again
WHY_SOFT = 8  # everything shared was found in free text or partly assumed
WHY_HOUSEHOLD = 16  # a shared device, but telephones and e-mail addresses differ
WHY_ADDRESS = 32  # nothing shared but internet addresses
WHY_PLACE_ONLY = 64  # what is shared tells of a connection (a page), never of a person
WHY_PASSED_ON = 128  # a telephone and its number, which pass from hand to hand together, and nothing beside them
WHY_LENT = 256  # a mailbox and a device, which a household shares and lends together, and nothing beside them
WHY_ONCE = 512  # all that is shared was seen at one moment only, on both sides: both may have been lent once

KINDS_ENOUGH: Final = 3
"""So many kinds of a telephone, a mailbox, a device and a payee decide, whatever else differs: what passes on or is lent
together is two of them."""

MINUTES_PER_DAY: Final = 24 * 60
NO_TIME: Final = -1


@dataclass(frozen=True, slots=True)
class KindWeight:
    """`m`: two accounts of one person show the same value of this kind, where both show any. `u`: two people who know
    each other do. `crowd`: bits lost for each doubling of the people that the value's accounts look like. `alone`: the most that
    one such value decides by itself; more than `REVIEW` only where all who have it look like one person. `holders_max`: accounts with one value above which it is generic and links nobody.
    """

    m: float
    u: float
    crowd: float
    alone: int
    holders_max: int
    differs: bool = False  # both show values of this kind and share none: says something against


@dataclass(frozen=True, slots=True)
class Parameters:
    """All numbers of one rule version."""

    version: int = RULE_VERSION
    population_bits: int = 24  # accounts among which chance is counted: kept here, so that no number moves by itself
    kinds: dict[int, KindWeight] = field(
        default_factory=lambda: {
            PHONE: KindWeight(0.70, 0.05, 1.0, REVIEW, 24, differs=True),
            EMAIL: KindWeight(0.75, 0.003, 2.0, SAME, 24, differs=True),
            DEVICE: KindWeight(0.60, 0.08, 1.0, REVIEW, 10, differs=True),
            UPI: KindWeight(0.60, 0.05, 1.0, REVIEW, 10),
            BANK: KindWeight(0.60, 0.05, 1.0, REVIEW, 10),
            CRYPTO: KindWeight(0.60, 0.10, 1.0, REVIEW, 10),
            URL: KindWeight(0.40, 0.20, 1.0, RELATED, 10),
        }
    )
    same_millibits: int = 6000
    review_millibits: int = 3000
    soft_millibits: int = -2000  # found in free text or partly assumed, on one side at least
    verified_millibits: int = 500  # on both sides: each time one code was received once, and no more
    recycled_millibits: int = -2000
    recycled_gap_days: int = 45  # the shortest quarantine of a number before it is given out again (US rule)
    address_millibits: int = 500  # the same address in the same hour, class of network unknown
    address_fixed_millibits: int = 1000  # the same, of a line to one house
    address6_millibits: int = 1500  # the same /64 network of IPv6
    address_holders_max: int = 3  # accounts behind one address in one hour above which it says nothing
    bridge_millibits: int = 12000  # a single link below this does not join two groups that are both large
    bridge_group_min: int = 4  # accounts from which a group is large

    @property
    def prior_millibits(self) -> int:
        """Two accounts drawn at random."""
        return -1000 * self.population_bits

    @property
    def meeting_millibits(self) -> int:
        """That they share a value at all, which two strangers do once in the population."""
        return 1000 * self.population_bits

    def agreement(self, kind: int, people: int) -> int:
        """Millibits for one shared value of a kind whose accounts look like so many people."""
        one = self.kinds[kind]
        return round(1000 * (math.log2(one.m / one.u) - one.crowd * math.log2(max(people - 1, 1))))

    def difference(self, kind: int) -> int:
        """Millibits where both show values of a kind and share none: log2((1-m)/(1-u))."""
        one = self.kinds[kind]
        return round(1000 * math.log2((1 - one.m) / (1 - one.u))) if one.differs else 0

    @property
    def holders_max(self) -> int:
        """The greatest number of accounts that any value may have and still count."""
        return max(one.holders_max for one in self.kinds.values())

    def tables(self) -> Tables:
        """The same numbers as arrays, for the kernels."""
        agreement = np.zeros((KIND_COUNT, self.holders_max + 1), dtype=np.int32)
        difference = np.zeros(KIND_COUNT, dtype=np.int32)
        alone = np.zeros(KIND_COUNT, dtype=np.int8)
        holders_max = np.full(KIND_COUNT, self.address_holders_max, dtype=np.int32)
        for kind, one in self.kinds.items():
            for people in range(self.holders_max + 1):
                agreement[kind, people] = self.agreement(kind, people)
            difference[kind], alone[kind], holders_max[kind] = self.difference(kind), one.alone, one.holders_max
        scalars = (
            self.same_millibits, self.review_millibits, self.soft_millibits, self.verified_millibits,
            self.recycled_millibits, self.recycled_gap_days * MINUTES_PER_DAY, self.address_millibits,
            self.address_fixed_millibits, self.address6_millibits, self.prior_millibits + self.meeting_millibits,
        )  # fmt: skip
        return Tables(agreement, difference, alone, holders_max, np.array(scalars, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Tables:
    """`Parameters` as arrays."""

    agreement: npt.NDArray[np.int32]
    difference: npt.NDArray[np.int32]
    alone: npt.NDArray[np.int8]
    holders_max: npt.NDArray[np.int32]
    scalars: npt.NDArray[np.int64]


PARAMETERS: Final = Parameters()
HOLDERS_MAX: Final = PARAMETERS.holders_max
"""A reader of the database may stop at one account more than this."""

"""What the invented world is made of: persons, their accounts, who held which identifier when, and reports about them.

Everything a report shows is in the report; everything else here is truth, which goes to a folder of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

ADULT_AGE = 18


@dataclass(frozen=True, slots=True)
class Account:
    """An account on one platform, with what it was registered with."""

    platform: str
    kind: str  # the incident's kind on that platform
    identifier: str
    screen_name: str
    email: str = ""
    phone: str = ""
    device: str = ""
    verified_at: datetime | None = None  # when the number received its code, once

    @property
    def key(self) -> str:
        """The account's selector, as the road normalises it."""
        return f"{self.platform.lower()}:{self.identifier}"


@dataclass(slots=True)
class Holding:
    """Truth: this person had this identifier from then until then."""

    kind: str  # phone | device | email (another's) | upi | bank | crypto
    value: str
    person: str
    since: datetime
    until: datetime | None
    how: str  # own | household | recycled | gift | hand-me-down | borrowed | cafe | mule | counterparty


@dataclass(slots=True)
class Person:
    """A person of the world. `true_age` is truth; what a report states may be less, more or nothing."""

    id: str
    name: str
    name_hi: str
    state: int
    district: int
    true_age: int
    accounts: list[Account] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    devices: list[str] = field(default_factory=list)
    fixed_address: str = ""
    household: str = ""
    is_burner: bool = False  # changes numbers, addresses and accounts often
    sims: list[Holding] = field(default_factory=list)
    open: list[int] = field(default_factory=list)  # places in `accounts` of those not yet closed by their platform
    payee: tuple[str, str] = ("", "")  # (upi or bank, value), once payment was asked for

    @property
    def is_child(self) -> bool:
        return self.true_age < ADULT_AGE


@dataclass(slots=True)
class Household:
    """People under one roof: one fixed line, a tablet that all use, perhaps one telephone in the kitchen."""

    id: str
    state: int
    district: int
    address: str
    tablet: str
    phone: str  # "" where everybody has only a number of their own
    members: list[Person] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Login:
    address: str
    port: int | None
    at: datetime  # as the sender writes it
    event: str
    network: str  # mobile | district-mobile | fixed | vpn | wifi | education: truth, never sent
    true_at: datetime | None = None  # truth, where the sender's clock or zone was wrong


@dataclass(frozen=True, slots=True)
class Party:
    """A person of a report, as the report shows them."""

    role: str  # reported | victim | recipient
    person: Person
    account: Account | None = None  # None: the report names no account
    email: str = ""
    phone: str = ""
    phone_verified: bool = True
    verified_at: datetime | None = None  # None: the sender does not say when
    device: str = ""
    age: int | None = None
    payments: tuple[tuple[str, str], ...] = ()  # (upi | bank | crypto, value), out of the conversation
    logins: tuple[Login, ...] = ()

    def identifiers(self) -> Iterator[tuple[str, str]]:
        """(kind, value), normalised as the road does; without addresses."""
        if self.phone:
            yield "phone", self.phone.replace(" ", "")
        if self.email:
            yield "email", self.email
        if self.device:
            yield "device", f"imei:{self.device}"
        yield from self.payments


@dataclass(frozen=True, slots=True)
class WorldReport:
    """One report as a platform would see it, before it is written in a wire format."""

    ref: str
    kind: str  # file | text | viral | thin | batched | minors
    person: Person
    account: Account
    at: datetime
    logins: tuple[Login, ...]
    email: str
    phone: str
    device: str
    files: tuple[int, ...]  # seeds of pictures
    lines: tuple[str, ...]
    stated_age: int | None
    child_age: int | None
    urgent: bool
    viewed: bool | None
    others: tuple[Account, ...] = ()  # batched: the other accounts that shared the clip
    duplicate_of: str = ""
    victims: tuple[Party, ...] = ()  # victims and recipients that the sender names or describes
    other_persons: tuple[Person, ...] = ()  # whose the `others` are
    name: str = ""  # the reported person's, as this sender spells it
    phone_verified: bool = True
    verified_at: datetime | None = None
    payments: tuple[tuple[str, str], ...] = ()
    channel: str = "platform"  # platform | hotline: the same event told by somebody else
    updates: str = ""  # the earlier report that this one adds to
    group: str = ""  # the group it was seen in, where the sender says
    clock: str = ""  # "" | zone | skew: what is wrong with its times

    @property
    def parties(self) -> tuple[Party, ...]:
        """Everybody in the report: the reported first, then who was hurt or written to."""
        reported = Party(
            "reported", self.person, self.account, self.email, self.phone, self.phone_verified, self.verified_at,
            self.device, self.stated_age, self.payments, self.logins,
        )  # fmt: skip
        also = (
            Party("reported", person, account) for person, account in zip(self.other_persons, self.others, strict=True)
        )
        return (reported, *also, *self.victims)

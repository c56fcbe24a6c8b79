"""The invented world, drawn from a seed: persons with accounts, numbers, devices and lines, and the reports about them.

It draws; `wire` writes. Nothing here decides or measures: truth goes to a folder of its own, so that linking, triage and
routing can be judged by somebody who did not tune on it. Everything is invented; every conversation is a neutral
stand-in; every picture is arithmetic.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from abhaya.training.country import (
    STATES,
    VPN_NETWORK,
    WIFI_NETWORK,
    district_mobile_network,
    fixed_network,
    fixed_network_v6,
    mobile_network,
)  # fmt: skip
from abhaya.training.names import FAMILY, GIVEN, LINES, PLATFORMS
from abhaya.training.parameters import Parameters

DEFAULT_UNTIL = datetime(2026, 11, 1, tzinfo=UTC)  # a world is the same whenever it is made


@dataclass(frozen=True, slots=True)
class Account:
    platform: str
    kind: str  # the incident's kind on that platform
    identifier: str
    screen_name: str


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


@dataclass(frozen=True, slots=True)
class Login:
    address: str
    port: int | None
    at: datetime
    event: str
    network: str  # mobile | district-mobile | fixed | vpn | wifi: truth, never sent


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


class World:
    """`World(seed, parameters).reports(n)` yields the same reports for the same three."""

    def __init__(self, seed: int, parameters: Parameters, *, until: datetime = DEFAULT_UNTIL) -> None:
        self.parameters = parameters
        self.until = until
        self.persons: list[Person] = []
        self._rng = random.Random(f"abhaya world {seed}")
        self._recycled: list[str] = []
        self._shared_devices: list[str] = []
        self._repeating: list[list[Person]] = []  # persons who will be reported again, each as often as it is listed

    def reports(self, count: int) -> Iterator[WorldReport]:
        """`count` reports in the order they happened."""
        rng, parameters = self._rng, self.parameters
        moments = sorted(rng.random() for _ in range(count))
        written: list[WorldReport] = []
        for index, moment in enumerate(moments):
            at = self.until - timedelta(days=parameters.days * (1 - moment))
            ref = f"R{index + 1:06}"
            if written and rng.random() < parameters.duplicate_share:
                earlier = rng.choice(written[-200:])
                yield _again(earlier, ref)
                continue
            report = self._report(ref, at.replace(microsecond=0))
            written.append(report)
            yield report

    def _report(self, ref: str, at: datetime) -> WorldReport:
        rng, p = self._rng, self.parameters
        kind = self._kind()
        person = self._sharer() if kind in {"viral", "batched"} else self._reported(minor=kind == "minors")
        account = rng.choice(person.accounts)
        thin = kind == "thin"
        files = self._files(kind)
        child = rng.choice([11, 12, 13, 14, 15]) if kind in {"text", "minors"} else None
        return WorldReport(
            ref=ref, kind=kind, person=person, account=account, at=at,
            logins=() if thin or kind == "batched" else self._logins(person, at, has_files=bool(files)),
            email=self._chosen(person.emails, p.email_share, "none@example.com") if not thin else "",
            phone=self._chosen(person.phones, p.phone_share, "+910000000000") if not thin else "",
            device=rng.choice(person.devices) if person.devices and not thin and rng.random() < 0.25 else "",
            files=files, lines=self._lines(kind), child_age=child,
            stated_age=person.true_age if kind == "minors" else (rng.choice([None, None, person.true_age])),
            urgent=kind == "text" and rng.random() < p.urgent_share / max(p.text_only_share, 0.001),
            viewed=None if rng.random() < p.viewed_missing_share else rng.random() < 0.6,
            others=tuple(self._sharer().accounts[0] for _ in range(rng.randrange(5, 40))) if kind == "batched" else (),
        )  # fmt: skip

    def _kind(self) -> str:
        p, draw = self.parameters, self._rng.random()
        for kind, share in (
            ("batched", p.batched_share), ("viral", p.viral_share), ("thin", p.thin_share),
            ("minors", p.minor_to_minor_share), ("text", p.text_only_share),
        ):  # fmt: skip
            if draw < share:
                return kind
            draw -= share
        return "file"

    def _reported(self, *, minor: bool) -> Person:
        """The person of the next report: most are seen once, some many times (Pareto)."""
        if minor:
            return self._person(true_age=self._rng.choice([14, 15, 16, 17]))
        if self._repeating and self._rng.random() < 0.5:
            position = self._rng.randrange(len(self._repeating))
            again = self._repeating[position]
            person = again.pop()
            if not again:
                self._repeating.pop(position)
            return person
        person = self._person(true_age=self._rng.randrange(18, 66))
        reports = min(
            int(self._rng.paretovariate(self.parameters.reports_per_person_alpha)),
            self.parameters.reports_per_person_max,
        )
        if reports > 1:
            self._repeating.append([person] * (reports - 1))
        return person

    def _sharer(self) -> Person:
        return self._person(true_age=self._rng.randrange(18, 70))

    def _person(self, *, true_age: int) -> Person:
        rng, p = self._rng, self.parameters
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        number = len(self.persons) + 1
        state = rng.randrange(p.states)
        district = rng.randrange(min(p.districts_per_state, len(STATES[state].districts)))
        handle = f"{given[0].lower()}.{family[0].lower()}{number}"
        person = Person(
            f"P{number:06}", f"{given[0]} {family[0]}", f"{given[1]} {family[1]}", state, district, true_age
        )
        platforms = min(len(PLATFORMS), 1 + int(rng.expovariate(1 / max(p.platforms_per_person_mean - 1, 0.01))))
        chosen = _weighted(rng, platforms)
        person.accounts = [
            Account(name, kind, str(rng.randrange(10**9, 10**10)), f"{handle}_{name[:2].lower()}")
            for name, kind in chosen
        ]
        person.emails = [f"{handle}@example.{rng.choice(['com', 'org', 'net'])}"]
        person.phones = [self._phone()]
        person.devices = [self._device()]
        person.fixed_address = self._fixed_line(state, district)
        self.persons.append(person)
        return person

    def _phone(self) -> str:
        """An Indian mobile number from a block that no operator has been given; a few are another's old number."""
        if self._recycled and self._rng.random() < self.parameters.phone_recycled_share:
            return self._rng.choice(self._recycled)
        number = f"+91 9000{self._rng.randrange(10**6):06}"
        self._recycled.append(number)
        return number

    def _device(self) -> str:
        if self._shared_devices and self._rng.random() < self.parameters.shared_device_share:
            return self._rng.choice(self._shared_devices)
        body = f"00{self._rng.randrange(10**12):012}"
        device = body + _luhn_digit(body)
        self._shared_devices.append(device)
        return device

    def _fixed_line(self, state: int, district: int) -> str:
        if self._rng.random() < self.parameters.ipv6_share:
            return str(fixed_network_v6(state, district)[self._rng.randrange(1, 2**64)])
        return str(fixed_network(state, district)[self._rng.randrange(1, 255)])

    def _logins(self, person: Person, at: datetime, *, has_files: bool) -> tuple[Login, ...]:
        rng, p = self._rng, self.parameters
        events = ["Login"] * rng.randrange(1, 4)
        if has_files and rng.random() >= p.upload_address_missing_share:
            events.append("Upload")
        logins = []
        for event in events:
            address, network = self._session(person)
            moment = at if event == "Upload" else at - timedelta(seconds=rng.randrange(60, 6 * 86400))
            port = None if rng.random() < p.port_missing_share else rng.randrange(1024, 65536)
            logins.append(Login(address, port, moment, event, network))
        return tuple(logins)

    def _session(self, person: Person) -> tuple[str, str]:
        rng, p = self._rng, self.parameters
        draw = rng.random()
        if draw < p.vpn_share:
            return str(VPN_NETWORK[rng.randrange(1, 255)]), "vpn"
        if draw < p.vpn_share + p.public_wifi_share:
            return str(WIFI_NETWORK[rng.randrange(1, 255)]), "wifi"
        if rng.random() >= p.mobile_share:
            return person.fixed_address, "fixed"
        if rng.random() < 0.5:
            return str(district_mobile_network(person.state, person.district)[rng.randrange(1, 255)]), "district-mobile"
        pool = max(2, min(4000, 800_000 // p.subscribers_per_nat_address))
        return str(mobile_network(person.state)[rng.randrange(1, pool)]), "mobile"

    def _files(self, kind: str) -> tuple[int, ...]:
        rng = self._rng
        if kind in {"viral", "batched"}:
            return (rng.randrange(self.parameters.viral_clips),)
        if kind in {"text", "thin"}:
            return ()
        return tuple(rng.randrange(1000, 10**9) for _ in range(1 + int(rng.expovariate(0.8))))

    def _lines(self, kind: str) -> tuple[str, ...]:
        if kind not in {"text", "minors"}:
            return ()
        return tuple(self._rng.sample(LINES, self._rng.randrange(3, 8)))

    def _chosen(self, values: list[str], share: float, junk: str) -> str:
        draw = self._rng.random()
        if draw < self.parameters.junk_value_share:
            return junk
        return self._rng.choice(values) if self._rng.random() < share else ""


def _weighted(rng: random.Random, count: int) -> list[tuple[str, str]]:
    left = list(PLATFORMS)
    chosen = []
    for _ in range(count):
        pick = rng.choices(left, weights=[share for _, _, share in left])[0]
        left.remove(pick)
        chosen.append((pick[0], pick[1]))
    return chosen


def _luhn_digit(body: str) -> str:
    """The check digit of an IMEI (3GPP TS 23.003, annex B)."""
    digits = [int(letter) for letter in body]
    doubled = [digit if index % 2 == 0 else sum(divmod(2 * digit, 10)) for index, digit in enumerate(digits)]
    return str(-sum(doubled) % 10)


def _again(earlier: WorldReport, ref: str) -> WorldReport:
    values = {name: getattr(earlier, name) for name in WorldReport.__dataclass_fields__}
    return WorldReport(**{**values, "ref": ref, "duplicate_of": earlier.duplicate_of or earlier.ref})

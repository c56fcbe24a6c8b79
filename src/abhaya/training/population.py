"""Who lives in the invented world, and who has which number, device and account when. All of it is truth.

The traps of linking are planted here: households, numbers given out again, telephones handed on or given to a child,
borrowed numbers, café devices. Each leaves a `Holding` that says so.
"""

from __future__ import annotations

import heapq
import random
from dataclasses import replace
from datetime import datetime, timedelta

from abhaya.training import calling
from abhaya.training.country import STATES, fixed_network, network_prefix
from abhaya.training.names import FAMILY, GIVEN, PLATFORMS
from abhaya.training.parameters import Parameters
from abhaya.training.people import Account, Holding, Household, Person

RECENT_PERSONS = 2000  # a number is borrowed, a telephone handed on, among those who appeared lately
OWN_HANDLE_SHARE = 0.5  # of screen names, those that repeat from platform to platform
TABLET_SHARE, KITCHEN_PHONE_SHARE = 0.7, 0.4  # accounts of a household registered with what all share
SECOND_ADULT_SHARE = 0.5
NEW_ADDRESS_SHARE = 0.2  # accounts after the first whose person opened a new e-mail address for them
CAFE_DEVICES = 30
ACCOUNT_AGE_DAYS_MEAN, AGE_DAYS_MAX = 200, 1500
CHILD_PHONE_SHARE = 0.4  # children with a number of their own; the others have the household's or none
_ACCOUNT_STEP = 7_368_787_003  # prime to 10: account ids look drawn and never meet
_WEIGHTS = [share for _, _, share in PLATFORMS]


class Population:
    """Draws persons and everything they hold. `at` is always the instant of the report that first needs them."""

    def __init__(self, rng: random.Random, parameters: Parameters) -> None:
        self.persons: list[Person] = []
        self.children: list[Person] = []
        self.households: dict[str, Household] = {}
        self.holdings: list[Holding] = []
        self._rng, self._p = rng, parameters
        self._numbers, self._accounts = rng.randrange(10**7), rng.randrange(10**10)
        self._had: dict[str, Holding] = {}  # who has a device now
        self._kept: set[str] = set()  # numbers that went on to another: no operator gives them out
        self._devices: set[str] = set()
        self._half_known: list[Household] = []  # households of which one adult has appeared
        self._given_up: list[tuple[datetime, str]] = []  # numbers seen in reports, by when another may get them
        self._seen_numbers: set[str] = set()
        self._cafe = [self.new_device() for _ in range(CAFE_DEVICES)]

    def adult(self, at: datetime, age: int) -> Person:
        """A person nobody has reported before."""
        rng, p = self._rng, self._p
        if rng.random() >= p.household_share:
            return self._person(at, age, None)
        if self._half_known and rng.random() < SECOND_ADULT_SHARE:
            home = self._half_known.pop(rng.randrange(len(self._half_known)))
        else:
            home = self._household()
            self._half_known.append(home)
        return self._person(at, age, home)

    def child(self, at: datetime, age: int, parent: Person | None = None) -> Person:
        """A child; `parent` is who shares its home, where that is the one reported."""
        home = None
        if parent is not None:
            home = self.households.get(parent.household) or self._home_of(parent, at)
        elif self._half_known and self._rng.random() < self._p.household_share:
            home = self._rng.choice(self._half_known)
        person = self._person(at, age, home)
        self.children.append(person)
        return person

    def account_of(self, person: Person, at: datetime) -> Account:
        """One of the accounts that a person uses now; a new one where the platforms closed them all."""
        if not person.open:
            self._reopen(person, at)
        place = self._rng.choice(person.open)
        account = person.accounts[place]
        own = self.sim(person, at)
        gave_up = account.phone != own and account.phone in person.phones
        if gave_up and self._rng.random() >= self._p.stale_number_share:
            account = replace(account, phone=own, verified_at=at - timedelta(days=self._rng.random()))
            person.accounts[place] = account
        return account

    def close(self, person: Person, account: Account) -> None:
        """The platform closes the account after a report."""
        place = next(place for place in person.open if person.accounts[place].identifier == account.identifier)
        person.open.remove(place)

    def shown(self, number: str, person: Person) -> None:
        """A number stands in a report: once its holder has given it up, a stranger may get it."""
        if number in self._seen_numbers:
            return
        held = next((sim for sim in person.sims if sim.value == number and sim.how in {"own", "recycled"}), None)
        if held is None or held.until is None:
            return
        self._seen_numbers.add(number)
        days = self._rng.uniform(self._p.quarantine_days_min, self._p.quarantine_days_max)
        heapq.heappush(self._given_up, (held.until + timedelta(days=days), number))

    def sim(self, person: Person, at: datetime) -> str:
        """The number that a person uses now; another one where the last was given up."""
        if not person.sims:
            return ""
        last = person.sims[-1]
        while last.until is not None and last.until <= at:
            last = self._next_sim(person, last.until, at)
        return last.value

    def give_number(self, giver: Person, taker: Person, at: datetime, how: str) -> str:
        """A SIM that one bought and another uses from now on; the giver gets a new one."""
        number = self.sim(giver, at)
        if not number:
            return ""
        held = giver.sims[-1]
        held.until = at
        self._hold(taker, Holding("phone", number, taker.id, at, None, how))
        self._kept.add(number)
        self._next_sim(giver, at, at)
        return number

    def give_device(self, giver: Person, taker: Person, at: datetime, how: str) -> str:
        """A telephone that one had and another has from now on."""
        device = giver.devices[-1]
        self._had[device].until = at
        self._had[device] = Holding("device", device, taker.id, at, None, how)
        self.holdings.append(self._had[device])
        taker.devices.append(device)
        self._own_device(giver, at)
        return device

    def change_account(
        self, person: Person, account: Account, *, phone: str = "", device: str = "", at: datetime
    ) -> Account:
        """The account is verified anew with another number, or used on another telephone."""
        place = next(place for place, one in enumerate(person.accounts) if one.key == account.key)
        changed = replace(account, phone=phone or account.phone, device=device or account.device)
        if phone:
            changed = replace(changed, verified_at=at)
        person.accounts[place] = changed
        return changed

    def new_device(self) -> str:
        """An IMEI that no maker was given, with its check digit."""
        while True:
            body = f"00{self._rng.randrange(10**12):012}"
            device = body + _luhn_digit(body)
            if device not in self._devices:
                self._devices.add(device)
                return device

    # --- how one person comes to be

    def _person(self, at: datetime, age: int, home: Household | None) -> Person:
        rng, p = self._rng, self._p
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        number = len(self.persons) + 1
        state = home.state if home else rng.randrange(p.states)
        district = home.district if home else rng.randrange(min(p.districts_per_state, len(STATES[state].districts)))
        person = Person(f"P{number:06}", f"{given[0]} {family[0]}", f"{given[1]} {family[1]}", state, district, age)
        self.persons.append(person)
        if home:
            self._move_in(person, home, at)
        else:
            person.fixed_address = self._fixed_line(state, district)
        handle = f"{given[0].lower()}.{family[0].lower()}{number}"
        stay_on = 1 - 1 / p.emails_per_person_mean
        person.emails = [f"{handle}@example.com"]
        while rng.random() < stay_on:
            person.emails.append(f"{handle}.{len(person.emails)}@example.{rng.choice(('org', 'net'))}")
        person.is_burner = not person.is_child and rng.random() < p.burner_share
        self._first_sim(person, at)
        self._own_device(person, at - timedelta(days=rng.expovariate(1 / ACCOUNT_AGE_DAYS_MEAN)))
        if rng.random() < p.hand_me_down_share and len(self.persons) > 1:
            self._hand_down(person, home, at - timedelta(days=rng.uniform(1, 30)))
        platforms, another = 1, 1 - 1 / p.platforms_per_person_mean
        while platforms < len(PLATFORMS) and rng.random() < another:
            platforms += 1
        for name, kind in _weighted(rng, platforms):
            self._open(person, at, name, kind, handle)
        return person

    def _hand_down(self, taker: Person, home: Household | None, at: datetime) -> None:
        """A telephone, or the SIM that was in it, that a relative or a stranger used before."""
        relatives = [member for member in home.members if member is not taker] if home else []
        giver = self._rng.choice(relatives) if relatives else self._somebody(taker)
        if self._rng.random() < 0.5 and self.give_number(giver, taker, at, "hand-me-down"):
            return
        self.give_device(giver, taker, at, "hand-me-down")

    def _open(
        self, person: Person, at: datetime, platform: str, kind: str, handle: str = "", *, new: bool = False
    ) -> None:
        """An account, registered with what its person has at that time, or with what others lent."""
        rng, p = self._rng, self._p
        home = self.households.get(person.household)
        age = rng.random() if new else min(rng.expovariate(1 / ACCOUNT_AGE_DAYS_MEAN), AGE_DAYS_MAX)
        opened = at - timedelta(days=age)
        phone, device = (person.sims[-1].value, person.devices[-1]) if person.sims else ("", person.devices[-1])
        if person.sims:
            opened = max(opened, person.sims[-1].since)
        draw = rng.random()
        if draw < p.borrowed_share and len(self.persons) > 1:
            lent = self.sim(self._somebody(person), at)
            if lent:
                phone = lent
                self.holdings.append(Holding("phone", phone, person.id, opened, opened, "borrowed"))
        elif home and home.phone and draw < KITCHEN_PHONE_SHARE:
            phone = home.phone
        draw = rng.random()
        if draw < p.shared_device_share:
            device = rng.choice(self._cafe)
            self.holdings.append(Holding("device", device, person.id, opened, opened, "cafe"))
        elif home and draw < TABLET_SHARE:
            device = home.tablet
        email = rng.choice(person.emails)
        if home and rng.random() < p.family_mailbox_share:
            email = self._family_mailbox(person, home, opened) or email
        number = len(person.accounts)
        screen = (
            f"{handle}_{platform[:2].lower()}"
            if handle and rng.random() < OWN_HANDLE_SHARE
            else f"user{rng.randrange(10**9)}"
        )
        self._accounts = (self._accounts + _ACCOUNT_STEP) % 10**10
        person.open.append(number)
        person.accounts.append(Account(platform, kind, f"{self._accounts:010}", screen, email, phone, device, opened))

    def _family_mailbox(self, person: Person, home: Household, since: datetime) -> str:
        """A relative's address, as parents give theirs for a child's account; "" where there is none yet."""
        relatives = [member for member in home.members if member is not person]
        if not relatives:
            return ""
        email = self._rng.choice(relatives).emails[0]
        self.holdings.append(Holding("email", email, person.id, since, None, "household"))
        return email

    def _reopen(self, person: Person, at: datetime) -> None:
        """After a closure: the same platform or another; one who churns does it with a new number and a new address."""
        rng = self._rng
        if person.is_burner and person.sims and rng.random() < 0.7:
            last = person.sims[-1]
            last.until = at - timedelta(days=1)
            self._next_sim(person, last.until, at)
        if person.is_burner or rng.random() < NEW_ADDRESS_SHARE:
            person.emails.append(f"user{person.id[1:]}.{len(person.emails)}@example.{rng.choice(('org', 'net'))}")
        name, kind, _ = rng.choices(PLATFORMS, weights=_WEIGHTS)[0]
        self._open(person, at, name, kind, new=True)

    def _household(self, like: Person | None = None) -> Household:
        """A home: anywhere, or around one who had none of note until now."""
        rng, p = self._rng, self._p
        state = like.state if like else rng.randrange(p.states)
        districts = min(p.districts_per_state, len(STATES[state].districts))
        district = like.district if like else rng.randrange(districts)
        address = like.fixed_address if like else self._fixed_line(state, district)
        phone = self._new_number() if rng.random() < KITCHEN_PHONE_SHARE else ""
        home = Household(f"H{len(self.households) + 1:06}", state, district, address, self.new_device(), phone)
        self.households[home.id] = home
        return home

    def _home_of(self, person: Person, at: datetime) -> Household:
        """A household around a person a child of whom appears; some of the person's accounts are on the tablet."""
        home = self._household(person)
        self._move_in(person, home, at)
        if self._rng.random() < TABLET_SHARE:
            self.change_account(person, self._rng.choice(person.accounts), device=home.tablet, at=at)
        return home

    def _move_in(self, person: Person, home: Household, at: datetime) -> None:
        person.household, person.fixed_address = home.id, home.address
        home.members.append(person)
        since = at - timedelta(days=AGE_DAYS_MAX)
        self.holdings.append(Holding("device", home.tablet, person.id, since, None, "household"))
        if home.phone:
            self.holdings.append(Holding("phone", home.phone, person.id, since, None, "household"))

    def _somebody(self, but: Person) -> Person:
        """Somebody who appeared lately, another than `but`."""
        latest = len(self.persons)
        while True:
            found = self.persons[self._rng.randrange(max(0, latest - RECENT_PERSONS), latest)]
            if found is not but:
                return found

    # --- numbers and devices

    def _first_sim(self, person: Person, at: datetime) -> None:
        rng, p = self._rng, self._p
        if person.is_child and rng.random() >= CHILD_PHONE_SHARE:
            return
        life = p.burner_life_days if person.is_burner else p.sim_life_days
        since = at - timedelta(days=min(rng.expovariate(1 / life), AGE_DAYS_MAX))
        self._get_number(person, since, at + timedelta(days=1 + rng.expovariate(1 / life)), at)

    def _next_sim(self, person: Person, since: datetime, at: datetime) -> Holding:
        life = self._p.burner_life_days if person.is_burner else self._p.sim_life_days
        return self._get_number(person, since, since + timedelta(days=7 + self._rng.expovariate(1 / life)), at)

    def _get_number(self, person: Person, since: datetime, until: datetime, at: datetime) -> Holding:
        """A number from now on: an earlier holder's where one is free and chance will have it, else a fresh one."""
        rng = self._rng
        number, how = "", "own"
        while self._given_up and self._given_up[0][1] in self._kept:
            heapq.heappop(self._given_up)
        if rng.random() < self._p.phone_recycled_share and self._given_up and self._given_up[0][0] < at:
            free, number = heapq.heappop(self._given_up)
            since, how = max(since, free + (at - free) * rng.random()), "recycled"
            until = max(until, since + timedelta(days=1))
            self._seen_numbers.discard(number)
        held = Holding("phone", number or self._new_number(), person.id, since, until, how)
        self._hold(person, held)
        return held

    def _hold(self, person: Person, held: Holding) -> None:
        person.sims.append(held)
        person.phones.append(held.value)
        self.holdings.append(held)

    def _new_number(self) -> str:
        self._numbers += 1
        number = calling.number("IN", self._numbers)
        return f"+91 {number[3:8]} {number[8:]}"

    def _own_device(self, person: Person, since: datetime) -> None:
        person.devices.append(self.new_device())
        self._had[person.devices[-1]] = Holding("device", person.devices[-1], person.id, since, None, "own")
        self.holdings.append(self._had[person.devices[-1]])

    def _fixed_line(self, state: int, district: int) -> str:
        if self._rng.random() < self._p.ipv6_share:  # a /64 of one's own, for months
            return f"2001:db8:{state:x}{district:02x}:{self._rng.randrange(1, 65536):x}::/64"
        return f"{network_prefix(fixed_network(state, district))}{self._rng.randrange(1, 255)}"


def _weighted(rng: random.Random, count: int) -> list[tuple[str, str]]:
    if count == 1:
        name, kind, _ = rng.choices(PLATFORMS, weights=_WEIGHTS)[0]
        return [(name, kind)]
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

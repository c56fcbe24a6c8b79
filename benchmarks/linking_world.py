"""A crowd of invented people as arrays, for measuring linking: ten million rows in seconds, truth beside them.

Drawn apart from `abhaya.training`, by whoever did not write it, so that a rule tuned on one world is asked in another. Shapes
as in public sources: reports per person Pareto (65 % are reported once), several accounts, e-mail addresses and telephones
each; carrier NAT; numbers given out again; households, gifts, hand-me-downs, cafés, junk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from abhaya.linking import weights as w
from abhaya.linking.kernels import Evidence

MINUTES_PER_DAY = w.MINUTES_PER_DAY
EPOCH = 29_000_000  # minutes: in the year 2025


@dataclass(frozen=True, slots=True)
class Crowd:
    """How the crowd lives. Shares are of reports where something is sent, of persons where something is had."""

    reports: int = 100_000
    reports_alpha: float = 1.5
    reports_max: int = 200
    accounts_mean: float = 2.5
    emails_mean: float = 1.8
    phones_mean: float = 1.6
    email_share: float = 0.7
    phone_share: float = 0.4
    device_share: float = 0.25
    recycled_share: float = 0.02
    recycled_in_time: bool = True  # a number comes back after its quarantine; else at any time
    household_share: float = 0.03  # persons with another's device
    handed_down_share: float = 0.01  # persons with another's device and number, later
    cafe_share: float = 0.02  # reports from one of a few devices in cafés
    family_mailbox_share: float = 0.0  # persons with another's mailbox: nothing published; the benchmark tries several
    junk_share: float = 0.004
    nat_share: float = 0.95
    vpn_share: float = 0.03
    wifi_share: float = 0.01
    nat_addresses: int = 3000
    logins_mean: float = 2.0
    protected_share: float = 0.05  # persons whom some report calls a victim or possible minor
    gift_share: float = 0.3  # of those: with a number or device that a suspect gave
    days: int = 365
    networks_known: bool = True


class Drawn(NamedTuple):
    """Evidence and truth. `report`: which report each row stands in; `appeared`: the account of each appearance in a report."""

    evidence: Evidence
    report: Any
    appeared: Any
    person: Any  # per account: whose it is
    protected: Any  # per account: whether a report calls it a victim's or possible minor's
    child: Any  # per account: whether it is a child's, said or not


def draw(seed: int, crowd: Crowd) -> Drawn:
    """The same crowd for the same seed and parameters."""
    rng = np.random.default_rng(seed)
    per_person = np.minimum(rng.pareto(crowd.reports_alpha, crowd.reports) + 1, crowd.reports_max).astype(np.int64)
    persons = int(np.searchsorted(np.cumsum(per_person), crowd.reports)) + 1
    person = np.repeat(np.arange(persons), per_person[:persons])[: crowd.reports]
    begins = rng.integers(0, crowd.days, persons)
    lasts = np.minimum(rng.exponential(60, persons), crowd.days - begins)
    at = EPOCH + ((begins[person] + rng.random(len(person)) * lasts[person]) * MINUTES_PER_DAY).astype(np.int64)
    protected = rng.random(persons) < crowd.protected_share
    account, account_base = _own(rng, crowd.accounts_mean, person, persons)
    email, email_base = _own(rng, crowd.emails_mean, person, persons)
    phone, phone_base = _own(rng, crowd.phones_mean, person, persons)
    email = _borrowed(rng, email, person, email_base, crowd.family_mailbox_share, rng.integers(0, persons, persons))
    from_whom = rng.integers(0, persons, persons)
    earlier = _earlier(rng, begins, begins + lasts) if crowd.recycled_in_time else from_whom
    handed = rng.random(persons) < crowd.handed_down_share
    gifts = protected & (rng.random(persons) < crowd.gift_share)
    phone = _borrowed(rng, phone, person, phone_base, crowd.recycled_share, earlier)
    phone = np.where((handed | gifts)[person], phone_base[from_whom[person]], phone)
    device = person.copy()
    device = np.where(
        (handed | gifts | (rng.random(persons) < crowd.household_share))[person], from_whom[person], device
    )
    device = np.where(rng.random(len(device)) < crowd.cafe_share, -1 - rng.integers(0, 50, len(device)), device)
    rows = _Rows(rng, account, at)
    rows.add(w.EMAIL, _junk(rng, email, crowd.junk_share, 5), crowd.email_share)
    rows.add(w.PHONE, _junk(rng, phone, crowd.junk_share, 5), crowd.phone_share)
    rows.add(w.DEVICE, device, crowd.device_share)
    _logins(rng, crowd, person, rows)
    holder = np.zeros(int(account_base[-1]), np.int64)
    holder[account] = person
    return _dense(rows, account, holder, protected)


def _own(rng: Any, mean: float, person: Any, persons: int) -> tuple[Any, Any]:
    """One of a person's own things per report, the first ones oftener; and where each person's begin."""
    count = 1 + rng.poisson(mean - 1, persons)
    base = np.concatenate(([0], np.cumsum(count)))
    return base[person] + (rng.random(len(person)) ** 1.5 * count[person]).astype(np.int64), base


def _borrowed(rng: Any, value: Any, person: Any, base: Any, share: float, of: Any) -> Any:
    """A share of persons has another's first thing in place of their own first."""
    has = (rng.random(len(base) - 1) < share)[person] & (value == base[person])
    return np.where(has, base[of[person]], value)


def _earlier(rng: Any, begins: Any, ends: Any) -> Any:
    """For each person another who ended more than a quarantine of 90 days before; oneself where there is none."""
    order = np.argsort(ends)
    free = np.searchsorted(ends[order], begins - 90)
    chosen = order[(rng.random(len(begins)) * free).astype(np.int64)]
    return np.where(free > 0, chosen, np.arange(len(begins)))


def _junk(rng: Any, value: Any, share: float, kinds: int) -> Any:
    """What people type to fill a field, and no list knows."""
    return np.where(rng.random(len(value)) < share, -1 - rng.integers(0, kinds, len(value)), value)


class _Rows:
    """Rows of evidence as they come."""

    def __init__(self, rng: Any, account: Any, at: Any) -> None:
        self.rng, self.account, self.at = rng, account, at
        self.parts: list[tuple[Any, int, Any, Any, Any]] = []

    def add(self, kind: int, value: Any, share: float) -> None:
        sent = np.flatnonzero(self.rng.random(len(value)) < share)
        self.parts.append((sent, kind, value[sent], self.at[sent], np.zeros(len(sent), np.int64)))


def _logins(rng: Any, crowd: Crowd, person: Any, rows: _Rows) -> None:
    """Addresses: behind carrier NAT they are drawn anew each time, a fixed line keeps its own for a month."""
    report = np.repeat(np.arange(len(person)), 1 + rng.poisson(crowd.logins_mean - 1, len(person)))
    at = rows.at[report] - rng.integers(0, 6 * MINUTES_PER_DAY, len(report))
    how = rng.random(len(report))
    month = at // (30 * MINUTES_PER_DAY) - EPOCH // (30 * MINUTES_PER_DAY) + 1
    fixed = 10_000_000 + (person[report] * 31 + month * 7919) % (2 * len(person) + 1)
    network = np.full(len(report), w.FIXED, np.int64)
    value = fixed
    limits = np.cumsum((crowd.vpn_share, crowd.wifi_share))
    mobile = rng.random(len(report)) < crowd.nat_share
    value, network = _where(mobile, rng.integers(0, crowd.nat_addresses, len(report)), w.MOBILE, value, network)
    wifi = 5_000_000 + rng.integers(0, 300, len(report))
    value, network = _where(how < limits[1], wifi, w.WIFI, value, network)
    value, network = _where(how < limits[0], 6_000_000 + rng.integers(0, 500, len(report)), w.VPN, value, network)
    rows.parts.append((report, w.IP, value, at, network if crowd.networks_known else np.zeros_like(network)))


def _where(chosen: Any, value: Any, network: int, old_value: Any, old_network: Any) -> tuple[Any, Any]:
    return np.where(chosen, value, old_value), np.where(chosen, network, old_network)


def _dense(rows: _Rows, account: Any, holder: Any, protected: Any) -> Drawn:
    """Positions without gaps, in the order of the ids."""
    used, appeared = np.unique(account, return_inverse=True)
    report = np.concatenate([part[0] for part in rows.parts])
    offset, values = 0, []
    for _, _, value, _, _ in rows.parts:
        least = int(value.min(initial=0))
        values.append(value - least + offset)
        offset += int(value.max(initial=0)) - least + 1
    kind = np.concatenate([np.full(len(part[0]), part[1]) for part in rows.parts])
    at = np.concatenate([part[3] for part in rows.parts]).astype(np.int32)
    seen = np.zeros(offset, np.bool_)
    value = np.concatenate(values)
    seen[value] = True
    number = np.cumsum(seen) - 1
    evidence = Evidence(
        appeared[report].astype(np.int32), number[value].astype(np.int32), kind.astype(np.int8), at, at,
        np.full(len(at), w.SOLID, np.int16), np.concatenate([part[4] for part in rows.parts]).astype(np.int8),
    )  # fmt: skip
    child = protected[holder[used]]
    return Drawn(evidence, report, appeared, holder[used], child, child)

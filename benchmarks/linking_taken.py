"""Evidence out of the world of `abhaya.training`, in memory: what the road would take out of each report, and the truth.

Straight from the reports' facts with the normalisation of `selectors`, without writing XML and reading it again: a tenth of
the time, the same values. The network of an address is said as a unit's own table of addresses would say it, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from benchmarks.linking_world import Drawn

from abhaya.linking import weights as w
from abhaya.linking.kernels import Evidence
from abhaya.linking.values import key_of
from abhaya.selectors.kinds import normalise
from abhaya.training.people import Party, WorldReport
from abhaya.training.world import World

CHILD_YEARS_MAX = 17
_NETWORKS = {
    "mobile": w.MOBILE, "district-mobile": w.MOBILE, "vpn": w.VPN, "wifi": w.WIFI, "education": w.WIFI, "fixed": w.FIXED,
}  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
Row = tuple[int, int, int, int, int, int, int]


class Taken:
    """Accounts, persons and values of a world, numbered as they come."""

    def __init__(self, *, networks_known: bool = True) -> None:
        self._accounts: dict[str, int] = {}
        self._persons: dict[str, int] = {}
        self._values: dict[tuple[int, str], int] = {}
        self._networks_known = networks_known
        self._person: list[int] = []  # per account
        self._protected: list[bool] = []
        self._child: list[bool] = []  # truth
        self._rows: list[Row] = []
        self._report: list[int] = []  # per row
        self._appeared: list[int] = []  # per person of a report

    def all(self, world: World, count: int) -> Drawn:
        """`count` reports of a world, then whose every account is."""
        for number, report in enumerate(world.reports(count)):
            for place, party in enumerate(report.parties):
                account = self._account(party, f"{report.ref} {place}")
                self._appeared.append(account)
                before = len(self._rows)
                self._rows += self._facts(account, party, report)
                self._report += [number] * (len(self._rows) - before)
        columns = (
            np.array(column) for column in (self._report, self._appeared, self._person, self._protected, self._child)
        )
        return Drawn(Evidence.of(self._rows), *columns)

    def _account(self, party: Party, unnamed: str) -> int:
        key = party.account.key if party.account else unnamed
        number = self._accounts.setdefault(key, len(self._accounts))
        if number == len(self._person):
            self._person.append(self._persons.setdefault(party.person.id, len(self._persons)))
            self._protected.append(False)
            self._child.append(party.person.is_child)
        if party.role == "victim" or (party.age is not None and party.age <= CHILD_YEARS_MAX):
            self._protected[number] = True
        return number

    def _facts(self, account: int, party: Party, report: WorldReport) -> Iterator[Row]:
        payments = set(party.payments)
        for kind, raw in party.identifiers():
            flags = w.MINED if (kind, raw) in payments else w.SOLID
            if kind == "phone" and party.phone_verified:
                flags |= w.VERIFIED
            yield from self._row(account, kind, raw, report.at, flags, w.UNKNOWN_NETWORK)
        for login in party.logins:
            network = _NETWORKS[login.network] if self._networks_known else w.UNKNOWN_NETWORK
            yield from self._row(account, "ip", login.address, login.at, w.SOLID, network)

    def _row(self, account: int, kind: str, raw: str, at: datetime, flags: int, network: int) -> Iterator[Row]:
        value: Any = normalise(kind, raw).value
        key = key_of(kind, value) if value else None
        if key is not None:
            minute = (at - _EPOCH) // _MINUTE
            yield account, self._values.setdefault(key, len(self._values)), key[0], minute, minute, flags, network

"""Where money is asked to: own accounts, mules' accounts that many use, wallets that many deal with. None exists."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from abhaya.training.parameters import Parameters
from abhaya.training.people import Holding, Person

BANK_SHARE = 0.3  # of payees; the others are paid by UPI
HANDLE = "kalpitbank"  # a UPI handle and the four letters of an IFSC that no bank has
IFSC = "KLPT0"


class Money:
    """Draws payees. Whose they are goes into the same list of holdings as everything else."""

    def __init__(self, rng: random.Random, parameters: Parameters, holdings: list[Holding]) -> None:
        self._rng, self._p, self._holdings = rng, parameters, holdings
        self._count = 0
        self._mules = [self._payee() for _ in range(parameters.mules)]
        self._wallets = [("crypto", f"0x{rng.getrandbits(160):040x}") for _ in range(parameters.wallets)]

    def asked(self, person: Person, at: datetime) -> tuple[tuple[str, str], ...]:
        """What a conversation names to pay to: nothing, or one (kind, value)."""
        rng, p = self._rng, self._p
        if rng.random() >= p.payment_share / 2:  # half of all conversations ask for money
            return ()
        draw = rng.random()
        if draw < p.mule_share and self._mules:
            return (self._of(person, rng.choice(self._mules), at, "mule"),)
        if draw < p.mule_share + p.wallet_share and self._wallets:
            return (self._of(person, rng.choice(self._wallets), at, "counterparty"),)
        if not person.payee[1]:
            person.payee = self._of(person, self._payee(), at, "own")
        return (person.payee,)

    def _of(self, person: Person, payee: tuple[str, str], at: datetime, how: str) -> tuple[str, str]:
        until = None if how == "own" else at
        self._holdings.append(Holding(payee[0], payee[1], person.id, at - timedelta(days=30), until, how))
        return payee

    def _payee(self) -> tuple[str, str]:
        self._count += 1
        mark = self._rng.randrange(10**9)
        if self._rng.random() < BANK_SHARE:
            return "bank", f"{IFSC}{mark % 10**6:06}:{mark:09}{self._count:05}"
        return "upi", f"payee{mark}.{self._count}@{HANDLE}"

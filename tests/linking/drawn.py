"""Evidence for tests of the kernel: written by hand, or drawn by hypothesis."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from abhaya.linking import weights as w
from abhaya.linking.kernels import Evidence

DAY = w.MINUTES_PER_DAY
NOW = 20_000 * DAY


class Fact(NamedTuple):
    account: int
    kind: int
    value: str
    day: int = 0
    until: int | None = None
    flags: int = w.SOLID
    network: int = w.UNKNOWN_NETWORK


def evidence(*facts: Fact | tuple) -> Evidence:
    """The facts as arrays; values are numbered in the order in which they come."""
    numbers: dict[tuple[int, str], int] = {}
    rows = []
    for fact in (Fact(*one) for one in facts):
        value = numbers.setdefault((fact.kind, fact.value), len(numbers))
        first = NOW + fact.day * DAY
        last = first if fact.until is None else NOW + fact.until * DAY
        rows.append((fact.account, value, fact.kind, first, last, fact.flags, fact.network))
    return Evidence.of(rows)


def nobody(accounts: int) -> np.ndarray:
    """No account of a victim or possible minor."""
    return np.zeros(accounts, np.bool_)


ACCOUNTS_MAX = 12
FACT = st.builds(
    Fact,
    account=st.integers(0, ACCOUNTS_MAX - 1),
    kind=st.sampled_from([w.PHONE, w.EMAIL, w.DEVICE, w.UPI, w.URL, w.IP, w.IP6]),
    value=st.sampled_from("abcd"),
    day=st.sampled_from([0, 1, 40, 200]),
    until=st.sampled_from([None, None, 200, 300]),
    flags=st.sampled_from([w.SOLID, w.SOLID, w.SOLID | w.VERIFIED, w.MINED, w.ASSUMED, w.JUNK]),
    network=st.sampled_from([w.UNKNOWN_NETWORK, w.MOBILE, w.VPN, w.WIFI, w.FIXED]),
)
FACTS = st.lists(FACT, max_size=60)
PROTECTED = st.lists(st.booleans(), min_size=ACCOUNTS_MAX, max_size=ACCOUNTS_MAX).map(np.array)
WORDS = st.lists(
    st.tuples(st.integers(0, ACCOUNTS_MAX - 1), st.integers(0, ACCOUNTS_MAX - 1)).filter(
        lambda pair: pair[0] != pair[1]
    ),
    max_size=6,
)
